"""What the zoo must show, as shares of the judged pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accuracy import Row

from aibom.provenance.weights import WeightsVerdict
from benchmarks.zoo.judge import Judged

SEEDS = 5
"""Models of each recipe."""
COMPARISONS = 3000
"""Parts that are held against unrelated models."""
COORDINATES = frozenset({"identical", "derived"})
TRANSPLANTS = ("audio.", "llava.", "vlm.")
UNSEEN = ("narrow-hidden",)
"""Recipes that change the width: no coordinates are kept, and the aligned test alone can see them."""


def rows(
    related: Sequence[Judged], special: Sequence[Judged], unrelated: Sequence[Judged]
) -> tuple[Row, ...]:
    """Every share that is limited, in the order of `passed`."""
    kept = [item for item in related if keeps_coordinates(item)]
    hidden = [item for item in related if not keeps_coordinates(item)]
    transplants = [item for item in kept if item.recipe.startswith(TRANSPLANTS)]
    asked = [item for item in unrelated if item.review is not None]
    return (
        Row("copies that keep coordinates, found", sum(item.found for item in kept), len(kept)),
        Row(
            "layers of their maps that are right",
            sum(item.maps[1] for item in kept),
            sum(item.maps[0] for item in kept),
        ),
        Row(
            "matrices of transplanted parts named after their source",
            sum(item.named[1] for item in transplants),
            sum(item.named[0] for item in transplants),
        ),
        Row("hidden or narrowed copies, found or sent to review", sum(map(seen, hidden)), len(hidden)),
        Row("special cases in their own class", sum(map(in_own_class, special)), len(special)),
        Row(
            "parts of unrelated models, accused",
            sum(item.accused for item in unrelated),
            sum(item.parts for item in unrelated),
        ),
        Row("unrelated models, sent to review", sum(bool(item.review) for item in asked), len(asked)),
        Row(
            "parts of related models, accused without a common matrix",
            sum(item.wrong for item in related),
            sum(item.parts for item in related),
        ),
    )


def passed(found: Sequence[Row], *, whole: bool) -> bool:
    """Whether all limits are held; `whole` asks for as many comparisons as the limit says."""
    least = (0.99, 1.0, 0.99, 0.95, 1.0)
    shares, accused = found[: len(least)], found[len(least) :]
    return (
        all(row.hits >= share * row.asked for row, share in zip(shares, least, strict=True))
        and not any(row.hits for row in accused)
        and (not whole or accused[0].asked >= COMPARISONS)
    )


def missed(
    related: Sequence[Judged], special: Sequence[Judged], unrelated: Sequence[Judged]
) -> Iterator[Judged]:
    """The pairs that count against a limit, to look at."""
    for item in related:
        lost = not (item.found if keeps_coordinates(item) else seen(item))
        if lost or item.wrong or item.maps[0] != item.maps[1] or item.named[0] != item.named[1]:
            yield item
    yield from (item for item in special if not in_own_class(item))
    yield from (item for item in unrelated if item.accused or item.review)


def keeps_coordinates(found: Judged) -> bool:
    """Whether a related model keeps the coordinates of what it was made from."""
    return found.expected in COORDINATES and not found.recipe.endswith(UNSEEN)


def seen(found: Judged) -> bool:
    """Found by the direct test, or sent to review by the aligned one."""
    return found.found or bool(found.review)


def in_own_class(found: Judged) -> bool:
    """Equal first weights and other data are a shared start, no copy; a student has none of its teacher's."""
    if found.expected == "shared":
        return found.verdict == WeightsVerdict.SHARED
    return not seen(found)
