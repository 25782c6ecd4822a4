"""What a registry can have wrong beyond its schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aibom.catalog.countries import COUNTRIES
from aibom.catalog.entries import (
    Jurisdiction,
    NameKind,
    Organisation,
    Parent,
    decode,
    generic_words,
    name_key,
)
from aibom.catalog.names import plain
from aibom.formats.values import clean

_NAMING = (NameKind.LEGAL, NameKind.BRAND)


@dataclass(frozen=True, slots=True)
class RegistryProblem:
    """One thing wrong with the entry `id` (empty: with the file)."""

    id: str
    message: str


def lint_organisations(document: Any) -> tuple[RegistryProblem, ...]:
    """Everything wrong with a registry document, by entry: schema first, then the sense of it.

    An overlay is linted after it was merged (`merge`), since its parents may be shipped entries.
    """
    broken = schema_problems(document)
    if broken:
        return broken
    entries = decode(document)
    found = [problem for check in _CHECKS for problem in check(entries)]
    return tuple(sorted(set(found), key=lambda problem: (problem.id, problem.message)))


def schema_problems(document: Any) -> tuple[RegistryProblem, ...]:
    """Where a document breaks `organisations.schema.json`."""
    return tuple(
        RegistryProblem(
            _owner(document, error.instance_path), clean(f"{_pointer(error.instance_path)}: {error.message}")
        )
        for error in _validator().iter_errors(document)
    )


@lru_cache(maxsize=1)
def _validator() -> Any:
    import jsonschema_rs

    from aibom_schemas import schema

    return jsonschema_rs.validator_for(schema("organisations"), validate_formats=True)


def _pointer(path: list[str | int]) -> str:
    return "/" + "/".join(str(step) for step in path)


def _owner(document: Any, path: list[str | int]) -> str:
    if len(path) < 2 or path[0] != "organisations":
        return ""
    entry = document["organisations"][path[1]]
    ident = entry.get("id") if isinstance(entry, dict) else None
    return clean(ident, 80) if isinstance(ident, str) else ""


def _duplicate_ids(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    yield from _shared(entries, "id", lambda entry: {entry.id})


def _duplicate_namespaces(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    yield from _shared(
        entries, "Hub namespace", lambda entry: {account.name.casefold() for account in entry.hub_namespaces}
    )


def _duplicate_names(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    generic = generic_words(entries)

    def keys(entry: Organisation) -> set[str]:
        return {name_key(name, generic) for name in entry.names if not name.generic}

    yield from _shared(entries, "name", keys)


def _shared(
    entries: tuple[Organisation, ...], what: str, keys: Callable[[Organisation], set[str]]
) -> Iterator[RegistryProblem]:
    owner: dict[str, str] = {}
    for entry in entries:
        for key in sorted(keys(entry)):
            if key in owner:
                yield RegistryProblem(entry.id, f"{what} {key!r} also stands at {owner[key]}")
            owner.setdefault(key, entry.id)


def _naming(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    for entry in entries:
        if not any(name.kind in _NAMING and not name.generic for name in entry.names):
            yield RegistryProblem(entry.id, "no legal name and no brand")
        if any(not plain(name.text) for name in entry.names):
            yield RegistryProblem(entry.id, "a name without a letter or digit")


def _countries(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    for entry in entries:
        for item in entry.jurisdictions:
            if item.country not in COUNTRIES and item.country != "multi":
                yield RegistryProblem(entry.id, f"{item.country} is no ISO 3166-1 alpha-2 code")
            if not item.sources:
                yield RegistryProblem(entry.id, f"country {item.country} without a source")


def _periods(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    for entry in entries:
        dated: tuple[Jurisdiction | Parent, ...] = (*entry.jurisdictions, *entry.parents)
        for item in dated:
            if item.start and item.end and item.start > item.end:
                yield RegistryProblem(entry.id, f"from {item.start} is after to {item.end}")


def _parents(entries: tuple[Organisation, ...]) -> Iterator[RegistryProblem]:
    known = {entry.id: entry for entry in entries}
    for entry in entries:
        for parent in entry.parents:
            if parent.id not in known:
                yield RegistryProblem(entry.id, f"parent {parent.id} is not in the registry")
        if entry.id in _above(entry, known):
            yield RegistryProblem(entry.id, "is its own parent, directly or through others")


def _above(entry: Organisation, known: dict[str, Organisation]) -> set[str]:
    reached: set[str] = set()
    waiting = [parent.id for parent in entry.parents]
    while waiting:
        ident = waiting.pop()
        if ident not in reached and ident in known:
            reached.add(ident)
            waiting.extend(parent.id for parent in known[ident].parents)
    return reached


_CHECKS = (_duplicate_ids, _duplicate_namespaces, _duplicate_names, _naming, _countries, _periods, _parents)
