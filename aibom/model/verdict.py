"""What a gate, a verification or a comparison of two BOMs concluded: results, each with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aibom.model.enums import Layer, Severity
from aibom.model.files import Locator
from aibom.model.inspected import Unknown
from aibom.model.provenance import Finding
from aibom.model.score import Score


class Outcome(StrEnum):
    """How one rule came out. Undetermined is never a pass."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNDETERMINED = "undetermined"
    WAIVED = "waived"
    """It failed, and a waiver that is not expired names it; shown, and counted as a pass."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A result that somebody takes responsibility for.

    Attributes:
        finding: id of the result or finding that is waived.
        reason, approver: why, and by whom.
        expires: last day on which it holds, ISO 8601.
        expired: whether that day has passed on the day of the check.
    """

    finding: str
    reason: str
    approver: str
    expires: str
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How one rule came out for one thing.

    Attributes:
        id: stable over runs, a hash of the rule and what it is about: for waivers and baselines.
        rule: id of the rule, unique within what was checked.
        severity: how much a failure matters; `info` never fails a gate.
        statement: one sentence for people.
        part, layer: what it is about; None for the model as a whole.
        claimed, found: both sides, where two statements are held against each other.
        findings, unknowns: the evidence.
        locators: where to look, beside those of the findings.
        remedy: what settles it, and who can.
        waiver: the waiver that names it, expired or not.
        results: of a composed rule, how each of its rules came out.
    """

    id: str
    rule: str
    outcome: Outcome
    severity: Severity
    statement: str
    part: str | None = None
    layer: Layer | None = None
    claimed: str = ""
    found: str = ""
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    locators: tuple[Locator, ...] = ()
    remedy: str = ""
    waiver: Waiver | None = None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All results of one check.

    Attributes:
        kind: `check`, `verify`, `diff` or `signature`.
        subject, revision: the model.
        against: what it was held against: a policy's id, a BOM's name.
        against_digest: SHA-256 of that.
        title, notes: for people: the policy's name, and what it is not.
        outcome: FAIL where a result fails, else UNDETERMINED where one is, else PASS.
        results: in the order of the rules.
        score: under the policy's profile, where there is one.
        granted: the same with every open contest granted; None where no contest is open.
        known: ids of failures that a baseline already knew; they do not count.
    """

    kind: str
    subject: str
    outcome: Outcome
    results: tuple[Result, ...]
    against: str = ""
    against_digest: str = ""
    revision: str | None = None
    title: str = ""
    notes: str = ""
    score: Score | None = None
    granted: Score | None = None
    known: tuple[str, ...] = ()


def overall(results: tuple[Result, ...], known: tuple[str, ...] = ()) -> Outcome:
    """FAIL before UNDETERMINED before PASS; `info` and what a baseline knows do not count."""
    counted = {
        item.outcome for item in results if item.severity is not Severity.INFO and item.id not in known
    }
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if outcome in counted:
            return outcome
    return Outcome.PASS
