"""Organisations, digests, files and scores that the samples share."""

from __future__ import annotations

import hashlib

from aibom.model import (
    Evidence,
    FileClass,
    FileEntry,
    Layer,
    LayerScore,
    OrganisationRef,
    Score,
    ToolPart,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HUB = "https://huggingface.co"
TOOLS = (ToolPart("aibom", "0.1.0", "The core"), ToolPart("aibom-huggingface", "0.1.0"))

ACME = OrganisationRef("acme", "Acme AI", "KR", "KR", "registry: namespace acme (verified)")
ALIBABA = OrganisationRef("alibaba", "Alibaba Cloud", "CN", "KY", "registry: namespace Qwen (unverified)")
ZHIPU = OrganisationRef("zhipu", "Zhipu AI", "CN", "CN", "registry: notice name (unverified)")
COMMUNITY = OrganisationRef("eleuther", "EleutherAI", "multi", "multi", "registry: namespace EleutherAI")
STRANGER = OrganisationRef("hub:somebody", "somebody", source="Hub namespace, not in the registry")


def sha(seed: str) -> str:
    """A digest of the right shape, different for each seed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def file(path: str, kind: FileClass = FileClass.OTHER, size: int = 100) -> FileEntry:
    """A file with a digest of its own."""
    return FileEntry(path, size, sha(path), kind)


NO_SCORE = Score(
    profile="neutral",
    profile_digest=sha("neutral"),
    profile_date="2026-01-15",
    level=None,
    ceiling=None,
    evidence=Evidence.E0,
    lower=0.0,
    upper=100.0,
    coverage=0.0,
)


def score() -> Score:
    """Level 2 under the Korean profile, with every layer."""
    weights = (35, 15, 10, 10, 10, 10, 5, 5)
    return Score(
        profile="kr",
        profile_digest=sha("kr"),
        profile_date="2026-01-15",
        level=2,
        ceiling=2,
        evidence=Evidence.E1,
        lower=21.5,
        upper=83.25,
        coverage=38.25,
        layers=tuple(
            LayerScore(layer, float(weight), 0.2, 0.8, 0.4)
            for layer, weight in zip(Layer, weights, strict=True)
        ),
        reasons=("vision-encoder: weights verbatim from Alibaba Cloud (CN), E4",),
        home=("KR",),
    )
