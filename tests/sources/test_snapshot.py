"""Recording and replay: the same target, the same bytes, nothing else, and no trust in what lies there."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from aibom import inventory
from aibom.errors import InputError, LimitError, ReadError
from aibom.model import TargetKind
from aibom.sources import Recorder, SourceOptions, open_source
from aibom.sources.snapshot import MANIFEST
from aibom.spi import READ_AHEAD, Range
from aibom_schemas import schema
from tests.sources.conftest import Open, Serve
from tests.standin import Repository

WEIGHTS = bytes(range(256)) * 1000
FILE = "model.safetensors"
MODEL = Repository({"README.md": b"# M", "config.json": b'{"model_type": "x"}', FILE: WEIGHTS})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "model"
    root.mkdir()
    (root / "config.json").write_bytes(b'{"a": 1}')
    (root / FILE).write_bytes(WEIGHTS)
    return root


def recorded(ref: str, snapshot: Path, **settings: object) -> Path:
    """A snapshot of a few reads, one of them failing at a bound."""
    options = SourceOptions(max_read_bytes=100_000, **settings)  # type: ignore[arg-type]
    with Recorder(open_source(ref, options)) as recorder:
        inventory.take(recorder)
        recorder.read("config.json")
        recorder.read_many([Range(FILE, 0, 128), Range(FILE, 255_990, 100)])
        with pytest.raises(LimitError):
            recorder.read(FILE)
        recorder.store(snapshot)
    return snapshot


def test_replay_is_the_same_scan(folder: Path, tmp_path: Path) -> None:
    snapshot = recorded(str(folder), tmp_path / "snap")
    live, replay = open_source(str(folder)), open_source(str(snapshot))
    assert replay.target == live.target, "the replay speaks of what was scanned, not of the snapshot"
    assert replay.files == live.files
    assert replay.depth == live.depth
    assert replay.read_ahead == live.read_ahead < READ_AHEAD, (
        "else other ranges than the recorded are asked for"
    )
    assert inventory.take(replay) == inventory.take(live)
    assert replay.read("config.json") == live.read("config.json")
    assert replay.read("config.json", 2, 3) == live.read("config.json", 2, 3)
    assert replay.read(FILE, 100, 28) == WEIGHTS[100:128]
    assert replay.read(FILE, 255_990, 100) == WEIGHTS[-10:]
    assert replay.read(FILE, 255_995) == WEIGHTS[-5:]
    with pytest.raises(LimitError) as caught:
        replay.read(FILE)
    assert caught.value.limit == "max_read_bytes"
    answers = replay.read_many([Range(FILE, 100, 29), Range(FILE, 5000, 1), Range("none")])
    assert all(isinstance(answer, ReadError) for answer in answers), "only what was recorded"


def test_a_replay_can_be_recorded_again(folder: Path, tmp_path: Path) -> None:
    first = recorded(str(folder), tmp_path / "first")
    second = recorded(str(first), tmp_path / "second")
    assert (first / MANIFEST).read_bytes() == (second / MANIFEST).read_bytes()


def test_a_repository_is_replayed_without_the_network(serve: Serve, opened: Open, tmp_path: Path) -> None:
    hub = serve({"org/model": MODEL, "up/stream": MODEL})
    with Recorder(opened(hub, "org/model")) as recorder:
        recorder.read("config.json")
        recorder.read(FILE, 4, 4)
        reference = recorder.lookup("up/stream")
        assert recorder.lookup("no/such") is None
        stats = recorder.stats()
        recorder.store(tmp_path / "snap")
    hub.log.clear()
    replay = opened(hub, str(tmp_path / "snap"))
    assert replay.target == recorder.target
    assert replay.target.hub is not None
    assert replay.read_ahead == READ_AHEAD
    assert replay.lookup("up/stream") == reference
    assert replay.lookup("no/such") is None
    assert replay.read(FILE, 4, 4) == WEIGHTS[4:8]
    assert replay.stats() == stats
    assert hub.log == []


def test_the_manifest_keeps_to_its_published_schema(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((recorded(str(folder), tmp_path / "snap") / MANIFEST).read_bytes())
    jsonschema.validate(manifest, schema("snapshot"))
    assert manifest["failures"][0]["limit"] == "max_read_bytes"


def test_changed_bytes_are_not_replayed(folder: Path, tmp_path: Path) -> None:
    snapshot = recorded(str(folder), tmp_path / "snap")
    for blob in (snapshot / "blobs").iterdir():
        blob.write_bytes(blob.read_bytes()[:-1] + b"!")
    with pytest.raises(ReadError, match="changed after recording"):
        open_source(str(snapshot)).read("config.json")
    for blob in (snapshot / "blobs").iterdir():
        blob.unlink()
    with pytest.raises(ReadError, match="lacks the recorded bytes"):
        open_source(str(snapshot)).read("config.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", "urn:aibom:schema:snapshot:9"),
        ("reads", [{"path": "a", "offset": 0, "length": 1, "size": 1, "sha256": "../../../etc/passwd"}]),
        ("reads", [{"path": "a", "offset": -1, "length": 1, "size": 1, "sha256": "0" * 64}]),
        ("files", [{"path": "../up"}]),
        ("files", [{"path": "esc\x1b"}]),
        ("files", 5),
        ("target", None),
    ],
)
def test_manifests_that_are_refused(folder: Path, tmp_path: Path, key: str, value: object) -> None:
    snapshot = recorded(str(folder), tmp_path / "snap")
    manifest = json.loads((snapshot / MANIFEST).read_bytes())
    (snapshot / MANIFEST).write_text(json.dumps(manifest | {key: value}))
    with pytest.raises(InputError, match="not a snapshot"):
        open_source(str(snapshot))


def test_a_manifest_among_a_model_s_files_is_not_believed(folder: Path, tmp_path: Path) -> None:
    snapshot = recorded(str(folder), tmp_path / "snap")
    (snapshot / "model.safetensors").write_bytes(b"x")
    assert open_source(str(snapshot)).target.kind is TargetKind.FOLDER
    assert MANIFEST in open_source(str(snapshot)).files


def test_only_a_snapshot_is_replaced(folder: Path, tmp_path: Path) -> None:
    snapshot = recorded(str(folder), tmp_path / "snap")
    (folder / "config.json").write_bytes(b"newer")
    recorded(str(folder), snapshot)
    assert open_source(str(snapshot)).read("config.json") == b"newer"
    for occupied in (folder, folder / "config.json"):
        with pytest.raises(InputError):
            recorded(str(folder), occupied)
    assert (folder / "config.json").read_bytes() == b"newer"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".aibom-")], "no half folders"


def test_nothing_is_left_behind(folder: Path) -> None:
    recorder = Recorder(open_source(str(folder)))
    recorder.read("config.json")
    kept = recorder._folder
    assert list(kept.iterdir())
    recorder.close()
    assert not kept.exists()
