"""Real graphs: a voice detector of nested If graphs, and five image classifiers without their weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibom.formats.onnx import OnnxModel, read_graph
from aibom.model import Observation, Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_onnx import OnnxInspector

VAD = "snakers4__silero-vad/src/silero_vad/data/silero_vad.onnx"
LIGHT = {"bvlc_alexnet": 60_965_224, "inception_v1": 6_997_480, "resnet50": 25_503_912,
         "squeezenet": 1_234_856, "zfnet512": 87_250_536}  # fmt: skip
"""Model to the elements of the weights that it makes up at run time."""


def read(path: Path) -> tuple[MemoryView, OnnxModel]:
    view = MemoryView({path.name: path.read_bytes()})
    return view, read_graph(view, path.name)


@pytest.mark.field
def test_voice_detector(field: Path) -> None:
    _, model = read(field / VAD)
    assert model.opsets == (("ai.onnx", 16),)
    assert model.producer_name == "spox"
    assert model.inputs == (
        ("input", "FLOAT", ("?", "?")), ("state", "FLOAT", (2, "?", 128)), ("sr", "INT64", ()),
    )  # fmt: skip
    counts = {name: count for _, name, count in model.operators}
    assert (counts["If"], counts["LSTM"], counts["Conv"]) == (25, 4, 12)
    assert len(model.nodes) == 689
    assert {"If_0.then_branch", "If_0.else_branch"} <= {node.graph for node in model.nodes}
    assert model.problems == ()


@pytest.mark.field
def test_voice_detector_is_an_audio_encoder_by_inference(field: Path) -> None:
    view, _ = read(field / VAD)
    seen = inspect(OnnxInspector(), view)
    (part,) = [item for item in seen if isinstance(item, Part)]
    assert (part.id, part.parameters, part.present) == ("audio-encoder", 545_280, True)
    assert part.fact("rule") == "onnx.sample-rate-input"
    assert (part.fact("exporter"), part.fact("recurrences")) == ("spox", 4)
    assert not [item for item in seen if isinstance(item, (Observation, Unknown))]


@pytest.mark.field
@pytest.mark.parametrize("name", LIGHT)
def test_image_classifiers(field: Path, name: str) -> None:
    view, model = read(field / f"onnx-1.23.2/light/light_{name}.onnx")
    parts = {item.id: item for item in inspect(OnnxInspector(), view) if isinstance(item, Part)}
    assert set(parts) == {"vision-encoder", "head"}
    trunk = parts["vision-encoder"]
    assert trunk.fact("rule") == "onnx.convolution-trunk"
    assert parts["head"].fact("rule") == "onnx.last-linear-map"
    assert trunk.fact("exporter") == "onnx-caffe2"
    assert trunk.fact("opset") == "ai.onnx 9"
    assert trunk.fact("generated_weights") == LIGHT[name]
    assert str(trunk.fact("weights")).startswith("generated")
    total = sum(part.parameters or 0 for part in parts.values())
    reshapes = {name for node in model.nodes if node.op_type == "Reshape" for name in node.inputs}
    assert total == sum(tensor.elements for tensor in model.initialisers if tensor.name not in reshapes)
