"""Shape prints: what the tensors of a part are called and how they fit together, whatever its size.

Layer and expert numbers are folded, the scope that the whole part lies in is left out, and widths are
written as symbols, so that two sizes of one architecture print alike.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from aibom.model import Locator, ShapePrint

HIDDEN = "h"
"""The width that occurs most often in the part."""
SECOND = "i"
"""The width that occurs next most often."""
OTHER = "n"
"""Any other width; 1 stands as `1`."""
PACKED = "?"
"""The only dimension of a tensor that holds several weights in one element: its shape tells nothing."""

MAX_ENTRIES = 20_000
"""Entries of one part that are kept, in order; real parts have fewer than 1,000."""
MAX_NAME = 500
"""Characters of a tensor's name; longer ones are left out. Real ones stay under 150."""

_OTHER_SHAPE = 0.75
"""Credit for a pattern whose widths relate differently: widths coincide in some sizes of a design."""

_NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")
_PACKED = re.compile(r"(?:\.(?:qweight|weight_packed|W_q)|(_blocks|_packed))$")
_SIDE = re.compile(
    r"(?:^|[._])(?:scales?|scale_inv|scale_2|zeros?|zero_point|qzeros|g_idx|absmax|quant_map|nested_absmax"
    r"|nested_quant_map|weight_shape|bitsandbytes__\w+|SCB|weight_format|amax)$"
)
_SCALES_OF_OWN = re.compile(r"(?:norm\w*|ln_\w*|layer_?scale\w*|ls\d?|gamma)\.scale$")

Named = tuple[str, tuple[int, ...]]
Entry = tuple[str, tuple[str, ...]]


def folded(name: str, shape: tuple[int, ...]) -> Named | None:
    """A tensor with its numbers folded to `#`; None for scales and zeros of a quantisation.

    A packed tensor gets the name that it has unpacked, and the shape `(0,)`.
    """
    if len(name) > MAX_NAME or (_SIDE.search(name) and not _SCALES_OF_OWN.search(name)):
        return None
    pattern = _NUMBER.sub("#", name)
    packed = _PACKED.search(pattern)
    if packed is None:
        return pattern, shape
    return pattern[: packed.start()] + ("" if packed[1] else ".weight"), (0,)


def shape_print(part: str, tensors: Iterable[Named], locator: Locator | None = None) -> ShapePrint:
    """The print of one part, from its folded tensors in any order, repeated or not.

    `numbers` of the print are its two main widths under their symbols.
    """
    rows = sorted(set(tensors))[:MAX_ENTRIES]
    lead = _scope([pattern for pattern, _ in rows])
    widths = Counter(size for _, shape in rows for size in shape if size > 1)
    # Of equally frequent widths the one that is met first is taken, so that sizes do not decide.
    main = sorted(widths, key=lambda size: -widths[size])[:2]
    symbols = dict(zip(main, (HIDDEN, SECOND), strict=False)) | {1: "1", 0: PACKED}
    entries = {
        (pattern[len(lead) :], tuple(symbols.get(size, OTHER) for size in shape)) for pattern, shape in rows
    }
    numbers = tuple((symbols[size], size) for size in main)
    return ShapePrint(part, tuple(sorted(entries)), numbers, locator)


def _scope(patterns: list[str]) -> str:
    """The modules that all tensors lie in, with the dot; what directly holds numbered layers stays."""
    heads = [pattern.split(".#")[0].split(".")[:-1] for pattern in patterns]
    if not heads:
        return ""
    first, last = min(heads), max(heads)
    length = next((n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    common = first[: min(len(first), len(last)) if length is None else length]
    return "".join(f"{segment}." for segment in common)


def similarity(one: Iterable[Entry], other: Iterable[Entry], weights: Mapping[str, float]) -> float:
    """Share of patterns in both, by weight, of those in either: 1 for equal prints, 0 for nothing shared.

    A pattern that no signature has weighs as much as the rarest.
    """
    first, second = _shapes(one), _shapes(other)
    rarest = max(weights.values(), default=1.0)
    whole = math.fsum(weights.get(pattern, rarest) for pattern in first.keys() | second.keys())
    shared = math.fsum(
        weights.get(pattern, rarest) * _credit(first[pattern], second[pattern])
        for pattern in first.keys() & second.keys()
    )
    return shared / whole if whole else 0.0


def _shapes(entries: Iterable[Entry]) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for pattern, sizes in entries:
        found.setdefault(pattern, set()).add(sizes)
    return found


def _credit(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    if one & other:
        return 1.0
    ranks = {len(sizes) for sizes in one} & {len(sizes) for sizes in other}
    packed = ("?",) in one or ("?",) in other
    return _OTHER_SHAPE if ranks or packed else 0.0
