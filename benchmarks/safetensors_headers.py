"""Tensor tables of four shards of 2 GB, beside `safe_open`; and samples of 240 tensors, beside reading them.

Exit status 1 where the headers are slower than `safe_open`, or the samples less than 50 times as fast.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from local import FolderView, best
from safetensors import safe_open

from aibom.formats.safetensors import read_headers

SHARDS = 4
TENSORS = 60
ROWS, COLUMNS = 4096, 2048
"""Of each tensor, with four bytes an element: 32 MiB."""
SAMPLE = 64 * 1024
FASTER = 50


def write_shard(path: Path, number: int) -> None:
    """One shard with holes for the weights."""
    size = ROWS * COLUMNS * 4
    header = {
        f"model.layers.{number}.{at}.weight": {
            "dtype": "F32",
            "shape": [ROWS, COLUMNS],
            "data_offsets": [at * size, (at + 1) * size],
        }
        for at in range(TENSORS)
    }
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        file.truncate(8 + len(head) + TENSORS * size)


def main() -> int:
    """Print both ratios; 1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [
            Path(folder) / f"model-{number + 1:05d}-of-{SHARDS:05d}.safetensors" for number in range(SHARDS)
        ]
        for number, path in enumerate(paths):
            write_shard(path, number)
        names = [path.name for path in paths]

        def ours() -> int:
            headers = read_headers(FolderView(Path(folder)), names)
            return sum(len(header.tensors) for header in headers.values())  # type: ignore[union-attr]

        def theirs() -> int:
            total = 0
            for path in paths:
                with safe_open(path, "np") as file:
                    for name in file.keys():  # noqa: SIM118 - no mapping
                        tensor = file.get_slice(name)
                        total += bool(tensor.get_dtype()) and len(tensor.get_shape()) == 2
            return total

        assert ours() == theirs() == SHARDS * TENSORS
        ratio = best(theirs, 20) / best(ours, 20)
        print(
            f"headers of {SHARDS} shards, {SHARDS * TENSORS} tensors: {ratio:.2f} times as fast as safe_open"
        )
        faster = sampling(Path(folder), names)
    return 0 if ratio >= 1 and faster >= FASTER else 1


def sampling(folder: Path, names: list[str]) -> float:
    """64 KiB of each tensor beside all of its bytes; the first shard stands for the others."""
    view = FolderView(folder)
    header = read_headers(view, names[:1])[names[0]]
    places = [(header.data_offset + item.offset, item.nbytes) for item in header.tensors]  # type: ignore[union-attr]

    def samples() -> None:
        for _ in names:
            for offset, _ in places:
                view.read(names[0], offset, SAMPLE)

    def everything() -> None:
        for _ in names:
            for offset, size in places:
                view.read(names[0], offset, size)

    faster = best(everything, 1) / best(samples, 3)
    print(f"64 KiB of each of {SHARDS * TENSORS} tensors: 1/{faster:.0f} of the time of reading them")
    return faster


if __name__ == "__main__":
    raise SystemExit(main())
