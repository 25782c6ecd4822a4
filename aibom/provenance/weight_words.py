"""The result of a test of weights in one sentence."""

from __future__ import annotations

from aibom.provenance.weights.result import WITHIN, PartTest


def told(test: PartTest) -> str:
    """Verdict, reason, which layers, and the largest control."""
    mapped = f"; layers {_layers(test)}" if test.layer_map else ""
    others = [control.largest_r for control in test.controls if control.label != WITHIN]
    beside = max(others, default=None)
    control = "" if beside is None else f"; largest control {beside:.3f}"
    return f"{test.verdict.value}: {test.reason}{mapped}{control}"


def _layers(test: PartTest) -> str:
    """`0→0 … 31→31`, all of a short map, the ends of a long one."""
    shown = [f"{ours}→{theirs}" for ours, theirs in test.layer_map]
    if len(shown) > 8:
        shown = [*shown[:3], "…", *shown[-2:]]
    return " ".join(shown)
