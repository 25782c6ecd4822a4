"""What changed between two dossiers of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from aibom.differences import disclosures, files, identity, licences, origins, parts, scores
from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.rules import in_order
from aibom.matching.scores import recomputed
from aibom.model import Dossier, Result, Verdict, overall
from aibom.sovereignty import Profile

CHECKS: tuple[Callable[[Change], Iterator[Result]], ...] = (
    identity.check,
    parts.check,
    origins.check,
    files.check,
    licences.check,
    disclosures.check,
    scores.check,
)


def diff(old: Dossier, new: Dossier, *, profile: Profile | None = None) -> Verdict:
    """What changed from one BOM to another.

    Args:
        old, new: what anyone's BOM, or a scan, says before and after.
        profile: says who is outside, and both scores are computed anew under it; None takes the profile
            that the scores name.

    A result fails only where something became worse; what improved or merely changed passes. What differs
    because one side read deeper is undetermined. Equal dossiers give no result. Order of parts, files and
    findings does not matter.
    """
    if profile is not None:
        old, new = (replace(each, score=recomputed(each, profile)) for each in (old, new))
    change = Change(old, new, profile)
    results = in_order((result for check in CHECKS for result in check(change)), RULES)
    return Verdict(
        kind="diff",
        subject=new.subject,
        revision=new.revision,
        against=_name(old),
        against_digest=old.digest,
        outcome=overall(results),
        results=results,
        title=f"from {_name(old)} to {_name(new)}",
        score=new.score,
    )


def _name(dossier: Dossier) -> str:
    revision = f"@{dossier.revision}" if dossier.revision else ""
    return f"{dossier.form} of {dossier.subject}{revision}"
