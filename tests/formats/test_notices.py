"""Copyright notices: holders as written, and what is no notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.notices import CopyrightLine, find_notices
from aibom.formats.text import clean


def holders(text: str) -> list[str]:
    return [name for notice in find_notices(text) for name in notice.holders]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "# Copyright 2025 The ZhipuAI Inc. team and HuggingFace Inc. team. All rights reserved.",
            ["The ZhipuAI Inc. team", "HuggingFace Inc. team"],
        ),
        (
            " * Copyright 2023 Hangzhou DeepSeek Artificial Intelligence Co., Ltd. and HuggingFace Inc. team",
            ["Hangzhou DeepSeek Artificial Intelligence Co., Ltd.", "HuggingFace Inc. team"],
        ),
        (
            "# Copyright (c) 2023-2025, NVIDIA CORPORATION & AFFILIATES. All rights reserved.",
            ["NVIDIA CORPORATION"],
        ),
        (
            "Copyright 2024 The Qwen team, Alibaba Group and the HuggingFace Inc. team.",
            ["The Qwen team", "Alibaba Group", "the HuggingFace Inc. team"],
        ),
        ("# Copyright 2022 Google Inc. HuggingFace Inc. team.", ["Google Inc.", "HuggingFace Inc. team"]),
        ("   Copyright 2018- The Hugging Face team. All rights reserved.", ["The Hugging Face team"]),
        ("// SPDX-FileCopyrightText: 2022 Jane Doe <jane@example.com>", ["Jane Doe"]),
        ("SPDX-FileCopyrightText: Upstage", ["Upstage"]),
        ("<!-- Copyright © 2024 NAVER Cloud Corp. -->", ["NAVER Cloud Corp."]),
        ("{#- Copyright 2024 Mistral AI -#}", ["Mistral AI"]),
        ("/* (c) 2021 Facebook, Inc., its affiliates and contributors */", ["Facebook, Inc."]),
        ("Copyright (c) Meta Platforms, Inc. and affiliates.", ["Meta Platforms, Inc."]),
        (
            "Llama 3.1 is licensed under the Llama 3.1 Community License, Copyright © Meta Platforms, Inc. "
            "All Rights Reserved.",
            ["Meta Platforms, Inc."],
        ),
        ("Copyright Amazon.com, Inc. or its affiliates. 2024", ["Amazon.com, Inc."]),
        ("# Copyright 2025 THL A29 Limited, a Tencent company.", ["THL A29 Limited, a Tencent company"]),
        (
            "Copyright 2024 Huazhong University of Science and Technology & Westlake Lab",
            ["Huazhong University of Science and Technology", "Westlake Lab"],
        ),
        (
            "Copyright (C) 1989, 1991 Free Software Foundation, Inc., 51 Franklin Street, Fifth Floor",
            ["Free Software Foundation, Inc."],
        ),
        (
            "Copyright (c) 2007 Free Software Foundation, Inc. <https://fsf.org/>",
            ["Free Software Foundation, Inc."],
        ),
        ("Copyright 2023-present 42dot Inc.", ["42dot Inc."]),
        ("# Modifications Copyright 2024 Foo Bar GmbH", ["Foo Bar GmbH"]),
        (
            "Copyright 2025 SK Telecom. All rights reserved. Copyright 2024 HuggingFace",
            ["SK Telecom", "HuggingFace"],
        ),
        ("Copyright 2024 주식회사 업스테이지. All rights reserved.", ["주식회사 업스테이지"]),
        ("저작권 (c) 2024 네이버클라우드. 모든 권리 보유.", ["네이버클라우드"]),
        ("ⓒ 2024 카카오 및 네이버", ["카카오", "네이버"]),
        ("版权所有 (c) 2023 智谱AI", ["智谱AI"]),
        ("rem Copyright 2024 LG AI Research", ["LG AI Research"]),
    ],
)
def test_holders_as_written(line: str, expected: list[str]) -> None:
    assert holders(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "   Copyright [yyyy] [name of copyright owner]",
        "   Copyright {yyyy} {name of copyright owner}",
        "Copyright (c) <year> <copyright holders>",
        '"Licensor" shall mean the copyright owner or entity authorized by',
        "copyright notice that is included in or attached to the work, since 2004",
        "2. Grant of Copyright License. Subject to the terms of 2004",
        "Copyright notice: 2024 something",
        "copyright = '2024'",
        "year = 2024  # copyright holder",
        "f(c) 2020",
        "def g(a, b, (c)): pass",
        "# This code is (c) licensed 2020 in accordance with copyright laws",
        "Copyright 2024",
        "Copyright (c) 2024 contributors",
        "Copyright (c) 2024 The Authors.",
        "Copyright of Someone",
    ],
)
def test_talk_of_rights_is_no_notice(line: str) -> None:
    assert find_notices(line) == ()


def test_the_line_and_its_number_are_kept() -> None:
    text = "# coding=utf-8\n#\n# Copyright 2025 Upstage. All rights reserved.\nimport torch\n"
    assert find_notices(text) == (
        CopyrightLine(("Upstage",), "Copyright 2025 Upstage. All rights reserved.", 3),
    )


def test_only_the_head_is_searched() -> None:
    text = "\n" * 60 + "# Copyright 2025 Upstage\n"
    assert find_notices(text) == ()
    assert find_notices(text, lines=61)[0].line == 61


def test_a_notice_goes_on_where_its_line_ends_in_and() -> None:
    text = "# Copyright 2018 The OpenAI Team Authors and\n# HuggingFace Inc. team.\n"
    assert holders(text) == ["The OpenAI Team Authors", "HuggingFace Inc. team"]


def test_hostile_characters_do_not_pass() -> None:
    assert holders("# Copyright 2024 Up\u202estage\x1b[31m Inc.") == ["Upstage Inc."]


@given(st.text(max_size=400))
def test_any_text_is_searched(text: str) -> None:
    for candidate in (text, f"# Copyright (c) 2024 {text}", f"Copyright {text} and {text}, Inc. 2024"):
        for notice in find_notices(candidate):
            assert notice.holders
            assert all(name and clean(name) == name for name in notice.holders)


def test_a_long_line_is_bounded() -> None:
    (notice,) = find_notices("# Copyright 2024 " + "a, b and " * 200_000)
    assert len(notice.text) <= 400
    assert notice.holders == ("a, b",) or all(len(name) <= 120 for name in notice.holders)


@pytest.mark.field
def test_real_licences_name_only_their_holder(field: Path) -> None:
    text = (field / "meta-llama__llama-models/models/llama3_1/LICENSE").read_text()
    assert holders(text) in ([], ["Meta Platforms, Inc."])
