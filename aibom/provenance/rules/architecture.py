"""Rules on architecture: what the tensors are called and how they fit, and what families are made from."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_SHAPES = (
    "names and shapes of the part's tensors, numbers folded and widths as symbols, against the signatures "
    "of the catalogue's families, which form groups that print alike"
)
_NEVER_WEIGHTS = (
    "anything about weights; an origin: unrelated developers publish equal shapes. A low similarity is no "
    "evidence of originality"
)
_CLASSES = (
    "class inheritance of the declared family in the catalogue's library; glue, classes that many "
    "families inherit, and single classes are left out"
)
_CONTEST = "Show the part's own definition and what in it differs from the named family."
_PORT = (
    "The library's classes inherit for brevity: the port shows how the code was published there, not how "
    "the developer first built it. Architectures are published to be used."
)

TABLE = (
    Rule(
        id="architecture.published-lineage",
        signal=Signal.ARCHITECTURE,
        layer=Layer.ARCHITECTURE,
        reads=_CLASSES + ". The port's notices name the family's own developer",
        concludes="the part's published implementation is made from that of an older outside family",
        cannot_show="anything about weights, data or tokenizer",
        relation=Relation.ADAPTED,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative=_PORT,
        contest=_CONTEST,
    ),
    Rule(
        id="architecture.library-port",
        signal=Signal.ARCHITECTURE,
        layer=Layer.ARCHITECTURE,
        reads=(
            _CLASSES + ". The port's notices do not name the developer, the port is older than the library's "
            "way of inheriting across families, or the parent is not the older one"
        ),
        concludes="the library's port inherits another family's classes; it moves no grade",
        cannot_show="that the developer built on that family; anything about weights, data or tokenizer",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.INFERRED,
        alternative=_PORT,
        contest=_CONTEST,
    ),
    Rule(
        id="architecture.corroborates-declared",
        signal=Signal.ARCHITECTURE,
        layer=Layer.ARCHITECTURE,
        reads=_SHAPES,
        concludes="the part's tensors have the names and shapes of the outside family that it declares",
        cannot_show=_NEVER_WEIGHTS,
        relation=Relation.ADAPTED,
        evidence=Evidence.E3,
        confidence=Confidence.OBSERVED,
        alternative="Architectures are published to be used; equal shapes say nothing about weights.",
        contest=_CONTEST,
    ),
    Rule(
        id="architecture.resembles",
        signal=Signal.ARCHITECTURE,
        layer=None,
        reads=_SHAPES,
        concludes="the part resembles a group of families: a shortlist, never an origin",
        cannot_show=_NEVER_WEIGHTS,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E2,
        confidence=Confidence.INFERRED,
        alternative="Most language models share one design; resembling it is the rule.",
        contest=_CONTEST,
    ),
    Rule(
        id="architecture.matches-encoder",
        signal=Signal.ARCHITECTURE,
        layer=Layer.WEIGHTS,
        reads=_SHAPES + "; for an encoder or decoder beside the core that declares no family",
        concludes=(
            "the part matches the families of one outside organisation alone: its weights are in question, "
            "untested; it moves no grade"
        ),
        cannot_show="that the weights are that organisation's: they were not tested",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.UNRESOLVED,
        alternative="The part may use the family's architecture with weights trained from scratch.",
        contest="Show the part's training record, or let its weights be tested against the family's.",
        severity=Severity.LOW,
        in_question=True,
    ),
)
