"""What a BOM says, held against what a scan of the model found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aibom.matching.depth import shallower
from aibom.matching.rules import in_order
from aibom.model import Depth, Dossier, Result, Verdict, overall
from aibom.verification import ancestry, claims, files, identity, licences, origins, parts, scores
from aibom.verification.case import Case
from aibom.verification.rules import RULES

CHECKS: tuple[Callable[[Case], Iterator[Result]], ...] = (
    identity.check,
    files.check,
    parts.check,
    origins.check,
    licences.check,
    ancestry.check,
    claims.check,
    scores.check,
)


def verify(claimed: Dossier, found: Dossier) -> Verdict:
    """Hold a BOM against the model.

    Args:
        claimed: what anyone's BOM says.
        found: what the scan of the model found.

    Every result has both sides. Only what the model's own files or tests speak against fails; what was not
    seen, or cannot be compared, is undetermined. Order of parts, files and findings does not matter.
    """
    case = Case(claimed, found)
    results = in_order((result for check in CHECKS for result in check(case)), RULES)
    return Verdict(
        kind="verify",
        subject=found.subject,
        revision=found.revision,
        against=claimed.form,
        against_digest=claimed.digest,
        outcome=overall(results),
        results=results,
        title=f"{claimed.form} of {claimed.subject}, held against a scan of {found.subject}",
        notes=" ".join(_notes(case)),
        score=found.score,
    )


def _notes(case: Case) -> Iterator[str]:
    depth, unknowns = case.found.depth, len(case.found.unknowns)
    if depth in (None, Depth.METADATA):
        yield "The scan read no headers, so parts that only these show were not found."
    elif shallower(depth, case.claimed.depth):
        yield f"The scan read {depth}, the BOM was made at {case.claimed.depth}."
    if unknowns:
        yield f"{unknowns:,} things could not be seen by the scan; what is not seen contradicts nothing."
