"""Rules as CEL expressions (https://cel.dev), for what no named rule covers.

CEL has no loops without an end. The library checks types when an expression is read, counts the steps of
comprehensions against a budget, bounds nesting, and matches regular expressions in linear time; the length
is bounded by the schema. An operation on what is not known is an error, and CEL's `&&`, `||`, `all` and
`exists` let an error stand only where nothing else decides: Kleene's logic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aibom.errors import DataError, UsageError
from aibom.formats.text import clean
from aibom.model import Outcome, Result
from aibom.policy.case import Case
from aibom.policy.policy import Rule
from aibom.policy.rules.words import UNSEEN
from aibom.policy.view import KNOWN_FIELDS, view

_MISSING = re.compile(r'Key not found in map : "(.*)"', re.DOTALL)
_TYPES = "No matching overloads found"
_LINE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Expression:
    """The expression is true. `place` is the file and line that it stands on."""

    expression: str
    place: str = ""

    def judge(self, rule: Rule, case: Case) -> Iterator[Result]:
        """Undetermined where it turns on what is not known.

        Raises:
            DataError: it reads a field that no model has, mixes types, or gives no truth value.
        """
        answer = self._answer(case)
        if answer is True:
            yield case.result(rule, Outcome.PASS, f"The expression is true: {self._shown}")
        elif answer is False:
            yield case.result(
                rule, Outcome.FAIL, f"The expression is false: {self._shown}", about=(self.expression,)
            )
        else:
            said = f"The expression turns on what is not known: {answer}."
            yield case.result(rule, Outcome.UNDETERMINED, said, unknowns=case.dossier.unknowns, remedy=UNSEEN)

    @property
    def _shown(self) -> str:
        return clean(self.expression, 200)

    def _answer(self, case: Case) -> bool | str:
        """The truth value, or why there is none."""
        try:
            value = compiled(self.expression, self.place).eval(data={"model": view(case)})
        except RuntimeError as error:
            return clean(str(error), 200)
        if value.type().name() == "ERROR":
            return self._unknown(str(value.plain_value()))
        if not isinstance(plain := value.plain_value(), bool):
            raise DataError(f"{self.place}: the expression gives no truth value")
        return plain

    def _unknown(self, message: str) -> str:
        missing = _MISSING.search(message)
        if missing and missing[1] in KNOWN_FIELDS:
            return f"`{missing[1]}`"
        if missing or _TYPES in message:
            raise DataError(f"{self.place}: expression: {clean(message, 200)}")
        return clean(message, 200)


def compiled(expression: str, place: str) -> Any:
    """The checked expression.

    Raises:
        DataError: its syntax or its types are wrong, or it gives no truth value; with `place`.
        UsageError: the library for expressions is not installed.
    """
    try:
        found = _environment().compile(expression)
    except RuntimeError as error:
        raise DataError(f"{place}: expression: {_told(str(error))}") from None
    if found.return_type().name() not in ("BOOL", "DYN"):
        raise DataError(f"{place}: expression: gives {found.return_type().name()}, not true or false")
    return found


def _told(message: str) -> str:
    found = _LINE.search(message)
    if found is None:
        return clean(message, 200)
    return f"line {found[1]}, column {found[2]}: {clean(found[3], 200)}"


@lru_cache(maxsize=1)
def _environment() -> Any:
    try:
        from cel_expr_python import cel
    except ImportError:
        raise UsageError(
            "the policy has an expression, and the library for expressions is not installed",
            advice="Install it: pip install 'aibom[expressions]'.",
        ) from None
    return cel.NewEnv(variables={"model": cel.Type.DYN})
