"""Tokenizers as parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aibom.formats.text import as_str, clean
from aibom.formats.tokenizers import TokenizerFacts, read_tokenizers
from aibom.model import Declaration, DeclarationKind, Fact, Locator, Part, Role, TokenizerPrint, Unknown
from aibom_huggingface.declared import auto_map
from aibom_huggingface.hubids import hub_id
from aibom_huggingface.reading import Reader
from aibom_huggingface.slots import slug

SETTINGS = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")
"""Files that configure a tokenizer and hold no vocabulary."""

MAX_TOKENIZERS = 32
"""Tokenizers of one target; pipelines hold up to three."""


def inspect_tokenizers(reader: Reader) -> Iterator[Part | TokenizerPrint | Declaration | Unknown]:
    """Every tokenizer with its vocabulary's facts and print, its class, and the parent that it leaks."""
    found, unknowns = read_tokenizers(reader.view)
    yield from unknowns
    taken: set[str] = set()
    for item in found[:MAX_TOKENIZERS]:
        ident = _ident(item, taken)
        taken.add(ident)
        yield _part(item, ident)
        if item.vocabulary is not None and item.source is not None:
            yield replace(item.vocabulary, part=ident, locator=Locator(item.source))
        yield from _declarations(reader, item, ident)


def _ident(item: TokenizerFacts, taken: set[str]) -> str:
    """`tokenizer` at the root or in its own folder, else `tokenizer-<folder>`; a number keeps it unique."""
    folder = slug(item.folder.rpartition("/")[2])
    base = "tokenizer" if folder in ("", "tokenizer") else f"tokenizer-{folder.removeprefix('tokenizer-')}"
    ident, number = base, 2
    while ident in taken:
        ident, number = f"{base}-{number}", number + 1
    return ident


def _part(item: TokenizerFacts, ident: str) -> Part:
    settings = [path for path in item.files if path.rpartition("/")[2].lower() in SETTINGS]
    source = item.source or next(iter(item.files), None)
    return Part(
        ident,
        Role.TOKENIZER,
        "Tokenizer" if ident == "tokenizer" else f"Tokenizer ({ident.removeprefix('tokenizer-')})",
        files=item.files,
        declared=bool(settings),
        present=len(settings) < len(item.files),
        facts=tuple(_facts(item, Locator(source) if source else None)),
        locators=(Locator(source),) if source else (),
    )


def _facts(item: TokenizerFacts, source: Locator | None) -> Iterator[Fact]:
    values = {
        "kind": item.kind.value if item.kind else None,
        "tokenizer_class": item.tokenizer_class,
        "vocabulary_size": item.vocabulary_size,
        "added_tokens": item.added,
        "merges": item.merges,
        "normaliser": item.normaliser,
        "pre_tokeniser": item.pre_tokeniser,
        "post_processor": item.post_processor,
        "byte_level": item.byte_level,
        "model_max_length": item.model_max_length,
        "digest": item.digest,
        "vocabulary_digest": item.vocabulary_digest,
        **dict(item.special_tokens),
    }
    for name, value in values.items():
        if value is not None:
            yield Fact(name, value, source)


def _declarations(reader: Reader, item: TokenizerFacts, ident: str) -> Iterator[Declaration]:
    path = next((path for path in item.files if path.rpartition("/")[2] == SETTINGS[0]), None)
    if path is None:
        return
    config = reader.mapping(path)
    name = as_str(config.get("tokenizer_class"))
    if name:
        place = Locator(path, key="tokenizer_class")
        yield Declaration(DeclarationKind.TOKENIZER_CLASS, clean(name, 120), place, ident)
    for key in ("name_or_path", "_name_or_path"):
        if parent := hub_id(config.get(key)):
            yield Declaration(DeclarationKind.NAME_OR_PATH, parent, Locator(path, key=key), ident)
    yield from auto_map(config, path, part=ident)
