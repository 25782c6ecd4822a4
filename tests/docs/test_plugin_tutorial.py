"""The package that docs/plugins.md builds up: it builds, its own tests pass, and a scan runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks

PYTHON = Path(sys.executable)
COMMAND = PYTHON.with_name("aibom")
FILES = {block.file: block.text for block in blocks(ROOT / "docs" / "plugins.md") if block.file}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's folder, with the wheel that is built of it unpacked in `site/`."""
    folder = tmp_path_factory.mktemp("toy")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    run(folder, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as unpacked:
        unpacked.extractall(folder / "site")  # a wheel is installed by unpacking it
    return folder


def run(folder: Path, *arguments: str, program: Path = PYTHON) -> str:
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(folder / "site"), "HOME": str(folder)},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass(package: Path) -> None:
    assert "2 passed" in run(package, "-m", "pytest", "-p", "no:cacheprovider", "tests")


def test_a_scan_runs_it(package: Path) -> None:
    assert "toy" in run(package, "plugins", "list", program=COMMAND)
    model = package / "model"
    model.mkdir()
    (model / "a.toy").write_bytes((7).to_bytes(8, "little"))
    shown = run(package, "generate", "model", "--offline", "-f", "json", program=COMMAND)
    report = json.loads(shown)
    assert [(part["id"], part["parameters"]) for part in report["parts"]] == [("toy-1", 7)]
    assert {"aibom-toy"} <= {tool["name"] for tool in report["tools"]}
