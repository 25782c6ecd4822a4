"""Samples of the weights, held against the models of the user's index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aibom.model import Locator, OrganisationRef, Role, ShapePrint, Stage, Statistic, Unknown, WeightSample
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.references import ReferenceModel, tests_against
from aibom.provenance.signals.families import declared_types
from aibom.provenance.weight_words import told
from aibom.provenance.weights import PartTest, WeightsVerdict

ENOUGH = 3
"""Outside references of equal width that independence must hold against."""
SHOWN = 4
"""Matrices that a finding points to."""


@dataclass(frozen=True, slots=True)
class _Tested:
    """One part against one reference."""

    model: ReferenceModel
    organisation: OrganisationRef | None
    test: PartTest


def weights(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each sampled part: on the reference that it agrees with, or that none is."""
    samples = context.inspected.prints_of(WeightSample)
    if context.references is None or not samples:
        return
    shortlist = context.references.shortlist(samples, context.inspected.prints_of(ShapePrint))
    tested: dict[str, list[_Tested]] = {}
    for answer in tests_against(context.target, samples, shortlist.models, context.references):
        if isinstance(answer, Unknown):
            yield answer
            continue
        model, tests = answer
        organisation = context.organisation(model.organisation) if model.organisation else None
        for test in tests:
            tested.setdefault(test.part_a, []).append(_Tested(model, organisation, test))
    if shortlist.left_out:
        reason = (
            f"{shortlist.left_out:,} further references that may be related were not tested; `index search` "
            "tests more"
        )
        yield Unknown("index", Stage.PROVENANCE, reason)
    if not tested:
        yield Unknown(
            "index", Stage.PROVENANCE, "no reference of the index could be held against the weights"
        )
    decided: dict[str, bool] = {}
    for part, results in sorted(tested.items()):
        found = _claim(context, part, results)
        decided[part] = found is not None and found.finding.rule == "weights.independent"
        if found is not None:
            yield found
    yield from _followers(context, decided)


def _claim(context: Context, part: str, results: Sequence[_Tested]) -> Claim | None:
    ranked = sorted(results, key=_closeness, reverse=True)
    best = ranked[0]
    if best.test.verdict.related or best.test.matched:
        return _match(context, part, best, ranked[1:])
    independent = [item for item in results if item.test.verdict is WeightsVerdict.INDEPENDENT]
    return _no_match(context, part, independent, results) if independent else None


def _closeness(item: _Tested) -> tuple[bool, float, float, str]:
    return item.test.verdict.related, item.test.coverage, item.test.median_r, item.model.model_id


def _match(context: Context, part: str, best: _Tested, others: Sequence[_Tested]) -> Claim:
    model, test = best.model, best.test
    date = f"published {model.released}" if model.released else "date not known"
    owner = label(best.organisation) if best.organisation else "an unknown publisher"
    return claim(
        _rule(context, best),
        f"{part} against {model.model_id} of {owner} ({date}): {told(test)}.",
        inputs=(part, model.model_id, test.verdict),
        part=part,
        parts=(part,),
        organisations=(best.organisation,) if best.organisation else (),
        upstream=model.model_id,
        locators=_places(test),
        statistic=Statistic(
            "median centred correlation",
            test.median_r,
            round(max((item.largest for item in test.nulls), default=0.0), 4),
            max((item.test.median_r for item in others), default=None),
            f"coverage {test.coverage:.0%}, z bound {test.bound:.1f}, {test.comparisons:,} pairs compared",
        ),
    )


def _rule(context: Context, best: _Tested) -> str:
    """Direction comes from dates, never from similarity."""
    if not best.test.verdict.related:
        return "weights.partial"
    if best.organisation is not None and context.own(best.organisation):
        return "weights.own"
    if best.test.verdict is WeightsVerdict.SHARED:
        return "weights.shared-start"
    released = best.model.released
    older = context.released is not None and released is not None and released < context.released
    older = older and best.organisation is not None
    return f"weights.{best.test.verdict.value}" if older else "weights.related"


def _places(test: PartTest) -> tuple[Locator, ...]:
    matched = sorted((item for item in test.matches if item.matched), key=lambda item: -item.r)
    return tuple(item.ours.locator for item in matched[:SHOWN] if item.ours.locator is not None)


def _no_match(
    context: Context, part: str, independent: Sequence[_Tested], results: Sequence[_Tested]
) -> Claim:
    outside = [item for item in independent if item.organisation and not context.own(item.organisation)]
    missing = _missing(context, part, outside)
    developer = context.developer
    enough = developer is not None and len(outside) >= ENOUGH and not missing
    names = sorted({item.model.model_id for item in independent})
    power = max(item.test.smallest_detectable or 1.0 for item in independent)
    shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    more = f" Not in the index: {', '.join(missing)}." if missing else ""
    largest = max(independent, key=lambda item: max((match.r for match in item.test.matches), default=0.0))
    return claim(
        "weights.independent" if enough else "weights.no-match",
        f"{part} matches none of {len(names)} references of equal width ({shown}); a correlation of "
        f"{power:.3f} would have been seen.{more}",
        inputs=(part, *names),
        part=part,
        parts=(part,) if enough else (),
        organisations=(developer,) if enough and developer is not None else (),
        statistic=Statistic(
            "largest centred correlation",
            round(max(match.r for match in largest.test.matches), 4),
            round(max((item.largest for item in largest.test.nulls), default=0.0), 4),
            detail=f"{sum(item.test.comparisons for item in results):,} pairs compared",
        ),
    )


def _missing(context: Context, part: str, outside: Sequence[_Tested]) -> tuple[str, ...]:
    """Declared outside families that no tested reference stands for."""
    missing = []
    for family, parts in declared_types(context):
        if part not in parts or not family.organisation:
            continue
        source = context.organisation(family.organisation)
        if context.own(source) or any(
            item.organisation and context.related(source, item.organisation) for item in outside
        ):
            continue
        missing.append(f"a model of {label(source)}, whose family {family.model_type} it declares")
    return tuple(missing)


def _followers(context: Context, decided: dict[str, bool]) -> Iterator[Claim]:
    """A router has no weights that could show an origin (R2): it goes with the experts it routes to."""
    beside = [part.id for part in context.inspected.parts if part.role in (Role.EXPERTS, Role.DECODER_CORE)]
    tested = [ident for ident in beside if ident in decided]
    developer = context.developer
    for part in context.inspected.parts:
        if part.role is Role.ROUTER and developer and tested and all(decided[ident] for ident in tested):
            yield claim(
                "weights.independent",
                f"{part.id} carries too few weights to be tested; it goes with {', '.join(tested)}.",
                inputs=(part.id, *tested),
                part=part.id,
                parts=(part.id,),
                organisations=(developer,),
            )
