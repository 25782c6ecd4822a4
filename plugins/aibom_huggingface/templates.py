"""Chat templates, and the parsers that a server needs to read their thinking and tool calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.templates import (
    REACHING_ALTERNATIVE,
    TemplateFacts,
    reaching_statement,
    read_template,
    templates_of,
)
from aibom.formats.text import as_str, clean
from aibom.model import Fact, Locator, Observation, Part, Role, Severity, Signal, Stage, Unknown
from aibom_huggingface.card import CARD
from aibom_huggingface.reading import Reader
from aibom_huggingface.slots import slug

TEMPLATE_FILES = ("**/*.jinja", "**/*.jinja2", "**/chat_template.json")
MAX_TEMPLATES = 32
"""Templates read of one target."""

_PARSER_OPTION = re.compile(
    r"--(?P<kind>reasoning-parser|tool-call-parser)(?:-plugin)?[ =]+[\"']?(?P<name>[A-Za-z][\w.-]{0,60})"
)
_PARSER_KEYS = {
    "reasoning_parser": "reasoning-parser",
    "tool_call_parser": "tool-call-parser",
    "tool_parser": "tool-call-parser",
}
_PARSER_NAMES = {"reasoning-parser": "Reasoning parser", "tool-call-parser": "Tool-call parser"}


@dataclass(frozen=True, slots=True)
class _Template:
    name: str
    text: str
    locator: Locator


def inspect_templates(reader: Reader) -> Iterator[Part | Observation | Unknown]:
    """One part for each template text, and a finding for one that reaches out; equal texts are one part."""
    found = list(_templates(reader))
    if len(found) > MAX_TEMPLATES:
        path = found[MAX_TEMPLATES].locator.path
        yield Unknown(path, Stage.INSPECTION, f"more than {MAX_TEMPLATES} chat templates; the rest unread")
    groups: dict[str, tuple[TemplateFacts, list[_Template]]] = {}
    for item in found[:MAX_TEMPLATES]:
        facts = read_template(item.text)
        groups.setdefault(facts.digest, (facts, []))[1].append(item)
    taken: set[str] = set()
    for facts, items in groups.values():
        if facts.problem:
            yield Unknown(items[0].locator.path, Stage.INSPECTION, facts.problem)
        part = _part(facts, items, taken)
        yield part
        if facts.reaching:
            yield Observation(
                "huggingface.template-reaches-out",
                reaching_statement(items[0].locator.path, facts),
                Signal.SECURITY,
                Severity.HIGH,
                part=part.id,
                alternative=REACHING_ALTERNATIVE,
                locators=tuple(item.locator for item in items),
            )


def _templates(reader: Reader) -> Iterator[_Template]:
    """The file of its own first, as transformers prefers it; then those inside JSON files."""
    for path in reader.view.glob("**/*.jinja", "**/*.jinja2"):
        text = reader.text(path)
        if text:
            stem = path.rpartition("/")[2].rpartition(".")[0]
            yield _Template("default" if stem == "chat_template" else stem, text, Locator(path))
    for path in reader.view.glob(
        "**/chat_template.json", "**/tokenizer_config.json", "**/processor_config.json"
    ):
        for name, text in templates_of(reader.mapping(path)):
            yield _Template(name, text, Locator(path, key="chat_template"))


def _part(facts: TemplateFacts, items: list[_Template], taken: set[str]) -> Part:
    first = items[0]
    base = "chat-template" if first.name == "default" else f"chat-template-{slug(first.name)}"
    ident, number = base, 2
    while ident in taken:
        ident, number = f"{base}-{number}", number + 1
    taken.add(ident)
    place = first.locator
    told = [
        Fact("reasoning", facts.reasoning, place),
        Fact("tool_calls", facts.tool_calls, place),
        Fact("digest", facts.digest, place),
    ]
    if facts.markers:
        told.append(Fact("markers", clean(" ".join(facts.markers), 400), place))
    return Part(
        ident,
        Role.CHAT_TEMPLATE,
        "Chat template" if first.name == "default" else f"Chat template ({clean(first.name, 60)})",
        files=tuple(sorted({item.locator.path for item in items})),
        declared=True,
        present=True,
        facts=tuple(told),
        locators=tuple(item.locator for item in items),
    )


def inspect_parsers(reader: Reader) -> Iterator[Part]:
    """Reasoning and tool-call parsers that card or configuration name; their code lies in the server."""
    named: dict[str, dict[str, Locator]] = {}
    for kind, name, place in _parsers(reader):
        named.setdefault(kind, {}).setdefault(name, place)
    for kind, names in sorted(named.items()):
        yield Part(
            kind,
            Role.OTHER,
            _PARSER_NAMES[kind],
            declared=True,
            facts=tuple(Fact("parser", name, place) for name, place in sorted(names.items())[:8]),
            locators=tuple(names.values())[:8],
        )


def _parsers(reader: Reader) -> Iterator[tuple[str, str, Locator]]:
    for path in ("config.json", "generation_config.json", "tokenizer_config.json"):
        config: Mapping[str, object] = reader.mapping(path)
        for key, kind in _PARSER_KEYS.items():
            if name := as_str(config.get(key)):  # type: ignore[arg-type]
                yield kind, clean(name, 60), Locator(path, key=key)
    for path in reader.view.glob(CARD):
        for number, line in enumerate((reader.text(path) or "").splitlines(), 1):
            for match in _PARSER_OPTION.finditer(line[:2000]):
                yield match["kind"], match["name"], Locator(path, line=number, quote=clean(line))
