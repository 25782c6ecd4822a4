"""Rules on vocabularies: a tokenizer's print held against those of known tokenizers."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Signal
from aibom.provenance.rules.rule import Rule

_READS = (
    "the print of the vocabulary (order of merges, tokens with their ids; single characters, bytes and "
    "markers left out) against those of the tokenizers in the catalogue"
)
_NOT_WEIGHTS = "anything about weights, data or architecture: unrelated models share vocabularies"
_ALTERNATIVE = "Published vocabularies are free to use; both may also go back to a third one."
_CONTEST = "Show how the tokenizer was trained, or that it was published before the reference."

TABLE = (
    Rule(
        id="tokenizer.identical",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads=_READS,
        concludes="every ordinary token has the id that an older vocabulary of another organisation gives it",
        cannot_show=_NOT_WEIGHTS,
        relation=Relation.VERBATIM,
        evidence=Evidence.E4,
        confidence=Confidence.OBSERVED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.identical-undirected",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads="the same, where the dates do not tell which vocabulary was first",
        concludes="the vocabulary is identical to the reference's; the direction is not known",
        cannot_show="which of the two is the origin; " + _NOT_WEIGHTS,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E4,
        confidence=Confidence.OBSERVED,
        alternative="The target may be the reference's own model, or the older of the two.",
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.extended",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads=_READS,
        concludes=(
            "the vocabulary holds at least 90 % of an older and smaller one of another organisation, in the "
            "same order or under the same ids: it was extended from it"
        ),
        cannot_show=_NOT_WEIGHTS + ". Unrelated vocabularies share 0.3 % under equal ids at most",
        relation=Relation.ADAPTED,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.extended-undirected",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads="the same, where the dates do not tell which was first, or the target's is the smaller",
        concludes="one vocabulary was extended or cut from the other; the direction is not known",
        cannot_show="which of the two is the origin; " + _NOT_WEIGHTS,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative="The target may be the reference's own model, or the older of the two.",
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.own",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads=_READS,
        concludes="the vocabulary is, or extends, one of the publisher's own group; it moves no grade",
        cannot_show="that the publisher trained it from nothing; " + _NOT_WEIGHTS,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.OBSERVED,
        alternative="The reference may itself be made from another vocabulary.",
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.overlapping",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads=_READS,
        concludes="the vocabularies share more than chance explains, and less than one of them; no origin",
        cannot_show="which of the two is the origin, or whether a third is; " + _NOT_WEIGHTS,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.UNRESOLVED,
        alternative="A large vocabulary holds most words of a small one; both may go back to a third one.",
        contest=_CONTEST,
    ),
    Rule(
        id="tokenizer.no-match",
        signal=Signal.TOKENIZER,
        layer=None,
        reads=_READS,
        concludes="no vocabulary of the catalogue agrees in order or ids; shared words alone show no lineage",
        cannot_show="originality: the catalogue holds few vocabularies",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.OBSERVED,
        alternative="It may be made from a vocabulary that the catalogue does not hold.",
        contest="Name a published vocabulary that it agrees with.",
    ),
)
