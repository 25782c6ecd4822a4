"""Laws that hold for any model and any policy: what is not known never helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.model import (
    WHOLE_MODEL,
    Dossier,
    Evidence,
    FileClass,
    FileEntry,
    Layer,
    OrganisationRef,
    Origin,
    Outcome,
    Part,
    Relation,
    Role,
    Severity,
    Stage,
    Unknown,
    Verdict,
)
from aibom.policy import Policy, Rule, evaluate, load_policy
from aibom.policy.policy import Check
from aibom.policy.rules.composed import AllOf, AnyOf
from aibom.policy.rules.contents import NoSecurityFindingAbove, NoUndeclaredPart, NoUnknownAbove
from aibom.policy.rules.licences import LicenceAllow, LicenceDeny
from aibom.policy.rules.origins import AllowedRelations, MinimumEvidence, NoDeniedOrigin
from aibom.policy.rules.score import CoverageAtLeast, MaximumIntervalWidth, MinimumLevel, MinimumScore
from aibom.sovereignty import Profile, assess, load_profile
from tests.policy.dossiers import finding, licence

TODAY = date(2026, 12, 1)
KR = replace(load_profile("kr"), deny=("CN",))
SHIPPED = load_policy("kr-independent")
WHO = (
    OrganisationRef("home", "Home", "KR", "KR"),
    OrganisationRef("china", "China", "CN", "CN"),
    OrganisationRef("states", "States", "US", "US"),
    OrganisationRef("owned", "Owned", "KR", "US"),
    OrganisationRef("orphan", "Orphan", "KR", None),
    OrganisationRef("hub:x", "x"),
)
ROLES = (Role.DECODER_CORE, Role.EXPERTS, Role.VISION_ENCODER, Role.ADAPTER, Role.TOKENIZER, Role.REMOTE_CODE)

st_parts = st.lists(st.sampled_from(ROLES), unique=True, max_size=4).flatmap(
    lambda roles: st.tuples(
        *(
            st.builds(
                Part,
                id=st.just(role.value),
                role=st.just(role),
                name=st.just(role.value),
                parameters=st.sampled_from([None, 0, 5, 900]),
                declared=st.booleans(),
                present=st.booleans(),
            )
            for role in roles
        )
    )
)


@st.composite
def st_origins(draw: st.DrawFn, parts: tuple[Part, ...]) -> tuple[Origin, ...]:
    places = [(name, layer) for name in (*(part.id for part in parts), WHOLE_MODEL) for layer in Layer]
    chosen = draw(st.lists(st.sampled_from(places), unique=True, max_size=10))
    return tuple(
        Origin(
            name,
            layer,
            draw(st.sampled_from(Relation)),
            draw(st.sampled_from(Evidence)),
            tuple(draw(st.lists(st.sampled_from(WHO), unique=True, max_size=2))),
            in_question=draw(st.booleans()),
        )
        for name, layer in chosen
    )


@st.composite
def st_dossiers(draw: st.DrawFn) -> Dossier:
    parts = draw(st_parts)
    expressions = st.sampled_from(["MIT", "MIT OR GPL-3.0-only", "GPL-3.0-only", "LicenseRef-x", None])
    stages = st.sampled_from([Stage.INSPECTION, Stage.PROVENANCE])
    return Dossier(
        form=draw(st.sampled_from(["scan", "CycloneDX 1.6"])),
        subject="lab/model",
        parts=parts,
        origins=draw(st_origins(parts)),
        findings=tuple(
            finding(f"f-{severity}", severity=severity)
            for severity in draw(st.lists(st.sampled_from(Severity), unique=True, max_size=2))
        ),
        licences=tuple(map(licence, draw(st.lists(expressions, max_size=2)))),
        files=(FileEntry("config.json", 1, None, FileClass.CONFIG),),
        unknowns=tuple(Unknown("x", stage, "unread") for stage in draw(st.lists(stages, max_size=2))),
    )


st_layers = st.lists(st.sampled_from(Layer), unique=True, min_size=1, max_size=3).map(tuple)
st_roles = st.lists(st.sampled_from(ROLES), unique=True, max_size=2).map(tuple)
st_least = st.one_of(st.none(), st.sampled_from(Evidence))
st_points = st.integers(0, 100)
st_listed = st.lists(st.sampled_from(["MIT", "GPL-*", "LicenseRef-x"]), min_size=1).map(tuple)
st_relations = st.lists(
    st.sampled_from([each for each in Relation if each is not Relation.UNKNOWN]), unique=True
).map(tuple)

st_leaf: st.SearchStrategy[Check] = st.one_of(
    st.builds(MinimumLevel, st.integers(0, 4)),
    st.builds(MinimumScore, st_points),
    st.builds(MaximumIntervalWidth, st_points),
    st.builds(CoverageAtLeast, st_points, st.one_of(st.just(()), st_layers)),
    st.builds(MinimumEvidence, st.sampled_from(Evidence), st_layers, st_roles),
    st.builds(AllowedRelations, st_layers, st_relations, st_roles, st_least),
    st.builds(NoDeniedOrigin, st_layers, st_roles, st_least),
    st.builds(LicenceAllow, st_listed),
    st.builds(LicenceDeny, st_listed),
    st.builds(NoSecurityFindingAbove, st.sampled_from(Severity)),
    st.builds(NoUndeclaredPart, st_roles),
    st.builds(NoUnknownAbove, st.integers(0, 2)),
)


def ruled(checks: list[Check]) -> tuple[Rule, ...]:
    return tuple(Rule(f"r-{index}", "any", Severity.HIGH, check) for index, check in enumerate(checks))


st_checks = st.recursive(
    st_leaf,
    lambda inner: st.builds(
        lambda kind, checks: kind(ruled(checks)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
st_policies = st.lists(st_checks, min_size=1, max_size=3).map(
    lambda checks: replace(SHIPPED, profile=KR, rules=ruled(checks))
)


@st.composite
def st_poorer(draw: st.DrawFn) -> tuple[Dossier, Dossier]:
    """A dossier, and the same with less known."""
    rich = draw(st_dossiers())
    return rich, replace(
        rich,
        origins=tuple(less for origin in rich.origins if (less := draw(st_less(origin))) is not None),
        parts=tuple(replace(part, parameters=None) if draw(st.booleans()) else part for part in rich.parts),
        licences=tuple(
            replace(each, expression=None) if draw(st.booleans()) else each for each in rich.licences
        ),
        unknowns=rich.unknowns
        + draw(
            st.sampled_from(
                [(), (Unknown("y", Stage.SOURCE, "gone"),), (Unknown("z", Stage.PROVENANCE, "?"),)]
            )
        ),
        form=draw(st.sampled_from([rich.form, "SPDX 2.3"])),
    )


@st.composite
def st_less(draw: st.DrawFn, origin: Origin) -> Origin | None:
    """The same on weaker evidence, or without its relation or countries; or, for a part, nothing at all."""
    nameless = tuple(OrganisationRef(each.id, each.name) for each in origin.organisations)
    choices: list[Origin | None] = [
        origin,
        replace(origin, evidence=Evidence(draw(st.integers(0, origin.evidence)))),
        replace(origin, relation=Relation.UNKNOWN),
        replace(origin, organisations=nameless),
        replace(origin, organisations=()),
    ]
    return draw(st.sampled_from([*choices, None] if origin.part != WHOLE_MODEL else choices))


def held(dossier: Dossier, policy: Policy) -> Verdict:
    return evaluate(dossier, policy, today=TODAY)


@settings(max_examples=250)
@given(st_poorer(), st_policies)
def test_what_is_less_known_never_passes_more_and_never_fails_more(
    pair: tuple[Dossier, Dossier], policy: Policy
) -> None:
    rich, poor = held(pair[0], policy).outcome, held(pair[1], policy).outcome
    if poor is Outcome.PASS:
        assert rich is Outcome.PASS
    if poor is Outcome.FAIL:
        assert rich is Outcome.FAIL


@settings(max_examples=150)
@given(st_poorer())
def test_what_is_less_known_never_raises_the_lower_bound_nor_the_level(
    pair: tuple[Dossier, Dossier],
) -> None:
    rich, poor = (assess(each.parts, each.origins, KR) for each in pair)
    assert poor.lower <= rich.lower + 1e-6
    assert poor.upper >= rich.upper - 1e-6
    assert poor.coverage <= rich.coverage + 1e-6
    assert poor.level is not None and rich.level is not None
    assert poor.level <= rich.level


@settings(max_examples=80)
@given(st_dossiers(), st_policies)
def test_every_rule_gives_a_result_and_ids_tell_them_apart(dossier: Dossier, policy: Policy) -> None:
    verdict = held(dossier, policy)
    assert {result.rule for result in verdict.results} == {rule.id for rule in policy.rules}
    assert len({result.id for result in verdict.results}) == len(verdict.results)
    for result in verdict.results:
        assert result.statement and (result.remedy != "") <= (result.outcome is not Outcome.PASS)


@settings(max_examples=80)
@given(st_dossiers(), st_policies, st.randoms(use_true_random=False))
def test_the_order_of_what_is_said_does_not_matter(dossier: Dossier, policy: Policy, random: object) -> None:
    parts, origins = list(dossier.parts), list(dossier.origins)
    random.shuffle(parts)  # type: ignore[attr-defined]
    random.shuffle(origins)  # type: ignore[attr-defined]
    turned = held(replace(dossier, parts=tuple(parts), origins=tuple(origins)), policy)
    first = held(dossier, policy)
    assert turned.outcome is first.outcome
    assert {result.id for result in turned.results} == {result.id for result in first.results}


@settings(max_examples=80)
@given(st_dossiers(), st.sampled_from(Layer), st.sampled_from(Relation), st.sampled_from(Evidence))
def test_evidence_in_one_layer_moves_no_other(
    dossier: Dossier, layer: Layer, relation: Relation, evidence: Evidence
) -> None:
    moved = tuple(
        replace(each, relation=relation, evidence=evidence, organisations=WHO[1:2])
        if each.layer is layer
        else each
        for each in dossier.origins
    )
    before, after = (assess(dossier.parts, each, KR).layers for each in (dossier.origins, moved))
    assert [each for each in before if each.layer is not layer] == [
        each for each in after if each.layer is not layer
    ]


def reweighted(profile: Profile, factors: np.ndarray) -> Profile:
    """Each weight times its factor, brought to 100 points again."""
    scaled = np.array(list(profile.weights.values())) * factors
    scaled *= 100 / scaled.sum()
    return replace(profile, weights=type(profile.weights)(dict(zip(profile.weights, scaled, strict=True))))


@settings(max_examples=100)
@given(st_dossiers(), st.integers(0, 2**32 - 1))
def test_layer_weights_up_or_down_by_half_change_no_level(dossier: Dossier, seed: int) -> None:
    """100 models with 100 draws each: 10,000 draws."""
    base = assess(dossier.parts, dossier.origins, KR)
    for factors in np.random.default_rng(seed).uniform(0.5, 1.5, (100, len(Layer))):
        score = assess(dossier.parts, dossier.origins, reweighted(KR, factors))
        assert (score.level, score.ceiling, score.evidence) == (base.level, base.ceiling, base.evidence)
        assert 0 <= score.lower <= score.upper <= 100
