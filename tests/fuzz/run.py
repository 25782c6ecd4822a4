"""The long fuzz: `make fuzz`, or `python -m tests.fuzz.run --count 100000 --only onnx:model.onnx`.

For each reader, in a process of its own, so many damaged files, then files of a mebibyte that repeat one
piece over and over. Exit status 1 where one of them raises, reads outside its file, takes over a second of
processor time and two more for each mebibyte read, or more memory than 10 times the bytes read plus 50 MB.
The first such file of each reader is kept.

Memory is what the process's peak rises by while a file is read, as Linux tells it: what the parsers in C
take is seen too. The first damaged files only warm up.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aibom.sources.memory import MemoryView
from aibom.testing import inspect
from tests.fuzz.mutations import mutated, repeated
from tests.fuzz.seeds import SEEDS, Seed

SECONDS, SECONDS_PER_MIB = 1.0, 2.0
MIB = 1024 * 1024
FIXED, FACTOR = 50 * MIB, 10
WARM_UP = 20
HANG = 30
"""Seconds of wall time after which a file is given up."""


@dataclass(slots=True)
class Figures:
    """What one reader showed: files, worst seconds, worst memory in bytes, and what was wrong."""

    name: str
    files: int = 0
    seconds: float = 0.0
    memory: int = 0
    failure: str = ""


def main() -> int:
    """Fuzz every reader that was asked for; print a line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="damaged files for each reader")
    parser.add_argument("--only", action="append", choices=sorted(SEEDS), help="this reader; may be repeated")
    parser.add_argument("--seed", default="0", help="another number gives other files")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="readers at a time")
    chosen = parser.parse_args()
    names = chosen.only or sorted(SEEDS)
    print(f"{'reader':40} {'files':>8} {'worst ms':>9} {'worst MB':>9}", flush=True)
    failed = 0
    context = multiprocessing.get_context("spawn")  # a process that is forked brings its parent's memory
    with context.Pool(min(chosen.jobs, len(names)), maxtasksperchild=1) as pool:
        for found in pool.imap(partial(fuzz, count=chosen.count, seed=chosen.seed), names, chunksize=1):
            milliseconds, megabytes = found.seconds * 1000, found.memory / 1e6
            print(f"{found.name:40} {found.files:8} {milliseconds:9.0f} {megabytes:9.1f}", flush=True)
            if found.failure:
                failed += 1
                print(f"{found.name}: {found.failure}", file=sys.stderr, flush=True)
    return int(failed > 0)


def fuzz(name: str, *, count: int, seed: str) -> Figures:
    """All files of one reader, up to the first that breaks a law."""
    signal.signal(signal.SIGALRM, _hang)
    figures = Figures(name)
    for number, data in enumerate(_files(SEEDS[name], random.Random(f"{seed}:{name}"), count)):
        signal.alarm(HANG)
        try:
            seconds, memory, read = _one(SEEDS[name], data)
        except Exception as error:
            figures.failure = _kept(name, data, f"{type(error).__name__}: {error}")
            return figures
        finally:
            signal.alarm(0)
        if number < WARM_UP:
            continue
        figures.files += 1
        figures.seconds = max(figures.seconds, seconds)
        figures.memory = max(figures.memory, memory)
        if seconds > SECONDS + SECONDS_PER_MIB * read / MIB or memory > FACTOR * read + FIXED:
            what = f"{seconds:.1f} s and {memory / 1e6:.0f} MB for {read:,} bytes read"
            figures.failure = _kept(name, data, what)
            return figures
    return figures


def _files(seed: Seed, draw: random.Random, count: int) -> Iterator[bytes]:
    yield from (mutated(draw, seed.data, seed.kinds) for _ in range(WARM_UP + count))
    yield from repeated(seed.data, MIB)


def _one(seed: Seed, data: bytes) -> tuple[float, int, int]:
    """Processor seconds, bytes of memory beyond those held before, and bytes read, of one file.

    Raises:
        ValueError: a read left its file.
    """
    files = seed.target(data)
    view = MemoryView(files)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    held, begin = _peak(), time.process_time()
    inspect(seed.inspector(), view)
    seconds, memory = time.process_time() - begin, _peak() - held
    for path, offset, length in view.reads:
        if length and not 0 <= offset <= offset + length <= len(files[path]):
            raise ValueError(f"{length} bytes at {offset} were asked of a file of {len(files[path])}")
    return seconds, memory, sum(length for _, _, length in view.reads)


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _hang(*_: object) -> None:
    raise TimeoutError(f"over {HANG} s")


def _kept(name: str, data: bytes, what: str) -> str:
    path = Path(f"fuzz-{name.replace('/', '-').replace(':', '-').replace(' ', '-')}.bin")
    path.write_bytes(data)
    return f"{what}; what was damaged is in {path}"


if __name__ == "__main__":
    sys.exit(main())
