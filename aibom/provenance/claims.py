"""A claim: one finding with the origins that follow from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from aibom.formats.text import clean
from aibom.model import (
    Evidence,
    Finding,
    Layer,
    Locator,
    OrganisationRef,
    Origin,
    Relation,
    Statistic,
    Unknown,
)
from aibom.provenance.context import Context
from aibom.provenance.rules import RULES


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signal hands on.

    `contradicts` holds ids of findings that this one contradicts; both are kept.
    """

    finding: Finding
    origins: tuple[Origin, ...] = field(default=())
    contradicts: frozenset[str] = frozenset()


Signal: TypeAlias = Callable[[Context], Iterator[Claim | Unknown]]
"""One signal: reads the context, yields claims by its rules, and an Unknown for what it could not see."""

_STATEMENT = 600


def claim(
    rule_id: str,
    statement: str,
    *,
    inputs: Iterable[str | None],
    parts: Iterable[str] = (),
    part: str | None = None,
    organisations: tuple[OrganisationRef, ...] = (),
    upstream: str | None = None,
    locators: Iterable[Locator] = (),
    statistic: Statistic | None = None,
    contradicts: frozenset[str] = frozenset(),
) -> Claim:
    """A claim under a rule: everything but the particulars comes from the rule.

    `inputs` is what the rule was applied to and names the finding (`finding_id`); `parts` are those
    that an origin follows for, none where the finding stands alone.
    """
    rule = RULES[rule_id]
    finding = Finding(
        id=finding_id(rule_id, inputs),
        rule=rule.id,
        signal=rule.signal,
        confidence=rule.confidence,
        statement=clean(statement, _STATEMENT),
        part=part,
        layer=rule.layer,
        severity=rule.severity,
        alternative=rule.alternative,
        contest=rule.contest,
        organisations=organisations,
        statistic=statistic,
        locators=tuple(locators),
    )
    if rule.layer is None:
        return Claim(finding, (), contradicts)
    origins = (
        _origin(ident, rule.layer, rule.relation, rule.evidence, finding, upstream, rule.in_question)
        for ident in sorted(set(parts))
    )
    return Claim(finding, tuple(origins), contradicts)


def _origin(
    part: str,
    layer: Layer,
    relation: Relation,
    evidence: Evidence,
    finding: Finding,
    upstream: str | None,
    in_question: bool,
) -> Origin:
    return Origin(
        part, layer, relation, evidence, finding.organisations, upstream, (finding.id,), in_question
    )


def finding_id(rule_id: str, inputs: Iterable[str | None]) -> str:
    """A stable id: it holds neither line numbers nor commits, and so survives a re-run."""
    canonical = json.dumps([rule_id, *inputs], ensure_ascii=False, separators=(",", ":"))
    return "F-" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:12]
