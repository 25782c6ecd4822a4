"""Samples of weights: which rows to read, reading them by range, and keeping them as small integers.

The package imports numpy: import it where weights are read, not at start-up.
"""

from aibom.formats.sampling.names import kind_of, place_of
from aibom.formats.sampling.pieces import Heads, weights_of
from aibom.formats.sampling.plan import Block, plan
from aibom.formats.sampling.sample import quantised, sample
from aibom.formats.sampling.weight import Place, Weight

__all__ = [
    "Block",
    "Heads",
    "Place",
    "Weight",
    "kind_of",
    "place_of",
    "plan",
    "quantised",
    "sample",
    "weights_of",
]
