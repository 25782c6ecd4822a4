"""Findings that others made: inspectors' observations, and the Hub's file scanners."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.text import clean
from aibom.model import Confidence, Finding, Locator, Observation, Unknown
from aibom.provenance.claims import Claim, claim, finding_id
from aibom.provenance.context import Context


def observed(context: Context) -> Iterator[Claim | Unknown]:
    """A finding for each observation, under the plug-in's own rule, and for each file that the Hub flags."""
    for item in context.inspected.observations:
        yield Claim(_finding(item))
    for path, level in context.target.hub.security_issues if context.target.hub else ():
        yield claim(
            "hub.security",
            f"The Hub's scanners flag {path} as {level}.",
            inputs=(path, level),
            locators=(Locator(path),),
        )


def _finding(item: Observation) -> Finding:
    paths = sorted({locator.path for locator in item.locators})
    return Finding(
        id=finding_id(item.rule, (item.part, item.statement, *paths)),
        rule=item.rule,
        signal=item.signal,
        confidence=Confidence.OBSERVED,
        statement=clean(item.statement),
        part=item.part,
        severity=item.severity,
        alternative=item.alternative,
        contest="Show what the named place holds instead.",
        locators=item.locators,
    )
