"""What the model was made with, as far as its card says: `formulation`."""

from __future__ import annotations

from aibom.bom.overlay.common import Json
from aibom.formats.wording import value
from aibom.model import Analysis

_HARDWARE = frozenset({"hardware", "co2_eq_emissions:hardware_used"})
"""Facts of a card that name the hardware of the training."""


def block(analysis: Analysis) -> list[Json]:
    """One formula with the hardware, each as the card names it; none where it names none."""
    named = (value(str(fact.value), 200) for fact in analysis.inspected.card.facts if fact.name in _HARDWARE)
    devices = [
        {"type": "device", "bom-ref": f"hardware:{number}", "name": name}
        for number, name in enumerate(sorted({name for name in named if name}), 1)
    ]
    return [{"bom-ref": "formula:training", "components": devices}] if devices else []
