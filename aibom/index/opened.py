"""An index that is asked: which of its models to hold a target against, and what stands beside as control."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aibom.closing import Closing
from aibom.errors import DataError
from aibom.formats.shapeprint import similarity
from aibom.index import LIMIT
from aibom.index.entries import Entry
from aibom.index.standing import Place, Standing, standings
from aibom.index.store import Store
from aibom.model import ShapePrint, Target, WeightSample

CONTROLS = 3
_COMPARED_SHAPES = 256
"""Records whose architecture is looked at to put them in order."""


class IndexedModel:
    """One recorded model; its samples are read and verified when they are first asked for."""

    def __init__(self, store: Store, entry: Entry, place: Place) -> None:
        self._store = store
        self._samples: tuple[WeightSample, ...] | None = None
        self.entry = entry
        self.place = place

    @property
    def model_id(self) -> str:
        """Hub id, or the name it was recorded under."""
        return self.entry.model.id

    @property
    def commit(self) -> str | None:
        """The commit that was read."""
        return self.entry.model.commit

    @property
    def organisation(self) -> str | None:
        """Registry id or `hub:<namespace>`; None where the publisher is not known."""
        return self.entry.model.organisation

    @property
    def released(self) -> date | None:
        """The day on which the Hub says that the repository was made."""
        day = self.entry.model.released
        return date.fromisoformat(day) if day else None

    @property
    def samples(self) -> Sequence[WeightSample]:
        """Its samples.

        Raises:
            DataError: the record is damaged; the message names it.
        """
        if self._samples is None:
            self._samples = self._store.load(self.entry).samples
        return self._samples

    def is_target(self, target: Target) -> bool:
        """Whether it is the repository that is scanned, at whatever commit."""
        return target.repository is not None and target.repository.casefold() == self.model_id.casefold()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of every record of an index, so that none is left out without a word.

    Attributes:
        records: records that are searched, the latest of each model and commit; `damaged` others cannot
            be read.
        likely: with more agreement in their sketches than chance gives.
        open: whose sketches could not have shown a strong match.
        unlikely: ruled out by their sketches, of which `detectable` is the smallest correlation that
            would have shown in every one of them; None where none was ruled out so.
        apart: without a matrix of a common width.
        listed: chosen for the full test, in that order.
    """

    records: int
    damaged: int = 0
    likely: int = 0
    open: int = 0
    unlikely: int = 0
    apart: int = 0
    listed: int = 0
    detectable: float | None = None

    @property
    def left_out(self) -> int:
        """Records that should be tested in full, and are not listed."""
        return max(self.likely + self.open - self.listed, 0)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The models to test in full, the likeliest first."""

    models: tuple[IndexedModel, ...]
    coverage: Coverage

    @property
    def left_out(self) -> int:
        """Models that may be related, and that the list has no room for."""
        return self.coverage.left_out


class Index(Closing):
    """An open index of reference records; the answers to one target are kept until another is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        entries, lost = store.listed()
        self._entries = {entry.number: entry for entry in entries if not entry.superseded}
        self._damaged = len(lost)
        self._asked: tuple[tuple[WeightSample, ...], dict[int, Place]] = ((), {})
        self._loaded: dict[int, IndexedModel] = {}

    def close(self) -> None:
        """Give the file back."""
        self._store.close()

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted digests of all records."""
        return self._store.digest

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The records that are searched: the latest of each model and commit."""
        return tuple(self._entries.values())

    def shortlist(
        self, samples: Sequence[WeightSample], shapes: Sequence[ShapePrint] = (), limit: int = LIMIT
    ) -> Shortlist:
        """The models to test in full, and what became of the others.

        All samples of a target can be given at once: the best of its parts counts. At most `limit` models
        are listed; unlikely ones fill the list, so that there is always something to hold a target against.
        """
        places = self._places(samples)
        ranked = sorted(places, key=lambda number: (places[number].order, self._entries[number].digest))
        ranked = self._by_architecture(ranked, places, shapes)
        chosen = ranked[: max(limit, 0)]
        by_standing = {kind: sum(place.standing is kind for place in places.values()) for kind in Standing}
        ruled_out = [
            place.detectable or 1.0
            for number, place in places.items()
            if place.standing is Standing.UNLIKELY and number not in set(chosen)
        ]
        coverage = Coverage(
            records=len(self._entries),
            damaged=self._damaged,
            likely=by_standing[Standing.LIKELY],
            open=by_standing[Standing.OPEN],
            unlikely=by_standing[Standing.UNLIKELY],
            apart=len(self._entries) - len(places),
            listed=len(chosen),
            detectable=max(ruled_out, default=None),
        )
        models = tuple(IndexedModel(self._store, self._entries[each], places[each]) for each in chosen)
        return Shortlist(models, coverage)

    def controls(
        self, samples: Sequence[WeightSample], *, excluding: Collection[str], count: int = CONTROLS
    ) -> Mapping[str, Sequence[WeightSample]]:
        """Models of equal width that their sketches rule out, of as many organisations, by label.

        `excluding` names models or organisations; all models of the organisations of those are left out,
        and so are models whose organisation is not known.
        """
        chosen: dict[str, Sequence[WeightSample]] = {}
        for model in self._unrelated(samples, excluding):
            if len(chosen) == count:
                break
            try:
                chosen[model.entry.name] = model.samples
            except DataError:  # another one does as well; `verify` tells of this one
                continue
        return chosen

    def _unrelated(
        self, samples: Sequence[WeightSample], excluding: Collection[str]
    ) -> Iterator[IndexedModel]:
        """One model of each organisation, those that can be compared best first."""
        seen = set(excluding)
        seen |= {
            entry.model.organisation
            for entry in self._entries.values()
            if entry.model.id in excluding and entry.model.organisation
        }
        places = self._places(samples)
        for number in sorted(
            (number for number, place in places.items() if place.standing is Standing.UNLIKELY),
            key=lambda number: (places[number].detectable or 1.0, self._entries[number].digest),
        ):
            model = self._entries[number].model
            if model.organisation is None or model.organisation in seen or model.id in excluding:
                continue
            seen.add(model.organisation)
            if number not in self._loaded:
                self._loaded[number] = IndexedModel(self._store, self._entries[number], places[number])
            yield self._loaded[number]

    def _places(self, samples: Sequence[WeightSample]) -> dict[int, Place]:
        wanted = tuple(samples)
        if self._asked[0] != wanted:
            found = standings(wanted, self._store, len(self._entries))
            self._asked = wanted, {number: found[number] for number in sorted(found.keys() & self._entries)}
        return self._asked[1]

    def _by_architecture(
        self, ranked: Sequence[int], places: Mapping[int, Place], shapes: Sequence[ShapePrint]
    ) -> list[int]:
        """Open records in the order of their architecture's likeness; their sketches tell too little."""
        likely = [number for number in ranked if places[number].standing is Standing.LIKELY]
        undecided = [number for number in ranked if places[number].standing is Standing.OPEN]
        likeness = {number: self._likeness(number, shapes) for number in undecided[:_COMPARED_SHAPES]}
        undecided.sort(key=lambda number: -likeness.get(number, 0.0))
        return [*likely, *undecided, *ranked[len(likely) + len(undecided) :]]

    def _likeness(self, number: int, shapes: Sequence[ShapePrint]) -> float:
        try:
            known = self._store.shapes(self._entries[number])
        except DataError:  # the full test will tell
            return 0.0
        pairs = ((one, other) for one in shapes for other in known)
        return max((similarity(one.entries, other.entries, {}) for one, other in pairs), default=0.0)


def open_index(directory: Path) -> Index:
    """Open an index to hold targets against it.

    Raises:
        UsageError: there is no index in the folder.
        DataError: the file is no index of this version.
    """
    return Index(Store.open(directory))
