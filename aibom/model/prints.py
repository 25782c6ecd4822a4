"""Prints: small facts about content that can be held against reference prints; never the content itself.

Inspectors emit them; signals compare them with the catalogue, and `compare` with another target's.
"""

from __future__ import annotations

from dataclasses import dataclass

from aibom.model.files import Locator
from aibom.model.weights import WeightSample


@dataclass(frozen=True, slots=True)
class CodePrint:
    """Winnowing fingerprints of one class or module of source code, identifiers masked.

    `name` is the class (or the module where `line` is None); `fingerprints` are sorted and distinct;
    `tokens` is how many tokens they were taken from. `part` is the Part.id of the code.
    """

    part: str
    path: str
    name: str
    fingerprints: tuple[int, ...]
    tokens: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TokenizerPrint:
    """What tells two vocabularies apart, or shows one in the other, without their words.

    Attributes:
        part: Part.id of the tokenizer.
        kind: algorithm (bpe, wordpiece, unigram, …).
        digest: normalised SHA-256 of vocabulary and merges.
        vocabulary_digest: SHA-256 of the ordinary tokens with their ids: single characters, bytes and
            markers in brackets left out, so that all serialisations of one vocabulary agree.
        size: ordinary tokens; `merges`: number of ordered merges.
        merge_prefixes: (n, digest of what the first n merges make) for n = 100, 200, 500, 1 000, …;
            of the tokens in order of id where no merges are listed, which is the same order.
        same_id: bottom-k sketch over hashes of (token, id) of the ordinary tokens.
        tokens: bottom-k sketch over hashes of the ordinary tokens alone.
        locator: the file that it was taken from.
    """

    part: str
    kind: str | None
    digest: str | None
    vocabulary_digest: str | None
    size: int
    merges: int
    merge_prefixes: tuple[tuple[int, str], ...] = ()
    same_id: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class ShapePrint:
    """Normalised tensor names of one part with the shapes they have, layer numbers folded.

    `entries` are (pattern, dimensions as symbols of the part's own widths), sorted and distinct:
    `layers.#.self_attn.q_proj.weight` with `(h, h)`. `numbers` are the widths themselves.
    """

    part: str
    entries: tuple[tuple[str, tuple[str, ...]], ...]
    numbers: tuple[tuple[str, int], ...] = ()
    locator: Locator | None = None


Print = CodePrint | TokenizerPrint | ShapePrint | WeightSample
