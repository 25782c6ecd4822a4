"""Tokenizers in every usual serialisation, brought into one normal form. Nothing is executed."""

from aibom.formats.tokenizers.facts import TokenizerFacts, TokenizerKind
from aibom.formats.tokenizers.gguf import read_gguf_tokenizer
from aibom.formats.tokenizers.read import TOKENIZER_GLOBS, read_tokenizers

__all__ = ["TOKENIZER_GLOBS", "TokenizerFacts", "TokenizerKind", "read_gguf_tokenizer", "read_tokenizers"]
