"""The rules, as data: what each reads, what it may conclude, and what it cannot show.

A rule speaks of one layer and gives one relation with one evidence level, so that evidence moves
only its own layer by construction. `docs/rules.md` is generated from this table.
"""

from __future__ import annotations

from aibom.provenance.rules import (
    architecture,
    code,
    code_prints,
    digests,
    duties,
    families,
    licences,
    parents,
    questionnaire,
    tokenizers,
    weights,
)
from aibom.provenance.rules.rule import Rule

__all__ = ["RULES", "Rule"]

RULES: dict[str, Rule] = {
    rule.id: rule
    for module in (
        parents,
        families,
        code,
        code_prints,
        licences,
        duties,
        digests,
        tokenizers,
        architecture,
        weights,
        questionnaire,
    )
    for rule in module.TABLE
}
"""Every rule by its id, in the order of the tables."""
