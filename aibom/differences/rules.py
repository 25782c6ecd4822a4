"""The rules of a comparison of two BOMs, as data: docs/diff.md shows this table.

Only what became worse fails. What improved or merely changed is a pass, which says so.
"""

from __future__ import annotations

from aibom.matching.rules import Rule, table
from aibom.model import Severity

INFO, LOW, MEDIUM, HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH
_KNOWN_NOW = "it may have been so before, and only be known now"
_SEEN_LESS = "it may be as before, and only not have been seen"
_SAME_WAY = "Make both BOMs with the same tool, depth and profile."

RULES = table(
    Rule(
        "comparison.depth",
        "how far files were read for each side",
        LOW,
        "comparability",
        "what one side alone tells may be on the other, unseen",
        _SAME_WAY,
    ),
    Rule(
        "comparison.profile",
        "the profile that each score was made under",
        LOW,
        "comparability",
        "the two scores measure different things",
        _SAME_WAY,
    ),
    Rule("identity.subject", "the model's name", INFO, "identity"),
    Rule("identity.revision", "the model's commit", INFO, "identity"),
    Rule(
        "identity.publisher",
        "who publishes the model: fails where that is now one outside the profile's home set",
        MEDIUM,
        "identity",
        _KNOWN_NOW,
        "The publisher names its seat, with a source.",
    ),
    Rule(
        "parts.added-outside",
        "new parts of an outside origin",
        HIGH,
        "parts",
        _KNOWN_NOW,
        "Take the part out, or approve it by a waiver that names this id.",
    ),
    Rule(
        "parts.undeclared",
        "parts that no configuration, card or index names, and that were named before or not there",
        MEDIUM,
        "parts",
        "a configuration of another form may name it",
        "The publisher declares the part.",
    ),
    Rule("parts.added", "new parts of no outside origin", INFO, "parts"),
    Rule(
        "parts.removed",
        "parts that are no longer there",
        LOW,
        "parts",
        _SEEN_LESS,
        _SAME_WAY,
    ),
    Rule("parts.changed", "role, parameters, element types of a part", INFO, "parts"),
    Rule(
        "origins.outside",
        "outside organisations among the origins of a part and layer that were not there before",
        HIGH,
        "origins",
        _KNOWN_NOW,
        "Contest the finding, or approve it by a waiver that names this id.",
    ),
    Rule(
        "origins.worse",
        "grade of an origin: own, inspired, adapted, derived, verbatim, denied",
        HIGH,
        "origins",
        _KNOWN_NOW,
        "Contest the finding, or approve it by a waiver that names this id.",
    ),
    Rule(
        "origins.evidence-lost",
        "evidence level of an origin, and whether it is known at all",
        MEDIUM,
        "origins",
        _SEEN_LESS,
        "Repeat the scan at the old depth, with the same index and network access.",
    ),
    Rule("origins.changed", "origins that improved, or changed without becoming worse", INFO, "origins"),
    Rule(
        "files.digest-lost",
        "SHA-256 of files",
        HIGH,
        "files",
        "the tool or source may not have told it this time",
        "State the SHA-256 of each file again.",
    ),
    Rule("files.added", "new files", INFO, "files"),
    Rule("files.removed", "files that are no longer there", INFO, "files"),
    Rule(
        "files.changed", "files of another content or size, and digests that were not stated", INFO, "files"
    ),
    Rule(
        "licences.dropped",
        "licences that are no longer stated",
        HIGH,
        "licences",
        "the licence may still hold, and only not be written down",
        "State the licence again, or say why it no longer applies.",
    ),
    Rule(
        "licences.restricted",
        "licences of a more restricted class than before",
        HIGH,
        "licences",
        "the publisher may grant other terms besides",
        "Read the new licence, and approve it by a waiver that names this id.",
    ),
    Rule("licences.changed", "licences of an equal or less restricted class", INFO, "licences"),
    Rule("datasets.added", "datasets that are newly named", INFO, "datasets"),
    Rule("datasets.removed", "datasets that are no longer named", INFO, "datasets"),
    Rule(
        "ancestors.added",
        "ancestors of another owner that were not named before",
        HIGH,
        "ancestors",
        _KNOWN_NOW,
        "Contest the finding, or approve it by a waiver that names this id.",
    ),
    Rule("ancestors.changed", "ancestors of the same owner, and those no longer named", INFO, "ancestors"),
    Rule(
        "security.added",
        "new security findings of severity medium or high",
        HIGH,
        "security",
        _KNOWN_NOW,
        "Replace the file, for example by safetensors.",
    ),
    Rule("security.gone", "security findings that are gone", INFO, "security"),
    Rule(
        "unknowns.added",
        "what could not be seen, and could before",
        LOW,
        "unknowns",
        "the network or a limit may have stood in the way",
        "Repeat the scan.",
    ),
    Rule("unknowns.resolved", "what could not be seen before, and can now", INFO, "unknowns"),
    Rule(
        "score.level",
        "the level",
        HIGH,
        "score",
        _KNOWN_NOW,
        "See which origin holds the level; more evidence raises it.",
    ),
    Rule(
        "score.lower",
        "the lower bound, in points of 100",
        MEDIUM,
        "score",
        _SEEN_LESS,
        "See which origin or evidence was lost.",
    ),
    Rule("score.changed", "level and bounds that did not fall", INFO, "score"),
    Rule(
        "score.lost",
        "whether a score is stated at all",
        LOW,
        "score",
        "the tool may not compute one",
        _SAME_WAY,
    ),
)
"""Every rule by id, in the order of the results."""
