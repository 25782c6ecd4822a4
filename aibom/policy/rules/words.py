"""Sentences on what is known of an origin, and what settles what is not."""

from __future__ import annotations

from aibom.model import Evidence, Layer, Relation
from aibom.sovereignty import Judgement, Standing, who

_DONE = {
    Relation.ORIGINAL: "the own work of",
    Relation.INSPIRED: "inspired by",
    Relation.ADAPTED: "adapted from",
    Relation.DERIVED: "derived from",
    Relation.VERBATIM: "verbatim from",
}

_ASK = "the vendor's answer, with documents, to `aibom questionnaire`"
_SETTLES = {
    Layer.WEIGHTS: f"Holding the weights against known models (`--depth weights --index`); {_ASK}.",
    Layer.ARCHITECTURE: f"Reading the tensor tables (`--depth headers`); {_ASK}.",
    Layer.CODE: f"Source beside the model, held against known code; {_ASK}.",
    Layer.TOKENIZER: f"The vocabulary beside the model, held against known ones; {_ASK}.",
    Layer.LICENCE: "The licence's SPDX id in the model card, which the vendor writes.",
}
_VENDOR_ONLY = f"No repository shows it: {_ASK}."
_COUNTRY = "The organisation's country, in an overlay (`--organisations`)."
UNSEEN = "A scan of the model itself that reads every file (`aibom check TARGET`, `aibom verify`)."


def stated(item: Judgement, layer: Layer) -> str:
    """What is known of one subject's origin, without a full stop."""
    origin = item.origin
    if origin is None or not (origin.organisations or origin.upstream):
        return f"{item.subject}: nothing is known of the origin of its {layer}"
    if item.evidence is Evidence.E0:
        return f"{item.subject}: {layer} names {who(origin)}; how it relates to that is not known (E0)"
    return f"{item.subject}: {layer} {_DONE[origin.relation]} {who(origin)}, evidence {item.evidence.name}"


def open_remedy(layer: Layer, item: Judgement) -> str:
    """What settles an open question, and who can."""
    if item.evidence is not Evidence.E0 and item.standing is Standing.UNKNOWN:
        return _COUNTRY
    return _SETTLES.get(layer, _VENDOR_ONLY)


def accused_remedy(item: Judgement) -> str:
    """What the vendor can do about an origin that breaks a rule."""
    return (
        "Replacing or retraining it; or a contest by the vendor (`aibom contest file`), with evidence of "
        f"{item.evidence.name} or better."
    )
