"""Both sides of a verification, and what every check asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from aibom.matching.depth import shallower, unlisted, unread
from aibom.matching.files import FilePairs, pair_files
from aibom.matching.parts import Pairs, pair
from aibom.model import WHOLE_MODEL, Depth, Dossier, FileClass, Finding, Locator, Stage, Unknown

_LEFT_OUT = ("left out", "only the first")
"""How a document's reader says that it did not read an entry."""


@dataclass(frozen=True)
class Case:
    """A BOM's dossier and a scan's, laid side by side."""

    claimed: Dossier
    found: Dossier

    @cached_property
    def parts(self) -> Pairs:
        """Parts of the BOM with those of the model."""
        return pair(self.claimed.parts, self.found.parts)

    @cached_property
    def files(self) -> FilePairs:
        """Files of the BOM with those of the model."""
        return pair_files(self.claimed.files, self.found.files)

    @cached_property
    def bound(self) -> bool:
        """Whether digests bind the BOM to the weights that were scanned: some agree, and none differs."""
        pairs = [(one, two) for one, two in self.files.both if two.kind is FileClass.WEIGHTS]
        known = [(one.sha256, two.sha256) for one, two in pairs if one.sha256 and two.sha256]
        return bool(known) and all(one.lower() == two.lower() for one, two in known if one and two)

    @property
    def hidden_files(self) -> tuple[Unknown, ...]:
        """What may hide files of the model."""
        return unlisted(self.found)

    @property
    def hidden_parts(self) -> tuple[Unknown, ...]:
        """What may hide parts of the model."""
        return unread(self.found)

    @property
    def shallow(self) -> bool:
        """Whether the scan may not see parts that the BOM's maker saw: it read no headers, or less."""
        depth = self.found.depth
        return depth in (None, Depth.METADATA) or shallower(depth, self.claimed.depth)

    @property
    def admits(self) -> bool:
        """Whether the BOM says itself that its maker read less than the scan, or not everything."""
        return shallower(self.claimed.depth, self.found.depth) or bool(unread(self.claimed))

    @cached_property
    def faults(self) -> tuple[Unknown, ...]:
        """What the BOM says in a way that could not be read."""
        own = set(self.found.unknowns)
        return tuple(each for each in self.claimed.unknowns if each.stage is Stage.BOM and each not in own)

    @property
    def left_out(self) -> tuple[Unknown, ...]:
        """Of these, whole entries that were not read: the BOM may name there what is missed in it."""
        return tuple(each for each in self.faults if any(words in each.reason for words in _LEFT_OUT))

    @cached_property
    def right_of(self) -> dict[str, str]:
        """Ids of the model's parts by those of the BOM; the whole model is itself."""
        return {WHOLE_MODEL: WHOLE_MODEL, **{one.id: two.id for one, two in reversed(self.parts.both)}}

    def evidence(self, findings: Iterable[str]) -> tuple[Finding, ...]:
        """The scan's findings of these ids, in the order of the ids."""
        return tuple(self._findings[ident] for ident in sorted(set(findings)) if ident in self._findings)

    def places(self, left: str | None, right: str | None) -> tuple[Locator, ...]:
        """Where the BOM has the part `left`, and where the model has the part `right`."""
        return (*self._claimed_places.get(left or "", ()), *self._found_places.get(right or "", ()))

    @cached_property
    def listed(self) -> frozenset[str]:
        """Paths of the model's files that the BOM lists."""
        return frozenset(two.path for _, two in self.files.both)

    @cached_property
    def listings(self) -> dict[str, Locator]:
        """Where the BOM lists each file first, by path."""
        return {each.path: each.locator for each in reversed(self.claimed.listings)}

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {item.id: item for item in self.found.findings}

    @cached_property
    def _claimed_places(self) -> dict[str, tuple[Locator, ...]]:
        return {part.id: part.locators for part in self.claimed.parts}

    @cached_property
    def _found_places(self) -> dict[str, tuple[Locator, ...]]:
        return {part.id: part.locators for part in self.found.parts}
