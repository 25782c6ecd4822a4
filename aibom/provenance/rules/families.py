"""Rules on architecture families: declared ones, and those that the shipped code inherits."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_ARCHITECTURE_ALTERNATIVE = (
    "Architectures are published to be used; a shared class or configuration says nothing about weights. "
    "Where the publisher is not known, it may be the family's own developer."
)
_ARCHITECTURE_CONTEST = "Show the part's own definition and what in it differs from the named family."

TABLE = (
    Rule(
        id="declared.model-type",
        signal=Signal.DECLARED,
        layer=Layer.ARCHITECTURE,
        reads="`model_type` of the configuration and of every nested one",
        concludes="the part uses an architecture family that another organisation published first",
        cannot_show="anything about weights, data or tokenizer",
        relation=Relation.ADAPTED,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative=_ARCHITECTURE_ALTERNATIVE,
        contest=_ARCHITECTURE_CONTEST,
    ),
    Rule(
        id="declared.architecture-class",
        signal=Signal.DECLARED,
        layer=Layer.ARCHITECTURE,
        reads="class names in `architectures` and in model_index.json, names of timm models",
        concludes="the part is run by the class of an architecture family of another organisation",
        cannot_show="anything about weights, data or tokenizer",
        relation=Relation.ADAPTED,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative=_ARCHITECTURE_ALTERNATIVE,
        contest=_ARCHITECTURE_CONTEST,
    ),
    Rule(
        id="declared.own-family",
        signal=Signal.DECLARED,
        layer=Layer.ARCHITECTURE,
        reads="a `model_type` or class name whose family the publisher developed",
        concludes="the part carries a name of the publisher's own; it moves no grade",
        cannot_show="originality: a name of one's own can stand over anything",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.DECLARED,
        alternative="The family may itself be adapted from another one.",
        contest=_ARCHITECTURE_CONTEST,
    ),
    Rule(
        id="declared.encoder-family",
        signal=Signal.DECLARED,
        layer=Layer.WEIGHTS,
        reads="the declared family of an encoder or decoder beside the core, its own or the composed model's",
        concludes="the part's weights are in question: untested, beside a declared outside family",
        cannot_show="that the weights are the family's: they were not tested; it moves no grade",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.UNRESOLVED,
        alternative="The part may use the family's architecture with weights trained from scratch.",
        contest="Show the part's training record, or let its weights be tested against the family's.",
        severity=Severity.LOW,
        in_question=True,
    ),
    Rule(
        id="code.inherited-model",
        signal=Signal.CODE,
        layer=Layer.ARCHITECTURE,
        reads="base classes in the shipped code that are a family's whole model (`…ForCausalLM`)",
        concludes="the architecture is that of another organisation's family, as changed by the subclass",
        cannot_show="anything about weights, data or tokenizer",
        relation=Relation.ADAPTED,
        evidence=Evidence.E3,
        confidence=Confidence.OBSERVED,
        alternative=_ARCHITECTURE_ALTERNATIVE,
        contest=_ARCHITECTURE_CONTEST,
    ),
)
