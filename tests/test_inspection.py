"""Inspection shows a plug-in its own files only, isolates its faults, and merges what all saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from aibom import inspection
from aibom.errors import FormatError, ReadError
from aibom.model import CardFacts, Emission, Fact, Inspected, Locator, Part, Role, ToolPart, Unknown
from aibom.registry import LoadedInspector
from aibom.sources.memory import MemoryView
from aibom.spi import READ_AHEAD, Range, View


def plugin(
    work: Callable[[View], Iterator[Emission]], *, name: str = "one", globs: tuple[str, ...] = ("**",)
) -> LoadedInspector:
    class Plugin:
        ident: ClassVar[str] = name
        summary: ClassVar[str] = ""
        api: ClassVar[int] = 1

        def inspect(self, view: View) -> Iterator[Emission]:
            return work(view)

    Plugin.globs = globs  # type: ignore[attr-defined]
    return LoadedInspector(Plugin(), ToolPart(name, "1"))  # type: ignore[arg-type]


def run(*plugins: LoadedInspector, **contents: bytes) -> tuple[Inspected, tuple[Unknown, ...]]:
    files = {name.replace("_", "."): data for name, data in contents.items()} or {"a.txt": b"a"}
    return inspection.run(MemoryView(files), plugins)


def test_an_inspector_sees_its_own_files_only() -> None:
    seen: dict[str, Any] = {}

    def work(view: View) -> Iterator[Emission]:
        seen["files"] = list(view.files)
        seen["ahead"] = view.read_ahead
        seen["answers"] = view.read_many([Range("b.bin"), Range("a.txt")])
        with pytest.raises(ReadError, match="outside the files"):
            view.read("b.bin")
        yield Part("x", Role.OTHER, "x")

    run(plugin(work, globs=("*.txt",)), a_txt=b"A", b_bin=b"B")
    assert seen["files"] == ["a.txt"]
    assert seen["ahead"] == READ_AHEAD
    assert isinstance(seen["answers"][0], ReadError)
    assert seen["answers"][1] == b"A"


def test_an_inspector_without_files_is_not_run() -> None:
    def work(view: View) -> Iterator[Emission]:
        raise AssertionError("must not run")

    assert run(plugin(work, globs=("*.none",))) == (Inspected(), ())


@pytest.mark.parametrize(
    "error", [FormatError("broken header"), ValueError("x"), RecursionError(), MemoryError()]
)
def test_a_fault_keeps_what_came_before_and_the_other_inspectors(error: Exception) -> None:
    def fails(view: View) -> Iterator[Emission]:
        yield Part("first", Role.OTHER, "first")
        raise error

    def works(view: View) -> Iterator[Emission]:
        yield Part("second", Role.OTHER, "second")

    inspected, unknowns = run(plugin(fails), plugin(works, name="two"))
    assert [part.id for part in inspected.parts] == ["first", "second"]
    assert [unknown.path for unknown in unknowns] == ["plugin:one"]


def test_a_flood_of_values_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_EMISSIONS", 3)

    def endless(view: View) -> Iterator[Emission]:
        number = 0
        while True:
            number += 1
            yield Part(f"p{number}", Role.OTHER, "p")

    inspected, unknowns = run(plugin(endless))
    assert len(inspected.parts) == 3
    assert "limit: emissions" in unknowns[0].reason


def test_ids_stay_unique_and_an_export_is_not_counted_twice() -> None:
    def native(view: View) -> Iterator[Emission]:
        yield Part(
            "decoder-core", Role.DECODER_CORE, "core", files=("m.safetensors",), parameters=10, present=True
        )
        yield Part("head", Role.HEAD, "head", files=("m.safetensors",), parameters=1, present=True)

    def export(view: View) -> Iterator[Emission]:
        yield Part("decoder-core", Role.DECODER_CORE, "core", files=("m.onnx",), parameters=10, present=True)

    inspected, _ = run(plugin(native), plugin(export, name="two"))
    assert [(part.id, part.alternative) for part in inspected.parts] == [
        ("decoder-core", False),
        ("head", False),
        ("decoder-core-2", True),
    ]


def test_an_export_that_comes_first_still_stands_back() -> None:
    def export(view: View) -> Iterator[Emission]:
        yield Part("decoder-core", Role.DECODER_CORE, "core", files=("m.gguf",), parameters=10, present=True)
        yield Part("tokenizer", Role.TOKENIZER, "tokenizer", files=("m.gguf",), present=True)

    def native(view: View) -> Iterator[Emission]:
        yield Part("decoder-core", Role.DECODER_CORE, "core", files=("m.bin",), parameters=10, present=True)
        yield Part("tokenizer", Role.TOKENIZER, "tokenizer", files=("tokenizer.json",), present=True)

    inspected, _ = run(plugin(export), plugin(native, name="two"))
    assert [(part.id, part.files, part.alternative) for part in inspected.parts] == [
        ("decoder-core", ("m.bin",), False),
        ("tokenizer", ("tokenizer.json",), False),
        ("decoder-core-2", ("m.gguf",), True),
        ("tokenizer-2", ("m.gguf",), True),
    ]


def test_a_part_that_is_declared_in_one_place_and_held_in_another_is_one() -> None:
    place = Locator("config.json", key="model_type")

    def declares(view: View) -> Iterator[Emission]:
        fact = Fact("model_type", "toy", place)
        yield Part("decoder-core", Role.DECODER_CORE, "core", declared=True, facts=(fact,), locators=(place,))
        yield Part("head", Role.HEAD, "head", declared=True)

    def holds(view: View) -> Iterator[Emission]:
        yield Part("decoder-core", Role.DECODER_CORE, "core", files=("m.gguf",), parameters=10, present=True)
        yield Part("head", Role.OTHER, "not a head", files=("m.gguf",), present=True)

    inspected, _ = run(plugin(declares), plugin(holds, name="two"))
    core, *others = inspected.parts
    assert (core.declared, core.present, core.parameters) == (True, True, 10)
    assert core.fact("model_type") == "toy" and core.locators == (place,)
    assert [(part.id, part.present) for part in others] == [("head", False), ("head-2", True)]


def test_the_card_counts_before_what_a_file_says_of_itself() -> None:
    def file(view: View) -> Iterator[Emission]:
        yield CardFacts(title="from the file", description="from the file")

    def card(view: View) -> Iterator[Emission]:
        yield CardFacts(title="from the card")

    reader = plugin(card, name="two", globs=("README.md", "*.txt"))
    inspected, _ = run(plugin(file), reader)
    assert (inspected.card.title, inspected.card.description) == ("from the card", "from the file")


def test_cards_merge_field_by_field() -> None:
    def one(view: View) -> Iterator[Emission]:
        yield CardFacts(title="T", facts=(Fact("a", 1),))
        yield CardFacts(title="other", task="text-generation", facts=(Fact("b", 2),))

    inspected, _ = run(plugin(one))
    assert inspected.card == CardFacts(title="T", task="text-generation", facts=(Fact("a", 1), Fact("b", 2)))
