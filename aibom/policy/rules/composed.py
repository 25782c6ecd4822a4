"""Rules made of rules, by Kleene's three-valued logic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aibom.model import Outcome, Result
from aibom.policy.case import Case, fold, fold_any
from aibom.policy.policy import Rule


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these rules passes."""

    rules: tuple[Rule, ...]

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure where one fails, else undetermined where one is."""
        parts = [tuple(each.check.judge(each, case)) for each in self.rules]
        outcome = fold(fold(result.outcome for result in results) for results in parts)
        yield _composed(rule, case, outcome, parts, "all")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these rules passes."""

    rules: tuple[Rule, ...]

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure where every one fails, a pass where one passes."""
        parts = [tuple(each.check.judge(each, case)) for each in self.rules]
        outcome = fold_any(fold(result.outcome for result in results) for results in parts)
        yield _composed(rule, case, outcome, parts, "at least one")


def _composed(
    rule: Rule, case: Case, outcome: Outcome, parts: list[tuple[Result, ...]], asked: str
) -> Result:
    """One result that holds those of its rules; it names what does not pass."""
    flat = tuple(result for results in parts for result in results)
    held = [result for result in flat if result.outcome in (Outcome.FAIL, Outcome.UNDETERMINED)]
    passed = sum(fold(result.outcome for result in results) is Outcome.PASS for results in parts)
    said = f"{passed} of {len(parts)} rules pass; {asked} must."
    if outcome is not Outcome.PASS and held:
        first = next((result for result in held if result.outcome is outcome), held[0])
        said = f"{said} {first.statement}"
    failing = sorted(result.id for result in flat if result.outcome is Outcome.FAIL)
    about = failing if outcome is Outcome.FAIL else ()
    return case.result(rule, outcome, said, about=about, results=flat)
