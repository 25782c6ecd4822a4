"""Runs each inspector on the files it asked for, and merges what they saw into one value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import TypeVar, get_args

from aibom.errors import AibomError, ReadError
from aibom.formats.paths import matching
from aibom.model import (
    CardFacts,
    Dataset,
    Declaration,
    Depth,
    FileEntry,
    Inspected,
    Licence,
    Notice,
    Observation,
    Part,
    Print,
    Role,
    Stage,
    Unknown,
    WeightSample,
)
from aibom.registry import LoadedInspector
from aibom.spi import Inspector, Range, View

MAX_EMISSIONS = 50_000
"""More values than this from one inspector is a fault of the plug-in or an attack by the target."""

_CARD = "README.md"

V = TypeVar("V")


class ScopedView:
    """A View that shows an inspector only the files that its globs match."""

    def __init__(self, view: View, patterns: Iterable[str]) -> None:
        self._view = view
        self._patterns = tuple(patterns)

    @cached_property
    def files(self) -> Mapping[str, FileEntry]:
        """The matching files."""
        return {path: self._view.files[path] for path in matching(self._view.files, self._patterns)}

    @property
    def depth(self) -> Depth:
        """The scan's depth."""
        return self._view.depth

    @property
    def read_ahead(self) -> int:
        """As the underlying view."""
        return self._view.read_ahead

    @property
    def shared(self) -> MutableMapping[tuple[object, str], object]:
        """As the underlying view."""
        return self._view.shared

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """As the underlying view, for files in scope."""
        if path not in self.files:
            raise ReadError(f"{path}: outside the files that this inspector asked for")
        return self._view.read(path, offset, length)

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """As the underlying view; ranges out of scope are answered with an error."""
        inside = [item for item in ranges if item.path in self.files]
        answers = iter(self._view.read_many(inside))
        return [
            next(answers)
            if item.path in self.files
            else ReadError(f"{item.path}: outside the files that this inspector asked for")
            for item in ranges
        ]

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths in scope that match a pattern."""
        return matching(self.files, patterns)


def run(view: View, inspectors: Iterable[LoadedInspector]) -> tuple[Inspected, tuple[Unknown, ...]]:
    """What all inspectors saw, in a stable order, and what they could not see.

    An inspector that raises is isolated: what it yielded before stands, and an Unknown says so.
    """
    seen: list[object] = []
    taken_apart: set[str] = set()
    for loaded in sorted(inspectors, key=_reads_no_card):
        inspector = loaded.inspector
        scope = ScopedView(view, inspector.globs)
        if scope.files:
            found = [item for item in _collect(inspector, scope) if not _is_whole_of(item, taken_apart)]
            taken_apart.update(path for part in _of(found, Part) if _is_piece(part) for path in part.files)
            seen.extend(found)
    unknowns = tuple(dict.fromkeys(_of(seen, Unknown)))
    return _merge(seen), unknowns


def _is_piece(part: Part) -> bool:
    """Whether a part tells of tensors of its files."""
    return part.present and (part.role.trained or bool(part.tensors))


def _is_whole_of(item: object, taken_apart: Collection[str]) -> bool:
    """Whether a part only says that weights lie in files that another inspector took apart."""
    if not isinstance(item, Part) or item.role is not Role.OTHER or not item.present or not item.files:
        return False
    return all(path in taken_apart for path in item.files)


def _reads_no_card(loaded: LoadedInspector) -> bool:
    """Who reads the card goes first: its word counts before what a weight file says of itself."""
    return _CARD not in loaded.inspector.globs


def _collect(inspector: Inspector, scope: ScopedView) -> list[object]:
    collected: list[object] = []
    where = f"plugin:{inspector.ident}"
    try:
        for emission in inspector.inspect(scope):
            if len(collected) >= MAX_EMISSIONS:
                reason = f"stopped after {MAX_EMISSIONS} values (limit: emissions)"
                return [*collected, Unknown(where, Stage.INSPECTION, reason)]
            collected.append(emission)
    except AibomError as error:
        collected.append(Unknown(where, Stage.INSPECTION, error.message))
    except Exception as error:  # a plug-in may raise anything, RecursionError and MemoryError included
        reason = f"the inspector stopped: {type(error).__name__}: {str(error)[:200]}"
        collected.append(Unknown(where, Stage.INSPECTION, reason))
    return collected


def _merge(seen: Sequence[object]) -> Inspected:
    parts = _merge_parts(_of(seen, Part))
    prints = dict.fromkeys(value for kind in get_args(Print) for value in _of(seen, kind))
    return Inspected(
        parts=parts,
        declarations=tuple(dict.fromkeys(_of(seen, Declaration))),
        notices=tuple(dict.fromkeys(_of(seen, Notice))),
        licences=tuple(dict.fromkeys(_of(seen, Licence))),
        datasets=tuple(dict.fromkeys(_of(seen, Dataset))),
        card=_merge_cards(_of(seen, CardFacts)),
        observations=tuple(dict.fromkeys(_of(seen, Observation))),
        prints=tuple(_placed(prints, parts)),
    )


def _placed(prints: Iterable[Print], parts: Sequence[Part]) -> Iterator[Print]:
    """Samples under the ids that their parts have now; those of the same weights in another format left out.

    Which part a sample is of shows in its file: two formats give their parts the same ids.
    """
    for item in prints:
        if not isinstance(item, WeightSample) or item.locator is None:
            yield item
            continue
        of = re.compile(rf"{re.escape(item.part)}(?:-\d+)?")
        holders = [part for part in parts if item.locator.path in part.files and of.fullmatch(part.id)]
        holder = next((part for part in holders if part.id == item.part), next(iter(holders), None))
        if holder is None or not holder.alternative:
            yield item if holder is None else replace(item, part=holder.id)


def _merge_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Unique ids, and weights counted once.

    Where one format already gives the tensors of the model, parts of another format are the same
    model exported again: they stand as alternatives, so that shares are not counted twice. Formats that
    models are converted into come last. A part that a configuration declares and one format holds is one.
    """
    merged: dict[str, Part] = {}
    holder: frozenset[str] = frozenset()
    for part in sorted(parts, key=_is_export):
        suffixes = _suffixes(part)
        if part.present and part.role.trained and suffixes:
            if holder and not suffixes & holder:
                part = replace(part, alternative=True)
            elif not holder:
                holder = suffixes
        elif _is_export(part) and any(_stands_for(known, part) for known in merged.values()):
            part = replace(part, alternative=True)
        known = merged.get(part.id)
        if known is not None and _holds(part, known):
            merged[part.id] = _united(known, part)
            continue
        ident, number = part.id, 2
        while ident in merged:
            ident, number = f"{part.id}-{number}", number + 1
        merged[ident] = replace(part, id=ident)
    return tuple(merged.values())


_SERIALISATIONS = frozenset({"safetensors", "onnx", "gguf", "bin", "pt", "pth", "h5", "msgpack", "keras"})
_EXPORTS = frozenset({"gguf", "onnx"})


def _suffixes(part: Part) -> frozenset[str]:
    return frozenset(path.rpartition(".")[2].lower() for path in part.files) & _SERIALISATIONS


def _is_export(part: Part) -> bool:
    """Whether all of a part lies in formats that models are converted into."""
    suffixes = _suffixes(part)
    return bool(suffixes) and suffixes <= _EXPORTS


def _stands_for(known: Part, part: Part) -> bool:
    """Whether a tokenizer or template stands in files of its own, beside the one inside an export."""
    return known.role is part.role and known.present and not _is_export(known)


def _holds(part: Part, known: Part) -> bool:
    """Whether `part` is the weights of what was only declared so far."""
    absent = known.declared and not known.present and not known.files
    return absent and part.role is known.role and part.present and not part.alternative


def _united(declared: Part, part: Part) -> Part:
    return replace(
        part,
        declared=True,
        facts=(*declared.facts, *part.facts),
        locators=(*declared.locators, *part.locators),
    )


def _merge_cards(cards: Iterable[CardFacts]) -> CardFacts:
    """Field by field, the first value that says something; facts are all kept."""
    merged = CardFacts()
    for card in cards:
        changes = {
            field.name: getattr(card, field.name)
            for field in fields(CardFacts)
            if field.name != "facts" and not getattr(merged, field.name)
        }
        merged = replace(merged, facts=tuple(dict.fromkeys(merged.facts + card.facts)), **changes)
    return merged


def _of(values: Iterable[object], kind: type[V]) -> list[V]:
    return [value for value in values if isinstance(value, kind)]
