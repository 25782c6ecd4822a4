"""The second validator agrees with the first, on good documents and broken ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from aibom import bom
from tests import samples

BREAKS: list[Callable[[dict[str, Any]], object]] = [
    lambda document: document.pop("bomFormat"),
    lambda document: document["metadata"]["component"].pop("name"),
    lambda document: document["metadata"]["component"].update(type="model"),
    lambda document: document.update(serialNumber="urn:uuid:not-one"),
    lambda document: document["components"][0].update(hashes=[{"alg": "SHA-256", "content": "zz"}]),
    lambda document: document["dependencies"].append({"dependsOn": []}),
]


@pytest.fixture(params=bom.SPECS)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return bom.build(samples.rich(), spec=request.param, reproducible=True)


def test_both_accept_a_good_document(document: dict[str, Any]) -> None:
    assert bom.validate(document) == ()
    assert bom.cross_check(document) == ()


@pytest.mark.parametrize("number", range(len(BREAKS)))
def test_both_refuse_a_broken_one_at_the_same_place(document: dict[str, Any], number: int) -> None:
    broken = copy.deepcopy(document)
    BREAKS[number](broken)
    first, second = bom.validate(broken), bom.cross_check(broken)
    assert first and second
    assert {problem.pointer for problem in first} == {problem.pointer for problem in second}


@pytest.mark.parametrize("value", [None, [], "text", {"specVersion": "9"}])
def test_what_is_no_bom_is_left_to_the_first(value: Any) -> None:
    assert bom.cross_check(value) == ()
