"""What a rule is, and how one is declared: id, severity, summary and reason in one place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aibom.bom.problem import Level
from aibom.bom.rules.document import Document, Path

Hits = Iterator[tuple[Path, str]]
"""Where the rule is broken, and how."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One semantic rule. `reason`, its check's docstring, says what goes wrong where it is broken."""

    ident: str
    severity: Level
    summary: str
    reason: str
    check: Callable[[Document], Hits]


RULES: dict[str, Rule] = {}
"""Every rule by id."""


def rule(ident: str, severity: Level, summary: str) -> Callable[[Callable[[Document], Hits]], Rule]:
    """Declare the decorated check as a rule."""

    def declare(check: Callable[[Document], Hits]) -> Rule:
        RULES[ident] = Rule(ident, severity, summary, inspect.getdoc(check) or "", check)
        return RULES[ident]

    return declare
