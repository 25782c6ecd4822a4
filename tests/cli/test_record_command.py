"""`aibom record` hands its options on and says what was kept."""

from __future__ import annotations

from pathlib import Path

from aibom.errors import OfflineError
from tests.cli.conftest import Cli, Library


def test_what_was_recorded_is_said(cli: Cli, library: Library, tmp_path: Path) -> None:
    done = cli("record", "org/name", "-o", tmp_path / "snap", "--revision", "v1")
    assert done.exit_code == 0
    assert done.stdout == (
        "recorded org/name @ 3f2a1c9d5e7b8a6f4c2d1e0f9a8b7c6d5e4f3a2b: "
        f"14.2 MB of 2 files in {tmp_path / 'snap'}\n"
    )
    [(target, options)] = library.calls
    assert (target, options["directory"], options["revision"]) == ("org/name", tmp_path / "snap", "v1")


def test_a_failure_has_its_code(cli: Cli, library: Library, tmp_path: Path) -> None:
    library.failures["org/name"] = OfflineError("no network")
    done = cli("record", "org/name", "-o", tmp_path / "snap")
    assert (done.exit_code, done.stdout) == (4, "")


def test_a_folder_must_be_named(cli: Cli, library: Library) -> None:
    assert cli("record", "org/name").exit_code == 2
    assert library.calls == []
