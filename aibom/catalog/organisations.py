"""The organisations registry: who stands behind a Hub namespace or a name in a notice, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from aibom.catalog.entries import (
    Basis,
    Boilerplate,
    Jurisdiction,
    Name,
    Organisation,
    Parent,
    generic_words,
    is_whole,
    name_key,
)
from aibom.catalog.names import normalise, plain
from aibom.model import OrganisationRef

HUB_PREFIX = "hub:"
"""An organisation id that starts so is a Hub namespace that the registry does not know."""

_Dated = TypeVar("_Dated", Jurisdiction, Parent)
_SEAT = (Basis.REGISTERED, Basis.HEADQUARTERS, Basis.CONTROL)
_CONTROL = (Basis.CONTROL, Basis.HEADQUARTERS, Basis.REGISTERED)


class Registry:
    """Look-up of organisations by id, Hub namespace and name.

    `on` is the day to look at (a model's release); without it, what holds now counts: entries
    without an end.
    """

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._entries = {entry.id: entry for entry in sorted(organisations, key=lambda entry: entry.id)}
        self._namespaces: dict[str, Organisation] = {}
        self._names: dict[str, tuple[Organisation, Name]] = {}
        self._whole: dict[str, tuple[Organisation, Name]] = {}
        generic = generic_words(self._entries.values())
        for entry in self._entries.values():
            for account in entry.hub_namespaces:
                self._namespaces.setdefault(account.name.casefold(), entry)
            for name in entry.names:
                self._index(entry, name, generic)

    def _index(self, entry: Organisation, name: Name, generic: frozenset[str]) -> None:
        if name.generic:
            return
        table = self._whole if is_whole(name, generic) else self._names
        key = name_key(name, generic)
        known = table.get(key)
        if known is None or (known[0] is entry and name.boilerplate):
            table[key] = (entry, name)

    @property
    def all(self) -> tuple[Organisation, ...]:
        """Every entry, by id."""
        return tuple(self._entries.values())

    def get(self, ident: str) -> Organisation | None:
        """The entry of that id."""
        return self._entries.get(ident)

    def ref(self, ident: str, on: date | None = None) -> OrganisationRef:
        """The organisation of that id as a finding names it; an unknown id has no country."""
        entry = self._entries.get(ident)
        if entry is None:
            name = ident.removeprefix(HUB_PREFIX)
            return OrganisationRef(ident, name, source=f"not in the registry: {name}")
        return self._refer(entry, "registry", on)

    def by_namespace(self, namespace: str, on: date | None = None) -> OrganisationRef | None:
        """Whose Hub namespace that is; letter case does not matter."""
        entry = self._namespaces.get(namespace.casefold())
        return None if entry is None else self._refer(entry, f"registry: namespace {namespace}", on)

    def by_name(self, text: str, on: date | None = None) -> OrganisationRef | None:
        """Whose name that is: normalised (`names.normalise`); a brand must be the whole text."""
        hit = self._find(text)
        return None if hit is None else self._refer(hit[0], f'registry: name "{hit[1].text}"', on)

    def boilerplate(self, holder: str) -> Boilerplate | None:
        """How far that holder's name is porting boilerplate."""
        hit = self._find(holder)
        return None if hit is None else hit[1].boilerplate

    def is_boilerplate(self, holder: str) -> bool:
        """Whether that holder's name in a notice is porting boilerplate, of either tier."""
        return self.boilerplate(holder) is not None

    def resolve(self, hub_id: str, on: date | None = None) -> OrganisationRef:
        """Who owns a repository on the Hub, by its namespace.

        An unknown namespace gives the id `hub:<namespace>` without a country; a name without a
        namespace gives `hub:/<name>`.
        """
        namespace, slash, _ = hub_id.partition("/")
        if not slash:
            return OrganisationRef(f"{HUB_PREFIX}/{hub_id}", hub_id, source="a Hub name without a namespace")
        known = self.by_namespace(namespace, on)
        return known or OrganisationRef(
            f"{HUB_PREFIX}{namespace}", namespace, source=f"Hub namespace {namespace}, not in the registry"
        )

    def _find(self, text: str) -> tuple[Organisation, Name] | None:
        return self._names.get(normalise(text)) or self._whole.get(plain(text))

    def _refer(self, entry: Organisation, how: str, on: date | None) -> OrganisationRef:
        seat = _pick(_valid(entry.jurisdictions, on), _SEAT)
        parents, chain_verified = self._ancestry(entry, on)
        top = parents[-1] if parents else entry
        control = _pick(_valid(top.jurisdictions, on), _CONTROL)
        notes = [how, "no country known" if seat is None else f"country {_word(seat.verified)}"]
        if parents:
            verified = chain_verified and control is not None and control.verified
            notes.append(f"ultimate parent {top.name} {_word(verified)}")
        return OrganisationRef(
            entry.id,
            entry.name,
            jurisdiction=seat.country if seat else None,
            ultimate_jurisdiction=control.country if control else None,
            source="; ".join(notes),
        )

    def _ancestry(self, entry: Organisation, on: date | None) -> tuple[list[Organisation], bool]:
        """Parents upwards, an `ultimate` one at once; a cycle or a missing parent ends the walk."""
        line: list[Organisation] = []
        verified = True
        seen = {entry.id}
        while step := _first_parent(_valid(entry.parents, on)):
            above = self._entries.get(step.id)
            if above is None or above.id in seen:
                break
            seen.add(above.id)
            line.append(above)
            verified = verified and step.verified
            entry = above
        return line, verified


def _valid(items: Sequence[_Dated], on: date | None) -> list[_Dated]:
    if on is None:
        return [item for item in items if item.end is None]
    return [
        item
        for item in items
        if (item.start is None or item.start <= on) and (item.end is None or on <= item.end)
    ]


def _pick(items: Sequence[Jurisdiction], order: Sequence[Basis]) -> Jurisdiction | None:
    return min(items, key=lambda item: order.index(item.basis), default=None)


def _first_parent(items: Sequence[Parent]) -> Parent | None:
    return min(items, key=lambda item: item.kind != "ultimate", default=None)


def _word(verified: bool) -> str:
    return "verified" if verified else "unverified"
