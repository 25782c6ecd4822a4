"""TensorFlow: operators of graphs, variables of checkpoints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import protobuf
from aibom.formats.tables import Row
from aibom.formats.tensorflow import graph as reader
from aibom.formats.tensorflow import read_graph, read_index
from aibom.model import Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import only, rules
from tests.builders import tensorflow as build

VARIABLES = {
    "_CHECKPOINTABLE_OBJECT_GRAPH": ("STRING", ()),
    "dense/bias/.ATTRIBUTES/VARIABLE_VALUE": ("F32", (3,)),
    "dense/bias/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE": ("F32", (3,)),
    "dense/kernel/.ATTRIBUTES/VARIABLE_VALUE": ("BF16", (8, 3)),
    "save_counter/.ATTRIBUTES/VARIABLE_VALUE": ("I64", ()),
}
NODES = [build.node("MatMul"), build.node("MatMul"), build.node("Const", bytes(500))]


def saved(*nodes: bytes, folder: str = "") -> dict[str, bytes]:
    return {
        f"{folder}saved_model.pb": build.saved_model(build.graph([*NODES, *nodes], [[build.node("Relu")]])),
        f"{folder}variables/variables.index": build.index(VARIABLES),
        f"{folder}variables/variables.data-00000-of-00001": bytes(60),
        f"{folder}fingerprint.pb": b"\x08\x01",
    }


@pytest.mark.parametrize("folder", ["", "model/1/"])
def test_a_saved_model_is_one_part_with_its_variables(folder: str) -> None:
    (part,) = only(saved(folder=folder), Part)
    assert only(saved(folder=folder), Unknown) == []
    assert (part.parameters, part.tensors, part.dtypes) == (27, 2, (("BF16", 24), ("F32", 3)))
    assert part.fact("operators") == "MatMul 2, Const 1, Relu 1"
    assert part.fact("signatures") == "serving_default"
    assert part.fact("tags") == "serve"
    assert part.fact("tensorflow_version") == "2.16.1"
    assert part.fact("training_state_tensors") == 2
    assert len(part.files) == 3


def test_operators_of_others_and_those_that_reach_out_are_findings() -> None:
    found = rules(saved(build.node("Addons>Gelu"), build.node("WriteFile")))
    assert "Addons>Gelu" in found["archives.tf-custom-op"]
    assert "WriteFile" in found["archives.tf-reaching-op"]
    assert rules(saved()) == {}


def test_a_frozen_graph_is_described_by_its_operators() -> None:
    (part,) = only({"frozen.pb": build.graph(NODES)}, Part)
    assert (part.fact("operators"), part.parameters) == ("MatMul 2, Const 1", None)


def test_a_checkpoint_alone_is_a_part() -> None:
    files = {
        "model.ckpt.index": build.index({"w": ("F32", (5,))}),
        "model.ckpt.data-00000-of-00001": bytes(20),
    }
    (part,) = only(files, Part)
    assert (part.parameters, len(part.files)) == (5, 2)
    assert only({"faiss.index": b"IxFI"}, Unknown) == []


@given(
    st.dictionaries(
        st.text(st.characters(codec="ascii"), min_size=1, max_size=20),
        st.tuples(st.sampled_from(["F32", "BF16", "I64"]), st.lists(st.integers(0, 300), max_size=4)),
    )
)
def test_an_index_lists_what_was_written(table: dict[str, tuple[str, list[int]]]) -> None:
    found = read_index(MemoryView({"i": build.index(table)}), "i")
    assert found == tuple(Row(name, dtype, tuple(shape)) for name, (dtype, shape) in sorted(table.items()))


def test_a_packed_block_is_refused() -> None:
    data = bytearray(build.index({"w": ("F32", (5,))}))
    data[-49 - 4] = 1
    with pytest.raises(FormatError, match="packed"):
        read_index(MemoryView({"i": bytes(data)}), "i")


def test_constants_are_not_read() -> None:
    files = {"saved_model.pb": build.saved_model(build.graph([build.node("Const", bytes(20_000_000))]))}
    view = MemoryView(files)
    inspect(ArchiveInspector(), view)
    assert sum(length for _, _, length in view.reads) < 4 * 65_536


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    view = MemoryView(saved())
    monkeypatch.setattr(reader, "MAX_NAMES", 1)
    with pytest.raises(LimitError, match="operators"):
        read_graph(view, "saved_model.pb")
    monkeypatch.setattr(protobuf, "MAX_FIELDS", 5)
    with pytest.raises(LimitError, match="fields"):
        read_graph(view, "saved_model.pb")


@given(st.binary(max_size=200), st.sampled_from([b"\x0a", b"\x08\x01\x12"]))
def test_any_graph_is_read_or_refused(data: bytes, head: bytes) -> None:
    try:
        read_graph(MemoryView({"g": head + data}), "g")
    except AibomError:
        return


@given(st.binary(max_size=200))
def test_any_index_is_read_or_refused(data: bytes) -> None:
    try:
        read_index(MemoryView({"i": data.ljust(40, b"\0") + (0xDB4775248B80FB57).to_bytes(8, "little")}), "i")
    except AibomError:
        return
