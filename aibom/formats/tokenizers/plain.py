"""Vocabularies of the slow tokenizers: `vocab.json` with `merges.txt`, and `vocab.txt`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np

from aibom.errors import FormatError
from aibom.formats.text import clean
from aibom.formats.tokenizers.facts import MAX_ID, TokenizerKind, byte_alphabet, check_count
from aibom.formats.tokenizers.texts import Texts
from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary

_IDS = msgspec.json.Decoder(dict[str, Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]])
_ALPHABET = byte_alphabet()


def _ids(data: bytes, path: str) -> dict[str, int]:
    """A JSON object of token to id.

    Raises:
        FormatError: anything else.
        LimitError: too many tokens.
    """
    check_count(data.count(b":"), len(data), path)
    try:
        return _IDS.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: no vocabulary: {clean(str(error), 160)}") from None


def parse_vocab_json(
    vocab: bytes, path: str, merges: bytes | None = None, merges_path: str = "merges.txt"
) -> Vocabulary:
    """`vocab.json`, with `merges.txt` where there is one; without, a vocabulary of whole words.

    Raises:
        FormatError, LimitError: no object of ids, or a line of the merges is no pair; too many tokens.
    """
    ids = _ids(vocab, path)
    return Vocabulary(
        kind=TokenizerKind.WORDLEVEL if merges is None else TokenizerKind.BPE,
        tokens=Texts.of(list(ids)),
        ids=np.fromiter(ids.values(), np.int64, len(ids)),
        merges=None if merges is None else parse_merges(merges, merges_path),
        byte_level=all(char in ids for char in _ALPHABET),
    )


def parse_merges(data: bytes, path: str) -> Merges:
    """Merge rules in order. A first line `#version` is no rule; `# #` is one. Empty lines are none.

    Raises:
        FormatError: a line is no pair.
        LimitError: too many lines.
    """
    lines = _lines(data, path)
    if lines and lines[0].startswith("#version"):
        del lines[0]
    return Merges.of_lines(Texts.of([line for line in lines if line]), path)


def parse_vocab_txt(data: bytes, path: str) -> Vocabulary:
    """`vocab.txt`: one token a line, the line number from 0 is its id; WordPiece where pieces begin `##`.

    Raises:
        FormatError: empty.
        LimitError: too many lines.
    """
    lines = _lines(data, path)
    if not any(lines):
        raise FormatError(f"{path}: no vocabulary: the file is empty")
    pieces = any(line.startswith("##") for line in lines)
    kind = TokenizerKind.WORDPIECE if pieces else TokenizerKind.WORDLEVEL
    return Vocabulary(kind=kind, tokens=Texts.of(lines), ids=np.arange(len(lines)))


def _lines(data: bytes, path: str) -> list[str]:
    """Lines by `\\n` alone: tokens hold the other characters that Python takes for line ends."""
    check_count(data.count(b"\n"), len(data), path, least=8)
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise FormatError(f"{path}: not UTF-8") from None
    if lines[-1] == "":
        del lines[-1]
    return [line.removesuffix("\r") for line in lines]
