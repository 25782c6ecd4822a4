"""What the test of weights says of one pair, beside what is true of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from aibom.provenance.weights import PartTest, WeightsVerdict, compare_aligned, compare_parts
from benchmarks.zoo import scans
from benchmarks.zoo.pairs import Pair

_LAYER = re.compile(r"(.*?)(\d+)\.")
_PIECE = re.compile(r"#\w+$")


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair.

    Attributes:
        suspect, reference, recipe, expected: as `pairs.Expectation`.
        found: whether some part is identical, derived, or shares its start.
        review: whether the aligned test asks for review; None where it was not run.
        parts: parts that were compared with something of equal width.
        accused: of these, the ones that are said to be related.
        wrong: the accused ones that hold no matrix of the reference.
        verdict: the closest class of any part.
        r: median correlation of the part that is closest.
        maps: layers of the suspect in the map, and those of them that are right.
        named: matched matrices, and those whose source tensor is right.
    """

    suspect: str
    reference: str
    recipe: str
    expected: str
    found: bool
    review: bool | None
    parts: int
    accused: int
    wrong: int
    verdict: str
    r: float
    maps: tuple[int, int]
    named: tuple[int, int]


def judge(pair: Pair, aligned: bool = True) -> Judged:
    """`aligned` runs the aligned test where the direct one finds nothing, as other signals would ask for."""
    suspect, reference, truth = pair
    tests = compare_parts(scans.samples(suspect), scans.samples(reference))
    compared = [test for test in tests if test.tested]
    related = [test for test in compared if test.verdict.related]
    review = None
    if aligned and not related:
        review = compare_aligned(scans.matrices(suspect), scans.matrices(reference)).review
    best = min(
        compared, key=lambda test: (list(WeightsVerdict).index(test.verdict), -test.median_r), default=None
    )
    matched = [match for test in related for match in test.matches if match.matched]
    named = [match for match in matched if _source(match.ours.name, truth.tensors)]
    right = [
        match
        for match in named
        if _source(match.ours.name, truth.tensors) == _PIECE.sub("", match.theirs.name)
    ]
    mapped, exact = _maps(related, truth.layers)
    return Judged(
        suspect=truth.suspect,
        reference=truth.reference,
        recipe=truth.recipe,
        expected=truth.expected,
        found=bool(related),
        review=review,
        parts=len(compared),
        accused=len(related),
        wrong=sum(not _holds(test, truth.tensors) for test in related),
        verdict=best.verdict.value if best else "not compared",
        r=best.median_r if best else 0.0,
        maps=(mapped, exact),
        named=(len(named), len(right)),
    )


def _source(name: str, tensors: Mapping[str, str]) -> str | None:
    """The reference's tensor that a sampled matrix comes from; pieces of a fused one by its name."""
    return tensors.get(name) or tensors.get(_PIECE.sub("", name))


def _holds(test: PartTest, tensors: Mapping[str, str]) -> bool:
    return any(_source(match.ours.name, tensors) for match in test.matches)


def _maps(tests: Sequence[PartTest], layers: Mapping[str, Mapping[int, int]]) -> tuple[int, int]:
    """Layers in the maps of parts that have a true map, and how many are right."""
    mapped = exact = 0
    for test in tests:
        stacks = {found[1] for match in test.matches if (found := _LAYER.match(match.ours.name))}
        true = next((layers.get(stack) for stack in sorted(stacks) if layers.get(stack)), None)
        if true is not None:
            told = [(ours, theirs) for ours, theirs in test.layer_map if ours in true]
            mapped += len(told)
            exact += sum(true[ours] == theirs for ours, theirs in told)
    return mapped, exact


def middle(values: list[float]) -> float:
    """The median, 0 for none."""
    return median(values) if values else 0.0
