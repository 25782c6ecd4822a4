"""One claim, laid out so that it can be checked and contested."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from aibom.bom.claims import Piece, StoredClaim
from aibom.provenance.rules import RULES

WIDTH = 96


def explain(claim: StoredClaim) -> str:
    """Claim, evidence, what the rule reads and cannot show, and how to refute it, as plain text."""
    return "\n".join(_lines(claim)) + "\n"


def _lines(claim: StoredClaim) -> Iterator[str]:
    yield f"{claim.ident}  about {claim.target or 'the model'}"
    yield ""
    yield from _wrapped("", claim.statement)
    yield from _pieces("Evidence", claim.evidence)
    yield from _pieces("Evidence against it", claim.counter_evidence)
    if claim.reasoning:
        yield from _section("Reasoning", claim.reasoning)
    rule = next((rule for rule in RULES.values() if f"Rule {rule.id}," in claim.reasoning), None)
    if rule is not None:
        yield from _section("What the rule reads", rule.reads)
        yield from _section("What it concludes", rule.concludes)
        yield from _section("What it cannot show", rule.cannot_show)


def _pieces(heading: str, pieces: Iterable[Piece]) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        if number == 0:
            yield from ("", heading)
        yield from _wrapped("  ", piece.place)
        if piece.quote:
            yield from _wrapped("    ", f"“{piece.quote}”")
        if piece.url:
            yield f"    {piece.url}"


def _section(heading: str, text: str) -> Iterator[str]:
    yield from ("", heading)
    yield from _wrapped("  ", text)


def _wrapped(indent: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
