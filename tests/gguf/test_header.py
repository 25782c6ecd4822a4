"""The reader against its laws: what a header says, what is refused, which bytes are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aibom.errors import AibomError, FormatError, LimitError, ReadError
from aibom.formats import cursor
from aibom.formats.gguf import (
    TENSOR_TYPES,
    Gguf,
    GgufArray,
    ValueType,
    file_type,
    header,
    read_header,
    read_headers,
    read_numbers,
    read_strings,
)
from aibom.sources.memory import MemoryView
from tests.builders.gguf import Row, Typed, array, decoder, gguf
from tests.builders.lfs import pointer
from tests.gguf.written import written


def read(data: bytes) -> Gguf:
    return read_header(MemoryView({"m.gguf": data}), "m.gguf")


SCALARS = {
    "a.u8": Typed(ValueType.UINT8, 255),
    "a.i8": Typed(ValueType.INT8, -1),
    "a.u16": Typed(ValueType.UINT16, 65_535),
    "a.i16": Typed(ValueType.INT16, -2),
    "a.u32": Typed(ValueType.UINT32, 2**32 - 1),
    "a.i32": Typed(ValueType.INT32, -3),
    "a.f32": Typed(ValueType.FLOAT32, 0.5),
    "a.bool": Typed(ValueType.BOOL, True),
    "a.str": "wörter",
    "a.u64": Typed(ValueType.UINT64, 2**64 - 1),
    "a.i64": Typed(ValueType.INT64, -(2**63)),
    "a.f64": Typed(ValueType.FLOAT64, 1e300),
}


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("big_endian", [False, True])
def test_every_value_type_in_both_byte_orders(version: int, big_endian: bool) -> None:
    file = read(gguf(SCALARS, decoder(), version=version, big_endian=big_endian))
    assert (file.version, file.big_endian, file.problems) == (version, big_endian, ())
    assert file.metadata == {key: v.value if isinstance(v, Typed) else v for key, v in SCALARS.items()}
    assert file.metadata["a.bool"] is True
    assert file.tensors[0].name == "token_embd.weight"
    assert file.tensors[0].shape == (96, 64)
    assert (file.tensors[0].elements, file.tensors[0].nbytes) == (6144, 6144 // 32 * 34)


@pytest.mark.parametrize("big_endian", [False, True])
def test_arrays_nest_and_carry_their_place(big_endian: bool) -> None:
    inner = array(ValueType.INT16, [-1, 2])
    data = gguf(
        {"a.strings": ["x", "yz"], "a.floats": [0.5, 1.5], "a.deep": array(ValueType.ARRAY, [inner, inner])},
        big_endian=big_endian,
    )
    file = read(data)
    strings, deep = file.array("a.strings"), file.array("a.deep")
    assert strings is not None and strings.values == (b"x", b"yz")
    assert data[strings.offset : strings.offset + strings.nbytes].endswith(b"yz")
    assert file.texts("a.strings") == ("x", "yz") and file.texts("a.none") == ()
    assert deep is not None and deep.values is not None
    assert [item.values for item in deep.values if isinstance(item, GgufArray)] == [(-1, 2), (-1, 2)]


def test_long_arrays_of_numbers_are_passed_over_and_read_on_demand() -> None:
    numbers = list(range(200_000))
    data = gguf({"a.scores": array(ValueType.INT32, numbers), "a.after": 7}, decoder(layers=1))
    view = MemoryView({"m.gguf": data})
    file = read_header(view, "m.gguf")
    scores = file.array("a.scores")
    assert scores is not None and scores.values is None and scores.count == 200_000
    assert file.integer("a.after") == 7 and len(file.tensors) == 11
    after = scores.offset + scores.nbytes
    assert view.reads == [("m.gguf", 0, header.FIRST_READ), ("m.gguf", after, min(65_536, len(data) - after))]
    assert read_numbers(view, file, scores) == tuple(numbers)
    assert view.reads[-1] == ("m.gguf", scores.offset, 800_000)


def test_only_header_bytes_are_read_of_a_large_file() -> None:
    tokens = [f"token{number}" for number in range(60_000)]
    merges = [f"a{number} b" for number in range(60_000)]
    metadata = {"tokenizer.ggml.tokens": tokens, "tokenizer.ggml.merges": merges, "general.name": "x"}
    data = gguf(metadata, [*decoder(layers=40), Row("blk.40.ffn_up.weight", (4096, 4096), "F16")])
    view = MemoryView({"m.gguf": data})
    file = read_header(view, "m.gguf")
    for key, given in (("tokenizer.ggml.tokens", tokens), ("tokenizer.ggml.merges", merges)):
        passed = file.array(key)
        assert passed is not None and passed.values is None
        fetched = read_strings(MemoryView({"m.gguf": data}), file, passed)
        assert fetched == tuple(text.encode() for text in given)
    assert file.problems == () and len(file.tensors) == 40 * 8 + 4
    ends = [offset + length for _, offset, length in view.reads]
    assert view.reads[0] == ("m.gguf", 0, 262_144)
    assert [offset for _, offset, _ in view.reads[1:]] == ends[:-1]  # one after the other, nothing twice
    assert len(view.reads) <= 8
    assert ends[-1] <= file.data_offset + cursor.WINDOW < len(data)


def test_many_first_reads_are_one_batch() -> None:
    view = MemoryView({"a.gguf": gguf({}, decoder()), "b.gguf": b"no", "c.gguf": pointer(5)})
    found = read_headers(view, ["a.gguf", "b.gguf", "c.gguf", "d.gguf"])
    assert isinstance(found["a.gguf"], Gguf)
    assert isinstance(found["b.gguf"], FormatError)
    assert "Git-LFS pointer" in str(found["c.gguf"])
    assert isinstance(found["d.gguf"], ReadError)
    assert [length for _, _, length in view.reads][1:] == [2, len(pointer(5))]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a valid GGUF file at byte [0-9]+: truncated"),
        (b"GGML" + bytes(40), "does not begin with GGUF"),
        (gguf(version=1), "version 1"),
        (gguf(version=4, big_endian=True), "version 4"),
        (gguf(version=0), "version 0"),
        (gguf(counts=(60_000, 0)), "more tensors and keys than fit"),
        (gguf(counts=(0, 60_000)), "more tensors and keys than fit"),
        (
            gguf({"k": Typed(ValueType.UINT8, 1)}).replace(b"k\x00\x00\x00\x00", b"k\x63\x00\x00\x00"),
            "type 99",
        ),
        (gguf({}, [Row("t", (2,) * 5)]), "5 dimensions"),
        (gguf({"k" * 70_000: 1}), "a name of 70,000 bytes"),
        (gguf({"k": "v" * 100})[:60], "not a valid GGUF file at byte [0-9]+: truncated"),
    ],
)
def test_what_makes_no_sense_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read(data)


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (gguf(counts=(2**60, 0)), "tensors"),
        (gguf(counts=(0, 2**60)), "metadata keys"),
        (gguf({"k": array(ValueType.ARRAY, [array(ValueType.ARRAY, [])] * 5000)}), "nested arrays"),
    ],
)
def test_counts_are_bounded(data: bytes, limit: str) -> None:
    with pytest.raises(LimitError) as caught:
        read(data)
    assert caught.value.limit == limit


def test_arrays_nest_only_so_deep() -> None:
    value = array(ValueType.INT8, [1])
    for _ in range(header.MAX_DEPTH):
        value = array(ValueType.ARRAY, [value])
    with pytest.raises(LimitError, match="nested"):
        read(gguf({"k": value}))


def test_strings_and_bytes_of_a_header_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = gguf({"a": ["x"] * 50, "b": ["y"] * 51})
    monkeypatch.setattr(header, "MAX_STRINGS", 100)
    with pytest.raises(LimitError, match="101 strings"):
        read(data)
    monkeypatch.undo()
    monkeypatch.setattr(cursor, "MAX_BYTES", 300_000)
    with pytest.raises(LimitError, match="300,000 bytes"):
        read(gguf({"a": ["x" * 1000] * 1000}))


def test_a_string_that_is_too_long_is_passed_over() -> None:
    file = read(gguf({"a": "x" * (header.MAX_TEXT + 1), "b": 1}))
    long = file.array("a")
    assert long is not None and long.values is None and long.nbytes == header.MAX_TEXT + 1
    assert file.text("a") is None and file.integer("b") == 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (gguf([("k", 1), ("k", 2)]), "the metadata key k stands twice"),
        (gguf({}, [Row("t", (8,)), Row("t", (8,))]), "the tensor name t stands twice"),
        (gguf({}, [Row("t", (32,), 99)]), "tensor t is of unknown type 99"),
        (gguf({}, [Row("t", (2**40, 2**40), 0)], data=False), "more elements than 63 bits count"),
        (gguf({}, [Row("t", (8,), offset=4)]), "not aligned to 32 bytes"),
        (gguf({}, [Row("a", (32,)), Row("b", (32,), offset=0)]), "tensor b overlaps the one before it"),
        (gguf({}, [Row("a", (32,)), Row("b", (32,), offset=4096)]), "3,968 unused bytes before tensor b"),
        (gguf({}, [Row("a", (32,))], data=False), "1 of 1 tensors reach past the end of the file"),
        (gguf({}, [Row("a", (3, 33), "Q8_0")]), "no whole blocks of Q8_0"),
        (gguf({"general.alignment": 24}), "no power of two"),
        (gguf({"general.alignment": "x"}), "no power of two"),
    ],
)
def test_broken_laws_are_told_and_the_table_still_listed(data: bytes, problem: str) -> None:
    file = read(data)
    assert any(problem in told for told in file.problems), file.problems


def test_a_sound_file_has_no_problems_and_its_own_alignment() -> None:
    file = read(gguf({"general.alignment": 64}, decoder(), alignment=64))
    assert (file.problems, file.alignment, file.data_offset % 64) == ((), 64, 0)
    assert read(gguf()).problems == ()


def test_problems_are_told_up_to_a_bound() -> None:
    file = read(gguf({}, [Row(f"t{number}", (32,), 99) for number in range(50)]))
    assert len(file.problems) == header.MAX_PROBLEMS + 1
    assert file.problems[-1] == "30 further problems"


def test_undecodable_text_is_replaced() -> None:
    file = read(gguf([("general.name", b"\xff\xfe")]))  # type: ignore[list-item]
    assert file.text("general.name") == "\ufffd\ufffd"


def test_truncation_at_every_byte_is_an_error_or_a_problem() -> None:
    whole = gguf({"general.name": "x", "a.list": ["y", "z"], "a.n": [1, 2]}, [Row("t", (2, 32), "Q8_0")])
    start = read(whole).data_offset
    end = start + 2 * 34  # padding follows
    for length in range(len(whole)):
        try:
            file = read(whole[:length])
        except AibomError:
            assert length < start
        else:
            assert any("past the end" in problem for problem in file.problems) == (length < end)


def test_the_tables_of_types_are_those_of_the_gguf_package() -> None:
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, LlamaFileType

    for kind in GGMLQuantizationType:
        assert tuple(TENSOR_TYPES[kind.value]) == (kind.name, *GGML_QUANT_SIZES[kind])
    for stated in LlamaFileType:
        plain = stated.name.removeprefix("MOSTLY_").removeprefix("ALL_")
        assert file_type(stated.value) == (plain if plain != "GUESSED" else "F32")
    assert file_type(99) is None and file_type(-1) is None and file_type(1024 + 15) == "Q4_K_M"


@pytest.mark.parametrize("big_endian", [False, True])
def test_files_of_the_gguf_package_read_as_it_reads_them(tmp_path: Path, big_endian: bool) -> None:
    import gguf as package
    import numpy as np

    def fill(writer: Any) -> None:
        writer.add_block_count(3)
        writer.add_array("a.strings", ["one", "two", "drei ß"])
        writer.add_array("a.numbers", [1, 2, 3])
        writer.add_custom_alignment(64)
        rng = np.random.default_rng(1)
        writer.add_tensor("token_embd.weight", rng.random((8, 64), dtype=np.float32))
        writer.add_tensor("blk.0.attn_q.weight", rng.random((64, 64), dtype=np.float32).astype(np.float16))
        q8 = package.quants.quantize(rng.random((4, 64), dtype=np.float32), package.GGMLQuantizationType.Q8_0)
        writer.add_tensor("output.weight", q8, raw_dtype=package.GGMLQuantizationType.Q8_0)

    endian = package.GGUFEndian.BIG if big_endian else package.GGUFEndian.LITTLE
    path = written(tmp_path, "m.gguf", fill, endianess=endian)
    file = read(path.read_bytes())
    theirs = package.GGUFReader(path)
    assert file.problems == () and file.big_endian is big_endian
    assert file.data_offset == theirs.data_offset and file.alignment == theirs.alignment
    assert [
        (item.name, item.type, list(item.shape[::-1]), item.elements, item.nbytes, item.offset)
        for item in file.tensors
    ] == [
        (
            item.name,
            item.tensor_type.name,
            item.shape.tolist(),
            item.n_elements,
            item.n_bytes,
            item.data_offset - theirs.data_offset,
        )
        for item in theirs.tensors
    ]
    for key, value in file.metadata.items():
        stated = theirs.get_field(key)
        assert stated is not None
        if isinstance(value, GgufArray):
            kept = [item.decode() if isinstance(item, bytes) else item for item in value.values or ()]
            assert kept == stated.contents()
        else:
            assert value == stated.contents()
