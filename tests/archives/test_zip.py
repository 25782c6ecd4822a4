"""ZIP archives: what the standard library writes is read alike; bombs and escaping names are seen."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import zip as reader
from aibom.formats.zip import Archive, read_archive
from aibom.testing import MemoryView
from tests.archives.looking import rules
from tests.builders import pickles as build

MEMBERS = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.binary(max_size=50)
)


def opened(data: bytes) -> Archive:
    return read_archive(MemoryView({"a.zip": data}), "a.zip")


def test_nothing_is_read_where_no_member_can_lie() -> None:
    data = bytearray(build.archive({"m": b"x", "n": b"y"}))
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 42, 2**31)
    view = MemoryView({"a.zip": bytes(data)})
    archive = read_archive(view, "a.zip")
    with pytest.raises(FormatError, match="no member lies"):
        archive.read(archive.names["m"], limit=9)
    assert archive.read(archive.names["n"], limit=9) == b"y"
    assert isinstance(archive.starts(archive.entries)["m"], FormatError)
    assert max(offset + length for _, offset, length in view.reads) <= len(data)
    assert max(offset for _, offset, _ in view.reads) <= len(data)


@given(
    MEMBERS,
    st.booleans(),
    st.binary(max_size=30),
    st.binary(max_size=9).filter(lambda data: b"PK" not in data),
)
def test_members_are_those_that_were_written(
    members: dict[str, bytes], deflated: bool, before: bytes, comment: bytes
) -> None:
    archive = opened(before + build.archive(members, deflated=deflated, comment=comment))
    standard = zipfile.ZipFile(io.BytesIO(before + build.archive(members, deflated=deflated)))
    assert [entry.name for entry in archive.entries] == [info.orig_filename for info in standard.infolist()]
    for entry, data in zip(archive.entries, members.values(), strict=True):
        assert archive.read(entry, limit=100) == data


def test_sizes_of_64_bits_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, made.open("m", "w", force_zip64=True) as member:
        member.write(b"data")
    archive = opened(out.getvalue())
    assert archive.read(archive.names["m"], limit=10) == b"data"


def test_a_member_over_the_limit_is_refused() -> None:
    archive = opened(build.archive({"m": bytes(1000)}, deflated=True))
    with pytest.raises(LimitError):
        archive.read(archive.names["m"], limit=999)


def test_a_member_that_inflates_past_its_promise_is_refused() -> None:
    data = bytearray(build.archive({"m": bytes(1000)}, deflated=True))
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<I", 5)
    archive = opened(bytes(data))
    with pytest.raises(LimitError):
        archive.read(archive.names["m"], limit=100)


@pytest.mark.parametrize(("at", "value"), [(8, b"\1\0"), (10, b"\x0c\0")])
def test_encrypted_and_otherwise_packed_members_are_refused(at: int, value: bytes) -> None:
    data = bytearray(build.archive({"m": b"x"}))
    start = data.index(b"PK\1\2") + at
    data[start : start + 2] = value
    archive = opened(bytes(data))
    with pytest.raises(FormatError, match="encrypted"):
        archive.read(archive.names["m"], limit=100)


def test_the_number_of_members_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ENTRIES", 3)
    with pytest.raises(LimitError):
        opened(build.archive({str(at): b"" for at in range(4)}))


def test_names_that_leave_the_folder_are_found() -> None:
    members = {"a/data.pkl": build.pickled(b"N"), "../../evil.sh": b"", "/etc/passwd": b"", "ok/": b""}
    found = rules({"m.pt": build.archive(members)})
    assert "../../evil.sh, /etc/passwd" in found["archives.zip-path-escape"]


def test_a_promise_of_a_terabyte_is_a_bomb() -> None:
    data = bytearray(build.archive({"a/data.pkl": build.pickled(b"N"), "a/data/0": b"x" * 9}, deflated=True))
    start = data.rindex(b"PK\1\2") + 24
    data[start : start + 4] = struct.pack("<I", 2**32 - 2)
    assert "archives.zip-bomb" in rules({"m.pt": bytes(data)})


def test_members_in_the_same_bytes_are_a_bomb() -> None:
    data = bytearray(build.archive({"a/data.pkl": build.pickled(b"N"), "b": b"xx"}))
    start = data.rindex(b"PK\1\2") + 42
    data[start : start + 4] = bytes(4)
    assert "archives.zip-bomb" in rules({"m.pt": bytes(data)})


def test_zeros_that_shrink_well_are_no_bomb() -> None:
    data = build.archive({"a/data.pkl": build.pickled(b"N"), "a/data/0": bytes(1 << 20)}, deflated=True)
    assert rules({"m.pt": data}) == {}


@given(st.binary(max_size=200))
def test_any_bytes_before_an_end_record(data: bytes) -> None:
    try:
        opened(data + build.archive({})[-22:])
    except AibomError:
        return
