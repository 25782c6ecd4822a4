"""Both sides of a verification, and what every check asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from aibom.matching.depth import shallower, unlisted, unread
from aibom.matching.files import FilePairs, pair_files
from aibom.matching.parts import Pairs, pair
from aibom.model import Depth, Dossier, FileClass, Finding, Locator, Part, Stage, Unknown

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

    @cached_property
    def faults(self) -> tuple[Unknown, ...]:
        """What the BOM says in a way that could not be read."""
        own = set(self.found.unknowns)
        return tuple(each for each in self.claimed.unknowns if each.stage is Stage.BOM and each not in own)

    @property
    def left_out(self) -> tuple[Unknown, ...]:
        """Of these, whole entries that were not read: the BOM may name there what is missed in it."""
        return tuple(each for each in self.faults if any(words in each.reason for words in _LEFT_OUT))

    def evidence(self, findings: Iterable[str]) -> tuple[Finding, ...]:
        """The scan's findings of these ids."""
        wanted = set(findings)
        return tuple(item for item in self.found.findings if item.id in wanted)

    def places(self, part: str | None, found: str | None = None) -> tuple[Locator, ...]:
        """Where the BOM, and where the model has a part: ids of the two sides."""
        return (*_of(self.claimed.parts, part), *_of(self.found.parts, found))


def _of(parts: Iterable[Part], ident: str | None) -> tuple[Locator, ...]:
    return next((part.locators for part in parts if part.id == ident), ())
