"""What a signal sees: the target, what inspection found, the catalogue, and who publishes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from aibom.catalog import Catalog, OrganisationKind
from aibom.model import (
    WHOLE_MODEL,
    FileEntry,
    Inspected,
    Layer,
    OrganisationRef,
    Part,
    Reference,
    Role,
    Target,
)
from aibom.provenance.references import References
from aibom.provenance.subjects import LANGUAGE, core, separable, subjects, trained
from aibom.questionnaire import Answers

Lookup = Callable[[str], Reference | None]
"""Another repository's files and digests by Hub id; None where they cannot be had."""

_BARE_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that signals may read, and the questions that several of them ask."""

    target: Target
    files: tuple[FileEntry, ...]
    inspected: Inspected
    catalog: Catalog
    lookup: Lookup | None = None
    references: References | None = None
    answers: Answers | None = None

    @property
    def released(self) -> date | None:
        """The day that the target was published on, where the Hub tells."""
        return day(self.target.hub.created if self.target.hub else None)

    @property
    def publisher(self) -> OrganisationRef | None:
        """Who publishes: the owner of the repository's namespace; None where no repository is known."""
        return self.owner(self.target.repository) if self.target.repository else None

    @property
    def developer(self) -> OrganisationRef | None:
        """The publisher, unless it is known to pass on the work of others."""
        return None if self.publisher is None or self.redistributes(self.publisher) else self.publisher

    def owner(self, hub_id: str) -> OrganisationRef:
        """Who owns a repository on the Hub."""
        return self.catalog.organisations.resolve(hub_id, self.released)

    def organisation(self, ident: str) -> OrganisationRef:
        """The organisation of a registry id or `hub:<namespace>`."""
        return self.catalog.organisations.ref(ident, self.released)

    def redistributes(self, organisation: OrganisationRef) -> bool:
        """Whether the registry calls it a redistributor (quantiser, mirror)."""
        entry = self.catalog.organisations.get(organisation.id)
        return entry is not None and entry.kind is OrganisationKind.REDISTRIBUTOR

    def related(self, one: OrganisationRef, other: OrganisationRef) -> bool:
        """Whether two organisations are one group: equal, or under a common parent."""
        return not self._lineup(one.id).isdisjoint(self._lineup(other.id))

    def own(self, organisation: OrganisationRef) -> bool:
        """Whether it is of the publisher's group; False where the publisher is not known."""
        return self.publisher is not None and self.related(organisation, self.publisher)

    def _lineup(self, ident: str) -> frozenset[str]:
        """An organisation with all its parents, upwards."""
        seen: set[str] = set()
        waiting = [ident]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            entry = self.catalog.organisations.get(current)
            waiting.extend(parent.id for parent in (entry.parents if entry else ()))
        return frozenset(seen)

    def part(self, ident: str | None) -> Part | None:
        """The part of that id."""
        return next((part for part in self.inspected.parts if part.id == ident), None)

    def is_own_repository(self, hub_id: str) -> bool:
        """Whether an id names the target itself."""
        return self.target.repository is not None and hub_id.casefold() == self.target.repository.casefold()

    def base_parts(self) -> tuple[str, ...]:
        """What a parent of the model as a whole speaks for: trained parts except adapters.

        Those whose bytes are here, else (nothing was opened) the declared ones, else the model.
        """
        candidates = [part for part in trained(self.inspected.parts) if part.role is not Role.ADAPTER]
        chosen = [part for part in candidates if part.present] or candidates
        return tuple(part.id for part in chosen) or (WHOLE_MODEL,)

    def implemented_with(self, ident: str | None, named: Collection[str]) -> tuple[str, ...]:
        """The parts that a declared class or model type speaks for, beside those `named` on their own.

        One on the core speaks for the whole language model (embedding, experts, heads); one on no part
        speaks for every trained part but adapters; one on an encoder beside the core for it alone.
        """
        parts = [part for part in trained(self.inspected.parts) if part.role is not Role.ADAPTER]
        inside = {part.id for part in core(self.inspected.parts)}
        if ident is not None and (ident not in inside or self._is_denoiser(ident)):
            parts = [part for part in parts if part.id == ident]
        elif ident is not None:
            parts = [part for part in parts if part.id in inside or part.role in LANGUAGE]
        return tuple(part.id for part in parts if part.id == ident or part.id not in named)

    def _is_denoiser(self, ident: str) -> bool:
        part = self.part(ident)
        return part is not None and part.role is Role.DENOISER

    def separable_parts(self) -> frozenset[str]:
        """Ids of encoders and decoders beside the core."""
        return frozenset(part.id for part in separable(self.inspected.parts))

    def code_parts(self) -> tuple[str, ...]:
        """What the code layer speaks of."""
        return tuple(part.id for part in subjects(self.inspected.parts, Layer.CODE)) or (WHOLE_MODEL,)


def label(organisation: OrganisationRef) -> str:
    """A name with its country: `Zhipu AI (CN)`."""
    country = organisation.jurisdiction or "country not known"
    if organisation.ultimate_jurisdiction not in (None, organisation.jurisdiction):
        country += f", ultimate parent {organisation.ultimate_jurisdiction}"
    return f"{organisation.name} ({country})"


def is_hub_id(text: str) -> bool:
    """Whether a text has the form `owner/name`, and is no path."""
    return _HUB_ID.fullmatch(text) is not None and ".." not in text


def is_bare_name(text: str) -> bool:
    """Whether a text has the form of the Hub's oldest names, which had no owner (`gpt2`)."""
    return _BARE_NAME.fullmatch(text) is not None


def day(timestamp: str | None) -> date | None:
    """The day of an ISO 8601 timestamp, or None."""
    try:
        return date.fromisoformat(timestamp[:10]) if timestamp else None
    except ValueError:
        return None
