"""Fixtures that every area of the tests shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def field() -> Path:
    """The folder of real files of real models; it is not part of the repository."""
    folder = Path(os.environ.get("AIBOM_FIELD", ROOT.parent / "shared" / "field"))
    if not folder.is_dir():
        pytest.skip("the field kit is not here; set AIBOM_FIELD to its folder")
    return folder
