"""Code held against reference prints: the right family, the oldest of equals, glue left aside."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from aibom.catalog import CodeFamily, CodePrints
from aibom.provenance.code_match import (
    MAX_CARRIERS,
    SHARED,
    FamilyScore,
    Verdict,
    by_lineage,
    lead,
    match_code,
)
from tests.builders.codereferences import emitted, references
from tests.builders.programs import class_text, module

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from edits import edited

GLUE = class_text("glue", "RotaryGlue")
PARENT = module("parent", 5) + "\n\n" + GLUE
CHILD = module("parent", 5).replace("parent", "child") + "\n\n" + GLUE + class_text("own", "ChildRouter")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> CodePrints:
    others = {f"other{each}": ("2023-01-01", f"{module(f'other {each}')}\n\n{GLUE}") for each in range(30)}
    return references(
        tmp_path_factory.mktemp("wheel"),
        {"parent": ("2024-05-01", PARENT), "child": ("2025-02-01", CHILD), **others},
    )


def scores(*items: tuple[str, float, str]) -> list[FamilyScore]:
    return [FamilyScore(CodeFamily(name, day), held) for name, held, day in items]


def test_an_edited_copy_leads_to_its_source(known: CodePrints) -> None:
    for seed in range(5):
        found = match_code(emitted(edited(PARENT, random.Random(seed))), known, without=("child",))
        assert found.verdict is Verdict.SHARES_LINEAGE
        assert found.ranked[0].family == CodeFamily("parent", "2024-05-01", ("Someone",))
        assert found.containment > 0.9


def test_classes_lead_to_the_oldest_that_holds_them(known: CodePrints) -> None:
    found = match_code(emitted(CHILD), known)
    by_name = {item.query.name: item for item in found.classes}
    assert by_name["NetBlock0"].reference.family.model_type == "parent"
    assert by_name["NetBlock0"].reference.name == "NetBlock0"
    assert by_name["NetBlock0"].carriers == ("parent", "child")
    assert by_name["ChildRouter"].carriers == ("child",)
    assert by_name["ChildRouter"].containment == 1.0
    reference = by_name["NetBlock0"].reference
    assert PARENT.splitlines()[reference.line - 1].startswith("class NetBlock0")
    assert reference.module == "modeling_parent"


def test_what_many_families_hold_is_nobodys(known: CodePrints) -> None:
    assert len(known.families) > MAX_CARRIERS
    found = match_code(emitted(GLUE + module("novel", 3)), known)
    assert found.verdict is Verdict.NO_MATCH
    assert found.classes == ()
    assert found.containment < 0.1


def test_glue_alone_is_too_little_to_tell(known: CodePrints) -> None:
    found = match_code(emitted(GLUE), known)
    assert found.verdict is Verdict.INDETERMINATE
    assert found.classes == ()
    assert match_code((), known).verdict is Verdict.INDETERMINATE


def test_a_part_of_the_code_is_no_shared_lineage_of_the_whole(known: CodePrints) -> None:
    mixed = class_text("parent 0", "Taken") + "\n\n" + module("novel", 3)
    found = match_code(emitted(mixed), known)
    assert found.verdict is Verdict.NO_MATCH and found.containment < SHARED
    assert [item.query.name for item in found.classes] == ["Taken"]


def test_left_out_families_neither_match_nor_weigh(known: CodePrints) -> None:
    found = match_code(emitted(PARENT), known, without=("parent", "child"))
    assert found.verdict is Verdict.NO_MATCH
    assert not {"parent", "child"} & {item.family.model_type for item in found.ranked}


def test_a_reimplementation_is_no_copy(tmp_path: Path) -> None:
    known = references(tmp_path, {"first": ("2024-01-01", FIRST), "x": ("2024-01-01", module("x"))})
    found = match_code(emitted(SECOND), known)
    assert found.verdict is not Verdict.SHARES_LINEAGE
    assert found.classes == ()


def test_a_source_goes_before_what_was_made_from_it() -> None:
    made = {"child": frozenset({"parent", "far"}), "parent": frozenset({"far"})}
    ranked = scores(
        ("child", 1.0, "2025"), ("stranger", 0.97, "2020"), ("parent", 0.92, "2024"), ("far", 0.5, "2023")
    )
    order = by_lineage(ranked, lambda name: made.get(name, frozenset()), 3)
    assert [item.family.model_type for item in order] == ["parent", "child", "stranger"]
    leading = lead(ranked, lambda name: made.get(name, frozenset()))
    assert leading is not None
    assert leading.model_types == ("parent", "stranger", "child")
    assert leading.runner_up is not None and leading.runner_up.family.model_type == "far"
    assert lead([], lambda name: frozenset()) is None


def test_a_younger_source_and_a_circle_are_not_followed() -> None:
    circle = {"a": frozenset({"b"}), "b": frozenset({"a"})}
    ranked = scores(("a", 1.0, "2024"), ("b", 1.0, "2024"))
    assert len(by_lineage(ranked, lambda name: circle[name], 2)) == 2
    younger = scores(("a", 1.0, "2024"), ("b", 1.0, "2025"))
    assert by_lineage(younger, lambda name: circle[name], 1)[0].family.model_type == "a"


FIRST = """
class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.scale = config.width ** -0.5
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.key = nn.Linear(config.width, config.width, bias=False)
        self.value = nn.Linear(config.width, config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x, mask=None):
        batch, length, width = x.shape
        query = self.query(x).view(batch, length, self.heads, -1).transpose(1, 2)
        key = self.key(x).view(batch, length, self.heads, -1).transpose(1, 2)
        value = self.value(x).view(batch, length, self.heads, -1).transpose(1, 2)
        scores = torch.matmul(query, key.transpose(2, 3)) * self.scale
        if mask is not None:
            scores = scores + mask
        mixed = torch.matmul(torch.softmax(scores, dim=-1), value)
        return self.out(mixed.transpose(1, 2).reshape(batch, length, width))
"""
SECOND = """
class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        assert width % heads == 0
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.shape = (heads, width // heads)

    def forward(self, x, mask=None):
        q, k, v = torch.einsum("bld,de->ble", x, self.qkv.weight.T).unflatten(-1, (3, *self.shape)).unbind(2)
        weights = torch.einsum("blhd,bmhd->bhlm", q, k) / math.sqrt(self.shape[1])
        weights = weights.masked_fill(mask == 0, float("-inf")) if mask is not None else weights
        return self.out(torch.einsum("bhlm,bmhd->blhd", weights.softmax(-1), v).flatten(2))
"""
