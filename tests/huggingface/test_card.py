"""The model card, licence files and the head of the prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.text import clean
from aibom.model import CardFacts, Dataset, Declaration, Licence, Metric, Notice
from aibom_huggingface.prose import description, title
from tests.huggingface.looking import look

CARD = """---
license: other
license_name: solar-apache-2.0
license_link: LICENSE
language: [ko, en]
library_name: transformers
pipeline_tag: image-text-to-text
base_model:
- Qwen/Qwen3-8B
- https://huggingface.co/openai/whisper-base
base_model_relation: merge
datasets:
- org/data
- squad
tags: [merge, ko]
co2_eq_emissions:
  emissions: 1200
  source: estimate
  hardware_used: 8 H100
model-index:
- name: x
  results:
  - task: {type: text-generation}
    dataset: {name: KMMLU, type: HAERAE-HUB/KMMLU}
    metrics:
    - {type: accuracy, value: 0.41}
    - {type: broken}
---
# The **Title**

![picture](a.png)

The first [paragraph](http://x) of `prose`,
on two lines. <b>Bold</b>.

The second.
"""


def card_of(text: str | bytes) -> CardFacts:
    return look({"README.md": text}).of(CardFacts)[0]


def test_front_matter() -> None:
    seen = look({"README.md": CARD})
    card = seen.of(CardFacts)[0]
    assert card.title == "The Title"
    assert card.description == "The first paragraph of prose, on two lines. Bold ."
    assert (card.task, card.library) == ("image-text-to-text", "transformers")
    assert (card.languages, card.tags) == (("ko", "en"), ("merge", "ko"))
    assert (card.inputs, card.outputs) == (("image", "text"), ("text",))
    assert card.metrics == (Metric("accuracy", "0.41", "KMMLU", "text-generation"),)
    assert {fact.name: fact.value for fact in card.facts} == {
        "co2_eq_emissions": 1200.0,
        "co2_eq_emissions:source": "estimate",
        "co2_eq_emissions:hardware_used": "8 H100",
    }


def test_parents_have_their_line_and_relation() -> None:
    parents = [item for item in look({"README.md": CARD}).of(Declaration) if item.kind == "base-model"]
    assert [(item.value, item.relation, item.locator.line) for item in parents] == [
        ("Qwen/Qwen3-8B", "merge", 9),
        ("openai/whisper-base", "merge", 10),
    ]


def test_datasets_for_training_and_evaluation() -> None:
    assert [(d.name, d.ident, d.purpose, d.locator.line) for d in look({"README.md": CARD}).of(Dataset)] == [
        ("org/data", "org/data", "training", 13),
        ("squad", "squad", "training", 14),
        ("KMMLU", "HAERAE-HUB/KMMLU", "evaluation", 24),
    ]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("license: apache-2.0", [("apache-2.0", "Apache-2.0")]),
        ("license: other\nlicense_name: llama3.1", [("llama3.1", "LicenseRef-llama3.1")]),
        ("license: other", [("other", None)]),
        ("license: [mit, cc-by-4.0]", [("mit", "MIT"), ("cc-by-4.0", "CC-BY-4.0")]),
        ("license_name: exaone", [("exaone", "LicenseRef-exaone")]),
        ("language: en", []),
    ],
)
def test_licences(front: str, expected: list[tuple[str, str | None]]) -> None:
    seen = look({"README.md": f"---\n{front}\n---\n"})
    assert [(item.name, item.expression) for item in seen.of(Licence)] == expected


@pytest.mark.parametrize("front", ["a: [", "{{card_data}}", "[]", "license: mit\nlicense: [", "x: &a *b"])
def test_broken_front_matter_leaves_the_text(front: str) -> None:
    seen = look({"README.md": f"---\n{front}\n---\n# Name\n\nWords enough to be a paragraph here.\n"})
    card = seen.of(CardFacts)[0]
    assert card.title == "Name"
    assert card.description == "Words enough to be a paragraph here."
    assert [unknown.path for unknown in seen.unknowns] == ["README.md"]
    assert seen.unknowns[0].reason.startswith("front matter: ")


def test_windows_line_ends() -> None:
    seen = look({"README.md": "---\r\nlicense: mit\r\n---\r\n\r\n# Hello\r\n"})
    assert seen.of(CardFacts)[0].title == "Hello"
    assert [item.locator.line for item in seen.of(Licence)] == [2]


def test_a_card_that_is_not_utf_8() -> None:
    assert card_of(b"---\nlicense: mit\n---\n# Caf\xe9\n").title == "Caf\ufffd"


@pytest.mark.parametrize(
    "body",
    [
        "# {{ model_name | default('x') }}\n\n{{ some_data }} more words that follow here\n",
        "# \n\n[More Information Needed] and other words of the template\n",
        "<!-- Provide a quick summary of what the model is/does. -->\n",
        "```\ncode that is long enough to be a paragraph\n```\n",
        "| a table | with cells | of words enough |\n",
        "- a list item with words enough to be a paragraph\n",
        "",
    ],
)
def test_templates_and_code_are_no_description(body: str) -> None:
    assert description(body) is None
    assert not title(body)


def test_a_description_is_bounded() -> None:
    text = description("word " * 1000)
    assert text is not None and len(text) <= 400


@given(st.text())
def test_prose_is_always_one_safe_line(body: str) -> None:
    for text in (title(body), description(body)):
        assert text is None or (text == clean(text) and len(text) <= 400)


@given(st.text(alphabet="-\n:[]{}&*!|> abc#"))
def test_any_card_is_read_without_error(text: str) -> None:
    look({"README.md": f"---\n{text}"})


def test_licence_and_notice_files() -> None:
    seen = look(
        {
            "LICENSE": "SPDX-License-Identifier: Apache-2.0\n\nCopyright 2025 Someone Inc.\n",
            "NOTICE": "\n" * 100 + "Copyright 2024 Other Corp.\n",
            "terms/LICENSE.md": "# Own Terms\n\nDo nothing.\n",
        }
    )
    carried = [(item.locator.path, item.name, item.expression, item.carried) for item in seen.of(Licence)]
    assert carried == [
        ("LICENSE", "Apache-2.0", "Apache-2.0", True),
        ("terms/LICENSE.md", "Own Terms", None, True),
    ]
    notices = [(item.holders, item.locator.path, item.locator.line) for item in seen.of(Notice)]
    assert notices == [(("Someone Inc.",), "LICENSE", 3), (("Other Corp.",), "NOTICE", 101)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Built with Llama", ["Built with Llama"]),
        ("**Built with Meta Llama 3**.", ["Built with Meta Llama 3"]),
        ("Improved using  Qwen, and Built with Llama.", ["Improved using Qwen", "Built with Llama"]),
        ("Rebuilt with Llama; built with care", []),
        (
            " ".join(f"Built with A{number}" for number in range(9)),
            [f"Built with A{number}" for number in range(5)],
        ),
    ],
)
def test_displayed_attribution(line: str, words: list[str]) -> None:
    card = look({"README.md": f"---\nlicense: mit\n---\n# M\n\n{line}\n"}).of(CardFacts)[0]
    facts = [fact for fact in card.facts if fact.name == "attribution"]
    assert [fact.value for fact in facts] == words
    assert all(fact.locator and fact.locator.path == "README.md" for fact in facts)
