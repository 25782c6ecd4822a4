"""Made-up vocabularies large enough to be told apart, and their prints."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from aibom.formats.tokenizers.facts import TokenizerKind, byte_alphabet
from aibom.formats.tokenizers.prints import print_of
from aibom.formats.tokenizers.texts import Texts
from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary, digests
from aibom.model import TokenizerPrint


def words(seed: str, count: int) -> list[str]:
    """So many distinct tokens; another seed gives others."""
    return [f"{seed}{hashlib.sha256(f'{seed}{number}'.encode()).hexdigest()[:9]}" for number in range(count)]


def shuffled(tokens: Sequence[str], seed: str = "x") -> list[str]:
    """The same tokens in an order that follows from the seed alone."""
    return sorted(tokens, key=lambda token: hashlib.sha256(f"{seed}{token}".encode()).digest())


def printed(
    tokens: Sequence[str], *, offset: int = 0, alphabet: int | None = None, merged: bool = False
) -> TokenizerPrint:
    """The print of tokens with ids from `offset`; the byte alphabet from `alphabet` where it is given.

    With `merged` the tokens' order is also that of merges, which split each after its first character.
    """
    texts, ids = list(tokens), list(range(offset, offset + len(tokens)))
    if alphabet is not None:
        texts += byte_alphabet()
        ids += range(alphabet, alphabet + 256)
    rules = Texts.of([f"{token[0]} {token[1:]}" for token in tokens])
    merges = Merges.of_lines(rules, "") if merged else None
    vocabulary = Vocabulary(TokenizerKind.BPE, Texts.of(texts), np.array(ids), merges, byte_level=True)
    return print_of(vocabulary, digests(vocabulary)[0])
