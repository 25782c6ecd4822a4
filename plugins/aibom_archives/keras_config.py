"""What the configuration of a Keras model says, and what of it runs code."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.keras import KerasConfig
from aibom.formats.pickle import Global, Verdict, judge
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Observation, Severity
from aibom_archives.described import listed
from aibom_archives.security import finding


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
