"""Small dossiers, built by hand."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
    Confidence,
    Depth,
    Dossier,
    Evidence,
    Finding,
    Layer,
    Licence,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Severity,
    Signal,
)

HOME = OrganisationRef("home", "Home", "KR", "KR", "test")
OUTSIDE = OrganisationRef("outside", "Outside", "CN", "CN", "test")
OWNED = OrganisationRef("owned", "Owned", "KR", "US", "test")
NOWHERE = OrganisationRef("hub:x", "x")

CORE = Part("decoder-core", Role.DECODER_CORE, "core", parameters=900, declared=True, present=True)
VISION = Part("vision-encoder", Role.VISION_ENCODER, "vision", parameters=100, declared=True, present=True)
TOKENIZER = Part("tokenizer", Role.TOKENIZER, "tokenizer", declared=True, present=True)


def weights(
    part: Part,
    relation: Relation = Relation.ORIGINAL,
    evidence: Evidence = Evidence.E2,
    organisation: OrganisationRef = HOME,
    findings: tuple[str, ...] = (),
) -> Origin:
    return Origin(part.id, Layer.WEIGHTS, relation, evidence, (organisation,), findings=findings)


def finding(ident: str, part: str | None = None, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        ident,
        "weights.match",
        Signal.SECURITY if part is None else Signal.WEIGHTS,
        Confidence.OBSERVED,
        f"{part or 'model.bin'} matches",
        part=part,
        layer=None if part is None else Layer.WEIGHTS,
        severity=severity,
    )


def licence(expression: str | None, name: str = "named") -> Licence:
    return Licence(name, Locator("README.md", line=2), expression)


DOSSIER = Dossier(
    form="scan",
    subject="lab/model",
    depth=Depth.HEADERS,
    parts=(CORE, VISION, TOKENIZER),
    origins=(weights(CORE), weights(VISION)),
)
"""Home-made at E2."""

FROZEN = replace(
    DOSSIER,
    origins=(weights(CORE), weights(VISION, Relation.VERBATIM, Evidence.E4, OUTSIDE, ("f-1", "f-2"))),
    findings=(finding("f-1", "vision-encoder"), finding("f-2", "vision-encoder")),
)
"""One encoder is another's."""

UNTESTED = replace(DOSSIER, origins=())
"""Nothing known."""
