"""Laws that hold for any model and any policy: what is not known never helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import TypeVar

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from aibom.model import (
    WHOLE_MODEL,
    Dossier,
    Evidence,
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
from aibom.policy.case import fold
from aibom.policy.policy import Check
from aibom.policy.rules.composed import AllOf, AnyOf
from aibom.policy.rules.contents import NoSecurityFindingAbove, NoUndeclaredPart, NoUnknownAbove
from aibom.policy.rules.licences import LicenceAllow, LicenceDeny
from aibom.policy.rules.origins import AllowedRelations, MinimumEvidence, NoDeniedOrigin
from aibom.policy.rules.score import CoverageAtLeast, MaximumIntervalWidth, MinimumLevel, MinimumScore
from aibom.sovereignty import Profile, assess, load_profile
from tests.policy.dossiers import finding, licence

T = TypeVar("T")

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
RELATIONS = tuple(each for each in Relation if each is not Relation.UNKNOWN)
EXPRESSIONS = ("MIT", "MIT OR GPL-3.0-only", "GPL-3.0-only", "LicenseRef-x", None)
UNSEEN = (Unknown("x", Stage.INSPECTION, "unread"), Unknown("y", Stage.PROVENANCE, "untested"))
ROLES = (Role.DECODER_CORE, Role.EXPERTS, Role.VISION_ENCODER, Role.ADAPTER, Role.TOKENIZER, Role.REMOTE_CODE)

SEEDS = st.integers(0, 2**32 - 1)
"""Models and policies are drawn from seeds: thousands of them in seconds, and again from the seed alone."""
DRAWN = {"phases": (Phase.explicit, Phase.reuse, Phase.generate)}
"""A smaller seed is no simpler model, so that nothing is gained by shrinking one."""


def some(rng: Random, choices: Sequence[T], least: int = 0, most: int = 3) -> tuple[T, ...]:
    """A few of them, each once."""
    return tuple(rng.sample(list(choices), rng.randint(least, min(most, len(choices)))))


def a_part(rng: Random, role: Role) -> Part:
    return Part(
        role.value,
        role,
        role.label,
        parameters=rng.choice([None, 0, 5, 900]),
        declared=rng.random() < 0.8,
        present=rng.random() < 0.8,
    )


def an_origin(rng: Random, part: str, layer: Layer) -> Origin:
    return Origin(
        part,
        layer,
        rng.choice(RELATIONS) if rng.random() < 0.9 else Relation.UNKNOWN,
        rng.choice(list(Evidence)),
        some(rng, WHO, 0 if rng.random() < 0.1 else 1, 2),
        in_question=rng.random() < 0.2,
    )


def a_dossier(rng: Random) -> Dossier:
    parts = tuple(a_part(rng, role) for role in some(rng, ROLES))
    places = [(part.id, layer) for part in parts for layer in Layer]
    places += [(WHOLE_MODEL, layer) for layer in Layer if layer is not Layer.WEIGHTS or rng.random() < 0.2]
    return Dossier(
        form=rng.choice(["scan", "scan", "CycloneDX 1.6"]),
        subject="lab/model",
        parts=parts,
        origins=tuple(an_origin(rng, *place) for place in places if rng.random() < 0.8),
        findings=tuple(finding(f"f-{each}", severity=each) for each in some(rng, list(Severity), 0, 1)),
        licences=tuple(licence(each) for each in some(rng, EXPRESSIONS, 0, 2)),
        unknowns=some(rng, UNSEEN, 0, 1 if rng.random() < 0.3 else 0),
    )


def poorer(rng: Random, rich: Dossier) -> Dossier:
    """The same with less known: as little as one thing, as much as all of it."""
    share = rng.choice([0.1, 0.5, 1.0])

    def hit() -> bool:
        return rng.random() < share

    return replace(
        rich,
        origins=tuple(
            kept for each in rich.origins if (kept := less_known(rng, each) if hit() else each) is not None
        ),
        parts=tuple(replace(each, parameters=None) if hit() else each for each in rich.parts),
        licences=tuple(replace(each, expression=None) if hit() else each for each in rich.licences),
        unknowns=rich.unknowns + (some(rng, UNSEEN, 1, 2) if rng.random() < 0.3 else ()),
        form="SPDX 2.3" if rng.random() < 0.2 else rich.form,
    )


def less_known(rng: Random, origin: Origin) -> Origin | None:
    """On weaker evidence, without relation, or without countries; of a part, also not there at all."""
    nameless = tuple(OrganisationRef(each.id, each.name) for each in origin.organisations)
    choices: list[Origin | None] = [
        replace(origin, evidence=Evidence(rng.randint(0, origin.evidence))),
        replace(origin, relation=Relation.UNKNOWN),
        replace(origin, organisations=nameless),
        replace(origin, organisations=()),
        None,
    ]
    return rng.choice(choices if origin.part != WHOLE_MODEL else choices[:-1])


def leaves(rng: Random) -> list[Check]:
    """One of each named rule that a model is judged by."""
    least = rng.choice([None, *Evidence])
    roles = some(rng, ROLES, 0, 2) if rng.random() < 0.4 else ()
    layers = some(rng, list(Layer), 1)
    listed = some(rng, ["MIT", "GPL-*", "LicenseRef-x"], 1)
    return [
        MinimumLevel(rng.randint(0, 4)),
        MinimumScore(rng.choice([5, 20, 40, 60, 80, 95])),
        MaximumIntervalWidth(rng.choice([20, 40, 60, 80])),
        CoverageAtLeast(rng.choice([20, 40, 60]), layers if rng.random() < 0.5 else ()),
        MinimumEvidence(rng.choice(list(Evidence)), layers, roles),
        AllowedRelations((Layer.WEIGHTS,), some(rng, RELATIONS), roles, least),
        AllowedRelations(layers, some(rng, RELATIONS), roles, least),
        NoDeniedOrigin((Layer.WEIGHTS,), roles, least),
        NoDeniedOrigin(layers, roles, least),
        LicenceAllow(listed),
        LicenceDeny(listed),
        NoSecurityFindingAbove(rng.choice(list(Severity))),
        NoUndeclaredPart(roles),
        NoUnknownAbove(rng.randint(0, 2)),
    ]


def ruled(checks: Sequence[Check], prefix: str = "r") -> tuple[Rule, ...]:
    return tuple(Rule(f"{prefix}-{index}", "any", Severity.HIGH, each) for index, each in enumerate(checks))


def a_policy(rng: Random) -> Policy:
    """Every named rule, and compositions of them, nested once."""
    checks = leaves(rng)
    inner = AnyOf(ruled(rng.sample(checks, 2), "i"))
    composed = [
        AllOf(ruled(rng.sample(checks, 3), "a")),
        AnyOf(ruled(rng.sample(checks, 3), "b")),
        AllOf(ruled([inner, *rng.sample(checks, 1)], "c")),
    ]
    return replace(SHIPPED, profile=KR, rules=ruled([*checks, *composed]))


def by_rule(verdict: Verdict) -> dict[str, Outcome]:
    """Each rule's outcome over all its results."""
    found: dict[str, list[Outcome]] = {}
    for result in verdict.results:
        found.setdefault(result.rule, []).append(result.outcome)
    return {rule: fold(outcomes) for rule, outcomes in found.items()}


def held(dossier: Dossier, policy: Policy) -> Verdict:
    return evaluate(dossier, policy, today=TODAY)


@settings(max_examples=60, **DRAWN)
@given(SEEDS)
def test_what_is_less_known_never_passes_more_and_never_fails_more(seed: int) -> None:
    """Ten models an example, each rule by itself."""
    rng = Random(seed)
    for _ in range(10):
        rich, policy = a_dossier(rng), a_policy(rng)
        before, after = by_rule(held(rich, policy)), by_rule(held(poorer(rng, rich), policy))
        for rule, outcome in after.items():
            assert outcome is Outcome.UNDETERMINED or outcome is before[rule], (rule, before[rule], outcome)


@settings(max_examples=60, **DRAWN)
@given(SEEDS)
def test_what_is_less_known_never_raises_the_lower_bound_nor_the_level(seed: int) -> None:
    rng = Random(seed)
    for _ in range(10):
        dossier = a_dossier(rng)
        rich, poor = (assess(each.parts, each.origins, KR) for each in (dossier, poorer(rng, dossier)))
        assert poor.lower <= rich.lower + 1e-6
        assert poor.upper >= rich.upper - 1e-6
        assert poor.coverage <= rich.coverage + 1e-6
        assert poor.level is not None and rich.level is not None
        assert poor.level <= rich.level


@settings(**DRAWN)
@given(SEEDS)
def test_every_rule_gives_a_result_and_ids_tell_them_apart(seed: int) -> None:
    rng = Random(seed)
    dossier, policy = a_dossier(rng), a_policy(rng)
    verdict = held(dossier, policy)
    assert {result.rule for result in verdict.results} == {rule.id for rule in policy.rules}
    assert len({result.id for result in verdict.results}) == len(verdict.results)
    for result in verdict.results:
        assert result.statement
        assert result.remedy == "" or result.outcome is not Outcome.PASS


@settings(**DRAWN)
@given(SEEDS)
def test_the_order_of_what_is_said_does_not_matter(seed: int) -> None:
    rng = Random(seed)
    dossier, policy = a_dossier(rng), a_policy(rng)
    parts, origins = (rng.sample(each, len(each)) for each in (dossier.parts, dossier.origins))
    turned = held(replace(dossier, parts=tuple(parts), origins=tuple(origins)), policy)
    first = held(dossier, policy)
    assert by_rule(turned) == by_rule(first)
    assert {result.id for result in turned.results} == {result.id for result in first.results}


@settings(**DRAWN)
@given(SEEDS, st.sampled_from(Layer), st.sampled_from(Relation), st.sampled_from(Evidence))
def test_evidence_in_one_layer_moves_no_other(
    seed: int, layer: Layer, relation: Relation, evidence: Evidence
) -> None:
    dossier = a_dossier(Random(seed))
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


@settings(max_examples=100, **DRAWN)
@given(SEEDS)
def test_layer_weights_up_or_down_by_half_change_no_level(seed: int) -> None:
    """100 models with 100 draws each: 10,000 draws."""
    dossier = a_dossier(Random(seed))
    base = assess(dossier.parts, dossier.origins, KR)
    for factors in np.random.default_rng(seed).uniform(0.5, 1.5, (100, len(Layer))):
        score = assess(dossier.parts, dossier.origins, reweighted(KR, factors))
        assert (score.level, score.ceiling, score.evidence) == (base.level, base.ceiling, base.evidence)
        assert 0 <= score.lower <= score.upper <= 100
