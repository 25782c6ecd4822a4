"""Claims, countries, licences and ancestors of a BOM against those of a scan."""

from __future__ import annotations

import pytest

from aibom.model import (
    Ancestor,
    Dossier,
    Evidence,
    Layer,
    Licence,
    Locator,
    OrganisationRef,
    Origin,
    Outcome,
    Relation,
)
from aibom.verification import verify

PASS, FAIL, UNDETERMINED = Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED
CARD = Locator("README.md", key="base_model")
PATH = Locator("config.json", key="text_config._name_or_path")


def told(claimed: Dossier, found: Dossier, group: str) -> dict[str, Outcome]:
    results = verify(claimed, found).results
    return {item.rule: item.outcome for item in results if item.rule.startswith(group)}


def of_country(registered: str | None, ultimate: str | None, source: str) -> Dossier:
    seat = OrganisationRef("stated:Lab", "Lab", registered, ultimate, source)
    origin = Origin("model", Layer.DATA, Relation.UNKNOWN, Evidence.E0, (seat,))
    return Dossier("x", "lab/model", origins=(origin,))


@pytest.mark.parametrize(
    ("claimed", "found", "expected"),
    [
        (("KR", None, ""), (None, None, ""), {"countries.without-source": UNDETERMINED}),
        (("KR", None, "a filing"), (None, None, ""), {"countries.without-source": PASS}),
        (("KR", None, ""), ("KR", "KR", "registry"), {"countries.without-source": PASS}),
        (("kr", None, ""), ("KR", "KR", "registry"), {"countries.without-source": PASS}),
        (("KR", None, "a filing"), ("US", "US", "registry"), {"countries.disagree": UNDETERMINED}),
        (("SG", None, "a filing"), ("SG", "CN", "registry"), {"countries.without-source": PASS}),
        (("SG", "SG", "a filing"), ("SG", "CN", "registry"), {"countries.disagree": UNDETERMINED}),
        ((None, None, ""), ("KR", "KR", "registry"), {}),
    ],
)
def test_countries(
    claimed: tuple[str | None, str | None, str],
    found: tuple[str | None, str | None, str],
    expected: dict[str, Outcome],
) -> None:
    assert told(of_country(*claimed), of_country(*found), "countries.") == expected


def licensed(*licences: tuple[str, bool]) -> Dossier:
    found = (Licence(name, Locator("LICENSE"), name, carried) for name, carried in licences)
    return Dossier("x", "lab/model", licences=tuple(found))


@pytest.mark.parametrize(
    ("claimed", "found", "expected"),
    [
        ([("MIT", False)], [("MIT", False), ("Apache-2.0", True)], {"licences.dropped": FAIL}),
        ([("MIT", False)], [("Apache-2.0", True)], {"licences.contradicted": UNDETERMINED}),
        ([("MIT", False)], [("Apache-2.0", False)], {"licences.contradicted": FAIL}),
        ([("MIT", False)], [], {"licences.unsupported": UNDETERMINED}),
        ([], [("MIT", False)], {"licences.dropped": FAIL}),
        ([], [], {}),
        ([("GPL-3.0-or-later", False)], [("GPL-3.0-only", True)], {"licences.dropped": PASS}),
        ([("GPL-3.0-or-later", False)], [("GPL-3.0-only", False)], {"licences.contradicted": FAIL}),
    ],
)
def test_licences(
    claimed: list[tuple[str, bool]], found: list[tuple[str, bool]], expected: dict[str, Outcome]
) -> None:
    assert told(licensed(*claimed), licensed(*found), "licences.") == expected


@pytest.mark.parametrize(
    ("ancestor", "expected"),
    [
        (Ancestor("meta/llama", relation="finetune", evidence=Evidence.E1, locator=CARD), FAIL),
        (Ancestor("meta/llama", evidence=Evidence.E1, locator=CARD), FAIL),
        (Ancestor("meta/llama", evidence=Evidence.E1, locator=PATH), UNDETERMINED),
        (Ancestor("meta/llama", evidence=Evidence.E1), UNDETERMINED),
        (Ancestor("meta/llama", evidence=Evidence.E3), FAIL),
        (Ancestor("LAB/model", evidence=Evidence.E1, locator=PATH), None),
    ],
)
def test_an_ancestor_that_the_bom_does_not_name(ancestor: Ancestor, expected: Outcome | None) -> None:
    found = Dossier("scan", "lab/model", ancestors=(ancestor,))
    results = told(Dossier("x", "lab/model"), found, "ancestors.")
    assert results == ({"ancestors.undeclared": expected} if expected else {})
