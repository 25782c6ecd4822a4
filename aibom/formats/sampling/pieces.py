"""From stored tensors to logical matrices: fused projections are split, stacked experts are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from aibom.formats.dequantise import Layout
from aibom.formats.sampling.names import kind_of, place_of
from aibom.formats.sampling.weight import EXPERTS, Place, Weight
from aibom.model.weights import WeightKind

_QKV = re.compile(
    r"(?:^|[._/])(?:c_attn|[wW]?qkv\w*|query_key_value|in_proj\w*|qkv_proj|attn_qkv|Wqkv)(?:[._/]|$)"
)
_GATE_UP = re.compile(
    r"(?:^|[._/])(?:gate_up_proj|gate_and_up\w*|ffn_gate_up\w*|wi_fused)(?:[._/]|$)|dense_h_to_4h_glu"
)
_INTERLEAVED = re.compile(r"(?:^|[._/])query_key_value(?:[._/]|$)")


@dataclass(frozen=True, slots=True)
class Heads:
    """Sizes from a configuration that tell where fused projections divide; None where not stated."""

    queries: int | None = None
    keys: int | None = None
    width: int | None = None
    """Values of one head."""
    alternating: bool = False
    """Gate and up projections alternate row by row, as gpt-oss has them."""


def weights_of(
    part: str,
    name: str,
    layout: Layout,
    places: Mapping[str, Place],
    dtype: str,
    *,
    kind: WeightKind | None = None,
    heads: Heads | None = None,
    stack: int = 1,
    sideways: bool = False,
) -> Iterator[Weight]:
    """The matrices that one stored tensor holds.

    `layout` is two-dimensional; with `stack` > 1 it is that many matrices, one over the other, and each
    is a matrix of its own, the first `EXPERTS` of them. `kind` is what the name does not tell. Of a fused
    projection whose division is not known only the queries are given.
    """
    layer, expert = place_of(name)
    whole = Weight(
        part,
        name,
        kind or kind_of(name),
        layout,
        places,
        dtype,
        layer,
        expert,
        0,
        layout.rows,
        0,
        layout.columns,
        sideways,
    )
    height = layout.rows // stack
    for number in range(min(stack, EXPERTS)):
        one = whole
        if stack > 1:
            one = replace(whole, expert=number, first=number * height, stop=(number + 1) * height)
        yield from _split(one, heads or Heads())


def _split(weight: Weight, heads: Heads) -> Iterator[Weight]:
    name = weight.name
    if _GATE_UP.search(name) and weight.outputs % 2 == 0 and not heads.alternating:
        half = weight.outputs // 2
        yield _piece(weight, WeightKind.GATE, 0, half)
        yield _piece(weight, WeightKind.UP, half, weight.outputs)
    elif _QKV.search(name):
        yield from _queries_keys_values(weight, heads)
    else:
        yield weight


def _queries_keys_values(weight: Weight, heads: Heads) -> Iterator[Weight]:
    """Query, key and value one over the other; where they alternate head by head, the first head of each."""
    bounds = _bounds(weight, heads)
    if bounds is None:
        yield _piece(weight, WeightKind.QUERY, 0, min(weight.inputs, weight.outputs))
        return
    kinds = (WeightKind.QUERY, WeightKind.KEY, WeightKind.VALUE)
    for kind, (start, stop) in zip(kinds, pairwise(bounds), strict=True):
        yield _piece(weight, kind, start, stop)


def _bounds(weight: Weight, heads: Heads) -> tuple[int, int, int, int] | None:
    """Where queries, keys and values begin and end among the outputs; None where that is not known."""
    total, queries = weight.outputs, heads.queries or 0
    keys = heads.keys or queries
    parted = queries + 2 * keys
    if _INTERLEAVED.search(weight.name) and queries and keys == queries and total % (3 * queries) == 0:
        one = total // (3 * queries)
        return 0, one, 2 * one, 3 * one
    if total == 3 * weight.inputs and heads.width != total // max(parted, 1):
        return 0, weight.inputs, 2 * weight.inputs, total
    if parted and total % parted == 0:
        one = total // parted
        return 0, queries * one, (queries + keys) * one, total
    return None


def _piece(weight: Weight, kind: WeightKind, start: int, stop: int) -> Weight:
    """Outputs `start` to `stop`, as a matrix of its own."""
    named = replace(weight, kind=kind, name=f"{weight.name}#{kind.value}")
    if weight.sideways:
        return replace(named, left=weight.left + start, right=weight.left + stop)
    return replace(named, first=weight.first + start, stop=weight.first + stop)
