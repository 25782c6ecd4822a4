"""A dossier with its contests: accepted ones applied, and what open ones would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aibom.contests.assessing import Standing, is_of, needed, standings
from aibom.contests.entries import ContestState, Log
from aibom.contests.filing import strength
from aibom.model import (
    Confidence,
    Dossier,
    Evidence,
    Finding,
    Locator,
    OrganisationRef,
    Origin,
    Relation,
    Score,
    Severity,
)
from aibom.provenance import RULES, Claim, finding_id
from aibom.provenance.merge import origins as merged
from aibom.sovereignty import Profile, assess

ACCEPTED = "contest.accepted"
"""The rule of the finding that an accepted contest is."""


@dataclass(frozen=True, slots=True)
class Contested:
    """A model's dossier and its contests.

    Attributes:
        dossier: with the accepted contests applied. A finding that one supersedes stays, marked
            `contradicted` and without severity, beside the contest as a finding of its own.
        score: under the profile, with accepted contests, and without open ones.
        granted: the same with every open contest granted on the least evidence that it needs.
        unapplied: as if there were no contest.
        standings: the contests of this model.
        superseded: ids of findings that an accepted contest sets aside.
        left_out: contests that were not applied, and why.
        head: digest of the log's last entry.
    """

    dossier: Dossier
    score: Score
    granted: Score
    unapplied: Score
    standings: tuple[Standing, ...] = ()
    superseded: tuple[str, ...] = ()
    left_out: tuple[tuple[Standing, str], ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class _Grant:
    """What one contest gives where it is granted."""

    standing: Standing
    finding: Finding
    level: Evidence


def apply(dossier: Dossier, log: Log, profile: Profile) -> Contested:
    """The accepted contests of a log applied to what a scan or BOM says of the model, and both scores."""
    own = tuple(each for each in standings(log) if is_of(each.contest, dossier.subject))
    findings = {finding.id: finding for finding in dossier.findings}
    accepted, open_, left = [], [], []
    for standing in own:
        reason = _misfit(standing, dossier, findings)
        if reason:
            left.append((standing, reason))
        elif standing.state is ContestState.ACCEPTED:
            level = standing.last.evidence_level or Evidence.E0
            accepted.append(_Grant(standing, findings[standing.contest.finding], level))
        elif standing.state is ContestState.OPEN:
            finding = findings[standing.contest.finding]
            level = max(needed(standing.contest), strength(finding, dossier.origins))
            open_.append(_Grant(standing, finding, level))
    origins = _granted(dossier, accepted)
    superseded = tuple(sorted({grant.finding.id for grant in accepted}))
    applied = replace(dossier, origins=origins, findings=tuple(_findings(dossier, accepted, superseded)))
    return Contested(
        dossier=applied,
        score=assess(dossier.parts, origins, profile),
        granted=assess(dossier.parts, _granted(dossier, [*accepted, *open_]), profile),
        unapplied=assess(dossier.parts, dossier.origins, profile),
        standings=own,
        superseded=superseded,
        left_out=tuple(left),
        head=log.head,
    )


def _misfit(standing: Standing, dossier: Dossier, findings: Mapping[str, Finding]) -> str:
    """Why a contest cannot be applied to this dossier; empty where it can."""
    contest = standing.contest
    finding = findings.get(contest.finding)
    if finding is None:
        return "the finding is not made here"
    if contest.revision and dossier.revision and contest.revision != dossier.revision:
        return f"it is about commit {contest.revision}"
    least = max(needed(contest), strength(finding, dossier.origins))
    if standing.state is ContestState.ACCEPTED and (standing.last.evidence_level or Evidence.E0) < least:
        return f"the finding rests on {least.name} here"
    return ""


def _granted(dossier: Dossier, grants: Sequence[_Grant]) -> tuple[Origin, ...]:
    """Every origin, without what contested findings alone carry, and with what contests give instead."""
    by_finding: dict[str, list[_Grant]] = {}
    for grant in grants:
        by_finding.setdefault(grant.finding.id, []).append(grant)
    findings = {finding.id: finding for finding in dossier.findings}
    return tuple(_moved(origin, findings, by_finding, dossier.publisher) for origin in dossier.origins)


def _moved(
    origin: Origin,
    findings: Mapping[str, Finding],
    grants: Mapping[str, list[_Grant]],
    publisher: OrganisationRef | None,
) -> Origin:
    """One origin, concluded again from the findings that are left and the contests that are granted."""
    own = [grant for ident in origin.findings for grant in grants.get(ident, ())]
    hits = [grant for grant in own if grant.finding.layer in (origin.layer, None)]
    if not hits:
        return origin
    set_aside = {grant.finding.id for grant in hits}
    left = [
        Claim(findings[ident], (_alone(origin, findings[ident]),))
        for ident in origin.findings
        if ident in findings and ident not in set_aside
    ]
    remaining = [each for claim in left for each in claim.origins]
    given = [
        Claim(grant.finding, (granted,))
        for grant in hits
        if (granted := _given(origin, grant, publisher))
        and not any(_against(granted, each) for each in remaining)
    ]
    again = merged([*left, *given])
    kept = tuple(sorted({*origin.findings, *(_ident(grant) for grant in hits)}))
    if not again:
        return Origin(origin.part, origin.layer, Relation.UNKNOWN, Evidence.E0, findings=kept)
    return replace(again[0], findings=kept)


def _alone(origin: Origin, finding: Finding) -> Origin:
    """What one finding says of an origin by its rule; of a rule not known here, all that was concluded."""
    rule = RULES.get(finding.rule)
    if rule is None or rule.layer is not origin.layer:
        return replace(origin, findings=(finding.id,))
    same = {each.id for each in finding.organisations} & {each.id for each in origin.organisations}
    return Origin(
        origin.part,
        origin.layer,
        rule.relation,
        rule.evidence,
        finding.organisations,
        origin.upstream if same else None,
        (finding.id,),
        rule.in_question,
    )


def _against(granted: Origin, other: Origin) -> bool:
    """Whether a finding that nobody contested leaves no room: it is to be contested too."""
    own = granted.relation is Relation.ORIGINAL
    if other.relation is Relation.UNKNOWN:
        return own and other.in_question
    return own != (other.relation is Relation.ORIGINAL)


def _given(origin: Origin, grant: _Grant, publisher: OrganisationRef | None) -> Origin | None:
    """What a contest asks for: own work is the publisher's, anything else is of those that are named."""
    requested = grant.standing.contest.requested
    if requested is None:
        return None
    own = (publisher,) if publisher else ()
    who = own if requested is Relation.ORIGINAL else grant.finding.organisations
    return Origin(origin.part, origin.layer, requested, grant.level, who, None, (_ident(grant),))


def _findings(dossier: Dossier, accepted: Iterable[_Grant], superseded: Sequence[str]) -> Iterator[Finding]:
    for finding in dossier.findings:
        if finding.id in superseded:
            yield replace(finding, confidence=Confidence.CONTRADICTED, severity=Severity.INFO)
        else:
            yield finding
    yield from (_finding(grant) for grant in accepted)


def _finding(grant: _Grant) -> Finding:
    contest, last, found = grant.standing.contest, grant.standing.last, grant.finding
    requested = f"; {contest.requested} is granted" if contest.requested else "; the finding is withdrawn"
    return Finding(
        id=_ident(grant),
        rule=ACCEPTED,
        signal=found.signal,
        confidence=Confidence.VERIFIED if grant.level is Evidence.E4 else Confidence.INFERRED,
        statement=f"{contest.filed_by} contests {found.id}: {contest.claim} Accepted by {last.assessor} on "
        f"{last.date} ({grant.level.name}){requested}. {last.reason}",
        part=found.part,
        layer=found.layer,
        alternative=f"As it was found: {found.statement}",
        contest="File a contest of your own, on evidence at least as strong.",
        organisations=found.organisations,
        locators=tuple(Locator(each.place, quote=f"sha256:{each.sha256}") for each in contest.evidence),
    )


def _ident(grant: _Grant) -> str:
    return finding_id(ACCEPTED, (grant.standing.contest.id,))
