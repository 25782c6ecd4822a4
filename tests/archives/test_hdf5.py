"""HDF5 is walked as the reference library walks it, without the data, and without the library."""

from __future__ import annotations

import io
import json
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import pages as paging
from aibom.formats.hdf5 import Hdf5, read_hdf5, walk
from aibom.formats.pages import Pages
from aibom.model import Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import only, rules
from tests.builders import pickles
from tests.builders.hdf5 import hdf5, weights

TYPES = {
    "f8": "F64",
    "f4": "F32",
    "f2": "F16",
    "i8": "I64",
    "u1": "U8",
    "?": "BOOL",
    "c8": "C64",
    ">f4": "F32",
}
NAMES = st.lists(st.text("abcxyz_0123", min_size=1, max_size=6), min_size=1, max_size=3).map("/".join)


def described(data: bytes) -> Hdf5:
    return read_hdf5(Pages.of_file(MemoryView({"m": data}), "m"))


def written(fill: Any, **settings: Any) -> bytes:
    out = io.BytesIO()
    with h5py.File(out, "w", **settings) as made:
        fill(made)
    return out.getvalue()


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.integers(0, 40),
        st.tuples(st.sampled_from(sorted(TYPES)), st.lists(st.integers(0, 5), max_size=3)),
        max_size=30,
    ),
    st.sampled_from(["earliest", "v108", "latest"]),
)
def test_datasets_are_those_of_the_library(table: dict[int, tuple[str, list[int]]], libver: str) -> None:
    values = {f"g{at % 7}/d{at}": np.zeros(shape, code) for at, (code, shape) in table.items()}
    found = described(hdf5(values, libver=libver))
    assert found.unread == []
    assert [(row.name, row.shape) for row in found.rows] == [
        (name, value.shape) for name, value in sorted(values.items())
    ]
    assert {row.name: row.dtype for row in found.rows} == {
        f"g{at % 7}/d{at}": TYPES[code] for at, (code, _) in table.items()
    }


def test_trees_of_several_levels_are_walked() -> None:
    values = {f"d{at}": np.zeros(1, "i1") for at in range(700)}
    assert len(described(hdf5(values)).rows) == 700


@pytest.mark.parametrize("value", ["text", np.bytes_(b"text")])
@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_texts_of_the_root_are_read(value: Any, libver: str) -> None:
    found = described(hdf5({}, {"a": value, "n": 3, "l": [b"x", b"y"]}, libver=libver))
    assert found.attributes == {"a": "text"}


def test_a_long_configuration_is_read_from_its_heap() -> None:
    assert described(hdf5({}, {"model_config": "x" * 300_000})).attributes == {"model_config": "x" * 300_000}


def test_members_in_a_heap_are_said_to_be_unread() -> None:
    data = hdf5({f"g/d{at}": 1 for at in range(40)}, libver="latest")
    assert described(data).unread == ["g"]
    (part,) = only({"m.h5": data}, Part)
    assert part.parameters is None
    assert "stored in a heap" in only({"m.h5": data}, Unknown)[0].reason


def test_data_in_other_files_is_a_finding() -> None:
    def fill(made: Any) -> None:
        made["link"] = h5py.ExternalLink("/etc/passwd", "x")
        made.create_dataset("outside", (4,), "u1", external=[("/etc/passwd", 0, 4)])

    files = {"m.h5": written(fill, libver="latest")}
    assert "link, outside" in rules(files)["archives.h5-external-data"]


def test_cycles_of_groups_end() -> None:
    def fill(made: Any) -> None:
        made.create_group("a")["self"] = made["/"]

    assert described(written(fill)).rows == []


def test_keras_models_of_the_older_form() -> None:
    config = {
        "class_name": "Sequential",
        "config": {"layers": [{"class_name": "Lambda", "config": {"name": "x2"}}]},
    }
    values = {"model_weights/d/kernel:0": np.zeros((4, 2), "f4"), "optimizer_weights/m:0": np.zeros(9, "f4")}
    files = {"model.h5": hdf5(values, {"model_config": json.dumps(config), "keras_version": "2.15.0"})}
    (part,) = only(files, Part)
    assert (part.parameters, part.tensors, part.fact("keras_version")) == (8, 1, "2.15.0")
    assert (part.fact("layers"), part.fact("training_state_tensors")) == ("Lambda 1", 1)
    assert "x2" in rules(files)["archives.keras-lambda"]


@pytest.mark.parametrize("deflated", [False, True])
def test_weights_within_a_keras_archive(deflated: bool) -> None:
    members = {"config.json": b'{"class_name": "Functional"}', "model.weights.h5": weights()}
    (part,) = only({"m.keras": pickles.archive(members, deflated=deflated)}, Part)
    assert (part.parameters, part.tensors, part.fact("training_state_tensors")) == (27, 2, 1)


def test_data_is_not_read() -> None:
    data = hdf5({f"g{at}/w": np.zeros((500, 1000), "f4") for at in range(4)})
    view = MemoryView({"m.h5": data})
    inspect(ArchiveInspector(), view)
    assert sum(length for _, _, length in view.reads) < 12 * paging.PAGE
    assert len(data) > 8_000_000


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    data = hdf5({"a/b": 1})
    for module, bound in ((walk, "MAX_OBJECTS"), (paging, "MAX_STEPS"), (paging, "MAX_PAGES")):
        with monkeypatch.context() as patch, pytest.raises(LimitError):
            patch.setattr(module, bound, 1 if bound != "MAX_PAGES" else 0)
            described(data)


@pytest.mark.parametrize("data", [b"", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n\x09" + bytes(100)])
def test_what_is_no_file_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        described(data)


@settings(max_examples=300)
@given(
    st.sampled_from(["earliest", "latest"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
)
def test_damaged_files_are_read_or_refused(libver: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(DAMAGED[libver])
    for at, byte in changes:
        data[at % len(data)] = byte
    try:
        described(bytes(data))
    except AibomError:
        return


DAMAGED = {
    libver: hdf5({"a/b": np.zeros(2, "f4"), "a/c": 1.5, "d": "text"}, {"x": "text"}, libver=libver)
    for libver in ("earliest", "latest")
}
