"""Ancestors of the BOM held against those that the repository names or that tests found."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.ancestors import ancestors, left_over, without
from aibom.model import Ancestor, Evidence, Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES


def check(case: Case) -> Iterator[Result]:
    """Both ways: what the BOM leaves out, and what only the BOM says."""
    claimed, found = ancestors(case.claimed), ancestors(case.found)
    undeclared = without(found, claimed)
    yield from (_undeclared(case, each) for each in undeclared)
    yield from (_not_found(each) for each in without(claimed, found))
    if found and not undeclared:
        said = (
            f"the BOM names what the model descends from: {', '.join(each.name for each in found.values())}"
        )
        yield RULES["ancestors.undeclared"].gives(Outcome.PASS, said)


def _undeclared(case: Case, ancestor: Ancestor) -> Result:
    """A declared parent or a tested one contradicts; a path left in a configuration does not."""
    unsure = ancestor.evidence <= Evidence.E1 and (left_over(ancestor) or ancestor.locator is None)
    how = f"{ancestor.relation or 'no relation given'}, {ancestor.evidence.name}"
    return RULES["ancestors.undeclared"].gives(
        Outcome.UNDETERMINED if unsure else Outcome.FAIL,
        f"the model's own files or tests name {ancestor.name} ({how}) as ancestor, which the BOM does not",
        about=(ancestor.name,),
        part=ancestor.part,
        sides=("not named", f"{ancestor.name}, {how}"),
        findings=case.evidence(
            ident for each in case.found.origins if each.upstream == ancestor.name for ident in each.findings
        ),
        locators=[ancestor.locator] if ancestor.locator else [],
    )


def _not_found(ancestor: Ancestor) -> Result:
    bare = ancestor.evidence is Evidence.E0
    how = "without evidence" if bare else f"on evidence {ancestor.evidence.name}"
    return RULES["ancestors.without-evidence" if bare else "ancestors.not-found"].gives(
        Outcome.UNDETERMINED,
        f"the BOM names {ancestor.name} as ancestor {how}, and the scan does not find it",
        about=(ancestor.name,),
        part=ancestor.part,
        sides=(f"{ancestor.name}, {ancestor.relation or 'no relation given'}", "not found"),
        locators=[ancestor.locator] if ancestor.locator else [],
    )
