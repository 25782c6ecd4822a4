"""A target held against the models of an index: which are tested, and what every part gives against each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aibom.errors import UndeterminedError
from aibom.index import Coverage, Entry, Index, Place
from aibom.model import Inspected, ShapePrint, Target, Unknown, WeightSample
from aibom.provenance.references import tests_against

if TYPE_CHECKING:
    from aibom.provenance.weights import PartTest


@dataclass(frozen=True, slots=True)
class Hit:
    """One model of the index that was tested in full: its record, where its sketches put it, all tests."""

    entry: Entry
    place: Place
    tests: tuple[PartTest, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What a target gave against an index.

    `digest` is that of the index; `hits` the tested models, the likeliest first; `own` says that records of
    the target's own repository were passed over; `coverage` tells of all others.
    """

    target: Target
    digest: str
    hits: tuple[Hit, ...]
    coverage: Coverage
    own: bool = False
    unknowns: tuple[Unknown, ...] = ()

    @property
    def tested(self) -> bool:
        """Whether any matrix of the target was held against one of the index."""
        return any(test.tested for hit in self.hits for test in hit.tests)


def search(
    target: Target, inspected: Inspected, index: Index, limit: int, unknowns: Sequence[Unknown] = ()
) -> Search:
    """Shortlist by sketches, then the direct test of every part against each model of the list.

    Raises:
        UndeterminedError: no matrix of the target was sampled.
    """
    samples = inspected.prints_of(WeightSample)
    if not samples:
        raise UndeterminedError(
            f"{target.ref}: no matrix of weights could be sampled, so nothing was held against the index",
            advice="Point at a model whose weights are there, in a format that samples are taken of.",
        )
    shortlist = index.shortlist(samples, inspected.prints_of(ShapePrint), limit)
    answers = list(tests_against(target, samples, shortlist.models, index))
    unread = [answer for answer in answers if isinstance(answer, Unknown)]
    hits = [
        Hit(model.entry, model.place, tests)
        for model, tests in (answer for answer in answers if not isinstance(answer, Unknown))
    ]
    own = any(model.is_target(target) for model in shortlist.models)
    return Search(target, index.digest, tuple(hits), shortlist.coverage, own, (*unknowns, *unread))
