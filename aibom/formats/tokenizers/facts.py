"""The one normal form of a tokenizer, whatever files it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aibom.errors import LimitError
from aibom.model import TokenizerPrint

MAX_TOKENS = 1_000_000
"""Tokens or merges of one tokenizer; the largest real ones have about 260,000 and 580,000."""
FREE_ENTRIES = 100_000
"""Tokens or merges of one file that may be as short as they like."""
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


def check_count(entries: int, size: int, path: str, *, least: int = 24) -> None:
    """Refuses what would take far more memory than its bytes: to be called before they are decoded.

    An entry takes up to 300 bytes while its file is read. Real files of over 100,000 entries have 18 bytes
    and more for a token in JSON, 14 for a pair of merges, and 8 for a line; `least` allows for the first
    100,000.

    Raises:
        LimitError: more than `most_entries`.
    """
    limit = most_entries(size, least=least)
    if entries > limit:
        raise LimitError(f"{path}: more than {limit:,} entries in {size:,} bytes", limit="tokens")


def most_entries(size: int, *, least: int = 24) -> int:
    """100,000 and one for each `least` bytes, never over `MAX_TOKENS`."""
    return min(MAX_TOKENS, FREE_ENTRIES + size // least)


def byte_alphabet() -> tuple[str, ...]:
    """The printable character that byte-level BPE writes for each byte.

    Source: `bytes_to_unicode` of https://github.com/openai/gpt-2/blob/master/src/encoder.py.
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    spare = iter(range(256, 512))
    return tuple(chr(byte) if byte in printable else chr(next(spare)) for byte in range(256))
