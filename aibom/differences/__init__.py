"""What changed between two BOMs."""

from aibom.differences.diff import diff
from aibom.differences.rules import RULES

__all__ = ["RULES", "diff"]
