"""What may be entered of a contest, and how each contest stands by its last entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aibom.contests.entries import ContestState, Draft, Entry, Log
from aibom.contests.filing import Contest
from aibom.contests.log import add, day
from aibom.errors import UsageError
from aibom.formats.values import clean
from aibom.model import Evidence
from aibom.provenance import RULES

_FOLLOWS = {
    None: frozenset({ContestState.OPEN, ContestState.ACCEPTED, ContestState.REJECTED}),
    ContestState.OPEN: frozenset({ContestState.ACCEPTED, ContestState.REJECTED, ContestState.SUPERSEDED}),
    ContestState.ACCEPTED: frozenset({ContestState.REJECTED, ContestState.SUPERSEDED}),
    ContestState.REJECTED: frozenset({ContestState.ACCEPTED, ContestState.SUPERSEDED}),
    ContestState.SUPERSEDED: frozenset[ContestState](),
}
_WEIGHT = (ContestState.ACCEPTED, ContestState.OPEN, ContestState.REJECTED, ContestState.SUPERSEDED)
"""Of several contests of one finding, the state that is told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one contest stands: by its last entry, with all before it."""

    contest: Contest
    history: tuple[Entry, ...]

    @property
    def last(self) -> Draft:
        """What was entered last."""
        return self.history[-1].draft

    @property
    def state(self) -> ContestState:
        """Its state now."""
        return self.last.state


def register(path: Path, contest: Contest, signer: str | None = None) -> Entry:
    """Enter a contest as open, by whom it was filed, and with which key it was signed.

    Raises:
        UsageError: the log has it already.
        AibomError: as `aibom.contests.log.add`.
    """
    draft = Draft(contest, ContestState.OPEN, contest.date, contest.filed_by, "filed", signer=signer)
    return add(path, lambda log: _allowed(log, draft))


def assess(
    path: Path,
    contest: Contest,
    state: ContestState,
    *,
    assessor: str,
    reason: str,
    date: str,
    evidence_level: Evidence | None = None,
    superseded_by: str | None = None,
    signer: str | None = None,
) -> Entry:
    """Enter what an assessor makes of a contest.

    Args:
        path: the log.
        contest: the contest; one that the log does not hold is entered with it.
        state: open, accepted, rejected or superseded.
        assessor, reason: by whom and why; neither may be empty.
        date: ISO 8601 day, not before that of the log's last entry.
        evidence_level: how strong the contest's evidence is; to be accepted it must be at least that of the
            finding.
        superseded_by: id of the contest in the log that takes its place.
        signer: id of the key whose signature on the contest was checked.

    Raises:
        UsageError: the state cannot follow, or the evidence is too weak.
        AibomError: as `aibom.contests.log.add`.
    """
    draft = Draft(
        contest,
        state,
        day(date),
        _needed(assessor, "an assessor"),
        _needed(reason, "a reason"),
        evidence_level,
        superseded_by,
        signer,
    )
    _check_evidence(draft)
    return add(path, lambda log: _allowed(log, draft))


def needed(contest: Contest) -> Evidence:
    """What a contest needs to be accepted: what the finding rested on, whatever the contest says of it."""
    rule = RULES.get(contest.rule)
    return max(contest.strength, rule.evidence if rule else Evidence.E1)


def standings(log: Log) -> tuple[Standing, ...]:
    """Every contest with its entries, by the order of filing."""
    histories: dict[str, list[Entry]] = {}
    for entry in log.entries:
        histories.setdefault(entry.draft.contest.id, []).append(entry)
    return tuple(Standing(history[0].draft.contest, tuple(history)) for history in histories.values())


def states(log: Log, model: str | None = None) -> Mapping[str, ContestState]:
    """The state by finding id, for a policy; of several contests of one finding: accepted before open,
    open before rejected, rejected before superseded.

    `model` keeps to the contests of one model: two models can have a finding of the same id.
    """
    told: dict[str, ContestState] = {}
    own = [each for each in standings(log) if model is None or is_of(each.contest, model)]
    for standing in sorted(own, key=lambda each: _WEIGHT.index(each.state), reverse=True):
        told[standing.contest.finding] = standing.state
    return dict(sorted(told.items()))


def is_of(contest: Contest, model: str) -> bool:
    """Whether a contest is about a finding on that model."""
    return contest.model.casefold() == clean(model, 300).casefold()


def _check_evidence(draft: Draft) -> None:
    least = needed(draft.contest)
    if draft.state is not ContestState.ACCEPTED:
        return
    if draft.evidence_level is None or draft.evidence_level < least:
        given = draft.evidence_level.name if draft.evidence_level else "none"
        raise UsageError(
            f"{draft.contest.finding} rests on {least.name}; evidence of {given} does not set it aside",
            advice=f"Accept it on evidence of {least.name} or better (--evidence-level), or reject it.",
        )


def _allowed(log: Log, draft: Draft) -> Draft:
    """The draft, where it may follow what the log holds."""
    history = log.of(draft.contest.id)
    before = history[-1].draft.state if history else None
    if draft.state not in _FOLLOWS[before]:
        known = f"is {before.value}" if before else "is not in the log"
        raise UsageError(f"{draft.contest.id} {known}, and cannot become {draft.state.value}")
    if draft.superseded_by is not None:
        other = log.contest(draft.superseded_by)
        if draft.state is not ContestState.SUPERSEDED or other is None or other.id == draft.contest.id:
            raise UsageError(f"{clean(draft.superseded_by, 40)} cannot take the place of {draft.contest.id}")
        if other.finding != draft.contest.finding:
            raise UsageError(f"{other.id} contests {other.finding}, not {draft.contest.finding}")
    return draft


def _needed(text: str, what: str) -> str:
    said = clean(text, 300 if what == "an assessor" else 4000)
    if not said:
        raise UsageError(f"an assessment needs {what}")
    return said
