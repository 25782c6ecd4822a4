"""The remote code of two targets, as wholes and class by class.

Fingerprints weigh as in `code_match`: the less, the more families of the catalogue hold them. Containment is
the share of the lighter code's weight that the other holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from aibom.catalog import CodePrints
from aibom.model import CodePrint, ComparedPair, ComparedSignal, Locator, Statistic
from aibom.provenance.code_match import (
    MIN_CLASS_WEIGHT,
    MIN_WEIGHT,
    NULL,
    SHARED,
    SHARED_CLASS,
    Verdict,
    match_code,
    rarity,
)
from aibom.provenance.context import Context

MAX_CLASSES = 1_000
"""Classes of each side that are held against each other, the weightiest; the wholes are compared entire."""

_CANNOT_SHOW = (
    "Which code was first, whether one was made from the other or both from a third, and anything of "
    "weights. A model that ships no code of its own runs a library's, which is not seen here."
)
_ALTERNATIVE = "Both may be adapted, as open licences allow, from the same third model's published code."

Weigh = Callable[[int], float]


def compare_code(a: Context, b: Context) -> ComparedSignal:
    """Whether the code of two targets shares lineage, with the classes that match."""
    ours, theirs = a.inspected.prints_of(CodePrint), b.inspected.prints_of(CodePrint)
    missing = [name for name, prints in (("A", ours), ("B", theirs)) if not prints]
    if missing:
        reason = f"no code of {' and '.join(missing)} could be compared"
        return ComparedSignal(Verdict.INDETERMINATE, reason, _CANNOT_SHOW)
    weigh = _weights(a.catalog.code_prints)
    whole = _wholes(a.catalog.code_prints, ours, theirs, weigh)
    return ComparedSignal(
        whole.verdict, whole.statement, _CANNOT_SHOW, (whole, *_classes(ours, theirs, weigh))
    )


def _weights(references: CodePrints) -> Weigh:
    """A fingerprint's weight, looked up once."""

    @cache
    def weigh(value: int) -> float:
        carriers = frozenset[str]().union(*(references.carriers(unit) for unit in references.units(value)))
        return rarity(len(carriers), len(references.families))

    return weigh


def _wholes(
    references: CodePrints, ours: Sequence[CodePrint], theirs: Sequence[CodePrint], weigh: Weigh
) -> ComparedPair:
    one, other = _whole(ours), _whole(theirs)
    least = min(_total(one, weigh), _total(other, weigh))
    share = _containment(one, other, weigh)
    verdict, said = _verdict(least, share)
    known, runner_up = _best_known(references, ours)
    return ComparedPair(
        verdict,
        said,
        part_a=ours[0].part,
        part_b=theirs[0].part,
        statistic=Statistic("containment", share, NULL, runner_up, f"{known}; weight {least:.0f}"),
        locators_a=tuple(Locator(path) for path in sorted({item.path for item in ours})),
        locators_b=tuple(Locator(path) for path in sorted({item.path for item in theirs})),
        alternative=_ALTERNATIVE if verdict is Verdict.SHARES_LINEAGE else "",
    )


def _verdict(weight: float, share: float) -> tuple[Verdict, str]:
    if weight < MIN_WEIGHT:
        return Verdict.INDETERMINATE, "one side has too little code of its own weight to tell"
    if share >= SHARED:
        return Verdict.SHARES_LINEAGE, f"{share:.0%} of the lighter code, by weight, stands in the other"
    if share > NULL:
        return Verdict.INDETERMINATE, (
            f"{share:.0%} by weight is common: more than between unrelated families, too little for lineage"
        )
    return Verdict.NO_MATCH, f"{share:.0%} by weight is common, no more than between unrelated families"


def _best_known(references: CodePrints, prints: Sequence[CodePrint]) -> tuple[str, float | None]:
    """The catalogued family that holds most of A's code: what B is to be compared with."""
    ranked = match_code([item for item in prints if item.line is None], references).ranked
    if not ranked:
        return "no catalogued family holds any of A", None
    return f"runner-up: the catalogued family {ranked[0].family.model_type} with A", ranked[0].containment


def _classes(ours: Sequence[CodePrint], theirs: Sequence[CodePrint], weigh: Weigh) -> Iterator[ComparedPair]:
    """Each class of A beside the class of B that it shares most with, where that is no chance."""
    candidates = _weightiest(theirs, weigh)
    holders: dict[int, list[int]] = defaultdict(list)
    for number, item in enumerate(candidates):
        for value in item.fingerprints:
            holders[value].append(number)
    for item in _weightiest(ours, weigh):
        numbers = sorted({number for value in item.fingerprints for number in holders.get(value, ())})
        scored = sorted(
            (
                (_containment(item.fingerprints, candidates[number].fingerprints, weigh), -number)
                for number in numbers
            ),
            reverse=True,
        )
        if scored and scored[0][0] >= SHARED_CLASS:
            yield _class_pair(
                item, candidates[-scored[0][1]], scored[0][0], scored[1][0] if scored[1:] else None
            )


def _class_pair(one: CodePrint, other: CodePrint, share: float, runner_up: float | None) -> ComparedPair:
    return ComparedPair(
        Verdict.SHARES_LINEAGE,
        f"{one.name} ({one.path}:{one.line}) resembles {other.name} ({other.path}:{other.line}).",
        part_a=one.part,
        part_b=other.part,
        statistic=Statistic("containment", share, runner_up=runner_up, detail="runner-up: B's next class"),
        locators_a=(Locator(one.path, line=one.line),),
        locators_b=(Locator(other.path, line=other.line),),
        alternative=_ALTERNATIVE,
    )


def _weightiest(prints: Iterable[CodePrint], weigh: Weigh) -> list[CodePrint]:
    """Classes that are heavy enough to be told apart, the weightiest ones, by path and line."""
    weighed = [(_total(item.fingerprints, weigh), item) for item in prints if item.line is not None]
    heavy = [(weight, item) for weight, item in weighed if weight >= MIN_CLASS_WEIGHT]
    heavy.sort(key=lambda pair: (-pair[0], pair[1].path, pair[1].line or 0))
    return sorted((item for _, item in heavy[:MAX_CLASSES]), key=lambda item: (item.path, item.line or 0))


def _whole(prints: Iterable[CodePrint]) -> frozenset[int]:
    return frozenset(value for item in prints if item.line is None for value in item.fingerprints)


def _containment(one: Collection[int], other: Collection[int], weigh: Weigh) -> float:
    least = min(_total(one, weigh), _total(other, weigh))
    return round(_total(set(one) & set(other), weigh) / least, 4) if least else 0.0


def _total(fingerprints: Iterable[int], weigh: Weigh) -> float:
    return sum(weigh(value) for value in sorted(fingerprints))
