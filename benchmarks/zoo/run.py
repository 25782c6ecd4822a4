"""Holds the test of weights, and what others measure, against every pair of a built zoo.

Exit status 1 where a limit is missed: copies whose coordinates are kept found at .99 or more with no false
accusation, hidden ones at .95 or more by the aligned test, layer maps exact, source tensors of transplanted
encoders named at .99 or more, special cases in their own class; five seeds of a recipe and 3,000 comparisons
with unrelated models. `--write` puts the tables into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one process a core, each of one thread

from accuracy import table, write_section

from benchmarks.zoo import tables
from benchmarks.zoo.baselines import measured
from benchmarks.zoo.judge import judge
from benchmarks.zoo.limits import SEEDS, missed, passed, rows
from benchmarks.zoo.pairs import Pair, Pairs

ALIGNED_NEGATIVES = 400
"""Unrelated pairs that the aligned test and the baselines run on: each reads whole matrices."""
Result = TypeVar("Result")
_CHUNK = 8
"""Pairs that a process takes at once: those of one suspect follow each other, and are read once."""


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zoo", type=Path)
    parser.add_argument(
        "--only", default="", help="recipes whose FAMILY.NAME begins so; limits on numbers are off"
    )
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, help="models that each recipe must have; fewer than 5: as --only"
    )
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.only and options.write:
        parser.error("the tables of the documentation hold all recipes")
    pairs = Pairs(options.zoo, options.only)
    related, special, unrelated = list(pairs.positives()), list(pairs.special()), list(pairs.negatives())
    chosen = unrelated[:: max(1, len(unrelated) // ALIGNED_NEGATIVES)]
    asked = {id(pair) for pair in chosen}
    with ProcessPoolExecutor() as pool:
        found = _each(pool, judge, related)
        own = _each(pool, judge, special)
        apart = _each(pool, judge, unrelated, [id(pair) in asked for pair in unrelated])
        values = _each(pool, measured, related), _each(pool, measured, chosen)
    held = rows(found, own, apart)
    for item in missed(found, own, apart):
        print(
            f"missed: {item.suspect} beside {item.reference}: {item.verdict}, review {item.review}",
            file=sys.stderr,
        )
    text = "\n".join(
        (
            tables.extent(pairs, related, unrelated),
            table(held),
            tables.by_recipe(found),
            tables.special(own),
            tables.baselines(found, *values),
        )
    )
    print(text)
    if options.write:
        write_section("bench-zoo", text)
    complete = bool(options.only) or min(pairs.recipes.values()) >= options.seeds
    whole = not options.only and options.seeds >= SEEDS
    return 0 if complete and passed(held, whole=whole) else 1


def _each(
    pool: ProcessPoolExecutor,
    work: Callable[..., Result],
    pairs: Sequence[Pair],
    *more: Sequence[object],
) -> list[Result]:
    """`work` over all pairs, in their order; how long it took goes to the standard error."""
    began = time.monotonic()
    found = list(pool.map(work, pairs, *more, chunksize=_CHUNK))
    print(f"{work.__name__}: {len(pairs)} pairs in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
