"""Keras models: the configuration of a `.keras` archive, as data. Nothing of it is built.

Source: `keras/src/saving/saving_lib.py` and `serialization_lib.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, parse_json
from aibom.formats.zip import Archive, read_archive
from aibom.spi import View

MAX_CONFIG: Final = 16 * 1024 * 1024
"""Bytes of the configuration; a model of a thousand layers takes about 1 MiB."""
_OWN: Final = frozenset(
    {"keras", "keras_core", "tf_keras", "tensorflow", "keras_hub", "keras_nlp", "keras_cv"}
)
"""Packages whose classes a configuration names as a matter of course."""


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """An object that the configuration has Keras look up outside of its own packages."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class KerasConfig:
    """What a configuration says.

    Attributes:
        kind: class of the model (`Functional`, `Sequential`, or one of the author's own).
        layers: class of layer and how many there are, the most frequent first.
        lambdas: names of layers and functions that carry Python byte code.
        foreign: objects of other packages, sorted.
    """

    kind: str
    layers: tuple[tuple[str, int], ...] = ()
    lambdas: tuple[str, ...] = ()
    foreign: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class KerasArchive:
    """A `.keras` file: its directory, configuration, and the member that holds the weights, if any."""

    archive: Archive
    config: KerasConfig
    version: str | None
    weights: str | None


def read_keras(view: View, path: str) -> KerasArchive:
    """Describe one `.keras` file.

    Raises:
        FormatError: no such archive, or no configuration in it.
        LimitError, ReadError: as `read_archive`.
    """
    archive = read_archive(view, path)
    config = archive.names.get("config.json")
    if config is None:
        raise FormatError(f"{path}: an archive without config.json")
    metadata = archive.names.get("metadata.json")
    about = parse_json(archive.read(metadata, limit=MAX_CONFIG), path) if metadata else None
    weights = next((name for name in archive.names if name.endswith(".weights.h5")), None)
    return KerasArchive(
        archive,
        describe_config(parse_json(archive.read(config, limit=MAX_CONFIG), path)),
        as_str(as_dict(about).get("keras_version")),
        weights,
    )


def describe_config(config: JsonValue) -> KerasConfig:
    """What a configuration names, at any depth."""
    layers: Counter[str] = Counter()
    lambdas: set[str] = set()
    foreign: set[Named] = set()
    for item in _objects(config):
        kind = as_str(item.get("class_name")) or ""
        own = as_dict(item.get("config"))
        layers.update(
            name for layer in as_list(own.get("layers")) if (name := as_str(as_dict(layer).get("class_name")))
        )
        if kind in ("Lambda", "__lambda__"):
            lambdas.add(as_str(own.get("name")) or kind)
        module = as_str(item.get("module"))
        if module and module.partition(".")[0] not in _OWN:
            name = as_str(item.get("config")) if kind == "function" else kind
            if (module, kind) != ("builtins", "function"):
                foreign.add(Named(module, name or kind))
    ranked = tuple(sorted(layers.items(), key=lambda pair: (-pair[1], pair[0])))
    root = as_str(as_dict(config).get("class_name")) or "unknown"
    return KerasConfig(root, ranked, tuple(sorted(lambdas)), tuple(sorted(foreign)))


def _objects(config: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Every JSON object with a class name; the parser bounds their nesting and number."""
    pending: list[JsonValue] = [config]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if "class_name" in item:
                yield item
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
