"""Documents made to break a reader: it answers, within bounds, or refuses in one line."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.bom import build, serialise
from aibom.documents import limits, read
from aibom.errors import AibomError, FormatError
from aibom.model import Dossier
from aibom.render import json_bytes, report_json
from aibom.sovereignty import assess, load_profile
from tests import samples

Told = Callable[[Any], Dossier]
MODEL = "machine-learning-model"
BOMS = Path(__file__).parent / "boms"
SEEDS: dict[str, bytes] = {path.name: path.read_bytes() for path in sorted(BOMS.glob("*.json"))} | {
    "own.cdx.json": serialise(build(samples.rich(), spec="1.7", reproducible=True)),
    "own.report.json": json_bytes(report_json(samples.rich())),
}
TREES: dict[str, Any] = {name: json.loads(data) for name, data in SEEDS.items()}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


PLACES = {name: list(places(tree)) for name, tree in TREES.items()}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        [
            "SHA-256",
            "file",
            "data",
            MODEL,
            "E9",
            "../x",
            "pkg:huggingface/",
            "pkg:huggingface/a/b@c#../d",
            "a: b: c",
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def put(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(tree)
    owner = changed
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = value
    return changed


def holds(data: bytes) -> None:
    """The law: a dossier that gates can use, or an error of ours in one line."""
    try:
        found = read(data, "bom.json")
    except AibomError as error:
        assert "\n" not in error.message
        return
    assess(found.parts, found.origins, load_profile("kr"))
    hash(found)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_any_value_in_any_place_gives_a_dossier_or_an_error_of_ours(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TREES)))
    path = data.draw(st.sampled_from(PLACES[name]))
    holds(json.dumps(put(TREES[name], path, data.draw(VALUES))).encode("utf-8", "surrogatepass"))


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_any_value_as_a_document_gives_a_dossier_or_an_error_of_ours(value: Any) -> None:
    holds(json.dumps(value).encode())


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_damaged_bytes_give_a_dossier_or_an_error_of_ours(name: str) -> None:
    chance = random.Random(name)
    for _ in range(150):
        data = bytearray(SEEDS[name])
        for _ in range(chance.randint(1, 6)):
            start = chance.randrange(len(data))
            data[start : start + chance.choice((0, 1, 1, 40))] = chance.choice(
                (b"", b"\x00", b'"', b"{", b"]", b"\xff", b"NaN", b"1e999", chance.randbytes(3))
            )
        holds(bytes(data))


@pytest.mark.parametrize("name", sorted(SEEDS))
@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [[]], [{}], True])
def test_every_member_of_the_wrong_type_is_passed_over(name: str, wrong: Any) -> None:
    tree = TREES[name]
    for key in tree:
        holds(json.dumps({**tree, key: wrong}).encode())
    for path in PLACES[name][:: max(1, len(PLACES[name]) // 60)]:
        holds(json.dumps(put(tree, path, wrong)).encode())


def bom(**members: object) -> dict[str, object]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", **members}


def test_fifty_megabytes_with_a_million_unknown_keys_are_read(told: Told) -> None:
    junk = ",".join(f'"key-{number:07}-{"x" * 30}":{{}}' for number in range(1_000_000))
    head = '{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"' + MODEL
    data = f'{head}","name":"m",{junk}}}}}}}'.encode()
    assert len(data) > 45_000_000
    found = read(data, "large.json")
    assert (found.subject, found.unknowns) == ("m", ())


def test_more_components_than_the_limit_are_cut_and_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aibom.documents.cyclonedx.bom.MAX_COMPONENTS", 100)
    listed = [{"type": "file", "name": f"a/{number}.bin"} for number in range(150)]
    found = told(bom(metadata={"component": {"type": MODEL, "name": "m"}}, components=listed))
    assert len(found.files) == 99
    assert [unknown.reason for unknown in found.unknowns] == ["only the first 100 components were read"]


def test_many_parts_of_one_name_are_told_apart_in_time_that_grows_with_their_number(told: Told) -> None:
    nested = [{"type": MODEL, "name": "Text encoder"}] * 20_000
    found = told(bom(metadata={"component": {"type": MODEL, "name": "m", "components": nested}}))
    assert len({part.id for part in found.parts}) == 20_000


def test_components_nested_as_deep_as_json_may_be_are_read(told: Told) -> None:
    component: dict[str, object] = {"type": "file", "name": "leaf.bin"}
    for number in range(90):
        component = {"type": MODEL, "name": f"m{number}", "components": [component]}
    found = told(bom(metadata={"component": component}))
    assert len(found.parts) == 89
    assert [file.path for file in found.files] == ["leaf.bin"]


def test_deeper_nesting_is_refused(told: Told) -> None:
    component: dict[str, object] = {}
    for _ in range(150):
        component = {"type": MODEL, "name": "m", "components": [component]}
    with pytest.raises(FormatError, match="nested deeper"):
        told(bom(metadata={"component": component}))


def test_a_pedigree_of_many_generations_is_cut_and_told(told: Told) -> None:
    component: dict[str, object] = {"type": MODEL, "name": "oldest"}
    for number in range(40):
        component = {"type": MODEL, "name": f"m{number}", "pedigree": {"ancestors": [component]}}
    found = told(bom(metadata={"component": component}))
    assert len(found.ancestors) == limits.MAX_ANCESTRY
    assert "only 20 generations of the pedigree were read" in found.unknowns[0].reason


def test_a_pedigree_that_names_the_model_itself_ends(told: Told) -> None:
    itself = {"type": MODEL, "bom-ref": "m", "name": "m"}
    cyclic = {**itself, "pedigree": {"ancestors": [{**itself, "pedigree": {"ancestors": [itself]}}]}}
    found = told(bom(metadata={"component": cyclic}))
    assert found.ancestors == ()
    assert "leads back to m" in found.unknowns[0].reason


def test_two_models_that_descend_from_each_other_end(told: Told) -> None:
    tree = copy.deepcopy(TREES["model.spdx3.json"])
    turned = {"type": "Relationship", "relationshipType": "descendantOf"}
    tree["@graph"] += [{**turned, "from": "urn:example:base", "to": ["urn:example:model"]}]
    found = told(tree)
    assert [ancestor.name for ancestor in found.ancestors] == ["google/gemma-2-2b"]


def test_unknowns_are_bounded_and_the_rest_is_counted(told: Told) -> None:
    refs = [{"ref": f"nowhere-{number}"} for number in range(900)]
    nested = [{"type": "file", "name": f"../{number}"} for number in range(900)]
    card = {"modelParameters": {"datasets": refs}}
    found = told(
        bom(metadata={"component": {"type": MODEL, "name": "m", "modelCard": card, "components": nested}})
    )
    assert len(found.unknowns) == limits.MAX_UNKNOWNS + 1
    assert "800 further things" in found.unknowns[-1].reason


def test_what_a_document_states_is_bounded_in_all(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aibom.documents.dossier.MAX_ITEMS", 10)
    found = told(bom(components=[{"type": "file", "name": f"{number}.bin"} for number in range(30)]))
    assert len(found.files) < 10
    assert any("only the first 10 things" in unknown.reason for unknown in found.unknowns)


def test_long_texts_are_cut(told: Told) -> None:
    found = told(bom(metadata={"component": {"type": MODEL, "name": "x" * 10**6, "group": "y" * 10**6}}))
    assert len(found.subject) <= 2 * limits.LONGEST_NAME + 1


def test_terminal_escapes_and_reordering_are_dropped(told: Told) -> None:
    found = told(bom(metadata={"component": {"type": MODEL, "name": "\x1b[31mred\u202e\u200b"}}))
    assert found.subject == "red"


def test_what_is_no_number_is_passed_over() -> None:
    component = b'{"type": "data", "name": NaN, "version": Infinity, "properties": [{"name": 1e999}]}'
    data = b'{"bomFormat": "CycloneDX", "metadata": {"component": ' + component + b"}}"
    assert read(data, "nan.json").subject == "nan.json"


def test_our_own_words_in_a_foreign_claim_are_read_no_further_than_they_go(told: Told) -> None:
    reasoning = (
        "Rule R2, code signal, nowhere layer: certain, severity huge." + " Innocent explanation: x." * 200
    )
    claims = [{"bom-ref": "claim:F-1", "predicate": "p", "reasoning": reasoning}]
    assert told(bom(declarations={"claims": claims})).findings == ()


def test_an_origin_whose_words_are_not_ours_becomes_an_unknown(told: Told) -> None:
    properties = [
        {"name": "aibom:origin:weights:relation", "value": "stolen"},
        {"name": "aibom:origin:weights:evidence", "value": "E9"},
    ]
    found = told(bom(metadata={"component": {"type": MODEL, "name": "m", "properties": properties}}))
    assert found.origins == ()
    assert "the origin of the weights layer cannot be read" in found.unknowns[0].reason


def test_a_country_without_a_source_is_dropped(told: Told) -> None:
    properties = [
        {"name": "aibom:organisation:acme:name", "value": "Acme"},
        {"name": "aibom:organisation:acme:country", "value": "KR"},
        {"name": "aibom:origin:weights:relation", "value": "original"},
        {"name": "aibom:origin:weights:evidence", "value": "E1"},
        {"name": "aibom:origin:weights:organisation-id", "value": "acme"},
    ]
    found = told(bom(metadata={"component": {"type": MODEL, "name": "m", "properties": properties}}))
    assert [(who.name, who.jurisdiction) for who in found.origins[0].organisations] == [("Acme", None)]
