"""How checkpoints store quantised matrices: each form is found by its tensors, and unknown ones are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

from aibom.model import WeightKind, WeightSample
from aibom_huggingface import HuggingFaceInspector
from tests.dequantise import packers
from tests.formats.sampling.models import config, filled, taken, values_of

Stored = dict[str, tuple[str, NDArray[Any]]]
HIGH, WIDE = 64, 128
NAME = "model.layers.0.self_attn.o_proj"


def sampled(
    tensors: Stored, quantisation: Mapping[str, object] | None, **settings: object
) -> tuple[dict[str, WeightSample], list[str]]:
    """Samples by name, and reasons why there are none."""
    given = config(**({} if quantisation is None else {"quantization_config": quantisation}), **settings)
    found, unknowns, _ = taken(
        HuggingFaceInspector(), {"config.json": given, "model.safetensors": filled(tensors)}
    )
    return found, [item.reason for item in unknowns if "not sampled" in item.reason]


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def assert_holds(sample: WeightSample, matrix: NDArray[Any]) -> None:
    """The sample is the first rows of the matrix; its shape is that of the whole."""
    assert sample.shape == matrix.shape
    rows, columns = sample.rows[1], sample.columns
    block = matrix[:rows, :columns].astype(np.float32)
    held = block.mean(axis=1, keepdims=True) + 4 * np.array([[-1], [1]])[:, None] * block.std(
        axis=1, keepdims=True
    )
    expected = block.clip(held[0], held[1])
    scales = np.frombuffer(sample.scales, "<f4")[:, None]
    assert (abs(values_of(sample) - expected) <= 0.51 * scales).all()


def fp8(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(ml_dtypes.float8_e4m3fn)


def eight_bits(scale_shape: tuple[int, ...]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(stored values, scales, the matrix that they stand for); scales spread over equal blocks."""
    stored = fp8(rng().normal(size=(HIGH, WIDE)) * 16)
    scales = rng().uniform(0.001, 0.01, size=scale_shape).astype(np.float32)
    grid = scales.reshape(scales.shape + (1,) * (2 - scales.ndim))
    high, wide = HIGH // grid.shape[0], WIDE // grid.shape[1]
    spread = np.repeat(np.repeat(grid, high, 0), wide, 1)
    return stored, scales, stored.astype(np.float32) * spread


@pytest.mark.parametrize(
    ("ending", "shape", "settings"),
    [
        ("weight_scale_inv", (4, 4), {"quant_method": "fp8", "weight_block_size": [16, 32]}),
        ("weight_scale", (HIGH, 1), {"quant_method": "compressed-tensors", "format": "float-quantized"}),
        ("weight_scale", (HIGH,), {"quant_method": "compressed-tensors"}),
        ("weight_scale", (), {"quant_method": "modelopt", "quant_algo": "FP8"}),
        ("weight_scale", (1,), None),
        ("scale_weight", (), None),
    ],
)
def test_fp8(ending: str, shape: tuple[int, ...], settings: Mapping[str, object] | None) -> None:
    stored, scales, matrix = eight_bits(shape)
    found, refused = sampled(
        {f"{NAME}.weight": ("F8_E4M3", stored), f"{NAME}.{ending}": ("F32", scales)}, settings
    )
    assert refused == []
    assert_holds(found[f"{NAME}.weight"], matrix)


def test_int8_with_a_scale_a_row() -> None:
    codes = rng().integers(-127, 128, (HIGH, WIDE)).astype(np.int8)
    scales = rng().uniform(0.001, 0.01, (HIGH, 1)).astype(ml_dtypes.bfloat16)
    found, refused = sampled(
        {f"{NAME}.weight": ("I8", codes), f"{NAME}.weight_scale": ("BF16", scales)},
        {"quant_method": "compressed-tensors", "format": "int-quantized"},
    )
    assert refused == []
    assert_holds(found[f"{NAME}.weight"], codes * scales.astype(np.float32))


def test_bitsandbytes_int8() -> None:
    codes = rng().integers(-127, 128, (HIGH, WIDE)).astype(np.int8)
    maxima = rng().uniform(0.1, 1, HIGH).astype(np.float32)
    found, refused = sampled(
        {f"{NAME}.weight": ("I8", codes), f"{NAME}.SCB": ("F32", maxima)},
        {"quant_method": "bitsandbytes", "load_in_8bit": True},
    )
    assert refused == []
    assert_holds(found[f"{NAME}.weight"], codes * (maxima / 127)[:, None])


@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_bitsandbytes_four_bits(kind: str) -> None:
    from aibom.formats.dequantise.bitsandbytes import CODES

    codes = rng().integers(0, 16, HIGH * WIDE)
    maxima = rng().uniform(0.1, 1, HIGH * WIDE // 64).astype(np.float32)
    packed = np.frombuffer(packers.nibbles(codes, high_first=True), np.uint8).reshape(-1, 1)
    state = json.dumps({"quant_type": kind, "blocksize": 64, "shape": [HIGH, WIDE], "dtype": "float16"})
    lead = f"{NAME}.weight"
    found, refused = sampled(
        {
            lead: ("U8", packed),
            f"{lead}.absmax": ("F32", maxima),
            f"{lead}.quant_map": ("F32", CODES[kind]),
            f"{lead}.quant_state.bitsandbytes__{kind}": ("U8", np.frombuffer(state.encode(), np.uint8)),
        },
        {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": kind},
    )
    assert refused == []
    assert_holds(found[lead], (CODES[kind][codes] * np.repeat(maxima, 64)).reshape(HIGH, WIDE))


def test_awq() -> None:
    codes, zeros = rng().integers(0, 16, (HIGH, WIDE)), rng().integers(0, 16, (4, HIGH))
    scales = rng().uniform(0.01, 0.1, (4, HIGH)).astype(np.float16)
    packed = packers.awq(codes, zeros)
    found, refused = sampled(
        {
            f"{NAME}.qweight": ("I32", np.frombuffer(packed["qweight"], "<i4").reshape(WIDE, -1)),
            f"{NAME}.qzeros": ("I32", np.frombuffer(packed["qzeros"], "<i4").reshape(4, -1)),
            f"{NAME}.scales": ("F16", scales),
        },
        {"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm"},
    )
    assert refused == []
    spread = [np.repeat(item, 32, 0).T for item in (zeros, scales.astype(np.float32))]
    assert_holds(found[f"{NAME}.qweight"], (codes - spread[0]) * spread[1])


def test_pack_quantized() -> None:
    codes, zeros = rng().integers(-8, 8, (HIGH, WIDE)), rng().integers(-8, 8, (HIGH, 4))
    scales = rng().uniform(0.01, 0.1, (HIGH, 4)).astype(ml_dtypes.bfloat16)
    packed = packers.pack_quantized(codes, zeros, 4)
    weights = {"num_bits": 4, "group_size": 32, "type": "int", "symmetric": False}
    found, refused = sampled(
        {
            f"{NAME}.weight_packed": (
                "I32",
                np.frombuffer(packed["weight_packed"], "<i4").reshape(HIGH, -1),
            ),
            f"{NAME}.weight_scale": ("BF16", scales),
            f"{NAME}.weight_zero_point": (
                "I32",
                np.frombuffer(packed["weight_zero_point"], "<i4").reshape(-1, 4),
            ),
            f"{NAME}.weight_shape": ("I64", np.array([HIGH, WIDE])),
        },
        {
            "quant_method": "compressed-tensors",
            "format": "pack-quantized",
            "config_groups": {"group_0": {"weights": weights}},
        },
    )
    assert refused == []
    matrix = (codes - np.repeat(zeros, 32, 1)) * np.repeat(scales.astype(np.float32), 32, 1)
    assert_holds(found[f"{NAME}.weight_packed"], matrix)


F4 = np.arange(16, dtype=np.uint8).view(ml_dtypes.float4_e2m1fn).astype(np.float32)


@pytest.mark.parametrize("library", ["modelopt", "compressed-tensors"])
def test_nvfp4(library: str) -> None:
    codes = rng().integers(0, 16, HIGH * WIDE)
    packed = np.frombuffer(packers.nibbles(codes), np.uint8).reshape(HIGH, WIDE // 2)
    scales, over = fp8(rng().uniform(1, 8, (HIGH, WIDE // 16))), np.float32(0.25)
    spread = np.repeat(scales.astype(np.float32), 16, 1)
    multiplies = library == "modelopt"
    main, last = ("weight", "weight_scale_2") if multiplies else ("weight_packed", "weight_global_scale")
    found, refused = sampled(
        {
            f"{NAME}.{main}": ("U8", packed),
            f"{NAME}.weight_scale": ("F8_E4M3", scales),
            f"{NAME}.{last}": ("F32", np.array(over).reshape(() if multiplies else (1,))),
        },
        {"quant_method": library},
    )
    assert refused == []
    factor = over if multiplies else 1 / over
    assert_holds(found[f"{NAME}.{main}"], F4[codes].reshape(HIGH, WIDE) * spread * factor)


def test_mxfp4_of_gpt_oss_is_a_stack_of_experts() -> None:
    experts, outputs, inputs = 3, 32, 64
    lead = "model.layers.0.mlp.experts.gate_up_proj"
    codes = rng().integers(0, 16, experts * outputs * inputs)
    blocks = np.frombuffer(packers.nibbles(codes), np.uint8).reshape(experts, outputs, inputs // 32, 16)
    scales = rng().integers(120, 130, (experts, outputs, inputs // 32)).astype(np.uint8)
    found = taken_stack({f"{lead}_blocks": ("U8", blocks), f"{lead}_scales": ("U8", scales)})
    matrix = F4[codes].reshape(experts, outputs, inputs) * np.repeat(
        2.0 ** (scales.astype(np.float64) - 127), 32, 2
    )
    assert sorted(found) == [0, 1]
    for expert, sample in found.items():
        assert sample.layer == 0
        assert_holds(sample, matrix[expert])


def taken_stack(tensors: Stored, **settings: object) -> dict[int | None, WeightSample]:
    """Samples by expert."""
    from aibom.model import Depth
    from aibom.testing import MemoryView, inspect

    view = MemoryView(
        {
            "config.json": config(model_type="gpt_oss", num_local_experts=3, **settings),
            "model.safetensors": filled(tensors),
        },
        depth=Depth.WEIGHTS,
    )
    samples = [item for item in inspect(HuggingFaceInspector(), view) if isinstance(item, WeightSample)]
    return {item.expert: item for item in samples}


@pytest.mark.parametrize("sideways", [False, True])
@pytest.mark.parametrize("hidden", [64, None])
def test_stacked_experts_are_told_apart_and_turned(sideways: bool, hidden: int | None) -> None:
    experts, inner, width = 3, 48, 64
    first = rng().normal(size=(experts, 2 * inner, width)).astype(np.float32)
    last = rng().normal(size=(experts, width, inner)).astype(np.float32)
    lead = "model.layers.5.mlp.experts"
    stored = (first.swapaxes(1, 2), last.swapaxes(1, 2)) if sideways else (first, last)
    found = {
        (item.kind, item.expert): item
        for item in all_samples(
            {f"{lead}.gate_up_proj": ("F32", stored[0]), f"{lead}.down_proj": ("F32", stored[1])}, hidden
        )
    }
    assert len(found) == 6
    for expert in (0, 1):
        assert_holds(found[WeightKind.GATE, expert], first[expert, :inner])
        assert_holds(found[WeightKind.UP, expert], first[expert, inner:])
        assert_holds(found[WeightKind.DOWN, expert], last[expert])


def all_samples(tensors: Stored, hidden: int | None) -> list[WeightSample]:
    from aibom.model import Depth
    from aibom.testing import MemoryView, inspect

    settings = {"model_type": "llama4_text", "num_local_experts": 3}
    given = json.dumps(settings | ({"hidden_size": hidden} if hidden else {})).encode()
    contents = {"config.json": given, "model.safetensors": filled(tensors)}
    view = MemoryView(contents, depth=Depth.WEIGHTS)
    return [item for item in inspect(HuggingFaceInspector(), view) if isinstance(item, WeightSample)]


def test_conv1d_of_gpt2_is_sideways() -> None:
    width = 64
    fused, out = rng().normal(size=(3 * width, width)), rng().normal(size=(width, width))
    up, down = rng().normal(size=(4 * width, width)), rng().normal(size=(width, 4 * width))
    stored = {
        f"h.2.{name}.weight": ("F32", matrix.T.astype(np.float32))
        for name, matrix in (
            ("attn.c_attn", fused),
            ("attn.c_proj", out),
            ("mlp.c_fc", up),
            ("mlp.c_proj", down),
        )
    }
    found, refused = sampled(stored, None, model_type="gpt2", num_attention_heads=4)
    assert refused == []
    by_kind = {item.kind: item for item in found.values()}
    assert_holds(by_kind[WeightKind.QUERY], fused[:width])
    assert_holds(by_kind[WeightKind.KEY], fused[width : 2 * width])
    assert_holds(by_kind[WeightKind.VALUE], fused[2 * width :])
    assert_holds(by_kind[WeightKind.OUTPUT], out)
    assert_holds(by_kind[WeightKind.UP], up)
    assert_holds(by_kind[WeightKind.DOWN], down)
    assert {item.layer for item in found.values()} == {2}


def test_the_same_names_of_a_linear_are_not_sideways() -> None:
    """StarCoder: one key and one value for all heads, and no Conv1D."""
    width, head = 64, 16
    fused = rng().normal(size=(width + 2 * head, width)).astype(np.float32)
    found, _ = sampled(
        {"transformer.h.0.attn.c_attn.weight": ("F32", fused)},
        None,
        model_type="gpt_bigcode",
        num_attention_heads=4,
        num_key_value_heads=1,
    )
    by_kind = {item.kind: item for item in found.values()}
    assert_holds(by_kind[WeightKind.QUERY], fused[:width])
    assert_holds(by_kind[WeightKind.KEY], fused[width : width + head])


UNKNOWN: dict[str, tuple[Stored, Mapping[str, object] | None]] = {
    "hqq": (
        {
            f"{NAME}.W_q": ("U8", np.zeros((HIGH, WIDE // 2), np.uint8)),
            f"{NAME}.scale": ("F16", np.ones((HIGH, WIDE), np.float16)),
        },
        {"quant_method": "hqq"},
    ),
    "exl2": (
        {
            f"{NAME}.q_weight": ("I32", np.zeros((HIGH, WIDE), np.int32)),
            f"{NAME}.q_scale": ("I32", np.zeros((HIGH, WIDE), np.int32)),
        },
        {"quant_method": "exl2"},
    ),
    "gptq without settings": (
        {
            f"{NAME}.qweight": ("I32", np.zeros((WIDE // 8, HIGH), np.int32)),
            f"{NAME}.qzeros": ("I32", np.zeros((1, HIGH // 8), np.int32)),
            f"{NAME}.scales": ("F16", np.ones((1, HIGH), np.float16)),
        },
        None,
    ),
    "fp8 blocks without their size": (
        {
            f"{NAME}.weight": ("F8_E4M3", np.zeros((HIGH, WIDE), np.uint8)),
            f"{NAME}.weight_scale_inv": ("F32", np.ones((3, 5), np.float32)),
        },
        {"quant_method": "fp8"},
    ),
    "mlx": (
        {
            f"{NAME}.weight": ("U32", np.zeros((HIGH, WIDE // 8), np.uint32)),
            f"{NAME}.scales": ("F16", np.ones((HIGH, 16), np.float16)),
            f"{NAME}.biases": ("F16", np.ones((HIGH, 16), np.float16)),
        },
        None,
    ),
    "bitnet": (
        {
            f"{NAME}.weight": ("U8", np.zeros((HIGH // 4, WIDE), np.uint8)),
            f"{NAME}.weight_scale": ("BF16", np.ones(1, ml_dtypes.bfloat16)),
        },
        {"quant_method": "bitnet"},
    ),
}


@pytest.mark.parametrize("form", UNKNOWN)
def test_what_is_not_known_is_told_once_and_not_sampled(form: str) -> None:
    tensors, settings = UNKNOWN[form]
    more = {name.replace("layers.0", f"layers.{n}"): item for name, item in tensors.items() for n in range(3)}
    found, refused = sampled(more, settings)
    assert found == {}
    assert len(refused) == 1
    assert "and 2 more" in refused[0] or "and 5 more" in refused[0]
