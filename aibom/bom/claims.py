"""The claims of anyone's CycloneDX document, with the evidence that each names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean, strings

PREFIX = "claim:"
"""What precedes a finding's id in the bom-ref of its claim."""
MAX_CLAIMS = 100_000
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence: where it stands, what stands there, and where a reader finds it.

    `path` is the file that `place` begins with; empty for what was measured.
    """

    place: str
    quote: str = ""
    url: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """One claim as a document holds it; `ident` is the finding's id, or the claim's bom-ref."""

    ident: str
    target: str
    statement: str
    reasoning: str
    evidence: tuple[Piece, ...]
    counter_evidence: tuple[Piece, ...]


def read_claims(document: dict[str, Any]) -> tuple[StoredClaim, ...]:
    """Every claim of the document's declarations, in its order; broken ones are left out."""
    declarations = as_dict(document.get("declarations"))
    pieces = dict(_pieces(as_list(declarations.get("evidence"))))
    return tuple(
        _claim(claim, pieces)
        for claim in map(as_dict, as_list(declarations.get("claims"))[:MAX_CLAIMS])
        if as_str(claim.get("bom-ref"))
    )


def _claim(claim: dict[str, JsonValue], pieces: dict[str, Piece]) -> StoredClaim:
    def named(key: str) -> tuple[Piece, ...]:
        return tuple(pieces[ref] for ref in strings(claim.get(key)) if ref in pieces)

    return StoredClaim(
        ident=clean((as_str(claim["bom-ref"]) or "").removeprefix(PREFIX)),
        target=_text(claim.get("target")),
        statement=_text(claim.get("predicate")),
        reasoning=_text(claim.get("reasoning")),
        evidence=named("evidence"),
        counter_evidence=named("counterEvidence"),
    )


def _pieces(evidence: list[JsonValue]) -> Iterator[tuple[str, Piece]]:
    for item in map(as_dict, evidence):
        ref = as_str(item.get("bom-ref"))
        if ref is not None:
            data = as_list(item.get("data"))
            first = as_dict(data[0]) if data else {}
            contents = as_dict(first.get("contents"))
            quote = _text(as_dict(contents.get("attachment")).get("content"))
            place, path = _text(item.get("description")), _text(first.get("name"))
            yield ref, Piece(place, quote, _text(contents.get("url")), path)


def _text(value: JsonValue) -> str:
    return clean(as_str(value) or "", _LONGEST)
