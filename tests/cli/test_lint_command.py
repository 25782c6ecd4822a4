"""`aibom lint` on anyone's BOM."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

EMPTY = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
}
DUPLICATE = EMPTY | {"components": [{"type": "library", "name": name, "bom-ref": "x"} for name in ("a", "b")]}


def test_errors_give_code_1_and_say_where(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(DUPLICATE | {"version": "one"}))
    done = cli("lint", path, "-f", "json")
    problems = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {"severity": "error", "rule": "schema", "pointer": "/version"}.items() <= next(
        problem for problem in problems if problem["pointer"] == "/version"
    ).items()
    table = cli("lint", path)
    assert table.exit_code == 1
    assert "/version" in table.stdout


def test_warnings_do_not_fail(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from aibom.bom import Problem

    problem = Problem("rule", "warning", "", "\x1b[31m message")  # type: ignore[arg-type]
    monkeypatch.setattr("aibom.api.lint", lambda document, **options: (problem,))
    done = cli("lint", "-", stdin="{}")
    assert (done.exit_code, "message" in done.stdout, "\x1b" in done.stdout) == (0, True, False)


def test_no_problem_is_said_too(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr("aibom.api.lint", lambda document, **options: seen.append(document) or ())
    assert cli("lint", "-", stdin=json.dumps(EMPTY)).stdout == "no problems\n"
    assert json.loads(cli("lint", "-", "-f", "json", stdin=json.dumps(EMPTY)).stdout) == []
    assert seen == [EMPTY, EMPTY]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"\xff\xfe{}", b"[" * 100_000, b"<bom/>", b'{"a": "\xff"}'],
    ids=["empty", "cut off", "a list", "utf-16", "deep", "xml", "not utf-8"],
)
def test_what_is_no_json_object_is_an_input_error(cli: Cli, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(data)
    for done in (cli("lint", path), cli("lint", "-", stdin=data)):
        assert (done.exit_code, done.stdout) == (4, "")
        assert len(done.stderr.splitlines()) == 2


def test_a_file_that_is_not_there_or_a_folder_is_an_input_error(cli: Cli, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json"):
        assert cli("lint", path).exit_code == 4


def test_a_file_without_end_is_not_read_to_its_end(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aibom.cli.documents.MAX_BOM", 10)
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(EMPTY))
    done = cli("lint", path)
    assert done.exit_code == 4
    assert "larger than 10 bytes" in done.stderr


def test_a_second_validator_is_asked_on_request(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(EMPTY | {"version": "one"}))
    once = {problem["rule"] for problem in json.loads(cli("lint", path, "-f", "json").stdout)}
    twice = {
        problem["rule"] for problem in json.loads(cli("lint", path, "-f", "json", "--cross-check").stdout)
    }
    assert twice - once == {"schema-reference"}
