"""Python of the pages runs; their YAML, JSON and TOML is read by what reads it for users."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from aibom.cli import main
from aibom.policy import load_policy, load_waivers
from tests.docs.blocks import PAGES, Block, blocks

BLOCKS = [block for page in PAGES for block in blocks(page)]
KNOWN = {"", "text", "console", "python", "yaml", "json", "toml"}


def of(language: str) -> list[Block]:
    """Blocks of a language that are no file of a package: test_plugin_tutorial.py builds those."""
    return [block for block in BLOCKS if block.language == language and not block.file]


def test_languages_are_those_that_are_tested_here() -> None:
    assert {block.language for block in BLOCKS} == KNOWN


def given(page: str) -> dict[str, Any]:
    """What a page's code takes for granted, by name."""
    rows = np.zeros((16, 4096 // 256 * 144), dtype=np.uint8)
    return {"data": rows.tobytes()} if page == "quantisation.md" else {}


@pytest.mark.parametrize("page", sorted({block.page for block in of("python")}))
def test_python_runs_from_top_to_bottom(page: str, desk: Path) -> None:
    names = given(page)
    for block in of("python"):
        if block.page == page:
            text = block.text.replace('"org/name"', '"org-name"')
            exec(compile(text, str(block), "exec"), names)


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_yaml_is_what_its_reader_takes(block: Block, tmp_path: Path) -> None:
    value = yaml.safe_load(block.text)
    path = tmp_path / "snippet.yaml"
    path.write_text(block.text, encoding="utf-8")
    if isinstance(value, dict) and "waivers" in value:
        assert load_waivers(path)
    elif isinstance(value, dict) and "rules" in value:
        assert load_policy(str(path)).id == value["id"]
    else:  # a step of another server; tests/gate holds those against its schema
        assert re.search(r"^- (uses|repo): ", block.text)


@pytest.mark.parametrize("block", of("json"), ids=str)
def test_json_is_a_registry_without_problems(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "organisations.json"
    path.write_text(block.text, encoding="utf-8")
    assert json.loads(block.text)
    assert CliRunner().invoke(main, ["organisations", "lint", str(path)]).exit_code == 0
