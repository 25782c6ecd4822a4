"""Policies: named rules, as data, held against what is said of a model."""

from __future__ import annotations

from aibom.policy.evaluation import evaluate
from aibom.policy.loading import load_policy, shipped
from aibom.policy.policy import Policy, Rule
from aibom.policy.rules import RULES
from aibom.policy.waivers import load_waivers

__all__ = ["RULES", "Policy", "Rule", "evaluate", "load_policy", "load_waivers", "shipped"]
