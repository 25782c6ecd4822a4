"""Folders and single files on this machine, in which nothing is trusted."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from aibom import inventory
from aibom.errors import InputError, LimitError, NotFoundError, ReadError, UsageError
from aibom.model import Depth, FileEntry, Stage, TargetKind
from aibom.sources import Source, SourceOptions, open_source
from aibom.spi import Range

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def write(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def opened(path: Path, **settings: object) -> Source:
    return open_source(str(path), SourceOptions(**settings))  # type: ignore[arg-type]


def reasons(source: Source) -> dict[str, str]:
    assert all(unknown.stage is Stage.SOURCE for unknown in source.unknowns)
    return {unknown.path: unknown.reason for unknown in source.unknowns}


def test_a_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "kim", {"config.json": b"{}", "sub/a.bin": b"12345", ".gitattributes": b"x"})
    source = opened(root)
    assert list(source.files) == [".gitattributes", "config.json", "sub/a.bin"]
    target = source.target
    assert (target.kind, target.name, target.repository, target.revision) == (
        TargetKind.FOLDER,
        "kim",
        None,
        None,
    )
    assert source.read("sub/a.bin") == b"12345"
    assert source.read("sub/a.bin", 1, 2) == b"23"
    assert source.read("sub/a.bin", 3, 100) == b"45"
    assert source.read("sub/a.bin", 9) == b""
    assert source.read_many([Range("config.json"), Range("none")])[0] == b"{}"
    assert source.glob("**/*.bin") == ("sub/a.bin",)
    assert source.lookup("org/name") is None
    assert (source.stats().requests, source.stats().files) == (0, 2)


def test_folders_of_tools_are_left_out(tmp_path: Path) -> None:
    root = write(tmp_path, {"config.json": b"{}", ".git/config": b"", ".cache/x": b"", "sub/.git/HEAD": b""})
    assert list(opened(root).files) == ["config.json"]


def test_alias(tmp_path: Path) -> None:
    source = opened(write(tmp_path, {"config.json": b"{}"}), alias="org/name")
    assert (source.target.repository, source.target.name) == ("org/name", "name")
    with pytest.raises(UsageError):
        opened(tmp_path, alias="../../etc")


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder is empty"):
        opened(tmp_path)


def test_reads_that_are_refused(tmp_path: Path) -> None:
    source = opened(write(tmp_path, {"a.bin": bytes(100)}), max_read_bytes=50)
    with pytest.raises(LimitError) as caught:
        source.read("a.bin")
    assert caught.value.limit == "max_read_bytes"
    assert len(source.read("a.bin", 40, 50)) == 50
    for path, offset, length in [("../a.bin", 0, 1), ("a.bin", -1, 1), ("a.bin", 0, -1)]:
        with pytest.raises(ReadError):
            source.read(path, offset, length)


def test_links(tmp_path: Path) -> None:
    write(tmp_path, {"secret": b"s", "beside/x": b"x", "model/real.json": b"{}", "model/sub/y": b"y"})
    root = tmp_path / "model"
    (root / "inside.json").symlink_to("real.json")
    (root / "out.json").symlink_to("../secret")
    (root / "absolute.json").symlink_to("/etc/hostname")
    (root / "folder").symlink_to(tmp_path / "beside")
    (root / "loop").symlink_to("loop")
    (root / "again").symlink_to(".")
    (root / "nowhere").symlink_to("gone")
    source = opened(root)
    assert list(source.files) == ["inside.json", "real.json", "sub/y"]
    assert source.read("inside.json") == b"{}"
    assert reasons(source) == {
        "absolute.json": "the link leaves the target",
        "again": "a link to a folder is not followed",
        "folder": "the link leaves the target",
        "loop": "the link leads nowhere",
        "nowhere": "the link leads nowhere",
        "out.json": "the link leaves the target",
    }


def test_a_link_that_takes_a_file_s_place_after_listing(tmp_path: Path) -> None:
    root = write(tmp_path, {"secret": b"s", "model/config.json": b"{}"}) / "model"
    source = opened(root)
    (root / "config.json").unlink()
    (root / "config.json").symlink_to("../secret")
    with pytest.raises(ReadError):
        source.read("config.json")


def test_a_pipe_that_takes_a_file_s_place_after_listing(tmp_path: Path) -> None:
    source = opened(write(tmp_path, {"config.json": b"{}"}))
    (tmp_path / "config.json").unlink()
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(ReadError, match="no longer a regular file"):
        source.read("config.json")


def test_pipes_and_sockets(tmp_path: Path) -> None:
    write(tmp_path, {"config.json": b"{}"})
    os.mkfifo(tmp_path / "pipe.bin")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "sock.bin"))
        source = opened(tmp_path)
    assert list(source.files) == ["config.json"]
    assert set(reasons(source)) == {"pipe.bin", "sock.bin"}


def test_names_that_are_refused(tmp_path: Path) -> None:
    odd = [
        b"bad\xff.bin",
        b"esc\x1b[31m.json",
        b"new\nline",
        "rtl\u202egnp".encode(),
        "zero\u200bwidth".encode(),
    ]
    for name in odd:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_bytes(b"x")
    write(tmp_path, {"한국어 모델.json": b"{}", "a b.txt": b""})
    source = opened(tmp_path)
    assert list(source.files) == ["a b.txt", "한국어 모델.json"]
    shown = sorted(reasons(source))
    assert shown == [
        "bad\\udcff.bin",
        "esc\\x1b[31m.json",
        "new\\nline",
        "rtl\\u202egnp",
        "zero\\u200bwidth",
    ]


def test_a_folder_of_refused_files_alone_is_not_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reasons(opened(tmp_path)) == {"pipe": "not a regular file (pipe, socket or device)"}


def test_more_files_than_the_bound(tmp_path: Path) -> None:
    source = opened(write(tmp_path, {f"{number:02}.txt": b"" for number in range(20)}), max_files=7)
    assert list(source.files) == [f"{number:02}.txt" for number in range(7)]
    assert reasons(source) == {"": "more than 7 entries; the rest was not listed (max_files)"}


def test_folders_without_end(tmp_path: Path) -> None:
    write(tmp_path, {"/".join(["d"] * 40) + "/x": b"x", "config.json": b"{}"})
    source = opened(tmp_path)
    assert list(source.files) == ["config.json"]
    assert list(reasons(source).values()) == ["folders are nested deeper than 32"]


def test_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = opened(write(tmp_path, {"a.bin": b"x", "b.bin": b"y"}))
    real = os.open

    def forbidding(path: Path, flags: int) -> int:
        if Path(path).name == "a.bin":
            raise PermissionError(13, "Permission denied")
        return real(path, flags)

    monkeypatch.setattr(os, "open", forbidding)
    with pytest.raises(ReadError, match=r"a\.bin: Permission denied"):
        source.read("a.bin")
    files, unknowns = inventory.take(source)
    assert [entry.sha256 is None for entry in files] == [True, False]
    assert [unknown.path for unknown in unknowns] == ["a.bin"]


def test_unreadable_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"config.json": b"{}", "closed/x": b"x"})
    real = os.scandir

    def forbidding(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", forbidding)
    source = opened(tmp_path)
    assert list(source.files) == ["config.json"]
    assert reasons(source) == {"closed/": "the folder cannot be read: Permission denied"}


def test_a_file_that_vanishes_is_an_unknown_and_loses_nothing_else(tmp_path: Path) -> None:
    source = opened(write(tmp_path, {"a.bin": b"x", "b.bin": b"y"}))
    (tmp_path / "a.bin").unlink()
    files, unknowns = inventory.take(source)
    assert [entry.sha256 for entry in files] == [None, hashlib.sha256(b"y").hexdigest()]
    assert [(unknown.path, unknown.stage) for unknown in unknowns] == [("a.bin", Stage.INVENTORY)]


def test_lfs_pointer(tmp_path: Path) -> None:
    promised = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{promised}\nsize 12345\n".encode()
    source = opened(write(tmp_path, {"model.safetensors": pointer, "config.json": b"{}"}))
    assert source.files["model.safetensors"] == FileEntry(
        "model.safetensors", 12345, promised, lfs_pointer=True
    )
    with pytest.raises(ReadError, match="Git-LFS pointer"):
        source.read("model.safetensors", 0, 8)
    files, unknowns = inventory.take(source)
    assert (files[1].sha256, unknowns) == (promised, ())


def hub_cache(root: Path, commit: str = COMMIT) -> tuple[Path, str]:
    """A snapshot in the layout of the Hub client's cache; the digest that its weights' blob promises."""
    home = root / "models--org--na-me"
    digest = hashlib.sha256(b"weights").hexdigest()
    write(home, {f"blobs/{digest}": b"weights", "blobs/" + "a" * 40: b"{}", "refs/main": commit.encode()})
    snapshot = home / "snapshots" / commit
    (snapshot / "sub").mkdir(parents=True)
    (snapshot / "model.safetensors").symlink_to(f"../../blobs/{digest}")
    (snapshot / "sub" / "config.json").symlink_to("../../../blobs/" + "a" * 40)
    return snapshot, digest


def test_snapshot_in_the_hub_cache(tmp_path: Path) -> None:
    snapshot, digest = hub_cache(tmp_path)
    (snapshot / "evil").symlink_to(tmp_path)
    for path in (snapshot, snapshot.parent.parent):
        source = opened(path)
        assert (source.target.repository, source.target.revision) == ("org/na-me", COMMIT)
        assert source.target.name == "na-me"
        assert source.read("model.safetensors") == b"weights"
        assert source.files["model.safetensors"].sha256 is None, "a name is no digest before it is verified"
        assert inventory.take(source)[0][0].sha256 == digest
        assert reasons(source) == {"evil": "the link leaves the target"}


def test_a_blob_that_is_not_what_its_name_promises(tmp_path: Path) -> None:
    snapshot, digest = hub_cache(tmp_path)
    (tmp_path / "models--org--na-me" / "blobs" / digest).write_bytes(b"other")
    files, unknowns = inventory.take(opened(snapshot))
    assert files[0].sha256 is None
    assert "promises SHA-256" in unknowns[0].reason


def test_links_to_blobs_count_only_in_the_cache_layout(tmp_path: Path) -> None:
    write(tmp_path, {"blobs/x": b"x"})
    folder = tmp_path / "snapshots" / "model"
    folder.mkdir(parents=True)
    (folder / "a.bin").symlink_to("../../blobs/x")
    assert reasons(opened(folder)) == {"a.bin": "the link leaves the target"}


def test_digests_by_depth(tmp_path: Path) -> None:
    root = write(tmp_path, {"config.json": b"{}", "model.safetensors": b"w" * 9_000_000, "empty.bin": b""})
    hashed = {
        depth: [entry.path for entry in inventory.take(opened(root, depth=depth))[0] if entry.sha256]
        for depth in Depth
    }
    everything = ["config.json", "empty.bin", "model.safetensors"]
    assert hashed.pop(Depth.METADATA) == ["config.json"]
    assert set(map(tuple, hashed.values())) == {tuple(everything)}
    weights = inventory.take(opened(root))[0][2]
    assert weights.sha256 == hashlib.sha256(b"w" * 9_000_000).hexdigest()


def test_a_known_digest_is_used_only_for_an_unchanged_file(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "m", {"a.bin": b"first"}), tmp_path / "cache"
    os.utime(root / "a.bin", ns=(10**18, 10**18))

    def digest() -> str | None:
        return inventory.take(opened(root, cache_dir=cache))[0][0].sha256

    first = digest()
    stored = [path for path in cache.rglob("*") if path.is_file()]
    assert len(stored) == 1
    (root / "a.bin").write_bytes(b"other")
    os.utime(root / "a.bin", ns=(10**18 + 1, 10**18 + 1))
    assert digest() == hashlib.sha256(b"other").hexdigest() != first


def test_a_file_that_changed_just_now_is_not_remembered(tmp_path: Path) -> None:
    root, cache = write(tmp_path / "m", {"a.bin": b"first"}), tmp_path / "cache"
    inventory.take(opened(root, cache_dir=cache))
    assert not cache.exists()


@pytest.mark.parametrize("name", ["m.onnx", "m.gguf", "m.safetensors", "m.bin", "m.pt"])
def test_a_single_file(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: b"1234", "beside.json": b"{}"})
    source = opened(tmp_path / name)
    assert (source.target.kind, source.target.name) == (TargetKind.FILE, "m")
    assert list(source.files) == [name]
    assert source.read(name, 1, 2) == b"23"


def test_external_data_beside_a_graph(tmp_path: Path) -> None:
    write(tmp_path, {"m.onnx": b"g", "m.onnx_data": b"d", "n.onnx": b"g", "secret": b"s"})
    (tmp_path / "n.onnx.data").symlink_to("secret")
    assert list(opened(tmp_path / "m.onnx").files) == ["m.onnx", "m.onnx_data"]
    linked = opened(tmp_path / "n.onnx")
    assert list(linked.files) == ["n.onnx"]
    assert "not followed" in reasons(linked)["n.onnx.data"]


def test_a_file_of_the_hub_cache_knows_its_repository(tmp_path: Path) -> None:
    snapshot, digest = hub_cache(tmp_path)
    source = opened(snapshot / "model.safetensors")
    assert (source.target.repository, source.target.revision) == ("org/na-me", COMMIT)
    assert inventory.take(source)[0][0].sha256 == digest


def test_files_that_are_no_model(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": b"# x"})
    with pytest.raises(InputError, match="not a model file by its name"):
        opened(tmp_path / "README.md")
    os.mkfifo(tmp_path / "m.onnx")
    with pytest.raises(InputError, match="neither a folder nor a file"):
        opened(tmp_path / "m.onnx")
    with pytest.raises(NotFoundError):
        opened(tmp_path / "gone")
