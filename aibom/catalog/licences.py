"""What licences ask: facts of known licences, by id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class LicenceClass(StrEnum):
    """The kind of a licence."""

    PERMISSIVE = "permissive"
    WEAK_COPYLEFT = "weak-copyleft"
    STRONG_COPYLEFT = "strong-copyleft"
    NO_DERIVATIVES = "no-derivatives"
    COMMUNITY = "community"
    """An organisation's own terms for open weights, with limits on use or users."""
    NON_COMMERCIAL = "non-commercial"
    """Research, or other use that earns nothing."""
    FIELD_OF_USE = "field-of-use"
    """Open to all but for listed uses, which every copy must forbid too (OpenRAIL)."""
    PROPRIETARY = "proprietary"

    @property
    def restricted(self) -> bool:
        """Whether it limits who may use the work, or what for."""
        return self in _RESTRICTED


_RESTRICTED = frozenset(
    {
        LicenceClass.NO_DERIVATIVES,
        LicenceClass.COMMUNITY,
        LicenceClass.NON_COMMERCIAL,
        LicenceClass.FIELD_OF_USE,
        LicenceClass.PROPRIETARY,
    }
)


class Ask(StrEnum):
    """One thing that a licence asks for. Values are what the documentation says."""

    ATTRIBUTION = "attribution"
    NOTICE = "notice file"
    CHANGES = "changes stated"
    SHARE_ALIKE = "share-alike"
    NAMING = "naming"
    DISPLAY = "displayed attribution"
    PASSING_ON = "passing-on of terms"
    USE_POLICY = "use policy"
    NON_COMMERCIAL = "no commercial use"
    NO_DERIVATIVES = "no derivatives"


@dataclass(frozen=True, slots=True)
class LicenceTerms:
    """One licence.

    Attributes:
        id: SPDX id, or the Hub's id where SPDX has none.
        name: for people.
        kind: its class.
        asks: what it asks for.
        names: further ways to write the id.
        owner: registry id of the organisation whose own terms these are.
        limits: what else it limits, in words.
        name_begins: what the name of a model made with the licensed one must begin with.
        display: words to be displayed; any one of them will do.
    """

    id: str
    name: str
    kind: LicenceClass
    asks: tuple[Ask, ...]
    names: tuple[str, ...] = ()
    owner: str | None = None
    limits: tuple[str, ...] = ()
    name_begins: str | None = None
    display: tuple[str, ...] = ()

    def asks_for(self, ask: Ask) -> bool:
        """Whether it asks for that."""
        return ask in self.asks


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """How the names of an organisation's own licences begin; `owner` is its registry id.

    Licences that others use for their models too (OpenRAIL, modified MIT) are nobody's own.
    """

    owner: str
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The licence of a well-known repository, or of all that a pattern with `*` names."""

    repository: str
    licence: str


@dataclass(frozen=True, slots=True)
class Document:
    """The file. Its header says on what ground, and of which day, everything in it is."""

    header: dict[str, str]
    licences: tuple[LicenceTerms, ...]
    own_terms: tuple[OwnTerms, ...]
    models: tuple[Stated, ...]
    datasets: tuple[Stated, ...]


class Licences:
    """Look-up of terms by SPDX expression, Hub id or name, and of what well-known works stand under."""

    def __init__(self, document: Document) -> None:
        self._own = document.own_terms
        self._document = document
        self.all = tuple(replace(item, owner=self.owner(item.id)) for item in document.licences)
        self._by_name = {_key(name): item for item in self.all for name in (item.id, *item.names)}

    @property
    def basis(self) -> str:
        """On what ground, and as of which day, the facts are said."""
        return f"{self._document.header['source']}, {self._document.header['released']}"

    def owner(self, name: str) -> str | None:
        """The registry id of the organisation whose own licence a name stands for, or None."""
        key = _BEFORE.sub("", re.sub(r"[\s_]+", "-", name.strip().casefold()))
        return next((own.owner for own in self._own if key.startswith(own.begins)), None)

    def of_model(self, hub_id: str) -> LicenceTerms | None:
        """The terms that a well-known model stands under; None for others."""
        return self._stated(self._document.models, hub_id)

    def of_dataset(self, hub_id: str) -> LicenceTerms | None:
        """The terms that a well-known dataset stands under; None for others."""
        return self._stated(self._document.datasets, hub_id)

    def _stated(self, works: Iterable[Stated], hub_id: str) -> LicenceTerms | None:
        name = hub_id.casefold()
        found = (item.licence for item in works if fnmatchcase(name, item.repository.casefold()))
        licence = next(found, None)
        return self._by_name.get(_key(licence)) if licence else None

    def get(self, expression: str) -> tuple[LicenceTerms, ...] | None:
        """The terms that an expression puts a work under; None where one of them is not known.

        A choice (`OR`) or an exception (`WITH`) gives None too: which duties remain is then open.
        """
        found = [self._by_name.get(_key(piece)) for piece in re.split(r"\s+AND\s+", expression)]
        known = [item for item in found if item is not None]
        return tuple(known) if len(known) == len(found) else None


def decode(document: Any) -> Licences:
    """The licences of a document (`licences.json`)."""
    import msgspec

    return Licences(msgspec.convert(document, Document))


_BEFORE = re.compile(r"^(licenseref-|scancode-|other-|the-)+")


def _key(name: str) -> str:
    text = re.sub(r"[\s_]+", "-", name.strip().casefold())
    return re.sub(r"(-only|-or-later|\+)$", "", text.removeprefix("licenseref-").removeprefix("the-"))
