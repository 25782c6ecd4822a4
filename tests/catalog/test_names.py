from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aibom.catalog.names import _JOINTS, _LEADING, _LEGAL_FORMS, _TRAILING, normalise, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ZhipuAI Inc. team", "zhipuai"),
        ("Zhipu AI", "zhipuai"),
        ("ZhipuAI Inc.", "zhipuai"),
        ("Upstage Co., Ltd.", "upstage"),
        ("㈜업스테이지", "업스테이지"),
        ("주식회사 업스테이지", "업스테이지"),
        ("Meta Platforms, Inc. and affiliates", "metaplatforms"),
        ("Amazon.com, Inc. or its affiliates", "amazoncom"),
        ("NVIDIA CORPORATION & AFFILIATES", "nvidia"),
        ("The OpenAI Team Authors", "openai"),
        ("ＮＡＶＥＲ Corp.", "naver"),
        ("H Company", "hcompany"),
        ("The", "the"),
        ("", ""),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(max_size=60))
def test_normalising_only_takes_from_either_end(text: str) -> None:
    assert normalise(text) in plain(text)


@given(st.text(max_size=60))
def test_a_name_with_a_letter_is_never_stripped_to_nothing(text: str) -> None:
    assert bool(normalise(text)) == bool(plain(text))


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=2, max_size=20))
def test_letter_case_and_affixes_do_not_matter(text: str) -> None:
    """But for names that are affixes themselves, and for one character, from which nothing is stripped."""
    name = plain(text.upper())
    assume(len(name) > 1 and name not in _LEADING | _LEGAL_FORMS | _TRAILING | _JOINTS)
    assert normalise(f"The {text.upper()} team") == normalise(text.upper())
