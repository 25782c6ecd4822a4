"""Vocabularies held against each other: what training decides counts, shared words do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.model import TokenizerPrint
from aibom.provenance.tokenizer_match import NEARLY_ALL, Verdict, match_tokenizers
from tests.builders.vocabularies import printed, shuffled, words

BASE = words("a", 6000)
OTHER = words("b", 6000)


def verdict(one: TokenizerPrint, other: TokenizerPrint) -> Verdict:
    found = match_tokenizers(one, other)
    assert match_tokenizers(other, one) == found
    return found.verdict


def test_the_same_vocabulary_is_identical() -> None:
    assert verdict(printed(BASE), printed(BASE)) is Verdict.IDENTICAL


def test_markers_and_single_bytes_do_not_make_a_difference() -> None:
    plain = printed(BASE, offset=256, alphabet=0)
    marked = printed([*BASE, "<|endoftext|>", "<0x41>", "[unused7]"], offset=256, alphabet=0)
    assert verdict(plain, marked) is Verdict.IDENTICAL
    assert plain.digest != marked.digest


@given(more=st.integers(min_value=1, max_value=12_000))
@settings(max_examples=20)
def test_more_tokens_at_the_end_extend(more: int) -> None:
    found = match_tokenizers(printed(BASE), printed([*BASE, *words("c", more)]))
    assert found.verdict is Verdict.EXTENDED
    assert (found.kept, found.held, found.order) == (1.0, 1.0, 5000)


@given(offset=st.integers(min_value=1, max_value=5000), more=st.integers(min_value=0, max_value=3000))
@settings(max_examples=20)
def test_ids_moved_by_an_offset_are_found_by_order(offset: int, more: int) -> None:
    found = match_tokenizers(printed(BASE), printed([*BASE, *words("c", more)], offset=offset))
    assert found.verdict is Verdict.EXTENDED
    assert found.same_id < 0.01 and found.order >= 1000


@given(seed=st.text(max_size=8))
@settings(max_examples=20)
def test_permuted_ids_keep_the_order_of_merges(seed: str) -> None:
    """Ids can be dealt anew without a change in behaviour, the order of merges cannot."""
    permuted = replace(
        printed(shuffled(BASE, seed)), merge_prefixes=printed(BASE, merged=True).merge_prefixes
    )
    found = match_tokenizers(printed(BASE, merged=True), permuted)
    assert found.verdict is Verdict.EXTENDED
    assert found.same_id < 0.01 and found.overlap == 1.0


@given(share=st.floats(min_value=0.0, max_value=0.9), seed=st.text(max_size=8))
@settings(max_examples=20)
def test_shared_words_in_another_order_are_independent(share: float, seed: str) -> None:
    """R6: the overlap alone lies."""
    common = BASE[: int(share * len(BASE))]
    trained = shuffled([*common, *OTHER[len(common) :]], seed)
    found = match_tokenizers(printed(BASE), printed(trained))
    assert found.held == pytest.approx(share, abs=0.05)
    assert found.verdict is Verdict.INDEPENDENT


def test_nearly_all_tokens_without_order_overlap_and_no_more() -> None:
    found = match_tokenizers(printed(BASE), printed(shuffled([*BASE, *OTHER])))
    assert found.held >= NEARLY_ALL
    assert found.verdict is Verdict.OVERLAPPING


def test_a_far_larger_vocabulary_holds_nearly_all_tokens_and_does_not_overlap() -> None:
    found = match_tokenizers(printed(BASE), printed(shuffled([*BASE, *OTHER, *words("c", 1000)])))
    assert found.held >= NEARLY_ALL
    assert found.verdict is Verdict.INDEPENDENT


def test_a_part_under_equal_ids_overlaps() -> None:
    assert verdict(printed(BASE), printed([*BASE[:2500], *OTHER[2500:]])) is Verdict.OVERLAPPING


@pytest.mark.parametrize("offset", [0, 4096])
def test_the_byte_alphabet_is_no_lineage(offset: int) -> None:
    one = printed(BASE, offset=offset + 256, alphabet=offset)
    other = printed(OTHER, offset=offset + 256, alphabet=offset)
    found = match_tokenizers(one, other)
    assert (found.verdict, found.overlap, found.kept) == (Verdict.INDEPENDENT, 0.0, 0.0)


def test_placeholders_are_no_lineage() -> None:
    unused = [f"[unused{number}]" for number in range(3000)]
    assert verdict(printed([*unused, *BASE]), printed([*unused, *OTHER])) is Verdict.INDEPENDENT


def test_too_few_tokens_are_indeterminate() -> None:
    assert verdict(printed(BASE[:500]), printed(BASE[:500])) is Verdict.INDETERMINATE
    assert verdict(printed(BASE), replace(printed(BASE), tokens=())) is Verdict.INDETERMINATE


@given(inside=st.integers(min_value=0, max_value=6000), more=st.integers(min_value=0, max_value=6000))
@settings(max_examples=25)
def test_shares_are_estimated_within_four_standard_errors(inside: int, more: int) -> None:
    other = [*BASE[:inside], *OTHER[:more], *words("d", 1000)]
    found = match_tokenizers(printed(BASE), printed(shuffled(other)))
    true = inside / len({*BASE, *other})
    assert found.overlap == pytest.approx(true, abs=4 * 0.016)
