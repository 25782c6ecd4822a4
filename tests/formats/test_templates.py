"""Chat templates as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.templates import MAX_TEMPLATE, read_template, templates_of
from aibom.formats.text import JsonValue, parse_json


@pytest.mark.parametrize(
    ("text", "reasoning", "tools"),
    [
        ("{% if enable_thinking %}<think>{% endif %}", True, False),
        ("{{ content.split('</think>')[-1] }}", True, False),
        ("<|start|>assistant<|channel|>analysis<|message|>", True, False),
        ("[THINK]x[/THINK]", True, False),
        ("{{ message.reasoning_content }}", True, False),
        ("<|im_start|>assistant/think", True, False),
        ("{%- if tools %}x{% endif %}", False, True),
        ("{% for call in message.tool_calls %}{% endfor %}", False, True),
        ("<tool_call>", False, True),
        ("[TOOL_CALLS]", False, True),
        ("<|python_tag|>", False, True),
        ("<｜tool▁calls▁begin｜>", False, True),
        ("<|im_start|>user\nDescribe the tools you think of.<|im_end|>", False, False),
        ("[INST] {{ prompt }} [/INST]", False, False),
        ("", False, False),
    ],
)
def test_marks_of_reasoning_and_tools(text: str, reasoning: bool, tools: bool) -> None:
    facts = read_template(text)
    assert (facts.reasoning, facts.tool_calls) == (reasoning, tools)


def test_markers_are_listed_once_in_order() -> None:
    facts = read_template("<|im_start|>{% if tools %}{% endif %}<think></think><|im_start|>")
    assert facts.markers == ("</think>", "<think>", "<|im_start|>", "tools")


def test_the_digest_ignores_line_ends_and_outer_space() -> None:
    assert read_template("a\r\nb\n").digest == read_template("a\nb").digest != read_template("a b").digest


def test_a_template_is_never_rendered() -> None:
    assert (
        read_template(
            "{{ cycler.__init__.__globals__.os.system('false') }}{% for i in range(9**9) %}"
        ).markers
        == ()
    )


def test_only_a_bounded_head_is_scanned_and_said_so() -> None:
    facts = read_template("{%" + " " * MAX_TEMPLATE + "<think>")
    assert not facts.reasoning
    assert facts.problem == "only the first 1,048,576 characters were scanned"
    assert read_template("{% " * 300_000).problem is None


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"chat_template": "x"}, (("default", "x"),)),
        (
            {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]},
            (("default", "d"), ("tool_use", "t")),
        ),
        ({"chat_template": {"default": "d", "rag": "r"}}, (("default", "d"), ("rag", "r"))),
        ({"chat_template": [{"name": 1, "template": 2}, "x"]}, ()),
        ({"chat_template": None}, ()),
        ({}, ()),
        ([], ()),
    ],
)
def test_templates_in_a_configuration(config: JsonValue, expected: tuple[tuple[str, str], ...]) -> None:
    assert templates_of(config) == expected


@given(st.text())
def test_any_text_is_scanned(text: str) -> None:
    facts = read_template(text)
    assert len(facts.digest) == 64
    assert facts.problem is None


@pytest.mark.field
def test_templates_of_the_field(field: Path) -> None:
    tests = field / "alibaba__rtp-llm/rtp_llm/test/model_test/fake_test/testdata"

    def configured(name: str) -> tuple[bool, bool]:
        data = (tests / name / "tokenizer/tokenizer_config.json").read_bytes()
        ((_, text),) = templates_of(parse_json(data, "tokenizer_config.json"))
        facts = read_template(text)
        return facts.reasoning, facts.tool_calls

    assert configured("qwen3_coder") == (False, True)
    assert configured("qwen3_30b") == (True, True)
    assert configured("deepseek_v31") == (True, True)
    glm = read_template((tests / "glm45/tokenizer/chat_template.jinja").read_text())
    assert {"[gMASK]", "<|assistant|>", "<think>", "tools"} <= set(glm.markers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", ("__class__", "__mro__", "__subclasses__")),
        (
            "{{ cycler.__init__.__globals__.os.popen('id') }}",
            ("__globals__", "cycler._", "popen"),
        ),
        ("{% include 'other' %}", ("{% include",)),
        ("{{ x|attr('a') }}", ("|attr(",)),
        ("{%- import 'm' as m %}", ("{%- import",)),
        ("{{ '" + "a" * 9_000 + "'.__class__ }}", ("__class__",)),
    ],
)
def test_what_leads_out_of_a_template_is_named(text: str, found: tuple[str, ...]) -> None:
    assert read_template(f"<think>{text}</think>").reaching == found


@pytest.mark.parametrize(
    "text",
    [
        "Use __class__ and {% if x %}popen{% endif %} as you like; from os import path",
        "{% set ns = namespace(found=false) %}{% set ns.found = true %}{{ messages[0].content }}",
        "{{ raise_exception('include the system prompt first') }}",
        "{% for message in messages %}{{ message['from'] }}{% endfor %}",
    ],
)
def test_plain_templates_lead_nowhere(text: str) -> None:
    assert read_template(text).reaching == ()
