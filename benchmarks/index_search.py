"""What one part costs against an index of 10,000 records, and which relations the sketches still see.

python benchmarks/index_search.py [records]

Builds an index of synthetic models of one width, the worst case: every record can be compared. The search is
a process of its own, so that its memory is that of the search alone. Exit status 1 where the shortlist takes
more than 2 s or 400 MB, or a related record is missed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from aibom.index import Store, open_index
from aibom.index.connection import FILE
from tests.index.records import Model, model, noisy, record_file, samples

WIDTH = 1024
LAYERS = 12
SECONDS, MEGABYTES = 2.0, 400
CORRELATIONS = (0.2, 0.5, 0.95)
TRIALS = 20


def whole(seed: int) -> Model:
    """36 matrices of eight rows; what lies below is never sampled."""
    return model(seed, layers=LAYERS, width=WIDTH, outputs=16)


def build(directory: Path, count: int) -> None:
    """Records of unrelated models."""
    with Store.make(directory) as store:
        store._database.execute("PRAGMA synchronous = OFF")  # a crash of this run loses nothing of worth
        for seed in range(1, count + 1):
            store.add(record_file(seed, whole=whole(seed)), "synthetic")


def measure(directory: Path, count: int) -> dict[str, object]:
    """In the process of the search."""
    unrelated = samples(whole(count + 1))
    with open_index(directory) as index:
        index.shortlist(samples(model(1, width=80)))  # what starting up costs is not counted
        start = time.perf_counter()
        found = index.shortlist(unrelated)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        recall = {str(r): recalled(index, count, r) for r in CORRELATIONS}
    coverage = found.coverage
    told = {name: getattr(coverage, name) for name in ("likely", "open", "unlikely", "apart", "listed")}
    return {"seconds": seconds, "megabytes": peak, "detectable": coverage.detectable, "recall": recall} | told


def recalled(index: object, count: int, correlation: float) -> float:
    """How often a copy of that correlation has its source at the top, as likely."""
    hits = 0
    for seed in np.linspace(1, count, TRIALS).astype(int):
        copy = noisy(whole(int(seed)), (1 / correlation**2 - 1) ** 0.5)
        best = index.shortlist(samples(copy)).models[0]  # type: ignore[attr-defined]
        hits += best.model_id == f"org{seed}/model" and best.place.standing == "likely"
    return hits / TRIALS


def main() -> int:
    """Print one line a figure."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]))))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        build(Path(folder), count)
        built = time.perf_counter() - start
        size = (Path(folder) / FILE).stat().st_size
        command = [sys.executable, __file__, "--measure", folder, str(count)]
        result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    each = built / count * 1000
    standings = ", ".join(f"{result[name]} {name}" for name in ("likely", "open", "unlikely", "apart"))
    recall = ", ".join(f"r = {r}: {share:.2f}" for r, share in result["recall"].items())
    print(f"{count} records, {size / 1e9:.2f} GB, built in {built:.0f} s ({each:.1f} ms a record)")
    print(f"one part of {LAYERS * 3} matrices      {result['seconds']:.2f} s, bound {SECONDS:.0f} s")
    print(f"peak memory of the process   {result['megabytes']:.0f} MB, bound {MEGABYTES} MB")
    print(f"by sketch                    {standings}")
    print(f"would have shown             r = {result['detectable']}")
    print(f"related record at the top    {recall}")
    missed = any(share < 1 for share in result["recall"].values())
    return int(result["seconds"] > SECONDS or result["megabytes"] > MEGABYTES or missed)


if __name__ == "__main__":
    raise SystemExit(main())
