"""Samples of weights: which rows to read, reading them by range, and keeping them as small integers.

The package imports numpy: import it where weights are read, not at start-up.
"""

from aibom.formats.sampling.grouping import Matrix, matrices
from aibom.formats.sampling.layouts import StoredTensor
from aibom.formats.sampling.names import block_of, kind_of, place_of
from aibom.formats.sampling.orientation import Orientation
from aibom.formats.sampling.pieces import Heads, weights_of
from aibom.formats.sampling.plan import Block, plan
from aibom.formats.sampling.rows import Rotated
from aibom.formats.sampling.sample import quantised, sample
from aibom.formats.sampling.settings import Quantisation, quantisation_of, read_quantisation
from aibom.formats.sampling.weight import EXPERTS, Place, Refused, Weight

__all__ = [
    "EXPERTS",
    "Block",
    "Heads",
    "Matrix",
    "Orientation",
    "Place",
    "Quantisation",
    "Refused",
    "Rotated",
    "StoredTensor",
    "Weight",
    "block_of",
    "kind_of",
    "matrices",
    "place_of",
    "plan",
    "quantisation_of",
    "quantised",
    "read_quantisation",
    "sample",
    "weights_of",
]
