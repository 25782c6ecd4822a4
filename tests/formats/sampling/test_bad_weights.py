"""Weights that nothing can be concluded from: an Unknown with the reason, never an exception or silence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.sampling import (
    Orientation,
    Place,
    Quantisation,
    Refused,
    StoredTensor,
    matrices,
    weights_of,
)
from aibom.formats.sampling.sample import sample
from aibom.model import Depth, Unknown, WeightSample
from aibom.testing import MemoryView, inspect
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.builders import msgpack, pickles
from tests.builders import onnx as build
from tests.builders.gguf import decoder, gguf
from tests.formats.sampling import models
from tests.formats.sampling.models import config, small, taken

NAME = "model.layers.1.mlp.up_proj.weight"
REST = len(small()) - 1


def reasons(unknowns: list[Unknown]) -> list[str]:
    return [item.reason for item in unknowns if "not sampled" in item.reason]


@pytest.mark.parametrize(
    ("value", "reason"),
    [(np.nan, "no numbers"), (np.inf, "infinite"), (-np.inf, "infinite"), (0.25, "constant")],
)
def test_values_that_show_nothing(value: float, reason: str) -> None:
    model = small()
    if np.isfinite(value):
        model[NAME][:] = value
    else:
        model[NAME][3, 5] = value
    found, unknowns, _ = taken(HuggingFaceInspector(), models.as_safetensors(model))
    assert len(found) == REST
    (told,) = reasons(unknowns)
    assert reason in told
    assert NAME in told
    assert "decoder-core" in told


def test_a_tensor_without_elements() -> None:
    model = small() | {NAME: np.zeros((0, 256), np.float32)}
    found, unknowns, _ = taken(HuggingFaceInspector(), models.as_safetensors(model))
    assert len(found) == REST
    (told,) = reasons(unknowns)
    assert "empty dimension" in told


def test_a_truncated_shard() -> None:
    contents = models.as_safetensors(small())
    contents["model.safetensors"] = contents["model.safetensors"][: len(contents["model.safetensors"]) // 2]
    found, unknowns, _ = taken(HuggingFaceInspector(), contents)
    assert 0 < len(found) < REST
    assert all("ends within the tensor" in reason for reason in reasons(unknowns))
    assert 1 <= len(reasons(unknowns)) <= 3  # one for each part


def test_a_missing_shard_is_told_once_a_part() -> None:
    contents = models.as_safetensors(small())
    names = dict.fromkeys(small(), "model-00002-of-00002.safetensors")
    index = json.dumps({"metadata": {}, "weight_map": names}).encode()
    _, unknowns, _ = taken(
        HuggingFaceInspector(),
        {"config.json": contents["config.json"], "model.safetensors.index.json": index},
    )
    assert len(reasons(unknowns)) == 3
    assert all("not in the target" in reason for reason in reasons(unknowns))


def torch_file(shape: tuple[int, ...], strides: tuple[int, ...], *, data: int | None = None) -> bytes:
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32).tobytes()
    pickle = pickles.pickled(pickles.mapping({NAME: pickles.tensor("0", shape, strides=strides)}))
    return pickles.torch_zip(pickle, {"0": values[:data]})


@pytest.mark.parametrize(
    ("shape", "strides", "data", "reason"),
    [
        ((64, 32), (1, 64), None, "transposed or strided"),
        ((64, 32), (64, 1), None, "transposed or strided"),
        ((64, 32), (32, 1), 100, "outside its storage"),
    ],
)
def test_views_of_storages_are_refused(
    shape: tuple[int, ...], strides: tuple[int, ...], data: int | None, reason: str
) -> None:
    contents = {"config.json": config(), "pytorch_model.bin": torch_file(shape, strides, data=data)}
    found, unknowns, _ = taken(HuggingFaceInspector(), contents)
    assert found == {}
    (told,) = reasons(unknowns)
    assert reason in told


def test_deflated_archives_are_refused() -> None:
    pickle = pickles.pickled(pickles.mapping({NAME: pickles.tensor("0", (64, 32))}))
    archive = pickles.archive(
        {"archive/data.pkl": pickle, "archive/data/0": bytes(64 * 32 * 4)}, deflated=True
    )
    _, unknowns, _ = taken(HuggingFaceInspector(), {"config.json": config(), "pytorch_model.bin": archive})
    (told,) = reasons(unknowns)
    assert "compressed" in told


def test_other_formats_say_that_they_are_not_sampled() -> None:
    tree = {"params": {"layers": {"0": {"q_proj": {"kernel": msgpack.array((32, 32))}}}}}
    contents = {"config.json": config(), "flax_model.msgpack": msgpack.checkpoint(tree)}
    found, unknowns, _ = taken(HuggingFaceInspector(), contents)
    assert found == {}
    (told,) = reasons(unknowns)
    assert "not sampled from .msgpack" in told


def test_gguf_types_and_byte_orders_that_are_not_read() -> None:
    found, unknowns, _ = taken(GgufInspector(), {"a.gguf": gguf({}, decoder(width=256, type="Q8_1"))})
    assert found == {}
    assert len(reasons(unknowns)) == 3
    assert all("Q8_1" in reason for reason in reasons(unknowns))


def test_queries_and_keys_of_unknown_order_are_left_out(tmp_path: Path) -> None:
    """Without a number of heads the rows cannot be brought back to their order."""
    path = models.as_gguf(small(), tmp_path, "F16")
    data = next(iter(path.values())).replace(b"llama.attention.head_count", b"llama.attention.head_c0unt")
    found, _, _ = taken(GgufInspector(), {"m.gguf": data})
    kinds = {item.kind.value for item in found.values()}
    assert "value" in kinds
    assert kinds.isdisjoint({"query", "key"})


def test_onnx_data_that_is_not_there() -> None:
    body = build.graph(
        [build.node("MatMul", ["x", "w"], ["y"], "/layers.0/q_proj/MatMul")],
        inputs={"x": ("FLOAT", ["b", 32])},
        outputs={"y": ("FLOAT", ["b", 64])},
        initialisers=[build.external("w", (32, 64), "gone.data", length=32 * 64 * 4)],
    )
    found, unknowns, _ = taken(OnnxInspector(), {"model.onnx": build.model(body)})
    assert found == {}
    assert len(reasons(unknowns)) == 1


def test_exports_beside_the_original_are_not_read() -> None:
    contents = models.as_onnx(small()) | models.as_safetensors(small())
    view = MemoryView(contents, depth=Depth.WEIGHTS)
    assert [item for item in inspect(OnnxInspector(), view) if isinstance(item, WeightSample)] == []


def test_nothing_is_sampled_at_depth_headers() -> None:
    view = MemoryView(models.as_safetensors(small()), depth=Depth.HEADERS)
    assert [item for item in inspect(HuggingFaceInspector(), view) if isinstance(item, WeightSample)] == []


def test_a_row_beyond_all_bounds_is_refused_and_the_rest_is_sampled() -> None:
    wide = np.zeros((16, 1 << 18), np.float32)
    model = small() | {"model.layers.0.mlp.wide.weight": wide}
    found, unknowns, _ = taken(HuggingFaceInspector(), models.as_safetensors(model))
    assert len(found) == len(small())
    (told,) = reasons(unknowns)
    assert "block takes" in told


DTYPES = ("F32", "BF16", "F8_E4M3", "U8", "I8", "I32", "F4", "BOOL", "Q7")
ENDINGS = (
    "weight", "weight_scale", "weight_scale_inv", "weight_packed", "weight_global_scale", "qweight", "qzeros",
    "scales", "g_idx", "weight.absmax", "weight.quant_state.bitsandbytes__nf4", "SCB", "weight_scale_2",
    "experts.gate_up_proj", "experts.gate_up_proj_blocks", "experts.gate_up_proj_scales", "c_attn.weight",
)  # fmt: skip
TENSORS = st.lists(
    st.builds(
        StoredTensor,
        st.sampled_from(ENDINGS),
        st.sampled_from(DTYPES),
        st.lists(st.integers(0, 70), max_size=4).map(tuple),
        st.integers(0, 5000),
        st.builds(Place, st.just("m.safetensors"), st.integers(0, 5000)),
    ),
    max_size=8,
)
SETTINGS = st.none() | st.builds(
    Quantisation,
    st.sampled_from(["", "gptq", "awq", "fp8", "bitsandbytes", "compressed-tensors"]),
    st.sampled_from(["", "gptq_v2", "gemm", "marlin"]),
    st.none() | st.integers(-1, 9),
    st.none() | st.integers(-1, 200),
    st.none() | st.tuples(st.integers(1, 200), st.integers(1, 200)),
    st.booleans(),
)


@given(tensors=TENSORS, settings=SETTINGS)
def test_any_table_gives_matrices_or_reasons(
    tensors: list[StoredTensor], settings: Quantisation | None
) -> None:
    view = MemoryView({"m.safetensors": bytes(range(256)) * 40}, depth=Depth.WEIGHTS)
    weights: list[object] = []
    for item in matrices(view, tensors, settings, Orientation(tensors)):
        if isinstance(item, Refused):
            weights.append(item)
            continue
        places = {name: tensor.place for name, tensor in item.found.parts.items()}
        weights += weights_of(
            "p", item.name, item.found.layout, places, item.dtype, stack=item.found.stack,
            sideways=item.sideways,
        )  # fmt: skip
    for found in sample(view, weights):  # type: ignore[arg-type]
        assert isinstance(found, WeightSample | Unknown)


def test_a_file_of_zeros_gives_reasons_alone() -> None:
    model = {name: np.zeros_like(values) for name, values in small().items()}
    found, unknowns, _ = taken(HuggingFaceInspector(), models.as_safetensors(model))
    assert found == {}
    assert len(reasons(unknowns)) == 3


def test_the_same_row_is_refused_where_whole_matrices_are_read() -> None:
    wide = np.zeros((16, 1 << 18), np.float32)
    contents = models.as_safetensors(small() | {"model.layers.0.mlp.up_proj.weight": wide})
    emissions = inspect(HuggingFaceInspector(), MemoryView(contents, depth=Depth.MATRICES))
    assert any("block takes" in item.reason for item in emissions if isinstance(item, Unknown))
    assert any(isinstance(item, WeightSample) for item in emissions)
