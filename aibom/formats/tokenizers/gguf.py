"""The tokenizer that a GGUF file carries in its metadata, in the same normal form as all others.

llama.cpp's converter writes one list of all ids: the trained vocabulary, then tokens that were added beside
it, then padding (`[PAD<id>]`). What was added is not marked as such, so the vocabulary is taken to end with
its last ordinary token or byte. Where a vocabulary file itself ends with control tokens (GPT-2's
`<|endoftext|>`) the digests therefore differ from those of that file.
Source: https://github.com/ggml-org/llama.cpp (`convert_hf_to_gguf.py`, `llama-vocab.cpp`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aibom.errors import FormatError
from aibom.formats.gguf import Gguf, GgufArray, read_numbers, read_strings
from aibom.formats.text import clean
from aibom.formats.tokenizers.facts import (
    TokenizerFacts,
    TokenizerKind,
    byte_alphabet,
    check_count,
)
from aibom.formats.tokenizers.settings import Settings
from aibom.spi import View

if TYPE_CHECKING:
    from aibom.formats.tokenizers.vocabulary import Merges, Vocabulary

_KINDS = {
    "gpt2": TokenizerKind.BPE,
    "llama": TokenizerKind.SENTENCEPIECE_BPE,
    "t5": TokenizerKind.SENTENCEPIECE_UNIGRAM,
    "bert": TokenizerKind.WORDPIECE,
}
"""`tokenizer.ggml.model`; other words leave the algorithm open."""
_NORMAL, _UNUSED, _BYTE = 1, 5, 6
_SPECIAL = {
    "bos": "bos_token",
    "eos": "eos_token",
    "eot": "eot_token",
    "eom": "eom_token",
    "unknown": "unk_token",
    "seperator": "sep_token",  # spelt so by the format
    "padding": "pad_token",
    "mask": "mask_token",
    "cls": "cls_token",
}
_PHANTOM = "\u2581"


def read_gguf_tokenizer(view: View, file: Gguf) -> TokenizerFacts | None:
    """The tokenizer in a file's metadata, or None where there is none.

    Raises:
        FormatError: the token list is none, or other lists do not fit it.
        LimitError: more tokens than any tokenizer has.
        ReadError: the token types cannot be read.
    """
    model = file.text("tokenizer.ggml.model")
    if model is None or model in ("none", "no_vocab"):
        return None
    array = file.array("tokenizer.ggml.tokens")
    if array is None:
        return TokenizerFacts(kind=_KINDS.get(model), files=(file.path,))
    from aibom.formats.tokenizers.parse import describe  # numpy is slow to import

    tokens = _texts(view, file, array)
    vocabulary = _vocabulary(model, tokens, _types(view, file, len(tokens)))
    vocabulary.merges = _merges(view, file)
    pre = file.text("tokenizer.ggml.pre")
    vocabulary.pre_tokeniser = clean(pre, 40) or None if pre else None
    settings = Settings(special_tokens=_special(file, tokens))
    return replace(describe(settings, vocabulary, file.path), files=(file.path,))


def _texts(view: View, file: Gguf, array: GgufArray) -> list[str]:
    """The strings of an array; bytes that are no UTF-8 become lone surrogates, so that none is lost."""
    check_count(array.count, array.nbytes, file.path, least=16)
    return [item.decode("utf-8", "surrogateescape") for item in read_strings(view, file, array)]


def _types(view: View, file: Gguf, count: int) -> tuple[bool | int | float, ...]:
    """The type of each token; all ordinary where the file does not tell."""
    array = file.array("tokenizer.ggml.token_type")
    if array is None:
        return (_NORMAL,) * count
    if array.count != count:
        raise FormatError(f"{file.path}: {array.count:,} token types for {count:,} tokens")
    return read_numbers(view, file, array)


def _vocabulary(model: str, tokens: list[str], types: tuple[bool | int | float, ...]) -> Vocabulary:
    import numpy as np  # slow to import, as are the two below with it

    from aibom.formats.tokenizers.texts import Texts
    from aibom.formats.tokenizers.vocabulary import Vocabulary

    ordinary = [ident for ident, kind in enumerate(types) if kind in (_NORMAL, _BYTE)]
    last = max(ordinary, default=len(tokens) - 1)
    used = [
        (ident, token)
        for ident, (token, kind) in enumerate(zip(tokens, types, strict=True))
        if not (kind == _UNUSED and token == f"[PAD{ident}]")
    ]
    trained = [(ident, token) for ident, token in used if ident <= last]
    texts = [token for _, token in trained]
    alphabet = set(texts)
    return Vocabulary(
        kind=_KINDS.get(model),
        tokens=Texts.of([_piece(token) for token in texts] if model == "bert" else texts),
        ids=np.array([ident for ident, _ in trained], np.int64),
        added=frozenset(token for ident, token in used if ident > last),
        byte_level=_BYTE in types or (model == "gpt2" and all(char in alphabet for char in byte_alphabet())),
    )


def _piece(token: str) -> str:
    """A token of WordPiece as in `vocab.txt`; the converter marks words where that marks later pieces."""
    if token.startswith("[") and token.endswith("]"):
        return token
    return token[1:] if token.startswith(_PHANTOM) else f"##{token}"


def _merges(view: View, file: Gguf) -> Merges | None:
    from aibom.formats.tokenizers.texts import Texts  # numpy is slow to import
    from aibom.formats.tokenizers.vocabulary import Merges

    array = file.array("tokenizer.ggml.merges")
    return None if array is None else Merges.of_lines(Texts.of(_texts(view, file, array)), file.path)


def _special(file: Gguf, tokens: list[str]) -> tuple[tuple[str, str], ...]:
    named = {}
    for word, name in _SPECIAL.items():
        ident = file.integer(f"tokenizer.ggml.{word}_token_id")
        if ident is not None and 0 <= ident < len(tokens):
            named[name] = clean(tokens[ident], 60)
    return tuple(sorted(named.items()))
