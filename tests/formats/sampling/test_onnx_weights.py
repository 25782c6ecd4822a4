"""Matrices of ONNX graphs: which way round they are, and how quantised ones are found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aibom.model import WeightKind, WeightSample
from aibom_onnx import OnnxInspector
from tests.builders import onnx as build
from tests.dequantise import packers
from tests.formats.sampling.models import taken
from tests.formats.sampling.test_quantised import assert_holds

HIGH, WIDE = 64, 32
SCOPE = "/encoder/layer.4/attention/self/value"
NAME = "encoder.layer.4.attention.self.value.weight"
WORDS = {"float32": "FLOAT", "float16": "FLOAT16", "int8": "INT8", "uint8": "UINT8"}


def matrix() -> NDArray[np.float32]:
    return np.random.default_rng(5).normal(size=(HIGH, WIDE)).astype(np.float32)


def tensor(name: str, values: NDArray[Any]) -> Any:
    return build.tensor(name, values.shape, dtype=WORDS[str(values.dtype)], data=values.tobytes())


def graph(nodes: Sequence[Any], weights: Sequence[Any], **opsets: int) -> dict[str, bytes]:
    body = build.graph(
        nodes,
        inputs={"x": ("FLOAT", ["b", WIDE])},
        outputs={"y": ("FLOAT", ["b", HIGH])},
        initialisers=weights,
    )
    return {"model.onnx": build.model(body, opsets={"": 21, **opsets})}


def only(contents: dict[str, bytes]) -> WeightSample:
    found, unknowns, _ = taken(OnnxInspector(), contents)
    assert [item.reason for item in unknowns if "not sampled" in item.reason] == []
    (sample,) = found.values()
    return sample


@pytest.mark.parametrize("form", ["MatMul", "Gemm", "Gemm transB", "Transpose", "left"])
def test_which_way_round_a_matrix_is_shows_in_its_operator(form: str) -> None:
    values = matrix()
    stored = values if form in ("Gemm transB", "Transpose", "left") else np.ascontiguousarray(values.T)
    nodes = {
        "MatMul": [build.node("MatMul", ["x", "w"], ["y"], f"{SCOPE}/MatMul")],
        "Gemm": [build.node("Gemm", ["x", "w"], ["y"], f"{SCOPE}/Gemm")],
        "Gemm transB": [build.node("Gemm", ["x", "w"], ["y"], f"{SCOPE}/Gemm", transB=1)],
        "Transpose": [
            build.node("Transpose", ["w"], ["t"], f"{SCOPE}/Transpose", perm=[1, 0]),
            build.node("MatMul", ["x", "t"], ["y"], f"{SCOPE}/MatMul"),
        ],
        "left": [build.node("MatMul", ["w", "x"], ["y"], f"{SCOPE}/MatMul")],
    }[form]
    sample = only(graph(nodes, [tensor("w", stored)]))
    assert (sample.name, sample.kind, sample.layer) == (NAME, WeightKind.VALUE, 4)
    assert_holds(sample, values)


def test_a_convolution_has_all_but_its_first_dimension_as_inputs() -> None:
    values = np.random.default_rng(5).normal(size=(32, 3, 4, 4)).astype(np.float32)
    node = build.node("Conv", ["x", "vision.patch_embed.weight"], ["y"], "/vision/patch_embed/Conv")
    sample = only(graph([node], [tensor("vision.patch_embed.weight", values)]))
    assert sample.kind is WeightKind.PATCH
    assert_holds(sample, values.reshape(32, 48))


def test_gathered_rows_are_an_embedding() -> None:
    values = np.random.default_rng(5).normal(size=(600, WIDE)).astype(np.float32)
    node = build.node("Gather", ["onnx::Gather_3", "x"], ["y"], "/model/Gather")
    sample = only(graph([node], [tensor("onnx::Gather_3", values)]))
    assert sample.kind is WeightKind.EMBEDDING
    assert_holds(sample, values)


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_dequantize_linear(axis: int | None) -> None:
    codes = np.random.default_rng(5).integers(-127, 128, (WIDE, HIGH)).astype(np.int8)
    count = () if axis is None else (codes.shape[axis],)
    scales = np.random.default_rng(6).uniform(0.01, 0.1, count).astype(np.float32)
    zeros = np.full(count, 3, np.int8)
    attributes = {} if axis is None else {"axis": axis}
    nodes = [
        build.node("DequantizeLinear", ["w", "s", "z"], ["d"], f"{SCOPE}/Dequantize", **attributes),
        build.node("MatMul", ["x", "d"], ["y"], f"{SCOPE}/MatMul"),
    ]
    sample = only(graph(nodes, [tensor("w", codes), tensor("s", np.asarray(scales)), tensor("z", zeros)]))
    spread = scales if axis != 0 else scales[:, None]
    assert_holds(sample, ((codes.astype(np.float32) - 3) * spread).T)


def test_dynamically_quantised_weights_have_their_scale_beside_them() -> None:
    """onnxruntime's `quantize_dynamic` multiplies integers, and names the scale after the weight."""
    codes = np.random.default_rng(5).integers(0, 256, (WIDE, HIGH)).astype(np.uint8)
    lead = "onnx::MatMul_9"
    nodes = [build.node("MatMulInteger", ["x", f"{lead}_quantized", "", f"{lead}_zero_point"], ["y"],
                        f"{SCOPE}/MatMul_quant")]  # fmt: skip
    weights = [
        tensor(f"{lead}_quantized", codes),
        tensor(f"{lead}_scale", np.array(0.25, np.float32)),
        tensor(f"{lead}_zero_point", np.array(128, np.uint8)),
    ]
    sample = only(graph(nodes, weights))
    assert (sample.name, sample.dtype) == (NAME, "UINT8")
    assert_holds(sample, ((codes.astype(np.float32) - 128) * 0.25).T)


def test_matmul_nbits() -> None:
    from onnx import helper

    codes = np.random.default_rng(5).integers(0, 16, (HIGH, WIDE))
    scales = np.random.default_rng(6).uniform(0.01, 0.1, (HIGH, 2)).astype(np.float32)
    packed = np.frombuffer(b"".join(packers.nibbles(row) for row in codes), np.uint8).reshape(HIGH, 2, 8)
    node = helper.make_node(
        "MatMulNBits",
        ["x", "layers.4.v_proj.MatMul.weight_Q4", "layers.4.v_proj.MatMul.weight_scales"],
        ["y"],
        name="/layers.4/v_proj/MatMul_Q4",
        domain="com.microsoft",
        K=WIDE,
        N=HIGH,
        bits=4,
        block_size=16,
    )
    weights = [
        tensor("layers.4.v_proj.MatMul.weight_Q4", packed),
        tensor("layers.4.v_proj.MatMul.weight_scales", scales),
    ]
    sample = only(graph([node], weights, **{"com.microsoft": 1}))
    assert (sample.name, sample.kind, sample.layer) == ("layers.4.v_proj.weight", WeightKind.VALUE, 4)
    assert_holds(sample, (codes - 8) * np.repeat(scales, 16, 1))


def test_integers_without_a_scale_are_told() -> None:
    codes = np.zeros((WIDE, HIGH), np.int8)
    node = build.node("MatMulInteger", ["x", "w"], ["y"], f"{SCOPE}/MatMul")
    found, unknowns, _ = taken(OnnxInspector(), graph([node], [tensor("w", codes)]))
    assert found == {}
    assert [item for item in unknowns if "whose scale is not found" in item.reason]


def test_each_network_is_sampled_once() -> None:
    """A graph beside itself in half precision is the same network again."""
    values = np.ascontiguousarray(matrix().T)
    node = build.node("MatMul", ["x", "w"], ["y"], f"{SCOPE}/MatMul")
    full = graph([node], [tensor("w", values)])["model.onnx"]
    half = graph([node], [tensor("w", values.astype(np.float16))])["model.onnx"]
    found, _, _ = taken(OnnxInspector(), {"model.onnx": full, "model_fp16.onnx": half})
    assert [item.dtype for item in found.values()] == ["FLOAT"]
