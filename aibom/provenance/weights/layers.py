"""The map from A's layers to B's, read off the matches (R8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from aibom.provenance.weights.result import Match


def layer_map(matches: Iterable[Match]) -> tuple[tuple[int, int], ...]:
    """(layer of A, layer of B) by the strongest votes of A's matched matrices, by layer of A."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for match in matches:
        if match.matched and match.ours.layer is not None and match.theirs.layer is not None:
            votes[match.ours.layer][match.theirs.layer] += 1
    return tuple(
        (layer, min(count, key=lambda other: (-count[other], other)))
        for layer, count in sorted(votes.items())
    )


def monotone(mapped: Sequence[tuple[int, int]]) -> float:
    """Share of successive entries that do not go back; 1.0 where there are fewer than two."""
    steps = list(pairwise(mapped))
    if not steps:
        return 1.0
    return round(sum(later[1] >= earlier[1] for earlier, later in steps) / len(steps), 4)
