"""The long fuzz: `make fuzz`, or `python -m tests.fuzz.run --count 100000 --only onnx`.

For each reader, in a process of its own: so many damaged files, shared among its seeds, then files of a
mebibyte that repeat one piece or one member over and over. Exit status 1 where one of them raises or kills
the process, reads outside its file, takes over a second of processor time, or more memory than 10 times the
bytes read plus 50 MB. Such files are kept; `--file` looks at one again. Equal seeds give equal files.

Memory is what the process's peak rises by while a file is read, as Linux tells it: what the parsers in C
take is seen too. The first damaged files only warm up.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import itertools
import multiprocessing
import random
import re
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aibom.testing import inspect
from tests.fuzz.bounds import BoundedView
from tests.fuzz.mutations import mutated, repeated
from tests.fuzz.seeds import READERS, SEEDS, Seed

SECONDS = 1.0
MIB = 1024 * 1024
FIXED, FACTOR = 50_000_000, 10
WARM_UP = 20
SMALL, TOGETHER = 50_000, 100
KEPT = Path("build/fuzz")
HANG = 30
"""Seconds of wall time after which a process is given up."""
MAX_FAILURES = 5
"""Failures of one reader after which no more files are tried."""


@dataclass(slots=True)
class Figures:
    """What one reader showed: files, worst processor seconds, worst memory in bytes, and what was wrong."""

    reader: str
    damaged: int = 0
    large: int = 0
    seconds: float = 0.0
    memory: int = 0
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        """A row of the table that is printed."""
        return (
            f"{self.reader:24} {self.damaged:8} {self.large:6} "
            f"{self.seconds * 1000:9.0f} {self.memory / 1e6:9.1f}"
        )


def main() -> int:
    """Fuzz every reader that was asked for; print a line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="damaged files for each reader")
    parser.add_argument("--only", action="append", choices=sorted(READERS), help="reader; may be repeated")
    parser.add_argument("--seed", default="0", help="another one gives other files")
    parser.add_argument("--jobs", type=int, default=1, help="readers at a time")
    parser.add_argument("--file", type=Path, help="look at this kept file alone")
    chosen = parser.parse_args()
    if chosen.file:
        return _again(chosen.file)
    names = chosen.only or sorted(READERS)
    print(f"{'reader':24} {'damaged':>8} {'large':>6} {'worst ms':>9} {'worst MB':>9}", flush=True)
    failed = False
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for figures in pool.map(partial(_apart, count=chosen.count, seed=chosen.seed), names):
            print(figures.line(), flush=True)
            failed |= bool(figures.failures)
            for failure in figures.failures:
                print(f"{figures.reader}: {failure}", file=sys.stderr, flush=True)
    return int(failed)


def _apart(reader: str, *, count: int, seed: str) -> Figures:
    """The figures of one reader, from a process that may die; a fork would bring its parent's memory."""
    context = multiprocessing.get_context("spawn")
    number = context.Value("q", 0)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_fuzz, args=(sender, number, reader, count, seed))
    process.start()
    sender.close()
    try:
        return receiver.recv()  # type: ignore[no-any-return]
    except EOFError:
        process.join()
        return Figures(reader, failures=[_killed(reader, count, seed, number.value, process.exitcode)])
    finally:
        process.join()


def _fuzz(sender: Connection, number: Any, reader: str, count: int, seed: str) -> None:
    """All files of one reader, in a process of its own; `number` tells the parent which is looked at."""
    figures, peak = Figures(reader), Peak()
    for at, (example, data) in enumerate(_files(reader, count, seed)):
        number.value = at
        faulthandler.dump_traceback_later(HANG, exit=True)
        seconds, memory, wrong = look(example, data, peak)
        faulthandler.cancel_dump_traceback_later()
        if at < WARM_UP:
            continue
        figures.damaged += at < count + WARM_UP
        figures.large += at >= count + WARM_UP
        figures.seconds = max(figures.seconds, seconds)
        figures.memory = max(figures.memory, memory)
        if wrong:
            figures.failures.append(f"file {at}: {wrong}; it is {_kept(example, data, at)}")
        if len(figures.failures) == MAX_FAILURES:
            break
    sender.send(figures)


def _files(reader: str, count: int, seed: str) -> Iterator[tuple[Seed, bytes]]:
    draw, seeds = random.Random(f"{seed}:{reader}"), READERS[reader]
    for at in range(WARM_UP + count):
        example = seeds[at % len(seeds)]
        yield example, mutated(draw, example.data, example.kinds)
    for example in seeds:
        for data in itertools.chain(repeated(draw, example.data, MIB), example.grown(MIB)):
            yield example, data


def look(example: Seed, data: bytes, peak: Peak) -> tuple[float, int, str]:
    """Processor seconds, bytes of memory beyond those held before, and which law was broken, of one file."""
    view = BoundedView(example.target(data))
    peak.begin(len(data))
    begin = time.process_time()
    try:
        inspect(example.inspector(), view)
    except Exception as error:
        return 0.0, 0, "".join(traceback.format_exception(error)[-3:])
    seconds, memory = time.process_time() - begin, peak.rise()
    read = sum(length for _, _, length in view.reads)
    if view.outside:
        return seconds, memory, view.outside[0]
    if seconds > SECONDS or memory > FACTOR * read + FIXED:
        return seconds, memory, f"{seconds:.2f} s and {memory / 1e6:.0f} MB for {read:,} bytes read"
    return seconds, memory, ""


class Peak:
    """By how much the process's memory rises: for a large file, or for `TOGETHER` small ones in turn."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None)
        self._held = self._small = 0

    def begin(self, size: int) -> None:
        """A file of so many bytes comes."""
        self._small = self._small - 1 if size < SMALL else 0
        if self._small < 1:
            self._libc.malloc_trim(0)  # what an earlier file left behind would hide what this one takes
            Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
            self._held, self._small = _highest(), TOGETHER

    def rise(self) -> int:
        """Bytes beyond those held before."""
        return _highest() - self._held


def _highest() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _killed(reader: str, count: int, seed: str, number: int, status: int | None) -> str:
    example, data = next(itertools.islice(_files(reader, count, seed), number, None))
    return f"file {number}: ended the process (status {status}); it is {_kept(example, data, number)}"


def _kept(example: Seed, data: bytes, number: int) -> str:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / (f"{re.sub('[^A-Za-z0-9.]+', '-', example.name)}-{number}.bin")
    path.write_bytes(data)
    return f"{path} of {example.name}"


def _again(path: Path) -> int:
    """Looks once at a kept file, whose name tells its seed."""
    seeds = {re.sub("[^A-Za-z0-9.]+", "-", seed.name): seed for seed in SEEDS.values()}
    seconds, memory, wrong = look(seeds[path.stem.rpartition("-")[0]], path.read_bytes(), Peak())
    print(f"{seconds * 1000:.0f} ms, {memory / 1e6:.1f} MB {wrong}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
