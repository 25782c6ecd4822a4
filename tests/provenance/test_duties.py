"""Duties of licences: what is asked, what was found, and nothing moved by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.catalog import CodeFamily
from aibom.model import (
    CardFacts,
    Confidence,
    Dataset,
    DeclarationKind,
    Evidence,
    Fact,
    FileEntry,
    Finding,
    Inspected,
    Layer,
    Licence,
    Locator,
    OrganisationRef,
    Provenance,
    Reference,
    Relation,
    Severity,
    Signal,
)
from aibom.provenance import RULES, Context
from aibom.provenance.context import Lookup
from aibom.provenance.signals.attribution import attribution
from tests.provenance.knowledge import CATALOG, CODE, CORE, by_rule, names, notice, says, target, trace

BASE = "meta-llama/Llama-3.1-8B"
LLAMA = Licence("llama3.1", Locator("README.md", key="license"), "LicenseRef-llama3.1")
APACHE = Licence("apache-2.0", Locator("README.md", key="license"), "Apache-2.0")
META = notice("Meta Platforms, Inc.", path="NOTICE")
BUILT = CardFacts(facts=(Fact("attribution", "Built with Llama", Locator("README.md", line=9)),))
PREFIX = "licence.duty-"


def of_licence(licence: str | None) -> Lookup:
    return lambda hub_id: Reference(hub_id, "a" * 40, None, (), licence)


def child(*licences: Licence, base: str = BASE, relation: str | None = "finetune") -> Inspected:
    return Inspected((CORE,), (says(DeclarationKind.BASE_MODEL, base, relation=relation),), licences=licences)


def duties(found: Provenance) -> list[str]:
    return sorted(item.rule.removeprefix(PREFIX) for item in found.findings if item.rule.startswith(PREFIX))


def declared(name: str) -> Licence:
    return Licence(name, Locator("README.md", key="license"), name)


def test_restricted_terms_of_the_model_and_of_its_parent_are_facts() -> None:
    found, _ = trace(child(LLAMA), lookup=of_licence("llama3.1"))
    own, parents = sorted(
        by_rule(found, "licence.duty-restricted"), key=lambda item: len(item.locators[0].path)
    )
    assert own.statement.startswith("The model stands under the Llama 3.1 Community License (community)")
    assert "700 million" in own.statement and "use policy" in own.statement
    assert parents.statement.startswith(f"The declared parent {BASE} stands under")
    assert parents.locators == (Locator(f"hub:{BASE}", key="license", quote="llama3.1"),)
    assert names(own) == names(parents) == ["meta"] and own.severity is Severity.INFO


@pytest.mark.parametrize("name", ["Apache-2.0", "MIT", "GPL-3.0-only", "CC-BY-4.0"])
def test_open_terms_are_not_restricted(name: str) -> None:
    assert duties(trace(Inspected((CORE,), licences=(declared(name),)))[0]) == []


@pytest.mark.parametrize(
    ("parent", "own", "rule"),
    [
        ("llama3.1", "Apache-2.0", "changed"),
        ("gemma", "MIT", "changed"),
        ("openrail", "Apache-2.0", "changed"),
        ("cc-by-nc-4.0", "Apache-2.0", "non-commercial"),
        ("cc-by-nc-4.0", "CC-BY-4.0", "non-commercial"),
        ("cc-by-nc-sa-4.0", "LicenseRef-qwen-research", "share-alike"),
        ("qwen-research", "Apache-2.0", "non-commercial"),
        ("gpl-3.0", "MIT", "share-alike"),
        ("agpl-3.0", "Apache-2.0", "share-alike"),
        ("cc-by-sa-4.0", "CC-BY-4.0", "share-alike"),
        ("cc-by-nd-4.0", "CC-BY-ND-4.0", "no-derivatives"),
    ],
)
def test_terms_of_a_parent_that_the_model_leaves_out_are_said(parent: str, own: str, rule: str) -> None:
    found, _ = trace(child(declared(own)), lookup=of_licence(parent))
    (finding,) = by_rule(found, f"licence.duty-{rule}")
    assert finding.severity is Severity.MEDIUM
    assert "not known from here" in finding.statement and BASE in finding.statement
    assert {"README.md", f"hub:{BASE}"} == {place.path for place in finding.locators}


def test_the_words_on_a_changed_licence() -> None:
    found, _ = trace(child(APACHE), lookup=of_licence("llama3.1"))
    (finding,) = by_rule(found, "licence.duty-changed")
    assert finding.statement.startswith(
        f"The declared parent {BASE} stands under the Llama 3.1 Community License, which asks for"
    )
    assert finding.statement.endswith(
        "this model declares Apache-2.0; whether it may is not known from here."
    )


@pytest.mark.parametrize(
    ("parent", "own"),
    [
        ("llama3.1", "LicenseRef-llama3.1"),
        ("apache-2.0", "MIT"),
        ("mit", "LicenseRef-llama3.1"),
        ("cc-by-nc-4.0", "CC-BY-NC-SA-4.0"),
        ("cc-by-sa-4.0", "GPL-3.0-only"),
        ("gpl-3.0", "GPL-3.0-or-later"),
        ("lgpl-3.0", "Apache-2.0"),
        ("other", "Apache-2.0"),
        ("llama3.1", "LicenseRef-not-known"),
        ("llama3.1", "MIT OR Apache-2.0"),
    ],
)
def test_terms_that_are_kept_or_not_known_give_no_finding(parent: str | None, own: str) -> None:
    found, _ = trace(child(declared(own)), lookup=of_licence(parent))
    assert not {"changed", "share-alike", "non-commercial", "dropped"} & set(duties(found))


def test_a_parent_whose_licence_is_named_nowhere_in_the_model() -> None:
    found, _ = trace(child(), lookup=of_licence("apache-2.0"))
    (finding,) = by_rule(found, "licence.duty-dropped")
    assert finding.severity is Severity.LOW and "names no licence" in finding.statement
    assert duties(trace(child(), lookup=of_licence("cc0-1.0"))[0]) == []


def test_a_publisher_may_license_its_own_work_anew() -> None:
    found, _ = trace(child(APACHE, base="upstage/older"), lookup=of_licence("cc-by-nc-4.0"))
    assert duties(found) == []


def test_a_path_left_in_a_configuration_passes_on_no_terms() -> None:
    inspected = Inspected((CORE,), (says(DeclarationKind.NAME_OR_PATH, BASE),), licences=(APACHE,))
    assert duties(trace(inspected, lookup=of_licence("llama3.1"))[0]) == []


def test_without_a_look_up_the_terms_of_an_unknown_parent_are_not_guessed() -> None:
    assert duties(trace(child(APACHE, base="meta-llama/Some-8B"))[0]) == []


@pytest.mark.parametrize("lookup", [None, of_licence(None)])
def test_a_well_known_parent_that_cannot_be_asked_stands_under_what_the_catalogue_says(
    lookup: Lookup | None,
) -> None:
    (finding,) = by_rule(trace(child(APACHE), lookup=lookup)[0], "licence.duty-changed")
    assert "Llama 3.1 Community License (by the catalogue alone: unverified" in finding.statement
    assert finding.statement.endswith("whether it may is not known from here.")
    assert {place.path for place in finding.locators} == {"README.md"}
    assert duties(trace(child(APACHE), lookup=lookup)[0]) == ["changed", "restricted"]


def test_what_a_parent_declares_goes_before_the_catalogue() -> None:
    assert duties(trace(child(APACHE), lookup=of_licence("apache-2.0"))[0]) == []
    assert duties(trace(child(APACHE), lookup=of_licence("other"))[0]) == []


def trained_on(ident: str, *licences: Licence, purpose: str = "training") -> list[Finding]:
    data = (Dataset(ident, Locator("README.md", key="datasets", quote=ident), ident, purpose),)
    found, _ = trace(Inspected((CORE,), licences=licences, datasets=data))
    return [item for item in found.findings if item.rule.startswith(f"{PREFIX}data-")]


@pytest.mark.parametrize(
    ("ident", "rule", "severity"),
    [
        ("tatsu-lab/alpaca", "data-non-commercial", Severity.LOW),
        ("klue/klue", "data-share-alike", Severity.INFO),
    ],
)
def test_limits_of_named_data_that_the_model_does_not_carry(
    ident: str, rule: str, severity: Severity
) -> None:
    (finding,) = trained_on(ident, APACHE)
    assert (finding.rule, finding.severity) == (PREFIX + rule, severity)
    assert ident in finding.statement and "unverified" in finding.statement
    assert finding.statement.endswith("whether the terms of data reach a model is not known from here.")


@pytest.mark.parametrize(
    ("ident", "licences", "purpose"),
    [
        ("tatsu-lab/alpaca", (declared("CC-BY-NC-4.0"),), "training"),
        ("klue/klue", (declared("CC-BY-SA-4.0"),), "training"),
        ("klue/klue", (APACHE,), "evaluation"),
        ("allenai/c4", (APACHE,), "training"),
        ("nobody/data", (APACHE,), "training"),
        ("tatsu-lab/alpaca", (), "training"),
        ("tatsu-lab/alpaca", (declared("LicenseRef-not-known"),), "training"),
    ],
)
def test_data_whose_terms_are_carried_open_or_not_known_gives_no_duty(
    ident: str, licences: tuple[Licence, ...], purpose: str
) -> None:
    assert trained_on(ident, *licences, purpose=purpose) == []


def test_each_parent_is_asked_for_once() -> None:
    asked: list[str] = []

    def lookup(hub_id: str) -> Reference:
        asked.append(hub_id)
        return Reference(hub_id, "a" * 40, licence="llama3.1")

    trace(child(APACHE), lookup=lookup)
    assert asked == [BASE]


def test_a_share_alike_text_beside_another_declaration() -> None:
    text = Licence("GPL", Locator("src/COPYING", line=1), "AGPL-3.0-only", carried=True)
    found, _ = trace(Inspected((CORE,), licences=(APACHE, text)))
    (finding,) = by_rule(found, "licence.duty-share-alike")
    assert "src/COPYING" in finding.statement and "not known from here" in finding.statement
    for own in ((text,), (declared("AGPL-3.0-only"), text)):
        assert "share-alike" not in duties(trace(Inspected((CORE,), licences=own))[0])


def test_names_and_words_that_are_asked_for_and_not_found() -> None:
    (finding,) = by_rule(trace(child(LLAMA), "hanbit-lab/Korean-8B")[0], "licence.duty-naming")
    assert finding.severity is Severity.LOW
    assert "begin with “Llama”: it is Korean-8B" in finding.statement
    assert finding.statement.count("not found in the files read") == 2


def test_names_and_words_that_are_asked_for_and_found() -> None:
    inspected = replace(child(LLAMA), notices=(META,), card=BUILT)
    found, _ = trace(inspected, "hanbit-lab/Llama-3.1-8B-Korean")
    (finding,) = by_rule(found, "licence.duty-naming-met")
    assert {place.path for place in finding.locators} == {"README.md", "NOTICE"}
    assert by_rule(found, "licence.duty-naming") == [] and finding.severity is Severity.INFO


def test_a_copy_in_another_form_keeps_its_name() -> None:
    inspected = replace(child(LLAMA, relation="quantized"), notices=(META,), card=BUILT)
    assert "naming-met" in duties(trace(inspected, "someone/Meta-Llama-3.1-8B-GGUF")[0])


def test_the_owner_of_the_terms_owes_itself_no_name() -> None:
    found, _ = trace(Inspected((CORE,), licences=(LLAMA,)), "meta-llama/Some-8B")
    assert duties(found) == ["restricted"]


def test_a_folder_has_no_name_to_judge() -> None:
    (finding,) = by_rule(trace(child(LLAMA), None)[0], "licence.duty-naming")
    assert "begin with" not in finding.statement


ZHIPU = OrganisationRef("zhipu", "Zhipu AI", "CN", "CN")
LEADS = Finding(
    "F-1", "code.print", Signal.CODE, Confidence.INFERRED, "", "remote-code", organisations=(ZHIPU,)
)
NAMED = CodeFamily("glm4_moe", "2025-07-25", ("HuggingFace Inc. team", "The ZhipuAI Inc. team"))


def attributions(inspected: Inspected, family: CodeFamily = NAMED) -> list[Finding]:
    context = Context(target("upstage/solar"), (FileEntry("modeling_x.py"),), inspected, CATALOG)
    return [item.finding for item in attribution(context, LEADS, family)]


def test_a_notice_that_the_reference_carries_and_the_target_does_not() -> None:
    (finding,) = attributions(Inspected((CODE,), notices=(notice("HuggingFace Inc. team"),)))
    assert (finding.rule, finding.severity) == ("licence.duty-attribution", Severity.MEDIUM)
    assert "asks that its notices be kept" in finding.statement
    assert finding.statement.endswith("was found in the files read.")


@pytest.mark.parametrize("path", ["modeling_x.py", "NOTICE"])
def test_a_notice_of_the_holder_anywhere_meets_the_duty(path: str) -> None:
    assert attributions(Inspected((CODE,), notices=(notice("The ZhipuAI Inc. team", path=path),))) == []


def test_a_reference_that_names_no_holder_asks_for_no_notice() -> None:
    silent = replace(NAMED, holders=("HuggingFace Inc. team",))
    assert attributions(Inspected((CODE,)), silent) == []


LICENCE_NAMES = ["Apache-2.0", "LicenseRef-llama3.1", "GPL-3.0-only", "CC-BY-NC-4.0", "LicenseRef-x", "other"]


@given(
    parent=st.sampled_from(["llama3.1", "cc-by-nc-sa-4.0", "gpl-3.0", "mit", "other"]),
    own=st.lists(st.sampled_from(LICENCE_NAMES), max_size=3),
    carried=st.booleans(),
)
def test_duties_move_no_origin_and_accuse_nobody(parent: str, own: list[str], carried: bool) -> None:
    licences = tuple(
        Licence(name, Locator(f"LICENSE-{place}"), name, carried=carried) for place, name in enumerate(own)
    )
    without = trace(child(*licences), lookup=of_licence(None))[0]
    found = trace(child(*licences), lookup=of_licence(parent))[0]
    assert found.origins == without.origins
    said = {item.id for item in found.findings if item.rule.startswith(PREFIX)}
    assert not said & {ident for origin in found.origins for ident in origin.findings}
    for item in found.findings:
        assert not any(
            word in item.statement.casefold() for word in ("violat", "breach", "stolen", "illegal")
        )


def test_every_duty_is_on_the_licence_and_tells_how_it_is_refuted() -> None:
    rules = [rule for rule in RULES.values() if rule.id.startswith(PREFIX)]
    assert len(rules) == 11
    for rule in rules:
        assert (rule.layer, rule.relation, rule.evidence) == (Layer.LICENCE, Relation.UNKNOWN, Evidence.E0)
        assert rule.alternative and rule.contest
