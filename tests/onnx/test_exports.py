"""Graphs that PyTorch's own exporters write, both of them: `make test-exports`.

The project never needs torch; where it is not installed these tests are skipped.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from aibom.formats.onnx import read_graph
from aibom.model import Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_onnx import OnnxInspector

torch = pytest.importorskip("torch", reason="torch is not installed; `make test-exports` installs it")
WORDS, WIDTH, LAYERS, CLASSES = 700, 16, 2, 3


class Attention(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Self-attention of two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            torch.nn.Linear(WIDTH, WIDTH) for _ in range(4)
        )

    def forward(self, hidden: Any) -> Any:
        rows, length, width = hidden.shape
        query, key, value = (
            layer(hidden).view(rows, length, 2, width // 2).transpose(1, 2)
            for layer in (self.q_proj, self.k_proj, self.v_proj)
        )
        weights = torch.softmax(query @ key.transpose(-1, -2) / (width // 2) ** 0.5, -1)
        return self.out_proj((weights @ value).transpose(1, 2).reshape(rows, length, width))


class Layer(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Attention, then a network of two linear maps."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = Attention()
        self.norm1, self.norm2 = torch.nn.LayerNorm(WIDTH), torch.nn.LayerNorm(WIDTH)
        wide = 4 * WIDTH
        self.mlp = torch.nn.Sequential(
            torch.nn.Linear(WIDTH, wide), torch.nn.GELU(), torch.nn.Linear(wide, WIDTH)
        )

    def forward(self, hidden: Any) -> Any:
        hidden = self.norm1(hidden + self.attention(hidden))
        return self.norm2(hidden + self.mlp(hidden))


class Classifier(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Embedding, two layers, a head. No two tensors are equal, or exporters would share them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embeddings = torch.nn.Embedding(WORDS, WIDTH)
        self.layers = torch.nn.ModuleList(Layer() for _ in range(LAYERS))
        self.classifier = torch.nn.Linear(WIDTH, CLASSES)
        for parameter in self.parameters():
            torch.nn.init.normal_(parameter)

    def forward(self, input_ids: Any) -> Any:
        hidden = self.embeddings(input_ids)
        for layer in self.layers:
            hidden = layer(hidden)
        return self.classifier(hidden[:, 0])


def export(module: Any, path: Path, *, dynamo: bool) -> dict[str, bytes]:
    """The files that an exporter writes for a module."""
    if dynamo:
        pytest.importorskip("onnxscript", reason="the exporter of dynamo needs onnxscript")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter tells that it is the older one
        torch.onnx.export(
            module.eval(),
            (torch.ones((2, 5), dtype=torch.int64),),
            path,
            dynamo=dynamo,
            input_names=["input_ids"],
            output_names=["logits"],
        )
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


@pytest.mark.parametrize("dynamo", [False, True], ids=["torchscript", "dynamo"])
def test_a_transformer_as_it_is_exported(dynamo: bool, tmp_path: Path) -> None:
    module = Classifier()
    view = MemoryView(export(module, tmp_path / "model.onnx", dynamo=dynamo))
    found = inspect(OnnxInspector(), view)
    parts = {part.id: part for part in found if isinstance(part, Part)}
    counts = {ident: part.parameters for ident, part in parts.items()}
    assert counts == {
        "text-encoder": sum(parameter.numel() for parameter in module.layers.parameters()),
        "embedding": WORDS * WIDTH,
        "head": (WIDTH + 1) * CLASSES,
    }
    encoder = parts["text-encoder"]
    assert (encoder.fact("attention_blocks"), encoder.fact("layers")) == (LAYERS, LAYERS)
    assert encoder.fact("exporter") == f"torch.onnx ({'dynamo' if dynamo else 'TorchScript'})"
    assert str(encoder.fact("producer")).startswith("pytorch ")
    assert [item for item in found if isinstance(item, Unknown)] == []
    assert all(part.present for part in parts.values())


@pytest.mark.parametrize("dynamo", [False, True], ids=["torchscript", "dynamo"])
def test_weights_are_found_where_they_lie(dynamo: bool, tmp_path: Path) -> None:
    module = Classifier()
    files = export(module, tmp_path / "model.onnx", dynamo=dynamo)
    model = read_graph(MemoryView(files), "model.onnx")
    (table,) = [tensor for tensor in model.initialisers if tensor.shape == (WORDS, WIDTH)]
    assert table.location is not None
    data = files[table.location.file or "model.onnx"][table.location.offset :][: table.location.length]
    assert data == module.embeddings.weight.detach().numpy().tobytes()
