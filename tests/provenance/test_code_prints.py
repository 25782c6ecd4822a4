"""The code prints as a signal: who is named, in which direction, and that no other layer moves."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from aibom.catalog import Catalog, CodePrints, Edge, Inheritance
from aibom.model import Evidence, HubRecord, Inspected, Layer, Locator, Provenance, Relation
from tests.builders.codereferences import emitted, references
from tests.builders.programs import class_text, module
from tests.provenance.knowledge import CODE, CORE, by_rule, names, origin, trace

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from edits import edited

DEEP = module("deep", 5)
OWN = module("own solar", 5)
SHARED = class_text("of nobody", "OfNobody")
KIMI = DEEP + "\n\n" + class_text("kimi", "KimiRouter")
FAMILIES = {
    "deepseek_v3": ("2024-12-01", DEEP),
    "kimi_k2": ("2025-07-01", KIMI),
    "solar_open": ("2024-01-01", OWN),
    "qwen2": ("2024-02-01", module("qwen", 5)),
    "unplaced": ("2024-02-01", module("unplaced", 5)),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> CodePrints:
    others = {f"other{each}": ("2023-01-01", module(f"other {each}", 2)) for each in range(20)}
    return references(tmp_path_factory.mktemp("wheel"), FAMILIES | others)


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch, known: CodePrints) -> None:
    graph = Inheritance([("kimi_k2", Edge("KimiBlock", "deepseek_v3", "NetBlock0"))])
    monkeypatch.setattr(Catalog, "code_prints", property(lambda self: known))
    monkeypatch.setattr(Catalog, "inheritance", property(lambda self: graph))


def scanned(
    text: str, created: str | None = "2025-12-31", repository: str | None = "upstage/solar"
) -> Provenance:
    hub = HubRecord(created=created) if created else None
    return trace(Inspected((CORE, CODE), prints=emitted(text)), repository, hub=hub)[0]


def disguised(text: str, dropped: float = 0.0) -> str:
    return edited(text, random.Random(1), dropped=dropped)


def test_code_of_an_older_outside_family_is_adapted_with_file_and_line() -> None:
    text = disguised(DEEP)
    found = scanned(text)
    (finding,) = by_rule(found, "code.print")
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None
    assert (code.relation, code.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert names(code) == names(finding) == ["deepseek"]
    assert "shares code lineage with the family deepseek_v3" in finding.statement
    assert len(finding.locators) == 5
    for place in finding.locators:
        assert place.path == "modeling_x.py" and place.line is not None
        assert text.splitlines()[place.line - 1].startswith("class ")
    assert finding.statistic is not None
    assert finding.statistic.value > 0.9 and finding.statistic.null is not None
    assert finding.statistic.value - (finding.statistic.runner_up or 0.0) > 0.5
    assert finding.alternative and finding.contest


def test_no_other_layer_moves() -> None:
    assert {item.layer for item in scanned(disguised(DEEP)).origins} == {Layer.CODE}


def test_the_statement_holds_without_dates_but_not_its_direction() -> None:
    found = scanned(disguised(DEEP), created=None)
    assert by_rule(found, "code.print") == []
    (finding,) = by_rule(found, "code.print-related")
    assert "is related to the code of" in finding.statement
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and code.relation is Relation.UNKNOWN


def test_a_reference_of_the_same_day_or_later_is_no_origin() -> None:
    for created in ("2024-12-01T09:00:00Z", "2024-06-01T09:00:00Z"):
        found = scanned(disguised(DEEP), created)
        assert by_rule(found, "code.print") == by_rule(found, "code.print-related") == []
        code = origin(found, "remote-code", Layer.CODE)
        assert code is None or code.relation is Relation.UNKNOWN


def test_of_a_family_and_one_made_from_it_the_source_is_named() -> None:
    (finding,) = by_rule(scanned(disguised(DEEP, 0.2)), "code.print")
    assert names(finding) == ["deepseek"]
    assert finding.statistic is not None and "kimi_k2" in finding.statistic.detail


def test_what_only_the_descendant_holds_leads_to_the_descendant() -> None:
    text = module("deep", 3) + "\n\n" + "\n\n".join(class_text("kimi", f"Router{each}") for each in range(1))
    (finding,) = by_rule(scanned(text), "code.print")
    assert names(finding) == ["moonshot"]


def test_an_ambiguous_group_names_no_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Catalog, "inheritance", property(lambda self: Inheritance([])))
    found = scanned(disguised(DEEP))
    assert by_rule(found, "code.print") == []
    (finding,) = by_rule(found, "code.print-related")
    assert "2 families" in finding.statement


def test_a_third_partys_later_family_that_holds_more_keeps_the_direction_open() -> None:
    found = scanned(KIMI, "2025-03-01")
    assert by_rule(found, "code.print") == []
    assert by_rule(found, "code.print-related")


def test_ones_own_older_code_is_told_as_such() -> None:
    found = scanned(disguised(OWN))
    assert by_rule(found, "code.print") == by_rule(found, "code.print-class") == []
    assert [names(item) for item in by_rule(found, "code.print-own")] == [["upstage"]]
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and code.relation is Relation.UNKNOWN


def test_single_classes_are_told_by_family_and_move_no_grade() -> None:
    mixed = "\n\n".join(
        (module("novel", 4), class_text("deep 2", "Router"), class_text("own solar 1", "Attention"))
    )
    found = scanned(mixed)
    (outside,), (own,) = by_rule(found, "code.print-class"), by_rule(found, "code.print-own")
    assert names(outside) == ["deepseek"] and names(own) == ["upstage"]
    line = next(
        number for number, each in enumerate(mixed.splitlines(), 1) if each.startswith("class Router")
    )
    assert outside.locators == (Locator("modeling_x.py", line=line),)
    assert "Router (modeling_x.py:" in outside.statement
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and code.relation is Relation.UNKNOWN


def test_code_of_a_family_of_nobody_names_nobody() -> None:
    found = scanned(module("unplaced", 5))
    (finding,) = by_rule(found, "code.print-related")
    assert finding.organisations == () and found.origins == ()


def test_unmatched_and_small_code_is_said_to_be_so() -> None:
    (none,) = by_rule(scanned(module("novel", 4)), "code.print-none")
    assert "matches no earlier code" in none.statement
    (small,) = by_rule(
        scanned("class A:\n    def f(self):\n" + "        self.x = self.y + 1\n" * 3), "code.print-none"
    )
    assert "too little modelling code" in small.statement
    assert none.layer is None and small.layer is None


def test_the_words_accuse_nobody() -> None:
    for text in (DEEP, OWN, KIMI, module("novel", 4)):
        for finding in scanned(text).findings:
            assert not {"stolen", "copied", "plagiar"} & set(finding.statement.lower().split())
