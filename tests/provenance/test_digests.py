"""Equal digests: identical parts, with a direction only where dates give one."""

from __future__ import annotations

from aibom.errors import NetworkError
from aibom.model import (
    Confidence,
    DeclarationKind,
    Evidence,
    HubRecord,
    Inspected,
    Layer,
    Reference,
    Relation,
)
from tests.provenance.knowledge import (
    CORE,
    TOKENIZER,
    VISION,
    by_rule,
    names,
    origin,
    reference,
    says,
    trace,
)

PARENT = "Qwen/Qwen2-VL"
BASE = says(DeclarationKind.BASE_MODEL, PARENT, relation="finetune")
NEW = HubRecord(created="2026-01-05T00:00:00.000Z")
OLD = reference(PARENT, "2024-08-29T00:00:00.000Z", vision__safetensors="aa", tokenizer__json="cc")


def test_a_part_of_equal_files_is_verbatim_and_another_is_not() -> None:
    digests = {"vision.safetensors": "aa", "model.safetensors": "bb"}
    found, _ = trace(Inspected((CORE, VISION), (BASE,)), hub=NEW, digests=digests, lookup=lambda hub_id: OLD)
    same = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert same is not None
    assert (same.relation, same.evidence, same.upstream) == (Relation.VERBATIM, Evidence.E4, PARENT)
    assert names(same) == ["alibaba-qwen"]
    other = origin(found, "decoder-core", Layer.WEIGHTS)
    assert other is not None and other.relation is Relation.DERIVED
    assert by_rule(found, "declared.base-model")[0].confidence is Confidence.DECLARED


def test_a_declared_change_of_a_model_that_is_identical_is_contradicted() -> None:
    found, _ = trace(
        Inspected((VISION,), (BASE,)),
        hub=NEW,
        digests={"vision.safetensors": "aa"},
        lookup=lambda hub_id: OLD,
    )
    assert by_rule(found, "declared.base-model")[0].confidence is Confidence.CONTRADICTED
    assert by_rule(found, "digests.equal-weights")[0].confidence is Confidence.VERIFIED


def test_without_dates_there_is_no_direction() -> None:
    undated = Reference(PARENT, "a" * 40, None, OLD.files)
    inspected = Inspected((VISION, CORE), (says(DeclarationKind.NAME_OR_PATH, PARENT),))
    found, _ = trace(inspected, hub=NEW, digests={"vision.safetensors": "aa"}, lookup=lambda hub_id: undated)
    same = origin(found, "vision-encoder", Layer.WEIGHTS)
    assert same is not None and (same.relation, same.evidence) == (Relation.UNKNOWN, Evidence.E4)
    assert by_rule(found, "digests.identical-weights")


def test_a_later_reference_is_no_origin() -> None:
    later = Reference(PARENT, "a" * 40, "2026-03-01T00:00:00Z", OLD.files)
    found, _ = trace(
        Inspected((VISION,), (BASE,)),
        hub=NEW,
        digests={"vision.safetensors": "aa"},
        lookup=lambda hub_id: later,
    )
    assert by_rule(found, "digests.equal-weights") == []


def test_an_equal_vocabulary_speaks_of_the_tokenizer_alone() -> None:
    digests = {"tokenizer.json": "cc", "tokenizer_config.json": "differs"}
    inspected = Inspected((CORE, TOKENIZER), (says(DeclarationKind.NAME_OR_PATH, PARENT),))
    found, _ = trace(inspected, hub=NEW, digests=digests, lookup=lambda hub_id: OLD)
    vocabulary = origin(found, "tokenizer", Layer.TOKENIZER)
    assert vocabulary is not None and (vocabulary.relation, vocabulary.evidence) == (
        Relation.VERBATIM,
        Evidence.E4,
    )
    weights = origin(found, "decoder-core", Layer.WEIGHTS)
    assert weights is not None and weights.relation is Relation.UNKNOWN


def test_an_equal_tokenizer_configuration_proves_nothing() -> None:
    theirs = reference(PARENT, "2024-08-29", tokenizer_config__json="dd")
    digests = {"tokenizer.json": "own", "tokenizer_config.json": "dd"}
    found, _ = trace(
        Inspected((CORE, TOKENIZER), (BASE,)), hub=NEW, digests=digests, lookup=lambda hub_id: theirs
    )
    assert origin(found, "tokenizer", Layer.TOKENIZER) is None


def test_a_file_without_digest_is_never_equal() -> None:
    theirs = Reference(PARENT, "a" * 40, "2024-01-01", OLD.files)
    found, _ = trace(Inspected((VISION,), (BASE,)), hub=NEW, lookup=lambda hub_id: theirs)
    assert by_rule(found, "digests.equal-weights") == []


def test_a_parent_that_cannot_be_read_is_unknown() -> None:
    found, unknowns = trace(Inspected((VISION,), (BASE,)), hub=NEW, lookup=lambda hub_id: None)
    assert [unknown.path for unknown in unknowns] == [PARENT]
    assert found.findings


def test_a_network_failure_is_unknown_and_no_crash() -> None:
    def broken(hub_id: str) -> Reference | None:
        raise NetworkError("the server hung")

    _, unknowns = trace(Inspected((VISION,), (BASE,)), hub=NEW, lookup=broken)
    assert "the server hung" in unknowns[0].reason


def test_look_ups_are_bounded_and_what_is_left_is_said() -> None:
    asked: list[str] = []

    def counting(hub_id: str) -> Reference | None:
        asked.append(hub_id)
        return None

    many = tuple(says(DeclarationKind.BASE_MODEL, f"org/m{number:02}") for number in range(12))
    _, unknowns = trace(Inspected((VISION,), many), hub=NEW, lookup=counting)
    assert len(asked) == 8
    assert len(unknowns) == 12


def test_without_lookup_nothing_is_compared_and_nothing_is_missing() -> None:
    _, unknowns = trace(Inspected((VISION,), (BASE,)), hub=NEW)
    assert unknowns == ()
