"""Parents that the metadata declares.

No declaration is made of `general.architecture`: it names the graph of the runtime that the converter
chose, and not the family that a vendor declares. llama.cpp's converter writes `llama` for Mistral, `qwen2`
for KORMo, `glm4moe` for Solar Open, `deepseek2` for Kimi, and `clip` for every vision or audio encoder; a
family drawn from it would name the wrong organisation. It is told as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aibom.formats.gguf import Gguf
from aibom.formats.text import clean
from aibom.model import Declaration, DeclarationKind, Locator

MAX_ENTRIES: Final = 64
"""Base models, datasets, tags or languages that are told; merges of more than ten models are rare."""
_FIELDS: Final = (
    "name",
    "author",
    "organization",
    "version",
    "description",
    "url",
    "doi",
    "uuid",
    "repo_url",
)
_ID: Final = r"\w[\w.-]{0,95}/\w[\w.-]{0,95}"
HUB_ID: Final = re.compile(_ID)
"""`org/name` as the Hub has it."""
_HUB_URL: Final = re.compile(
    rf"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?(?P<name>{_ID}?)"
    r"(?:\.git)?(?:/(?:tree|blob|resolve)/.*)?/?"
)
_TAG: Final = re.compile(rf"base_model:(?P<relation>finetune|adapter|merge|quantized):(?P<name>{_ID})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One of `general.base_model.N` or `general.dataset.N`: its key and what is said, safe to show."""

    key: str
    words: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str | None:
        """Its name for people."""
        return dict(self.words).get("name")

    @property
    def repo_url(self) -> str:
        """Where its repository is, or nothing."""
        return dict(self.words).get("repo_url", "")


def numbered(head: Gguf, prefix: str) -> Iterator[Entry]:
    """The entries under `<prefix>.0`, `<prefix>.1`, …, whether `<prefix>.count` promises them or not."""
    numbers = {
        int(match[1])
        for key in head.metadata
        if (match := re.fullmatch(rf"{re.escape(prefix)}\.(\d{{1,4}})\.\w+", key))
    }
    for number in sorted(numbers)[:MAX_ENTRIES]:
        key = f"{prefix}.{number}"
        words = ((name, clean(head.text(f"{key}.{name}") or "", 400)) for name in _FIELDS)
        yield Entry(key, tuple((name, word) for name, word in words if word))


def hub_name(url: str) -> str | None:
    """`org/name` of an address on the Hub, or None."""
    match = _HUB_URL.fullmatch(url)
    return match["name"] if match else None


def parents(head: Gguf) -> Iterator[Declaration]:
    """The base models, and the model that this file was converted from.

    A relation stands only where the metadata gives one: in a tag of the Hub's form. What a file was
    converted from is `quantized` where the metadata says who quantised it.
    """
    relations = _relations(head)
    for entry in numbered(head, "general.base_model"):
        for field, value in (("repo_url", hub_name(entry.repo_url)), ("name", entry.name)):
            if value:
                place = Locator(head.path, key=f"{entry.key}.{field}", quote=dict(entry.words)[field])
                yield _declared(value, place, relations.get(value.casefold()))
                break
    yield from _source(head)


def _source(head: Gguf) -> Iterator[Declaration]:
    """`general.source.repo_url`, or the key that older converters wrote."""
    written = clean(head.text("general.source.repo_url") or "", 400)
    older = clean(head.text("general.source.huggingface.repository") or "", 200)
    found = (
        ("general.source.repo_url", hub_name(written), written),
        ("general.source.huggingface.repository", older if HUB_ID.fullmatch(older) else None, older),
    )
    relation = "quantized" if head.text("general.quantized_by") else None
    for key, value, quote in found:
        if value:
            yield _declared(value, Locator(head.path, key=key, quote=quote), relation)
            return


def _declared(value: str, place: Locator, relation: str | None) -> Declaration:
    return Declaration(DeclarationKind.BASE_MODEL, value, place, relation=relation)


def _relations(head: Gguf) -> dict[str, str]:
    tags = (_TAG.fullmatch(tag) for tag in head.texts("general.tags")[:MAX_ENTRIES])
    return {match["name"].casefold(): match["relation"] for match in tags if match}
