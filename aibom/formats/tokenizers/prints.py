"""Prints of vocabularies: what tells two of them apart, without their words.

All serialisations of one vocabulary give one print: tokens are hashed in the normal form of `Vocabulary`,
where bytes of byte-level vocabularies are always written in the GPT-2 alphabet. What is convention rather
than training is left out: single bytes and characters, whose order is that of an alphabet, and markers in
brackets (`<s>`, `<0x41>`, `[unused7]`, `<|reserved_3|>`), which other formats keep outside the vocabulary.

The sketches are of `Texts.hashes`, mixed with the id where the id counts: no proof against one who makes
tokens to collide. That two vocabularies are equal is told by SHA-256.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from aibom.formats.tokenizers.texts import Hashes, Places, Texts, distinct, mixed
from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary, add_texts, digest_of
from aibom.model import TokenizerPrint

SKETCH = 1024
"""Hashes in a bottom-k sketch; a share estimated from it has a standard error of at most .016."""
PREFIXES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000)
"""Lengths of the prefixes that are digested."""
_CLOSING = np.full(256, 0xFF, np.uint8)
"""The bracket that closes what a byte opens; for any other byte one that UTF-8 never has."""
_CLOSING[list(b"<[")] = list(b">]")
_WIDTH = np.ones(256, np.int64)
"""Bytes of the character that a byte begins in UTF-8."""
_WIDTH[0xC0:], _WIDTH[0xE0:], _WIDTH[0xF0:] = 2, 3, 4
_ONE = np.uint64(1)


def print_of(vocabulary: Vocabulary, digest: str) -> TokenizerPrint:
    """The print of one vocabulary; `digest` is that of `digests`. Its part and place are not set."""
    ordinary = _ordinary(vocabulary.tokens)
    tokens, ids = vocabulary.tokens.chosen(ordinary), vocabulary.ids[ordinary]
    hashes = vocabulary.hashes[ordinary]
    merges = vocabulary.merges
    return TokenizerPrint(
        part="",
        kind=vocabulary.kind.value if vocabulary.kind else None,
        digest=digest,
        vocabulary_digest=digest_of(tokens, ids).hexdigest(),
        size=len(tokens),
        merges=0 if merges is None else len(merges),
        merge_prefixes=_prefixes(_made(merges) if merges is not None and len(merges) else tokens),
        same_id=_sketch(mixed(hashes ^ mixed(ids.astype(np.uint64) + _ONE))),
        tokens=_sketch(hashes),
    )


def _ordinary(tokens: Texts) -> NDArray[np.bool_]:
    """Which are: more than one character without the marks of word parts, and no brackets round them."""
    if not len(tokens.data):
        return np.zeros(len(tokens), np.bool_)
    start, end = tokens.starts, tokens.ends
    start = start + 2 * _stands(tokens, b"##", start, end)
    end = end - 4 * _stands(tokens, b"</w>", end - 4, end, least=start)
    first, last = tokens.data.take(start, mode="clip"), tokens.data.take(end - 1, mode="clip")
    marked = (end - start > 2) & (_CLOSING[first] == last)
    found: NDArray[np.bool_] = (end - start > _WIDTH[first]) & ~marked
    return found


def _stands(
    tokens: Texts, mark: bytes, place: Places, end: Places, *, least: Places | None = None
) -> NDArray[np.bool_]:
    """In which tokens the mark stands at a place, wholly within them."""
    found: NDArray[np.bool_] = place + len(mark) <= end
    if least is not None:
        found &= place >= least
    for at, byte in enumerate(mark):
        found &= tokens.data.take(place + at, mode="clip") == byte
    return found


def _made(merges: Merges) -> Texts:
    """What the merges make, in order of rank.

    Trainers of BPE number a token when they find its merge, so this is the order of ids too. A merge list
    that was derived from ranks holds every way to make a token: the first counts.
    """
    made = merges.made()
    made = made.chosen(_ordinary(made))
    first = np.zeros(len(made), np.bool_)
    first[np.unique(made.hashes(), return_index=True)[1]] = True
    return made.chosen(first)


def _prefixes(tokens: Texts) -> tuple[tuple[int, str], ...]:
    state = hashlib.sha256(b"aibom order 2\n")
    found, start, begin = [], 0, 0
    for length in PREFIXES:
        if length <= len(tokens):
            end = int(tokens.ends[length - 1])
            add_texts(state, Texts(tokens.data[begin:end], tokens.ends[start:length] - begin))
            found.append((length, state.hexdigest()[:16]))
            start, begin = length, end
    return tuple(found)


def _sketch(values: Hashes) -> tuple[int, ...]:
    """The smallest of the distinct values."""
    return tuple(distinct(values)[:SKETCH].tolist())
