"""Where each part came from: five typed signals, never blended, each moving only its own layer."""

from __future__ import annotations

from functools import cache

from aibom.catalog import Catalog
from aibom.model import FileEntry, Inspected, Provenance, Target, Unknown
from aibom.provenance import merge
from aibom.provenance.answered import answered
from aibom.provenance.claims import Claim, Signal, claim, finding_id
from aibom.provenance.comparison import compare
from aibom.provenance.context import Context, Lookup
from aibom.provenance.references import ReferenceModel, References
from aibom.provenance.rules import RULES, Rule
from aibom.provenance.signals import SIGNALS
from aibom.questionnaire import Answers

__all__ = [
    "RULES",
    "Claim",
    "Context",
    "Lookup",
    "ReferenceModel",
    "References",
    "Rule",
    "Signal",
    "claim",
    "compare",
    "conclude",
    "finding_id",
]


def conclude(
    target: Target,
    files: tuple[FileEntry, ...],
    inspected: Inspected,
    *,
    catalog: Catalog,
    lookup: Lookup | None = None,
    references: References | None = None,
    answers: Answers | None = None,
) -> tuple[Provenance, tuple[Unknown, ...]]:
    """What the signals say of the parts' origins, and what they could not see.

    `lookup` answers another repository's digests by Hub id, or None; without it nothing is compared.
    Several signals ask it; each repository is asked for once. `references` is the index that weights are
    held against; without it they are not. `answers` is what the vendor declares of what cannot be seen.
    """
    context = Context(
        target, files, inspected, catalog, cache(lookup) if lookup else None, references, answers
    )
    told = [item for signal in SIGNALS for item in signal(context)]
    told += answered(context, [item for item in told if isinstance(item, Claim)])
    claims = [item for item in told if isinstance(item, Claim)]
    unknowns = tuple(dict.fromkeys(item for item in told if isinstance(item, Unknown)))
    found = merge.findings(claims)
    concluded = merge.origins(claims)
    publisher = context.publisher
    named = merge.named(publisher, found, concluded)
    return Provenance(publisher, found, concluded, named), unknowns
