"""Rules on weights: sampled rows held against those of reference models in the user's index."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Signal
from aibom.provenance.rules.rule import Rule

_READS = (
    "a few rows of many matrices of the part, all against all of a reference model of equal width, by "
    "centred correlation beside permuted copies and unrelated models; gains, biases, routers and positions "
    "do not count"
)
_CANNOT = (
    "which of the two was first; which data either was trained on; distillation leaves no trace in weights"
)
_ALTERNATIVE = (
    "Both may be made from a third model; the reference may itself be made from the target's predecessor, or "
    "its entry in the index may be wrong."
)
_CONTEST = (
    "Repeat the comparison on the named matrices and bytes, or publish an earlier checkpoint of the "
    "training, with its date."
)

TABLE = (
    Rule(
        id="weights.identical",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads=_READS,
        concludes="every sampled block holds the values of an older model of another organisation",
        cannot_show=_CANNOT + "; matrices that were not sampled may differ",
        relation=Relation.VERBATIM,
        evidence=Evidence.E3,
        confidence=Confidence.OBSERVED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    ),
    Rule(
        id="weights.derived",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads=_READS,
        concludes=(
            "effect, significance and coverage all pass (r ≥ .995, or equal where pruned; z ≥ 10 in at least "
            "half of the matrices, of two kinds and three layers): derived from an older model of another "
            "organisation"
        ),
        cannot_show=_CANNOT,
        relation=Relation.DERIVED,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    ),
    Rule(
        id="weights.shared-start",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads=_READS,
        concludes=(
            "effect, significance and coverage pass with r ≥ .05: a shared initialisation or a derivation; "
            "which of the two is not known, and no origin is asserted"
        ),
        cannot_show="that anything of the reference's training is in the weights: models that begin at one "
        "seed and train on other data agree up to r = .98 (docs/accuracy.md); " + _CANNOT,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative="The same code with the same seed gives the same start. " + _ALTERNATIVE,
        contest=_CONTEST,
        in_question=True,
    ),
    Rule(
        id="weights.related",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads="the same, where the dates do not tell which model was first",
        concludes="the weights are identical to a reference's or derived; the direction is not known",
        cannot_show=_CANNOT,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative="The target may be the reference's own model, or the older of the two. " + _ALTERNATIVE,
        contest=_CONTEST,
        in_question=True,
    ),
    Rule(
        id="weights.own",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads=_READS,
        concludes="the weights agree with a reference of the publisher's own group; it moves no grade",
        cannot_show="that the reference was trained from nothing; " + _CANNOT,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.OBSERVED,
        alternative=_ALTERNATIVE,
        contest=_CONTEST,
    ),
    Rule(
        id="weights.partial",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads=_READS,
        concludes="some matrices match, too few or in too few kinds and layers to decide; no origin",
        cannot_show="where the part as a whole comes from; " + _CANNOT,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.UNRESOLVED,
        alternative="Single matrices may have been taken over as a start; "
        + _ALTERNATIVE[0].lower()
        + _ALTERNATIVE[1:],
        contest=_CONTEST,
        in_question=True,
    ),
    Rule(
        id="weights.independent",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads="the same, against at least three outside references of equal width, one of each family that "
        "the part declares among them",
        concludes=(
            "no sampled matrix matches any of them, and a correlation of .20 would have shown: consistent "
            "with the publisher's own training"
        ),
        cannot_show=(
            "originality: references outside the index were not tested, distillation leaves no "
            "trace, and permuted or rotated copies are seen by `compare` alone"
        ),
        relation=Relation.ORIGINAL,
        evidence=Evidence.E2,
        confidence=Confidence.INFERRED,
        alternative="The weights may come from a model that the index does not hold.",
        contest="Name a public model that the part agrees with, and add it to the index.",
    ),
    Rule(
        id="weights.no-match",
        signal=Signal.WEIGHTS,
        layer=None,
        reads=_READS,
        concludes="no sampled matrix matches the references that could be tested; too few to conclude",
        cannot_show="originality, or independence of any other model",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.OBSERVED,
        alternative="The weights may come from a model that the index does not hold.",
        contest="Name a public model that the part agrees with, and add it to the index.",
    ),
)
