"""Tokenizer files as bytes."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping, Sequence

from aibom.formats.tokenizers.facts import byte_alphabet


def tokenizer_json(
    vocab: Mapping[str, int] | Sequence[tuple[str, float]],
    *,
    kind: str | None = "BPE",
    merges: Sequence[tuple[str, str]] | None = None,
    merges_as_text: bool = False,
    added: Mapping[str, int] | None = None,
    **members: object,
) -> bytes:
    """A `tokenizer.json`; `members` are further members of the top level (`pre_tokenizer={…}`)."""
    model: dict[str, object] = {"vocab": dict(vocab) if isinstance(vocab, Mapping) else list(vocab)}
    if kind is not None:
        model["type"] = kind
    if merges is not None:
        model["merges"] = [" ".join(rule) if merges_as_text else list(rule) for rule in merges]
    listed = [{"id": ident, "content": token, "special": True} for token, ident in (added or {}).items()]
    document = {"version": "1.0", "added_tokens": listed, "model": model, **members}
    return json.dumps(document).encode()


def byte_vocabulary(*more: str) -> dict[str, int]:
    """The 256 bytes of byte-level BPE, then `more`."""
    return {token: ident for ident, token in enumerate((*byte_alphabet(), *more))}


def merges_txt(merges: Iterable[tuple[str, str]], *, version: bool = True) -> bytes:
    """A `merges.txt`, with or without its `#version` line."""
    lines = ["#version: 0.2"] if version else []
    return "\n".join([*lines, *(" ".join(rule) for rule in merges), ""]).encode()


def tiktoken(tokens: Iterable[bytes]) -> bytes:
    """Ranks in order."""
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))


def sentencepiece(
    pieces: Sequence[tuple[str, int]], *, model_type: int | None = 2, normaliser: str = "nmt_nfkc"
) -> bytes:
    """A ModelProto: (text, type) pieces; model type 1 unigram, 2 BPE, 3 word, 4 char."""
    body = b"".join(
        _message(1, _message(1, text.encode()) + b"\x15" + struct.pack("<f", -1.0) + b"\x18" + _varint(kind))
        for text, kind in pieces
    )
    trainer = b"" if model_type is None else b"\x18" + _varint(model_type)
    return body + _message(2, trainer) + _message(3, _message(1, normaliser.encode()))


def _message(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
