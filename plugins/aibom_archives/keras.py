"""Keras archives: layers, and what of the configuration runs code."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.keras import KerasConfig, read_keras
from aibom.formats.pickle import Global, Verdict, judge
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Observation, Severity, Stage, Unknown
from aibom.spi import View
from aibom_archives.described import Described, listed
from aibom_archives.security import archive_findings, finding


def describe(view: View, path: str) -> Described:
    """One `.keras` file.

    Raises:
        ReadError: the file is no Keras archive or cannot be read.
    """
    found = read_keras(view, path)
    facts = list(config_facts(path, found.config))
    if found.version:
        facts.append(Fact("keras_version", clean(found.version, 40), Locator(path, key="metadata.json")))
    unread = clean(f"tensor table not read from {found.weights}")
    return Described(
        form="keras",
        counted=found.weights is None,
        facts=tuple(facts),
        observations=(*archive_findings(found.archive), *config_findings(path, found.config)),
        unknowns=(Unknown(path, Stage.INSPECTION, unread),) if found.weights else (),
    )


def config_facts(path: str, config: KerasConfig) -> Iterator[Fact]:
    """Class of the model and of its layers."""
    place = Locator(path, key="config.json")
    yield Fact("model_class", clean(config.kind, 80), place)
    if config.layers:
        yield Fact("layers", listed([f"{name} {count}" for name, count in config.layers], 12), place)


def config_findings(path: str, config: KerasConfig) -> Iterator[Observation]:
    """Byte code, and objects of other packages."""
    if config.lambdas:
        shown = listed(list(config.lambdas))
        yield finding(
            "archives.keras-lambda",
            path,
            f"The configuration in {path} holds layers of Python byte code: {shown}",
            Severity.HIGH,
            "A short formula was written as a Lambda layer.",
            shown,
        )
    if config.foreign:
        runs = any(judge(Global(item.module, item.name)) is Verdict.RUNS for item in config.foreign)
        shown = listed([f"{item.module}.{item.name}" for item in config.foreign])
        yield finding(
            "archives.keras-foreign-object",
            path,
            f"The configuration in {path} names objects of other packages, which a load looks up: {shown}",
            Severity.HIGH if runs else Severity.LOW,
            "A layer of the author's own was saved with the model.",
            shown,
        )
