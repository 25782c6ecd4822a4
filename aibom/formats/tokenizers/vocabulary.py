"""A vocabulary and its merges as columns, and the SHA-256 of their normal form."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aibom.errors import FormatError
from aibom.formats.text import clean
from aibom.formats.tokenizers.facts import TokenizerKind
from aibom.formats.tokenizers.texts import Hashes, Places, Texts

_SPACE = 0x20


@dataclass(frozen=True, slots=True, eq=False)
class Merges:
    """Merge rules in order of rank, each as `left right`; `gaps` are where in `rules.data` the space is.

    The left part ends at the first space in files that write rules so, and may hold spaces in others.
    """

    rules: Texts
    gaps: Places

    @classmethod
    def of_lines(cls, rules: Texts, path: str) -> Merges:
        """Rules that are written in that form already.

        Raises:
            FormatError: one has no space.
        """
        spaces = np.append(np.flatnonzero(rules.data == _SPACE), len(rules.data))
        gaps = spaces[np.searchsorted(spaces, rules.starts)]
        if (broken := np.flatnonzero(gaps >= rules.ends)).size:
            rule = rules[int(broken[0])]
            raise FormatError(f"{path}: a merge rule is no pair: {clean(rule, 40)}")
        return cls(rules, gaps)

    @classmethod
    def of_pairs(cls, parts: Texts) -> Merges:
        """Rules whose left and right parts follow each other."""
        number = np.arange(len(parts) // 2)
        gaps = parts.ends[::2] + number
        data = np.full(len(parts.data) + len(number), _SPACE, np.uint8)
        is_part = np.ones(len(data), np.bool_)
        is_part[gaps] = False
        data[is_part] = parts.data
        return cls(Texts(data, parts.ends[1::2] + number + 1), gaps)

    def __len__(self) -> int:
        return len(self.rules)

    def made(self) -> Texts:
        """The tokens that the rules make, in their order."""
        is_part = np.ones(len(self.rules.data), np.bool_)
        is_part[self.gaps] = False
        return Texts(self.rules.data[is_part], self.rules.ends - np.arange(1, len(self) + 1))


@dataclass(slots=True, eq=False)
class Vocabulary:
    """What one vocabulary file gave, before it is counted and digested.

    `ids` belong to `tokens`; both are brought into order of id (of hash under equal ids). Bytes of
    byte-level vocabularies are written in the GPT-2 alphabet. `merges` is None where the format has none.
    `hashes` are those of the tokens.
    """

    kind: TokenizerKind | None
    tokens: Texts
    ids: NDArray[np.integer]
    merges: Merges | None = None
    added: frozenset[str] = frozenset()
    normaliser: str | None = None
    pre_tokeniser: str | None = None
    post_processor: str | None = None
    byte_level: bool = False
    hashes: Hashes = field(init=False)

    def __post_init__(self) -> None:
        self.hashes = self.tokens.hashes()
        if not (np.diff(self.ids) > 0).all():
            order = np.lexsort((self.hashes, self.ids))
            self.ids, self.hashes = self.ids[order], self.hashes[order]
            self.tokens = self.tokens.ordered(order)

    def holds(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Which of some texts are tokens of it."""
        wanted, known = Texts.of(texts).hashes(), np.sort(self.hashes)
        if not len(known):
            return np.zeros(len(wanted), np.bool_)
        found: NDArray[np.bool_] = known.take(np.searchsorted(known, wanted), mode="clip") == wanted
        return found


def digests(vocabulary: Vocabulary) -> tuple[str, str]:
    """(digest over vocabulary and merges, digest over the vocabulary alone), lower-case hex."""
    state = digest_of(vocabulary.tokens, vocabulary.ids)
    alone = state.hexdigest()
    if vocabulary.merges is not None and len(vocabulary.merges):
        add_texts(state, vocabulary.merges.rules)
        _add_numbers(state, vocabulary.merges.gaps)
    return state.hexdigest(), alone


def digest_of(tokens: Texts, ids: NDArray[np.integer]) -> hashlib._Hash:
    """SHA-256 over tokens and their ids, both columns in full."""
    state = hashlib.sha256(b"aibom tokenizer 2\n")
    add_texts(state, tokens)
    _add_numbers(state, ids)
    return state


def add_texts(state: hashlib._Hash, texts: Texts) -> None:
    """A column of texts: how many, where each ends, then their bytes in UTF-8."""
    _add_numbers(state, texts.ends)
    state.update(np.ascontiguousarray(texts.data).data)


def _add_numbers(state: hashlib._Hash, numbers: NDArray[np.integer]) -> None:
    """A column of numbers below 2^32: how many, then each; all in 32 bits, little-endian."""
    state.update(len(numbers).to_bytes(4, "little"))
    state.update(numbers.astype("<u4").data)
