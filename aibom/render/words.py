"""Words and units that every rendering for people shares. What is not known is said to be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aibom.formats.text import clean
from aibom.model import (
    Evidence,
    Finding,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Score,
    Severity,
)

_EVIDENCE_WORDS = {
    Evidence.E0: "no evidence",
    Evidence.E1: "declared",
    Evidence.E2: "tested",
    Evidence.E3: "corroborated",
    Evidence.E4: "verified",
}

_RELATION_WORDS = {
    Relation.INSPIRED: "inspired by",
    Relation.ADAPTED: "adapted from",
    Relation.DERIVED: "derived from",
    Relation.VERBATIM: "unchanged from",
}

_LEVEL_WORDS = {
    1: "the core is derived",
    2: "the core is home-made; a trained part is not, or is not known to be",
    3: "all trained parts are home-made",
    4: "all parts and layers are home-made",
}


def amount(number: int) -> str:
    """A count with a decimal unit: `22.7 M`, `102.6 B`."""
    return _scaled(number, (" K", " M", " B", " T"))


def size(number: int) -> str:
    """Bytes with a decimal unit: `14.2 MB`."""
    return _scaled(number, (" kB", " MB", " GB", " TB")) if number >= 1000 else f"{number} bytes"


def _scaled(number: int, units: Sequence[str]) -> str:
    value, unit = float(number), ""
    for larger in units:
        if value < 999.95:  # would round to 1000.0 of the smaller unit
            break
        value, unit = value / 1000, larger
    return f"{value:.1f}{unit}" if unit else str(number)


def plural(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def country(organisation: OrganisationRef) -> str:
    """Registered and ultimate-parent jurisdiction, apart where they differ."""
    registered = organisation.jurisdiction or "unknown"
    ultimate = organisation.ultimate_jurisdiction or "unknown"
    if registered == ultimate:
        return "country unknown" if registered == "unknown" else registered
    return f"registered {registered}, ultimate parent {ultimate}"


def organisation_words(organisation: OrganisationRef) -> str:
    """`LG AI Research (KR)`."""
    return f"{clean(organisation.name)} ({country(organisation)})"


def origin_words(origin: Origin) -> str:
    """Relation, upstream model and organisations, without the evidence."""
    names = ", ".join(organisation_words(each) for each in origin.organisations)
    source = " of ".join(each for each in (clean(origin.upstream or ""), names) if each)
    if origin.relation is Relation.UNKNOWN:
        return f"unknown; names {source}" if source else "unknown"
    if origin.relation is Relation.ORIGINAL:
        return f"original, by {source}" if source else "original"
    return f"{_RELATION_WORDS[origin.relation]} {source or 'an unknown origin'}"


def evidence_words(evidence: Evidence) -> str:
    """`E1 declared`."""
    return f"{evidence.name} {_EVIDENCE_WORDS[evidence]}"


def verdict(score: Score) -> str:
    """The level, what it means, and the highest level that stays open."""
    if score.level is None:
        return f"No level: profile {clean(score.profile)} has no home; origins are reported, not graded."
    open_above = score.ceiling is not None and score.ceiling > score.level
    if score.level == 0:
        meaning = "undetermined" if open_above else "the core comes from outside the home set"
    else:
        meaning = _LEVEL_WORDS[score.level]
    left = f" Level {score.ceiling} stays open on the evidence at hand." if open_above else ""
    known = _EVIDENCE_WORDS[score.evidence]
    return f"Level {score.level}/{score.evidence.name} ({known}): {meaning}.{left}"


def in_order(parts: Iterable[Part]) -> list[Part]:
    """The core first, tokenizer and code last, other serialisations behind; those of one role by id."""
    return sorted(parts, key=lambda part: (part.alternative, list(Role).index(part.role), part.id))


def weightiest(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, the highest first; those of one severity stay in the report's order."""
    weights = list(Severity)
    return sorted(findings, key=lambda finding: weights.index(finding.severity), reverse=True)


def place(locator: Locator) -> str:
    """`modeling.py:3`, `config.json vision_config.model_type`, `model.onnx bytes 10-20`."""
    where = clean(locator.path)
    if locator.line is not None:
        where += f":{locator.line}"
    if locator.key:
        where += f" {clean(locator.key)}"
    if locator.offset is not None and locator.length is not None:
        where += f" bytes {locator.offset}-{locator.offset + locator.length}"
    return where
