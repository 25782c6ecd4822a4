"""What a policy and its rules are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from aibom.model import Result, Severity
from aibom.policy.case import Case
from aibom.sovereignty import Profile


class Check(Protocol):
    """What a named rule asks, with its parameters."""

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """One result for each thing that does not pass, or one for all that does.

        PASS only where what is known guarantees it whatever the unknowns turn out to be, FAIL only where
        what is known rules it out, UNDETERMINED else.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy.

    Attributes:
        id: unique in the policy.
        name: of the named rule.
        severity: of its results; `info` never fails a gate.
        check: what it asks.
        why: what it is for, in the policy's words; shown with what does not pass.
    """

    id: str
    name: str
    severity: Severity
    check: Check
    why: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules that a model is held against.

    Attributes:
        id, version, date, name, notes: what it is, and since when.
        official: whether the body whose rules these are has published them in this form; no shipped one is.
        digest: SHA-256 of its canonical JSON, with the profile's digest in the profile's place.
        profile: what origins are graded under.
        rules: in their order.
        sources: what the rules follow.
    """

    id: str
    version: str
    date: str
    name: str
    official: bool
    digest: str
    profile: Profile
    rules: tuple[Rule, ...]
    notes: str = ""
    sources: tuple[str, ...] = ()
