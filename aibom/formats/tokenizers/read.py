"""Finds the tokenizers of a target, one for each folder, and brings them into the normal form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from aibom.errors import ReadError
from aibom.formats.text import JsonValue, parse_json, read_files
from aibom.formats.tokenizers.facts import TokenizerFacts
from aibom.formats.tokenizers.settings import Settings, configured, settings_of
from aibom.model import Depth, Stage, Unknown
from aibom.spi import View

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one tokenizer file; the largest real `tokenizer.json` has about 35 MiB."""

CONFIG, SPECIAL, ADDED = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"
FAST, VOCAB, MERGES = "tokenizer.json", "vocab.json", "merges.txt"
TEKKEN, LINES = "tekken.json", "vocab.txt"
MODELS = (
    "tokenizer.model",
    "spiece.model",
    "sentencepiece.model",
    "sentencepiece.bpe.model",
    "spm.model",
    "tiktoken.model",
)
SUFFIXES = (".spm", ".tiktoken")

TOKENIZER_GLOBS = (
    *(f"**/{name}" for name in (CONFIG, SPECIAL, ADDED, FAST, VOCAB, MERGES, TEKKEN, LINES, *MODELS)),
    *(f"**/*{suffix}" for suffix in SUFFIXES),
)
"""The files that `read_tokenizers` looks at."""

_Source = tuple[str, ...]
"""Paths that together hold one vocabulary."""


def read_tokenizers(view: View) -> tuple[tuple[TokenizerFacts, ...], tuple[Unknown, ...]]:
    """The tokenizers of the target by folder, and what could not be read.

    The same tokenizer in several serialisations is read once: `tokenizer.json` before `vocab.json` with
    `merges.txt`, SentencePiece or tiktoken models, `vocab.txt`; the next serves where one is broken.
    At depth `metadata` only `tokenizer_config.json` is read.
    """
    folders: dict[str, list[str]] = defaultdict(list)
    for path in view.glob(*TOKENIZER_GLOBS):
        folders[_folder(path)].append(path)
    reader = _Reader(view)
    reader.fetch([path for files in folders.values() for path in _first_choice(files, view.depth)])
    facts = [item for folder, files in sorted(folders.items()) for item in reader.folder(folder, files)]
    return tuple(facts), tuple(reader.unknowns)


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _name(path: str) -> str:
    return PurePosixPath(path).name.lower()


def _first_choice(files: Sequence[str], depth: Depth) -> Iterator[str]:
    """All that the usual case needs, so that it is one batch of reads."""
    names = {CONFIG} if depth is Depth.METADATA else {CONFIG, SPECIAL, ADDED}
    yield from (path for path in files if _name(path) in names)
    if depth is not Depth.METADATA:
        yield from (path for rank in _ranks(files)[:1] for source in rank for path in source)


def _ranks(files: Sequence[str]) -> list[list[_Source]]:
    """The vocabularies of a folder, the best serialisation first; those of one rank are several."""
    named = {_name(path): path for path in files}
    wanted: list[tuple[str, ...]] = [(FAST,), (VOCAB, MERGES), *((name,) for name in (*MODELS, TEKKEN))]
    ranks = [[tuple(named[name] for name in names)] for names in wanted if named.keys() >= set(names)]
    listed: list[_Source] = [(path,) for path in files if _name(path).endswith(SUFFIXES)]
    plain: list[list[_Source]] = [[(named[name],)] for name in (LINES, VOCAB) if name in named]
    return [*ranks, *([listed] if listed else []), *plain]


class _Reader:
    """Reads folders of one target, keeps what was fetched, and collects what could not be read."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._contents: dict[str, bytes | ReadError] = {}
        self.unknowns: list[Unknown] = []

    def fetch(self, paths: Sequence[str]) -> None:
        """Reads files that are not at hand yet, all at once."""
        missing = [path for path in paths if path not in self._contents]
        self._contents.update(read_files(self._view, missing, limit=MAX_FILE))

    def folder(self, folder: str, files: Sequence[str]) -> list[TokenizerFacts]:
        """The tokenizers of one folder: usually one, several for `source.spm` and `target.spm`."""
        settings = self._settings(files)
        facts: list[TokenizerFacts] = []
        ranks = [] if self._view.depth is Depth.METADATA else _ranks(files)
        for rank in ranks:
            read = [self._vocabulary(source, settings) for source in rank]
            facts = [found for found in read if found is not None]
            if facts:
                break
        config = next((path for path in files if _name(path) == CONFIG), None)
        if not facts and config is not None:
            facts = [configured(settings)]
            if not ranks and self._view.depth is not Depth.METADATA:
                self._unknown(config, "the vocabulary that it configures is not in the target")
        return [replace(item, folder=folder, files=tuple(files)) for item in facts]

    def _bytes(self, path: str) -> bytes:
        self.fetch([path])
        content = self._contents[path]
        if isinstance(content, ReadError):
            raise content
        return content

    def _settings(self, files: Sequence[str]) -> Settings:
        named = {_name(path): path for path in files}
        config = self._json(named.get(CONFIG))
        if self._view.depth is Depth.METADATA:
            return settings_of(config)
        return settings_of(config, self._json(named.get(SPECIAL)), self._json(named.get(ADDED)))

    def _json(self, path: str | None) -> JsonValue:
        if path is None:
            return None
        try:
            return parse_json(self._bytes(path), path)
        except ReadError as error:
            self._unknown(path, error.message)
            return None

    def _vocabulary(self, source: _Source, settings: Settings) -> TokenizerFacts | None:
        from aibom.formats.tokenizers.parse import describe, parse  # numpy is slow to import

        self.fetch(source)
        try:
            vocabulary = parse(source, [self._bytes(path) for path in source])
        except ReadError as error:
            self._unknown(source[0], error.message)
            return None
        return describe(settings, vocabulary, source[0])

    def _unknown(self, path: str, reason: str) -> None:
        self.unknowns.append(Unknown(path, Stage.INSPECTION, reason.removeprefix(f"{path}: ")))
