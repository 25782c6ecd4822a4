"""The page tells every rule as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibom import differences, verification
from aibom.matching.rules import Rule

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"verify.md": verification.RULES, "diff.md": differences.RULES}


def row(rule: Rule) -> str:
    cells = (f"`{rule.id}`", rule.severity, rule.compares, rule.alternative, rule.remedy)
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("page", PAGES)
def test_the_table_is_that_of_the_code(page: str) -> None:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == [row(rule) for rule in PAGES[page].values()]


@pytest.mark.parametrize("page", PAGES)
def test_every_rule_has_its_section(page: str) -> None:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    headings = {line.removeprefix("## ").casefold() for line in lines if line.startswith("## ")}
    assert {rule.section for rule in PAGES[page].values()} <= headings
