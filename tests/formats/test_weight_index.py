"""The index over shards, held against their headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, ReadError
from aibom.formats.safetensors import (
    Held,
    IndexProblem,
    IndexProblemKind,
    check_index,
    read_index,
)
from aibom.sources.memory import MemoryView
from tests.builders.safetensors import index


def held(*names: str, shared: int = 0) -> Held:
    """Four bytes each; those of `shared` of them are those of others."""
    return Held(frozenset(names), (4 * (len(names) - shared), 4 * len(names)))


def problems(data: bytes, shards: dict[str, Held | ReadError]) -> dict[tuple[str, str], str]:
    found = check_index(read_index(MemoryView({"unet/i.json": data}), "unet/i.json"), shards)
    return {(problem.kind.value, problem.path): problem.statement for problem in found}


def test_shards_lie_beside_the_index() -> None:
    view = MemoryView({"unet/i.json": index({"b": "2.safetensors", "a": "1.safetensors"}, 8)})
    read = read_index(view, "unet/i.json")
    assert read.weight_map == {"a": "unet/1.safetensors", "b": "unet/2.safetensors"}
    assert read.shards == ("unet/1.safetensors", "unet/2.safetensors")
    assert read.total_size == 8
    assert read_index(MemoryView({"i.json": index({"a": "s"})}), "i.json").weight_map == {"a": "s"}


def test_an_index_that_agrees() -> None:
    data = index({"a": "1", "b": "2"}, 8)
    assert problems(data, {"unet/1": held("a"), "unet/2": held("b")}) == {}


def test_a_shard_that_is_not_there() -> None:
    found = problems(index({"a": "1", "b": "2", "c": "2"}, 12), {"unet/1": held("a")})
    assert found == {
        ("missing-shard", "unet/2"): "the index places 2 tensors (b, …) in a shard that is not there"
    }


def test_tensors_too_few_too_many_and_the_sum() -> None:
    found = problems(index({"a": "1", "b": "1"}, 99), {"unet/1": held("a", "x", "y")})
    assert found == {
        ("missing-tensors", "unet/1"): "the index names tensor b that the shard does not hold",
        ("extra-tensors", "unet/1"): "the shard holds 2 tensors (x, …) that the index does not place there",
        ("total-size", "unet/i.json"): "the index promises 99 bytes of tensors; the shards hold 12",
    }


@pytest.mark.parametrize(("total", "agrees"), [(7, False), (8, True), (12, True), (13, False)])
def test_tensors_that_share_their_bytes_may_be_counted_once_or_each(total: int, agrees: bool) -> None:
    found = problems(index({"a": "1", "b": "1", "c": "1"}, total), {"unet/1": held("a", "b", "c", shared=1)})
    assert (not found) is agrees


def test_a_sum_is_not_judged_where_an_element_type_is_not_known() -> None:
    assert problems(index({"a": "1"}, 99), {"unet/1": Held(frozenset("a"), None)}) == {}


def test_a_shard_that_could_not_be_read_is_left_alone() -> None:
    assert problems(index({"a": "1"}, 99), {"unet/1": ReadError("gone")}) == {}


@pytest.mark.parametrize("shard", ["../../etc/passwd", "/etc/passwd", "..\\x", "C:\\x", "a\u0000b"])
def test_a_shard_outside_the_repository(shard: str) -> None:
    ((kind, path),) = problems(index({"a": shard}), {})
    assert kind == "unsafe-shard"
    assert path.isprintable()


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"weight_map": []}', b'{"weight_map": {"a": 1}}', b"\xff"]
)
def test_other_content_is_a_format_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_index(MemoryView({"i": data}), "i")


def test_total_size_as_real_indexes_write_it() -> None:
    data = b'\xef\xbb\xbf{"metadata": {"total_size": 8.0, "x": null}, "weight_map": {}}'
    assert read_index(MemoryView({"i": data}), "i").total_size == 8
    assert read_index(MemoryView({"i": b'{"weight_map": {}}'}), "i").total_size is None


@given(st.binary())
def test_any_bytes_give_an_index_or_an_error_of_ours(data: bytes) -> None:
    try:
        found = check_index(read_index(MemoryView({"i": data}), "i"), {})
        assert all(isinstance(problem, IndexProblem) for problem in found)
    except AibomError as error:
        assert error.message.startswith("i: ")


@pytest.mark.field
def test_the_index_of_a_pruned_model(field: Path) -> None:
    path = field / "bryce-hoehn__Qwen3.5-25B-REAP-A3B-Coding/model.safetensors.index.json"
    read = read_index(MemoryView({"i.json": path.read_bytes()}), "i.json")
    assert len(read.shards) == 10
    assert not any("visual" in name for name in read.weight_map)
    found = check_index(read, {})
    assert [problem.kind for problem in found] == [IndexProblemKind.MISSING_SHARD] * 10
