"""Python as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.pysource import MAX_SOURCE, ClassDef, Import, SourceFacts, read_source

SOURCE = """
from transformers.models.glm4_moe.modeling_glm4_moe import Glm4MoeModel as Base, Glm4MoeMLP
from .configuration_solar import SolarConfig
from ... import util
import torch.nn as nn, math

class SolarModel(Base, nn.Module, Generic[T], make(), metaclass=Meta):
    class Inner(a.b.C[int]):
        pass

def late():
    try:
        import flash_attn
    except ImportError:
        from x import *
"""


def test_classes_and_imports_at_any_depth() -> None:
    facts = read_source(SOURCE, "modeling.py")
    assert facts.classes == (
        ClassDef("SolarModel", ("Base", "nn.Module", "Generic"), 7),
        ClassDef("Inner", ("a.b.C",), 8),
    )
    assert facts.imports == (
        Import("transformers.models.glm4_moe.modeling_glm4_moe", ("Glm4MoeModel", "Glm4MoeMLP"), 2),
        Import(".configuration_solar", ("SolarConfig",), 3),
        Import("...", ("util",), 4),
        Import("math", (), 5),
        Import("torch.nn", (), 5),
        Import("flash_attn", (), 13),
        Import("x", ("*",), 15),
    )
    assert facts.error is None


def test_the_line_of_a_syntax_error_is_told() -> None:
    facts = read_source("import a\nclass A(:\n", "m.py")
    assert facts == SourceFacts(error="m.py: line 2: invalid syntax")


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\ud800",
        "(" * 100_000,
        "-" * 1_000_000 + "1",
        "a" + ".b" * 20_000,
        "lambda:" * 100_000 + "1",
        "if 1:pass\n" + "elif 1:pass\n" * 50_000,
        "\n".join(" " * depth + "if 1:" for depth in range(150)),
        "x" * (MAX_SOURCE + 1),
        "a;" * 40_000,
        "a\n" * 40_000,
    ],
)
def test_hostile_source_is_an_error_and_no_crash(text: str) -> None:
    facts = read_source(text, "m.py")
    assert facts.error is not None
    assert facts.error.startswith("m.py: ")
    assert (facts.classes, facts.imports) == ((), ())


def test_doubtful_escapes_do_not_warn() -> None:
    assert read_source("x = '\\d'\nif x is 1: pass\n", "m.py").error is None


def test_nothing_is_run() -> None:
    assert read_source("raise SystemExit(1)\nimport nothing_of_that_name\n", "m.py").error is None


@given(st.text(max_size=200))
def test_any_text_gives_facts(text: str) -> None:
    assert isinstance(read_source(text, "m.py"), SourceFacts)
