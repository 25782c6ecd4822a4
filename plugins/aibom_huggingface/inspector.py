"""The order of work: fetch the small files, read the tensor tables, then part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from aibom.formats.tokenizers import TOKENIZER_GLOBS
from aibom.model import Declaration, DeclarationKind, Depth, Emission
from aibom.spi import API_VERSION, View
from aibom_huggingface.card import CARD, inspect_card
from aibom_huggingface.checkpoints import OPAQUE, Tables, read_tables
from aibom_huggingface.code import inspect_code
from aibom_huggingface.documents import DOCUMENT_FILES, REQUIREMENTS, inspect_documents
from aibom_huggingface.indexes import INDEX_FILES
from aibom_huggingface.legal import LEGAL_FILES, inspect_legal
from aibom_huggingface.modelwide import PROCESSOR_FILES, QUANTISATION_FILES, inspect_modelwide
from aibom_huggingface.networks import inspect_networks
from aibom_huggingface.reading import Reader
from aibom_huggingface.templates import TEMPLATE_FILES, inspect_parsers, inspect_templates
from aibom_huggingface.texts import Prefetched
from aibom_huggingface.tokens import SETTINGS, inspect_tokenizers
from aibom_huggingface.trained import Trained

SMALL_FILES = (
    CARD,
    "config.json",
    "*/config.json",
    "*/*/config.json",
    "model_index.json",
    "modules.json",
    "generation_config.json",
    *PROCESSOR_FILES,
    *QUANTISATION_FILES,
    "**/adapter_config.json",
    *(f"**/{name}" for name in SETTINGS),
    *TEMPLATE_FILES,
    *LEGAL_FILES,
    REQUIREMENTS,
    "**/*.py",
)
"""Small text files: fetched in one batch."""
WEIGHT_FILES = ("**/*.safetensors", *(f"**/*{ending}" for ending in OPAQUE))


class HuggingFaceInspector:
    """Reads a repository in the layouts of transformers, diffusers, sentence-transformers and PEFT."""

    ident: ClassVar[str] = "huggingface"
    summary: ClassVar[str] = (
        "Hugging Face repositories: configurations, safetensors, tokenizers, code, card, licences"
    )
    globs: ClassVar[tuple[str, ...]] = tuple(
        dict.fromkeys((*SMALL_FILES, *DOCUMENT_FILES, *INDEX_FILES, *TOKENIZER_GLOBS, *WEIGHT_FILES))
    )
    api: ClassVar[int] = API_VERSION

    def inspect(self, view: View) -> Iterator[Emission]:
        """Parts, declarations, notices, licences, datasets and card facts; an Unknown for what failed."""
        indexes = () if view.depth is Depth.METADATA else INDEX_FILES
        texts = Prefetched(view, view.glob(*SMALL_FILES, *indexes))
        reader = Reader(texts)
        tables = read_tables(texts)
        yield from tables.unknowns
        yield from tables.observations
        mapped: list[Declaration] = []
        parts: list[Trained] = []
        for emission in _structure(reader, tables):
            if isinstance(emission, Trained):
                parts.append(emission)
                continue
            if isinstance(emission, Declaration) and emission.kind is DeclarationKind.AUTO_MAP:
                mapped.append(emission)
            yield emission
        yield from inspect_code(reader, mapped)
        yield from inspect_legal(reader)
        if view.depth.samples:
            yield from _samples(reader, tables, parts)
        yield from reader.unknowns


def _samples(reader: Reader, tables: Tables, parts: Sequence[Trained]) -> Iterator[Emission]:
    from aibom_huggingface.weights import sample_parts  # loads numpy

    yield from sample_parts(reader, tables.headers, parts)


def _structure(reader: Reader, tables: Tables) -> Iterator[Emission | Trained]:
    """All that configurations, tensor tables, tokenizers and the card tell."""
    yield from inspect_card(reader)
    yield from inspect_modelwide(reader)
    yield from inspect_documents(reader)
    yield from inspect_networks(reader, tables.checkpoints)
    yield from inspect_tokenizers(reader)
    yield from inspect_templates(reader)
    yield from inspect_parsers(reader)
