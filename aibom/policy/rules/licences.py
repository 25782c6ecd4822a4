"""Rules on licences: SPDX expressions, taken as they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from aibom.formats.licences import parse_expression, spdx_ids
from aibom.model import Licence, Outcome, Result
from aibom.policy.case import Case, fold, fold_any
from aibom.policy.policy import Rule

_REMEDY = (
    "The vendor declares the licence by its SPDX id in the model card, and puts its text beside the model."
)


@dataclass(frozen=True, slots=True)
class LicenceAllow:
    """Every licence that the model stands under is one of these.

    Of `A OR B` one must be, of `A AND B` both. `A WITH E` is allowed where it is listed, or where A is.
    """

    licences: tuple[str, ...]

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure for each that is not; a licence that no SPDX expression states is not known."""
        said = "Every licence is among those allowed"
        return _each(rule, case, lambda tree: _allowed(tree, self.licences), "not among those allowed", said)


@dataclass(frozen=True, slots=True)
class LicenceDeny:
    """No licence that the model stands under is one of these.

    `A OR B` is denied where both are, `A AND B` where one is. `A WITH E` is denied where it is listed, or
    where A is.
    """

    licences: tuple[str, ...]

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """A failure for each that is; a licence that no SPDX expression states is not known."""
        said = "No licence is among those denied"
        return _each(rule, case, lambda tree: _not_denied(tree, self.licences), "among those denied", said)


def _each(
    rule: Rule, case: Case, verdict: Callable[[Any], Outcome], broken: str, kept: str
) -> Iterator[Result]:
    licences = {_about(item): item for item in case.dossier.licences}.values()
    judged = [(item, _judged(item, verdict)) for item in licences]
    if not judged:
        yield case.result(rule, Outcome.UNDETERMINED, "No licence is stated.", remedy=_REMEDY)
    elif all(outcome is Outcome.PASS for _, outcome in judged):
        names = ", ".join(sorted({item.expression or item.name for item in licences}))
        yield case.result(rule, Outcome.PASS, f"{kept}: {names}.")
    for item, outcome in judged:
        if outcome is not Outcome.PASS:
            yield _told(rule, case, item, outcome, broken)


def _told(rule: Rule, case: Case, item: Licence, outcome: Outcome, broken: str) -> Result:
    subject = item.part or "model"
    if outcome is Outcome.FAIL:
        said = f"{subject}: the licence {item.expression} is {broken}."
    else:
        said = f"{subject}: which licence {item.expression or item.name!r} is, is not known."
    return case.result(
        rule,
        outcome,
        said,
        about=_about(item),
        part=item.part,
        locators=(item.locator,),
        remedy=_REMEDY,
    )


def _about(item: Licence) -> tuple[str, str, str]:
    """What tells one licence of a model from another."""
    return item.part or "", item.expression or item.name, item.locator.path


def _judged(item: Licence, verdict: Callable[[Any], Outcome]) -> Outcome:
    tree = parse_expression(item.expression) if item.expression else None
    return Outcome.UNDETERMINED if tree is None else verdict(tree)


def _allowed(tree: Any, listed: Sequence[str]) -> Outcome:
    return _walk(tree, listed, Outcome.PASS, Outcome.FAIL)


def _not_denied(tree: Any, listed: Sequence[str]) -> Outcome:
    return _walk(tree, listed, Outcome.FAIL, Outcome.PASS)


def _walk(tree: Any, listed: Sequence[str], inside: Outcome, outside: Outcome) -> Outcome:
    """Whoever takes the model chooses among `OR`, and keeps to all of `AND`."""
    if operands := getattr(tree, "args", ()):
        outcomes = [_walk(each, listed, inside, outside) for each in operands]
        return (fold_any if tree.operator.strip() == "OR" else fold)(outcomes)
    alone = getattr(tree, "license_symbol", tree).key
    if any(matches(name, listed) for name in (tree.render(), alone, alone.removesuffix("+"))):
        return inside
    return outside if _is_licence(alone) else Outcome.UNDETERMINED


def _is_licence(ident: str) -> bool:
    """Whether the id says which licence it is."""
    if ident.startswith(("LicenseRef-", "DocumentRef-")):
        return "unknown" not in ident.lower()
    return ident == "NONE" or ident.removesuffix("+") in spdx_ids()


def matches(name: str, listed: Sequence[str]) -> bool:
    """Whether a licence is in a list, of which an entry may end in `*`."""
    low = name.lower()
    return any(
        low.startswith(entry[:-1].lower()) if entry.endswith("*") else low == entry.lower()
        for entry in listed
    )
