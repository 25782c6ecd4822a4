"""The signals, in the order that they are asked. A new one is a function of `claims.Signal` in this list."""

from __future__ import annotations

from aibom.provenance.claims import Signal
from aibom.provenance.signals.code import code
from aibom.provenance.signals.code_prints import code_prints
from aibom.provenance.signals.digests import digests
from aibom.provenance.signals.duties import duties
from aibom.provenance.signals.families import families
from aibom.provenance.signals.licences import licences
from aibom.provenance.signals.notices import notices
from aibom.provenance.signals.observed import observed
from aibom.provenance.signals.parents import parents
from aibom.provenance.signals.published import published
from aibom.provenance.signals.shapes import shapes
from aibom.provenance.signals.tokenizers import tokenizers
from aibom.provenance.signals.weights import weights

SIGNALS: tuple[Signal, ...] = (
    parents,
    families,
    code,
    code_prints,
    notices,
    licences,
    duties,
    digests,
    published,
    shapes,
    tokenizers,
    weights,
    observed,
)
