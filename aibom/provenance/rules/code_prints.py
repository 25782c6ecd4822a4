"""Rules on prints of code: what the code does, held against the code of known families."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Signal
from aibom.provenance.rules.rule import Rule

_READS = (
    "prints of the modelling code (winnowed runs of syntax, names masked) against those of the families in "
    "the catalogue; code that many families share weighs little"
)
_CONTEST = "Show the code's history, or the common source that both were written from."

TABLE = (
    Rule(
        id="code.print",
        signal=Signal.CODE,
        layer=Layer.CODE,
        reads=_READS,
        concludes=(
            "at least three quarters of the code, by weight, stand in the code of an older family of another "
            "organisation, and in that of no family beside its descendants: it shares lineage with it"
        ),
        cannot_show=(
            "anything about weights or the architecture. No unrelated family reached the threshold "
            "(docs/accuracy.md); code that was written anew is not found"
        ),
        relation=Relation.ADAPTED,
        evidence=Evidence.E3,
        confidence=Confidence.INFERRED,
        alternative="Both may go back to a third source, or to one author; open licences allow such use.",
        contest=_CONTEST,
    ),
    Rule(
        id="code.print-related",
        signal=Signal.CODE,
        layer=Layer.CODE,
        reads=_READS,
        concludes=(
            "as much of the code stands in another family's code, and which came first, or from which of "
            "several families it came, is not known; it moves no grade"
        ),
        cannot_show="the direction; anything about weights or the architecture",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.INFERRED,
        alternative="The reference may be the later one, or a port of this very code into a library.",
        contest=_CONTEST,
    ),
    Rule(
        id="code.print-class",
        signal=Signal.CODE,
        layer=Layer.CODE,
        reads=f"class by class, {_READS}",
        concludes="single classes resemble those of another family; it moves no grade",
        cannot_show="whose work the code as a whole is; anything about weights or the architecture",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.INFERRED,
        alternative="Single classes often come from a common library, or follow one published formula.",
        contest=_CONTEST,
    ),
    Rule(
        id="code.print-own",
        signal=Signal.CODE,
        layer=Layer.CODE,
        reads=_READS,
        concludes="the code, or classes of it, stand in older code of the publisher's own; it moves no grade",
        cannot_show="where that older code came from; anything about weights or the architecture",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E1,
        confidence=Confidence.INFERRED,
        alternative="The older code may itself hold others' work.",
        contest=_CONTEST,
    ),
    Rule(
        id="code.print-none",
        signal=Signal.CODE,
        layer=None,
        reads=_READS,
        concludes="no family's code is matched, or there is too little code to tell",
        cannot_show="originality: code that was written anew, or that no catalogue holds, matches nothing",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.INFERRED,
        alternative="The code may come from a source that the catalogue does not hold.",
        contest=_CONTEST,
    ),
)
