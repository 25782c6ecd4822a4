"""Known vocabularies in a model: an origin only for older ones of others, and of the tokenizer alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aibom.catalog import load
from aibom.model import (
    Evidence,
    HubRecord,
    Inspected,
    Layer,
    Locator,
    Provenance,
    Relation,
    TokenizerPrint,
)
from tests.builders.vocabularies import printed, shuffled, words
from tests.provenance.knowledge import CORE, TOKENIZER, by_rule, names, origin, trace

KNOWN = {item.id: item.print for item in load().tokenizers}
LATER = HubRecord(created="2025-12-29T00:00:00.000Z")
EARLIER = HubRecord(created="2023-08-20T00:00:00.000Z")
"""In the month of the reference's release, of which no day is known."""


def held(content: TokenizerPrint, part: str = "tokenizer", path: str = "tokenizer.json") -> TokenizerPrint:
    return replace(content, part=part, locator=Locator(path))


def grown(content: TokenizerPrint, more: int = 4000) -> TokenizerPrint:
    """As if tokens had been added at the end: few enough to leave the sketches as they are."""
    return replace(content, size=content.size + more, digest=None, vocabulary_digest="0" * 64)


def concluded(
    content: TokenizerPrint, repository: str | None = "upstage/solar", hub: HubRecord | None = LATER
) -> Provenance:
    found, unknowns = trace(Inspected((CORE, TOKENIZER), prints=(held(content),)), repository, hub=hub)
    assert unknowns == ()
    assert {item.layer for item in found.origins} <= {Layer.TOKENIZER}
    return found


def test_the_vocabulary_of_an_older_reference_is_verbatim() -> None:
    found = concluded(KNOWN["qwen"])
    same = origin(found, "tokenizer", Layer.TOKENIZER)
    assert same is not None
    assert (same.relation, same.evidence) == (Relation.VERBATIM, Evidence.E4)
    assert names(same) == ["alibaba-qwen"]
    (finding,) = by_rule(found, "tokenizer.identical")
    assert finding.locators == (Locator("tokenizer.json"),)
    assert finding.statement.startswith("tokenizer matches the vocabulary of Qwen to Qwen3 of Alibaba")
    assert "151,373 ordinary tokens" in finding.statement and "dashscope" in finding.statement
    assert finding.statistic is not None and finding.statistic.runner_up is not None
    assert finding.statistic.value == 1.0 > 0.05 > finding.statistic.runner_up  # GLM-4, from the same start


@pytest.mark.parametrize("hub", [EARLIER, HubRecord(), None])
def test_without_an_older_day_there_is_no_direction(hub: HubRecord | None) -> None:
    found = concluded(KNOWN["qwen"], hub=hub)
    same = origin(found, "tokenizer", Layer.TOKENIZER)
    assert same is not None and (same.relation, same.evidence) == (Relation.UNKNOWN, Evidence.E4)
    assert by_rule(found, "tokenizer.identical-undirected")


@pytest.mark.parametrize("content", [KNOWN["qwen"], grown(KNOWN["qwen"])])
def test_a_vocabulary_of_the_publisher_moves_no_grade(content: TokenizerPrint) -> None:
    found = concluded(content, "Qwen/Qwen9")
    own = origin(found, "tokenizer", Layer.TOKENIZER)
    assert own is not None and (own.relation, own.evidence) == (Relation.UNKNOWN, Evidence.E0)
    assert [item.rule for item in found.findings] == ["tokenizer.own"]


def test_an_extended_vocabulary_is_adapted() -> None:
    found = concluded(grown(KNOWN["llama-3"]))
    adapted = origin(found, "tokenizer", Layer.TOKENIZER)
    assert adapted is not None
    assert (adapted.relation, adapted.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert names(adapted) == ["meta"]  # and not the smaller one that it was itself extended from
    (finding,) = by_rule(found, "tokenizer.extended")
    assert "shares lineage with the vocabulary of Llama 3" in finding.statement


def test_moved_ids_are_told_by_the_equal_start() -> None:
    (finding,) = by_rule(
        concluded(replace(grown(KNOWN["mistral-v1"]), same_id=(1,) * 1024)), "tokenizer.extended"
    )
    assert finding.statistic is not None
    assert finding.statistic.name == "tokens equal in order from the start"
    assert finding.statistic.value == 20_000 and finding.statistic.null == 100


def test_a_smaller_vocabulary_than_the_reference_has_no_direction() -> None:
    found = concluded(grown(KNOWN["llama-3"], -4000))
    assert by_rule(found, "tokenizer.extended-undirected")
    related = origin(found, "tokenizer", Layer.TOKENIZER)
    assert related is not None and related.relation is Relation.UNKNOWN


def test_overlap_alone_names_no_origin() -> None:
    """R6: two thirds of the words in common with another developer's, and no lineage."""
    base = words("a", 6000)
    found = concluded(printed(shuffled(base)))
    assert origin(found, "tokenizer", Layer.TOKENIZER) is None
    (finding,) = by_rule(found, "tokenizer.no-match")
    assert finding.organisations == ()
    assert f"none of {len(KNOWN)} known vocabularies" in finding.statement


def test_most_of_a_reference_in_another_order_overlaps_and_moves_nothing() -> None:
    """As Qwen's holds nearly all of cl100k's tokens, ordered anew."""
    qwen = KNOWN["qwen"]
    other = replace(grown(qwen), same_id=tuple(value + 1 for value in qwen.same_id), merge_prefixes=())
    found = concluded(other)
    assert by_rule(found, "tokenizer.overlapping")
    related = origin(found, "tokenizer", Layer.TOKENIZER)
    assert related is not None and (related.relation, related.evidence) == (Relation.UNKNOWN, Evidence.E0)


def test_of_a_small_vocabulary_nothing_is_said() -> None:
    found = concluded(printed(words("a", 900)))
    assert found.findings == () and found.origins == ()


def test_a_print_belongs_to_the_part_that_holds_its_file() -> None:
    """A part is renamed where two inspectors give the same name; another serialisation counts once."""
    second = replace(TOKENIZER, id="tokenizer-2", files=("m.gguf",))
    prints = (held(KNOWN["qwen"]), held(KNOWN["gpt2"], path="m.gguf"))
    found, _ = trace(Inspected((TOKENIZER, second), prints=prints), hub=LATER)
    assert names(origin(found, "tokenizer", Layer.TOKENIZER)) == ["alibaba-qwen"]
    assert names(origin(found, "tokenizer-2", Layer.TOKENIZER)) == ["openai"]
    export = replace(second, alternative=True)
    found, _ = trace(Inspected((TOKENIZER, export), prints=prints), hub=LATER)
    assert origin(found, "tokenizer-2", Layer.TOKENIZER) is None
