"""TensorFlow Lite models."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.text import clean
from aibom.formats.tflite import TfliteModel, read_tflite
from aibom.model import Fact, Locator, Observation, Severity
from aibom.spi import View
from aibom_archives.described import Described, listed
from aibom_archives.security import finding


def describe(view: View, path: str) -> Described:
    """One `.tflite` file.

    Raises:
        ReadError: the file is no such model, or cannot be read.
    """
    model = read_tflite(view, path)
    return Described(
        form="tflite",
        rows=model.rows,
        facts=tuple(_facts(path, model)),
        observations=tuple(_custom(path, model)),
    )


def _facts(path: str, model: TfliteModel) -> Iterator[Fact]:
    place = Locator(path)
    yield Fact("operators", listed([f"{name} {count}" for name, count in model.operators], 12), place)
    for name, value in (
        ("inputs", listed(list(model.inputs))),
        ("outputs", listed(list(model.outputs))),
        ("description", clean(model.description, 200)),
    ):
        if value:
            yield Fact(name, value, place)


def _custom(path: str, model: TfliteModel) -> Iterator[Observation]:
    if model.custom:
        shown = listed(list(model.custom))
        yield finding(
            "archives.tflite-custom-op",
            path,
            f"{path} uses operators that an application has to bring itself: {shown}",
            Severity.LOW,
            "The converter wrote operators of TensorFlow or MediaPipe that TensorFlow Lite has none for.",
            shown,
        )
