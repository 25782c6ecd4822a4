"""The zoo's tables in docs/accuracy.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.zoo.baselines import BASELINES
from benchmarks.zoo.judge import Judged, middle
from benchmarks.zoo.limits import seen
from benchmarks.zoo.pairs import Pair, Pairs

STATISTICS = (
    "| measured on the same pairs | related pairs with a value | of these found at no false accusation | "
    "of all | median of related | median of unrelated | largest of unrelated |",
    "|---|---|---|---|---|---|---|",
)
"""Heading of the lines that `statistic` gives."""
Values = Sequence[Mapping[str, float | None]]


def extent(pairs: Pairs, related: Sequence[Pair], unrelated: Sequence[Pair]) -> str:
    """How large the zoo is that the tables were made with."""
    counts = pairs.recipes
    return (
        f"{pairs.models} models of {len(counts)} recipes, at least {min(counts.values())} seeds of each; "
        f"{len(related)} related and {len(unrelated)} unrelated pairs.\n"
    )


def by_recipe(related: Iterable[Judged]) -> str:
    """What is said of each recipe."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in related:
        groups[item.recipe].append(item)
    lines = [
        "| recipe | pairs | found | to review | classes of the closest part | median r |",
        "|---|---|---|---|---|---|",
    ]
    for recipe, items in sorted(groups.items()):
        review = sum(bool(item.review) for item in items)
        lines.append(
            f"| {recipe} | {len(items)} | {sum(item.found for item in items)} | {review or ''} | "
            f"{_classes(items)} | {_middle(items)} |"
        )
    return "\n".join(lines) + "\n"


def special(found: Iterable[Judged]) -> str:
    """What is said of a shared start and of a student."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in found:
        groups[item.recipe].append(item)
    lines = ["| special case | pairs | classes of the closest part | median r |", "|---|---|---|---|"]
    lines += [
        f"| {recipe} | {len(items)} | {_classes(items)} | {_middle(items)} |"
        for recipe, items in sorted(groups.items())
    ]
    return "\n".join(lines) + "\n"


def baselines(found: Sequence[Judged], related: Values, unrelated: Values) -> str:
    """True positives of each statistic at its best threshold that accuses no unrelated pair."""
    ours = f"{sum(map(seen, found)) / max(len(found), 1):.1%}"
    lines = [
        *STATISTICS,
        f"| aibom: direct test, then aligned test | {len(found)} of {len(found)} | {ours} | {ours} | | | |",
    ]
    lines += [
        statistic(name, [item[name] for item in related], [item[name] for item in unrelated])
        for name in BASELINES
    ]
    return "\n".join(lines) + "\n"


def statistic(name: str, related: Sequence[float | None], unrelated: Sequence[float | None]) -> str:
    """A line of `baselines`: pairs without a value are not found."""
    high = [value for value in related if value is not None]
    low = [value for value in unrelated if value is not None]
    if not high or not low:
        return f"| {name} | {len(high)} of {len(related)} | | | | | |"
    hits = sum(value > max(low) for value in high)
    return (
        f"| {name} | {len(high)} of {len(related)} | {hits / len(high):.1%} | {hits / len(related):.1%} | "
        f"{middle(high):.3f} | {middle(low):.3f} | "
        f"{max(low):.3f} |"
    )


def _classes(items: Iterable[Judged]) -> str:
    counts = Counter(item.verdict for item in items)
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _middle(items: Iterable[Judged]) -> str:
    return f"{middle([item.r for item in items]):.3f}"
