"""The builder of the lineage, on a wheel of the tests' own."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / "tools"

ACME = """
# Copyright 2026 Acme and The HuggingFace Inc. team.
import os
raise RuntimeError("the builder must not run this")

@auto_docstring(checkpoint="upstage/Acme-1B")
class AcmeVisionConfig(PreTrainedConfig):
    model_type = "acme_vision"
    base_config_key = "vision_config"

@auto_docstring(checkpoint="upstage/Acme-1B")
@strict
class AcmeConfig(PreTrainedConfig):
    model_type: str = "acme"

class _Hidden: pass
"""
ACME_MODEL = (
    "class AcmeModel: pass\nclass AcmeForCausalLM: pass\nclass Attention: pass\nclass SharedModel: pass\n"
)
LINKED = '''
# Copyright 2026 Upstage and The HuggingFace Inc. team.
class LinkedConfig(PreTrainedConfig):
    r"""As in [zai-org/Linked](https://huggingface.co/zai-org/Linked)."""
    model_type = "linked"
class SharedModel: pass
'''
WRAPPER = 'class WrapperConfig:\n    model_type = "wrapper"\n'
PORTED = '@auto_docstring(checkpoint="someone/ported-test")\nclass PortedConfig:\n    model_type = "ported"\n'
CONVERTED = (
    '@auto_docstring(checkpoint="llava-hf/converted")\nclass ConvertedConfig:\n    model_type = "converted"\n'
)

OVERRIDES: dict[str, Any] = {
    "families": {
        "ported": {
            "organisation": "deepseek",
            "checkpoint": "deepseek-ai/Ported",
            "reason": "a contributor's test",
            "verified": False,
        }
    },
    "additions": {"acme": {"subtypes": ["ACME"], "classes": ["AcmeOld"], "reason": "as published"}},
    "extra": [
        {
            "model_type": "outside",
            "organisation": "naver",
            "classes": ["OutsideModel"],
            "reason": "remote code",
            "verified": False,
        }
    ],
    "generic_modules": {"names": ["linked"], "reason": "a word"},
    "module_prefixes": {"names": ["acme"], "reason": "a name"},
}


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    import build_catalog

    return build_catalog


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "transformers-9.8.7-py3-none-any.whl"
    members = {
        "transformers/models/acme/configuration_acme.py": ACME,
        "transformers/models/acme/modeling_acme.py": ACME_MODEL,
        "transformers/models/acme/processing_acme.py": "this is no Python",
        "transformers/models/linked/configuration_linked.py": LINKED,
        "transformers/models/wrapper/configuration_wrapper.py": WRAPPER,
        "transformers/models/ported/configuration_ported.py": PORTED,
        "transformers/models/converted/configuration_converted.py": CONVERTED,
        "transformers/models/auto/modeling_auto.py": "class AutoModel: pass\n",
        "transformers/models/acme/deep/configuration_deep.py": 'class DeepConfig:\n    model_type = "deep"\n',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for second, (name, text) in enumerate(members.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, second)), text)
    return path


def build(builder: ModuleType, wheel: Path, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    overrides = folder / "overrides.json"
    overrides.write_text(json.dumps(OVERRIDES), "utf-8")
    arguments = ["--wheel", str(wheel), "--overrides", str(overrides), "--output", str(folder)]
    assert builder.main(arguments) == 0
    document: dict[str, Any] = json.loads((folder / "lineage.json").read_bytes())
    return document


def test_families_are_read_without_running_anything(
    builder: ModuleType, wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = build(builder, wheel, tmp_path / "out")
    assert document["header"] == {
        "schema": "lineage/1",
        "source": "transformers",
        "version": "9.8.7",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "released": "2026-02-03",
        "generator": "tools/build_catalog.py",
        "count": json.loads(capsys.readouterr().out),
    }
    assert document["header"]["count"] == {
        "families": 6,
        "families_with_organisation": 4,
        "types": 8,
        "types_with_organisation": 6,
        "classes": 10,
    }
    assert {family["model_type"]: family for family in document["families"]} == {
        "acme": {
            "model_type": "acme",
            "subtypes": ["ACME", "acme_vision"],
            "organisation": "upstage",
            "checkpoint": "upstage/Acme-1B",
            "basis": "transformers 9.8.7 names checkpoint upstage/Acme-1B",
            "classes": ["AcmeConfig", "AcmeForCausalLM", "AcmeModel", "AcmeOld", "AcmeVisionConfig"],
            "modules": ["acme"],
        },
        "converted": {
            "model_type": "converted",
            "organisation": "hub:llava-hf",
            "checkpoint": "llava-hf/converted",
            "basis": "transformers 9.8.7 names checkpoint llava-hf/converted",
            "classes": ["ConvertedConfig"],
            "modules": ["converted"],
        },
        "linked": {
            "model_type": "linked",
            "organisation": "zhipu",
            "checkpoint": "zai-org/Linked",
            "basis": "transformers 9.8.7 names checkpoint zai-org/Linked",
            "classes": ["LinkedConfig"],
        },
        "outside": {
            "model_type": "outside",
            "organisation": "naver",
            "basis": "override (unverified): remote code",
            "classes": ["OutsideModel"],
        },
        "ported": {
            "model_type": "ported",
            "organisation": "deepseek",
            "checkpoint": "deepseek-ai/Ported",
            "basis": "override (unverified): a contributor's test",
            "classes": ["PortedConfig"],
            "modules": ["ported"],
        },
        "wrapper": {
            "model_type": "wrapper",
            "basis": "transformers 9.8.7 names no checkpoint",
            "classes": ["WrapperConfig"],
            "modules": ["wrapper"],
        },
    }


def test_a_rebuild_gives_the_same_bytes_and_records_their_digest(
    builder: ModuleType, wheel: Path, tmp_path: Path
) -> None:
    build(builder, wheel, tmp_path / "one")
    build(builder, wheel, tmp_path / "two")
    data = (tmp_path / "one" / "lineage.json").read_bytes()
    assert data == (tmp_path / "two" / "lineage.json").read_bytes()
    recorded = (tmp_path / "one" / "SHA256SUMS").read_text("utf-8")
    assert recorded == f"{hashlib.sha256(data).hexdigest()}  lineage.json\n"


def test_a_notice_that_names_another_is_shown_for_review(
    builder: ModuleType, wheel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = tmp_path / "overrides.json"
    overrides.write_text(json.dumps(OVERRIDES), "utf-8")
    builder.main(
        ["--wheel", str(wheel), "--overrides", str(overrides), "--output", str(tmp_path), "--review"]
    )
    assert capsys.readouterr().out == "linked: zhipu; notices name upstage\n"
    assert not (tmp_path / "lineage.json").exists()


@pytest.mark.parametrize(
    ("section", "content", "message"),
    [
        (
            "families",
            {"gone": {"organisation": None, "verified": False, "reason": "-"}},
            "no model folder gone",
        ),
        (
            "families",
            {"acme": {"organisation": "nobody", "verified": False, "reason": "-"}},
            "no organisation nobody",
        ),
        (
            "families",
            {"linked": {"organisation": "zhipu", "verified": True, "reason": "-"}},
            "linked: no notice names zhipu",
        ),
        ("additions", {"gone": {}}, "no model folder gone"),
    ],
)
def test_an_override_for_nothing_is_refused(
    builder: ModuleType, wheel: Path, section: str, content: dict[str, Any], message: str
) -> None:
    from aibom.catalog import shipped_organisations

    with pytest.raises(SystemExit, match=message):
        builder.build(wheel, OVERRIDES | {section: content}, shipped_organisations())


def test_the_shipped_lineage_is_of_the_pinned_wheel(builder: ModuleType) -> None:
    header = json.loads((builder.DATA / "lineage.json").read_bytes())["header"]
    assert (header["version"], header["sha256"]) == (builder.PIN.version, builder.PIN.sha256)


def test_a_wheel_that_is_not_the_pinned_one_is_refused(
    builder: ModuleType, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pinned

    monkeypatch.setattr(pinned.subprocess, "run", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="not the pinned one"):
        pinned.fetch(pinned.Pin("transformers", "9.8.7", "0" * 64), wheel.parent)
