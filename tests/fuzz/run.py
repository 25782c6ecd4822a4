"""The long fuzz: `make fuzz`, or `python -m tests.fuzz.run --count 100000 --only onnx:model.onnx`.

For each reader so many damaged files; exit status 1 at the first that raises, that takes over a second of
processor time, or whose peak memory passes 10 times the bytes read plus 50 MB. The damaged file is kept.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tracemalloc
from pathlib import Path

from aibom.sources.memory import MemoryView
from aibom.testing import inspect
from tests.fuzz.mutations import mutated
from tests.fuzz.seeds import SEEDS, Seed

SECONDS = 1.0
FIXED = 50 * 1024 * 1024
FACTOR = 10
MEASURED_EVERY = 50
"""Memory is traced for one file in so many: tracing slows everything down several times."""


def main() -> int:
    """Fuzz every reader that was asked for; print a line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="damaged files for each reader")
    parser.add_argument("--only", action="append", choices=sorted(SEEDS), help="this reader; may be repeated")
    parser.add_argument("--seed", default="0", help="another number gives other files")
    chosen = parser.parse_args()
    print(f"{'reader':34} {'files':>8} {'worst ms':>9} {'worst MB':>9}")
    for name in chosen.only or sorted(SEEDS):
        draw = random.Random(f"{chosen.seed}:{name}")
        worst_time = worst_memory = 0.0
        for number in range(chosen.count):
            data = mutated(draw, SEEDS[name].data)
            measured = number % MEASURED_EVERY == 0
            try:
                seconds, memory, allowed = _one(SEEDS[name], data, measured=measured)
            except Exception as error:
                return _failed(name, data, f"{type(error).__name__}: {error}")
            worst_time, worst_memory = max(worst_time, seconds), max(worst_memory, memory)
            if seconds > SECONDS and not measured:
                return _failed(name, data, f"took {seconds:.1f} s")
            if memory > allowed:
                return _failed(name, data, f"took {memory / 1e6:.0f} MB")
        print(f"{name:34} {chosen.count:8} {worst_time * 1000:9.0f} {worst_memory / 1e6:9.1f}", flush=True)
    return 0


def _one(seed: Seed, data: bytes, *, measured: bool) -> tuple[float, float, float]:
    """Processor seconds, peak bytes, and the bytes allowed, of one file."""
    view = MemoryView(seed.target(data))
    if measured:
        tracemalloc.start()
    start = time.process_time()
    try:
        inspect(seed.inspector(), view)
        seconds = 0.0 if measured else time.process_time() - start
        peak = tracemalloc.get_traced_memory()[1] if measured else 0
    finally:
        tracemalloc.stop()
    return seconds, peak, FACTOR * sum(length for _, _, length in view.reads) + FIXED


def _failed(name: str, data: bytes, what: str) -> int:
    kept = Path("fuzz-failure.bin")
    kept.write_bytes(data)
    print(f"{name}: {what}; the file is {kept}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
