"""PyTorch checkpoints, TorchScript and plain pickles."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.fileclass import classify
from aibom.formats.pytorch import Checkpoint, Layout, read_checkpoint
from aibom.formats.text import clean
from aibom.model import Fact, FileClass, Locator, Observation, Severity
from aibom.spi import View, once
from aibom_archives.described import Described, listed, unknown
from aibom_archives.security import archive_findings, pickle_findings


def describe(view: View, path: str) -> Described:
    """One file.

    Raises:
        ReadError: the file is no checkpoint or cannot be read.
    """
    found = once(view, read_checkpoint, path)
    rows = found.model_rows
    observations = list(pickle_findings(path, found.pickles))
    if found.archive is not None:
        observations += archive_findings(found.archive)
    observations += _missing(path, found)
    return Described(
        form=found.layout.value,
        rows=rows,
        counted=found.error is None and bool(rows or found.layout is not Layout.PICKLE),
        weights=classify(path) is not FileClass.OTHER,
        facts=tuple(_facts(path, found, len(found.rows) - len(rows))),
        observations=tuple(observations),
        unknowns=(unknown(path, found.error),) if found.error is not None else (),
    )


def _facts(path: str, found: Checkpoint, training: int) -> Iterator[Fact]:
    if training:
        yield Fact("training_state_tensors", training, Locator(path))
    if found.code:
        sources = [name.partition("/code/")[2] for name in found.code if name.endswith(".py")]
        yield Fact("torchscript_files", len(sources), Locator(path))
        yield Fact("torchscript_code", listed(sources), Locator(path))


def _missing(path: str, found: Checkpoint) -> Iterator[Observation]:
    if found.missing:
        shown = listed(list(found.missing))
        yield Observation(
            "archives.storage-missing",
            clean(f"{path} lists tensors whose data is not in the archive: storage {shown}"),
            severity=Severity.MEDIUM,
            alternative="The data was left out on purpose, to be loaded from elsewhere.",
            locators=(Locator(path, quote=clean(shown)),),
        )
