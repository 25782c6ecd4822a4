"""The decoders against the libraries that write the formats, where these are installed.

None of them is a dependency of the tests, since all but onnxruntime need torch. docs/quantisation.md says
what was compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aibom.formats.dequantise import (
    Bnb4,
    MatMulNBits,
    PackQuantized,
    Plain,
    Scaled,
    decode_rows,
    int8,
    mxfp4,
    nvfp4,
)

pytestmark = pytest.mark.filterwarnings("default")
NUMBERS = np.random.default_rng(11)


def raw(tensor: Any) -> bytes:
    """The bytes of a torch tensor as safetensors stores them."""
    import torch

    return bytes(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("F8_E4M3", "float8_e4m3fn"),
        ("F8_E4M3FNUZ", "float8_e4m3fnuz"),
        ("F8_E5M2", "float8_e5m2"),
        ("F8_E5M2FNUZ", "float8_e5m2fnuz"),
        ("F8_E8M0", "float8_e8m0fnu"),
    ],
)
def test_floats_of_8_bits(dtype: str, name: str) -> None:
    torch = pytest.importorskip("torch")
    expected = torch.arange(256, dtype=torch.uint8).view(getattr(torch, name)).float().numpy()
    found = decode_rows(Plain((1, 256), dtype), {"weight": bytes(range(256))}, 0, 1)
    np.testing.assert_array_equal(found[0], expected)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_bitsandbytes_of_4_bits(kind: str, nested: bool) -> None:
    torch, library = pytest.importorskip("torch"), pytest.importorskip("bitsandbytes.functional")
    weight = torch.from_numpy(NUMBERS.normal(size=(300, 100)).astype(np.float32))
    packed, state = library.quantize_4bit(weight, quant_type=kind, compress_statistics=nested)
    stored = state.as_dict(packed=False)
    data = {"weight": raw(packed)}
    data |= {
        name: raw(stored[name]) for name in ("absmax", "nested_absmax", "nested_quant_map") if name in stored
    }
    layout = Bnb4(
        (300, 100), kind, state.blocksize, stored.get("nested_blocksize"), stored.get("nested_offset", 0.0)
    )
    expected = library.dequantize_4bit(packed, state).numpy()
    np.testing.assert_allclose(decode_rows(layout, data, 0, 300), expected, rtol=1e-6, atol=2e-5)


def test_bitsandbytes_of_8_bits() -> None:
    torch, library = pytest.importorskip("torch"), pytest.importorskip("bitsandbytes.functional")
    weight = torch.from_numpy(NUMBERS.normal(size=(30, 100)).astype(np.float16))
    codes, scales, _ = library.int8_vectorwise_quant(weight)
    found = decode_rows(int8((30, 100)), {"weight": raw(codes), "scale": raw(scales)}, 0, 30)
    np.testing.assert_allclose(found, library.int8_vectorwise_dequant(codes, scales).numpy(), rtol=1e-6)


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_pack_quantized(bits: int, symmetric: bool) -> None:
    torch, library = pytest.importorskip("torch"), pytest.importorskip("compressed_tensors.quantization")
    from compressed_tensors.compressors import PackedQuantizationCompressor

    arguments = library.QuantizationArgs(num_bits=bits, strategy="group", group_size=32, symmetric=symmetric)
    scheme = library.QuantizationScheme(targets=["Linear"], weights=arguments)
    half = 2 ** (bits - 1)
    state = {
        "weight": torch.from_numpy(NUMBERS.normal(size=(20, 64)).astype(np.float32)),
        "weight_scale": torch.from_numpy(NUMBERS.uniform(0.1, 1, (20, 2)).astype(np.float32)),
        "weight_zero_point": torch.from_numpy(NUMBERS.integers(-half, half, (20, 2)).astype(np.int8)),
    }
    if symmetric:
        state["weight_zero_point"].zero_()
    stored = PackedQuantizationCompressor.compress(state, scheme)
    layout = PackQuantized((20, 64), bits, 32, asymmetric=not symmetric, scale="F32")
    data = {name: raw(stored[name]) for name in layout.parts}
    assert {name: tuple(stored[name].shape) for name in layout.parts} == {
        name: part.shape for name, part in layout.parts.items()
    }
    expected = PackedQuantizationCompressor.decompress(stored, scheme)["weight"].numpy()
    np.testing.assert_array_equal(decode_rows(layout, data, 0, 20), expected)


def test_nvfp4_of_compressed_tensors() -> None:
    torch, library = pytest.importorskip("torch"), pytest.importorskip("compressed_tensors.quantization")
    from compressed_tensors.compressors import NVFP4PackedCompressor

    arguments = library.QuantizationArgs(num_bits=4, type="float", strategy="tensor_group", group_size=16)
    scheme = library.QuantizationScheme(targets=["Linear"], weights=arguments)
    scales = torch.from_numpy(NUMBERS.uniform(1, 100, (8, 4)).astype(np.float32)).to(torch.float8_e4m3fn)
    stored = {
        "weight_packed": torch.from_numpy(NUMBERS.integers(0, 256, (8, 32), np.uint8)),
        "weight_scale": scales,
        "weight_global_scale": torch.tensor([64.0]),
    }
    expected = NVFP4PackedCompressor.decompress(stored, scheme)["weight"].float().numpy()
    data = {"weight": raw(stored["weight_packed"]), "scale": raw(scales)}
    data["global_scale"] = raw(stored["weight_global_scale"])
    # The library computes in bfloat16.
    np.testing.assert_allclose(decode_rows(nvfp4((8, 64), divides=True), data, 0, 8), expected, rtol=2**-7)


def test_mxfp4_of_experts() -> None:
    torch, library = pytest.importorskip("torch"), pytest.importorskip("transformers.integrations.mxfp4")
    blocks = torch.from_numpy(NUMBERS.integers(0, 256, (3, 6, 2, 16), np.uint8))
    scales = torch.from_numpy(NUMBERS.integers(100, 150, (3, 6, 2), np.uint8))
    expected = library.convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
    expected = expected.transpose(1, 2).reshape(18, 64).numpy()
    found = decode_rows(mxfp4((18, 64)), {"weight": raw(blocks), "scale": raw(scales)}, 0, 18)
    np.testing.assert_array_equal(found, expected)


def test_fp8_blocks() -> None:
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("transformers.integrations.finegrained_fp8")
    weight = torch.from_numpy(NUMBERS.normal(size=(256, 384)).astype(np.float32)).to(torch.float8_e4m3fn)
    scales = torch.from_numpy(NUMBERS.uniform(0.1, 1, (2, 3)).astype(np.float32))
    operation = library.Fp8Dequantize(None)
    expected = operation.convert({"weight": weight, "weight_scale_inv": scales})["weight"].numpy()
    layout = Scaled((256, 384), "F8_E4M3", (128, 128))
    found = decode_rows(layout, {"weight": raw(weight), "scale": raw(scales)}, 0, 256)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("zero_points", [None, "U8"])
@pytest.mark.parametrize("bits", [2, 4, 8])
def test_mat_mul_n_bits(bits: int, zero_points: str | None) -> None:
    """The operator on an identity matrix gives the weight."""
    runtime = pytest.importorskip("onnxruntime")
    from onnx import TensorProto, helper, numpy_helper

    layout = MatMulNBits((24, 64), bits, 32, zero_points=zero_points)
    arrays = {
        "B": NUMBERS.integers(0, 256, layout.parts["B"].shape, np.uint8),
        "scales": NUMBERS.uniform(0.1, 1, layout.parts["scales"].shape).astype(np.float32),
    }
    if zero_points is not None:
        arrays["zero_points"] = NUMBERS.integers(0, 256, layout.parts["zero_points"].shape, np.uint8)
    attributes = {"N": 24, "K": 64, "bits": bits, "block_size": 32}
    node = helper.make_node("MatMulNBits", ["A", *arrays], ["Y"], domain="com.microsoft", **attributes)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("A", TensorProto.FLOAT, [64, 64])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [64, 24])],
        [numpy_helper.from_array(value, name) for name, value in arrays.items()],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (product,) = session.run(None, {"A": np.eye(64, dtype=np.float32)})
    found = decode_rows(layout, {name: value.tobytes() for name, value in arrays.items()}, 0, 24)
    np.testing.assert_allclose(found, product.T, rtol=1e-5, atol=1e-5)
