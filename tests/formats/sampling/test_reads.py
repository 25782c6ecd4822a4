"""Exactly which bytes are read for samples, of each format."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aibom.formats.gguf import read_header
from aibom.formats.onnx import read_graph
from aibom.formats.pytorch import Storage, read_storages
from aibom.formats.safetensors import Header, read_headers
from aibom.model import WeightSample
from aibom.testing import MemoryView
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.builders import onnx as build
from tests.formats.sampling import models
from tests.formats.sampling.models import HEAD, KEYS, WIDTH, small, taken

ROWS = 64
"""Outputs of each matrix: the model is small, and everything fits the budget."""


def ranges(found: dict[str, WeightSample]) -> dict[str, tuple[int | None, int | None]]:
    places = {name: item.locator for name, item in found.items()}
    return {name: (place.offset, place.length) for name, place in places.items() if place is not None}


def tail(view: MemoryView, count: int) -> list[tuple[str, int, int]]:
    """The last reads, which are those of samples, sorted."""
    return sorted(view.reads[-count:])


def test_safetensors() -> None:
    contents = models.as_safetensors(small(), "BF16")
    found, _, view = taken(HuggingFaceInspector(), contents)
    header = read_headers(MemoryView(contents), ["model.safetensors"])["model.safetensors"]
    assert isinstance(header, Header)
    expected = {}
    for tensor in header.tensors:
        begin = header.data_offset + tensor.offset
        expected[tensor.name] = (begin, min(ROWS, tensor.shape[0]) * tensor.shape[1] * 2)
    assert ranges(found) == expected
    wanted = sorted(("model.safetensors", *place) for place in expected.values())
    assert tail(view, len(expected)) == wanted


def test_vocabularies_begin_at_their_token() -> None:
    model = {"model.embed_tokens.weight": np.random.default_rng(1).normal(size=(2400, 32)).astype(np.float32)}
    found, _, _ = taken(HuggingFaceInspector(), models.as_safetensors(model))
    assert found["model.embed_tokens.weight"].rows == (1000, 64)


def test_pytorch() -> None:
    """Of each storage the member's own header is read, 30 bytes, and then the rows."""
    contents = models.as_torch(small())
    found, _, view = taken(HuggingFaceInspector(), contents)
    storages = read_storages(MemoryView(contents), "pytorch_model.bin")
    expected = {
        name: (item.offset, min(ROWS, item.row.shape[0]) * item.row.shape[1] * 4)
        for name, item in storages.items()
        if isinstance(item, Storage)
    }
    assert ranges(found) == expected
    assert tail(view, len(expected)) == sorted(("pytorch_model.bin", *place) for place in expected.values())
    data = contents["pytorch_model.bin"]
    for name, values in small().items():
        assert data[expected[name][0] :][: values.nbytes] == values.tobytes()


def test_gguf(tmp_path: Path) -> None:
    """Rows of 256 values in Q8_0 take 272 bytes; 64 rows of queries are one head, read whole."""
    contents = models.as_gguf(small(), tmp_path, "Q8_0")
    found, _, view = taken(GgufInspector(), contents)
    header = read_header(MemoryView(contents), "model-Q8_0.gguf")
    expected = {
        tensor.name: (header.data_offset + tensor.offset, ROWS * tensor.shape[1] // 32 * 34)
        for tensor in header.tensors
    }
    assert HEAD == ROWS
    assert expected["blk.0.attn_k.weight"][1] == KEYS * HEAD * WIDTH // 32 * 34 // 2
    assert ranges(found) == expected
    assert tail(view, len(expected)) == sorted(("model-Q8_0.gguf", *place) for place in expected.values())


def test_onnx_inside_and_outside() -> None:
    """A matrix that is stored by inputs gives its first inputs with all outputs, which lie together."""
    inside = np.random.default_rng(3).normal(size=(96, 32)).astype(np.float32)
    beside = np.random.default_rng(4).normal(size=(32, 128)).astype(np.float32)
    body = build.graph(
        [
            build.node("MatMul", ["x", "onnx::MatMul_7"], ["h"], "/encoder/layer.3/output/dense/MatMul"),
            build.node(
                "MatMul", ["h", "onnx::MatMul_8"], ["y"], "/encoder/layer.3/attention/self/key/MatMul"
            ),
        ],
        inputs={"x": ("FLOAT", ["b", 96])},
        outputs={"y": ("FLOAT", ["b", 128])},
        initialisers=[
            build.tensor("onnx::MatMul_7", inside.shape, data=inside.tobytes()),
            build.external("onnx::MatMul_8", beside.shape, "model.data", offset=64, length=beside.nbytes),
        ],
    )
    contents = {"model.onnx": build.model(body), "model.data": bytes(64) + beside.tobytes()}
    found, _, view = taken(OnnxInspector(), contents)
    assert sorted(found) == [
        "encoder.layer.3.attention.self.key.weight",
        "encoder.layer.3.output.dense.weight",
    ]
    down, key = found["encoder.layer.3.output.dense.weight"], found[sorted(found)[0]]
    assert (down.kind.value, down.layer, down.shape, down.rows, down.columns) == (
        "down",
        3,
        (32, 96),
        (0, 32),
        96,
    )
    assert (key.kind.value, key.layer, key.shape, key.rows, key.columns) == (
        "key",
        3,
        (128, 32),
        (0, 128),
        16,
    )
    place = next(
        item.location
        for item in read_graph(MemoryView(contents), "model.onnx").initialisers
        if item.name == "onnx::MatMul_7"
    )
    assert place is not None
    assert tail(view, 2) == [("model.data", 64, 16 * 128 * 4), ("model.onnx", place.offset, inside.nbytes)]
