"""OpenVINO IR and Core ML: what their descriptions say, and what they may not do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import openvino as reader
from aibom.formats.openvino import read_network
from aibom.formats.tables import Row
from aibom.model import Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import emissions, only, rules
from tests.archives.samples import SAMPLES
from tests.builders.onnx import field
from tests.builders.tensorflow import number

XML = SAMPLES["openvino_model.xml"]
MLMODEL = SAMPLES["model.mlmodel"]


def network(data: bytes) -> reader.Network:
    return read_network(MemoryView({"m.xml": data}), "m.xml")


def test_a_network_is_described() -> None:
    found = network(XML)
    assert found.rows == (Row("dense/weight", "F16", (3, 8), "byte 0"),)
    assert found.layers == (("Const", 1), ("MatMul", 1), ("Parameter", 1), ("Result", 1))
    assert (found.inputs, found.outputs, found.version) == (("input_ids",), ("logits",), "11")
    assert found.foreign == ("extension",)


@pytest.mark.parametrize(
    ("beside", "expected"),
    [({"openvino_model.bin": bytes(48)}, None), ({"openvino_model.bin": b""}, "ends"), ({}, "not in")],
)
def test_weights_are_held_against_the_network(beside: dict[str, bytes], expected: str | None) -> None:
    files = {"openvino_model.xml": XML, **beside}
    (part,) = only(files, Part)
    assert part.files == tuple(sorted(files))
    assert (expected or "") in rules(files).get("archives.openvino-weights-missing", "")
    assert bool(rules(files)) is bool(expected)


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE net [<!ENTITY a "b">]>',
        b'<!DOCTYPE net [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE net SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_document_types_are_refused(head: bytes) -> None:
    with pytest.raises(FormatError, match="no XML that is read"):
        network(head + b"<net name='x'>&a;</net>")


def test_other_xml_is_left_alone() -> None:
    assert emissions({"pom.xml": b"<project/>"}) == []


@pytest.mark.parametrize("sizes", [b"-1,2", b"1e9", b"9" * 30, b"9999999999999999999,9999999999999999999"])
def test_constants_without_true_sizes_are_refused(sizes: bytes) -> None:
    with pytest.raises(FormatError):
        network(XML.replace(b"3,8", sizes))


def test_elements_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ELEMENTS", 3)
    with pytest.raises(LimitError):
        network(XML)
    monkeypatch.setattr(reader, "MAX_XML", 10)
    with pytest.raises(LimitError):
        network(XML)


@given(st.binary(max_size=200))
def test_any_network_is_read_or_refused(data: bytes) -> None:
    try:
        network(b"<net>" + data)
    except AibomError:
        return


def test_a_core_ml_model_is_described() -> None:
    (part,) = only({"model.mlmodel": MLMODEL}, Part)
    assert (part.fact("specification_version"), part.fact("model_kind")) == (7, "ML program")
    assert (part.fact("inputs"), part.fact("outputs")) == ("image", "label")
    assert (part.fact("author"), part.fact("license")) == ("A. Author", "MIT")
    assert rules({"model.mlmodel": MLMODEL}) == {}


def test_layers_of_a_core_ml_model_are_not_read() -> None:
    view = MemoryView({"m.mlmodel": number(1, 4) + field(500, bytes(20_000_000)) + field(2, b"")})
    assert [item for item in inspect(ArchiveInspector(), view) if isinstance(item, Part)]
    assert sum(length for _, _, length in view.reads) < 3 * 65_536


def test_a_package_is_one_part_with_all_its_files() -> None:
    files = {
        "m.mlpackage/Manifest.json": b"{}",
        "m.mlpackage/Data/com.apple.CoreML/model.mlmodel": MLMODEL,
        "m.mlpackage/Data/com.apple.CoreML/weights/weight.bin": bytes(64),
    }
    (part,) = only(files, Part)
    assert part.files == tuple(sorted(files))


def test_a_custom_model_is_a_finding() -> None:
    data = number(1, 4) + field(555, field(10, b"MyClass"))
    assert "archives.coreml-custom-model" in rules({"m.mlmodel": data})


def test_what_is_no_specification_is_an_unknown() -> None:
    assert len(only({"m.mlmodel": number(1, 4)}, Unknown)) == 1
