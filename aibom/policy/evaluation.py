"""A model held against a policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from aibom.model import Dossier, Outcome, Result, Severity, Verdict, Waiver, overall
from aibom.policy.case import Case, stable_id
from aibom.policy.policy import Policy
from aibom.policy.waivers import dated, waiver_results

CLOCK = "clock"
_COUNTED = frozenset({Outcome.FAIL, Outcome.UNDETERMINED})


def evaluate(
    dossier: Dossier,
    policy: Policy,
    *,
    today: date,
    waivers: Sequence[Waiver] = (),
    baseline: Collection[str] = (),
    contests: Mapping[str, str] | None = None,
) -> Verdict:
    """What a policy makes of what is said of a model.

    Args:
        dossier: of a scan, or of anyone's BOM. Its own score is not read.
        policy: the rules; its profile grades the origins.
        today: the day on which waivers are in force or not.
        waivers: of `load_waivers`.
        baseline: ids of results that are known and do not count. A composed result is known where each result
            in it that does not pass is known too.
        contests: state of contested findings, by finding id.

    Raises:
        DataError: an expression of the policy reads a field that no model has, or mixes types.
    """
    held = dated(waivers, today)
    case = Case.of(dossier, policy.id, policy.profile, held, contests)
    judged = tuple(result for rule in policy.rules for result in rule.check.judge(rule, case))
    results = (
        judged
        + tuple(waiver_results(policy.id, held, set(_named(judged))))
        + tuple(_clock(policy, today, held))
    )
    known = tuple(result.id for result in results if _is_known(result, baseline))
    return Verdict(
        kind="check",
        subject=dossier.subject,
        outcome=overall(results, known),
        results=results,
        against=policy.id,
        against_digest=policy.digest,
        revision=dossier.revision,
        title=policy.name if policy.official else f"{policy.name} (not an official assessment)",
        notes=policy.notes,
        score=case.score,
        known=known,
    )


def _flat(results: Sequence[Result]) -> Iterator[Result]:
    for result in results:
        yield result
        yield from _flat(result.results)


def _named(results: Sequence[Result]) -> Iterator[str]:
    """The ids of failures, and of the findings that they rest on."""
    for result in _flat(results):
        if result.outcome in (Outcome.FAIL, Outcome.WAIVED):
            yield result.id
            yield from (finding.id for finding in result.findings)


def _is_known(result: Result, baseline: Collection[str]) -> bool:
    counted = [item for item in _flat((result,)) if item.outcome in _COUNTED]
    return bool(counted) and result.outcome in _COUNTED and all(item.id in baseline for item in counted)


def _clock(policy: Policy, today: date, waivers: Sequence[Waiver]) -> Iterator[Result]:
    """Before the policy's date the clock is wrong, or the policy not in force: no waiver can be judged."""
    if today >= date.fromisoformat(policy.date):
        return
    yield Result(
        id=stable_id(policy.id, CLOCK, policy.date),
        rule=CLOCK,
        outcome=Outcome.UNDETERMINED,
        severity=Severity.HIGH if waivers else Severity.INFO,
        statement=f"Today is {today.isoformat()}, before the policy's date, {policy.date}.",
        remedy="Set the clock, or take a policy that is in force; whether waivers have expired is not known.",
    )
