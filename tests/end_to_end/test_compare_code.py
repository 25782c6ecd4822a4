"""`aibom compare` on the modelling code of the real library, rebuilt here and never committed.

AIBOM_TRANSFORMERS names a transformers wheel; without it there is nothing to compare.
"""

from __future__ import annotations

import json
import os
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aibom.cli import main

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from edits import edited

from transformers_code import modelling_files

WHEEL = os.environ.get("AIBOM_TRANSFORMERS", "")
pytestmark = pytest.mark.skipif(not Path(WHEEL).is_file(), reason="AIBOM_TRANSFORMERS names no wheel")


@cache
def sources() -> dict[str, list[tuple[str, str]]]:
    return modelling_files(Path(WHEEL))


def repository(place: Path, folder: str) -> Path:
    """A model whose shipped code is the library's, with its names changed and its order shuffled."""
    place.mkdir()
    ((_, text),) = sources()[folder]
    code = edited(text, random.Random(1), dropped=0.0)
    (place / "modeling_own.py").write_text(code, "utf-8")
    config = {"model_type": f"own_{place.name}", "auto_map": {"AutoModel": "modeling_own.OwnModel"}}
    (place / "config.json").write_text(json.dumps(config), "utf-8")
    return place


def compared(one: Path, other: Path) -> dict[str, Any]:
    """What the code signal says of two folders."""
    done = CliRunner().invoke(main, ["compare", str(one), str(other), "--offline", "-f", "json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)["signals"]["code"]
    return found


def test_solar_open_and_glm_share_code_lineage(tmp_path: Path) -> None:
    found = compared(repository(tmp_path / "a", "solar_open"), repository(tmp_path / "b", "glm4_moe"))
    assert found["verdict"] == "shares-lineage"


@pytest.mark.parametrize(("one", "other"), [("whisper", "glm4_moe"), ("dinov2", "mamba2")])
def test_unrelated_code_shares_nothing(tmp_path: Path, one: str, other: str) -> None:
    found = compared(repository(tmp_path / "a", one), repository(tmp_path / "b", other))
    assert found["verdict"] == "no-match"
