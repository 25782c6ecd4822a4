"""The store is only ever added to, and survives crashes, two writers and damage."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from aibom.errors import DataError, FormatError, InputError, UsageError
from aibom.index import Store, decode, digest_of, encode
from aibom.index.connection import FILE
from tests.conftest import ROOT
from tests.index.records import COMMIT, model, record, record_file


def _filled(directory: Path, count: int = 3) -> None:
    with Store.make(directory) as store:
        for seed in range(1, count + 1):
            store.add(record_file(seed), "here")


def _tampered(directory: Path, statement: str, *values: object) -> None:
    """Change what the triggers guard, as damage does."""
    with sqlite3.connect(directory / FILE) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, sql in guards:
            connection.execute(sql)
    connection.close()


def test_what_was_added_comes_back(tmp_path: Path) -> None:
    data = record_file(1)
    with Store.make(tmp_path / "new" / "index") as store:
        added = store.add(data, "here")
    assert added.new
    with Store.open(tmp_path / "new" / "index") as store:
        (entry,) = store.entries()
        assert (entry.digest, entry.model) == (added.digest, added.model)
        assert (entry.digest, entry.model.id, entry.size) == (digest_of(data), "org1/model", len(data))
        assert store.content(entry) == data
        assert store.load(entry) == decode(data, "here")
        assert store.shapes(entry) == record(1).shapes
        assert [error for _, error in store.verify()] == [None]


def test_adding_again_changes_nothing(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        first = store.add(record_file(1), "here")
        before = store.digest
        again = store.add(record_file(1), "here")
        assert (again.new, again.digest) == (False, first.digest)
        assert store.digest == before
        assert len(store.entries()) == 1


def test_another_commit_is_a_further_record(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        store.add(record_file(1), "here")
        store.add(record_file(1, commit="f" * 40), "here")
        assert [entry.superseded for entry in store.entries()] == [False, False]


def test_another_record_of_one_commit_supersedes_the_first_and_keeps_it(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        store.add(record_file(1), "here")
        store.add(record_file(2, name="org1/model"), "here")
        first, second = store.entries()
        assert (first.superseded, second.superseded) == (True, False)
        assert store.load(first) == record(1)


def test_two_models_without_a_commit_stand_side_by_side(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        store.add(record_file(1, name="model", commit=None), "here")
        store.add(record_file(2, name="model", commit=None), "here")
        assert [entry.superseded for entry in store.entries()] == [False, False]


def test_the_digest_does_not_depend_on_the_order(tmp_path: Path) -> None:
    digests = []
    for name, seeds in (("a", (1, 2)), ("b", (2, 1))):
        with Store.make(tmp_path / name) as store:
            for seed in seeds:
                store.add(record_file(seed), "here")
            digests.append(store.digest)
    assert digests[0] == digests[1]


def test_records_are_found_by_digest_and_by_model(tmp_path: Path) -> None:
    _filled(tmp_path)
    with Store.open(tmp_path) as store:
        entry = store.entries()[1]
        for ident in (entry.digest, entry.digest[:8], "org2/model", f"org2/model@{COMMIT}"):
            assert store.find(ident) == entry
        for ident in (entry.digest[:7], "org9/model", "%"):
            with pytest.raises(UsageError, match="there is no record"):
                store.find(ident)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET model_id = 'x'",
        "DELETE FROM records",
        "UPDATE sketches SET width = 1",
        "DELETE FROM sketches",
        "INSERT OR REPLACE INTO records SELECT * FROM records",
        "INSERT OR REPLACE INTO sketches SELECT * FROM sketches",
    ],
)
def test_nothing_is_changed_or_removed(tmp_path: Path, statement: str) -> None:
    _filled(tmp_path, 1)
    connection = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        connection.execute(statement)
    connection.close()


def test_what_is_no_record_is_not_added(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        with pytest.raises(FormatError):
            store.add(record_file(1)[:-1], "here")
        assert store.entries() == ()


_ADD = """
import sys
from pathlib import Path
from aibom.index import Store
from tests.index.records import COMMIT, model, record, record_file
first, last = int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, last):
    with Store.make(Path(sys.argv[1])) as store:
        store.add(record_file(seed), "here")
"""
_DIE = """
import os, signal, sys
from pathlib import Path
from aibom.index import Store
from tests.index.records import COMMIT, model, record, record_file
with Store.make(Path(sys.argv[1])) as store:
    store._database.execute("BEGIN IMMEDIATE")
    store._database.execute("PRAGMA cache_size = 1")  # pages reach the log before the end
    store._database.execute(
        "INSERT INTO records (digest, model_id, tool, samples, size, shapes, content) "
        "VALUES ('x', 'half', '0', 1, 1, '[]', zeroblob(4000000))")
    print("writing", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _process(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    writers = [_process(_ADD, directory, 1, 9), _process(_ADD, directory, 5, 13)]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.close()
    with Store.open(directory) as store:
        assert {entry.model.id for entry in store.entries()} == {f"org{seed}/model" for seed in range(1, 13)}
        assert len(store.entries()) == 12
        assert all(error is None for _, error in store.verify())


def test_a_writer_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    _filled(tmp_path, 2)
    victim = _process(_DIE, tmp_path)
    output, _ = victim.communicate(timeout=60)
    assert (output, victim.returncode) == (b"writing\n", -signal.SIGKILL)
    with Store.make(tmp_path) as store:
        assert [entry.model.id for entry in store.entries()] == ["org1/model", "org2/model"]
        assert store.add(record_file(3), "here").new
        assert all(error is None for _, error in store.verify())


def test_a_damaged_record_is_named_and_the_others_load(tmp_path: Path) -> None:
    _filled(tmp_path)
    data = bytearray(record_file(2))
    data[-1] ^= 1
    _tampered(tmp_path, "UPDATE records SET content = ? WHERE number = 2", bytes(data))
    with Store.open(tmp_path) as store:
        first, second, third = store.entries()
        with pytest.raises(DataError, match=r"record [0-9a-f]{12} of org2/model@.* is damaged: its bytes"):
            store.load(second)
        assert [store.load(each).model.id for each in (first, third)] == ["org1/model", "org3/model"]
        assert [error is None for _, error in store.verify()] == [True, False, True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET model_id = 'org1/other' WHERE number = 1",
        "UPDATE records SET released = '1999-01-01' WHERE number = 1",
        "UPDATE records SET shapes = '[]' WHERE number = 1",
        "UPDATE records SET shapes = '[[[' WHERE number = 1",
        "UPDATE sketches SET codes = zeroblob(length(codes)) WHERE record = 1",
        "DELETE FROM sketches WHERE record = 1",
    ],
)
def test_a_list_or_a_sketch_that_says_something_else_is_seen(tmp_path: Path, statement: str) -> None:
    _filled(tmp_path, 2)
    _tampered(tmp_path, statement)
    with Store.open(tmp_path) as store:
        assert [error is None for _, error in store.verify()] == [False, True]


def test_damaged_pages_cost_no_more_than_the_records_in_them(tmp_path: Path) -> None:
    """Every page of the file in turn is overwritten; nothing but our errors comes of it."""
    with Store.make(tmp_path) as store:
        for seed in range(1, 5):
            store.add(record_file(seed, whole=model(seed, width=1024)), "here")
    sqlite3.connect(tmp_path / FILE).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    whole = (tmp_path / FILE).read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    loaded = []
    for start in range(page, len(whole), page):
        (tmp_path / FILE).write_bytes(whole[:start] + b"\xa5" * page + whole[start + page :])
        loaded.append(_loadable(tmp_path))
    assert loaded.count(3) > 0.7 * len(loaded)  # most pages hold the content of one record
    assert loaded.count(4) + loaded.count(3) >= len(loaded) - 1  # the list of so few lies in one page


def _loadable(directory: Path) -> int:
    """How many records load; each other one gives an error that is ours."""
    count = 0
    try:
        with Store.open(directory) as store:
            for entry in store.entries():
                try:
                    count += store.load(entry).model == entry.model
                except DataError as error:
                    assert entry.name in error.message
            list(store.verify())
    except (DataError, InputError) as error:
        assert "\n" not in error.message
    return count


def test_only_an_index_is_opened(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no index here"):
        Store.open(tmp_path)
    (tmp_path / FILE).write_bytes(b"no database at all, whatever its name says" * 100)
    with pytest.raises(DataError, match="not a database"):
        Store.open(tmp_path)
    (tmp_path / FILE).unlink()
    sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE records (content BLOB)").connection.close()
    with pytest.raises(DataError, match="no index of aibom"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = 2", "an index of version 2"),
        ("CREATE VIEW extra AS SELECT 1", "its tables are not those of an index"),
        ("DROP TRIGGER records_update", "its tables are not those of an index"),
    ],
)
def test_an_index_has_exactly_its_tables(tmp_path: Path, statement: str, said: str) -> None:
    _filled(tmp_path, 1)
    sqlite3.connect(tmp_path / FILE).execute(statement).connection.close()
    for opened in (Store.open, Store.make):
        with pytest.raises(DataError, match=said):
            opened(tmp_path)


def test_an_index_that_must_not_be_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _filled(tmp_path, 2)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with Store.open(tmp_path) as store:
        assert len(store.entries()) == 2
        with pytest.raises(InputError, match="readonly"):
            store.add(record_file(9), "here")


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be made"):
        Store.make(tmp_path / "file" / "index")


def test_the_content_of_a_record_is_its_file(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        store.add(encode(record(4)), "here")
        (entry,) = store.entries()
        assert store.content(entry) == record_file(4)
