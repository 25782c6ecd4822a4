"""The semantic rules: what no schema checks. Each module declares a few; importing them fills `RULES`."""

from aibom.bom.rules import hashes, identity, origins, references, scores, values
from aibom.bom.rules.document import Document
from aibom.bom.rules.rule import RULES, Rule

__all__ = ["RULES", "Document", "Rule", "hashes", "identity", "origins", "references", "scores", "values"]
