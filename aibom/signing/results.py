"""Results of a check of signatures, in the shape of every verdict."""

from __future__ import annotations

import hashlib

from aibom.model import Locator, Outcome, Result, Severity


def result(
    rule: str,
    outcome: Outcome,
    statement: str,
    *,
    about: str = "",
    severity: Severity = Severity.HIGH,
    claimed: str = "",
    found: str = "",
    remedy: str = "",
    locators: tuple[Locator, ...] = (),
) -> Result:
    """A result whose id is that of its rule and what it is about, the same over runs."""
    ident = hashlib.sha256(f"{rule}\0{about}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return Result(
        id=f"S-{ident}",
        rule=rule,
        outcome=outcome,
        severity=severity,
        statement=statement,
        claimed=claimed,
        found=found,
        remedy=remedy,
        locators=locators,
    )
