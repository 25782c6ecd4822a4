"""The graph of classes made from others: the builder on a wheel of the tests' own, and what ships."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from aibom.catalog import Edge, EdgeKind, load
from aibom.catalog.inheritance import decode

TOOLS = Path(__file__).parents[2] / "tools"

CONFIGURATION = 'class {0}Config(PreTrainedConfig):\n    model_type = "{1}"\n'
MODULAR = """
from torch import nn
from ..old.modeling_old import OldAttention, OldModel as Base
from ...models.older.modeling_older import OlderMLP
from .configuration_new import NewConfig

raise RuntimeError("the builder must not run this")

class NewAttention(OldAttention): pass
class NewModel(Base, nn.Module): pass
class NewMLP(OlderMLP): pass
class NewHead(nn.Module): pass
class NewTop(NewModel): pass
"""
MODELLING = """
# Copied from transformers.models.older.modeling_older.older_helper
def helper(): pass

@decorated
# Copied from transformers.models.older.modeling_older.OlderNorm with Older->Old
class OldNorm: pass

class OldBlock:
    # Copied from transformers.models.older.modeling_older.OlderBlock.forward
    def forward(self): pass

# Copied from transformers.models.old.modeling_old.OldNorm
class OldOwn: pass
"""


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "transformers-9.9.9-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for folder, text in (("new", "new-type"), ("old", "old"), ("older", "older")):
            archive.writestr(
                f"transformers/models/{folder}/configuration_{folder}.py",
                CONFIGURATION.format(folder.title(), text),
            )
        archive.writestr("transformers/models/new/modular_new.py", MODULAR)
        archive.writestr("transformers/models/old/modeling_old.py", MODELLING)
    return path


def test_edges_come_from_base_classes_and_from_notes(monkeypatch: pytest.MonkeyPatch, wheel: Path) -> None:
    monkeypatch.syspath_prepend(str(TOOLS))
    import build_code_catalog

    document = build_code_catalog.inheritance(wheel)
    graph = decode(document)
    assert document["header"]["count"] == {"families": 2, "copied": 2, "inherits": 3}
    assert graph.parents("new-type") == (
        Edge("NewAttention", "old", "OldAttention"),
        Edge("NewMLP", "older", "OlderMLP"),
        Edge("NewModel", "old", "OldModel"),
    )
    assert graph.parents("old") == (
        Edge("OldBlock", "older", "OlderBlock", EdgeKind.COPIED),
        Edge("OldNorm", "older", "OlderNorm", EdgeKind.COPIED),
    )
    assert graph.ancestors("new-type") == {"old", "older"}
    assert graph.parents("nothing") == ()


def test_the_shipped_graph_knows_the_published_descents() -> None:
    graph = load().inheritance
    parents = {edge.parent_model_type for edge in graph.parents("solar_open")}
    assert parents == {"glm4_moe", "llama"}
    assert Edge("SolarOpenMoE", "glm4_moe", "Glm4MoeMoE") in graph.parents("solar_open")
    assert "deepseek_v3" in graph.ancestors("solar_open")
    assert {edge.parent_model_type for edge in graph.parents("exaone_moe")} >= {"exaone4", "deepseek_v3"}
