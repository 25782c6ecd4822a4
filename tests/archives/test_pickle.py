"""Pickles by opcode: what they import and call, whatever form that takes, and nothing of it done."""

from __future__ import annotations

import collections
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import Cursor
from aibom.formats.pickle import Global, Node, Pickle, Verdict, judge, machine, opcodes, read_pickle
from tests.builders import pickles as build

SYSTEM = Global("os", "system")
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def walk(data: bytes) -> Pickle:
    return read_pickle(Cursor.of_bytes(data, "p"))


def plain(value: Any) -> Any:
    """A described value as a value."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Node):
        if value.kind == "dict":
            return {plain(key): plain(child) for key, child in value.pairs or ()}
        return list(map(plain, value.items or ()))
    return value


@given(PLAIN, st.integers(3, 5))
def test_plain_values_are_described_as_they_load(value: Any, protocol: int) -> None:
    found = walk(pickle.dumps(value, protocol))
    assert found.error is None
    assert plain(found.value) == value


@pytest.mark.parametrize("protocol", range(6))
def test_all_protocols_name_their_imports(protocol: int) -> None:
    value = [collections.OrderedDict(a="x\n'\\é\u20ac"), {1, 2}, frozenset([3]), 2**80, -1.5, b"b"]
    found = walk(pickle.dumps(value, protocol))
    assert found.error is None
    assert Global("collections", "OrderedDict") in found.imports
    assert {judge(item) for item in found.imports} == {Verdict.SAFE}


@pytest.mark.parametrize(
    "body",
    [
        build.call(build.name("os", "system"), build.text("true")),
        build.call(build.stack_name("os", "system"), build.text("true")),
        b"(" + build.text("true") + b"ios\nsystem\n",
        b"(" + build.name("os", "system") + build.text("true") + b"o",
        build.name("os", "system") + build.sequence(build.text("true")) + b"\x81",
        build.name("os", "system") + build.sequence() + b"}\x92",
        b"\x8c\x02os\x94\x8c\x06system\x940h\x00h\x01\x93" + build.sequence(build.text("true")) + b"R",
    ],
)
def test_every_way_to_call_is_seen(body: bytes) -> None:
    found = walk(build.pickled(body, 4))
    assert found.error is None
    assert SYSTEM in found.imports
    assert SYSTEM in found.called


def test_what_stands_before_a_break_is_told() -> None:
    """A load runs it before it fails."""
    found = walk(b"\x80\x02" + build.call(build.name("os", "system"), build.text("true")) + b"\xff")
    assert found.imports == (SYSTEM,)
    assert isinstance(found.error, FormatError)


def test_a_computed_name_is_no_known_one() -> None:
    joined = build.call(build.name("operator", "add"), build.text("sys"), build.text("tem"))
    found = walk(build.pickled(build.text("os") + joined + b"\x93" + b")R", 4))
    assert Global("os", machine.COMPUTED) in found.imports


def test_a_computed_callable_is_told() -> None:
    inner = build.call(build.name("a", "b"))
    found = walk(build.pickled(build.call(inner)))
    assert Global(machine.COMPUTED, machine.COMPUTED) in found.called


def test_extension_codes_are_imports() -> None:
    assert walk(build.pickled(b"\x82\x07")).imports == (Global("copyreg", "extension 7"),)


@pytest.mark.parametrize(
    "body", [b"R", b"0", b"u", b"a", b"\x85", b"h\x09", b"t", b"\x93", b"o", b"b", b"q\0"]
)
def test_an_opcode_without_its_operands_ends_the_walk(body: bytes) -> None:
    assert isinstance(walk(build.pickled(body)).error, FormatError)


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        (("torch._utils", "_rebuild_tensor_v2"), Verdict.SAFE),
        (("builtins", "set"), Verdict.SAFE),
        (("torch", "float8_e4m3fn"), Verdict.SAFE),
        (("torch.nn.modules.linear", "Linear"), Verdict.SAFE),
        (("numpy.dtypes", "Float32DType"), Verdict.SAFE),
        (("pathlib", "PosixPath"), Verdict.SAFE),
        (("os", "system"), Verdict.RUNS),
        (("builtins", "eval"), Verdict.RUNS),
        (("__builtin__", "getattr"), Verdict.RUNS),
        (("torch.serialization", "os"), Verdict.RUNS),
        (("torch.serialization", "os.system"), Verdict.RUNS),
        (("collections", "_sys.modules"), Verdict.UNKNOWN),
        (("importlib.util", "find_spec"), Verdict.RUNS),
        (("torch.hub", "load"), Verdict.RUNS),
        (("pickle", "loads"), Verdict.LOADS),
        (("torch.storage", "_load_from_bytes"), Verdict.LOADS),
        (("torch", "load"), Verdict.LOADS),
        (("numpy", "load"), Verdict.LOADS),
        (("numpy", "fromfile"), Verdict.UNKNOWN),
        (("__main__", "Net"), Verdict.UNKNOWN),
        (("code.models", "Net"), Verdict.UNKNOWN),
        (("builtins", "print"), Verdict.UNKNOWN),
    ],
)
def test_imports_are_judged(item: tuple[str, str], verdict: Verdict) -> None:
    assert judge(Global(*item)) is verdict


def test_long_strings_are_passed_over() -> None:
    view = b"\x8e" + (200_000).to_bytes(8, "little") + b"x" * 200_000
    fetched: list[tuple[int, int]] = []
    data = build.pickled(view)

    def fetch(offset: int, length: int) -> bytes:
        fetched.append((offset, length))
        return data[offset : offset + length]

    found = read_pickle(Cursor(fetch, len(data), "p", window=64))
    assert found.error is None
    assert sum(length for _, length in fetched) < 1_000


@pytest.mark.parametrize(
    ("module", "bound", "body", "limit"),
    [
        (opcodes, "MAX_OPCODES", b"N0" * 20, "pickle opcodes"),
        (machine, "MAX_NODES", b"]" * 20, "pickle objects"),
        (machine, "MAX_MEMO", b"N" + b"\x94" * 20, "pickle remembered values"),
        (machine, "MAX_MARKS", b"(" * 20, "pickle open marks"),
        (machine, "MAX_IMPORTS", b"".join(build.name("m", f"n{at}") for at in range(20)), "pickle imports"),
    ],
)
def test_bounds(monkeypatch: pytest.MonkeyPatch, module: Any, bound: str, body: bytes, limit: str) -> None:
    monkeypatch.setattr(module, bound, 10)
    error = walk(build.pickled(body)).error
    assert isinstance(error, LimitError)
    assert error.limit == limit


@pytest.mark.parametrize(
    "body", [b"\x8b" + b"\xff\xff\xff\x7f", b"I" + b"9" * 5_000 + b"\n", b"\x8a\xff" + b"1" * 99]
)
def test_numbers_are_bounded(body: bytes) -> None:
    assert walk(build.pickled(body)).error is not None


@given(st.binary(max_size=200))
def test_any_bytes_are_walked(data: bytes) -> None:
    walk(data)
