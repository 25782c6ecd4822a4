"""The shipped facts of licences: well formed, unambiguous, and found by the names that targets write."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.catalog import Ask, LicenceClass, load
from aibom.formats.licences import spdx
from aibom_schemas import schema

CATALOG = load()
LICENCES = CATALOG.licences


def test_the_data_is_as_recorded_meets_its_schema_and_says_that_it_is_unverified() -> None:
    folder = files("aibom.catalog") / "data"
    data = (folder / "licences.json").read_bytes()
    assert f"{hashlib.sha256(data).hexdigest()}  licences.json" in (folder / "SHA256SUMS").read_text("utf-8")
    document = json.loads(data)
    jsonschema_rs.validator_for(schema("licences"), validate_formats=True).validate(document)
    assert document["header"]["source"].startswith("unverified")


def test_no_name_stands_for_two_licences_and_owners_are_registered() -> None:
    names = [name.casefold() for item in LICENCES.all for name in (item.id, *item.names)]
    assert len(names) == len(set(names))
    for item in LICENCES.all:
        assert LICENCES.get(item.id) == (item,)
        assert item.owner is None or CATALOG.organisations.get(item.owner) is not None


def test_class_and_asks_agree() -> None:
    for item in LICENCES.all:
        assert item.asks_for(Ask.DISPLAY) or not item.display
        assert item.asks_for(Ask.NAMING) == (item.name_begins is not None), item.id
        if item.kind is LicenceClass.NON_COMMERCIAL:
            assert item.asks_for(Ask.NON_COMMERCIAL), item.id
        if item.kind is LicenceClass.STRONG_COPYLEFT:
            assert item.asks_for(Ask.SHARE_ALIKE), item.id


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("llama3.1", "llama3.1"),
        ("LLAMA 3.1 COMMUNITY LICENSE", "llama3.1"),
        ("openrail++", "openrail-plus-plus"),
        ("gpl-3.0", "GPL-3.0"),
        ("agpl-3.0", "AGPL-3.0"),
        ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
        ("gemma", "gemma"),
        ("qwen-research", "qwen-research"),
        ("exaone", "exaone"),
    ],
)
def test_names_of_the_hub_are_found(name: str, ident: str) -> None:
    found = LICENCES.get(spdx(name) or name)
    assert found is not None and [item.id for item in found] == [ident]


def test_a_sum_gives_all_terms_and_what_is_open_gives_none() -> None:
    both = LICENCES.get("MIT AND Apache-2.0")
    assert both is not None and [item.id for item in both] == ["MIT", "Apache-2.0"]
    for text in ("MIT OR GPL-3.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", "MIT AND nobody's", ""):
        assert LICENCES.get(text) is None


@given(st.text(max_size=80))
def test_any_text_gives_terms_or_none(text: str) -> None:
    found = LICENCES.get(text)
    assert found is None or set(found) <= set(LICENCES.all)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("LicenseRef-fair-noncommercial-research-license", "meta"),
        ("Llama 3 Community License", "meta"),
        ("LicenseRef-scancode-tencent-hunyuan", "tencent"),
        ("mrl", "mistral"),
        ("modified-mit", None),
        ("openrail", None),
        ("Apache-2.0", None),
        ("", None),
    ],
)
def test_whose_own_terms_a_name_stands_for(name: str, owner: str | None) -> None:
    assert LICENCES.owner(name) == owner


def test_every_owner_is_registered_and_every_stated_licence_is_one_of_the_table() -> None:
    document = json.loads((files("aibom.catalog") / "data" / "licences.json").read_bytes())
    for own in document["own_terms"]:
        assert CATALOG.organisations.get(own["owner"]) is not None, own
    for key, look_up in (("models", LICENCES.of_model), ("datasets", LICENCES.of_dataset)):
        for stated in document[key]:
            terms = look_up(stated["repository"].replace("*", "x"))
            assert terms is not None and terms.id == stated["licence"], stated


@pytest.mark.parametrize("hub_id", ["nobody/Llama-3.1-8B", "Qwen/Qwen9-7B", "meta-llama", "", "*"])
def test_works_that_are_not_well_known_have_no_stated_licence(hub_id: str) -> None:
    assert LICENCES.of_model(hub_id) is None and LICENCES.of_dataset(hub_id) is None
