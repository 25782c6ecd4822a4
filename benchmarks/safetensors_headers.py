"""Tensor tables of four shards of 2 GB, beside `safe_open`; and samples of 240 tensors, beside reading them.

Exit status 1 where the headers are read less than 1.2 times as fast, or the samples less than 50 times.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from local import best
from safetensors import safe_open

from aibom.formats.safetensors import Header, read_headers
from aibom.sources.opening import open_source
from aibom.sources.options import SourceOptions
from aibom.spi import View

SHARDS = 4
TENSORS = 60
ROWS, COLUMNS = 4096, 2048
"""Of each tensor, with four bytes an element: 32 MiB."""
SAMPLE = 64 * 1024
RATIO = 1.2
FASTER = 50
RUNS = 50
"""Of each side, of which the best counts: a run takes under a millisecond."""


def write_shard(path: Path, number: int) -> None:
    """One shard with holes for the weights."""
    size = ROWS * COLUMNS * 4
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    header |= {
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

        def ours(view: View) -> int:
            headers = read_headers(view, names).values()
            return sum(len(header.tensors) for header in headers if isinstance(header, Header))

        def listed() -> int:
            with open_source(folder, SourceOptions()) as source:
                return ours(source)

        def theirs() -> int:
            total = 0
            for path in paths:
                with safe_open(path, "np") as file:
                    for name in file.keys():  # noqa: SIM118 - no mapping
                        tensor = file.get_slice(name)
                        total += bool(tensor.get_dtype()) and len(tensor.get_shape()) == 2
            return total

        with open_source(folder, SourceOptions()) as source:
            assert ours(source) == theirs() == SHARDS * TENSORS
            base = best(theirs, RUNS)
            ratio = base / best(lambda: ours(source), RUNS)
            print(
                f"headers of {SHARDS} shards, {SHARDS * TENSORS} tensors: {ratio:.2f} times as fast as "
                f"safe_open; {base / best(listed, RUNS):.2f} with the folder listed too"
            )
            faster = sampling(source, names)
    return 0 if ratio >= RATIO and faster >= FASTER else 1


def sampling(view: View, names: list[str]) -> float:
    """64 KiB of each tensor beside all of its bytes; the first shard stands for the others."""
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
