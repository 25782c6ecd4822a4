"""Chooses the parser of a vocabulary by its file's name, and describes what it gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from aibom.errors import FormatError
from aibom.formats.tokenizers.facts import TokenizerFacts
from aibom.formats.tokenizers.fast import parse_tokenizer_json
from aibom.formats.tokenizers.plain import parse_vocab_json, parse_vocab_txt
from aibom.formats.tokenizers.prints import print_of
from aibom.formats.tokenizers.ranks import is_tiktoken, parse_tekken, parse_tiktoken
from aibom.formats.tokenizers.sentencepiece import parse_sentencepiece
from aibom.formats.tokenizers.settings import Settings, configured
from aibom.formats.tokenizers.texts import distinct
from aibom.formats.tokenizers.vocabulary import Vocabulary, digests

_STUB = 1024
"""Bytes that tell text from protobuf, which has unprintable ones in its first piece."""


def parse(source: Sequence[str], contents: Sequence[bytes]) -> Vocabulary:
    """The vocabulary that some files hold together, by the name of the first.

    Raises:
        FormatError, LimitError: they hold none, or one too large.
    """
    path, data = source[0], contents[0]
    match PurePosixPath(path).name.lower():
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


def describe(settings: Settings, vocabulary: Vocabulary, source: str) -> TokenizerFacts:
    """Counts and digests a vocabulary, beside what is configured; `source` is the file it was read from."""
    digest, vocabulary_digest = digests(vocabulary)
    known = vocabulary.added | settings.added
    added = len(known) - int(vocabulary.holds(sorted(known)).sum())
    return replace(
        configured(settings),
        kind=vocabulary.kind,
        vocabulary_size=len(distinct(vocabulary.hashes)) + added,
        added=added,
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
