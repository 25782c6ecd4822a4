"""What a card says under its headings and labels, and the documents beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.text import clean
from aibom.model import CardFacts, Fact
from aibom_huggingface.sections import card_facts
from tests.huggingface.looking import look


def facts_of(text: str) -> list[Fact]:
    return list(card_facts("README.md", text, text))


def said(text: str) -> dict[str, object]:
    return {fact.name: fact.value for fact in facts_of(text)}


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("## Intended uses & limitations", "intended-uses"),
        ("### Direct Use", "intended-uses"),
        ("# **Uses**", "intended-uses"),
        ("## 3. Intended Use", "intended-uses"),
        ("### Out-of-Scope Use", "out-of-scope"),
        ("## Bias, Risks, and Limitations", "limitations"),
        ("### Limitations and bias", "limitations"),
        ("## ⚠️ Limitations", "limitations"),
        ("## Ethical Considerations", "ethics"),
        ("### Training Data", "training-data"),
        ("## Training procedure", "training-procedure"),
        ("### Primary intended users:", "users"),
        ("#### Hardware [optional]", "hardware"),
    ],
)
def test_usual_headings(heading: str, topic: str) -> None:
    text = f"# Model\n\n{heading}\n\nWords enough to say something here.\n\n## Next\n\nNot of it at all.\n"
    (fact,) = facts_of(text)
    assert (fact.name, fact.value) == (f"card:{topic}", "Words enough to say something here.")
    assert fact.locator is not None
    assert fact.locator.line == 3


@pytest.mark.parametrize(
    "body",
    [
        "[More Information Needed]",
        "<!-- Address questions around how the model is intended to be used. -->",
        "```python\nmodel = load('something long enough')\n```",
        "| a table | of cells | that is long |\n|---|---|---|",
        "short",
        "{{ direct_use | default('[More Information Needed]', true)}}",
        "",
    ],
)
def test_templates_code_and_tables_say_nothing(body: str) -> None:
    assert said(f"## Uses\n\n{body}\n") == {}


def test_other_headings_and_how_to_use_are_left_alone() -> None:
    assert (
        said("## How to use\n\nCall it like this, with a tokenizer.\n\n## Fine-tuning\n\nYou may do it.\n")
        == {}
    )


def test_marks_lists_and_length() -> None:
    value = said("## Limitations\n\n- It is **slow** on [CPUs](http://x).\n- It forgets.\n")[
        "card:limitations"
    ]
    assert value == "It is slow on CPUs. It forgets."
    long = said("## Limitations\n\n" + "word " * 5000)["card:limitations"]
    assert isinstance(long, str)
    assert len(long) == 1000


def test_three_sections_of_a_topic_are_enough() -> None:
    text = "".join(f"## Uses\n\nUse number {n} of the model, in words.\n\n" for n in range(9))
    assert [fact.value for fact in facts_of(text)] == [
        f"Use number {n} of the model, in words." for n in range(3)
    ]


def test_labelled_values() -> None:
    text = """
- **Developed by:** [Acme](https://acme.example)
- **Funded by [optional]:** [More Information Needed]
- **Hardware Type:** A100
- **Hours used:** 12
**Model Release Date** April 18, 2024.
- **Favourite colour:** blue
- **Hardware Type:** another
"""
    assert said(text) == {
        "developed_by": "Acme",
        "hardware": "A100",
        "hours_used": "12",
        "release_date": "April 18, 2024.",
    }


def test_hyperparameters_and_versions_as_the_trainer_writes_them() -> None:
    text = """
### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 2e-05
- lr_scheduler_type: linear
- optimizer: Adam with betas=(0.9,0.999) and epsilon=1e-08

### Framework versions

- Transformers 4.30.2
- Pytorch 2.0.1+cu118
- Tokenizers: 0.13.3
- nothing here
"""
    assert said(text) == {
        "training:learning_rate": "2e-05",
        "training:lr_scheduler_type": "linear",
        "training:optimizer": "Adam with betas=(0.9,0.999) and epsilon=1e-08",
        "requirement:transformers": "4.30.2",
        "requirement:torch": "2.0.1+cu118",
        "requirement:tokenizers": "0.13.3",
    }


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (
            "See the [Acceptable Use Policy](https://acme.example/aup?x=1#top).",
            "https://acme.example/aup?x=1#top",
        ),
        ("[our use policy](http://acme.example:8080/p)", "http://acme.example:8080/p"),
        ("[policy](https://acme.example/p)", None),
        ("[use policy](javascript:alert(1))", None),
        ("[use policy](https://acme.example/a{b})", None),
        ("[use policy](https://acme.example:port/)", None),
        ("[use policy](https://acme.example/%zz)", None),
    ],
)
def test_the_use_policy(text: str, url: str | None) -> None:
    assert said(text).get("reference:use-policy") == url


def test_requirements_and_policies_of_a_repository() -> None:
    files = {
        "README.md": "# M\n",
        "requirements.txt": "Torch==2.9.0\nflash_attn>=2.5,<3 ; python_version > '3'\nnumpy\n# x\n-r o.txt\n"
        "git+https://host/x.git\n./local\nscipy==1.*\ntransformers[torch] (>=4.50)\n",
        "SECURITY.md": "Tell us.",
        "USE_POLICY.md": "Do not.",
    }
    facts = [fact for card in look(files).of(CardFacts) for fact in card.facts]
    assert {fact.name: fact.value for fact in facts} == {
        "requirement:torch": "2.9.0",
        "requirement:flash-attn": ">=2.5,<3",
        "requirement:numpy": "any",
        "requirement:scipy": "1.*",
        "requirement:transformers": ">=4.50",
        "reference:security-contact": "SECURITY.md",
        "reference:use-policy": "USE_POLICY.md",
    }
    assert [fact.locator.line for fact in facts if fact.locator and fact.name == "requirement:numpy"] == [3]


def test_a_requirement_that_is_made_to_stall() -> None:
    hostile = "\n".join(("a" + "==!" * 130, "a" + "!" * 399, "a(" + "=1," * 100, "a" * 400))
    assert len(look({"requirements.txt": hostile}).unknowns) == 0


@given(
    st.text()
    | st.lists(
        st.sampled_from(["# Uses", "## Training data", "- **Hardware:** x", "```", "- a: b", "<!--", "word"])
    ).map("\n".join)
)
def test_every_value_is_one_safe_line(text: str) -> None:
    for fact in facts_of(text):
        assert isinstance(fact.value, str)
        assert fact.value == clean(fact.value, 1000) != ""


def test_lines_made_to_stall() -> None:
    for body in (
        "# " + " " * 200_000,
        "- **" + "a" * 200_000,
        "[" * 50_000 + "use policy",
        "#" * 200_000,
        ("** a" + " " * 900 + "x\n") * 4000,
    ):
        assert facts_of(body + "\n") == []
