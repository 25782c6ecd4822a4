"""Documents as other tools write them; the files are of our own hand, in the shape of theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aibom.documents import read
from aibom.model import Dossier

BOMS = Path(__file__).parent / "boms"


@pytest.fixture
def dossier() -> Callable[[str], Dossier]:
    """A file of `boms/`, read."""
    return lambda name: read((BOMS / name).read_bytes(), name)


@pytest.fixture
def told() -> Callable[[Any], Dossier]:
    """Any JSON value, read as the document `bom.json`."""
    return lambda document: read(json.dumps(document).encode(), "bom.json")
