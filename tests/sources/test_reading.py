"""What reading a repository costs: exact ranges, addresses kept, budgets, cache, no socket offline."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx2
import pytest

from aibom import inventory
from aibom.errors import LimitError, OfflineError, ReadError
from aibom.sources import SourceOptions, open_source
from aibom.spi import Range
from tests.sources.conftest import Open, Serve
from tests.standin import Fault, Repository, Sparse, StandinHub

WEIGHTS = bytes(range(256)) * 1000
FILE = "model.safetensors"
MODEL = Repository(
    {
        "README.md": b"# M",
        "config.json": b'{"model_type": "x"}',
        "LICENSE": b"MIT",
        "modeling_x.py": b"class X: ...",
        "tokenizer.json": b"{}",
        "big.json": b" " * 5_000_000,
        FILE: WEIGHTS,
    }
)


@pytest.fixture
def hub(serve: Serve) -> StandinHub:
    return serve({"org/model": MODEL})


def ranges(hub: StandinHub) -> list[tuple[str, str]]:
    return [(exchange.origin, exchange.range) for exchange in hub.log]


def test_small_text_is_read_together_when_opened(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    fetched = {exchange.target.rsplit("/", 1)[1] for exchange in hub.log if "/resolve/" in exchange.target}
    assert fetched == {"README.md", "config.json", "LICENSE", "modeling_x.py", "tokenizer.json"}
    assert source.stats().files == 0, "what inspectors did not open is not counted as opened"
    hub.log.clear()
    assert source.read("modeling_x.py") == b"class X: ..."
    assert source.read("modeling_x.py", 6, 1) == b"X"
    assert hub.log == []
    assert source.stats().files == 1


def test_exact_ranges_and_one_address_per_file(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.log.clear()
    assert source.read(FILE, 8, 100) == WEIGHTS[8:108]
    assert source.read(FILE, 255_990, 100) == WEIGHTS[-10:]
    assert source.read(FILE, 8, 100) == WEIGHTS[8:108]
    assert source.read(FILE, 300_000, 5) == b""
    assert ranges(hub) == [
        ("hub", "bytes=8-107"),
        ("content", "bytes=8-107"),
        ("content", "bytes=255990-255999"),
    ]


def test_an_expired_address_is_asked_for_anew(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    source.read(FILE, 0, 5)
    hub.faults.append(Fault("Signature", status=403, origin="content", times=1))
    hub.log.clear()
    assert source.read(FILE, 9, 5) == WEIGHTS[9:14]
    assert [exchange.origin for exchange in hub.log] == ["content", "hub", "content"]


def test_many_ranges_are_answered_in_order_and_one_failure_loses_nothing(
    hub: StandinHub, opened: Open
) -> None:
    source = opened(hub, "org/model")
    asked = [Range(FILE, start, 3) for start in range(0, 900, 9)]
    answers = source.read_many([*asked, Range("gone"), Range(FILE, -1)])
    assert answers[:-2] == [WEIGHTS[item.offset : item.offset + 3] for item in asked]
    assert all(isinstance(answer, ReadError) for answer in answers[-2:])


def test_files_of_terabytes_are_read_by_range(serve: Serve, opened: Open) -> None:
    hub = serve({"org/huge": Repository({FILE: Sparse(b"head", 10**13)})})
    source = opened(hub, "org/huge")
    assert source.read(FILE, 0, 6) == b"head\0\0"
    assert source.read(FILE, 10**13 - 2, 99) == b"\0\0"
    with pytest.raises(LimitError) as caught:
        source.read(FILE)
    assert caught.value.limit == "max_read_bytes"


def test_budget_of_one_file(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model", max_file_bytes=1000)
    source.read(FILE, 0, 600)
    with pytest.raises(LimitError, match="of one file") as caught:
        source.read(FILE, 600, 600)
    assert caught.value.limit == "max_file_bytes"


def test_budget_of_all_files(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model", max_bytes=10_000)
    with pytest.raises(LimitError) as caught:
        source.read(FILE, 0, 9_000)
    assert caught.value.limit == "max_bytes"
    assert source.stats().bytes < 10_000


def test_the_budget_holds_for_many_reads_at_once(serve: Serve, opened: Open) -> None:
    hub = serve({"org/big": Repository({FILE: Sparse(b"", 10**9)})})
    source = opened(hub, "org/big", max_bytes=1_000_000)
    answers = source.read_many([Range(FILE, start * 100_000, 100_000) for start in range(40)])
    assert {type(answer) for answer in answers} == {bytes, LimitError}
    assert source.stats().bytes < 1_000_000 + 64 * 100_000, "at most what was on its way already"


def test_digests_come_from_lfs_and_from_what_was_read(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    files, unknowns = inventory.take(source)
    digests = {entry.path: entry.sha256 for entry in files}
    assert digests[FILE] == MODEL.blobs[FILE].sha256
    assert digests["config.json"] == MODEL.blobs["config.json"].sha256
    assert digests["big.json"] is None, "not fetched for its digest alone"
    assert unknowns == ()


def test_the_cache_saves_content_of_the_same_commit(hub: StandinHub, opened: Open, tmp_path: Path) -> None:
    first = opened(hub, "org/model", cache_dir=tmp_path)
    first.read(FILE, 8, 100)
    hub.log.clear()
    again = opened(hub, "org/model", cache_dir=tmp_path)
    assert again.read(FILE, 8, 100) == WEIGHTS[8:108]
    assert again.read("config.json") == b'{"model_type": "x"}'
    assert all("/api/models/" in exchange.target for exchange in hub.log), "only the revision is asked"


def test_another_commit_is_not_answered_from_the_cache(hub: StandinHub, opened: Open, tmp_path: Path) -> None:
    opened(hub, "org/model", cache_dir=tmp_path)
    hub.repositories["org/model"] = Repository({"config.json": b"newer"})
    assert opened(hub, "org/model", cache_dir=tmp_path).read("config.json") == b"newer"


def test_damaged_entries_are_fetched_again(hub: StandinHub, opened: Open, tmp_path: Path) -> None:
    opened(hub, "org/model", cache_dir=tmp_path).read(FILE, 8, 100)
    for entry in (path for path in tmp_path.rglob("*") if path.is_file()):
        entry.write_bytes(entry.read_bytes()[:-1] + b"!")
    assert opened(hub, "org/model", cache_dir=tmp_path).read(FILE, 8, 100) == WEIGHTS[8:108]


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails the test at the first socket, or look-up of a name."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(httpx2, "HTTPTransport", refuse)


@pytest.mark.usefixtures("no_sockets")
def test_offline_without_a_cache(tmp_path: Path) -> None:
    with pytest.raises(OfflineError, match="org/model at main is not in the cache"):
        open_source("org/model", SourceOptions(offline=True, cache_dir=tmp_path))


def test_offline_answers_from_the_cache_and_opens_no_socket(
    hub: StandinHub, opened: Open, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    online = opened(hub, "org/model", cache_dir=tmp_path)
    online.read(FILE, 8, 100)
    online.close()
    request.getfixturevalue("no_sockets")
    for ref in ("org/model", f"org/model@{MODEL.commit}"):
        source = opened(hub, ref, cache_dir=tmp_path, offline=True)
        assert source.target.revision == MODEL.commit
        assert source.files == online.files
        assert source.read(FILE, 8, 100) == WEIGHTS[8:108]
        assert source.read("config.json") == b'{"model_type": "x"}'
        assert source.lookup("up/stream") is None
        with pytest.raises(ReadError, match="the network is switched off"):
            source.read(FILE, 0, 1)
        assert source.stats().requests == 0


@pytest.mark.usefixtures("no_sockets")
def test_the_hub_library_s_own_switch_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(OfflineError):
        open_source("org/model")
