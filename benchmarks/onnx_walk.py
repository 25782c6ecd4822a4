"""Reading an ONNX graph by walking the wire format, against `onnx.load`.

Prints the ratio of time and of peak memory on a generated graph of 1.5 GiB, each in a process of its own;
then reads one of 2.5 GiB in a single protobuf, which onnx cannot parse. Exit status 1 where the walk is
less than 150 times as fast, takes 80 MB or more, or fails on the larger file.
Usage: python benchmarks/onnx_walk.py [--mebibytes 1536] [--tensors 64] [--layers 8]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aibom.model import Depth, FileEntry

ROUNDS = 3
FASTER = 150
"""Times as fast as `onnx.load`, at least."""
MEGABYTES = 80
"""Peak memory of the process, at most."""
OVERSIZED = 2560
"""MiB of the file that a protobuf library refuses."""


class FileView:
    """One local file as a View."""

    depth = Depth.HEADERS

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files = {path.name: FileEntry(path.name, path.stat().st_size)}
        self.bytes = self.reads = 0

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            data = file.read(-1 if length is None else length)
        self.bytes += len(data)
        self.reads += 1
        return data


def write_graph(path: Path, mebibytes: int, tensors: int, layers: int) -> None:
    """A decoder-like graph: `tensors` initialisers of equal size, and 30 nodes per layer.

    Written field by field, with holes for the weights: no library writes over 2 GiB in one protobuf.
    """
    from onnx import helper

    size = mebibytes * 1024 * 1024 // tensors // 4 * 4
    nodes = b"".join(
        delimited(
            1,
            helper.make_node(
                "Add",
                [f"v{layer}_{at}", f"w{layer % tensors}"],
                [f"v{layer}_{at + 1}"],
                name=f"/model/layers.{layer}/mlp/Add_{at}",
            ).SerializeToString(),
        )
        for layer in range(layers)
        for at in range(30)
    )
    heads = [tensor_head(f"w{at}", size) for at in range(tensors)]
    graph = len(nodes) + sum(len(head) + size for head in heads)
    with path.open("wb") as file:
        file.write(b"\x08\x09" + b"\x3a" + varint(graph) + nodes)
        for head in heads:
            file.write(head)
            file.seek(size, 1)
        file.truncate()


def tensor_head(name: str, size: int) -> bytes:
    """The beginning of an initialiser, up to its raw data of `size` bytes."""
    told = delimited(1, varint(size // 4)) + b"\x10\x01" + delimited(8, name.encode())
    told += b"\x4a" + varint(size)
    return b"\x2a" + varint(len(told) + size) + told


def delimited(number: int, body: bytes) -> bytes:
    """A length-delimited field of a protobuf message."""
    return varint(number << 3 | 2) + varint(len(body)) + body


def varint(value: int) -> bytes:
    """The protobuf encoding of an unsigned integer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def walk(path: Path) -> dict[str, float]:
    from aibom.formats.onnx import read_graph

    view = FileView(path)
    model = read_graph(view, path.name)  # type: ignore[arg-type]
    return {"tensors": len(model.initialisers), "bytes_read": view.bytes, "reads": view.reads}


def load(path: Path) -> dict[str, float]:
    import onnx

    return {"tensors": len(onnx.load(path).graph.initializer), "bytes_read": path.stat().st_size, "reads": 1}


def measure(kind: str, path: Path) -> dict[str, float]:
    """The best of three rounds, the onnx package imported beforehand."""
    import onnx  # noqa: F401

    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        seen = {"walk": walk, "load": load}[kind](path)
        best = min(best, time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**seen, "seconds": best, "peak_mb": peak / 1024}


def main() -> int:
    """Print the figures; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("mebibytes", 1536), ("tensors", 64), ("layers", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--child", nargs=2, metavar=("KIND", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    shape = (options.mebibytes, options.tensors, options.layers)
    if options.child:
        kind, path = options.child[0], Path(options.child[1])
        if kind == "write":
            write_graph(path, *shape)
        else:
            print(json.dumps(measure(kind, path)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        child("write", path, *shape)
        slow, fast = child("load", path, *shape), child("walk", path, *shape)
        child("write", path, OVERSIZED, *shape[1:])
        refused, large = child("load", path, *shape), child("walk", path, *shape)
    if not (slow and fast):
        return 1
    faster, lighter = slow["seconds"] / fast["seconds"], slow["peak_mb"] / fast["peak_mb"]
    print(f"{options.mebibytes} MiB: 1/{faster:.0f} of the time of onnx.load (limit 1/{FASTER})")
    print(f"peak memory {fast['peak_mb']:.0f} MB (limit {MEGABYTES}), 1/{lighter:.0f} of onnx.load")
    print(f"bytes read: 1/{slow['bytes_read'] / fast['bytes_read']:.0f} of the file")
    print(f"{OVERSIZED} MiB in one protobuf: onnx.load {'works' if refused else 'fails'}, ", end="")
    print(f"the walk takes {large['seconds'] * 1000:.0f} ms" if large else "the walk fails")
    return 0 if faster >= FASTER and fast["peak_mb"] < MEGABYTES and large else 1


def child(kind: str, path: Path, mebibytes: int, tensors: int, layers: int) -> dict[str, float] | None:
    """One step in a process of its own, which does not begin with the peak memory of this one."""
    numbers = [f"--mebibytes={mebibytes}", f"--tensors={tensors}", f"--layers={layers}"]
    command = [sys.executable, __file__, *numbers, "--child", kind, str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout else None


if __name__ == "__main__":
    raise SystemExit(main())
