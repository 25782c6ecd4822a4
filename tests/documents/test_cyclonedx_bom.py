"""A real BOM of a tool that nobody here wrote, in every version that it writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aibom.documents import is_document, read

PYPROJECT = """\
[project]
name = "serving"
version = "1.2"
license = "Apache-2.0"
authors = [{ name = "Some Lab" }]
"""


@pytest.mark.parametrize("version", ["1.4", "1.5", "1.6", "1.7"])
def test_a_bom_of_python_packages_is_read_and_holds_no_model(tmp_path: Path, version: str) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.txt").write_text("transformers==4.1.0\ntorch>=2\n")
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--pyproject", "pyproject.toml"]
    made = subprocess.run(
        [*command, "--sv", version, "--of", "JSON"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert is_document(made.stdout[:100])
    found = read(made.stdout, "serving.cdx.json")
    assert (found.form, found.subject) == (f"CycloneDX {version}", "serving")
    assert "cyclonedx-py" in {tool.name for tool in found.tools}
    assert found.parts == found.files == found.origins == ()
    assert [unknown.reason for unknown in found.unknowns] == [
        "the document describes no machine-learning model"
    ]
