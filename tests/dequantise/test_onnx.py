"""ONNX: DequantizeLinear against onnx's reference, MatMulNBits against its formula."""

from __future__ import annotations

from itertools import product

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator

from aibom.formats.dequantise import DequantizeLinear, MatMulNBits, decode_rows
from aibom.formats.dequantise.onnx import DTYPES
from tests.dequantise.packers import stream

SHAPE = (6, 5, 3)
INTEGERS = ["INT2", "UINT2", "INT4", "UINT4", "INT8", "UINT8", "INT16", "UINT16", "INT32"]
FLOATS = ["FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "FLOAT4E2M1"]


def reference(tensors: dict[str, onnx.TensorProto], attributes: dict[str, int]) -> np.ndarray:
    """What onnx computes, with the tensors as initialisers."""
    node = onnx.helper.make_node("DequantizeLinear", list(tensors), ["y"], **attributes)
    output = onnx.helper.make_tensor_value_info("y", tensors["x_scale"].data_type, None)
    graph = onnx.helper.make_graph([node], "g", [], [output], list(tensors.values()))
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 25)])
    (found,) = ReferenceEvaluator(model).run(None, {})
    assert isinstance(found, np.ndarray)
    return found


def drawn(numbers: np.random.Generator, name: str, dtype: str, shape: tuple[int, ...]) -> onnx.TensorProto:
    """A tensor of random bytes in `raw_data`, without codes that are no numbers."""
    kind = getattr(onnx.TensorProto, dtype)
    values = numbers.integers(-100, 100, shape).astype(onnx.helper.tensor_dtype_to_np_dtype(kind))
    return onnx.numpy_helper.from_array(values, name)


@pytest.mark.parametrize("word", [*INTEGERS, *FLOATS])
@pytest.mark.parametrize(("axis", "block"), [(None, 0), *product((0, 1, -1), (0, 2, 3))])
def test_dequantize_linear(word: str, axis: int | None, block: int) -> None:
    numbers = np.random.default_rng(7)
    grid = [] if axis is None else [SHAPE[axis]]
    if axis is not None and block:
        grid = list(SHAPE)
        grid[axis] = -(-SHAPE[axis] // block)
    scale = numbers.uniform(0.1, 2, grid).astype(np.float32)
    tensors = {
        "x": drawn(numbers, "x", word, SHAPE),
        "x_scale": onnx.numpy_helper.from_array(scale, "x_scale"),
    }
    if word in INTEGERS:
        tensors["x_zero_point"] = drawn(numbers, "x_zero_point", word, tuple(grid))
    attributes = {} if axis is None else {"axis": axis, "block_size": block}
    layout = DequantizeLinear(SHAPE, DTYPES[word], axis=axis, block=block, zero_point=word in INTEGERS)
    data = {name: tensor.raw_data for name, tensor in tensors.items()}
    assert {name: len(raw) for name, raw in data.items()} == {
        name: part.nbytes for name, part in layout.parts.items()
    }
    expected = reference(tensors, attributes).reshape(6, 15)
    np.testing.assert_array_equal(decode_rows(layout, data, 0, 6), expected)


def test_a_scale_of_half_precision() -> None:
    numbers = np.random.default_rng(8)
    scale = onnx.numpy_helper.from_array(numbers.uniform(0.1, 2, 4).astype(np.float16), "x_scale")
    tensors = {"x": drawn(numbers, "x", "INT8", (3, 4)), "x_scale": scale}
    found = decode_rows(
        DequantizeLinear((3, 4), "I8", axis=1, scale="F16"),
        {name: t.raw_data for name, t in tensors.items()},
        0,
        3,
    )
    np.testing.assert_array_equal(found.astype(np.float16), reference(tensors, {"axis": 1}))


def test_every_word_for_a_type_is_onnx_own() -> None:
    assert DTYPES.keys() <= set(onnx.TensorProto.DataType.keys())


@pytest.mark.parametrize("bits", [2, 4, 8])
@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32 - 1), zero_points=st.sampled_from([None, "U8", "F32"]), indexed=st.booleans()
)
def test_mat_mul_n_bits(bits: int, seed: int, zero_points: str | None, indexed: bool) -> None:
    """Weight (n, k) is (code - zero point) · scale of block k // block_size, as ContribOperators.md says."""
    numbers = np.random.default_rng(seed)
    rows, columns, block, blocks = 3, 40, 16, 3
    codes = numbers.integers(0, 2**bits, (rows, blocks * block))
    zeros = numbers.integers(0, 2**bits, (rows, blocks))
    scales = numbers.normal(size=(rows, blocks)).astype(np.float32)
    groups = numbers.integers(0, blocks, columns) if indexed else np.arange(columns) // block
    data = {"B": b"".join(stream(row, bits) for row in codes), "scales": scales.tobytes()}
    if zero_points == "U8":
        data["zero_points"] = b"".join(stream(row, bits)[: -(-blocks * bits // 8)] for row in zeros)
    elif zero_points == "F32":
        data["zero_points"] = zeros.astype(np.float32).tobytes()
    else:
        zeros = np.full_like(zeros, 2 ** (bits - 1))
    data["g_idx"] = groups.astype("<i4").tobytes()
    layout = MatMulNBits((rows, columns), bits, block, zero_points=zero_points, indexed=indexed)
    expected = np.zeros((rows, columns), np.float32)
    for row, column in product(range(rows), range(columns)):
        group = groups[column]
        expected[row, column] = np.float32(codes[row, column] - zeros[row, group]) * scales[row, group]
    np.testing.assert_array_equal(decode_rows(layout, data, 0, rows), expected)
