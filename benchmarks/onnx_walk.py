"""Reading an ONNX graph by walking the wire format, against `onnx.load`.

Prints the ratio of time and of peak memory on a generated graph, each in a process of its own.
Usage: python benchmarks/onnx_walk.py [--mebibytes 512] [--tensors 256] [--layers 64]
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
    """A decoder-like graph: `tensors` initialisers of equal size, and 30 nodes per layer."""
    from onnx import ModelProto, TensorProto, helper

    size = mebibytes * 1024 * 1024 // tensors
    nodes = [
        helper.make_node("Add", [f"v{layer}_{at}", f"w{layer % tensors}"], [f"v{layer}_{at + 1}"],
                         name=f"/model/layers.{layer}/mlp/Add_{at}")
        for layer in range(layers)
        for at in range(30)
    ]  # fmt: skip
    weights = [
        TensorProto(name=f"w{at}", dims=[size // 4], data_type=TensorProto.FLOAT, raw_data=bytes(size))
        for at in range(tensors)
    ]
    graph = helper.make_graph(nodes, "generated", [], [], weights)
    path.write_bytes(ModelProto(ir_version=9, graph=graph).SerializeToString())


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("mebibytes", 512), ("tensors", 256), ("layers", 64)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--child", nargs=2, metavar=("KIND", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, path = options.child[0], Path(options.child[1])
        if kind == "write":
            write_graph(path, options.mebibytes, options.tensors, options.layers)
        else:
            print(json.dumps(measure(kind, path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        results = {}
        # Written in a child too: a process starts with the peak memory of the one that forked it.
        for kind in ("write", "load", "walk"):
            command = [sys.executable, __file__, *sys.argv[1:], "--child", kind, str(path)]
            answer = subprocess.run(command, check=True, capture_output=True).stdout
            if answer:
                results[kind] = json.loads(answer)
                print(
                    f"{kind}: " + ", ".join(f"{name} {value:,.3f}" for name, value in results[kind].items())
                )
    slow, fast = results["load"], results["walk"]
    print(f"time: 1/{slow['seconds'] / fast['seconds']:.0f} of onnx.load")
    print(f"peak memory: 1/{slow['peak_mb'] / fast['peak_mb']:.1f} of onnx.load")
    print(f"bytes read: 1/{slow['bytes_read'] / fast['bytes_read']:.0f} of the file")


if __name__ == "__main__":
    main()
