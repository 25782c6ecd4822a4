"""One origin of a BOM against one of a scan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aibom.model import Dossier, Evidence, Layer, OrganisationRef, Origin, Outcome, Part, Relation, Role
from aibom.verification import verify

LAB = OrganisationRef("lab", "Lab", "KR", "KR", "registry")
STATED_LAB = OrganisationRef("stated:LAB", "LAB")
QWEN = OrganisationRef("qwen", "Qwen", "CN", "CN", "registry")
META = OrganisationRef("meta", "Meta", "US", "US", "registry")
STRANGER = OrganisationRef("stated:S", "Somebody")
ORIGINAL, INSPIRED, ADAPTED = Relation.ORIGINAL, Relation.INSPIRED, Relation.ADAPTED
DERIVED, VERBATIM, UNKNOWN = Relation.DERIVED, Relation.VERBATIM, Relation.UNKNOWN
E0, E1, E2, E3 = Evidence.E0, Evidence.E1, Evidence.E2, Evidence.E3
FAIL, UNDETERMINED = Outcome.FAIL, Outcome.UNDETERMINED


def of(
    relation: Relation, evidence: Evidence, *names: OrganisationRef, upstream: str | None = None
) -> Origin:
    return Origin("decoder-core", Layer.WEIGHTS, relation, evidence, names, upstream)


CASES: list[tuple[Origin | None, Origin | None, tuple[str, Outcome] | None]] = [
    # what the BOM claims, what was found, and what comes of it
    (of(ORIGINAL, E1, LAB), of(DERIVED, E3, QWEN), ("origins.contradicted", FAIL)),
    (of(ORIGINAL, E1), of(DERIVED, E3, QWEN), ("origins.contradicted", FAIL)),
    (of(ORIGINAL, E1, STATED_LAB), of(VERBATIM, E2, QWEN), ("origins.contradicted", FAIL)),
    (of(ORIGINAL, E1, LAB), of(DERIVED, E1, QWEN), ("origins.disagree", UNDETERMINED)),
    (of(ORIGINAL, E1, LAB), of(DERIVED, E3, LAB), ("origins.disagree", UNDETERMINED)),
    (of(ORIGINAL, E1, LAB), of(UNKNOWN, E0, QWEN), ("origins.unsupported", UNDETERMINED)),
    (of(ORIGINAL, E1, LAB), None, ("origins.unsupported", UNDETERMINED)),
    (of(ORIGINAL, E1, LAB), of(ORIGINAL, E3, LAB), None),
    (of(ORIGINAL, E1, STATED_LAB), of(ORIGINAL, E3, LAB), None),
    (of(ORIGINAL, E3, LAB), of(ORIGINAL, E1, LAB), ("origins.evidence-overclaimed", UNDETERMINED)),
    (of(DERIVED, E1, QWEN), of(ORIGINAL, E3, LAB), ("origins.disagree", UNDETERMINED)),
    (of(DERIVED, E1, QWEN), of(DERIVED, E3, QWEN), None),
    (of(VERBATIM, E1, QWEN), of(ADAPTED, E3, QWEN), None),
    (of(INSPIRED, E1, QWEN), of(DERIVED, E3, QWEN), ("origins.contradicted", FAIL)),
    (of(INSPIRED, E1, QWEN), of(DERIVED, E1, QWEN), ("origins.disagree", UNDETERMINED)),
    (of(DERIVED, E1, META), of(DERIVED, E3, QWEN), ("origins.contradicted", FAIL)),
    (of(DERIVED, E1, STRANGER), of(DERIVED, E3, QWEN), ("origins.disagree", UNDETERMINED)),
    (of(DERIVED, E1), of(DERIVED, E3, QWEN), ("origins.disagree", UNDETERMINED)),
    (of(DERIVED, E1, QWEN, META), of(DERIVED, E3, QWEN), None),
    (
        of(DERIVED, E1, QWEN, upstream="Qwen/A"),
        of(DERIVED, E3, QWEN, upstream="Qwen/B"),
        ("origins.disagree", UNDETERMINED),
    ),
    (of(DERIVED, E1, QWEN, upstream="qwen/a"), of(DERIVED, E3, QWEN, upstream="Qwen/A"), None),
    (of(UNKNOWN, E0), of(DERIVED, E3, QWEN), ("origins.undeclared", FAIL)),
    (of(UNKNOWN, E0), of(DERIVED, E1, QWEN), None),
    (of(UNKNOWN, E0), of(ORIGINAL, E3, LAB), None),
    (None, of(DERIVED, E2, QWEN), ("origins.undeclared", FAIL)),
    (None, of(DERIVED, E1, QWEN), None),
    (None, of(ORIGINAL, E3, LAB), None),
]


def side(origin: Origin | None) -> Dossier:
    """A model with one part, the origin, and one that both sides always agree on."""
    core = Part("decoder-core", Role.DECODER_CORE, "Core", present=True)
    agreed = Origin("decoder-core", Layer.CODE, DERIVED, E1, (QWEN,))
    origins = (agreed, origin) if origin else (agreed,)
    return Dossier("scan", "lab/model", publisher=LAB, parts=(core,), origins=origins)


@pytest.mark.parametrize(("claimed", "found", "expected"), CASES)
def test_an_origin_against_another(
    claimed: Origin | None, found: Origin | None, expected: tuple[str, Outcome] | None
) -> None:
    results = [
        item
        for item in verify(side(claimed), side(found)).results
        if item.rule.startswith("origins.") and item.outcome is not Outcome.PASS
    ]
    assert [(item.rule, item.outcome) for item in results] == ([expected] if expected else [])
    assert all((item.part, item.layer) == ("decoder-core", Layer.WEIGHTS) for item in results)


@pytest.mark.parametrize("layer", [layer for layer in Layer if layer is not Layer.WEIGHTS])
def test_evidence_of_one_layer_speaks_of_no_other(layer: Layer) -> None:
    claimed, found = of(ORIGINAL, E1, LAB), replace(of(VERBATIM, E3, QWEN), layer=layer)
    results = verify(side(claimed), side(found)).results
    weights = [item for item in results if item.layer is Layer.WEIGHTS]
    assert [item.rule for item in weights] == ["origins.unsupported"]
