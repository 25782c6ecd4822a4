"""Rules on what a vendor answers in the questionnaire: declarations, never more than E1."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_CANNOT = "that the answer is true: documents are named with their digests, and were not read"
_ALTERNATIVE = "The answer may be mistaken, or given for another state of the model."
_CONTEST = "Correct the answer, or show what contradicts it."


def _rule(name: str, reads: str, concludes: str, layer: Layer | None, relation: Relation) -> Rule:
    return Rule(
        id=f"questionnaire.{name}",
        signal=Signal.DECLARED,
        layer=layer,
        reads=reads,
        concludes=concludes,
        cannot_show=_CANNOT,
        relation=relation,
        evidence=Evidence.E0 if layer is None else Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    )


def _pair(name: str, layer: Layer, reads: str, own: str, outside: str) -> Iterator[Rule]:
    """A layer that is the vendor's own, or another's."""
    yield _rule(f"{name}-own", reads, own, layer, Relation.ORIGINAL)
    yield _rule(f"{name}-outside", reads, outside, layer, Relation.VERBATIM)


TABLE = (
    _rule("statement", "any answer", "the vendor says so; it is no origin", None, Relation.UNKNOWN),
    _rule(
        "training-own",
        "`initialisation: random` of a part",
        "the part's weights are said to be the vendor's own, from a random start",
        Layer.WEIGHTS,
        Relation.ORIGINAL,
    ),
    _rule(
        "training-continued",
        "`initialisation: outside-checkpoint` of a part",
        "the part's weights are said to derive from another organisation's",
        Layer.WEIGHTS,
        Relation.DERIVED,
    ),
    _rule(
        "training-none",
        "`initialisation: outside-frozen` of a part",
        "the part's weights are said to be another organisation's, unchanged",
        Layer.WEIGHTS,
        Relation.VERBATIM,
    ),
    *_pair(
        "tokenizer",
        Layer.TOKENIZER,
        "`tokenizer.vocabulary`",
        "the vocabulary is said to be the vendor's own",
        "the vocabulary is said to be another organisation's, unchanged",
    ),
    _rule(
        "tokenizer-extended",
        "`tokenizer.vocabulary: extended`",
        "the vocabulary is said to be another organisation's, with entries of the vendor's",
        Layer.TOKENIZER,
        Relation.ADAPTED,
    ),
    *_pair(
        "data",
        Layer.DATA,
        "`data.collection`, and `data.collectors` with it",
        "the vendor is said to have collected the data alone",
        "others are said to have collected the data",
    ),
    _rule(
        "data-mixed",
        "`data.collection: mixed`, and `data.collectors` with it",
        "the vendor and others are said to have collected the data",
        Layer.DATA,
        Relation.ADAPTED,
    ),
    *_pair(
        "compute",
        Layer.COMPUTE,
        "operator and country of each entry of `compute.sites`",
        "the vendor's own group is said to have run the training; the country counts as an origin beside it",
        "another organisation is said to have run the training; the country counts as an origin beside it",
    ),
    *_pair(
        "governance",
        Layer.GOVERNANCE,
        "`governance.decision_makers`",
        "the vendor is said to decide alone",
        "another organisation is said to decide, alone or with the vendor",
    ),
    *_pair(
        "licence",
        Layer.LICENCE,
        "`governance.licensor`",
        "the vendor is said to grant the licence",
        "another organisation is said to grant the licence",
    ),
    Rule(
        id="questionnaire.contradiction",
        signal=Signal.DECLARED,
        layer=None,
        reads="an answer beside what was found, or what the repository declares",
        concludes="the two do not agree: both are kept, and the answer moves no grade",
        cannot_show="which of them is true",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.CONTRADICTED,
        alternative="They may speak of different states of the model, or of different parts.",
        contest="Show the training record of the part, or let its weights be tested.",
        severity=Severity.MEDIUM,
    ),
)
