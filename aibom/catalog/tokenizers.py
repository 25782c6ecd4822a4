"""Reference prints of vocabularies: hashes and facts of known tokenizers, never their tokens."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from struct import pack, unpack
from typing import Any

from aibom.model import TokenizerPrint


@dataclass(frozen=True, slots=True)
class KnownTokenizer:
    """One known vocabulary.

    Attributes:
        id: name within the catalogue.
        name: the models that use it, for people.
        organisation: registry id of who trained it.
        released: first public release (ISO 8601 day, month or year, as precisely as it is known).
        basis: what the day rests on.
        source: package and version, and the path that the print was made from.
        licence: SPDX expression, or name, of that source.
        print: the print itself.
    """

    id: str
    name: str
    organisation: str
    released: str
    basis: str
    source: str
    licence: str
    print: TokenizerPrint

    @property
    def public_by(self) -> date:
        """The last day of what is known of its release: it was public on that day for certain."""
        return last_day(self.released)


def last_day(text: str) -> date:
    """The last day of an ISO 8601 day, month (`2024-02`) or year."""
    year, month, day = (*(int(piece) for piece in text.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    if month == 0 or month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def decode(document: Any) -> tuple[KnownTokenizer, ...]:
    """The references that a built document (`tokenizer_prints.json`) holds, in its order."""
    return tuple(_known(row) for row in document["tokenizers"])


def _known(row: dict[str, Any]) -> KnownTokenizer:
    content = row["print"]
    return KnownTokenizer(
        row["id"],
        row["name"],
        row["organisation"],
        row["released"],
        row["released_basis"],
        source_of(row),
        row["licence"],
        TokenizerPrint(
            part="",
            kind=content["kind"],
            digest=content["digest"],
            vocabulary_digest=content["vocabulary_digest"],
            size=content["size"],
            merges=content["merges"],
            merge_prefixes=tuple((length, digest) for length, digest in content["merge_prefixes"]),
            same_id=unpacked(content["same_id"]),
            tokens=unpacked(content["tokens"]),
        ),
    )


def source_of(row: dict[str, Any]) -> str:
    """Where a record was taken from, on one line."""
    source = row["source"]
    paths = " and ".join(item["path"] for item in source["files"])
    return f"{source['package']} {source['version']}: {paths}"


def packed(values: Sequence[int]) -> str:
    """A sketch as text: 64-bit big-endian numbers in base64."""
    return base64.b64encode(pack(f">{len(values)}Q", *values)).decode()


def unpacked(text: str) -> tuple[int, ...]:
    """A sketch from its text."""
    data = base64.b64decode(text)
    return unpack(f">{len(data) // 8}Q", data)
