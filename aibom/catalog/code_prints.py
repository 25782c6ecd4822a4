"""Reference prints of modelling code: which classes of which families hold a fingerprint.

The file (`code_prints.bin`) is one line of JSON, its header, and a MessagePack map:
`families` (model type, day of the first release that holds it, holders that its notices name);
`units` (classes with equal prints, each with its members: family, class, module, line); and the index
as little-endian columns: `hashes` (sorted, 32 bit), `counts` and `postings` (16 bit: how many units, which).
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
    """One class of the reference: `line` of its module; the name is empty for loose functions."""

    family: CodeFamily
    name: str
    module: str
    line: int


class CodePrints:
    """Look-up of fingerprints."""

    def __init__(
        self,
        families: Sequence[CodeFamily],
        units: Sequence[tuple[Member, ...]],
        hashes: array[int],
        counts: array[int],
        postings: array[int],
    ) -> None:
        self.families = tuple(families)
        self._units = units
        self._hashes = hashes
        self._ends = array("L", accumulate(counts))
        self._postings = postings
        self._carriers = [frozenset(member.family.model_type for member in unit) for unit in units]
        self._sizes = array("L", bytes(len(units) * array("L").itemsize))
        for unit in postings:
            self._sizes[unit] += 1

    def units(self, fingerprint: int) -> Sequence[int]:
        """The units that hold a fingerprint; none for one that no reference holds."""
        place = bisect_left(self._hashes, fingerprint)
        if place == len(self._hashes) or self._hashes[place] != fingerprint:
            return ()
        return self._postings[self._ends[place - 1] if place else 0 : self._ends[place]]

    def members(self, unit: int) -> tuple[Member, ...]:
        """The classes that have the prints of a unit, oldest family first."""
        return self._units[unit]

    def carriers(self, unit: int) -> frozenset[str]:
        """The model types that have a class with the prints of a unit."""
        return self._carriers[unit]

    def size(self, unit: int) -> int:
        """How many fingerprints a unit has."""
        return self._sizes[unit]


def decode(data: bytes) -> CodePrints:
    """The prints that a built file holds."""
    import msgspec

    document: dict[str, Any] = msgspec.msgpack.decode(data[data.index(b"\n") + 1 :])
    families = [
        CodeFamily(name, released, tuple(holders)) for name, released, holders in document["families"]
    ]
    units = [
        tuple(Member(families[family], name, module, line) for family, name, module, line in unit)
        for unit in document["units"]
    ]
    columns = (
        column("I", document["hashes"]),
        column("H", document["counts"]),
        column("H", document["postings"]),
    )
    return CodePrints(families, units, *columns)


def column(kind: str, data: bytes) -> array[int]:
    """Whole numbers from little-endian bytes."""
    numbers = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
