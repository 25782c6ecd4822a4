"""Rules on equal digests, and on what the Hub's scanners say."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_DIGEST_CONTEST = "Show that the digests differ, or that the reference was published later."

TABLE = (
    Rule(
        id="digests.equal-weights",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads="SHA-256 of the part's weight files beside those of an older declared parent",
        concludes="the part's weights are the parent's, unchanged",
        cannot_show="anything where no file is equal: one changed byte changes the digest",
        relation=Relation.VERBATIM,
        evidence=Evidence.E4,
        confidence=Confidence.VERIFIED,
        alternative="Both repositories may hold a file of a third one.",
        contest=_DIGEST_CONTEST,
    ),
    Rule(
        id="digests.identical-weights",
        signal=Signal.WEIGHTS,
        layer=Layer.WEIGHTS,
        reads="the same, where the dates do not tell which repository was first",
        concludes="the part's weights are identical to the reference's; the direction is not known",
        cannot_show="which of the two is the origin",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E4,
        confidence=Confidence.VERIFIED,
        alternative="The reference may be the later of the two.",
        contest=_DIGEST_CONTEST,
    ),
    Rule(
        id="digests.equal-tokenizer",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads=(
            "SHA-256, or git's id of the content, of the vocabulary files beside those of an older "
            "declared parent"
        ),
        concludes="the tokenizer is the parent's, unchanged",
        cannot_show="anything about weights: a vocabulary can be shared by unrelated models",
        relation=Relation.VERBATIM,
        evidence=Evidence.E4,
        confidence=Confidence.VERIFIED,
        alternative="Both repositories may use a vocabulary of a third one.",
        contest=_DIGEST_CONTEST,
    ),
    Rule(
        id="digests.identical-tokenizer",
        signal=Signal.TOKENIZER,
        layer=Layer.TOKENIZER,
        reads="the same, where the dates do not tell which repository was first",
        concludes="the tokenizer is identical to the reference's; the direction is not known",
        cannot_show="which of the two is the origin",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E4,
        confidence=Confidence.VERIFIED,
        alternative="The reference may be the later of the two.",
        contest=_DIGEST_CONTEST,
    ),
    Rule(
        id="hub.security",
        signal=Signal.SECURITY,
        layer=None,
        reads="the results of the Hub's file scanners",
        concludes="the Hub flags the file",
        cannot_show="that the file is harmful, or that others are safe",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.OBSERVED,
        alternative="Scanners report false positives.",
        contest="Replace the file by one in a format that carries no code, or have the Hub clear it.",
        severity=Severity.HIGH,
    ),
)
