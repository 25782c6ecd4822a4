"""Classes and digests over a view in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from aibom import inventory
from aibom.errors import ReadError
from aibom.model import Depth, FileClass, Stage
from aibom.testing import MemoryView


class Hashing(MemoryView):
    """Remembers which digests were asked for; `lost.bin` has none."""

    asked: tuple[str, ...] = ()

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        self.asked = tuple(paths)
        return {
            path: ReadError("gone") if path == "lost.bin" else hashlib.sha256(path.encode()).hexdigest()
            for path in paths
        }


def test_classes_of_a_view_without_digests() -> None:
    files, unknowns = inventory.take(MemoryView({"b.safetensors": b"", "README.md": b"", "a/x.py": b""}))
    assert [(entry.path, entry.kind) for entry in files] == [
        ("README.md", FileClass.CARD),
        ("a/x.py", FileClass.CODE),
        ("b.safetensors", FileClass.WEIGHTS),
    ]
    assert {entry.sha256 for entry in files} == {None}
    assert unknowns == ()


def test_listed_digests_are_kept_and_pointers_not_hashed() -> None:
    view = Hashing({"a.bin": b"", "b.bin": b"", "c.bin": b"", "lost.bin": b""})
    view.mark("a.bin", sha256="1" * 64)
    view.mark("b.bin", sha256="2" * 64, lfs_pointer=True)
    files, unknowns = inventory.take(view)
    assert view.asked == ("c.bin", "lost.bin")
    assert [entry.sha256 for entry in files] == [
        "1" * 64,
        "2" * 64,
        hashlib.sha256(b"c.bin").hexdigest(),
        None,
    ]
    assert [(item.path, item.stage, item.reason) for item in unknowns] == [
        ("lost.bin", Stage.INVENTORY, "no digest: gone")
    ]


def test_weights_are_not_hashed_at_depth_metadata() -> None:
    view = Hashing({"a.bin": b"", "config.json": b""}, depth=Depth.METADATA)
    inventory.take(view)
    assert view.asked == ("config.json",)
