"""What a rule of a comparison is, and the results that it gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aibom.formats.values import clean
from aibom.model import Finding, Layer, Locator, Outcome, Result, Severity, Unknown

MAX_RESULTS = 200
"""Results of one rule and outcome; what goes beyond is counted in one more."""
_STATEMENT = 2000
_SIDE = 400
_PLACES = 20


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its page of the documentation tells it.

    Attributes:
        id: unique within its table.
        compares: what is held against what.
        severity: of what it finds.
        section: heading of the page that tells of it.
        alternative: the innocent explanation; stands behind every statement that is no pass.
        remedy: what settles it, and who can.
    """

    id: str
    compares: str
    severity: Severity
    section: str
    alternative: str = ""
    remedy: str = ""

    def gives(
        self,
        outcome: Outcome,
        statement: str,
        *,
        about: Iterable[str | None] = (),
        part: str | None = None,
        layer: Layer | None = None,
        sides: tuple[str, str] = ("", ""),
        findings: Iterable[Finding] = (),
        unknowns: Iterable[Unknown] = (),
        locators: Iterable[Locator] = (),
    ) -> Result:
        """A result on what `about` names, which with the rule makes its id; `sides` are claimed and found."""
        passed = outcome is Outcome.PASS
        ending = f"; {self.alternative}" if self.alternative and not passed else ""
        return Result(
            id=result_id(self.id, about),
            rule=self.id,
            outcome=outcome,
            severity=Severity.INFO if passed else self.severity,
            statement=clean(statement, _STATEMENT) + ending,
            part=part,
            layer=layer,
            claimed=clean(sides[0], _SIDE),
            found=clean(sides[1], _SIDE),
            findings=tuple(findings)[:_PLACES],
            unknowns=tuple(unknowns)[:_PLACES],
            locators=tuple(dict.fromkeys(locators))[:_PLACES],
            remedy="" if passed else self.remedy,
        )


def result_id(rule: str, about: Iterable[str | None]) -> str:
    """A stable id: a hash of the rule and of what the result is about."""
    canonical = json.dumps([rule, *about], ensure_ascii=False, separators=(",", ":"))
    return "R-" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def table(*rules: Rule) -> dict[str, Rule]:
    """Rules by id, in their order."""
    return {rule.id: rule for rule in rules}


def in_order(results: Iterable[Result], rules: dict[str, Rule]) -> tuple[Result, ...]:
    """By rule, outcome, part, layer and id, whatever order they came in; each once, and a bounded number."""
    place = {ident: number for number, ident in enumerate(rules)}
    groups: dict[tuple[int, str], dict[str, Result]] = {}
    for result in results:
        groups.setdefault((place[result.rule], result.outcome), {})[result.id] = result
    return tuple(item for group in sorted(groups) for item in _bounded(list(groups[group].values()), rules))


def _bounded(results: list[Result], rules: dict[str, Rule]) -> Iterator[Result]:
    ordered = sorted(results, key=lambda item: (item.part or "", item.layer or "", item.statement, item.id))
    yield from ordered[:MAX_RESULTS]
    rest = len(ordered) - MAX_RESULTS
    if rest > 0:
        rule, outcome = rules[ordered[0].rule], ordered[0].outcome
        more = rule.gives(outcome, f"{rest:,} more of the same kind are not listed", about=("more", outcome))
        yield replace(more, severity=ordered[0].severity)
