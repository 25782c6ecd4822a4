"""What each reader tells of one file, in one form."""

from __future__ import annotations

from dataclasses import dataclass

from aibom.errors import LimitError, ReadError
from aibom.formats.tables import Row
from aibom.formats.text import clean
from aibom.model import Fact, Observation, Stage, Unknown


@dataclass(frozen=True, slots=True)
class Described:
    """One archive.

    Attributes:
        form: name of the format, for people.
        rows: its tensor table.
        counted: the table is there, so that its elements can be counted.
        weights: the file holds weights; False for training state and configurations.
        files: further files whose bytes belong to it.
        facts: what else was seen.
        observations: security and structural findings.
        unknowns: what could not be read.
    """

    form: str
    rows: tuple[Row, ...] = ()
    counted: bool = True
    weights: bool = True
    files: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    observations: tuple[Observation, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


def unknown(path: str, error: ReadError) -> Unknown:
    """Why a file, or a part of it, could not be read."""
    limit = f" (limit: {error.limit})" if isinstance(error, LimitError) else ""
    return Unknown(path, Stage.INSPECTION, clean(error.message.removeprefix(f"{path}: ") + limit))


def listed(names: list[str], shown: int = 8) -> str:
    """The first names, and how many more there are."""
    more = f", and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(clean(name, 100) for name in names[:shown]) + more
