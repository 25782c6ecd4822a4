"""Rules on parts, dangers, what was not seen, and contests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aibom.model import Finding, Outcome, Part, Result, Role, Severity, Signal, Stage
from aibom.policy.case import Case
from aibom.policy.policy import Rule
from aibom.policy.rules.words import UNSEEN

_SETTLED = frozenset({"accepted", "superseded"})
"""States of a contest after which a finding no longer holds."""


@dataclass(frozen=True, slots=True)
class NoUndeclaredPart:
    """Every part that is in the model is named by its configuration, card or index."""

    roles: tuple[Role, ...] = ()

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure for each part that is present and not declared; a pass needs a complete list of parts."""
        parts = [part for part in case.dossier.parts if not self.roles or part.role in self.roles]
        for part in parts:
            if part.present and not part.declared:
                yield self._undeclared(rule, case, part)
        if not case.complete:
            said = "Whether the parts that are known are all there are is not known."
            yield case.result(rule, Outcome.UNDETERMINED, said, unknowns=case.hidden, remedy=UNSEEN)
        elif all(part.declared or not part.present for part in parts):
            yield case.result(rule, Outcome.PASS, f"All {len(parts)} parts that are present are declared.")

    def _undeclared(self, rule: Rule, case: Case, part: Part) -> Result:
        return case.result(
            rule,
            Outcome.FAIL,
            f"{part.id}: present in the model and declared nowhere.",
            about=("undeclared",),
            part=part.id,
            locators=part.locators,
            remedy="The vendor declares the part in the configuration or the model card.",
        )


@dataclass(frozen=True, slots=True)
class NoSecurityFindingAbove:
    """No security finding is graver than this level."""

    level: Severity

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure for each graver one that no accepted contest has settled; a pass needs all files read."""
        ranks = list(Severity)
        graver = [
            finding
            for finding in case.findings.values()
            if finding.signal is Signal.SECURITY
            and ranks.index(finding.severity) > ranks.index(self.level)
            and case.contests.get(finding.id) not in _SETTLED
        ]
        for finding in graver:
            yield self._found(rule, case, finding)
        if not case.complete:
            said = f"Not all files were read: a security finding above {self.level} may be hidden."
            yield case.result(rule, Outcome.UNDETERMINED, said, unknowns=case.hidden, remedy=UNSEEN)
        elif not graver:
            yield case.result(rule, Outcome.PASS, f"No security finding is above {self.level}.")

    def _found(self, rule: Rule, case: Case, finding: Finding) -> Result:
        return case.result(
            rule,
            Outcome.FAIL,
            f"{finding.statement.rstrip('.')} ({finding.severity}).",
            about=(finding.id,),
            part=finding.part,
            findings=(finding.id,),
            remedy="Remove or replace the file, or waive the finding by its id.",
        )


@dataclass(frozen=True, slots=True)
class NoUnknownAbove:
    """At most this many things could not be seen."""

    count: int
    stages: tuple[Stage, ...] = ()

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """Never a failure: what was not seen can be shown. What others' documents leave out is not known."""
        unseen = tuple(each for each in case.dossier.unknowns if not self.stages or each.stage in self.stages)
        said = f"{len(unseen):,} things could not be seen; at most {self.count:,} is asked."
        if len(unseen) <= self.count and case.examined:
            yield case.result(rule, Outcome.PASS, said)
        else:
            yield case.result(rule, Outcome.UNDETERMINED, said, unknowns=unseen, remedy=UNSEEN)


@dataclass(frozen=True, slots=True)
class ContestStates:
    """Contests of findings are in one of these states."""

    states: tuple[str, ...]

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure for a settled contest in another state; an open one can still be settled."""
        clean = True
        for ident, state in sorted(case.contests.items()):
            if state in self.states or ident not in case.findings:
                continue
            clean = False
            yield case.result(
                rule,
                Outcome.UNDETERMINED if state == "open" else Outcome.FAIL,
                f"The contest of finding {ident} is {state}; asked is: {', '.join(self.states)}.",
                about=(ident, state),
                part=case.findings[ident].part,
                layer=case.findings[ident].layer,
                findings=(ident,),
                remedy="An assessment settles it (`aibom contest assess`).",
            )
        if clean:
            yield case.result(rule, Outcome.PASS, f"No contest is in a state but {', '.join(self.states)}.")
