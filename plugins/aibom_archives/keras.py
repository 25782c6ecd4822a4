"""Keras archives: configuration, and the HDF5 member that holds the weights."""

from __future__ import annotations

from aibom.errors import ReadError
from aibom.formats.hdf5 import Hdf5, read_hdf5
from aibom.formats.keras import KerasArchive, read_keras
from aibom.formats.pages import Pages
from aibom.formats.text import clean
from aibom.model import Fact, Locator
from aibom.spi import View
from aibom_archives.described import Described, unknown
from aibom_archives.hdf5 import external, trained, training, unread
from aibom_archives.keras_config import config_facts, config_findings
from aibom_archives.security import archive_findings

MAX_WEIGHTS = 32 * 1024 * 1024
"""Bytes of a compressed member, which has to be inflated whole; Keras stores it plain."""


def describe(view: View, path: str) -> Described:
    """One `.keras` file.

    Raises:
        ReadError: the file is no Keras archive or cannot be read.
    """
    found = read_keras(view, path)
    weights, failed = _weights(found)
    facts = [*config_facts(path, found.config), *training(path, weights.rows)]
    if found.version:
        facts.append(Fact("keras_version", clean(found.version, 40), Locator(path, key="metadata.json")))
    return Described(
        form="keras",
        rows=trained(weights.rows),
        counted=failed is None and not weights.unread,
        facts=tuple(facts),
        observations=(
            *archive_findings(found.archive),
            *config_findings(path, found.config),
            *external(path, weights),
        ),
        unknowns=((unknown(path, failed),) if failed else ()) + tuple(unread(path, weights)),
    )


def _weights(found: KerasArchive) -> tuple[Hdf5, ReadError | None]:
    """The description of the weights, and why there is none."""
    if found.weights is None:
        return Hdf5(), None
    try:
        member = found.archive.open(found.archive.names[found.weights], limit=MAX_WEIGHTS)
        return read_hdf5(Pages.of_cursor(member)), None
    except ReadError as error:
        return Hdf5(), error
