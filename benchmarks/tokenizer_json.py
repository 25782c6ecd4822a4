"""A tokenizer.json of 20 MB in one normal form; exit status 1 from 0.5 s or 150 MB more memory.

Time is that of the processor, so that what else runs on the machine does not count; wall time is printed
beside it. Memory is the peak of a process of its own, above what it takes once the reader is imported.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from local import best

import aibom.formats.tokenizers.parse  # noqa: F401 - what is imported at the first vocabulary
from aibom.formats.tokenizers import read_tokenizers
from aibom.sources import SourceOptions, open_source

TOKENS = 256_000
MERGES = 420_000
SECONDS = 0.5
MEGABYTES = 150


def write_tokenizer(path: Path) -> None:
    """A byte-level BPE tokenizer of made-up words, its merges as pairs, laid out as the library saves it."""
    words = [word(number) for number in range(TOKENS)]
    merges = [[words[at % TOKENS][:3], f"{words[at % TOKENS][3:]}{at // TOKENS}"] for at in range(MERGES)]
    model = {"type": "BPE", "vocab": {text: at for at, text in enumerate(words)}, "merges": merges}
    document = {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "ByteLevel"}, "model": model}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False))


def word(number: int) -> str:
    """A space and six letters, unlike those of every other number."""
    letters = ""
    for _ in range(6):
        number, digit = divmod(number, 26)
        letters += chr(97 + (digit * 7 + len(letters) * 5) % 26)
    return f"Ġ{letters}"


def main() -> int:
    """Print time and memory; 1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        write_tokenizer(path)
        command = [sys.executable, __file__, folder]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, wall, memory = map(float, run.stdout.split())
        size = path.stat().st_size / 1e6
    what = f"{size:.0f} MB, {TOKENS:,} tokens, {MERGES:,} merges"
    print(f"{what}: {seconds:.2f} s ({wall:.2f} s of wall time), {memory:.0f} MB more at the peak")
    return 0 if seconds < SECONDS and memory < MEGABYTES else 1


def measure(folder: Path) -> None:
    """Print processor seconds, wall seconds (the best of five) and megabytes."""
    before = _peak()
    runs = []

    def work() -> None:
        start = time.process_time()
        with open_source(str(folder), SourceOptions(offline=True)) as source:
            read_tokenizers(source)
        runs.append(time.process_time() - start)

    wall = best(work, 5)
    print(min(runs), wall, _peak() - before)


def _peak() -> float:
    """Largest resident memory of this process, as Linux tells it, in megabytes."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(Path(sys.argv[1]))
    else:
        raise SystemExit(main())
