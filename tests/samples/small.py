"""A folder with one weights file, and a fine-tune."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
    Analysis,
    Confidence,
    Depth,
    Evidence,
    FileClass,
    Finding,
    Inspected,
    Layer,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Provenance,
    ReadStats,
    Relation,
    Role,
    Signal,
    Target,
    TargetKind,
)
from tests.samples.common import COMMIT, HUB, NO_SCORE, STRANGER, TOOLS, file, score


def minimal() -> Analysis:
    """A folder with one weights file: no repository, no card, no organisation, no score."""
    return Analysis(
        tools=TOOLS,
        target=Target(ref="./tiny", kind=TargetKind.FOLDER, name="tiny"),
        depth=Depth.HEADERS,
        files=(file("model.safetensors", FileClass.WEIGHTS),),
        inspected=Inspected(
            parts=(
                Part(
                    "decoder-core",
                    Role.DECODER_CORE,
                    "Decoder core",
                    ("model.safetensors",),
                    10,
                    2,
                    present=True,
                ),
            )
        ),
        provenance=Provenance(),
        score=NO_SCORE,
        unknowns=(),
        read=ReadStats(4096, 0, 1),
    )


def finetune() -> Analysis:
    """A whole model that is proven to be derived from another."""
    base = minimal()
    return replace(
        base,
        target=Target("acme/tuned", TargetKind.HUB, "tuned", "acme/tuned", COMMIT, HUB),
        provenance=Provenance(
            STRANGER,
            (
                Finding(
                    "f-equal",
                    "R6",
                    Signal.WEIGHTS,
                    Confidence.VERIFIED,
                    "weights share lineage with meta-llama/Llama-3.1-8B",
                    layer=Layer.WEIGHTS,
                    locators=(Locator("model.safetensors", offset=0, length=8),),
                ),
            ),
            (
                Origin(
                    "model",
                    Layer.WEIGHTS,
                    Relation.DERIVED,
                    Evidence.E3,
                    (OrganisationRef("meta", "Meta", "US", "US", "registry: namespace meta-llama"),),
                    "meta-llama/Llama-3.1-8B",
                    ("f-equal",),
                ),
            ),
        ),
        score=score(),
    )
