"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.text import Text

from aibom.cli.output import text_bytes, write_file
from aibom.errors import InputError, UsageError


def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"older")
    old.chmod(0o600)
    for path in (new, old):
        write_file(path, b"data")
        assert path.read_bytes() == b"data"
    assert new.stat().st_mode == usual.stat().st_mode
    assert old.stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_older_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"older")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_file(path, b"data")
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "bom.json"):
        with pytest.raises(UsageError):
            write_file(path, b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_link_still_points_at_the_new_content(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    link = tmp_path / "link"
    link.symlink_to(folder / "file")
    write_file(link, b"data")
    assert link.is_symlink()
    assert (folder / "file").read_bytes() == b"data"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(pipe, b"data")
    assert os.read(reader, 10) == b"data"
    os.close(reader)
    assert pipe.is_fifo()


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    red = Text("x", style="red")
    assert b"\x1b[31m" in text_bytes(red, terminal=True)
    assert text_bytes(red) == b"x\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b[31m" not in text_bytes(red, terminal=True)


def test_a_terminal_that_lacks_a_character_gets_another(monkeypatch: pytest.MonkeyPatch) -> None:
    class Narrow:
        encoding = "ascii"

    monkeypatch.setattr("sys.stdout", Narrow())
    assert b"?" in text_bytes(Text("\ud55c"), terminal=True)
