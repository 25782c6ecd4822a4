"""Tokenizer and chat templates that a file's metadata holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from aibom.errors import ReadError
from aibom.formats.gguf import Gguf
from aibom.formats.templates import REACHING_ALTERNATIVE, reaching_statement, read_template
from aibom.formats.text import clean
from aibom.formats.tokenizers import TokenizerFacts, read_gguf_tokenizer
from aibom.model import (
    Fact,
    Locator,
    Observation,
    Part,
    Role,
    Severity,
    Signal,
    Stage,
    TokenizerPrint,
    Unknown,
)
from aibom.spi import View

MAX_TEMPLATES = 32
"""Templates of one file that are read."""
_TEMPLATE = "tokenizer.chat_template"


def language(view: View, head: Gguf, prefix: str) -> Iterator[Part | TokenizerPrint | Observation | Unknown]:
    """The tokenizer of one file with its print, and a part for each chat template."""
    try:
        facts = read_gguf_tokenizer(view, head)
    except ReadError as error:
        yield Unknown(head.path, Stage.INSPECTION, f"tokenizer: {error.message}")
    else:
        if facts is not None:
            part = _tokenizer(facts, head, prefix)
            yield part
            if facts.vocabulary is not None:
                yield replace(facts.vocabulary, part=part.id, locator=part.locators[0])
    yield from _templates(head, prefix)


def _tokenizer(facts: TokenizerFacts, head: Gguf, prefix: str) -> Part:
    place = Locator(head.path, key="tokenizer.ggml.tokens")
    values = {
        "kind": facts.kind.value if facts.kind else None,
        "ggml_model": clean(head.text("tokenizer.ggml.model") or "", 40) or None,
        "vocabulary_size": facts.vocabulary_size,
        "added_tokens": facts.added,
        "merges": facts.merges,
        "pre_tokeniser": facts.pre_tokeniser,
        "byte_level": facts.byte_level,
        "digest": facts.digest,
        "vocabulary_digest": facts.vocabulary_digest,
        **dict(facts.special_tokens),
    }
    return Part(
        f"{prefix}tokenizer",
        Role.TOKENIZER,
        "Tokenizer",
        files=facts.files,
        declared=True,
        present=facts.vocabulary_size is not None,
        facts=tuple(Fact(name, value, place) for name, value in values.items() if value is not None),
        locators=(place,),
    )


def _templates(head: Gguf, prefix: str) -> Iterator[Part | Observation | Unknown]:
    """`tokenizer.chat_template`, and those with a name of their own; the same text is one part."""
    keys = [key for key in head.metadata if key == _TEMPLATE or key.startswith(f"{_TEMPLATE}.")]
    if len(keys) > MAX_TEMPLATES:
        yield Unknown(
            head.path, Stage.INSPECTION, f"more than {MAX_TEMPLATES} chat templates; the rest unread"
        )
    seen: set[str] = set()
    for key in sorted(keys)[:MAX_TEMPLATES]:
        text = head.text(key)
        if text is None:
            yield Unknown(head.path, Stage.INSPECTION, f"{clean(key, 80)} is no text of at most 1 MiB")
            continue
        facts = read_template(text)
        if facts.digest in seen:
            continue
        seen.add(facts.digest)
        name = clean(key.removeprefix(_TEMPLATE).lstrip("."), 60)
        place = Locator(head.path, key=clean(key, 120))
        told: dict[str, str | bool] = {
            "reasoning": facts.reasoning,
            "tool_calls": facts.tool_calls,
            "digest": facts.digest,
        }
        if facts.markers:
            told["markers"] = clean(" ".join(facts.markers), 400)
        ident = f"{prefix}chat-template{_suffix(name)}"
        if facts.reaching:
            yield Observation(
                "gguf.template-reaches-out",
                reaching_statement(head.path, facts),
                Signal.SECURITY,
                Severity.HIGH,
                part=ident,
                alternative=REACHING_ALTERNATIVE,
                locators=(place,),
            )
        yield Part(
            ident,
            Role.CHAT_TEMPLATE,
            f"Chat template ({name})" if name else "Chat template",
            files=(head.path,),
            declared=True,
            present=True,
            facts=tuple(Fact(label, value, place) for label, value in told.items()),
            locators=(place,),
        )


def _suffix(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"-{slug}" if slug else ""
