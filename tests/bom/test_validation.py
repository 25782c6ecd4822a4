"""The compiled validator: strict, never raising, and of one mind with the library's own."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom import bom
from tests import samples
from tests.bom.documents import library_accepts

SPECS = ("1.6", "1.7")
JUNK: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", [], {}, "x", {"x": 1}, ["x"], 10**25, "urn:cdx:1")


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("sample", samples.ALL)
def test_every_bom_is_valid_by_both_validators(sample, spec):
    document = bom.build(samples.ALL[sample](), spec=spec)

    assert bom.validate(document) == ()
    assert library_accepts(document)


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("seed", range(20))
def test_validators_agree_on_damaged_boms(spec, seed):
    chance = random.Random(seed)
    document = bom.build(samples.finetune(), spec=spec, timestamp=None, reproducible=True)
    for _ in range(3):
        damage(document, chance)
        assert (bom.validate(document) == ()) == library_accepts(document)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/specVersion", "9.9"),
        ("/serialNumber", "urn:uuid:1"),
        ("/metadata/timestamp", "yesterday"),
        ("/metadata/component/type", "model"),
        ("/metadata/component/externalReferences", [{"type": "vcs", "url": "http://[bad"}]),
        ("/metadata/component/licenses", [{"license": {"id": "Apache 2"}}]),
        ("/metadata/component/surprise", 1),
        ("/version", 0),
    ],
)
def test_a_fault_is_reported_where_it_is(pointer, value):
    document = bom.build(samples.minimal())
    *path, key = pointer.split("/")[1:]
    owner = document
    for token in path:
        owner = owner[token]
    owner[key] = value

    problems = bom.validate(document)

    assert problems
    assert {problem.rule for problem in problems} == {"schema"}
    at = {problem.pointer for problem in problems}
    assert any(pointer.startswith(where) or where.startswith(pointer) for where in at)


@pytest.mark.parametrize("spec", ["1.4", "1.5", "1.6", "1.7"])
def test_older_versions_are_validated_too(spec):
    document = {"bomFormat": "CycloneDX", "specVersion": spec, "version": 1}

    assert bom.validate(document) == ()
    assert bom.validate(document | {"surprise": 1}) != ()


@pytest.mark.parametrize("document", [None, [], "bom", 1, {}, {"specVersion": []}, {"specVersion": "1.3"}])
def test_what_is_no_bom_is_one_problem(document):
    (problem,) = bom.validate(document)

    assert problem.pointer == ""


def test_nesting_past_any_bound_is_a_problem_and_no_crash():
    document: dict[str, Any] = {"bomFormat": "CycloneDX", "specVersion": "1.7", "properties": []}
    inner: list[Any] = document["properties"]
    for _ in range(5000):
        inner.append([])
        inner = inner[0]

    assert bom.validate(document)


def test_problems_are_bounded():
    document = {"bomFormat": "CycloneDX", "specVersion": "1.7", "components": [{"type": 1}] * 5000}

    assert len(bom.validate(document)) <= 200


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["metadata", "components", "services", "dependencies", "citations", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
            ),
            max_leaves=8,
        ),
    )
)
def test_any_json_is_answered(members):
    problems = bom.validate({"bomFormat": "CycloneDX", "specVersion": "1.7", **members})

    assert all(problem.message for problem in problems)


def damage(document: dict[str, Any], chance: random.Random) -> None:
    """Replace, remove or add one value somewhere in the document."""
    path = chance.choice([path for path in paths(document) if path and path != ("specVersion",)])
    owner: Any = document
    for token in path[:-1]:
        owner = owner[token]
    kind = chance.random()
    if kind < 0.6:
        owner[path[-1]] = copy.deepcopy(chance.choice(JUNK))
    elif kind < 0.8:
        del owner[path[-1]]
    elif isinstance(owner, dict):
        owner["surprise"] = 1
    else:
        owner.append(copy.deepcopy(owner[0]))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of the document."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(found for key, child in children for found in paths(child, (*path, key)))]
