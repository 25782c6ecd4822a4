"""What samples of weights cost: bytes of models of 100 GB and more from a stand-in Hub, a pair, memory.

The data of the sparse checkpoints are made up where they are read. Exit status 1 where a limit is missed.
The limit of bytes is for dense models; models whose experts are tensors of their own are shown beside them.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from aibom.model import Depth, WeightSample
from aibom.pipeline import ScanOptions, examine
from aibom.provenance.weights import compare_parts
from aibom.sources import SourceOptions, open_source
from tests.formats.sampling.sparse import header, made_up
from tests.standin import Repository, Sparse, StandinHub, serving

WIDTH = 4096
SHARD = 5_000_000_000
"""Bytes of one shard, as hubs cut them."""
LIMITS = {"MiB of a model": 5.0, "seconds of a pair": 1.0, "peak MB": 400.0}
SAMPLED = 32
"""Matrices of a pair."""

DENSE = {"dense-32": 32, "dense-126": 126}
"""Layers of dense models."""
MIXTURES = {"experts-64": 64, "experts-256": 256}
"""Experts of each of 61 layers."""

Table = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class MadeUp(Sparse):
    """A shard whose data are random BF16 numbers, the same for the same offset."""

    def piece(self, start: int, stop: int) -> bytes:
        """The header, then made-up numbers."""
        stop = min(stop, self.size)
        known = self.head[start:stop]
        return known + made_up(start + len(known), stop - start - len(known))


def dense(layers: int) -> Table:
    """A dense model of the shape of Llama 3."""
    table: Table = {"model.embed_tokens.weight": (128_256, WIDTH)}
    for layer in range(layers):
        lead = f"model.layers.{layer}"
        for name, outputs in (("q", 4096), ("k", 1024), ("v", 1024), ("o", 4096)):
            table[f"{lead}.self_attn.{name}_proj.weight"] = (outputs, WIDTH)
        for name in ("gate", "up"):
            table[f"{lead}.mlp.{name}_proj.weight"] = (28_672, WIDTH)
        table[f"{lead}.mlp.down_proj.weight"] = (WIDTH, 28_672)
        table[f"{lead}.input_layernorm.weight"] = (WIDTH,)
    return table


def mixture(layers: int, experts: int) -> Table:
    """A model whose experts are three tensors each."""
    table = {name: shape for name, shape in dense(layers).items() if ".mlp." not in name}
    for layer, expert in product(range(layers), range(experts)):
        lead = f"model.layers.{layer}.mlp.experts.{expert}"
        for name in ("gate", "up"):
            table[f"{lead}.{name}_proj.weight"] = (1408, WIDTH)
        table[f"{lead}.down_proj.weight"] = (WIDTH, 1408)
    return table


def repository(table: Mapping[str, Sequence[int]], model_type: str, layers: int) -> Repository:
    """The tensors in shards, with an index and a configuration."""
    shards: list[dict[str, Sequence[int]]] = [{}]
    filled = 0
    for name, shape in table.items():
        size = 2 * int(np.prod(shape))
        if filled + size > SHARD and shards[-1]:
            shards.append({})
            filled = 0
        shards[-1][name] = shape
        filled += size
    config = {"model_type": model_type, "num_hidden_layers": layers, "hidden_size": WIDTH}
    files: dict[str, bytes | Sparse] = {"config.json": json.dumps(config).encode()}
    weight_map: dict[str, str] = {}
    for number, tensors in enumerate(shards):
        name = f"model-{number + 1:05}-of-{len(shards):05}.safetensors"
        head, size = header({tensor: ("BF16", shape) for tensor, shape in tensors.items()})
        files[name] = MadeUp(head, len(head) + size)
        weight_map.update(dict.fromkeys(tensors, name))
    index = {"metadata": {}, "weight_map": weight_map}
    files["model.safetensors.index.json"] = json.dumps(index).encode()
    return Repository(files)


def serve(channel: Connection) -> None:
    """Run the stand-in until told to stop; send its URL first."""
    models = {f"org/{name}": repository(dense(layers), "llama", layers) for name, layers in DENSE.items()}
    for name, experts in MIXTURES.items():
        models[f"org/{name}"] = repository(mixture(61, experts), "deepseek_v3", 61)
    with serving(StandinHub(models)) as hub:
        channel.send(hub.base)
        channel.recv()


@dataclass(frozen=True)
class Cost:
    """What one model took: MiB of its tables alone and of all that was read, and the samples."""

    tables: float
    whole: float
    samples: tuple[WeightSample, ...]


def cost(name: str, endpoint: str) -> Cost:
    """Scan a model for its tables, then for samples too; print what it took."""
    mebibytes = []
    samples: tuple[WeightSample, ...] = ()
    for depth in (Depth.HEADERS, Depth.WEIGHTS):
        with open_source(f"org/{name}", SourceOptions(endpoint=endpoint, depth=depth)) as source:
            samples = examine(source, ScanOptions()).inspected.prints_of(WeightSample)
            stats, total = source.stats(), sum(entry.size or 0 for entry in source.files.values())
        mebibytes.append(stats.bytes / 2**20)
    kept = sum(len(item.codes) for item in samples)
    deep = len({item.layer for item in samples} - {None})
    print(
        f"{name}, {total / 1e9:.0f} GB: {mebibytes[1]:.2f} MiB in {stats.requests} requests, "
        f"{mebibytes[0]:.2f} of them tables; {len(samples)} matrices of {deep} layers, "
        f"{kept / 2**20:.2f} MiB kept"
    )
    return Cost(mebibytes[0], mebibytes[1], samples)


def main() -> int:
    """Print the figures; 1 where a limit is passed."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    server.start()
    endpoint = here.recv()

    found = {name: cost(name, endpoint) for name in (*DENSE, *MIXTURES)}
    here.send("stop")
    server.join()
    small, large = (found[name] for name in DENSE)
    pair = [item for item in small.samples if item.layer is not None][:SAMPLED]
    begin = time.process_time()
    compare_parts(pair, pair)
    seconds = time.process_time() - begin
    whole = time.process_time()
    compare_parts(large.samples, large.samples)
    count = len(large.samples)
    print(f"a pair of all {count} matrices: {time.process_time() - whole:.2f} s of processor time")
    print(f"bytes of 126 layers beside 32: {large.whole / small.whole:.2f} times")
    figures = {
        "MiB of a model": max(small.whole, large.whole),
        "seconds of a pair": seconds,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    for name, value in figures.items():
        print(f"{name}: {value:.2f} (limit {LIMITS[name]:g})")
    return int(any(value > LIMITS[name] for name, value in figures.items()))


if __name__ == "__main__":
    raise SystemExit(main())
