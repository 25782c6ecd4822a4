"""The weights signal: samples of two models held against each other, per part, with a measured null.

The package imports numpy: import it where weights are compared, not at start-up.
"""

from aibom.provenance.weights.decision import compare_parts
from aibom.provenance.weights.result import Control, Match, Null, PartTest, WeightsVerdict

__all__ = ["Control", "Match", "Null", "PartTest", "WeightsVerdict", "compare_parts"]
