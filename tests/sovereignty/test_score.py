"""The score: the formulas on hand-made origins, and the laws that hold for all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import (
    WHOLE_MODEL,
    Evidence,
    Layer,
    LayerScore,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Score,
)
from aibom.sovereignty import assess, load_profile, shipped

KR = load_profile("kr")
HOME = OrganisationRef("home", "Home", "KR", "KR", "test")
OUTSIDE = OrganisationRef("outside", "Outside", "CN", "CN", "test")
NOWHERE = OrganisationRef("hub:x", "x")
COMMUNITY = OrganisationRef("community", "Community", "multi", "multi", "test")
OWNED = OrganisationRef("owned", "Owned", "KR", "US", "test")

CORE = Part("decoder-core", Role.DECODER_CORE, "core", parameters=900)
VISION = Part("vision-encoder", Role.VISION_ENCODER, "vision", parameters=100)
TOKENIZER = Part("tokenizer", Role.TOKENIZER, "tokenizer")
CODE = Part("remote-code", Role.REMOTE_CODE, "code")
BESIDE = (
    (Layer.ARCHITECTURE, "decoder-core"),
    (Layer.CODE, "remote-code"),
    (Layer.TOKENIZER, "tokenizer"),
    (Layer.DATA, WHOLE_MODEL),
    (Layer.LICENCE, WHOLE_MODEL),
    (Layer.GOVERNANCE, WHOLE_MODEL),
)


def weights(
    part: Part | str,
    relation: Relation = Relation.ORIGINAL,
    evidence: Evidence = Evidence.E2,
    *organisations: OrganisationRef,
    in_question: bool = False,
) -> Origin:
    ident = part if isinstance(part, str) else part.id
    return Origin(ident, Layer.WEIGHTS, relation, evidence, organisations or (HOME,), in_question=in_question)


def layer(score: Score, name: Layer) -> LayerScore:
    return next(item for item in score.layers if item.layer is name)


def test_nothing_known_is_level_0_of_the_whole_interval() -> None:
    for parts in ((), (CORE, VISION, TOKENIZER, CODE)):
        score = assess(parts, (), KR)
        assert (score.level, score.ceiling, score.lower, score.upper, score.coverage) == (0, 4, 0, 100, 0)
        assert score.evidence is Evidence.E0
        assert score.reasons


@pytest.mark.parametrize(
    ("relation", "grade"),
    [
        (Relation.INSPIRED, 3),
        (Relation.ADAPTED, 2),
        (Relation.DERIVED, 1),
        (Relation.VERBATIM, 0),
        (Relation.ORIGINAL, 0),
    ],
)
@pytest.mark.parametrize("evidence", [Evidence.E1, Evidence.E2, Evidence.E3, Evidence.E4])
def test_one_part_follows_the_formula(relation: Relation, grade: int, evidence: Evidence) -> None:
    unknown = {1: 0.6, 2: 0.3, 3: 0.1, 4: 0.02}[evidence]
    found = layer(assess((CORE,), (weights(CORE, relation, evidence, OUTSIDE),), KR), Layer.WEIGHTS)
    assert found.lower == pytest.approx((1 - unknown) * grade / 4)
    assert found.upper == pytest.approx(found.lower + unknown)
    assert found.coverage == pytest.approx(1 - unknown)


@pytest.mark.parametrize("relation", [item for item in Relation if item is not Relation.UNKNOWN])
def test_inside_the_home_set_every_relation_has_the_full_grade(relation: Relation) -> None:
    found = layer(assess((CORE,), (weights(CORE, relation, Evidence.E4),), KR), Layer.WEIGHTS)
    assert (found.lower, found.upper) == (pytest.approx(0.98), pytest.approx(1.0))


def test_half_goes_by_parameters_and_half_by_parts() -> None:
    found = layer(assess((CORE, VISION), (weights(CORE, evidence=Evidence.E4),), KR), Layer.WEIGHTS)
    assert found.lower == pytest.approx((0.5 * 0.9 + 0.25) * 0.98)


@pytest.mark.parametrize("core", [CORE, replace(CORE, parameters=None)])
def test_where_parameters_are_missing_their_half_stays_unknown(core: Part) -> None:
    parts = (core, replace(VISION, parameters=None))
    found = layer(assess(parts, (weights(CORE, evidence=Evidence.E4),), KR), Layer.WEIGHTS)
    assert found.lower == pytest.approx(0.25 * 0.98)
    assert found.upper == pytest.approx(found.lower + 1 - 0.25 * 0.98)


def test_counts_that_are_not_known_never_raise_the_lower_bound() -> None:
    small = replace(CORE, parameters=1)
    large = replace(VISION, parameters=999)
    origins = (weights(small, evidence=Evidence.E4),)
    known = assess((small, large), origins, KR)
    unknown = assess((replace(small, parameters=None), replace(large, parameters=None)), origins, KR)
    assert unknown.lower <= known.lower <= known.upper <= unknown.upper


def test_an_adapter_alone_has_a_base_that_is_not_known() -> None:
    adapter = Part("adapter", Role.ADAPTER, "adapter", parameters=5)
    score = assess((adapter,), (weights(adapter, evidence=Evidence.E4),), KR)
    assert (score.level, score.ceiling, score.evidence) == (0, 4, Evidence.E0)


def test_an_alternative_is_not_counted_twice() -> None:
    again = replace(CORE, id="decoder-core-onnx", alternative=True)
    origins = (weights(CORE, evidence=Evidence.E4),)
    assert assess((CORE, again), origins, KR) == assess((CORE,), origins, KR)


@pytest.mark.parametrize(
    ("part", "relation", "evidence", "who", "level", "ceiling"),
    [
        (CORE, Relation.ORIGINAL, Evidence.E2, HOME, 3, 4),
        (CORE, Relation.ORIGINAL, Evidence.E1, HOME, 0, 4),
        (CORE, Relation.DERIVED, Evidence.E2, HOME, 3, 4),
        (CORE, Relation.DERIVED, Evidence.E1, OUTSIDE, 1, 1),
        (CORE, Relation.ADAPTED, Evidence.E1, OUTSIDE, 1, 1),
        (CORE, Relation.VERBATIM, Evidence.E1, OUTSIDE, 0, 0),
        (CORE, Relation.ORIGINAL, Evidence.E1, OUTSIDE, 0, 0),
        (CORE, Relation.UNKNOWN, Evidence.E1, OUTSIDE, 0, 4),
        (CORE, Relation.DERIVED, Evidence.E1, NOWHERE, 0, 4),
        (CORE, Relation.DERIVED, Evidence.E1, COMMUNITY, 1, 1),
        (CORE, Relation.DERIVED, Evidence.E1, OWNED, 1, 1),
    ],
)
def test_the_level_of_a_core(
    part: Part, relation: Relation, evidence: Evidence, who: OrganisationRef, level: int, ceiling: int
) -> None:
    score = assess((part,), (weights(part, relation, evidence, who),), KR)
    assert (score.level, score.ceiling) == (level, ceiling)


@pytest.mark.parametrize(
    ("origin", "level", "ceiling"),
    [
        (None, 2, 4),
        (weights(VISION, Relation.UNKNOWN, Evidence.E0, OUTSIDE, in_question=True), 2, 2),
        (weights(VISION, Relation.UNKNOWN, Evidence.E0, HOME, in_question=True), 2, 4),
        (weights(VISION, Relation.VERBATIM, Evidence.E4, OUTSIDE), 2, 2),
        (weights(VISION, Relation.DERIVED, Evidence.E1, OUTSIDE), 2, 2),
        (weights(VISION, Relation.ORIGINAL, Evidence.E2, HOME), 3, 4),
    ],
)
def test_an_encoder_beside_a_home_made_core_holds_level_2(
    origin: Origin | None, level: int, ceiling: int
) -> None:
    origins = (weights(CORE), *([origin] if origin else []))
    score = assess((CORE, VISION), origins, KR)
    assert (score.level, score.ceiling) == (level, ceiling)


def beside(relation: Relation, who: OrganisationRef, skip: Layer | None = None) -> list[Origin]:
    return [Origin(part, layer, relation, Evidence.E3, (who,)) for layer, part in BESIDE if layer is not skip]


def test_level_4_needs_every_other_layer_at_home() -> None:
    parts = (CORE, TOKENIZER, CODE)
    everything = [weights(CORE), *beside(Relation.ORIGINAL, HOME)]
    score = assess(parts, everything, KR)
    assert (score.level, score.ceiling) == (4, 4)
    for missing, part in BESIDE:
        most = [weights(CORE), *beside(Relation.ORIGINAL, HOME, skip=missing)]
        assert (assess(parts, most, KR).level, assess(parts, most, KR).ceiling) == (3, 4)
        outside = Origin(part, missing, Relation.ADAPTED, Evidence.E1, (OUTSIDE,))
        held = assess(parts, [*most, outside], KR)
        assert (held.level, held.ceiling) == (3, 3)
        assert any(missing.value in reason and "E1" in reason for reason in held.reasons)


def test_a_denied_organisation_gets_grade_0_and_is_named() -> None:
    profile = replace(KR, deny=("CN",))
    score = assess((CORE,), (weights(CORE, Relation.INSPIRED, Evidence.E1, OUTSIDE),), profile)
    assert (score.level, layer(score, Layer.WEIGHTS).lower) == (0, 0)
    assert "denies" in score.reasons[0]


def test_a_community_is_outside_and_never_denied() -> None:
    profile = replace(KR, deny=("CN",))
    found = layer(
        assess((CORE,), (weights(CORE, Relation.ADAPTED, Evidence.E4, COMMUNITY),), profile), Layer.WEIGHTS
    )
    assert found.lower == pytest.approx(0.98 * 2 / 4)


def test_the_registered_seat_alone_counts_where_the_profile_says_so() -> None:
    registered = replace(KR, ultimate=False)
    assert assess((CORE,), (weights(CORE, Relation.DERIVED, Evidence.E2, OWNED),), registered).level == 3


def test_one_outside_organisation_among_several_makes_the_origin_outside() -> None:
    assert assess((CORE,), (weights(CORE, Relation.DERIVED, Evidence.E1, HOME, OUTSIDE),), KR).level == 1


def test_a_base_that_is_not_in_the_target_counts_as_the_core() -> None:
    adapter = Part("adapter", Role.ADAPTER, "adapter", parameters=5)
    score = assess((adapter,), (weights(WHOLE_MODEL, Relation.DERIVED, Evidence.E1, OUTSIDE),), KR)
    assert (score.level, score.ceiling) == (0, 1)


def test_a_denoiser_is_the_core_and_its_text_encoder_is_not() -> None:
    text = Part("text-encoder", Role.TEXT_ENCODER, "text", parameters=10)
    denoiser = Part("denoiser", Role.DENOISER, "denoiser", parameters=90)
    assert assess((text, denoiser), (weights(denoiser),), KR).level == 2
    assert assess((text, denoiser), (weights(text),), KR).level == 0


def test_neutral_counts_what_is_known_and_grades_nothing() -> None:
    score = assess((CORE,), (weights(CORE, Relation.DERIVED, Evidence.E4, OUTSIDE),), load_profile("neutral"))
    assert (score.level, score.ceiling, score.lower, score.upper) == (None, None, 0, 100)
    assert score.coverage == pytest.approx(35 * 0.98)


def test_reasons_put_the_weakest_part_first_and_name_its_evidence() -> None:
    origins = (
        weights(VISION, Relation.VERBATIM, Evidence.E4, OUTSIDE),
        weights(CORE, Relation.DERIVED, Evidence.E1, OUTSIDE),
    )
    first, second, *_ = assess((VISION, CORE), origins, KR).reasons
    assert first == "decoder-core: weights derived from Outside (CN), evidence E1."
    assert second.startswith("vision-encoder: weights taken unchanged from Outside (CN), evidence E4")


# Laws, over any parts and origins.

roles = st.sampled_from(list(Role))
part_lists = st.lists(
    st.builds(
        lambda number, role, parameters, other: Part(
            f"p{number}", role, "part", parameters=parameters, alternative=other
        ),
        st.integers(0, 8),
        roles,
        st.none() | st.integers(0, 10**12),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda part: part.id,
)
origin_lists = st.lists(
    st.builds(
        Origin,
        st.sampled_from([WHOLE_MODEL, *(f"p{number}" for number in range(9))]),
        st.sampled_from(list(Layer)),
        st.sampled_from(list(Relation)),
        st.sampled_from(list(Evidence)),
        st.lists(st.sampled_from([HOME, OUTSIDE, NOWHERE, COMMUNITY, OWNED]), max_size=2).map(tuple),
        in_question=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda origin: (origin.part, origin.layer),
)
profiles = st.sampled_from([*shipped(), replace(KR, deny=("CN",)), replace(KR, ultimate=False)])


@given(part_lists, origin_lists, profiles)
def test_bounds_hold_and_the_level_never_passes_its_ceiling(
    parts: list, origins: list, profile: object
) -> None:
    score = assess(parts, origins, profile)  # type: ignore[arg-type]
    assert 0 <= score.lower <= score.upper <= 100
    assert 0 <= score.coverage <= 100
    assert score.level is None or 0 <= score.level <= (score.ceiling or 0) <= 4
    for item in score.layers:
        assert 0 <= item.lower <= item.upper <= 1


@given(part_lists, origin_lists, profiles, st.randoms(use_true_random=False))
def test_order_does_not_matter(parts: list, origins: list, profile: object, random: object) -> None:
    shuffled_parts, shuffled_origins = list(parts), list(origins)
    random.shuffle(shuffled_parts)  # type: ignore[attr-defined]
    random.shuffle(shuffled_origins)  # type: ignore[attr-defined]
    assert assess(shuffled_parts, shuffled_origins, profile) == assess(parts, origins, profile)  # type: ignore[arg-type]


@given(part_lists, origin_lists, profiles, st.data())
def test_more_evidence_never_widens_the_interval(
    parts: list, origins: list, profile: object, data: st.DataObject
) -> None:
    if not origins:
        return
    chosen = data.draw(st.sampled_from(origins))
    stronger = data.draw(st.sampled_from([item for item in Evidence if item >= chosen.evidence]))
    raised = [replace(item, evidence=stronger) if item is chosen else item for item in origins]
    before = assess(parts, origins, profile)  # type: ignore[arg-type]
    after = assess(parts, raised, profile)  # type: ignore[arg-type]
    assert after.upper - after.lower <= before.upper - before.lower + 1e-3
    assert after.coverage >= before.coverage - 1e-3


@given(part_lists, origin_lists, profiles, roles, st.none() | st.integers(0, 10**12))
def test_an_unknown_part_never_raises_the_lower_bound_or_the_level(
    parts: list, origins: list, profile: object, role: Role, parameters: int | None
) -> None:
    more = [*parts, Part("unknown-part", role, "unknown", parameters=parameters)]
    before = assess(parts, origins, profile)  # type: ignore[arg-type]
    after = assess(more, origins, profile)  # type: ignore[arg-type]
    assert after.lower <= before.lower + 1e-3
    assert (after.level or 0) <= (before.level or 0)


@given(part_lists, origin_lists, origin_lists, profiles)
def test_origins_of_other_layers_never_move_the_weights_layer(
    parts: list, origins: list, others: list, profile: object
) -> None:
    only = [item for item in origins if item.layer is Layer.WEIGHTS]
    beside = [item for item in others if item.layer is not Layer.WEIGHTS]
    before = assess(parts, only, profile)  # type: ignore[arg-type]
    after = assess(parts, only + beside, profile)  # type: ignore[arg-type]
    assert layer(before, Layer.WEIGHTS) == layer(after, Layer.WEIGHTS)
    assert before.evidence == after.evidence
