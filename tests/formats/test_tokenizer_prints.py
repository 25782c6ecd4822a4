"""Prints of vocabularies: one for all serialisations, and blind to what is convention."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.formats.gguf import read_header
from aibom.formats.tokenizers import read_gguf_tokenizer, read_tokenizers
from aibom.formats.tokenizers.facts import TokenizerKind, byte_alphabet
from aibom.formats.tokenizers.prints import PREFIXES, SKETCH, print_of
from aibom.formats.tokenizers.texts import Texts
from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary, digests
from aibom.model import TokenizerPrint
from aibom.sources.memory import MemoryView
from tests.builders.gguf import gguf
from tests.builders.tokenizer import byte_vocabulary, merges_txt, sentencepiece, tiktoken, tokenizer_json
from tests.builders.vocabularies import printed, words

MERGES = [("h", "e"), ("Ġ", "t"), ("l", "l"), ("he", "ll"), ("Ġt", "he")]
PIECES = [left + right for left, right in MERGES]
VOCAB = byte_vocabulary(*PIECES)


def of_files(**files: bytes) -> TokenizerPrint:
    (facts,), _ = read_tokenizers(MemoryView({name.replace("__", "."): data for name, data in files.items()}))
    assert facts.vocabulary is not None
    return facts.vocabulary


def of_gguf(**metadata: object) -> TokenizerPrint:
    pairs = {f"tokenizer.ggml.{key}": value for key, value in metadata.items()}
    view = MemoryView({"m.gguf": gguf(pairs)})  # type: ignore[arg-type]
    facts = read_gguf_tokenizer(view, read_header(view, "m.gguf"))
    assert facts is not None and facts.vocabulary is not None
    return facts.vocabulary


def content(item: TokenizerPrint) -> tuple[object, ...]:
    return item.vocabulary_digest, item.size, item.merge_prefixes, item.same_id, item.tokens


def test_byte_level_bpe_has_one_print_in_every_serialisation() -> None:
    raw = [*(bytes([byte]) for byte in range(256)), b"he", b" t", b"ll", b"hell", b" the"]
    byte_level = {"pre_tokenizer": {"type": "ByteLevel"}}
    prints = [
        of_files(vocab__json=json.dumps(VOCAB).encode(), merges__txt=merges_txt(MERGES)),
        of_files(tokenizer__json=tokenizer_json(VOCAB, merges=MERGES, added={"<|end|>": 261}, **byte_level)),
        of_files(x__tiktoken=tiktoken(sorted(raw, key=lambda token: VOCAB[spelled(token)]))),
        of_gguf(
            model="gpt2",
            tokens=[*VOCAB, "<|end|>"],
            token_type=[1] * len(VOCAB) + [3],
            merges=[" ".join(rule) for rule in MERGES],
        ),
    ]
    assert len({content(item) for item in prints}) == 1
    assert prints[0].size == len(PIECES)
    assert [item.merges for item in prints] == [5, 5, 0, 5]


def spelled(token: bytes) -> str:
    return "".join(byte_alphabet()[byte] for byte in token)


def test_sentencepiece_and_the_fast_tokenizer_made_from_it_have_one_print() -> None:
    """Its pieces end with single characters; a merge list that ranks gave tells every way to a token."""
    pieces = ["<unk>", "<s>", "</s>", "<0x00>", "▁t", "he", "▁the", "▁", "t", "h", "e"]
    types = [2, 3, 3, 6, *[1] * 7]
    merges = [("▁", "t"), ("h", "e"), ("▁t", "he"), ("▁th", "e")]
    ids = {piece: ident for ident, piece in enumerate(pieces)}
    fast = of_files(tokenizer__json=tokenizer_json(ids, merges=merges))
    slow = of_files(tokenizer__model=sentencepiece(list(zip(pieces, types, strict=True))))
    assert content(fast) == content(slow)
    assert slow.size == 3


def test_wordpiece_leaves_out_characters_pieces_of_one_and_placeholders() -> None:
    lines = ["[PAD]", "[unused0]", "[CLS]", "!", "a", "##a", "the", "##ing", "[", "##]"]
    item = of_files(vocab__txt="\n".join(lines).encode())
    assert item.size == 2


def test_prefixes_are_of_the_order_of_merges() -> None:
    tokens = words("a", 1200)
    one, other = printed(tokens), printed([*tokens[:1100], *words("b", 100)])
    assert [length for length, _ in one.merge_prefixes] == [100, 200, 500, 1000]
    assert one.merge_prefixes == other.merge_prefixes
    assert printed(["x1", *tokens]).merge_prefixes != one.merge_prefixes
    assert printed(tokens, merged=True).merge_prefixes == one.merge_prefixes


def test_sketches_are_the_smallest_hashes_of_the_whole() -> None:
    few, many = printed(words("a", 900)), printed(words("a", 9000))
    assert (len(few.tokens), len(many.tokens)) == (900, SKETCH)
    assert set(many.tokens) & set(few.tokens) == {value for value in few.tokens if value <= many.tokens[-1]}
    assert list(many.same_id) == sorted(set(many.same_id))


def test_hashes_are_stable() -> None:
    """Prints are compared with shipped ones: a change of the hash is a change of the catalogue's schema."""
    item = printed(["the", "of"])
    assert item.tokens == tuple(sorted(reference(token) for token in (b"the", b"of")))
    seeded = [reference(b"the") ^ mixed(1), reference(b"of") ^ mixed(2)]
    assert item.same_id == tuple(sorted(map(mixed, seeded)))


def mixed(value: int) -> int:
    """SplitMix64's finaliser, on whole numbers."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = (value ^ value >> shift) * factor % 2**64
    return value ^ value >> 31


def reference(token: bytes) -> int:
    """FNV-1a over SplitMix64's word for each byte, from the length on, then mixed."""
    state = len(token)
    for byte in token[:256]:
        state = (state ^ mixed((byte + 1) * 0x9E3779B97F4A7C15 % 2**64)) * 0x100000001B3 % 2**64
    return mixed(state)


@given(st.lists(st.text(max_size=4) | st.text("ab", min_size=250, max_size=260), max_size=12))
def test_the_hash_of_each_text_is_the_one_of_its_bytes(texts: list[str]) -> None:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    assert Texts.of(texts).hashes().tolist() == [reference(text) for text in encoded]


@given(
    tokens=st.lists(st.text(max_size=5), max_size=60),
    ids=st.lists(st.integers(min_value=0, max_value=2**31 - 1), max_size=60),
    merges=st.none() | st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=30),
)
@settings(max_examples=60)
def test_any_vocabulary_has_a_print(
    tokens: list[str], ids: list[int], merges: list[tuple[str, str]] | None
) -> None:
    pairs = list(zip(ids, tokens, strict=False))
    rules = None if merges is None else Merges.of_pairs(Texts.of([part for rule in merges for part in rule]))
    item, reverse = vocabulary(pairs, rules), vocabulary(pairs[::-1], rules)
    assert digests(item) == digests(reverse)
    item, reverse = print_of(item, ""), print_of(reverse, "")
    assert item == reverse
    ordinary = [token for _, token in pairs if is_ordinary(token)]
    assert item.size == len(ordinary)
    assert item.tokens == tuple(sorted({reference(t.encode("utf-8", "surrogatepass")) for t in ordinary}))
    assert all(0 <= value < 2**64 for value in (*item.tokens, *item.same_id))
    assert all(length in PREFIXES for length, _ in item.merge_prefixes)


def vocabulary(pairs: list[tuple[int, str]], merges: Merges | None) -> Vocabulary:
    ids = np.array([ident for ident, _ in pairs], np.int64)
    return Vocabulary(TokenizerKind.BPE, Texts.of([token for _, token in pairs]), ids, merges)


def is_ordinary(token: str) -> bool:
    """Neither a single character nor a marker in brackets, marks of word parts left off."""
    bare = token.removeprefix("##").removesuffix("</w>")
    return len(bare) > 1 and not (len(bare) > 2 and bare[0] + bare[-1] in ("<>", "[]"))


@given(st.lists(st.text("#</w>[]aé字😀", max_size=9)))
def test_marks_are_told_from_tokens(tokens: list[str]) -> None:
    assert print_of(vocabulary(list(enumerate(tokens)), None), "").size == sum(map(is_ordinary, tokens))


def test_a_token_that_ends_in_nul_is_no_marker() -> None:
    assert printed(["ab\0", "\x80\0", "<a>"]).size == 2


def test_lone_surrogates_of_broken_files_are_hashed() -> None:
    assert printed(["a\udcff", "b\udcfe"]).size == 2
