"""Rules on where layers of parts come from, one result a subject that does not pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aibom.model import WHOLE_MODEL, Evidence, Layer, Origin, Outcome, Relation, Result, Role
from aibom.policy.case import Case
from aibom.policy.policy import Rule
from aibom.policy.rules.words import UNSEEN, accused_remedy, open_remedy, stated
from aibom.sovereignty import Judgement, Standing

_Verdict = Callable[[Judgement], Outcome]


@dataclass(frozen=True, slots=True)
class MinimumEvidence:
    """Each subject's origin is known at least this well, be it good or bad."""

    evidence: Evidence
    layers: tuple[Layer, ...]
    roles: tuple[Role, ...] = ()

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """Never a failure: evidence that is missing can be brought."""
        asked = f"the origin is known at {self.evidence.name} or better"
        return _each(rule, case, self.layers, self.roles, self._outcome, asked)

    def _outcome(self, item: Judgement) -> Outcome:
        return Outcome.PASS if item.evidence >= self.evidence else Outcome.UNDETERMINED


@dataclass(frozen=True, slots=True)
class AllowedRelations:
    """What does not come from the home set has one of these relations to where it comes from.

    A pass needs `evidence`, the profile's `home_evidence` where the policy gives none; a declaration against
    the vendor's own interest is believed from E1 on, as for the level.
    """

    layers: tuple[Layer, ...]
    relations: tuple[Relation, ...]
    roles: tuple[Role, ...] = ()
    evidence: Evidence | None = None

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure is a known relation that is not allowed, to a known outside origin."""
        least = case.profile.home_evidence if self.evidence is None else self.evidence
        allowed = "".join(f", or {relation.value}" for relation in self.relations)
        asked = f"from the home set{allowed}, at {least.name} or better"
        return _each(rule, case, self.layers, self.roles, lambda item: self._outcome(item, least), asked)

    def _outcome(self, item: Judgement, least: Evidence) -> Outcome:
        if item.origin is None or item.evidence is Evidence.E0:
            return Outcome.UNDETERMINED
        if item.standing is Standing.HOME or item.origin.relation in self.relations:
            return Outcome.PASS if item.evidence >= least else Outcome.UNDETERMINED
        return Outcome.UNDETERMINED if item.standing is Standing.UNKNOWN else Outcome.FAIL


@dataclass(frozen=True, slots=True)
class NoDeniedOrigin:
    """No subject comes from the profile's deny set, whatever the relation."""

    layers: tuple[Layer, ...]
    roles: tuple[Role, ...] = ()
    evidence: Evidence | None = None

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A pass needs every organisation's seat and that of its ultimate parent."""
        least = case.profile.home_evidence if self.evidence is None else self.evidence
        asked = f"not from {', '.join(case.profile.deny)}, at {least.name} or better"
        return _each(rule, case, self.layers, self.roles, lambda item: self._outcome(item, least), asked)

    def _outcome(self, item: Judgement, least: Evidence) -> Outcome:
        if item.origin is None or item.evidence is Evidence.E0:
            return Outcome.UNDETERMINED
        if item.standing is Standing.DENIED:
            return Outcome.FAIL
        organisations = item.origin.organisations
        seats = {seat for each in organisations for seat in (each.jurisdiction, each.ultimate_jurisdiction)}
        if not seats or None in seats:
            return Outcome.UNDETERMINED
        return Outcome.PASS if item.evidence >= least else Outcome.UNDETERMINED


def _each(
    rule: Rule,
    case: Case,
    layers: tuple[Layer, ...],
    roles: tuple[Role, ...],
    verdict: _Verdict,
    asked: str,
) -> Iterator[Result]:
    """A result for each subject that does not pass, else one for all."""
    judged = [(layer, item, verdict(item)) for layer in layers for item in case.subjects(layer, roles)]
    for layer, item, outcome in judged:
        if outcome is not Outcome.PASS:
            yield _told(rule, case, layer, item, outcome, asked)
    names = ", ".join(layers)
    if not judged and not case.complete:
        reason = f"{names}: whether the model has a part of the roles {', '.join(roles)} is not known."
        yield case.result(rule, Outcome.UNDETERMINED, reason, unknowns=case.hidden, remedy=UNSEEN)
    elif all(outcome is Outcome.PASS for _, _, outcome in judged):
        subjects = ", ".join(dict.fromkeys(item.subject for _, item, _ in judged))
        what = subjects or f"no part has the roles {', '.join(roles)}"
        yield case.result(rule, Outcome.PASS, f"{names}: {asked} ({what}).")


def _told(rule: Rule, case: Case, layer: Layer, item: Judgement, outcome: Outcome, asked: str) -> Result:
    """The result of one subject. The id of a failure names the origin: a waiver of one is none of another."""
    failed, origin = outcome is Outcome.FAIL, item.origin
    named = (
        (origin.relation.value, origin.upstream or "", *(each.id for each in origin.organisations))
        if origin
        else ()
    )
    known = stated(item, layer)
    return case.result(
        rule,
        outcome,
        f"{known}." if failed else f"{known}; asked is: {asked}.",
        about=named if failed else (),
        part=None if item.subject == WHOLE_MODEL else item.subject,
        layer=layer,
        findings=_telling(origin, case) if origin else (),
        unknowns=case.unknowns_of(layer, item),
        remedy=accused_remedy(item) if failed else open_remedy(layer, item),
    )


def _telling(origin: Origin, case: Case) -> list[str]:
    """The findings behind an origin, those that name its organisations first: a viewer shows one place."""
    named = {organisation.id for organisation in origin.organisations}

    def is_silent(ident: str) -> bool:
        finding = case.findings.get(ident)
        return finding is None or named.isdisjoint(each.id for each in finding.organisations)

    return sorted(origin.findings, key=is_silent)
