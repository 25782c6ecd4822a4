"""NumPy headers are read as NumPy reads them; object arrays are pickles and are searched."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError
from aibom.formats.numpyfile import read_arrays
from aibom.formats.tables import Row
from aibom.model import Part
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import only, rules
from tests.builders import pickles as build

TYPES = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8"} | {
    **{"u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "?": "BOOL", "c8": "C64", "c16": "C128"},
}


def npy(array: np.ndarray, **settings: bool) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **settings)
    return out.getvalue()


@given(st.sampled_from(sorted(TYPES)), st.lists(st.integers(0, 4), max_size=5), st.sampled_from("<>"))
def test_headers_are_those_of_numpy(code: str, shape: list[int], order: str) -> None:
    array = np.zeros(shape, code if code == "?" else order + code)
    found = read_arrays(MemoryView({"w.npy": npy(array)}), "w.npy")
    assert found.rows == (Row("w", TYPES[code], tuple(shape)),)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_archives_are_read_by_their_headers(save: object) -> None:
    out = io.BytesIO()
    save(out, a=np.zeros((300, 1000), "f4"), b=np.random.default_rng(0).bytes(10), c=np.zeros(2, "u1,f4"))  # type: ignore[operator]
    view = MemoryView({"w.npz": out.getvalue()})
    (part,) = [item for item in inspect(ArchiveInspector(), view) if isinstance(item, Part)]
    assert part.tensors == 3
    assert dict(part.dtypes)["F32"] == 300_000
    assert dict(part.dtypes)["structured"] == 2
    assert max(length for _, _, length in view.reads) <= 65_557


@pytest.mark.parametrize("packed", [False, True])
def test_object_arrays_are_searched(packed: bool) -> None:
    head = npy(np.zeros((), "f4"))[:10]
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }".ljust(118)
    filler = b"".join(build.text("x" * 9_000) + b"0" for _ in range(3))
    hostile = build.pickled(filler + build.call(build.name("os", "system"), build.text("true")), 4)
    data = head[:8] + len(header).to_bytes(2, "little") + header + hostile
    assert "archives.pickle-dangerous-import" in rules({"w.npy": data})
    assert "archives.pickle-dangerous-import" in rules(
        {"w.npz": build.archive({"w.npy": data}, deflated=packed)}
    )


def test_object_arrays_of_plain_values_are_no_finding() -> None:
    assert rules({"w.npy": npy(np.array([1, "a", None], dtype=object), allow_pickle=True)}) == {}


@given(st.binary(max_size=120))
def test_any_header_is_read_or_refused(data: bytes) -> None:
    try:
        read_arrays(
            MemoryView({"w.npy": b"\x93NUMPY\x01\0" + len(data).to_bytes(2, "little") + data}), "w.npy"
        )
    except AibomError:
        return


@pytest.mark.parametrize("shape", ["4L4,", "\x1d4 4,", "1" * 30, "L", "4 4"])
def test_shapes_that_are_none_are_refused(shape: str) -> None:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}".encode()
    data = b"\x93NUMPY\x01\0" + len(header).to_bytes(2, "little") + header
    with pytest.raises(FormatError):
        read_arrays(MemoryView({"w.npy": data}), "w.npy")


def test_a_single_array_is_one_part() -> None:
    (part,) = only({"w.npy": npy(np.zeros((2, 3), "f4"))}, Part)
    assert (part.parameters, part.fact("format")) == (6, "numpy")
