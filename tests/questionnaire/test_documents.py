"""Documents held against their digests; nothing outside the folder is opened, nothing fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from aibom.errors import InputError
from aibom.questionnaire import Document, DocumentState, check_documents
from tests.questionnaire.samples import LOG, LOG_DIGEST


def state(place: str, folder: Path, *, digest: str = LOG_DIGEST, remote: bool = False) -> DocumentState:
    (found,) = check_documents([Document("log", place, digest, remote=remote)], folder)
    return found.state


def test_the_digest_decides(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "log.txt").write_bytes(LOG)
    assert state("docs/log.txt", tmp_path) is DocumentState.MATCHES
    assert state("docs/log.txt", tmp_path, digest="0" * 64) is DocumentState.DIFFERS
    assert state("docs/other.txt", tmp_path) is DocumentState.MISSING
    assert state("docs", tmp_path) is DocumentState.MISSING


@pytest.mark.parametrize("place", ["../log.txt", "/etc/hostname", "a/../../log.txt", "C:/log.txt", ""])
def test_no_path_leads_out_of_the_folder(place: str, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "log.txt").write_bytes(LOG)
    assert state(place, folder) is DocumentState.MISSING


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "log.txt").write_bytes(LOG)
    (folder / "log.txt").symlink_to(tmp_path / "log.txt")
    assert state("log.txt", folder) is DocumentState.MISSING


def test_a_url_is_told_as_not_checked(tmp_path: Path) -> None:
    assert state("https://x.org/log", tmp_path, remote=True) is DocumentState.NOT_CHECKED
    assert not DocumentState.NOT_CHECKED.failed


def test_the_folder_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        check_documents([], tmp_path / "nothing")
