"""The published cases with the modelling code of the real library, rebuilt here and never committed.

AIBOM_TRANSFORMERS names a transformers wheel; without it the cases are measured by `make bench-lineage` only.
"""

from __future__ import annotations

import os
import random
import sys
from functools import cache
from pathlib import Path

import pytest

from aibom.catalog import load
from aibom.model import (
    CodePrint,
    Evidence,
    Finding,
    HubRecord,
    Inspected,
    Layer,
    Notice,
    Part,
    Provenance,
    Relation,
    Target,
    TargetKind,
)
from aibom.provenance import conclude
from aibom.sources.memory import MemoryView
from aibom.testing import inspect
from aibom_huggingface import HuggingFaceInspector

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from edits import edited

from transformers_code import modelling_files

WHEEL = os.environ.get("AIBOM_TRANSFORMERS", "")
pytestmark = pytest.mark.skipif(not Path(WHEEL).is_file(), reason="AIBOM_TRANSFORMERS names no wheel")
NOTICE = "# Copyright 2025 The ZhipuAI Inc. team and HuggingFace Inc. team. All rights reserved.\n"


@cache
def sources() -> dict[str, list[tuple[str, str]]]:
    return modelling_files(Path(WHEEL))


def scanned(folder: str, repository: str, created: str | None, head: str = "") -> Provenance:
    """A repository whose modelling code is the library's, with its names changed and its order shuffled."""
    ((module, text),) = sources()[folder]
    code = head + edited(text, random.Random(1), dropped=0.0)
    seen = inspect(HuggingFaceInspector(), MemoryView({f"{module}.py": code.encode()}))
    inspected = Inspected(
        parts=tuple(item for item in seen if isinstance(item, Part)),
        notices=tuple(item for item in seen if isinstance(item, Notice)),
        prints=tuple(item for item in seen if isinstance(item, CodePrint)),
    )
    target = Target(repository, TargetKind.HUB, "model", repository, hub=HubRecord(created=created))
    return conclude(target, (), inspected, catalog=load())[0]


def findings(found: Provenance, rule: str) -> list[Finding]:
    return [item for item in found.findings if item.rule == rule]


def named(items: list[Finding]) -> set[str]:
    return {organisation.id for item in items for organisation in item.organisations}


@pytest.mark.parametrize("head", ["", NOTICE], ids=["without notice", "with notice"])
def test_solar_shaped_code_leads_to_glm_with_file_and_line(head: str) -> None:
    found = scanned("solar_open", "upstage/Solar-Open-100B", "2025-12-31T00:00:00Z", head)
    (finding,) = findings(found, "code.print")
    assert named([finding]) == {"zhipu"}
    assert "glm4_moe" in finding.statement
    assert {place.path for place in finding.locators} == {"modeling_solar_open.py"}
    assert all(place.line for place in finding.locators)
    assert bool(findings(found, "code.notice")) == bool(head)
    assert bool(findings(found, "licence.duty-attribution")) == (not head)
    (code,) = [item for item in found.origins if item.layer is Layer.CODE]
    assert (code.relation, code.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert all(item.layer is Layer.CODE for item in found.origins)


def test_ax_k1_shaped_code_leads_to_deepseek() -> None:
    found = scanned("axk1", "skt/A.X-K1", "2026-01-05T00:00:00Z")
    assert named(findings(found, "code.print")) == {"deepseek"}


def test_k_exaone_shaped_code_is_told_class_by_class() -> None:
    found = scanned("exaone_moe", "LGAI-EXAONE/K-EXAONE-236B", "2026-02-01T00:00:00Z")
    assert findings(found, "code.print") == []
    own = named(findings(found, "code.print-own"))
    assert own and own <= {item.id for item in [found.publisher] if item}
    assert "deepseek" in named(findings(found, "code.print-class"))
    assert all(item.relation is Relation.UNKNOWN for item in found.origins)


def test_hyperclova_shaped_code_accuses_nobody() -> None:
    found = scanned("hyperclovax", "naver-hyperclovax/HyperCLOVAX-SEED-Think", "2026-06-10T00:00:00Z")
    assert findings(found, "code.print") == []


def test_an_original_publisher_is_not_led_to_those_who_came_later() -> None:
    found = scanned("deepseek_v3", "deepseek-ai/DeepSeek-V3", "2024-12-25T00:00:00Z")
    assert findings(found, "code.print") == findings(found, "code.print-related") == []
