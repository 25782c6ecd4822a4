"""The named rules."""

from __future__ import annotations

from types import MappingProxyType

from aibom.policy.policy import Check
from aibom.policy.rules.composed import AllOf, AnyOf
from aibom.policy.rules.contents import (
    ContestStates,
    NoSecurityFindingAbove,
    NoUndeclaredPart,
    NoUnknownAbove,
)
from aibom.policy.rules.expression import Expression
from aibom.policy.rules.licences import LicenceAllow, LicenceDeny
from aibom.policy.rules.origins import AllowedRelations, MinimumEvidence, NoDeniedOrigin
from aibom.policy.rules.score import CoverageAtLeast, MaximumIntervalWidth, MinimumLevel, MinimumScore

RULES: MappingProxyType[str, type[Check]] = MappingProxyType(
    {
        "all_of": AllOf,
        "any_of": AnyOf,
        "minimum_level": MinimumLevel,
        "minimum_score": MinimumScore,
        "maximum_interval_width": MaximumIntervalWidth,
        "coverage_at_least": CoverageAtLeast,
        "minimum_evidence": MinimumEvidence,
        "allowed_relations": AllowedRelations,
        "no_denied_origin": NoDeniedOrigin,
        "licence_allow": LicenceAllow,
        "licence_deny": LicenceDeny,
        "no_security_finding_above": NoSecurityFindingAbove,
        "no_undeclared_part": NoUndeclaredPart,
        "no_unknown_above": NoUnknownAbove,
        "contest_states": ContestStates,
        "expression": Expression,
    }
)
"""What each name in a policy asks, by the name."""

__all__ = ["RULES", "AllOf", "AnyOf", "Expression", "LicenceAllow", "LicenceDeny"]
