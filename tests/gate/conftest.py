"""The example models, and the command line over them as a process of one's own would run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aibom.cli import main
from tests.end_to_end.test_examples import NAMES, ROOT, build

ORGANISATIONS = ROOT / "examples" / "organisations.json"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="session")
def boms(models: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A BOM of each example."""
    folder = tmp_path_factory.mktemp("boms")
    found = {}
    for name, model in models.items():
        found[name] = folder / f"{name}.cdx.json"
        result = run("generate", model, *of(name), "-o", found[name], "--quiet", "--reproducible")
        assert result.exit_code == 0, result.output
    return found


def of(name: str) -> tuple[str, ...]:
    """Options that an example is scanned with."""
    return ("--as", NAMES[name], "--organisations", str(ORGANISATIONS), "--offline")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def verdict(result: Result) -> dict[str, Any]:
    """The verdict that a command wrote as JSON."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found
