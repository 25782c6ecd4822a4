"""A peer's command on some of the zoo's pairs, where the user has it installed; nothing is fetched.

Cisco's model-provenance-kit (`cisco-ai-provenance-kit` in the package index; Python 3.12, PyTorch and
transformers) compares two models by `provenancekit compare A B --json`. It decides by its `pipeline_score`,
from 0 to 1, which is 1 where the configurations are equal; `identity_score` is what it makes of the
weights alone. The environment variable `AIBOM_PEER` names another command line.

One pair of each of some recipes; among the unrelated ones, models that were made to look related come first.
`--write` puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from accuracy import write_section

from benchmarks.zoo import tables
from benchmarks.zoo.judge import judge
from benchmarks.zoo.limits import seen
from benchmarks.zoo.pairs import Pair, Pairs

COMMAND = "provenancekit compare {a} {b} --json --no-cache"
PAIRS = 40
"""Related pairs, and as many unrelated ones."""
MATCH = 0.75
"""The score above which the peer says `High-Confidence Match` (its core/scoring.py)."""
_SECONDS = 1800
"""A peer that takes longer ends the run: that it is slow is no score."""


@dataclass(frozen=True, slots=True)
class Told:
    """The peer's scores of a pair, None where it gave none."""

    overall: float | None = None
    weights: float | None = None


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("zoo", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not installed():
        print(f"{shlex.split(_command())[0]} is not installed, and is not fetched")
        return 0
    pairs = Pairs(options.zoo)
    related, unrelated = chosen(list(pairs.positives())), chosen(list(pairs.negatives()))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        told = [list(pool.map(_told, group)) for group in (related, unrelated)]
    text = table(related, unrelated, *told)
    print(text)
    if options.write:
        write_section("bench-peer", text)
    return 0


def installed() -> bool:
    """Whether the command is there."""
    return shutil.which(shlex.split(_command())[0]) is not None


def chosen(pairs: Sequence[Pair]) -> list[Pair]:
    """The first pair of each recipe, evenly over them; recipes of single models before those of two roots."""
    first: dict[str, Pair] = {}
    for pair in pairs:
        first.setdefault(pair[2].recipe, pair)
    alone = [pair for recipe, pair in first.items() if " / " not in recipe]
    roots = [pair for recipe, pair in first.items() if " / " in recipe]
    return [*_spread(alone, PAIRS), *_spread(roots, max(PAIRS - len(alone), 0))]


def table(
    related: Sequence[Pair], unrelated: Sequence[Pair], near: Sequence[Told], far: Sequence[Told]
) -> str:
    """What either says by its own rule, and what the peer's scores tell at the best threshold."""
    ours = f"{_found(related)} of {len(related)} | {_found(unrelated)} of {len(unrelated)}"
    lines = [
        "| said to be related | of related pairs | of unrelated pairs |",
        "|---|---|---|",
        f"| aibom, found or sent to review | {ours} |",
        f"| model-provenance-kit, score over {MATCH} | {_over(near)} | {_over(far)} |",
        "",
        *tables.STATISTICS,
        tables.statistic(
            "its overall score", [item.overall for item in near], [item.overall for item in far]
        ),
        tables.statistic(
            "its score of the weights", [item.weights for item in near], [i.weights for i in far]
        ),
    ]
    return "\n".join(lines) + "\n"


def _spread(pairs: Sequence[Pair], count: int) -> list[Pair]:
    count = min(count, len(pairs))
    return [pairs[place * len(pairs) // count] for place in range(count)]


def _found(pairs: Sequence[Pair]) -> int:
    return sum(seen(judge(pair)) for pair in pairs)


def _over(told: Sequence[Told]) -> str:
    values = [item.overall for item in told if item.overall is not None]
    return f"{sum(value > MATCH for value in values)} of {len(values)} with a score"


def _told(pair: Pair) -> Told:
    words = [word.format(a=pair[0], b=pair[1]) for word in shlex.split(_command())]
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
        )
        scores = json.loads(done.stdout)["scores"]
        return Told(_number(scores["pipeline_score"]), _number(scores["identity_score"]))
    except (ValueError, KeyError, TypeError):
        return Told()


def _number(value: object) -> float | None:
    """A score; the peer writes NaN, or null, where it has none."""
    return float(value) if isinstance(value, int | float) and value == value else None


def _command() -> str:
    return os.environ.get("AIBOM_PEER", COMMAND)


if __name__ == "__main__":
    raise SystemExit(main())
