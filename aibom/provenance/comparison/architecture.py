"""The shapes of two targets' parts, by role: a vision encoder beside a vision encoder."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.catalog.signatures import MIN_PATTERNS
from aibom.formats.shapeprint import similarity
from aibom.model import ComparedPair, ComparedSignal, Locator, Role, ShapePrint, Statistic
from aibom.provenance.context import Context
from aibom.provenance.shape_match import RESEMBLES, ShapeMatch, Verdict, match_shapes

_CANNOT_SHOW = (
    "Whose design it is, and anything of weights: independently trained models often have equal shapes. A "
    "part that is different is not thereby original."
)
_ALTERNATIVE = "Many unrelated models are built with one published architecture, at the same sizes."
_TOLD = 5
"""Known families that resemble A as well; the statistic names so many of them."""


def compare_architecture(a: Context, b: Context) -> ComparedSignal:
    """`resembles` where a part of A resembles one of B in the same role; `different` where none does."""
    pairs = tuple(_pairs(a, b))
    alike = [pair for pair in pairs if pair.verdict is Verdict.RESEMBLES]
    if alike:
        named = ", ".join(f"{pair.part_a} beside {pair.part_b}" for pair in alike)
        return ComparedSignal(
            Verdict.RESEMBLES, f"tensor names and shapes are alike: {named}", _CANNOT_SHOW, pairs
        )
    if pairs:
        return ComparedSignal(
            Verdict.DIFFERENT, "no two parts of one role have like names and shapes", _CANNOT_SHOW, pairs
        )
    reason = "no two parts of one role have shapes that could be compared"
    return ComparedSignal(Verdict.INDETERMINATE, reason, _CANNOT_SHOW)


def _pairs(a: Context, b: Context) -> Iterator[ComparedPair]:
    theirs = _prints(b)
    for role, one in _prints(a):
        known = match_shapes(one, role, a.catalog.signatures)
        weights = a.catalog.signatures.weights(role)
        for other_role, other in theirs:
            if role is other_role:
                yield _pair(one, other, round(similarity(one.entries, other.entries, weights), 4), known)


def _prints(context: Context) -> list[tuple[Role, ShapePrint]]:
    """Prints of enough tensors, with their part's role; parts in a second serialisation are left out."""
    found = []
    for item in context.inspected.prints_of(ShapePrint):
        if len(item.entries) < MIN_PATTERNS:
            continue
        part = context.part(item.part)
        if part and not part.alternative:
            found.append((part.role, item))
    return found


def _pair(one: ShapePrint, other: ShapePrint, alike: float, known: ShapeMatch) -> ComparedPair:
    resembles = alike >= RESEMBLES
    common, all_entries = set(one.entries) & set(other.entries), set(one.entries) | set(other.entries)
    widths = "equal" if one.numbers == other.numbers else "unequal"
    return ComparedPair(
        Verdict.RESEMBLES if resembles else Verdict.DIFFERENT,
        f"{len(common)} of {len(all_entries)} tensor names with shapes are common; widths are {widths}.",
        part_a=one.part,
        part_b=other.part,
        statistic=_statistic(alike, known),
        locators_a=_place(one.locator),
        locators_b=_place(other.locator),
        alternative=_ALTERNATIVE if resembles else "",
    )


def _statistic(alike: float, known: ShapeMatch) -> Statistic:
    """Beside it what known families give: the null among those unlike A, and the best of those like it."""
    if known.verdict is Verdict.INDETERMINATE:
        return Statistic("similarity", alike, detail="no family of that role is known to hold it against")
    names = ", ".join(known.model_types[:_TOLD]) or "none above the threshold"
    more = len(known.model_types) - _TOLD
    beside = f"known families that resemble A: {names}" + (f" and {more} more" if more > 0 else "")
    return Statistic("similarity", alike, round(known.null, 4), round(known.similarity, 4), beside)


def _place(locator: Locator | None) -> tuple[Locator, ...]:
    return (locator,) if locator else ()
