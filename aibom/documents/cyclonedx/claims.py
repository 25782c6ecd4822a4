"""Our own claims, back as findings and as parents that the repository declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from aibom.bom.claims import Piece, StoredClaim, read_claims
from aibom.documents.cyclonedx.bom import Object
from aibom.documents.cyclonedx.organisations import Organisations
from aibom.documents.limits import MAX_ENTRIES
from aibom.documents.page import member
from aibom.formats.values import as_float
from aibom.model import (
    Ancestor,
    Confidence,
    Evidence,
    Finding,
    Layer,
    Locator,
    OrganisationRef,
    Severity,
    Signal,
    Statistic,
)

_GRADED = re.compile(
    r"Rule (?P<rule>[^,]+), (?P<signal>[a-z]+) signal(?:, (?P<layer>[a-z]+) layer)?: "
    r"(?P<confidence>[a-z]+), severity (?P<severity>[a-z]+)\."
)
_ORGANISATIONS, _ALTERNATIVE, _CONTEST = " Organisations: ", " Innocent explanation: ", " How to contest: "
"""What the sentences of a claim's reasoning begin with, in their order; each may be missing."""
_PARENT = re.compile(
    r"The repository names (?P<name>.+) as (?:base-model|adapter-base|name-or-path)"
    r"(?: \((?P<relation>[^()]*)\))?\."
)
_MEASURED = re.compile(
    r"(?P<name>.*?) = (?P<value>[^\s;]+)(?:; null (?P<null>[^\s;]+))?(?:; runner-up (?P<second>[^\s;]+))?"
    r"(?:; (?P<detail>.*))?"
)
_PLACE = re.compile(
    r"(?:, (?!line \d+(?:, byte \d+)?$|byte \d+$)(?P<key>.*?))?"
    r"(?:, line (?P<line>\d{1,12}))?(?:, byte (?P<offset>\d{1,18}))?"
)


def claims(
    root: Object, parts: Mapping[str, str], organisations: Organisations
) -> Iterator[Finding | Ancestor]:
    """Findings and declared parents of the document's claims; claims of other forms say nothing here.

    `parts` are the ids of parts by bom-ref.
    """
    for claim in read_claims(root):
        yield from _finding(claim, parts.get(claim.target), organisations)
        yield from _parent(claim, parts.get(claim.target))


def _finding(claim: StoredClaim, part: str | None, organisations: Organisations) -> Iterator[Finding]:
    rest, _, contest = claim.reasoning.partition(_CONTEST)
    rest, _, alternative = rest.partition(_ALTERNATIVE)
    graded, _, named = rest.partition(_ORGANISATIONS)
    match = _GRADED.fullmatch(graded)
    if match is None:
        return
    signal, confidence = member(Signal, match["signal"]), member(Confidence, match["confidence"])
    severity = member(Severity, match["severity"])
    if signal is None or confidence is None or severity is None:
        return
    idents = [unquote(each) for each in named.removesuffix(".").split(", ") if each]
    yield Finding(
        id=unquote(claim.ident),
        rule=match["rule"],
        signal=signal,
        confidence=confidence,
        statement=claim.statement,
        part=part,
        layer=member(Layer, match["layer"]),
        severity=severity,
        alternative=alternative,
        contest=contest,
        organisations=tuple(organisations.get(each) or OrganisationRef(each, each) for each in idents),
        statistic=next(
            (found for piece in claim.evidence[:MAX_ENTRIES] if (found := _statistic(piece))), None
        ),
        locators=tuple(_locator(piece) for piece in claim.evidence[:MAX_ENTRIES] if piece.path),
    )


def _parent(claim: StoredClaim, part: str | None) -> Iterator[Ancestor]:
    match = _PARENT.fullmatch(claim.statement) if claim.ident.startswith("declared-") else None
    if match:
        place = next((_locator(piece) for piece in claim.evidence[:MAX_ENTRIES] if piece.path), None)
        yield Ancestor(match["name"], part, match["relation"] or None, Evidence.E1, place)


def _locator(piece: Piece) -> Locator:
    """`<path>, <key>, line <n>, byte <n>`, as ours are written."""
    rest = _PLACE.fullmatch(piece.place.removeprefix(piece.path))
    quote = piece.quote or None
    if rest is None:
        return Locator(piece.path, quote=quote)
    line, offset = rest["line"], rest["offset"]
    return Locator(
        path=piece.path,
        line=int(line) if line else None,
        offset=int(offset) if offset else None,
        key=rest["key"] or None,
        quote=quote,
    )


def _statistic(piece: Piece) -> Statistic | None:
    match = None if piece.path else _MEASURED.fullmatch(piece.place)
    value = _number(match["value"]) if match else None
    if match is None or value is None:
        return None
    return Statistic(
        match["name"], value, _number(match["null"]), _number(match["second"]), match["detail"] or ""
    )


def _number(text: str | None) -> float | None:
    try:
        return as_float(float(text)) if text else None
    except ValueError:
        return None
