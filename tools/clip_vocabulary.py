"""CLIP's vocabulary as files that the reader knows: it is published as merges alone.

Source: `SimpleTokenizer` of https://github.com/openai/CLIP (`clip/simple_tokenizer.py`): after a first line,
as many merges as make 49,152 tokens with the bytes, the bytes at the end of a word, and two markers.
"""

from __future__ import annotations

import gzip
import json

from aibom.formats.tokenizers.facts import byte_alphabet

MERGES = 49_152 - 2 * 256 - 2


def clip_files(data: bytes) -> dict[str, bytes]:
    """`vocab.json` and `merges.txt` from the gzipped list of merges."""
    merges = gzip.decompress(data).decode("utf-8").split("\n")[1 : MERGES + 1]
    printable = sorted(byte_alphabet(), key=lambda char: (ord(char) >= 256, ord(char)))
    tokens = [*printable, *(f"{char}</w>" for char in printable), *(rule.replace(" ", "") for rule in merges)]
    vocab = {token: ident for ident, token in enumerate(tokens)}
    return {"vocab.json": json.dumps(vocab).encode(), "merges.txt": "\n".join(merges).encode()}
