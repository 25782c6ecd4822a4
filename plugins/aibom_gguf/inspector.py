"""The inspector: reads each header once, and says what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from aibom.errors import LimitError, ReadError
from aibom.formats.gguf import PLAIN, GgufModel, file_type, read_models
from aibom.formats.text import clean
from aibom.model import (
    CardFacts,
    Depth,
    Emission,
    Fact,
    Locator,
    Observation,
    Severity,
    Stage,
    Unknown,
)
from aibom.spi import API_VERSION, View
from aibom_gguf.card import card, datasets, licences, quantisation, types
from aibom_gguf.language import language
from aibom_gguf.lineage import parents
from aibom_gguf.listing import Listed, listed
from aibom_gguf.parts import parts

MAX_FILES: Final = 2000
"""Files that are read; repositories of many quantisations of a large model hold some hundreds."""
_NO_NETWORK: Final = ("imatrix", "adapter")
_PIECES: Final = ("**/*.gguf-split-*", "**/*.gguf.part*", "**/*.gguf.split*")
"""Files that were cut at any byte, and are no GGUF files before they are joined."""
_ORIGINALS: Final = ("**/*.safetensors", "**/pytorch_model*.bin")
"""Names of weights that GGUF files are converted from; these files are not opened."""


class GgufInspector:
    """Parts, quantisation, tokenizer, declared parents of GGUF files; at depth weights also samples."""

    ident: ClassVar[str] = "gguf"
    summary: ClassVar[str] = "GGUF files: parts, quantisation, tokenizer, chat template, declared parents"
    globs: ClassVar[tuple[str, ...]] = ("**/*.gguf", *_PIECES, *_ORIGINALS)
    api: ClassVar[int] = API_VERSION

    def inspect(self, view: View) -> Iterator[Emission]:
        """Yield the parts of every model in the target."""
        paths = view.glob("**/*.gguf")
        for path in view.glob(*_PIECES):
            yield Unknown(path, Stage.INSPECTION, "a piece of a GGUF file, which is not read by itself")
        if view.depth is Depth.METADATA:
            for path in paths:
                yield Unknown(path, Stage.INSPECTION, "a GGUF file, which is not read at depth metadata")
            return
        if len(paths) > MAX_FILES:
            reason = f"{len(paths) - MAX_FILES} more GGUF files were not read (limit: files)"
            yield Unknown(paths[MAX_FILES], Stage.INSPECTION, reason)
        models, lost = read_models(view, paths[:MAX_FILES])
        for path, error in lost:
            yield _unread(path, error)
        declared: set[tuple[str, str | None]] = set()
        found = listed(models, view.files)
        for item in found:
            yield from _incomplete(item.model)
            yield from _observations(item.model)
            yield from _model(view, item)
            for declaration in parents(item.model.head):
                if (declaration.value, declaration.relation) not in declared:
                    declared.add((declaration.value, declaration.relation))
                    yield declaration
        if view.depth.samples and not view.glob(*_ORIGINALS):
            yield from _samples(view, found)


def _samples(view: View, found: Sequence[Listed]) -> Iterator[Emission]:
    """Samples of each network once; beside the original weights these are what is sampled."""
    from aibom_gguf.weights import sample_models  # loads numpy

    first = [item for item in found if not item.alternative]
    yield from sample_models(
        view, [item for item in first if item.model.head.text("general.type") not in _NO_NETWORK]
    )


def _model(view: View, item: Listed) -> Iterator[Emission]:
    """The parts of one model; what its metadata says of the whole only where it is not told already."""
    model = item.model
    if model.head.text("general.type") == "imatrix":
        yield from datasets(model.head)  # statistics that a quantiser is steered by: no part of a model
        return
    yield from parts(item)
    if item.alternative:
        name = quantisation(model)
        if name:
            place = Locator(model.head.path, key="general.file_type")
            yield CardFacts(facts=(Fact("quantisation", name, place),))
        return
    yield from language(view, model.head, item.prefix)
    yield from licences(model.head)
    yield from datasets(model.head)
    yield card(model)


def _unread(path: str, error: ReadError) -> Unknown:
    limit = f" (limit: {error.limit})" if isinstance(error, LimitError) else ""
    return Unknown(path, Stage.INSPECTION, error.message + limit)


def _incomplete(model: GgufModel) -> Iterator[Unknown | Observation]:
    for path, error in model.errors:
        yield _unread(path, error)
    if model.missing:
        yield Observation(
            "gguf.missing-shard",
            f"{model.missing:,} of the {model.missing + len(model.files):,} files that "
            f"{clean(model.name, 120)} is split into are not there.",
            severity=Severity.MEDIUM,
            alternative="the files were left out of the upload, or of the files at hand",
            locators=(Locator(model.files[0]),),
        )


def _observations(model: GgufModel) -> Iterator[Observation]:
    for shard in model.shards:
        for problem in shard.problems:
            statement = f"{clean(shard.path, 200)}: {problem}."
            yield Observation("gguf.malformed", statement, locators=(Locator(shard.path),))
    for problem in model.problems:
        yield Observation("gguf.split-mismatch", f"{clean(problem)}.", locators=(Locator(model.files[0]),))
    yield from _mislabelled(model)


def _mislabelled(model: GgufModel) -> Iterator[Observation]:
    """A file that calls itself unquantised and mostly is not."""
    number = model.head.integer("general.file_type")
    stated = file_type(number) if number is not None else None
    found = quantisation(model)
    if stated in PLAIN and found is not None:
        share = types(model)[found] / max(types(model).total(), 1)
        yield Observation(
            "gguf.file-type-mismatch",
            f"{clean(model.head.path, 200)} calls its type {stated}; "
            f"{share:.0%} of its elements are {found}.",
            alternative="the file was quantised by a tool that left the metadata as it was",
            locators=(Locator(model.head.path, key="general.file_type"),),
        )
