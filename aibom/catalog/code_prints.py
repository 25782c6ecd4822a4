"""Reference prints of modelling code: which classes of which families hold a fingerprint.

The file (`code_prints.bin`) is one line of JSON, its header, and a MessagePack map: `releases` (of the
library, newest first); `families` (model type, day of the first release that holds it, holders that its
notices name); `units` (classes with equal prints, each with its members: family, class, module, line,
release); and little-endian columns of 16 bits, `hashes` of 32: `sizes` (of each unit, in fingerprints), and
the index as `hashes` (sorted), `counts` and `postings` (how many units hold it, and which).
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any


@dataclass(frozen=True, slots=True)
class CodeFamily:
    """A family's modelling code: the day it was certainly public on (ISO 8601), and who it names."""

    model_type: str
    released: str
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One class of the reference: `line` of its module in that `release` of the library.

    The name is empty for loose functions.
    """

    family: CodeFamily
    name: str
    module: str
    line: int
    release: str


class CodePrints:
    """Look-up of fingerprints; classes are decoded as they are asked for."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.families = tuple(
            CodeFamily(name, released, tuple(holders)) for name, released, holders in document["families"]
        )
        self._releases: list[str] = document["releases"]
        self._units: list[list[tuple[int, str, str, int, int]]] = document["units"]
        self._sizes = column("H", document["sizes"])
        self._hashes = column("I", document["hashes"])
        self._ends = array("L", accumulate(column("H", document["counts"])))
        self._postings = column("H", document["postings"])
        self._carriers: dict[int, frozenset[str]] = {}

    def units(self, fingerprint: int) -> Sequence[int]:
        """The units that hold a fingerprint; none for one that no reference holds."""
        place = bisect_left(self._hashes, fingerprint)
        if place == len(self._hashes) or self._hashes[place] != fingerprint:
            return ()
        return self._postings[self._ends[place - 1] if place else 0 : self._ends[place]]

    def members(self, unit: int) -> tuple[Member, ...]:
        """The classes that have the prints of a unit, oldest family first."""
        return tuple(
            Member(self.families[family], name, module, line, self._releases[release])
            for family, name, module, line, release in self._units[unit]
        )

    def carriers(self, unit: int) -> frozenset[str]:
        """The model types that have a class with the prints of a unit."""
        known = self._carriers.get(unit)
        if known is None:
            known = frozenset(self.families[family].model_type for family, *_ in self._units[unit])
            self._carriers[unit] = known
        return known

    def size(self, unit: int) -> int:
        """How many fingerprints a unit has."""
        return self._sizes[unit]


def decode(data: bytes) -> CodePrints:
    """The prints that a built file holds."""
    import msgspec

    return CodePrints(msgspec.msgpack.decode(data[data.index(b"\n") + 1 :]))


def column(kind: str, data: bytes) -> array[int]:
    """Whole numbers from little-endian bytes."""
    numbers = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
