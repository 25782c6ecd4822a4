"""Finds the tokenizers of a target, one for each folder, and brings them into the normal form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from aibom.errors import FormatError, ReadError
from aibom.formats.text import JsonValue, parse_json, read_files
from aibom.formats.tokenizers.facts import TokenizerFacts, Vocabulary, digests
from aibom.formats.tokenizers.fast import parse_tokenizer_json
from aibom.formats.tokenizers.plain import parse_vocab_json, parse_vocab_txt
from aibom.formats.tokenizers.prints import print_of
from aibom.formats.tokenizers.ranks import is_tiktoken, parse_tekken, parse_tiktoken
from aibom.formats.tokenizers.sentencepiece import parse_sentencepiece
from aibom.formats.tokenizers.settings import Settings, settings_of
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
_STUB = 1024
"""Bytes that tell text from protobuf, which has unprintable ones in its first piece."""

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
            read = [(source, self._vocabulary(source)) for source in rank]
            facts = [describe(settings, vocabulary, source[0]) for source, vocabulary in read if vocabulary]
            if facts:
                break
        config = next((path for path in files if _name(path) == CONFIG), None)
        if not facts and config is not None:
            facts = [describe(settings, None, None)]
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

    def _vocabulary(self, source: _Source) -> Vocabulary | None:
        self.fetch(source)
        try:
            return _parse(source, [self._bytes(path) for path in source])
        except ReadError as error:
            self._unknown(source[0], error.message)
            return None

    def _unknown(self, path: str, reason: str) -> None:
        self.unknowns.append(Unknown(path, Stage.INSPECTION, reason.removeprefix(f"{path}: ")))


def _parse(source: _Source, contents: Sequence[bytes]) -> Vocabulary:
    path, data = source[0], contents[0]
    match _name(path):
        case "tokenizer.json":
            return parse_tokenizer_json(data, path)
        case "vocab.json" if len(source) == 2:
            return parse_vocab_json(data, path, contents[1], source[1])
        case "vocab.json":
            return parse_vocab_json(data, path)
        case "vocab.txt":
            return parse_vocab_txt(data, path)
        case "tekken.json":
            return parse_tekken(data, path)
    if is_tiktoken(data):
        return parse_tiktoken(data, path)
    if data[:_STUB].decode("latin-1").isprintable():
        raise FormatError(
            f"{path}: {len(data):,} bytes of plain text stand where a tokenizer model should be"
        )
    return parse_sentencepiece(data, path)


def describe(settings: Settings, vocabulary: Vocabulary | None, source: str | None) -> TokenizerFacts:
    """Counts and digests a vocabulary, beside what is configured; `source` is the file it was read from."""
    configured = TokenizerFacts(
        special_tokens=settings.special_tokens,
        model_max_length=settings.model_max_length,
        tokenizer_class=settings.tokenizer_class,
    )
    if vocabulary is None:
        return configured
    digest, vocabulary_digest = digests(vocabulary)
    trained = {token for _, token in vocabulary.tokens}
    added = (vocabulary.added | settings.added) - trained
    return replace(
        configured,
        kind=vocabulary.kind,
        vocabulary_size=len(trained) + len(added),
        added=len(added),
        merges=None if vocabulary.merges is None else len(vocabulary.merges),
        normaliser=vocabulary.normaliser,
        pre_tokeniser=vocabulary.pre_tokeniser,
        post_processor=vocabulary.post_processor,
        byte_level=vocabulary.byte_level,
        digest=digest,
        vocabulary_digest=vocabulary_digest,
        source=source,
        vocabulary=print_of(vocabulary, digest),
    )
