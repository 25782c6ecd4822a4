"""Fingerprints of the modelling files of the transformers wheel, as the catalogue stores them."""

from __future__ import annotations

import json
import struct
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from aibom.formats.codeprint import Unit, code_prints
from aibom.formats.notices import find_notices
from pinned import version_of
from transformers_inheritance import model_types
from transformers_sources import ROOT

RELEASES = Path(__file__).parent / "transformers_releases.json"
Row = dict[str, Any]
Place = tuple[int, str, str, int, int]
"""A class: number of its family, name, module, line, number of the release."""


def modelling_files(wheel: Path) -> dict[str, list[tuple[str, str]]]:
    """(module, text) of the modelling files of each model folder, sorted; `auto` only looks classes up."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.parent == ROOT / "auto":
                continue
            if path.parent.parent == ROOT and path.name.startswith("modeling_") and path.suffix == ".py":
                found[path.parent.name].append((path.stem, archive.read(name).decode("utf-8")))
    return dict(found)


def first_seen(releases: Path = RELEASES) -> dict[str, str]:
    """The day of the first listed release that holds each model folder."""
    document = json.loads(releases.read_text("utf-8"))
    return {folder: document["releases"][version] for folder, version in document["first"].items()}


def payload(wheels: Sequence[Path], dates: dict[str, str]) -> tuple[bytes, Row]:
    """The body of `code_prints.bin`, and what it counts; a folder without a date is an error.

    The wheels are one library's, newest first. Of a class whose prints did not change only the newest
    release's place is stored, so that an older release adds what differs.
    """
    folders = [_folders(wheel) for wheel in wheels]
    names = {folder: name for held in reversed(folders) for folder, (name, _) in held.items()}
    order = sorted(names, key=lambda folder: (dates[folder], folder))
    number = {folder: place for place, folder in enumerate(order)}
    holders: dict[str, set[str]] = defaultdict(set)
    members: dict[tuple[int, ...], dict[tuple[int, str], Place]] = defaultdict(dict)
    for release, held in enumerate(folders):
        for folder, (_, files) in held.items():
            for module, text in files:
                holders[folder].update(holder for line in find_notices(text) for holder in line.holders)
                for unit in stored_units(text):
                    key = (number[folder], unit.name or "")
                    members[unit.fingerprints].setdefault(key, (*key, module, unit.line or 1, release))
    families = [(names[folder], dates[folder], sorted(holders[folder])) for folder in order]
    return _packed([version_of(wheel) for wheel in wheels], families, members), {
        "families": len(families),
        "classes": sum(map(len, members.values())),
        "fingerprints": len({value for prints in members for value in prints}),
    }


def _folders(wheel: Path) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Model folder → its model type and modelling files."""
    types = model_types(wheel)
    return {folder: (types.get(folder, folder), files) for folder, files in modelling_files(wheel).items()}


def stored_units(text: str) -> list[Unit]:
    """The classes of a module, and its loose functions as one unit without a name."""
    whole, *classes = code_prints(text)
    inside = {value for unit in classes for value in unit.fingerprints}
    loose = Unit(None, None, tuple(value for value in whole.fingerprints if value not in inside), 0)
    return [unit for unit in (*classes, loose) if unit.fingerprints]


def _packed(
    releases: list[str],
    families: list[tuple[str, str, list[str]]],
    members: dict[tuple[int, ...], dict[tuple[int, str], Place]],
) -> bytes:
    units = {key: sorted(places.values()) for key, places in members.items()}
    prints = sorted(units, key=lambda key: (units[key][0], key))
    index: dict[int, list[int]] = defaultdict(list)
    for number, unit in enumerate(prints):
        for value in unit:
            index[value].append(number)
    hashes = sorted(index)
    document = {
        "releases": releases,
        "families": families,
        "units": [units[key] for key in prints],
        "sizes": _column("H", [len(unit) for unit in prints]),
        "hashes": _column("I", hashes),
        "counts": _column("H", [len(index[value]) for value in hashes]),
        "postings": _column("H", [unit for value in hashes for unit in index[value]]),
    }
    return msgspec.msgpack.encode(document)


def _column(kind: str, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)
