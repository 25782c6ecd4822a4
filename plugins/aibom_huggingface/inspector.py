"""The order of work: fetch the small files, read the tensor tables, then part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from aibom.model import Emission
from aibom.spi import API_VERSION, View
from aibom_huggingface.checkpoints import read_tables
from aibom_huggingface.networks import inspect_networks
from aibom_huggingface.reading import Reader
from aibom_huggingface.texts import Prefetched

SMALL_FILES = ("**/config.json", "model_index.json", "modules.json", "**/adapter_config.json")
WEIGHT_FILES = ("**/*.safetensors", "**/*.safetensors.index*.json")


class HuggingFaceInspector:
    """Reads a repository in the layouts of transformers, diffusers, sentence-transformers and PEFT."""

    ident: ClassVar[str] = "huggingface"
    summary: ClassVar[str] = (
        "Hugging Face repositories: configurations, safetensors, tokenizers, code, card, licences"
    )
    globs: ClassVar[tuple[str, ...]] = SMALL_FILES + WEIGHT_FILES
    api: ClassVar[int] = API_VERSION

    def inspect(self, view: View) -> Iterator[Emission]:
        """Parts, declarations, notices, licences, datasets and card facts; an Unknown for what failed."""
        texts = Prefetched(view, view.glob(*SMALL_FILES, "**/*.safetensors.index*.json"))
        reader = Reader(texts)
        tables = read_tables(texts)
        yield from tables.unknowns
        yield from tables.observations
        yield from inspect_networks(reader, tables.checkpoints)
        yield from reader.unknowns
