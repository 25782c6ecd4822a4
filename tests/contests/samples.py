"""Dossiers and contests for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aibom.contests import Contest, Exhibit, file_contest
from aibom.model import Declaration, DeclarationKind, Dossier, Inspected, Notice, Part
from aibom.provenance import conclude
from aibom.sovereignty import load_profile
from tests.provenance.knowledge import CATALOG, CODE, CORE, VISION, files, notice, says, target

COMMIT = "3f2a1c9d5e7b8a6f4c2d1e0f9a8b7c6d5e4f3a2b"
KR = load_profile("kr")
DERIVED = says(DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B")
ENCODER = says(DeclarationKind.MODEL_TYPE, "qwen2_5_vl", "vision-encoder")
NOTICE = replace(notice("ZhipuAI Inc. team"), part="remote-code")
LOG = Exhibit("docs/training.log", "a" * 64)


def dossier(
    *declarations: Declaration,
    parts: tuple[Part, ...] = (CORE, VISION, CODE),
    notices: tuple[Notice, ...] = (NOTICE,),
) -> Dossier:
    """What a scan of a model with those declarations says; a derived core and foreign code by default."""
    inspected = Inspected(parts, declarations or (DERIVED, ENCODER), notices)
    scanned = target("upstage/solar")
    found, _ = conclude(scanned, files(*parts), inspected, catalog=CATALOG)
    return Dossier(
        form="scan",
        subject="upstage/solar",
        revision=COMMIT,
        digest="d" * 64,
        publisher=found.publisher,
        parts=parts,
        origins=found.origins,
        findings=found.findings,
    )


def finding(found: Dossier, rule: str) -> str:
    """The id of the one finding of a rule."""
    (ident,) = (item.id for item in found.findings if item.rule == rule)
    return ident


def contest(found: Dossier | None = None, rule: str = "declared.base-model", **changes: Any) -> Contest:
    """A contest of one finding."""
    where = found or dossier()
    said = {
        "claim": "The weights began at random.",
        "evidence": (LOG,),
        "filed_by": "Upstage",
        "date": "2026-11-20",
        **changes,
    }
    return file_contest(where, finding(where, rule), **said)
