"""Analyses built by hand, for tests of everything downstream of the scan."""

from tests.samples.common import (
    ACME,
    ALIBABA,
    COMMIT,
    COMMUNITY,
    HUB,
    STRANGER,
    TOOLS,
    ZHIPU,
    file,
    score,
    sha,
)
from tests.samples.hostile import NASTY, hostile
from tests.samples.rich import CODE, crowd, rich
from tests.samples.small import finetune, minimal

ALL = {"minimal": minimal, "rich": rich, "finetune": finetune, "hostile": hostile}
"""Every sample by name."""

__all__ = [
    "ACME", "ALIBABA", "ALL", "CODE", "COMMIT", "COMMUNITY", "HUB", "NASTY", "STRANGER", "TOOLS", "ZHIPU",
    "crowd", "file", "finetune", "hostile", "minimal", "rich", "score", "sha",
]  # fmt: skip
