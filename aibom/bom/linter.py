"""The semantic linter: works on anyone's CycloneDX document, and on any JSON value."""

from __future__ import annotations

from itertools import islice
from typing import Any

from aibom.bom.problem import Level, Problem, pointer_to
from aibom.formats.values import clean

MAX_HITS = 100
"""Problems reported for one rule; a fault in a generator repeats in every component."""
_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


def lint(document: Any) -> tuple[Problem, ...]:
    """Everything that the schema does not check and is wrong, errors first.

    The document need not be valid, nor an object; this never raises on a value that JSON can hold.
    """
    from aibom.bom.rules import RULES, Document

    index = Document(document)
    problems = [
        Problem(rule.ident, rule.severity, pointer_to(path), clean(message))
        for rule in RULES.values()
        for path, message in islice(rule.check(index), MAX_HITS)
    ]
    return tuple(sorted(problems, key=lambda p: (_ORDER[p.severity], p.rule, p.pointer, p.message)))
