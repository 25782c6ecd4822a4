"""SentencePiece models: a bounded reader of the few protobuf fields that matter here.

Source of the field numbers:
https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aibom.errors import FormatError, LimitError
from aibom.formats.text import clean
from aibom.formats.tokenizers.facts import TokenizerKind, most_entries
from aibom.formats.tokenizers.texts import Texts
from aibom.formats.tokenizers.vocabulary import Vocabulary

_PIECES, _TRAINER, _NORMALISER = 1, 2, 3
_PIECE_TEXT, _PIECE_TYPE = 1, 3
_MODEL_TYPE = 3
_RULE_NAME = 1
_BYTE = 6
_KINDS = {
    1: TokenizerKind.SENTENCEPIECE_UNIGRAM,
    2: TokenizerKind.SENTENCEPIECE_BPE,
    3: TokenizerKind.SENTENCEPIECE_WORD,
    4: TokenizerKind.SENTENCEPIECE_CHAR,
}

_Field = tuple[int, int | bytes]


def parse_sentencepiece(data: bytes, path: str) -> Vocabulary:
    """The pieces of a ModelProto in order of id, its algorithm and normalisation rule.

    Raises:
        FormatError: not the wire format, or no pieces.
        LimitError: too many pieces.
    """
    pieces: list[str] = []
    limit = most_entries(len(data), least=16)
    kind, rule, bytes_covered = _KINDS[1], "", False
    for number, value in _fields(data, path):
        if not isinstance(value, bytes):
            continue
        if number == _PIECES:
            if len(pieces) == limit:
                raise LimitError(f"{path}: more than {limit:,} pieces in {len(data):,} bytes", limit="tokens")
            text, is_byte = _piece(value, path)
            pieces.append(text)
            bytes_covered |= is_byte
        elif number == _TRAINER:
            kind = _KINDS.get(_int(dict(_fields(value, path)).get(_MODEL_TYPE), 1), kind)
        elif number == _NORMALISER:
            name = dict(_fields(value, path)).get(_RULE_NAME)
            rule = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
    if not pieces:
        raise FormatError(f"{path}: no SentencePiece model: it has no pieces")
    return Vocabulary(
        kind,
        Texts.of(pieces),
        np.arange(len(pieces)),
        normaliser=clean(rule, 40) or None,
        byte_level=bytes_covered,
    )


def _piece(data: bytes, path: str) -> tuple[str, bool]:
    text, kind = b"", 1
    for number, value in _fields(data, path):
        if number == _PIECE_TEXT and isinstance(value, bytes):
            text = value
        elif number == _PIECE_TYPE:
            kind = _int(value, 1)
    if not text:
        raise FormatError(f"{path}: no SentencePiece model: a piece is empty")
    try:
        return text.decode("utf-8"), kind == _BYTE
    except UnicodeDecodeError:
        raise FormatError(f"{path}: no SentencePiece model: a piece is not UTF-8") from None


def _int(value: int | bytes | None, default: int) -> int:
    return value if isinstance(value, int) else default


def _fields(data: bytes, path: str) -> Iterator[_Field]:
    """(number, value) of each field: an int of a varint, the bytes of anything else."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at, path)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at, path)
            yield number, value
            continue
        if wire == 2:
            length, at = _varint(data, at, path)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise FormatError(f"{path}: no SentencePiece model: unknown wire type {wire}")
        if number == 0 or at + length > len(data):
            raise FormatError(f"{path}: no SentencePiece model: broken at byte {at:,}")
        yield number, data[at : at + length]
        at += length


def _varint(data: bytes, at: int, path: str) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise FormatError(f"{path}: no SentencePiece model: broken number at byte {at:,}")
