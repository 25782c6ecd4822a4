"""Waivers: failures that somebody takes responsibility for until a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from aibom.model import Outcome, Result, Severity, Waiver
from aibom.policy.case import stable_id
from aibom.policy.reading import read_bytes, read_document

EXPIRED, UNMATCHED = "waiver-expired", "waiver-unmatched"


def load_waivers(path: str | Path) -> tuple[Waiver, ...]:
    """The waivers of a YAML or JSON file, in its order.

    Raises:
        UsageError: the file does not exist.
        InputError: it cannot be read.
        DataError: it breaks `waivers.schema.json`, or waives a finding twice; with file and line.
    """
    document = read_document(read_bytes(Path(path), "waivers"), str(path), "waivers")
    seen: set[str] = set()
    for index, item in enumerate(document.value["waivers"]):
        if item["finding"] in seen:
            raise document.fault(("waivers", index, "finding"), f'"{item["finding"]}" is waived twice')
        seen.add(item["finding"])
    return tuple(
        Waiver(item["finding"], item["reason"], item["approver"], item["expires"])
        for item in document.value["waivers"]
    )


def dated(waivers: Sequence[Waiver], today: date) -> tuple[Waiver, ...]:
    """The waivers, with whether each one's last day has passed."""
    return tuple(replace(waiver, expired=date.fromisoformat(waiver.expires) < today) for waiver in waivers)


def waiver_results(policy: str, waivers: Sequence[Waiver], named: Collection[str]) -> Iterator[Result]:
    """A failure for each expired waiver, and a word on each that names nothing that fails."""
    for waiver in waivers:
        if waiver.expired:
            by = f"by {waiver.approver}, expired on {waiver.expires}"
            said = f"The waiver of {waiver.finding}, {by}: {waiver.reason}"
            yield Result(
                id=stable_id(policy, EXPIRED, waiver.finding, waiver.expires),
                rule=EXPIRED,
                outcome=Outcome.FAIL,
                severity=Severity.HIGH,
                statement=said,
                remedy="Remove the waiver, or have it approved anew with a later day.",
                waiver=waiver,
            )
        elif waiver.finding not in named:
            yield Result(
                id=stable_id(policy, UNMATCHED, waiver.finding),
                rule=UNMATCHED,
                outcome=Outcome.UNDETERMINED,
                severity=Severity.INFO,
                statement=f"The waiver of {waiver.finding} names nothing that fails here.",
                remedy="Check the id; remove the waiver where its cause is gone.",
            )
