"""Entries of the organisations registry, as its schema has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from aibom.catalog.names import normalise, plain


class OrganisationKind(StrEnum):
    """What an organisation is. A redistributor (quantiser, mirror) is never an origin of its own."""

    COMPANY = "company"
    INSTITUTE = "institute"
    UNIVERSITY = "university"
    COMMUNITY = "community"
    INDIVIDUAL = "individual"
    REDISTRIBUTOR = "redistributor"


class NameKind(StrEnum):
    """What a name is; a brand identifies its owner only where it is the whole text."""

    LEGAL = "legal"
    BRAND = "brand"
    COPYRIGHT_NOTICE = "copyright-notice"
    TEAM = "team"


class Boilerplate(StrEnum):
    """How far a holder's name in a notice is a trace of porting rather than of origin."""

    ALWAYS = "always"
    """A co-notice of porting wherever it stands."""
    DERIVED = "derived"
    """Boilerplate on files that derive from an older port; its own on its holder's files."""


class Basis(StrEnum):
    """What ties an organisation to a country."""

    REGISTERED = "registered"
    HEADQUARTERS = "headquarters"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Name:
    """One name. `generic` ones are too common to identify anyone: shown, never matched."""

    text: str
    kind: NameKind
    verified: bool = False
    lang: str = "en"
    generic: bool = False
    boilerplate: Boilerplate | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A namespace on the Hub, or an organisation on GitHub."""

    name: str
    verified: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """A public identifier; `scheme` is `lei` (ISO 17442) or `wikidata`."""

    scheme: str
    value: str
    verified: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A country (ISO 3166-1 alpha-2, or `multi`) from one day to another, both included."""

    country: str
    basis: Basis
    verified: bool = False
    sources: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent by its registry id; `kind` is `direct` or `ultimate`."""

    id: str
    kind: str
    verified: bool = False
    sources: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One entry of the registry; see `schemas/` for the meaning of each field."""

    id: str
    kind: OrganisationKind
    names: tuple[Name, ...]
    hub_namespaces: tuple[Account, ...] = ()
    github: tuple[Account, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    parents: tuple[Parent, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """The name for people: the first one."""
        return self.names[0].text


def generic_words(organisations: Iterable[Organisation]) -> frozenset[str]:
    """The words that are too common to identify anyone, in plain spelling."""
    return frozenset(plain(name.text) for entry in organisations for name in entry.names if name.generic)


def is_whole(name: Name, generic: frozenset[str]) -> bool:
    """Whether a name must be the whole text: a brand, or "the Falcon authors", whose core is generic."""
    return name.kind is NameKind.BRAND or normalise(name.text) in generic


def name_key(name: Name, generic: frozenset[str]) -> str:
    """The spelling under which a name is looked up."""
    return plain(name.text) if is_whole(name, generic) else normalise(name.text)


def decode(document: Any) -> tuple[Organisation, ...]:
    """Entries of a document that the schema accepts; dates are ISO 8601 days."""
    import msgspec

    entries: tuple[Organisation, ...] = msgspec.convert(
        [_renamed(entry) for entry in document["organisations"]], tuple[Organisation, ...]
    )
    return entries


def _renamed(entry: dict[str, Any]) -> dict[str, Any]:
    """`from` is a keyword of Python: the fields are `start` and `end` here."""
    keys = {"from": "start", "to": "end"}
    return entry | {
        key: [{keys.get(name, name): value for name, value in item.items()} for item in entry[key]]
        for key in ("jurisdictions", "parents")
        if key in entry
    }
