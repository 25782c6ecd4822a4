"""Prints of vocabularies: what tells two of them apart, without their words.

All serialisations of one vocabulary give one print: tokens are hashed in the normal form of `Vocabulary`,
where bytes of byte-level vocabularies are always written in the GPT-2 alphabet. What is convention rather
than training is left out: single bytes and characters, whose order is that of an alphabet, and markers in
brackets (`<s>`, `<0x41>`, `[unused7]`, `<|reserved_3|>`), which other formats keep outside the vocabulary.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Sequence
from hashlib import blake2b

from aibom.formats.tokenizers.facts import Vocabulary
from aibom.model import TokenizerPrint

SKETCH = 1024
"""Hashes in a bottom-k sketch; a share estimated from it has a standard error of at most .016."""
PREFIXES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000)
"""Lengths of the prefixes that are digested."""

_MASK = 2**64 - 1
_ID_FACTOR = 0x9E3779B97F4A7C15
"""Odd, so that every id moves a hash differently; 2^64 divided by the golden ratio, as in SplitMix64."""
_BRACKETS = {"<": ">", "[": "]"}


def print_of(vocabulary: Vocabulary, digest: str) -> TokenizerPrint:
    """The print of one vocabulary; `digest` is that of `facts.digests`. Its part and place are not set."""
    ordinary = sorted(pair for pair in vocabulary.tokens if _is_ordinary(pair[1]))
    hashes = _hashes([token for _, token in ordinary])
    placed = array(
        "Q",
        (value ^ (ident * _ID_FACTOR & _MASK) for (ident, _), value in zip(ordinary, hashes, strict=True)),
    )
    return TokenizerPrint(
        part="",
        kind=vocabulary.kind.value if vocabulary.kind else None,
        digest=digest,
        vocabulary_digest=hashlib.sha256(_big_endian(placed).tobytes()).hexdigest(),
        size=len(ordinary),
        merges=len(vocabulary.merges or ()),
        merge_prefixes=_prefixes(_in_order(vocabulary, ordinary)),
        same_id=_sketch(placed),
        tokens=_sketch(hashes),
    )


def _is_ordinary(token: str) -> bool:
    if len(token) > 5 and token[0] not in "<[#":
        return True  # so long that marks of word parts leave two characters, and no bracket opens it
    bare = token.removeprefix("##").removesuffix("</w>")
    return len(bare) > 1 and not (len(bare) > 2 and _BRACKETS.get(bare[0]) == bare[-1])


def _in_order(vocabulary: Vocabulary, ordinary: list[tuple[int, str]]) -> list[str]:
    """What the merges make, in order of rank; without a list of merges, the tokens in order of id.

    Trainers of BPE number a token when they find its merge, so both are one order. A merge list that was
    derived from ranks holds every way to make a token: the first counts.
    """
    if not vocabulary.merges:
        return [token for _, token in ordinary]
    made: dict[str, None] = {}
    for left, right in vocabulary.merges:
        token = left + right
        if token not in made and _is_ordinary(token):
            made[token] = None
            if len(made) == PREFIXES[-1]:
                break
    return list(made)


def _prefixes(tokens: list[str]) -> tuple[tuple[int, str], ...]:
    lengths = [length for length in PREFIXES if length <= len(tokens)]
    state = hashlib.sha256(b"aibom order 1\n")
    found, start = [], 0
    for length in lengths:
        state.update(_bytes("".join(f"{len(token)}:{token}" for token in tokens[start:length])))
        found.append((length, state.hexdigest()[:16]))
        start = length
    return tuple(found)


def _hashes(tokens: list[str]) -> array[int]:
    """64 bits of BLAKE2b of each token."""
    digests = bytearray()
    for token in tokens:
        digests += blake2b(_bytes(token), digest_size=8).digest()
    return _big_endian(array("Q", bytes(digests)))


def _big_endian(values: array[int]) -> array[int]:
    """A copy between this machine's order of bytes and the one that prints are written in."""
    copy = array("Q", values)
    if sys.byteorder == "little":
        copy.byteswap()
    return copy


def _sketch(values: Sequence[int]) -> tuple[int, ...]:
    """The smallest of the distinct values; all but few are passed over by a bound before they are sorted."""
    bound = 4 * SKETCH * 2**64 // max(len(values), 1)
    low = {value for value in values if value < bound}
    if len(low) < SKETCH:
        low = set(values)
    return tuple(sorted(low)[:SKETCH])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
