"""HDF5 files, as Keras writes them."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.errors import ReadError
from aibom.formats.hdf5 import Hdf5, read_hdf5_file
from aibom.formats.keras import describe_config
from aibom.formats.tables import Row
from aibom.formats.text import clean, parse_json
from aibom.model import Fact, Locator, Observation, Severity, Stage, Unknown
from aibom.spi import View, once
from aibom_archives.described import Described, listed, unknown
from aibom_archives.keras_config import config_facts, config_findings
from aibom_archives.security import finding

_TRAINING = ("optimizer_weights", "optimizer/", "_training_config")
_VERSIONS = ("keras_version", "backend")


def describe(view: View, path: str) -> Described:
    """One `.h5` file.

    Raises:
        ReadError: the file is no HDF5, or cannot be read.
    """
    found = once(view, read_hdf5_file, path)
    facts = [
        Fact(name, clean(found.attributes[name], 40), Locator(path, key=name))
        for name in _VERSIONS
        if name in found.attributes
    ]
    unknowns = list(unread(path, found))
    observations = list(external(path, found))
    if "model_config" in found.attributes:
        try:
            config = describe_config(parse_json(found.attributes["model_config"].encode(), path))
            facts += config_facts(path, config)
            observations += config_findings(path, config)
        except ReadError as error:
            unknowns.append(unknown(path, error))
    return Described(
        form="hdf5",
        rows=trained(found.rows),
        counted=not found.unread,
        facts=(*facts, *training(path, found.rows)),
        observations=tuple(observations),
        unknowns=tuple(unknowns),
    )


def trained(rows: list[Row]) -> tuple[Row, ...]:
    """The rows that are the model's."""
    return tuple(row for row in rows if not row.name.startswith(_TRAINING))


def training(path: str, rows: list[Row]) -> Iterator[Fact]:
    """How many rows are the training's."""
    count = len(rows) - len(trained(rows))
    if count:
        yield Fact("training_state_tensors", count, Locator(path))


def unread(path: str, found: Hdf5) -> Iterator[Unknown]:
    """Groups that were not walked, and what lies behind the end of a file that was cut off."""
    if found.lacking:
        reason = f"cut off: the last {found.lacking:,} bytes that the file promises are not there"
        yield Unknown(path, Stage.INSPECTION, reason)
    if found.unread:
        reason = f"groups whose members are stored in a heap were not walked: {listed(found.unread)}"
        yield Unknown(path, Stage.INSPECTION, clean(reason))


def external(path: str, found: Hdf5) -> Iterator[Observation]:
    """Data that a load would take from other files."""
    if found.external:
        shown = listed(found.external)
        yield finding(
            "archives.h5-external-data",
            path,
            f"{path} takes data from other files, which a load opens: {shown}",
            Severity.HIGH,
            "The file was split by its author, and the other pieces were left behind.",
            shown,
        )
