"""What reference data is shipped: each file's source, version, date, licence, entries and digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import msgspec

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One shipped file. Texts are empty where its header does not tell.

    `entries` maps what is counted to how many; `size` is in bytes; `intact` is whether the digest is the
    one of SHA256SUMS, or None where none is recorded there.
    """

    name: str
    source: str
    version: str
    released: str
    licence: str
    entries: tuple[tuple[str, int], ...]
    size: int
    sha256: str
    intact: bool | None


def data_sets() -> tuple[DataSet, ...]:
    """Every data set of the catalogue, by name."""
    folder = files("aibom.catalog") / "data"
    sums = dict(_sums((folder / SUMS).read_text(encoding="utf-8")))
    found = sorted((entry for entry in folder.iterdir() if entry.name != SUMS), key=lambda entry: entry.name)
    return tuple(_data_set(entry.name, entry.read_bytes(), sums.get(entry.name)) for entry in found)


def _sums(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        yield name, digest


def _data_set(name: str, data: bytes, recorded: str | None) -> DataSet:
    header = _header(name, data)
    digest = hashlib.sha256(data).hexdigest()
    return DataSet(
        name=name,
        source=header.get("source", ""),
        version=str(header.get("version", "")),
        released=header.get("released", ""),
        licence=header.get("licence", ""),
        entries=tuple(sorted(header.get("count", {}).items())),
        size=len(data),
        sha256=digest,
        intact=None if recorded is None else digest == recorded,
    )


def _header(name: str, data: bytes) -> dict[str, Any]:
    """The first line of a binary file, a key of a JSON document; what is kept by hand is counted here."""
    if not name.endswith(".json"):
        first: dict[str, Any] = json.loads(data[: data.index(b"\n")])
        return first
    document: dict[str, Any] = msgspec.json.decode(data)
    counts = {key: len(value) for key, value in document.items() if isinstance(value, list)}
    stated: dict[str, Any] = document.get("header", {})
    return {"version": document.get("version", ""), "count": counts} | stated
