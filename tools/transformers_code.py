"""Fingerprints of the modelling files of the transformers wheel, as the catalogue stores them."""

from __future__ import annotations

import json
import struct
import zipfile
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from transformers_inheritance import model_types
from transformers_sources import ROOT

from aibom.formats.codeprint import Unit, code_prints
from aibom.formats.notices import find_notices

RELEASES = Path(__file__).parent / "transformers_releases.json"
Row = dict[str, Any]
Found = dict[str, list[tuple[str, Unit]]]


def modelling_files(wheel: Path) -> dict[str, list[tuple[str, str]]]:
    """(module, text) of the modelling files of each model folder, sorted."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.parent.parent == ROOT and path.name.startswith("modeling_") and path.suffix == ".py":
                found[path.parent.name].append((path.stem, archive.read(name).decode("utf-8")))
    return dict(found)


def first_seen(releases: Path = RELEASES) -> dict[str, str]:
    """The day of the first listed release that holds each model folder."""
    document = json.loads(releases.read_text("utf-8"))
    return {folder: document["releases"][version] for folder, version in document["first"].items()}


def payload(wheel: Path, dates: dict[str, str]) -> tuple[bytes, Row]:
    """The body of `code_prints.bin`, and what it counts; a folder without a date is an error."""
    types = model_types(wheel)
    families: list[tuple[str, str, list[str]]] = []
    members: dict[tuple[int, ...], list[tuple[int, str, str, int]]] = defaultdict(list)
    sources = modelling_files(wheel)
    for folder in sorted(sources, key=lambda name: (dates[name], name)):
        holders: dict[str, None] = {}
        for module, text in sources[folder]:
            holders.update((holder, None) for line in find_notices(text) for holder in line.holders)
            for unit in stored_units(text):
                place = (len(families), unit.name or "", module, unit.line or 1)
                members[unit.fingerprints].append(place)
        families.append((types.get(folder, folder), dates[folder], sorted(holders)))
    return _packed(families, members), {
        "families": len(families),
        "classes": sum(map(len, members.values())),
        "fingerprints": len({value for prints in members for value in prints}),
    }


def stored_units(text: str) -> list[Unit]:
    """The classes of a module, and its loose functions as one unit without a name."""
    whole, *classes = code_prints(text)
    inside = {value for unit in classes for value in unit.fingerprints}
    loose = Unit(None, None, tuple(value for value in whole.fingerprints if value not in inside), 0)
    return [unit for unit in (*classes, loose) if unit.fingerprints]


def _packed(families: list[Any], members: dict[tuple[int, ...], list[Any]]) -> bytes:
    prints = sorted(members, key=lambda key: (members[key][0], key))
    index: dict[int, list[int]] = defaultdict(list)
    for number, unit in enumerate(prints):
        for value in unit:
            index[value].append(number)
    hashes = sorted(index)
    postings = [unit for value in hashes for unit in index[value]]
    document = {
        "families": families,
        "units": [members[key] for key in prints],
        "hashes": struct.pack(f"<{len(hashes)}I", *hashes),
        "counts": struct.pack(f"<{len(hashes)}H", *(len(index[value]) for value in hashes)),
        "postings": struct.pack(f"<{len(postings)}H", *postings),
    }
    return msgspec.msgpack.encode(document)
