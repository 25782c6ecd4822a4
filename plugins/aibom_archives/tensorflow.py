"""TensorFlow: SavedModel, frozen graphs and checkpoints."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.errors import ReadError
from aibom.formats.tables import Row
from aibom.formats.tensorflow import Graph, read_graph, read_index
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Observation, Severity, Unknown
from aibom.spi import View
from aibom_archives.described import Described, listed, unknown
from aibom_archives.security import finding

SAVED = "saved_model.pb"
_BESIDE = ("keras_metadata.pb", "fingerprint.pb")
"""Files beside a SavedModel that hold no graph."""
_TRAINING = (".OPTIMIZER_SLOT", "optimizer/", "save_counter", "global_step")


def describe(view: View, path: str) -> Described | None:
    """A SavedModel with its variables, or a frozen graph; None for what stands beside one.

    Raises:
        ReadError: the file holds no graph, or cannot be read.
    """
    folder, _, name = path.rpartition("/")
    if name in _BESIDE:
        return None
    graph = read_graph(view, path)
    if name != SAVED:
        # A frozen graph keeps its weights as constants, whose sizes are not walked.
        return Described(
            "tensorflow graph", counted=False, facts=_facts(path, graph), observations=_found(path, graph)
        )
    variables = view.glob(f"{folder}/variables/variables.*" if folder else "variables/variables.*")
    index = next((file for file in variables if file.endswith(".index")), None)
    rows, unknowns = _rows(view, index) if index else ((), ())
    return Described(
        form="tensorflow savedmodel",
        rows=_trained(rows),
        counted=not unknowns,
        files=variables,
        facts=(*_facts(path, graph), *_training(path, rows)),
        observations=_found(path, graph),
        unknowns=unknowns,
    )


def describe_index(view: View, path: str) -> Described | None:
    """A checkpoint on its own; None for the variables of a SavedModel, and for other files of that ending.

    Raises:
        ReadError: the index cannot be read.
    """
    stem = path.removesuffix(".index")
    data = tuple(file for file in view.files if file.startswith(f"{stem}.data-"))
    if not data or path.removesuffix("variables/variables.index") + SAVED in view.files:
        return None
    rows = read_index(view, path)
    facts = tuple(_training(path, rows))
    return Described("tensorflow checkpoint", rows=_trained(rows), files=data, facts=facts)


def _rows(view: View, index: str) -> tuple[tuple[Row, ...], tuple[Unknown, ...]]:
    try:
        return read_index(view, index), ()
    except ReadError as error:
        return (), (unknown(index, error),)


def _trained(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if not any(mark in row.name for mark in _TRAINING))


def _training(path: str, rows: tuple[Row, ...]) -> Iterator[Fact]:
    count = len(rows) - len(_trained(rows))
    if count:
        yield Fact("training_state_tensors", count, Locator(path))


def _facts(path: str, graph: Graph) -> tuple[Fact, ...]:
    place = Locator(path)
    ranked = sorted(graph.operators.items(), key=lambda item: (-item[1], item[0]))
    texts = (
        ("operators", listed([f"{name} {count}" for name, count in ranked], 12)),
        ("signatures", listed(sorted(graph.signatures))),
        ("tags", listed(sorted(graph.tags))),
        ("tensorflow_version", clean(graph.version, 40)),
    )
    return tuple(Fact(name, value, place) for name, value in texts if value)


def _found(path: str, graph: Graph) -> tuple[Observation, ...]:
    found = []
    if graph.custom:
        shown = listed(list(graph.custom))
        found.append(
            finding(
                "archives.tf-custom-op",
                path,
                f"{path} uses operators that TensorFlow does not bring: {shown}",
                Severity.LOW,
                "The model was built with a library of further operators.",
                shown,
            )
        )
    if graph.reaching:
        shown = listed(list(graph.reaching))
        found.append(
            finding(
                "archives.tf-reaching-op",
                path,
                f"{path} uses operators that call Python or reach files when it runs: {shown}",
                Severity.HIGH,
                "A step of the input pipeline was saved with the model.",
                shown,
            )
        )
    return tuple(found)
