"""Where in a document something stands: what every reader needs to say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from aibom.bom.problem import pointer_to
from aibom.documents.limits import LONGEST_NAME, MAX_UNKNOWNS
from aibom.formats.values import JsonValue, as_str, clean
from aibom.model import (
    Ancestor,
    Dataset,
    FileEntry,
    Finding,
    Licence,
    Listing,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Stage,
    Unknown,
)

Path = tuple[str | int, ...]
Read = Part | FileEntry | Listing | Licence | Dataset | Ancestor | Origin | Finding | Unknown
"""What a reader of one form yields; a dossier sorts it by kind."""
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T", Part, FileEntry, Listing, Licence, Dataset, Ancestor, Origin, Finding)


@dataclass(frozen=True, slots=True)
class Page:
    """A document by its name."""

    name: str

    def at(self, path: Path) -> Locator:
        """The place of a value, as a JSON pointer."""
        return Locator(self.name, key=clean(pointer_to(path)))

    def unknown(self, reason: str, path: Path = ()) -> Unknown:
        """Something that the document leaves open, or says in a way that cannot be read."""
        place = clean(pointer_to(path), 200)
        return Unknown(self.name, Stage.BOM, clean(f"{place}: {reason}" if place else reason))


def text(value: JsonValue, limit: int = LONGEST_NAME) -> str:
    """One safe line; empty for what is no text."""
    return clean(as_str(value) or "", limit)


def member(kind: type[E], value: JsonValue) -> E | None:
    """The member of a closed set, or None."""
    return kind._value2member_map_.get(value) if isinstance(value, str) else None  # type: ignore[return-value]


def only(kind: type[T], read: Iterable[Read]) -> tuple[T, ...]:
    """What is of one kind, each once, in its order."""
    return tuple(dict.fromkeys(item for item in read if isinstance(item, kind)))


def unknowns(page: Page, read: Iterable[Read]) -> tuple[Unknown, ...]:
    """The unknowns, each once and sorted, up to a bound that is told."""
    found = sorted(
        {item for item in read if isinstance(item, Unknown)},
        key=lambda item: (item.path, item.stage, item.reason),
    )
    if len(found) <= MAX_UNKNOWNS:
        return tuple(found)
    left = len(found) - MAX_UNKNOWNS
    return (
        *found[:MAX_UNKNOWNS],
        page.unknown(f"{left:,} further things that could not be read are not listed"),
    )


def stated(name: str, country: JsonValue, where: str) -> OrganisationRef:
    """An organisation by a document's word, with the country that it gives as ISO 3166-1 alpha-2."""
    code = as_str(country) or ""
    known = len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()
    return OrganisationRef(f"stated:{name}", name, code if known else None, None, where)
