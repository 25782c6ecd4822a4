"""The log: only added to, every change told with its line, whole after a crash, one writer at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from aibom.contests import ContestState, assess, read_log, register, standings
from aibom.contests.entries import FIRST, Log
from aibom.errors import AibomError, DataError, InputError, UsageError
from aibom.model import Evidence
from aibom_schemas import schema
from tests.contests.samples import contest

ROOT = Path(__file__).parents[2]


def judge(path: Path, state: ContestState = ContestState.ACCEPTED, **changes: str) -> None:
    given = {"assessor": "A lab", "reason": "Repeated it.", "date": "2026-11-21", **changes}
    assess(path, contest(), state, evidence_level=Evidence.E3, **given)  # type: ignore[arg-type]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three entries on two contests."""
    path = tmp_path / "contests.jsonl"
    register(path, contest())
    register(path, contest(rule="declared.encoder-family"))
    judge(path)
    return path


@pytest.fixture(scope="module")
def bytes_of_a_log(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("log") / "contests.jsonl"
    register(path, contest())
    judge(path)
    return path.read_bytes()


def test_entries_come_back_as_they_were_made(log: Path) -> None:
    found = read_log(log)
    assert [entry.number for entry in found.entries] == [1, 2, 3]
    assert [entry.draft.state for entry in found.entries] == ["open", "open", "accepted"]
    assert found.entries[2].draft.contest == contest()
    assert found.torn is None and found.ended
    assert len(standings(found)) == 2


def test_each_line_answers_to_the_schema_and_names_the_one_before(log: Path) -> None:
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    for line in lines:
        Draft202012Validator(schema("contest-entry")).validate(line)
    assert [line["previous"] for line in lines] == [FIRST, lines[0]["digest"], lines[1]["digest"]]
    assert [line["filing"] is None for line in lines] == [False, False, True]
    assert read_log(log).head == lines[2]["digest"]


def test_what_is_there_is_never_written_again(log: Path) -> None:
    before = log.read_bytes()
    judge(log, ContestState.REJECTED)
    assert log.read_bytes().startswith(before)


CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "a word": (lambda lines: [lines[0].replace(b"filed", b"filled"), *lines[1:]], 1),
    "a state": (lambda lines: [*lines[:2], lines[2].replace(b"accepted", b"rejected")], 3),
    "a removed line": (lambda lines: [lines[0], lines[2]], 2),
    "the first line removed": (lambda lines: lines[1:], 1),
    "an order": (lambda lines: [lines[1], lines[0], lines[2]], 1),
    "a line twice": (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
    "another line between": (lambda lines: [lines[0], b'{"a":1}', *lines[1:]], 2),
    "words between": (lambda lines: [lines[0], b"words", *lines[1:]], 2),
    "a space": (lambda lines: [lines[0].replace(b'":', b'": ', 1), *lines[1:]], 1),
    "a key twice": (lambda lines: [b'{"state":"accepted",' + lines[0][1:], *lines[1:]], 1),
    "an empty line": (lambda lines: [lines[0], b"", *lines[1:]], 2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_with_its_line(log: Path, change: str) -> None:
    made, line = CHANGES[change]
    log.write_bytes(b"\n".join(made(log.read_bytes().splitlines())) + b"\n")
    with pytest.raises(DataError, match=f"line {line}:"):
        read_log(log)
    changed = log.read_bytes()
    with pytest.raises(DataError):
        judge(log)
    assert log.read_bytes() == changed


def test_an_entry_whose_digest_was_made_anew_breaks_the_next(log: Path) -> None:
    from aibom.contests.chain import digest_of
    from aibom.contests.filing import canonical

    lines = log.read_bytes().splitlines()
    entry = json.loads(lines[0])
    entry["reason"] = "other"
    entry["digest"] = digest_of(entry)
    log.write_bytes(b"\n".join([canonical(entry), *lines[1:]]) + b"\n")
    with pytest.raises(DataError, match="line 2: an entry before it was changed or is missing"):
        read_log(log)


@given(st.data())
def test_no_byte_is_changed_unseen(bytes_of_a_log: bytes, data: st.DataObject) -> None:
    """Whatever byte changes: it is an error, or the last entry counts as torn; nothing reads otherwise."""
    from aibom.contests.chain import verified

    place = data.draw(st.integers(0, len(bytes_of_a_log) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != bytes_of_a_log[place]))
    changed = bytes_of_a_log[:place] + bytes([byte]) + bytes_of_a_log[place + 1 :]
    whole = verified(bytes_of_a_log, "log")
    try:
        found = verified(changed, "log")
    except DataError:
        return
    same = [entry.draft for entry in found.entries]
    assert same == [entry.draft for entry in whole.entries][: len(same)]
    assert found.torn is not None or same == [entry.draft for entry in whole.entries]


@given(st.data())
def test_wherever_a_crash_cuts_the_file_nothing_before_is_lost_and_the_rest_is_told(
    bytes_of_a_log: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(bytes_of_a_log)))
    path = tmp_path_factory.mktemp("crash") / "contests.jsonl"
    path.write_bytes(bytes_of_a_log[:cut])
    before = read_log(path)
    whole = bytes_of_a_log[:cut].count(b"\n")
    assert len(before.entries) in (whole, whole + 1)
    register(path, contest(claim="Another one.", date="2026-11-21"))
    after = read_log(path)
    assert after.entries[: len(before.entries)] == before.entries
    assert len(after.entries) == len(before.entries) + 1
    assert after.entries[-1].torn == before.torn and after.torn is None
    assert path.read_bytes().startswith(bytes_of_a_log[:cut])


def test_two_crashes_in_a_row_are_told_as_one(log: Path) -> None:
    before = read_log(log).entries
    log.write_bytes(log.read_bytes() + b'{"assessor":"A l\n{"assessor"')
    assert read_log(log).torn is not None
    judge(log, ContestState.REJECTED)
    after = read_log(log)
    assert after.entries[:3] == before and after.entries[3].torn is not None


def test_a_torn_line_that_was_changed_later_is_told(log: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"assessor":"A lab')
    judge(log, ContestState.REJECTED)
    log.write_bytes(log.read_bytes().replace(b'{"assessor":"A lab\n', b'{"assessor":"B lab\n'))
    with pytest.raises(DataError, match="line 4: neither an entry nor the torn line"):
        read_log(log)


def test_a_torn_line_that_was_removed_later_is_told(log: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"assessor":"A lab')
    judge(log, ContestState.REJECTED)
    log.write_bytes(log.read_bytes().replace(b'{"assessor":"A lab\n', b""))
    with pytest.raises(DataError, match="line 4"):
        read_log(log)


def test_cut_off_entries_show_by_the_last_digest_alone(log: Path) -> None:
    head = read_log(log).head
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    assert read_log(log).head != head


@given(st.binary(max_size=200))
def test_no_bytes_but_a_log_are_one(data: bytes) -> None:
    from aibom.contests.chain import verified

    with suppress(DataError):
        assert verified(data, "log").entries == ()


WRITER = """
import sys
from pathlib import Path
from aibom.contests import register
from tests.contests.samples import contest
for number in range(8):
    register(Path(sys.argv[1]), contest(claim=f"{sys.argv[2]} {number}"))
"""


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "contests.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=ROOT)
        for name in ("one", "other")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    found = read_log(path)
    claims = {entry.draft.contest.claim for entry in found.entries}
    assert claims == {f"{name} {number}" for name in ("one", "other") for number in range(8)}


def test_a_writer_that_does_not_finish_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr("aibom.contests.log._PATIENCE", 0.05)
    path = tmp_path / "contests.jsonl"
    with FileLock(f"{path}.lock"), pytest.raises(InputError, match="another process"):
        register(path, contest())
    register(path, contest())


def test_a_disk_that_is_full_leaves_a_torn_line_that_the_next_entry_tells_of(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    write = os.write
    left = [40]

    def short(handle: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(28, "No space left on device")
        done = write(handle, data[: left[0]])
        left[0] -= done
        return done

    monkeypatch.setattr("aibom.contests.log.os.write", short)
    with pytest.raises(InputError, match="No space left"):
        judge(log, ContestState.REJECTED)
    monkeypatch.undo()
    torn = read_log(log).torn
    assert torn is not None and torn.size == 40
    judge(log, ContestState.REJECTED)
    assert read_log(log).entries[-1].torn == torn


def test_a_clock_in_the_past_is_refused(log: Path) -> None:
    with pytest.raises(UsageError, match="2026-11-21 is already past"):
        judge(log, ContestState.REJECTED, date="2026-11-20")


def test_a_folder_that_is_not_there_is_an_error_of_the_users(tmp_path: Path) -> None:
    with pytest.raises(AibomError):
        register(tmp_path / "no" / "contests.jsonl", contest())
    with pytest.raises(InputError):
        read_log(tmp_path / "nothing.jsonl")


def test_an_empty_log_has_no_head() -> None:
    assert Log().head == FIRST
