"""A vendor's answers: declared, at E1 at most, and never above what was found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import (
    WHOLE_MODEL,
    Confidence,
    DeclarationKind,
    Evidence,
    Finding,
    HubRecord,
    Inspected,
    Layer,
    Licence,
    Locator,
    Origin,
    Provenance,
    Relation,
    Signal,
    Unknown,
)
from aibom.provenance import RULES, Claim, Context, claim, conclude
from aibom.provenance.answered import answered
from aibom.provenance.merge import origins
from aibom.sovereignty import assess, load_profile
from tests.provenance.knowledge import (
    CATALOG,
    CORE,
    HEAD,
    TOKENIZER,
    VISION,
    by_rule,
    files,
    names,
    origin,
    reference,
    says,
    target,
)
from tests.questionnaire.samples import LOG_DIGEST, answers

PARTS = Inspected((CORE, HEAD, TOKENIZER))
LICENSED = Inspected((CORE,), licences=(Licence("LICENSE", Locator("LICENSE"), "Apache-2.0", carried=True),))
KR = load_profile("kr")


def declare(
    inspected: Inspected = PARTS, repository: str | None = "upstage/solar", **sections: Any
) -> tuple[Provenance, tuple[Unknown, ...]]:
    """What is concluded with those answers."""
    return conclude(
        target(repository), files(*inspected.parts), inspected, catalog=CATALOG, answers=answers(**sections)
    )


def contradictions(found: Provenance) -> list[Finding]:
    return by_rule(found, "questionnaire.contradiction")


def part(initialisation: str, **more: Any) -> dict[str, Any]:
    return {"decoder-core": {"initialisation": initialisation, **more}}


def test_training_from_a_random_start_is_the_vendors_word_and_no_more() -> None:
    found, _ = declare(parts=part("random"))
    weights = origin(found, "decoder-core", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence) == (Relation.ORIGINAL, Evidence.E1)
    assert names(weights) == ["upstage"]
    (finding,) = by_rule(found, "questionnaire.training-own")
    assert (finding.signal, finding.confidence) == (Signal.DECLARED, Confidence.DECLARED)
    assert origin(found, "head", Layer.WEIGHTS) is None


@pytest.mark.parametrize(
    ("initialisation", "start", "relation", "who"),
    [
        ("outside-checkpoint", "Qwen/Qwen2-7B", Relation.DERIVED, ["alibaba-qwen"]),
        ("outside-frozen", "openai/whisper-base", Relation.VERBATIM, ["openai"]),
        ("outside-checkpoint", None, Relation.DERIVED, []),
        ("own-checkpoint", "Qwen/Qwen2-7B", Relation.DERIVED, ["alibaba-qwen"]),
        ("outside-frozen", "unsloth/qwen2", Relation.VERBATIM, []),
    ],
)
def test_anothers_weights_are_named(
    initialisation: str, start: str | None, relation: Relation, who: list[str]
) -> None:
    found, _ = declare(parts=part(initialisation, start=start))
    weights = origin(found, "decoder-core", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence, weights.upstream) == (relation, Evidence.E1, start)
    assert names(weights) == who


def test_an_own_checkpoint_says_nothing_of_where_it_came_from() -> None:
    found, _ = declare(parts=part("own-checkpoint", start="upstage/solar-1"))
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None
    assert by_rule(found, "questionnaire.statement")


def test_what_is_left_empty_stays_unknown() -> None:
    bare, _ = conclude(target("upstage/solar"), files(*PARTS.parts), PARTS, catalog=CATALOG)
    found, unknowns = declare()
    assert found.origins == bare.origins
    assert [item.rule for item in found.findings] == ["questionnaire.statement"]
    assert unknowns == ()


def test_each_answer_is_a_finding_with_its_place_and_the_digests_of_its_documents() -> None:
    found, _ = declare(
        documents=[
            {"id": "log", "path": "logs/train.txt", "sha256": LOG_DIGEST},
            {"id": "paper", "url": "https://example.org/p", "sha256": "b" * 64},
        ],
        parts=part("random", documents=["log", "paper"]),
        use={"intended": "translation"},
    )
    (finding,) = by_rule(found, "questionnaire.training-own")
    places = {locator.path: locator for locator in finding.locators}
    assert places["questionnaire:answers.json"].key == "parts.decoder-core.initialisation"
    assert places["document:logs/train.txt"].quote == f"sha256:{LOG_DIGEST}"
    assert places["https://example.org/p"].quote == f"sha256:{'b' * 64}"
    keys = {locator.key for item in by_rule(found, "questionnaire.statement") for locator in item.locators}
    assert "use.intended" in keys
    assert any("SHA-256" in item.statement for item in by_rule(found, "questionnaire.statement"))


def test_documents_raise_no_evidence() -> None:
    documents = [{"id": "log", "path": "log", "sha256": LOG_DIGEST}]
    found, _ = declare(documents=documents, parts=part("random", documents=["log"]))
    assert all(item.evidence <= Evidence.E1 for item in found.origins)


@pytest.mark.parametrize(
    ("sections", "layer", "relation", "who"),
    [
        ({"data": {"collection": "own"}}, Layer.DATA, Relation.ORIGINAL, ["upstage"]),
        (
            {"data": {"collection": "mixed", "collectors": ["OpenAI"]}},
            Layer.DATA,
            Relation.ADAPTED,
            ["openai", "upstage"],
        ),
        ({"data": {"collection": "mixed"}}, Layer.DATA, Relation.ADAPTED, []),
        (
            {"data": {"collection": "outside", "collectors": ["zai-org"]}},
            Layer.DATA,
            Relation.VERBATIM,
            ["zhipu"],
        ),
        (
            {"compute": {"sites": [{"operator": "Upstage", "country": "KR"}]}},
            Layer.COMPUTE,
            Relation.ORIGINAL,
            ["place:KR", "upstage"],
        ),
        (
            {"compute": {"sites": [{"operator": "Naver", "country": "JP"}]}},
            Layer.COMPUTE,
            Relation.VERBATIM,
            ["naver", "place:JP"],
        ),
        ({"governance": {"decision_makers": ["Upstage"]}}, Layer.GOVERNANCE, Relation.ORIGINAL, ["upstage"]),
        (
            {"governance": {"decision_makers": ["Upstage", "OpenAI"]}},
            Layer.GOVERNANCE,
            Relation.VERBATIM,
            ["openai", "upstage"],
        ),
        ({"governance": {"licensor": "Upstage"}}, Layer.LICENCE, Relation.ORIGINAL, ["upstage"]),
    ],
)
def test_layers_of_the_whole_model(
    sections: dict[str, Any], layer: Layer, relation: Relation, who: list[str]
) -> None:
    found, _ = declare(**sections)
    concluded = origin(found, WHOLE_MODEL, layer)
    assert concluded is not None
    assert (concluded.relation, concluded.evidence) == (relation, Evidence.E1)
    assert sorted(names(concluded)) == who


def test_half_a_site_gives_no_origin() -> None:
    sites = [{"operator": "Upstage", "country": "KR"}, {"operator": "Upstage"}]
    found, _ = declare(compute={"sites": sites})
    assert origin(found, WHOLE_MODEL, Layer.COMPUTE) is None
    assert len(by_rule(found, "questionnaire.statement")) == 3


def test_a_name_that_nobody_knows_has_no_country_and_gives_no_grade() -> None:
    found, _ = declare(governance={"decision_makers": ["Upstage", "Some Holding Ltd"]})
    concluded = origin(found, WHOLE_MODEL, Layer.GOVERNANCE)
    assert concluded is not None and "declared:some holding ltd" in names(concluded)
    score = assess(PARTS.parts, found.origins, KR)
    (governance,) = (item for item in score.layers if item.layer is Layer.GOVERNANCE)
    assert (governance.lower, governance.upper) == (0, 1)


@pytest.mark.parametrize("word", ["N/A", "none"])
def test_nobody_is_no_organisation(word: str) -> None:
    found, _ = declare(
        governance={"decision_makers": [word], "licensor": word},
        compute={"sites": [{"operator": word, "country": "KR"}]},
        data={"collection": "outside", "collectors": [word]},
    )
    assert all(item.organisations == () for item in found.origins)
    assert {item.layer for item in found.origins} == {Layer.DATA}


def test_the_place_of_a_computation_is_nobodys_nationality_and_counts() -> None:
    found, _ = declare(compute={"sites": [{"operator": "Upstage", "country": "US"}]})
    (compute,) = (
        item for item in assess(PARTS.parts, found.origins, KR).layers if item.layer is Layer.COMPUTE
    )
    assert compute.lower == 0 and compute.upper < 1


def test_a_tokenizer_is_its_own_layer() -> None:
    found, _ = declare(tokenizer={"vocabulary": "extended", "source": "zai-org/GLM-4.5"})
    concluded = origin(found, "tokenizer", Layer.TOKENIZER)
    assert concluded is not None
    assert (concluded.relation, concluded.evidence) == (Relation.ADAPTED, Evidence.E1)
    assert {item.layer for item in found.origins} == {Layer.TOKENIZER}


def test_a_declared_parent_stays_and_both_are_said() -> None:
    inspected = Inspected((CORE,), (says(DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B"),))
    found, _ = declare(inspected, parts=part("random"))
    weights = origin(found, "decoder-core", Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.DERIVED
    (both,) = contradictions(found)
    assert "random" in both.statement and "Qwen/Qwen2-7B" in both.statement
    assert both.confidence is Confidence.CONTRADICTED
    (said,) = by_rule(found, "questionnaire.training-own")
    assert said.confidence is Confidence.CONTRADICTED
    (declared,) = by_rule(found, "declared.base-model")
    assert declared.confidence is Confidence.DECLARED


def test_an_encoder_in_question_stays_in_question() -> None:
    inspected = Inspected((CORE, VISION), (says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder"),))
    without, _ = conclude(target("naver-hyperclovax/x"), (), inspected, catalog=CATALOG)
    found, _ = conclude(
        target("naver-hyperclovax/x"),
        (),
        inspected,
        catalog=CATALOG,
        answers=answers(parts={"vision-encoder": {"initialisation": "random"}}),
    )
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None and weights.in_question and weights.relation is Relation.UNKNOWN
    assert assess(inspected.parts, found.origins, KR).ceiling == 2
    assert found.origins == without.origins
    assert contradictions(found)


def test_an_encoder_that_the_vendor_owns_up_to_is_told() -> None:
    inspected = Inspected((CORE, VISION), (says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder"),))
    said = {"initialisation": "outside-frozen", "start": "Qwen/Qwen2.5-VL-7B-Instruct"}
    found, _ = declare(inspected, parts={"vision-encoder": said})
    weights = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence) == (Relation.VERBATIM, Evidence.E1)
    assert not contradictions(found)


def test_equal_bytes_are_not_answered_away() -> None:
    digest = "d" * 64
    found, _ = conclude(
        target("upstage/solar", HubRecord(created="2025-06-01T00:00:00Z")),
        files(CORE, digests={"model.safetensors": digest}),
        Inspected((CORE,), (says(DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B"),)),
        catalog=CATALOG,
        lookup=lambda _: reference("Qwen/Qwen2-7B", "2024-01-01", model__safetensors=digest),
        answers=answers(parts=part("random")),
    )
    weights = origin(found, "decoder-core", Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence) == (Relation.VERBATIM, Evidence.E4)
    assert contradictions(found)
    assert not any(item.evidence is Evidence.E1 and item.layer is Layer.WEIGHTS for item in found.origins)


def test_a_licence_that_is_carried_is_not_made_less_by_an_answer() -> None:
    found, _ = declare(LICENSED, governance={"licensor": "Upstage"})
    concluded = origin(found, WHOLE_MODEL, Layer.LICENCE)
    assert concluded is not None and concluded.evidence is Evidence.E3
    assert not contradictions(found)


def test_another_organisations_answers_give_no_origin() -> None:
    found, unknowns = declare(respondent={"organisation": "OpenAI"}, parts=part("random"))
    assert found.origins == ()
    assert any("not by the publisher's group" in item.reason for item in unknowns)
    assert by_rule(found, "questionnaire.statement")


def test_a_publisher_may_answer_under_any_of_its_names() -> None:
    found, unknowns = declare(respondent={"organisation": "Upstage AI"}, parts=part("random"))
    assert origin(found, "decoder-core", Layer.WEIGHTS) is not None and unknowns == ()


@pytest.mark.parametrize("repository", [None, "unsloth/solar"])
def test_own_work_of_nobody_known_names_nobody(repository: str | None) -> None:
    found, unknowns = declare(repository=repository, parts=part("random"))
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None
    assert any("who developed the model is not known" in item.reason for item in unknowns)


def test_a_part_that_is_not_there_is_told() -> None:
    found, unknowns = declare(parts={"audio-encoder": {"initialisation": "random"}})
    assert found.origins == ()
    assert not any("audio-encoder" in item.statement for item in found.findings)
    assert any("audio-encoder" in item.reason for item in unknowns)


def test_ids_survive_a_reordering_and_another_commit() -> None:
    one, _ = declare(use={"intended": "x"}, security={"contact": "y"})
    other, _ = declare(security={"contact": "y"}, use={"intended": "x"})
    assert {item.id for item in one.findings if item.rule != "questionnaire.statement"} == {
        item.id for item in other.findings if item.rule != "questionnaire.statement"
    }
    keys = {item.locators[0].key: item.id for item in one.findings}
    again = {item.locators[0].key: item.id for item in other.findings}
    assert keys["use.intended"] == again["use.intended"]


def test_no_rule_of_the_questionnaire_gives_more_than_a_declaration() -> None:
    rules = [rule for rule in RULES.values() if rule.id.startswith("questionnaire.")]
    assert len(rules) > 10
    assert all(rule.evidence <= Evidence.E1 for rule in rules)


CHOICES = st.fixed_dictionaries(
    {
        "parts": st.fixed_dictionaries(
            {
                "decoder-core": st.fixed_dictionaries(
                    {"initialisation": st.sampled_from(["random", "own-checkpoint", "outside-checkpoint"])}
                ),
                "vision-encoder": st.fixed_dictionaries(
                    {"initialisation": st.sampled_from(["random", "outside-frozen", None])}
                ),
            }
        ),
        "tokenizer": st.fixed_dictionaries(
            {"vocabulary": st.sampled_from(["own", "extended", "outside", None])}
        ),
        "data": st.fixed_dictionaries({"collection": st.sampled_from(["own", "mixed", "outside", None])}),
    }
)
DECLARED = st.lists(
    st.sampled_from(
        [
            says(DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B"),
            says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder"),
            says(DeclarationKind.NAME_OR_PATH, "openai/whisper", "vision-encoder"),
            says(DeclarationKind.NAME_OR_PATH, "Qwen/Qwen2-7B", "decoder-core"),
        ]
    ),
    unique=True,
)


@given(CHOICES, DECLARED)
def test_answers_raise_no_level_and_touch_nothing_found_on_tests(
    said: dict[str, Any], declared: list[Any]
) -> None:
    """What a vendor says of itself opens no level that was closed, and overrides no evidence from E2 on."""
    inspected = Inspected((CORE, VISION, TOKENIZER), tuple(declared))
    bare, _ = conclude(target("upstage/solar"), (), inspected, catalog=CATALOG)
    found, _ = declare(inspected, **said)
    before, after = (assess(inspected.parts, each.origins, KR) for each in (bare, found))
    assert before.level is not None and after.level is not None
    assert before.ceiling is not None and after.ceiling is not None
    assert after.level <= max(before.level, 1) and after.ceiling <= before.ceiling
    tested = {(item.part, item.layer): item for item in bare.origins if item.evidence >= Evidence.E2}
    kept = {(item.part, item.layer): item for item in found.origins}
    assert all(kept[key].relation is item.relation for key, item in tested.items())


def beside(rule: str, **sections: Any) -> Origin:
    """The core's weights, where a test of them concluded by a rule and the vendor answered."""
    context = Context(target("upstage/solar"), (), PARTS, CATALOG, answers=answers(**sections))
    other = context.organisation("alibaba-qwen")
    who = (context.organisation("upstage"),) if rule == "weights.independent" else (other,)
    tested = claim(rule, "Tested.", inputs=("x",), part=CORE.id, parts=(CORE.id,), organisations=who)
    told = [item for item in answered(context, [tested]) if isinstance(item, Claim)]
    (weights,) = (item for item in origins([tested, *told]) if item.layer is Layer.WEIGHTS)
    return weights


def test_weights_that_match_nothing_stay_what_the_test_says_of_them() -> None:
    alone, both = beside("weights.independent"), beside("weights.independent", parts=part("random"))
    assert (both.relation, both.evidence) == (Relation.ORIGINAL, Evidence.E2)
    assert names(both) == names(alone) == ["upstage"]
    assert set(alone.findings) < set(both.findings)


@pytest.mark.parametrize(
    "rule",
    ["weights.identical", "weights.derived", "weights.shared-start", "weights.related", "weights.partial"],
)
def test_weights_that_agree_with_anothers_are_not_answered_away(rule: str) -> None:
    assert beside(rule, parts=part("random")) == beside(rule)


def test_another_parent_than_the_one_that_tests_found_changes_nothing() -> None:
    said = part("outside-checkpoint", start="openai/gpt-oss")
    assert beside("weights.derived", parts=said) == beside("weights.derived")
