"""Headers of 96 remote shards, 100 GB, at 50 ms latency: bytes, requests, round trips, memory.

The stand-in Hub runs in a process of its own, so that its work is not counted as the reader's. The
wall time is told as a multiple of the round trip, which holds on machines of any speed.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.standin import Repository, Sparse, StandinHub, serving

SHARDS = 96
TENSORS = 600
SHARD_BYTES = 1_050_000_000
LATENCY = 0.05
LIMITS = {"megabytes": 20.0, "round trips": 25.0, "peak MB": 250.0}


def shard(number: int) -> tuple[bytes, dict[str, object]]:
    """The header of one shard as the format lays it down, and its table."""
    size = SHARD_BYTES // TENSORS // 4096 * 4096
    table: dict[str, object] = {
        f"model.layers.{number}.mlp.experts.{tensor}.down_proj.weight": {
            "dtype": "BF16",
            "shape": [size // 4096, 2048],
            "data_offsets": [tensor * size, (tensor + 1) * size],
        }
        for tensor in range(TENSORS)
    }
    text = json.dumps({"__metadata__": {"format": "pt"}, **table}).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text, {"end": TENSORS * size, "names": list(table)}


def repository() -> Repository:
    """A mixture-of-experts checkpoint of 96 sparse shards, with its index and small files."""
    files: dict[str, bytes | Sparse] = {
        "README.md": b"---\nlicense: apache-2.0\n---\n# Large\n",
        "config.json": json.dumps({"model_type": "qwen3_moe", "num_hidden_layers": SHARDS}).encode(),
        "tokenizer_config.json": b"{}",
        "generation_config.json": b"{}",
    }
    weight_map = {}
    for number in range(SHARDS):
        name = f"model-{number + 1:05}-of-{SHARDS:05}.safetensors"
        head, told = shard(number)
        files[name] = Sparse(head, len(head) + int(str(told["end"])))
        weight_map.update(dict.fromkeys(told["names"], name))  # type: ignore[call-overload]
    index = {"metadata": {"total_size": SHARDS * SHARD_BYTES}, "weight_map": weight_map}
    files["model.safetensors.index.json"] = json.dumps(index).encode()
    return Repository(files)


def serve(channel: Connection) -> None:
    """Run the stand-in until told to stop; send its URL first."""
    with serving(StandinHub({"org/large": repository()}, delay=LATENCY)) as hub:
        channel.send(hub.base)
        channel.recv()


def main() -> int:
    """Print the figures; 1 where a limit is passed."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    server.start()
    endpoint = here.recv()

    import aibom.sources.hub  # noqa: F401 - loaded before the clock starts: it costs no round trip
    from aibom.formats.safetensors import Header, read_headers
    from aibom.sources import SourceOptions, open_source

    begin = time.perf_counter()
    with open_source("org/large", SourceOptions(endpoint=endpoint)) as source:
        opened = time.perf_counter()
        headers = read_headers(source, source.glob("*.safetensors"))
        wall = time.perf_counter() - begin
        stats, total = source.stats(), sum(entry.size or 0 for entry in source.files.values())
    here.send("stop")
    server.join()

    read = [header for header in headers.values() if isinstance(header, Header)]
    figures = {
        "megabytes": stats.bytes / 1e6,
        "round trips": wall / LATENCY,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    tensors = sum(len(header.tensors) for header in read)
    opening = (opened - begin) / LATENCY
    print(
        f"{len(read)} of {SHARDS} headers, {tensors} tensors, {total / 1e9:.0f} GB, {stats.requests} requests"
    )
    print(f"opened after {opening:.1f} round trips of {LATENCY * 1000:.0f} ms")
    for name, value in figures.items():
        print(f"{name}: {value:.1f} (limit {LIMITS[name]:g})")
    return int(len(read) != SHARDS or any(figures[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
