"""`aibom generate -f spdx`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Cli, Library


def test_the_document_goes_to_standard_output_or_a_file(cli: Cli, library: Library, tmp_path: Path) -> None:
    done = cli("generate", "org/name", "-f", "spdx", "--reproducible")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["@context"] == "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    file = tmp_path / "model.spdx.json"
    assert cli("generate", "org/name", "-f", "spdx", "--reproducible", "-o", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == done.stdout


def test_a_list_of_targets_gets_files_of_that_name(cli: Cli, library: Library, tmp_path: Path) -> None:
    assert cli("generate", "-", "-f", "spdx", "-o", tmp_path, stdin="org/name\n").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["org--name.spdx.json"]
