"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal


@dataclass(frozen=True, slots=True)
class Rule:
    """One way from something read to something concluded.

    Attributes:
        id: `<area>.<name>`, never reused for another meaning: finding ids are hashes over it.
        signal: the kind of evidence.
        layer: the only layer that it speaks about; None where it speaks about no origin.
        reads: what it looks at.
        concludes: what follows.
        cannot_show: what does not follow.
        relation: the relation that its origins get.
        evidence: the level that its origins get.
        confidence: the word beside its findings.
        severity: how much its findings matter to a gate.
        alternative: the innocent explanation.
        contest: how its finding is refuted.
        in_question: its origins mark weights that are untested beside a declared outside family.
    """

    id: str
    signal: Signal
    layer: Layer | None
    reads: str
    concludes: str
    cannot_show: str
    relation: Relation
    evidence: Evidence
    confidence: Confidence
    alternative: str
    contest: str
    severity: Severity = Severity.INFO
    in_question: bool = False
