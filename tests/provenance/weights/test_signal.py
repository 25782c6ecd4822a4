"""Weights against an index: which reference is named, in which direction, what moves the weights layer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from aibom.errors import DataError
from aibom.model import (
    DeclarationKind,
    Evidence,
    HubRecord,
    Inspected,
    Layer,
    Provenance,
    Relation,
    ShapePrint,
    Target,
    Unknown,
    WeightSample,
)
from aibom.provenance import ReferenceModel, conclude
from tests.builders.weights import Model, noisy, random_model, samples_of
from tests.provenance.knowledge import CATALOG, CORE, by_rule, names, origin, says, target

RELEASED = HubRecord(created="2026-01-05T00:00:00.000Z")


@dataclass(frozen=True, slots=True)
class Known:
    """A reference model in memory."""

    model_id: str
    organisation: str
    released: date | None
    samples: Sequence[WeightSample]

    def is_target(self, target: Target) -> bool:
        return target.repository == self.model_id


@dataclass(frozen=True, slots=True)
class Index:
    """An index in memory: all of its models are candidates."""

    models: tuple[ReferenceModel, ...]
    further: int = 0

    def shortlist(self, samples: Sequence[WeightSample], shapes: Sequence[ShapePrint]) -> Index:
        return self

    @property
    def left_out(self) -> int:
        return self.further

    def controls(
        self, samples: Sequence[WeightSample], *, excluding: Collection[str]
    ) -> Mapping[str, Sequence[WeightSample]]:
        known = (item for item in self.models if isinstance(item, Known))
        return {item.model_id: item.samples for item in known if item.model_id not in excluding}


def known(model_id: str, organisation: str, model: Model, released: str | None = "2025-07-01") -> Known:
    day = date.fromisoformat(released) if released else None
    return Known(model_id, organisation, day, samples_of(model))


QWEN = known("Qwen/Qwen2-7B", "alibaba-qwen", random_model(1))
LLAMA = known("meta-llama/Llama-3-8B", "meta", random_model(2))
GLM = known("zai-org/GLM-4.5", "zhipu", random_model(3))
INDEX = Index((QWEN, LLAMA, GLM))


def traced(
    model: Model,
    index: Index | None = INDEX,
    *,
    hub: HubRecord | None = RELEASED,
    repository: str = "upstage/solar",
    declared: str | None = None,
) -> tuple[Provenance, tuple[Unknown, ...]]:
    said = (says(DeclarationKind.MODEL_TYPE, declared, "decoder-core"),) if declared else ()
    inspected = Inspected((CORE,), said, prints=samples_of(model))
    return conclude(target(repository, hub), (), inspected, catalog=CATALOG, references=index)


@pytest.mark.parametrize(
    ("amount", "rule", "relation"),
    [
        (0.0, "weights.identical", Relation.VERBATIM),
        (0.05, "weights.derived", Relation.DERIVED),
        (1.0, "weights.shared-start", Relation.UNKNOWN),
    ],
)
def test_the_reference_is_named_with_what_was_measured(amount: float, rule: str, relation: Relation) -> None:
    found, _ = traced(noisy(random_model(1), amount) if amount else random_model(1))
    (finding,) = by_rule(found, rule)
    assert "Qwen/Qwen2-7B" in finding.statement and names(finding) == ["alibaba-qwen"]
    assert finding.statistic is not None and finding.statistic.runner_up is not None
    assert finding.statistic.value > 0.6 > 0.2 > finding.statistic.runner_up
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is not None and weights.relation is relation
    assert weights.in_question is (relation is Relation.UNKNOWN)
    assert {item.layer for item in found.origins} == {Layer.WEIGHTS}


@pytest.mark.parametrize("released", [None, "2026-01-05", "2026-03-01"])
def test_without_an_older_date_no_direction_is_asserted(released: str | None) -> None:
    index = Index((known("Qwen/Qwen2-7B", "alibaba-qwen", random_model(1), released), LLAMA, GLM))
    found, _ = traced(noisy(random_model(1), 0.05), index)
    assert by_rule(found, "weights.related") and not by_rule(found, "weights.derived")
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.UNKNOWN


def test_a_model_of_ones_own_group_moves_no_grade() -> None:
    found, _ = traced(noisy(random_model(1), 0.05), repository="Qwen/Qwen2-7B-Instruct")
    assert by_rule(found, "weights.own")
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is not None and weights.evidence is Evidence.E0


def test_the_target_is_not_held_against_its_own_record() -> None:
    found, _ = traced(random_model(1), repository="Qwen/Qwen2-7B")
    assert not by_rule(found, "weights.own") and not by_rule(found, "weights.identical")


def test_independent_of_enough_references_is_consistent_with_own_training() -> None:
    found, _ = traced(random_model(9))
    (finding,) = by_rule(found, "weights.independent")
    assert names(finding) == ["upstage"] and "would have been seen" in finding.statement
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is not None
    assert (weights.relation, weights.evidence) == (Relation.ORIGINAL, Evidence.E2)


@pytest.mark.parametrize(
    ("index", "declared"), [(Index((QWEN, LLAMA)), None), (INDEX, "deepseek_v3")], ids=["few", "missing"]
)
def test_too_few_references_or_none_of_the_declared_family_clear_nobody(
    index: Index, declared: str | None
) -> None:
    found, _ = traced(random_model(9), index, declared=declared)
    (finding,) = by_rule(found, "weights.no-match")
    assert not by_rule(found, "weights.independent")
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is None or weights.relation is Relation.UNKNOWN
    assert ("Not in the index" in finding.statement) is (declared is not None)


def test_matches_in_a_third_of_the_matrices_are_told_and_name_no_origin() -> None:
    mixed = random_model(9)
    for key, values in random_model(1).items():
        if key[0] < 2:
            mixed[key] = values
    found, _ = traced(mixed)
    (finding,) = by_rule(found, "weights.partial")
    assert "layers 0→0 1→1" in finding.statement
    weights = origin(found, CORE.id, Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.UNKNOWN and weights.in_question


def test_without_index_or_samples_nothing_is_said() -> None:
    assert traced(random_model(1), None)[0].findings == ()
    assert (
        conclude(target("a/b"), (), Inspected((CORE,)), catalog=CATALOG, references=INDEX)[0].findings == ()
    )


def test_an_index_without_a_counterpart_is_an_unknown() -> None:
    _, unknowns = traced(random_model(9), Index(()))
    assert [item.path for item in unknowns] == ["index"]


class Damaged:
    """A record whose samples cannot be read."""

    model_id, organisation, released = "org/broken", "meta", None

    @property
    def samples(self) -> Sequence[WeightSample]:
        raise DataError("record 1234 is damaged")

    def is_target(self, target: Target) -> bool:
        return False


def test_a_damaged_record_and_what_was_left_out_are_unknowns() -> None:
    found, unknowns = traced(noisy(random_model(1), 0.05), Index((Damaged(), QWEN), further=3))
    assert by_rule(found, "weights.derived")
    assert ["damaged" in item.reason for item in unknowns] == [True, False]
    assert "3 further references" in unknowns[1].reason


def test_the_words_accuse_nobody() -> None:
    for model in (random_model(1), noisy(random_model(1), 1.0), random_model(9)):
        for finding in traced(model)[0].findings:
            text = f"{finding.statement} {finding.alternative} {finding.contest}".lower()
            assert not any(word in text for word in ("stolen", "stole", "copied by", "theft", "plagiar"))
            assert finding.alternative and finding.contest
