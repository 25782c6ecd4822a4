"""Datasets, ancestors, security findings and unknowns that came or went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.matching.ancestors import ancestors, left_over, without
from aibom.model import Ancestor, Dossier, Evidence, Finding, Layer, Outcome, Result, Severity, Signal

_SERIOUS = frozenset({Severity.MEDIUM, Severity.HIGH})


def check(change: Change) -> Iterator[Result]:
    """Each kind in turn."""
    yield from _datasets(change)
    yield from _ancestors(change)
    yield from _security(change)
    yield from _unknowns(change)


def _datasets(change: Change) -> Iterator[Result]:
    old, new = _named_data(change.old), _named_data(change.new)
    for rule, names, what in (
        ("datasets.added", new - old, "newly named"),
        ("datasets.removed", old - new, "no longer named"),
    ):
        if names:
            yield RULES[rule].gives(Outcome.PASS, f"{what}: {', '.join(sorted(names))}")


def _named_data(dossier: Dossier) -> set[str]:
    return {f"{each.ident or each.name} ({each.purpose})" for each in dossier.datasets}


def _ancestors(change: Change) -> Iterator[Result]:
    old, new = ancestors(change.old), ancestors(change.new)
    told = {each.upstream for each in change.new.origins if each.layer is Layer.WEIGHTS}
    own = []
    for ancestor in without(new, old):
        if _owner(ancestor.name) == _owner(change.new.subject) != "":
            own.append(ancestor.name)
        elif ancestor.name not in told or ancestor.evidence <= Evidence.E0:
            yield _added(change, ancestor)
    gone = [each.name for each in without(old, new)]
    for names, what in ((own, "newly named, of the same owner"), (gone, "no longer named")):
        if names:
            said = f"{what}: {', '.join(names)}"
            yield RULES["ancestors.changed"].gives(Outcome.PASS, said, about=(what,))


def _owner(name: str) -> str:
    return name.rpartition("/")[0].casefold()


def _added(change: Change, ancestor: Ancestor) -> Result:
    """Without evidence, or from a path left in a configuration, it is a doubt and no more."""
    unsure = ancestor.evidence <= Evidence.E0 or left_over(ancestor)
    return RULES["ancestors.added"].gives(
        Outcome.UNDETERMINED if unsure else change.seen_more,
        f"{ancestor.name} is newly named as an ancestor ({ancestor.relation or 'no relation given'})",
        about=(ancestor.name,),
        part=ancestor.part,
        sides=("not named", f"{ancestor.name}, {ancestor.evidence.name}"),
        locators=[ancestor.locator] if ancestor.locator else [],
    )


def _security(change: Change) -> Iterator[Result]:
    old, new = _serious(change.old), _serious(change.new)
    for ident in sorted(new.keys() - old.keys()):
        finding = new[ident]
        yield RULES["security.added"].gives(
            change.seen_more,
            f"new: {finding.statement}",
            about=(finding.id,),
            part=finding.part,
            sides=("not there", f"severity {finding.severity}"),
            findings=(finding,),
        )
    gone = [old[ident] for ident in sorted(old.keys() - new.keys())]
    if gone:
        said = f"gone: {_statements(gone)}"
        yield RULES["security.gone"].gives(Outcome.PASS, said, findings=gone)


def _serious(dossier: Dossier) -> dict[str, Finding]:
    return {
        each.id: each
        for each in dossier.findings
        if each.signal is Signal.SECURITY and each.severity in _SERIOUS
    }


def _statements(findings: Iterable[Finding]) -> str:
    return "; ".join(each.statement for each in findings)


def _unknowns(change: Change) -> Iterator[Result]:
    old, new = set(change.old.unknowns), set(change.new.unknowns)
    came = sorted(new - old, key=repr)
    gone = sorted(old - new, key=repr)
    if came:
        said = f"could not be seen: {'; '.join(f'{each.path}: {each.reason}' for each in came)}"
        yield RULES["unknowns.added"].gives(Outcome.UNDETERMINED, said, unknowns=came)
    if gone:
        said = f"can be seen now: {'; '.join(f'{each.path}: {each.reason}' for each in gone)}"
        yield RULES["unknowns.resolved"].gives(Outcome.PASS, said)
