"""Sketches put related records first, and say down to which correlation they see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aibom.errors import DataError
from aibom.index import Index, Standing, Store, encode, open_index
from aibom.index.connection import FILE
from aibom.index.sketch import MATRICES, sketches_of
from aibom.model import ShapePrint, Target, TargetKind
from tests.index.records import changed, model, noisy, record, record_file, samples
from tests.index.test_store import _tampered

WIDTH = 256
COUNT = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty unrelated models of one width, and one of another."""
    directory = tmp_path_factory.mktemp("index")
    with Store.make(directory) as store:
        for seed in range(1, COUNT + 1):
            store.add(record_file(seed, whole=model(seed, width=WIDTH)), "here")
        store.add(record_file(99, whole=model(99, width=96)), "here")
    return directory


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_index(folder) as opened:
        yield opened


@pytest.mark.parametrize("correlation", [0.2, 0.5, 0.95])
def test_the_related_record_comes_first(index: Index, correlation: float) -> None:
    amount = (1 / correlation**2 - 1) ** 0.5
    found = index.shortlist(samples(noisy(model(7, width=WIDTH), amount)))
    assert found.models[0].model_id == "org7/model"
    assert found.models[0].place.standing is Standing.LIKELY


def test_unrelated_records_are_ruled_out_with_the_power_stated(index: Index) -> None:
    found = index.shortlist(samples(model(1000, width=WIDTH)), limit=4)
    told = found.coverage
    assert (told.records, told.likely, told.open, told.unlikely, told.apart) == (COUNT + 1, 0, 0, COUNT, 1)
    assert (told.listed, told.left_out) == (4, 0)
    assert told.detectable is not None
    assert told.detectable <= 0.2


def test_layers_in_another_order_or_left_out_are_found(index: Index) -> None:
    whole = model(9, width=WIDTH)
    shuffled = {(5 - layer, kind): matrix for (layer, kind), matrix in whole.items() if layer % 2}
    assert index.shortlist(samples(shuffled)).models[0].model_id == "org9/model"


def test_one_part_of_many_is_found(index: Index) -> None:
    own = samples(model(1000, width=WIDTH), "decoder-core")
    taken = samples(noisy(model(12, width=WIDTH), 0.1), "vision-encoder")
    assert index.shortlist((*own, *taken)).models[0].model_id == "org12/model"


def test_rows_of_one_sign_are_no_agreement(index: Index) -> None:
    """R1: a common mean is taken off."""
    found = index.shortlist(samples(changed(model(1000, width=WIDTH), lambda matrix: 1 + 0.1 * matrix)))
    assert found.coverage.likely == 0


def test_a_sketch_that_is_too_small_rules_nothing_out(index: Index) -> None:
    few = samples(model(1000, width=WIDTH, layers=1))[:1]
    told = index.shortlist(few, limit=5).coverage
    assert (told.unlikely, told.open) == (0, COUNT)
    assert told.left_out == COUNT - 5


def test_another_width_cannot_be_compared(index: Index) -> None:
    found = index.shortlist(samples(model(1, width=80)))
    assert found.models == ()
    assert found.coverage.apart == COUNT + 1


def test_open_records_stand_in_the_order_of_their_architecture(tmp_path: Path) -> None:
    mine = ShapePrint("decoder-core", (("a.weight", ("h",)), ("b.weight", ("h",))))
    other = ShapePrint("decoder-core", (("z.weight", ("h",)),))
    with Store.make(tmp_path) as store:
        for seed in range(1, 7):
            shape = mine if seed == 4 else other
            store.add(encode(record(seed, whole=model(seed, layers=1), shapes=(shape,))), "here")
    with open_index(tmp_path) as index:
        found = index.shortlist(samples(model(1000, layers=1)), (mine,))
    assert found.coverage.open == 6
    assert found.models[0].model_id == "org4/model"


def test_models_are_read_when_they_are_asked_for(index: Index) -> None:
    query = samples(model(7, width=WIDTH))
    first = index.shortlist(query).models[0]
    assert first.samples == record(7, whole=model(7, width=WIDTH)).samples
    assert (first.organisation, first.released, first.commit) == (
        "hub:org7",
        date(2024, 5, 1),
        first.entry.model.commit,
    )
    assert first.is_target(Target("x", TargetKind.HUB, "model", repository="Org7/Model"))
    assert not first.is_target(Target("model", TargetKind.FOLDER, "org7/model"))


def test_controls_are_unrelated_models_of_other_organisations(index: Index) -> None:
    query = samples(noisy(model(7, width=WIDTH), 0.5))
    found = index.controls(query, excluding={"org3/model", "hub:org5"})
    assert len(found) == 3
    assert not {"org7", "org3", "org5", "org99"} & {name.partition("/")[0] for name in found}
    assert found == index.controls(query, excluding={"org3/model", "hub:org5"})
    assert len(index.controls(query, excluding=(), count=5)) == 5


def test_controls_have_known_and_different_organisations(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        for seed in (1, 2, 3):
            name = f"one/model{seed}"
            store.add(record_file(seed, name=name, whole=model(seed, width=WIDTH)), "here")
        store.add(record_file(4, organisation=None, whole=model(4, width=WIDTH)), "here")
    with open_index(tmp_path) as index:
        query = samples(model(1000, width=WIDTH))
        assert len(index.controls(query, excluding=())) == 1
        unknown = next(each for each in index.shortlist(query).models if each.model_id == "org4/model")
        assert unknown.organisation is None


def test_superseded_records_are_not_searched(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        store.add(record_file(1), "here")
        store.add(record_file(2, name="org1/model"), "here")
    with open_index(tmp_path) as index:
        assert index.shortlist(samples(model(1))).coverage.records == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sketches SET codes = zeroblob(length(codes)) WHERE record = 3",
        "UPDATE sketches SET codes = zeroblob(7) WHERE record = 3",
    ],
)
def test_a_record_whose_sketch_is_damaged_is_tested_in_full(tmp_path: Path, statement: str) -> None:
    with Store.make(tmp_path) as store:
        for seed in range(1, 6):
            store.add(record_file(seed, whole=model(seed, width=WIDTH)), "here")
    _tampered(tmp_path, statement)
    with open_index(tmp_path) as index:
        found = index.shortlist(samples(model(1000, width=WIDTH)))
    assert (found.coverage.open, found.models[0].model_id) == (1, "org3/model")


def test_a_damaged_record_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    with Store.make(tmp_path) as store:
        for seed in range(1, 6):
            store.add(record_file(seed, whole=model(seed, width=WIDTH)), "here")
    _tampered(tmp_path, "UPDATE records SET content = zeroblob(100) WHERE number = 3")
    with open_index(tmp_path) as index:
        damaged = index.shortlist(samples(model(3, width=WIDTH))).models[0]
        with pytest.raises(DataError, match="org3/model"):
            _ = damaged.samples
        controls = index.controls(samples(model(1000, width=WIDTH)), excluding=(), count=5)
        assert len(controls) == 4


def test_the_index_says_what_it_holds(folder: Path) -> None:
    with open_index(folder) as index, Store.open(folder) as store:
        assert index.digest == store.digest
        assert len(index.entries) == COUNT + 1
    assert (folder / FILE).is_file()


def test_sketches_are_small_and_the_same_each_time() -> None:
    query = samples(model(1, layers=40, width=512))
    (sketch,) = sketches_of(query)
    assert (sketch.matrices, len(sketch.codes)) == (120, MATRICES * 2 * 256)
    assert sketches_of(query) == (sketch,)
