"""Vocabularies as ranked byte strings: tiktoken's text, and Mistral's `tekken.json`.

Sources: https://github.com/openai/tiktoken (`load.py`), https://github.com/mistralai/mistral-common
(`tokens/tokenizers/tekken.py`).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

import msgspec
import numpy as np

from aibom.errors import FormatError
from aibom.formats.text import clean
from aibom.formats.tokenizers.facts import MAX_ID, TokenizerKind, byte_alphabet, check_count
from aibom.formats.tokenizers.texts import Texts
from aibom.formats.tokenizers.vocabulary import Vocabulary

_RANK = re.compile(rb"(?P<token>[A-Za-z0-9+/]*={0,2}) (?P<rank>[0-9]{1,10})\r?")
_SPELLING = dict(enumerate(byte_alphabet()))

_Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


class _Config(msgspec.Struct):
    default_vocab_size: _Count
    default_num_special_tokens: _Count


class _Token(msgspec.Struct):
    rank: _Count
    token_bytes: str


class _Tekken(msgspec.Struct):
    config: _Config
    vocab: list[_Token]


_TEKKEN = msgspec.json.Decoder(_Tekken)


def is_tiktoken(data: bytes) -> bool:
    """Whether the first line is a base64 token and its rank."""
    return _RANK.fullmatch(data[:4096].split(b"\n", 1)[0]) is not None


def parse_tiktoken(data: bytes, path: str) -> Vocabulary:
    """Ranks as tiktoken stores them: a base64 token and its rank on each line.

    Raises:
        FormatError: a line that is neither.
        LimitError: too many lines.
    """
    check_count(data.count(b"\n"), len(data), path, least=16)
    tokens, ranks = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        found = _RANK.fullmatch(line)
        if found is not None:
            tokens.append(_spelled(found["token"], path, number))
            ranks.append(_rank(found["rank"], path, number))
        elif line.strip():
            raise FormatError(f"{path}: line {number} is no token and rank")
    if not tokens:
        raise FormatError(f"{path}: no vocabulary: the file is empty")
    return Vocabulary(
        kind=TokenizerKind.TIKTOKEN, tokens=Texts.of(tokens), ids=np.array(ranks), byte_level=True
    )


def parse_tekken(data: bytes, path: str) -> Vocabulary:
    """`tekken.json`: as many of its ranked tokens as its configuration puts to use.

    Raises:
        FormatError: not of this shape.
        LimitError: too many tokens.
    """
    check_count(data.count(b"{"), len(data), path)
    try:
        read = _TEKKEN.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: no tekken vocabulary: {clean(str(error), 160)}") from None
    used = read.config.default_vocab_size - read.config.default_num_special_tokens
    found = [(number, token) for number, token in enumerate(read.vocab, start=1) if token.rank < used]
    return Vocabulary(
        kind=TokenizerKind.TIKTOKEN,
        tokens=Texts.of([_spelled(token.token_bytes.encode(), path, number) for number, token in found]),
        ids=np.array([token.rank for _, token in found], np.int64),
        byte_level=True,
    )


def _rank(digits: bytes, path: str, number: int) -> int:
    rank = int(digits)
    if rank > MAX_ID:
        raise FormatError(f"{path}: line {number} has a rank of over 31 bits")
    return rank


def _spelled(token: bytes, path: str, number: int) -> str:
    """A base64 token in the GPT-2 byte alphabet. Padding alone is a token in Whisper's vocabulary."""
    try:
        raw = base64.b64decode(token)
    except binascii.Error:
        raise FormatError(f"{path}: token {number} is not base64") from None
    return raw.decode("latin-1").translate(_SPELLING)
