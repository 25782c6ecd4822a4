"""`tokenizer.json` of the tokenizers library.

Source: https://github.com/huggingface/tokenizers (serialisation of `TokenizerImpl`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from aibom.errors import FormatError, LimitError
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean, parse_json
from aibom.formats.tokenizers.facts import MAX_ID, MAX_TOKENS, TokenizerKind, Vocabulary

_KINDS = {
    "BPE": TokenizerKind.BPE,
    "WordPiece": TokenizerKind.WORDPIECE,
    "Unigram": TokenizerKind.UNIGRAM,
    "WordLevel": TokenizerKind.WORDLEVEL,
}

_Id = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


class _Model(msgspec.Struct):
    vocab: dict[str, _Id] | list[tuple[str, float]]
    type: str | None = None
    merges: list[str | tuple[str, str]] | None = None
    byte_fallback: bool | None = None
    continuing_subword_prefix: str | None = None
    max_input_chars_per_word: int | None = None


class _Added(msgspec.Struct):
    content: str


class _Tokenizer(msgspec.Struct):
    model: _Model
    added_tokens: list[_Added] | None = None
    normalizer: msgspec.Raw = msgspec.Raw(b"null")
    pre_tokenizer: msgspec.Raw = msgspec.Raw(b"null")
    post_processor: msgspec.Raw = msgspec.Raw(b"null")
    decoder: msgspec.Raw = msgspec.Raw(b"null")


_DECODER = msgspec.json.Decoder(_Tokenizer)


def parse_tokenizer_json(data: bytes, path: str) -> Vocabulary:
    """The vocabulary in a `tokenizer.json`.

    Raises:
        FormatError: no JSON, or not of this shape.
        LimitError: more entries than any tokenizer has.
    """
    if data.count(b",") > 3 * MAX_TOKENS:
        raise LimitError(f"{path}: more entries than a tokenizer has", limit="tokens")
    try:
        read = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: no tokenizer: {clean(str(error), 160)}") from None
    model = read.model
    vocab = model.vocab
    if isinstance(vocab, dict):
        pairs = [(ident, token) for token, ident in vocab.items()]
    else:
        pairs = [(ident, token) for ident, (token, _) in enumerate(vocab)]
    has_bytes = bool(model.byte_fallback) and "<0x00>" in {token for _, token in pairs}
    normaliser, pre_tokeniser, post_processor, decoder = (
        _types(parse_json(bytes(raw), path))
        for raw in (read.normalizer, read.pre_tokenizer, read.post_processor, read.decoder)
    )
    return Vocabulary(
        kind=_kind(model, path),
        tokens=pairs,
        merges=None if model.merges is None else [_merge(rule, path) for rule in model.merges],
        added=frozenset(token.content for token in read.added_tokens or ()),
        normaliser="+".join(normaliser) or None,
        pre_tokeniser="+".join(pre_tokeniser) or None,
        post_processor="+".join(post_processor) or None,
        byte_level="ByteLevel" in pre_tokeniser + decoder or has_bytes,
    )


def _kind(model: _Model, path: str) -> TokenizerKind:
    """The type as stated; files of old versions leave it out, and are told by their other members."""
    if model.type is not None:
        kind = _KINDS.get(model.type)
        if kind is None:
            raise FormatError(f"{path}: tokenizer of unknown type {clean(model.type, 40)}")
        return kind
    if model.merges is not None:
        return TokenizerKind.BPE
    if not isinstance(model.vocab, dict):
        return TokenizerKind.UNIGRAM
    wordpiece = model.continuing_subword_prefix or model.max_input_chars_per_word
    return TokenizerKind.WORDPIECE if wordpiece else TokenizerKind.WORDLEVEL


def _merge(rule: str | tuple[str, str], path: str) -> tuple[str, str]:
    if isinstance(rule, tuple):
        return rule
    left, found, right = rule.partition(" ")
    if not found:
        raise FormatError(f"{path}: a merge rule is no pair: {clean(rule, 40)}")
    return left, right


def _types(value: JsonValue) -> tuple[str, ...]:
    """The type of a component, or those of a sequence's members, in order."""
    component = as_dict(value)
    kind = as_str(component.get("type"))
    if kind != "Sequence":
        return () if kind is None else (clean(kind, 40),)
    members = ("pretokenizers", "normalizers", "processors", "decoders")
    found = [item for name in members for item in as_list(component.get(name))]
    return tuple(clean(name, 40) for item in found if (name := as_str(as_dict(item).get("type"))))
