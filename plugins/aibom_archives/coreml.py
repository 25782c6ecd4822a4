"""Core ML models and packages."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.coreml import CUSTOM, Specification, read_specification
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Observation, Severity
from aibom.spi import View
from aibom_archives.described import Described, listed
from aibom_archives.security import finding


def describe(view: View, path: str) -> Described:
    """One specification, with the files of the package that it lies in.

    Raises:
        ReadError: the file is no specification, or cannot be read.
    """
    found = read_specification(view, path)
    package = path.lower().rfind(".mlpackage/")
    files = tuple(view.glob(f"{path[: package + 11]}**/*")) if package >= 0 else ()
    return Described(
        form="core ml",
        counted=False,
        files=files,
        facts=tuple(_facts(path, found)),
        observations=tuple(_custom(path, found)),
    )


def _facts(path: str, found: Specification) -> Iterator[Fact]:
    place = Locator(path)
    yield Fact("specification_version", found.version, place)
    yield Fact("model_kind", found.kind, place)
    for name, value in (
        ("inputs", listed(found.inputs)),
        ("outputs", listed(found.outputs)),
        *((name, clean(text, 200)) for name, text in sorted(found.about.items())),
    ):
        if value:
            yield Fact(name, value, place)


def _custom(path: str, found: Specification) -> Iterator[Observation]:
    if found.kind == CUSTOM:
        yield finding(
            "archives.coreml-custom-model",
            path,
            f"{path} names a class that an application has to bring itself",
            Severity.LOW,
            "The model needs a step that Core ML has none for.",
        )
