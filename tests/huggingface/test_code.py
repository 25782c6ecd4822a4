"""Remote code: read as data, its notices quoted, its foreign imports declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import CodePrint, Declaration, Notice, Role, Unknown
from aibom_huggingface import code
from tests.builders.programs import module
from tests.huggingface.looking import LLAMA, look

MODELING = """# Copyright 2025 Upstage AI.
# Copyright 2025 The ZhipuAI Inc. team and HuggingFace Inc. team.
import torch
from torch import nn
from transformers import AutoModel, LlamaConfig, PreTrainedModel
from transformers.models.glm4_moe.modeling_glm4_moe import Glm4MoeForCausalLM
from transformers.models.qwen2 import tools
from transformers.utils import logging

from .configuration_deepseek import DeepseekV3Config
from .helpers import rotate


class XAttention(nn.Module):
    pass


class XModel(PreTrainedModel):
    pass


class XForCausalLM(Glm4MoeForCausalLM, other.DeepseekV3MoE):
    pass
"""

REPOSITORY = {
    "config.json": LLAMA | {"auto_map": {"AutoModel": "modeling_x.XModel"}},
    "modeling_x.py": MODELING,
    "configuration_deepseek.py": "class DeepseekV3Config:\n    pass\n",
    "helpers.py": "# Copyright 2024 Helper Ltd.\ndef rotate(): ...\n",
    "train.py": "# Copyright 2023 Trainer GmbH\n",
    "qwen_tool_parser.py": "class QwenToolParser: ...\n",
}


def test_remote_code_with_all_that_it_imports() -> None:
    parts = look(REPOSITORY).parts
    code = parts["remote-code"]
    assert code.role is Role.REMOTE_CODE
    assert code.files == ("configuration_deepseek.py", "helpers.py", "modeling_x.py")
    assert code.declared and code.present
    classes = [
        (f.value, f.locator.path, f.locator.line) for f in code.facts if f.name == "class" and f.locator
    ]
    assert ("XModel", "modeling_x.py", 18) in classes
    assert parts["inference-code"].files == ("qwen_tool_parser.py",)


def test_foreign_code_is_declared_with_line_and_quote() -> None:
    found = [item for item in look(REPOSITORY).of(Declaration) if item.kind == "import"]
    assert [(item.value, item.locator.line) for item in found] == [
        ("transformers.LlamaConfig", 5),
        ("transformers.models.glm4_moe.modeling_glm4_moe.Glm4MoeForCausalLM", 6),
        ("transformers.models.qwen2", 7),
        ("configuration_deepseek.DeepseekV3Config", 10),
    ]
    assert {item.part for item in found} == {"remote-code"}
    assert found[1].locator.quote == MODELING.splitlines()[5]


def test_inherited_classes_are_told_apart_from_imports() -> None:
    found = [item for item in look(REPOSITORY).of(Declaration) if item.kind == "inherits"]
    assert [(item.value, item.locator.line) for item in found] == [
        ("Glm4MoeForCausalLM", 22),
        ("other.DeepseekV3MoE", 22),
    ]
    assert found[0].locator.quote == "class XForCausalLM(Glm4MoeForCausalLM, other.DeepseekV3MoE):"


def test_notices_carry_the_part_of_their_file() -> None:
    found = [(n.holders, n.locator.path, n.locator.line, n.part) for n in look(REPOSITORY).of(Notice)]
    assert (("The ZhipuAI Inc. team", "HuggingFace Inc. team"), "modeling_x.py", 2, "remote-code") in found
    assert (("Helper Ltd.",), "helpers.py", 1, "remote-code") in found
    assert (("Trainer GmbH",), "train.py", 1, None) in found


def test_code_named_by_convention_counts_without_auto_map() -> None:
    parts = look({"config.json": LLAMA, "modeling_y.py": "class Y: ...\n"}).parts
    assert parts["remote-code"].present and not parts["remote-code"].declared


def test_broken_source_is_told_and_its_notice_still_read() -> None:
    seen = look({"modeling_z.py": "# Copyright 2025 Z Corp.\ndef (:\n"})
    assert [item.holders for item in seen.of(Notice)] == [("Z Corp.",)]
    assert [unknown.path for unknown in seen.unknowns] == ["modeling_z.py"]


def test_modules_that_build_the_network_give_prints_and_those_around_it_none() -> None:
    text = module("network", 2)
    around = {f"{kind}_x.py": text for kind in ("tokenization", "configuration", "processing")}
    seen = look({"modeling_x.py": text, "conversion.py": text, **around}).of(CodePrint)
    assert [(item.path, item.name, item.line) for item in seen] == [
        ("modeling_x.py", "modeling_x", None),
        ("modeling_x.py", "NetBlock0", text[: text.index("class NetBlock0")].count("\n") + 1),
        ("modeling_x.py", "NetBlock1", text[: text.index("class NetBlock1")].count("\n") + 1),
    ]
    assert {item.part for item in seen} == {"remote-code"}


@pytest.mark.parametrize("bound", ["MAX_PRINTED", "MAX_PRINTS"])
def test_prints_are_bounded(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    text = module("network", 2)
    monkeypatch.setattr(code, bound, {"MAX_PRINTED": len(text) + 1, "MAX_PRINTS": 3}[bound])
    seen = look({"modeling_a.py": text, "modeling_b.py": text})
    assert {item.path for item in seen.of(CodePrint)} == {"modeling_a.py"}
    assert [item.path for item in seen.of(Unknown) if "not compared" in item.reason] == ["modeling_b.py"]


def test_many_sources_are_bounded() -> None:
    seen = look({f"modeling_{n:04}.py": "class A: ...\n" for n in range(300)})
    assert len(seen.parts["remote-code"].files) == 200
    assert seen.unknowns


@given(st.text(alphabet="import from.class():\n xYZ\t#'\"\\"))
def test_any_source_is_read_without_error(text: str) -> None:
    look({"modeling_a.py": text})
