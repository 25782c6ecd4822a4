"""YAML and front matter."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import AibomError, FormatError, LimitError
from aibom.formats import yaml
from aibom.formats.text import JsonValue, front_matter, read_yaml


def test_the_core_schema_keeps_what_cards_mean() -> None:
    head = "lang: no\ndate: 2024-01-31\ntime: 12:30\nrate: 1e-5\n"
    assert read_yaml(head + "size: 12\nquoted: '12'\n1: on\nempty:\nt: true\n") == {
        "lang": "no",
        "date": "2024-01-31",
        "time": "12:30",
        "rate": 1e-5,
        "size": 12,
        "quoted": "12",
        "1": "on",
        "empty": None,
        "t": True,
    }


def test_tags_construct_nothing() -> None:
    assert read_yaml("a: !!python/object/apply:os.system [id]") == {"a": ["id"]}


def test_aliases_are_followed() -> None:
    assert read_yaml("a: &x [1]\nb: *x\n&k c: *k") == {"a": [1], "b": [1], "c": "c"}


@pytest.mark.parametrize(
    "text", ["a: *x", "a: &x [*x]", "? [a]\n: b", "a: 1\n b: 2", "a: [1,2\nb: }", "a: \ud800"]
)
def test_invalid_yaml_is_a_format_error(text: str) -> None:
    with pytest.raises(FormatError):
        read_yaml(text)


def test_errors_name_the_line() -> None:
    with pytest.raises(FormatError, match="line 3"):
        read_yaml("a: 1\nb: 2\n c: 3")
    with pytest.raises(FormatError, match="line 3"):
        front_matter("---\na: 1\n b: 2\n---\n")


@pytest.mark.parametrize("unit", ["[", "- ", "{a: ", "? ", "{", "!!seq ["])
def test_deep_nesting_is_an_error_and_no_crash(unit: str) -> None:
    with pytest.raises(FormatError):
        read_yaml(unit * 100_000)


def test_an_alias_bomb_is_stopped() -> None:
    rows = ["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))]
    with pytest.raises(LimitError) as caught:
        read_yaml("\n".join(rows))
    assert caught.value.limit == "YAML values"


def test_a_chain_of_aliases_is_no_way_around_the_depth() -> None:
    rows = ["a0: &a0 [x]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 200))]
    with pytest.raises(FormatError, match="nested deeper"):
        read_yaml("\n".join(rows))


def test_long_text_is_not_parsed() -> None:
    with pytest.raises(LimitError):
        read_yaml(" " * (yaml.MAX_YAML + 1))


_WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_categories=["Cc"]), max_size=20
)


@given(
    st.recursive(
        _WORDS,
        lambda inner: st.lists(inner) | st.dictionaries(_WORDS, inner),
        max_leaves=15,
    )
)
def test_what_pyyaml_writes_with_quotes_comes_back(value: JsonValue) -> None:
    text = pyyaml.safe_dump(value, default_style='"', allow_unicode=True, width=10_000)
    assert read_yaml(text) == value


@given(st.text(st.sampled_from("-:[]{}&*!|>'\"%@`#,?abc \n\t01."), max_size=60))
def test_any_text_gives_a_value_or_an_error_of_ours(text: str) -> None:
    for reader in (read_yaml, front_matter):
        with contextlib.suppress(AibomError):
            reader(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_front_matter_with_any_line_end(newline: str, mark: str) -> None:
    text = mark + newline.join(["---", "base_model:", "- a/b", "- c/d", "---", "# Title", ""])
    assert front_matter(text) == ({"base_model": ["a/b", "c/d"]}, 6)


def test_a_text_without_front_matter() -> None:
    assert front_matter("# Title\n---\na: 1\n---\n") == ({}, 1)
    assert front_matter("---\n\nA rule, and no front matter.\n") == ({}, 1)
    assert front_matter("") == ({}, 1)


def test_an_empty_block_and_one_without_body() -> None:
    assert front_matter("---\n---\ntext") == ({}, 3)
    assert front_matter("---\nlicense: mit\n---") == ({"license": "mit"}, 3)


def test_a_block_that_is_never_closed_is_said() -> None:
    with pytest.raises(FormatError, match="never closed"):
        front_matter("---\nlicense: mit\n\n# Title\n")


def test_a_block_that_is_no_mapping_is_said() -> None:
    with pytest.raises(FormatError, match="no mapping"):
        front_matter("---\n[]\n---\n")


@pytest.mark.field
def test_cards_of_the_field(field: Path) -> None:
    cards = field / "huggingface__huggingface_hub/tests/fixtures/cards"

    def read(path: Path) -> dict[str, JsonValue]:
        return front_matter(path.read_bytes().decode())[0]

    assert read(cards / "sample_windows_line_breaks.md")["license"] == "mit"
    assert read(cards / "sample_no_metadata.md") == {}
    with pytest.raises(FormatError):
        read(cards / "sample_invalid_card_data.md")
    reap = read(field / "bryce-hoehn__Qwen3.5-25B-REAP-A3B-Coding/README.md")
    assert reap["base_model"] == ["Qwen/Qwen3.5-35B-A3B"]
    languages = read(field / "theonlyengine__whisper-base/README.md")["language"]
    assert isinstance(languages, list)
    assert "no" in languages
