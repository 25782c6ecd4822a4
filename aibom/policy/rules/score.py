"""Rules on the score under the policy's profile: level, bounds, width, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aibom.model import Layer, Outcome, Result
from aibom.policy.case import Case
from aibom.policy.policy import Rule

_NARROWER = (
    "Evidence on what is not known narrows it: `--depth weights --index`; for data, compute and governance, "
    "the vendor's answers (`aibom questionnaire`)."
)


@dataclass(frozen=True, slots=True)
class MinimumLevel:
    """The level is at least this."""

    level: int

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure where even the highest level that is left open is lower."""
        score, ceiling = case.score, case.open_ceiling
        if score.level is None or ceiling is None:
            yield case.result(
                rule, Outcome.UNDETERMINED, "The profile has no home set, so there is no level."
            )
            return
        held = " ".join(score.reasons[:1])
        if score.level >= self.level:
            yield case.result(
                rule, Outcome.PASS, f"Level {score.level}/{score.evidence.name}; {self.level} is asked."
            )
        elif ceiling < self.level:
            said = f"Level {score.level}, and {ceiling} at most; {self.level} is asked. {held}"
            yield case.result(
                rule, Outcome.FAIL, said, about=(str(ceiling),), findings=_weights_findings(case)
            )
        else:
            said = f"Level {score.level} is shown, and up to {ceiling} is open; {self.level} is asked. {held}"
            yield case.result(
                rule, Outcome.UNDETERMINED, said, unknowns=case.dossier.unknowns, remedy=_NARROWER
            )


@dataclass(frozen=True, slots=True)
class MinimumScore:
    """The score's lower bound is at least this many points."""

    points: float

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure where the upper bound is below."""
        lower, upper = case.score.lower, case.score.upper
        said = f"The score lies in [{lower:g}, {upper:g}]; at least {self.points:g} is asked."
        if lower >= self.points:
            yield case.result(rule, Outcome.PASS, said)
        elif upper < self.points:
            yield case.result(rule, Outcome.FAIL, said)
        else:
            yield case.result(rule, Outcome.UNDETERMINED, said, remedy=_NARROWER)


@dataclass(frozen=True, slots=True)
class MaximumIntervalWidth:
    """The score's bounds lie at most this many points apart."""

    points: float

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """Never a failure: evidence narrows the interval."""
        width = case.score.upper - case.score.lower
        said = (
            f"The score's interval [{case.score.lower:g}, {case.score.upper:g}] is {width:g} points wide; "
            f"at most {self.points:g} is asked."
        )
        yield _enough(rule, case, width <= self.points + _ROUNDING, said)


@dataclass(frozen=True, slots=True)
class CoverageAtLeast:
    """At least this much is known: points of 100 of the whole, or of each named layer."""

    points: float
    layers: tuple[Layer, ...] = ()

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """Never a failure: evidence raises the coverage."""
        known = {item.layer: 100 * item.coverage for item in case.score.layers}
        if not self.layers:
            said = f"{case.score.coverage:g} of 100 points are known; at least {self.points:g} is asked."
            yield _enough(rule, case, case.score.coverage >= self.points - _ROUNDING, said)
        for layer in self.layers:
            said = f"{layer}: {known[layer]:g} % is known; at least {self.points:g} % is asked."
            yield _enough(rule, case, known[layer] >= self.points - _ROUNDING, said, layer)


_ROUNDING = 1e-6
"""Bounds are rounded to four decimals."""


def _enough(rule: Rule, case: Case, enough: bool, said: str, layer: Layer | None = None) -> Result:
    if enough:
        return case.result(rule, Outcome.PASS, said, layer=layer)
    return case.result(rule, Outcome.UNDETERMINED, said, layer=layer, remedy=_NARROWER)


def _weights_findings(case: Case) -> list[str]:
    """The findings on weights, which set the level."""
    origins = (item.origin for item in case.judged[Layer.WEIGHTS])
    return [finding for origin in origins if origin is not None for finding in origin.findings]
