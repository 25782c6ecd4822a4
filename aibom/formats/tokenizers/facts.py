"""The one normal form of a tokenizer, whatever files it came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from aibom.model import TokenizerPrint

MAX_TOKENS = 1_000_000
"""Tokens or merges of one tokenizer; the largest real ones have about 260,000 and 580,000."""
MAX_ID = 2**31 - 1
"""Largest token id; every runtime holds ids in 32 bits."""


class TokenizerKind(StrEnum):
    """The algorithm, and the library whose file was read where that decides how to read it."""

    BPE = "bpe"
    WORDPIECE = "wordpiece"
    UNIGRAM = "unigram"
    WORDLEVEL = "wordlevel"
    SENTENCEPIECE_BPE = "sentencepiece-bpe"
    SENTENCEPIECE_UNIGRAM = "sentencepiece-unigram"
    SENTENCEPIECE_WORD = "sentencepiece-word"
    SENTENCEPIECE_CHAR = "sentencepiece-char"
    TIKTOKEN = "tiktoken"


@dataclass(frozen=True, slots=True)
class TokenizerFacts:
    """What is known of one tokenizer. None stands for not read or not stated.

    Attributes:
        folder: where its files lie, "" for the root.
        kind: algorithm; None where only its configuration is here, or a runtime's own word is not known.
        vocabulary_size: distinct tokens, added ones included.
        added: tokens added beside the trained vocabulary.
        merges: merge rules, where the file lists them.
        special_tokens: (name, token) pairs as configured (`eos_token`), sorted, made safe to show.
        normaliser, pre_tokeniser, post_processor: type names as in `tokenizer.json`, a sequence joined
            by `+`; of SentencePiece the name of its normalisation rule, of GGUF llama.cpp's own word.
        byte_level: it covers all bytes, by the byte alphabet or byte fallback.
        model_max_length: tokens of context that its configuration states.
        tokenizer_class: class in `tokenizer_config.json`.
        digest: SHA-256 over the trained vocabulary as (token, id) and the merges in order; equal for
            `vocab.json` with `merges.txt` and for the `tokenizer.json` of the same tokenizer.
        vocabulary_digest: the same without merges, so that formats without a merge list compare too.
        files: every file that belongs to it, sorted.
        source: the file that the vocabulary was read from.
        vocabulary: the print of the trained vocabulary, its part and place not set.
    """

    kind: TokenizerKind | None = None
    vocabulary_size: int | None = None
    merges: int | None = None
    special_tokens: tuple[tuple[str, str], ...] = ()
    normaliser: str | None = None
    pre_tokeniser: str | None = None
    byte_level: bool | None = None
    digest: str | None = None
    files: tuple[str, ...] = ()
    folder: str = ""
    added: int | None = None
    post_processor: str | None = None
    model_max_length: int | None = None
    tokenizer_class: str | None = None
    vocabulary_digest: str | None = None
    source: str | None = None
    vocabulary: TokenizerPrint | None = field(default=None, compare=False, repr=False)


@dataclass(slots=True)
class Vocabulary:
    """What one vocabulary file gave, before it is counted and digested.

    `tokens` are (id, token) pairs without order; bytes of byte-level vocabularies are written in the
    GPT-2 alphabet, `merges` are pairs in order of rank, or None where the format has none.
    """

    kind: TokenizerKind | None
    tokens: Sequence[tuple[int, str]]
    merges: Sequence[tuple[str, str]] | None = None
    added: frozenset[str] = frozenset()
    normaliser: str | None = None
    pre_tokeniser: str | None = None
    post_processor: str | None = None
    byte_level: bool = False


def digests(vocabulary: Vocabulary) -> tuple[str, str]:
    """(digest over vocabulary and merges, digest over the vocabulary alone), lower-case hex."""
    state = hashlib.sha256(b"aibom tokenizer 1\n")
    _add(state, (f"{ident}:{len(token)}:{token}" for ident, token in sorted(vocabulary.tokens)))
    alone = state.hexdigest()
    state.update(b"merges\n")
    _add(state, (f"{len(left)}:{len(right)}:{left}{right}" for left, right in vocabulary.merges or ()))
    return state.hexdigest(), alone


def _add(state: hashlib._Hash, items: Iterator[str]) -> None:
    """In pieces: all of them at once would outgrow the vocabulary itself."""
    while piece := "".join(islice(items, 10_000)):
        state.update(piece.encode("utf-8", "surrogatepass"))


def byte_alphabet() -> tuple[str, ...]:
    """The printable character that byte-level BPE writes for each byte.

    Source: `bytes_to_unicode` of https://github.com/openai/gpt-2/blob/master/src/encoder.py.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    spare = iter(range(256, 512))
    return tuple(chr(byte) if byte in printable else chr(next(spare)) for byte in range(256))
