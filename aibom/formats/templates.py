"""Chat templates as text: which reasoning and tool-call marks they carry. Never evaluated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from aibom.formats.values import JsonValue, as_dict, as_list, as_str, clean

MAX_TEMPLATE = 1024 * 1024
"""Characters that are scanned; the longest real templates stay under 64 KiB."""

_REASONING = re.compile(
    r"</?think(?:ing)?>|</?thought>|</?reasoning>|\[/?THINK\]|<\|/?think(?:ing)?\|>|<seed:think>"
    r"|<\|channel\|>\s*analysis|<\|(?:begin|start|end)_of_(?:thought|thinking)\|>|◁/?think▷"
    r"|<unused94>|assistant/think\b|\benable_thinking\b|\bthinking_budget\b|\breasoning_content\b|\breasoning_effort\b"
    r"|\bthinking_mode\b|\bpreserve_thinking\b|\bskip_reasoning\b|\bforce_reasoning\b"
)
_TOOLS = re.compile(
    r"</?tool_calls?>|</?tool_response>|\[/?TOOL_CALLS\]|\[/?AVAILABLE_TOOLS\]|\[/?TOOL_RESULTS\]"
    r"|<\|python_tag\|>|<\|tool_calls?(?:_section)?(?:_begin)?\|>|<\|tool▁calls▁begin\|>"
    r"|<｜tool▁calls?▁begin｜>|<\|/?tool_call(?::\w+)?\|>|<\|observation\|>|<\|plugin\|>|<\|action_start\|>"
    r"|<function=|<function_call>"
)
_TOOL_VARIABLES = re.compile(
    r"\{[{%][^{}%]{0,400}?\b(tools|xml_tools|tool_calls|function_calls?|functions)\b"
)
_ROLES = re.compile(
    r"<\|im_start\|>|<\|im_end\|>|<\|start_header_id\|>|<\|end_header_id\|>|<\|eot_id\|>|<\|eot\|>"
    r"|<\|header_start\|>|\[/?INST\]|<<SYS>>|\[/?SYSTEM_PROMPT\]|<start_of_turn>|<end_of_turn>"
    r"|<\|(?:system|user|assistant|observation|end|start|message|begin|content)\|>|\[\|\w{1,20}\|\]"
    r"|<｜(?:User|Assistant|end▁of▁sentence|begin▁of▁sentence)｜>|<\|endofturn\|>|\[gMASK\]|<sop>"
)
_REACHING = re.compile(
    r"__(?:class|bases?|mro|subclasses|globals|builtins|import|init|getattribute|reduce|code|dict|self|module|loader)__"
    r"|\|\s*attr\s*\(|\b(?:lipsum|cycler|joiner|namespace)\s*\.\s*_|\bself\s*\.\s*_|\b_TemplateReference__context\b"
    r"|\{%-?\s*(?:include|import|extends|from)\b|\b(?:popen|os\.system|subprocess)\b"
)
"""What leads from a template to Python's own objects, to other files, or to commands: a chat template
needs none of it. Source: the classes of sandbox escape in Jinja's documentation on sandboxing."""
_DELIMITER = re.compile(r"\{[{%#]|[}%#]\}")
MAX_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a chat template's text shows.

    Attributes:
        reasoning: it writes, reads or switches a thinking phase.
        tool_calls: it renders tools or tool calls.
        markers: every mark found, sorted, each at most 40 characters.
        digest: SHA-256 of the text with line ends normalised and outer white space removed.
        reaching: what leads out of the template, within its expressions, sorted, at most 8.
        problem: why the text was not scanned to its end, or None.
    """

    reasoning: bool
    tool_calls: bool
    markers: tuple[str, ...]
    digest: str
    problem: str | None = None
    reaching: tuple[str, ...] = ()


def read_template(text: str) -> TemplateFacts:
    """Scans a Jinja chat template as text. Never raises, and never renders it."""
    head = text[:MAX_TEMPLATE]
    rules = (_REASONING, _TOOLS, _TOOL_VARIABLES, _ROLES)
    reasoning, tools, variables, roles = (set(rule.findall(head)) for rule in rules)
    normal = text.replace("\r\n", "\n").strip()
    return TemplateFacts(
        reasoning=bool(reasoning),
        tool_calls=bool(tools | variables),
        markers=tuple(sorted({clean(mark, 40) for mark in reasoning | tools | variables | roles})),
        digest=hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest(),
        problem=f"only the first {MAX_TEMPLATE:,} characters were scanned" if len(text) > len(head) else None,
        reaching=_reaching(head),
    )


def _reaching(text: str) -> tuple[str, ...]:
    """What stands in the text around expressions is sent to the model, and reaches nothing."""
    found = {
        clean(" ".join(match[0].split()), 40)
        for start, stop in _expressions(text)
        for match in _REACHING.finditer(text, start, stop)
    }
    return tuple(sorted(found))[:MAX_SHOWN]


def _expressions(text: str) -> Iterator[tuple[int, int]]:
    """From each first opening delimiter to the closing one after it; one pass, whatever the text."""
    start: int | None = None
    for mark in _DELIMITER.finditer(text):
        if mark[0].endswith("}"):
            if start is not None:
                yield start, mark.end()
            start = None
        elif start is None:
            start = mark.start()


def reaching_statement(path: str, facts: TemplateFacts) -> str:
    """What an inspector says of a template that reaches out."""
    shown = ", ".join(facts.reaching)
    return f"The chat template in {clean(path)} uses what leads out of it: {shown}."


REACHING_ALTERNATIVE = "The words may stand in a comment or text that a renderer never evaluates."


def templates_of(config: JsonValue) -> tuple[tuple[str, str], ...]:
    """(name, text) of every chat template in a `tokenizer_config.json` or `chat_template.json`.

    `chat_template` is a string (named `default`), a list of `{name, template}`, or an object of both.
    """
    value = as_dict(config).get("chat_template")
    if isinstance(value, str):
        return (("default", value),)
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        entries = [as_dict(item) for item in as_list(value)]
        pairs = [(as_str(entry.get("name")) or "default", entry.get("template")) for entry in entries]
    return tuple(sorted((clean(name, 80), text) for name, text in pairs if isinstance(text, str)))
