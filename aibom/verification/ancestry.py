"""Ancestors of the BOM held against those that the repository names or that tests found."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.matching.names import last
from aibom.model import Ancestor, Dossier, Evidence, Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_LEFT_OVER = "_name_or_path"
"""The key of a configuration in which a path may be left over; it shows no derivation by itself."""


def check(case: Case) -> Iterator[Result]:
    """Both ways: what the BOM leaves out, and what only the BOM says."""
    claimed, found = _named(case.claimed), _named(case.found)
    agreed = sorted(name for name in found if _among(name, claimed))
    for name in sorted(found.keys() - set(agreed)):
        yield _undeclared(case, found[name])
    for name in sorted(claimed):
        if not _among(name, found):
            yield _not_found(claimed[name])
    if agreed and len(agreed) == len(found):
        said = f"the BOM names what the model descends from: {', '.join(found[each].name for each in agreed)}"
        yield RULES["ancestors.undeclared"].gives(Outcome.PASS, said)


def _named(dossier: Dossier) -> dict[str, Ancestor]:
    """Ancestors by name, the best known first; the models that origins name; not the model itself."""
    upstream = (
        Ancestor(each.upstream, each.part, each.relation.value, each.evidence)
        for each in dossier.origins
        if each.upstream
    )
    found: dict[str, Ancestor] = {}
    for each in sorted((*dossier.ancestors, *upstream), key=_rank):
        if each.name and each.name.casefold() != dossier.subject.casefold():
            found.setdefault(each.name.casefold(), each)
    return found


def _rank(ancestor: Ancestor) -> tuple[int, bool, bool, str]:
    return -ancestor.evidence, ancestor.locator is None, _is_left_over(ancestor), repr(ancestor)


def _among(name: str, others: dict[str, Ancestor]) -> bool:
    """Whether a name is given; a bare one (`Llama-3.1-8B`) means any repository of that name."""
    bare = {last(other) for other in others}
    return name in others or (last(name) in bare and ("/" not in name or last(name) in others))


def _is_left_over(ancestor: Ancestor) -> bool:
    key = ancestor.locator.key if ancestor.locator else None
    return (key or "").rpartition(".")[2] == _LEFT_OVER


def _undeclared(case: Case, ancestor: Ancestor) -> Result:
    """A declared parent or a tested one contradicts; a path left in a configuration does not."""
    unsure = ancestor.evidence <= Evidence.E1 and (_is_left_over(ancestor) or ancestor.locator is None)
    how = ancestor.relation or "no relation given"
    return RULES["ancestors.undeclared"].gives(
        Outcome.UNDETERMINED if unsure else Outcome.FAIL,
        f"the model's own files or tests name {ancestor.name} ({how}, {ancestor.evidence.name})"
        " as its ancestor, which the BOM does not",
        about=(ancestor.name,),
        part=ancestor.part,
        sides=("not named", f"{ancestor.name}, {how}, {ancestor.evidence.name}"),
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
        sides=(
            f"{ancestor.name}, {ancestor.relation or 'no relation given'}, {ancestor.evidence.name}",
            "not found",
        ),
        locators=[ancestor.locator] if ancestor.locator else [],
    )
