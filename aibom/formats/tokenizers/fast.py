"""`tokenizer.json` of the tokenizers library.

Source: https://github.com/huggingface/tokenizers (serialisation of `TokenizerImpl`).
"""

from __future__ import annotations

import re
from typing import Annotated, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from aibom.errors import FormatError, LimitError
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean, parse_json
from aibom.formats.tokenizers.facts import MAX_ID, TokenizerKind, check_count
from aibom.formats.tokenizers.scan import scan_strings
from aibom.formats.tokenizers.texts import Texts, distinct
from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary

_KINDS = {
    "BPE": TokenizerKind.BPE,
    "WordPiece": TokenizerKind.WORDPIECE,
    "Unigram": TokenizerKind.UNIGRAM,
    "WordLevel": TokenizerKind.WORDLEVEL,
}

MAX_ADDED = 100_000
"""Tokens added beside the vocabulary; real files have under 10,000."""

_Id = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


class _Model(msgspec.Struct):
    vocab: msgspec.Raw
    type: str | None = None
    merges: msgspec.Raw = msgspec.Raw(b"null")
    byte_fallback: bool | None = None
    continuing_subword_prefix: str | None = None
    max_input_chars_per_word: int | None = None


class _Piece(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    token: str
    score: float


class _Pair(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    left: str
    right: str


class _Added(msgspec.Struct):
    content: str


class _Tokenizer(msgspec.Struct):
    model: _Model
    added_tokens: list[_Added] | None = None
    normalizer: msgspec.Raw = msgspec.Raw(b"null")
    pre_tokenizer: msgspec.Raw = msgspec.Raw(b"null")
    post_processor: msgspec.Raw = msgspec.Raw(b"null")
    decoder: msgspec.Raw = msgspec.Raw(b"null")


_TOKENIZER = msgspec.json.Decoder(_Tokenizer)
_IDS = msgspec.json.Decoder(dict[str, _Id])
_PIECES = msgspec.json.Decoder(list[_Piece])
_LINES = msgspec.json.Decoder(list[str])
_PAIRS = msgspec.json.Decoder(list[_Pair])
_NESTED = re.compile(rb"\s*\[\s*\[")
_OBJECT = re.compile(rb'\{(?:"":[0-9]{1,10},)*"":[0-9]{1,10}\}')
_T = TypeVar("_T")


def parse_tokenizer_json(data: bytes, path: str) -> Vocabulary:
    """The vocabulary in a `tokenizer.json`.

    Raises:
        FormatError: no JSON, or not of this shape.
        LimitError: more entries than any tokenizer has.
    """
    if data.count(b'"content"') > MAX_ADDED:
        raise LimitError(f"{path}: more than {MAX_ADDED:,} added tokens", limit="tokens")
    read = _decoded(_TOKENIZER, data, path)
    model = read.model
    unigram = bytes(memoryview(model.vocab)[:1]) == b"["
    tokens, ids = _pieces(model.vocab, path) if unigram else _ids(model.vocab, path)
    normaliser, pre_tokeniser, post_processor, decoder = (
        _types(parse_json(bytes(raw), path))
        for raw in (read.normalizer, read.pre_tokenizer, read.post_processor, read.decoder)
    )
    vocabulary = Vocabulary(
        kind=_kind(model, path, unigram=unigram),
        tokens=tokens,
        ids=ids,
        merges=_merges(model.merges, path),
        added=frozenset(token.content for token in read.added_tokens or ()),
        normaliser="+".join(normaliser) or None,
        pre_tokeniser="+".join(pre_tokeniser) or None,
        post_processor="+".join(post_processor) or None,
        byte_level="ByteLevel" in pre_tokeniser + decoder,
    )
    if model.byte_fallback and vocabulary.holds(["<0x00>"]).all():
        vocabulary.byte_level = True
    return vocabulary


def _decoded(decoder: msgspec.json.Decoder[_T], data: bytes | msgspec.Raw, path: str) -> _T:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: no tokenizer: {clean(str(error), 160)}") from None


def _ids(raw: msgspec.Raw, path: str) -> tuple[Texts, NDArray[np.integer]]:
    """An object of token to id, in vectors where it is plain, else decoded entry by entry."""
    text = bytes(raw)
    check_count(text.count(b":"), len(text), path)
    scanned = scan_strings(text)
    if scanned is not None and _OBJECT.fullmatch(scanned[1]):
        tokens, rest = scanned
        ids = np.fromstring(rest[1:-1].replace(b'"":', b"").decode(), np.int64, sep=",")
        if ids.max() <= MAX_ID and len(distinct(tokens.hashes())) == len(tokens):
            return tokens, ids
    decoded = _decoded(_IDS, text, path)
    return Texts.of(list(decoded)), np.fromiter(decoded.values(), np.int64, len(decoded))


def _pieces(raw: msgspec.Raw, path: str) -> tuple[Texts, NDArray[np.integer]]:
    """A list of tokens with their scores; a token's place is its id."""
    text = bytes(raw)
    check_count(text.count(b"["), len(text), path)
    pieces = _decoded(_PIECES, text, path)
    return Texts.of([piece.token for piece in pieces]), np.arange(len(pieces))


def _merges(raw: msgspec.Raw, path: str) -> Merges | None:
    """Merges are pairs, or texts with a space in older files; in vectors where they are plain."""
    text = bytes(raw)
    if text == b"null":
        return None
    nested = _NESTED.match(text) is not None
    check_count(text.count(b",") // (2 if nested else 1), len(text), path, least=16 if nested else 10)
    entry = b'["",""]' if nested else b'""'
    scanned = scan_strings(text)
    if scanned is not None and scanned[1] == b"[%b]" % b",".join([entry] * (len(scanned[0]) // (1 + nested))):
        parts = scanned[0]
    elif nested:
        pairs = _decoded(_PAIRS, text, path)
        strings = [part for pair in pairs for part in (pair.left, pair.right)]
        del pairs
        parts = Texts.of(strings)
    else:
        lines: list[str] = _decoded(_LINES, text, path)
        parts = Texts.of(lines)
    return Merges.of_pairs(parts) if nested else Merges.of_lines(parts, path)


def _kind(model: _Model, path: str, *, unigram: bool) -> TokenizerKind:
    """The type as stated; files of old versions leave it out, and are told by their other members."""
    if model.type is not None:
        kind = _KINDS.get(model.type)
        if kind is None:
            raise FormatError(f"{path}: tokenizer of unknown type {clean(model.type, 40)}")
        return kind
    if bytes(model.merges) != b"null":
        return TokenizerKind.BPE
    if unigram:
        return TokenizerKind.UNIGRAM
    wordpiece = model.continuing_subword_prefix or model.max_input_chars_per_word
    return TokenizerKind.WORDPIECE if wordpiece else TokenizerKind.WORDLEVEL


def _types(value: JsonValue) -> tuple[str, ...]:
    """The type of a component, or those of a sequence's members, in order."""
    component = as_dict(value)
    kind = as_str(component.get("type"))
    if kind != "Sequence":
        return () if kind is None else (clean(kind, 40),)
    members = ("pretokenizers", "normalizers", "processors", "decoders")
    found = [item for name in members for item in as_list(component.get(name))]
    return tuple(clean(name, 40) for item in found if (name := as_str(as_dict(item).get("type"))))
