"""What `aibom --help` costs, beside a Python that does nothing; exit status 1 from 250 ms."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

LIMIT = 0.25
"""Seconds, best of some runs."""


def best(command: list[str], runs: int = 7) -> float:
    """The best wall time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print both, and their ratio."""
    nothing = best([sys.executable, "-c", "pass"])
    shown = best([str(Path(sys.executable).with_name("aibom")), "--help"])
    print(f"python {nothing * 1000:.0f} ms, aibom --help {shown * 1000:.0f} ms, ratio {shown / nothing:.1f}")
    return 0 if shown < LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
