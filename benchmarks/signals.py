"""What the signals and the catalogue cost; exit status 1 where a limit is missed.

Each figure is taken in fresh processes: loading the whole catalogue, and a scan with and without the signals,
in seconds of the processor and by its peak of memory. The target is the example with the most code, or a
folder that is named.
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

ROOT = Path(__file__).parent.parent
LOAD_SECONDS = 0.15
SIGNAL_SECONDS = 1.0
SIGNAL_BYTES = 200_000_000
WHEEL_BYTES = 5_000_000
RUNS = 5


def load_catalog() -> float:
    """Seconds to load every data set that a scan can touch."""
    from aibom.catalog import load

    start = time.process_time()
    catalog = load()
    for name in ("inheritance", "code_prints", "tokenizers", "licences", "signatures"):
        getattr(catalog, name)
    return time.process_time() - start


def scan(target: str, *, signals: bool) -> tuple[float, int]:
    """Seconds of a scan up to its parts, or with origins too, and the process's peak in bytes."""
    from aibom.catalog import load
    from aibom.pipeline import ScanOptions, examine
    from aibom.provenance import conclude
    from aibom.sources import SourceOptions, open_source

    start = time.process_time()
    with open_source(target, SourceOptions(offline=True)) as source:
        examined = examine(source, ScanOptions())
        if signals:
            conclude(source.target, examined.files, examined.inspected, catalog=load())
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measured(*arguments: str) -> list[float]:
    """The least of some runs of this script, each figure by itself."""
    command = [sys.executable, str(Path(__file__)), "--only", *arguments]
    runs = [json.loads(subprocess.check_output(command)) for _ in range(RUNS)]
    return [min(figures) for figures in zip(*runs, strict=True)]


def example(folder: Path) -> Path:
    """The example with the most code, built."""
    sys.path.insert(0, str(ROOT / "examples"))
    from build import build

    built = build(folder)
    return max(built.values(), key=lambda path: sum(file.stat().st_size for file in path.glob("*.py")))


def wheel_size(folder: Path) -> int:
    """Bytes of the project's wheel."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl")).stat().st_size


def main() -> int:
    """Print each figure beside its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="?", help="a folder to scan instead of the example")
    parser.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        kind, *target = options.only
        print(json.dumps([load_catalog()] if kind == "load" else scan(*target, signals=kind == "with")))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        target = options.target or str(example(Path(folder)))
        (load,) = measured("load")
        (bare, least), (whole, most) = measured("without", target), measured("with", target)
        size = wheel_size(Path(folder))
    print(f"catalogue loaded in {load * 1000:.0f} ms (limit {LOAD_SECONDS * 1000:.0f})")
    print(
        f"scan {bare:.2f} s, with signals {whole:.2f} s: {whole - bare:.2f} s more (limit {SIGNAL_SECONDS})"
    )
    print(
        f"memory {least / 1e6:.0f} MB, with signals {most / 1e6:.0f} MB (limit {SIGNAL_BYTES / 1e6:.0f} more)"
    )
    print(f"wheel {size / 1e6:.1f} MB (limit {WHEEL_BYTES / 1e6:.0f})")
    met = (
        load < LOAD_SECONDS,
        whole - bare < SIGNAL_SECONDS,
        most - least < SIGNAL_BYTES,
        size < WHEEL_BYTES,
    )
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
