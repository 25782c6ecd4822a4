"""docs/policies.md says what the code does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from aibom.model import Outcome
from aibom.policy import RULES, evaluate, load_policy, load_waivers, shipped
from aibom.policy.view import FIELDS
from tests.policy.dossiers import DOSSIER

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
POLICY, WAIVERS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = [line for line in section.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def words(cell: str) -> list[str]:
    return [word.split(" ")[0].strip("`") for word in re.sub(r"\(.*?\)", "", cell).split(", ") if word]


def test_the_table_has_every_named_rule_with_its_parameters() -> None:
    told = {row[0].strip("`"): set(words(row[1])) for row in rows("Named rules")}
    code = {name: set(getattr(kind, "__dataclass_fields__", ())) - {"place"} for name, kind in RULES.items()}
    assert told == code


def test_the_table_has_every_field_of_an_expression() -> None:
    assert {row[0].strip("`"): tuple(words(row[1])) for row in rows("Expressions")} == dict(FIELDS)


def test_the_table_has_every_shipped_policy() -> None:
    told = {row[0].strip("`") for row in rows("Shipped policies")}
    assert told == {policy.id for policy in shipped()}


def test_the_worked_example_is_read_and_held(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    policy = load_policy(str(path))
    outcomes = {
        each.rule: each.outcome for each in evaluate(DOSSIER, policy, today=date(2026, 12, 1)).results
    }
    assert outcomes["own-or-inspired"] is Outcome.PASS
    assert outcomes["known-enough"] is Outcome.PASS
    assert outcomes["small-encoders"] is Outcome.PASS
    assert outcomes["licence"] is Outcome.UNDETERMINED


def test_the_waivers_of_the_page_are_read(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(WAIVERS, encoding="utf-8")
    assert [each.finding for each in load_waivers(path)] == ["r-0123456789ab"]
