"""The builder of what other libraries add to the lineage, on wheels of the tests' own."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import build_registries

VLLM = {
    "vllm/model_executor/models/registry.py": (
        '_TEXT_MODELS = {"AcmeForCausalLM": ("acme", "X"), "LlamaForCausalLM": ("llama", "Y"),\n'
        ' "OtherForCausalLM": ("other", "Z"), "Acme3MTP": ("acme", "X")}\n'
        '_SPECULATIVE_MODELS = {"AcmeDrafter": ("acme", "X")}\n'
    ),
    "vllm/model_executor/models/acme.py": "# see https://huggingface.co/upstage/Acme-1B\n",
    "vllm/model_executor/models/other.py": (
        "# Copyright 2025 The Qwen team.\n# from https://huggingface.co/Qwen/Qwen2-7B\n"
    ),
    "vllm/transformers_utils/configs/acme.py": 'class AcmeTextConfig:\n    model_type = "acme_text"\n',
}
SGLANG = {
    "sglang/srt/models/told.py": "EntryClass = [ToldForCausalLM, OtherForCausalLM]\n",
    "sglang/srt/configs/generic.py": 'class VisionConfig:\n    model_type = "vision"\n',
}
DIFFUSERS = {
    "diffusers/models/net.py": (
        "# Copyright 2025 Upstage.\nclass OneNet(ModelMixin): ...\n"
        "class SharedNet(ModelMixin): ...\nclass Piece(nn.Module): ...\n"
    ),
    "diffusers/pipelines/p.py": (
        "class P:\n    '''P.from_pretrained(\"Qwen/Own-Image\")'''\n"
        "    def __init__(self, net: SharedNet): ...\n"
    ),
}
TIMM = {
    "timm/models/vit.py": (
        "@register_model\ndef vit_siglip_9(): ...\n@register_model\ndef odd_9(): ...\ndef no_9(): ...\n"
    )
}
OVERRIDES: dict[str, Any] = {
    "engines": {
        "page": {"reason": "listed", "checkpoints": {"ToldForCausalLM": "zai-org/Told"}},
        "known": {"reason": "known", "checkpoints": {}},
        "organisations": {},
        "generic": {"names": ["vision"], "reason": "a word"},
    },
    "diffusers": {},
    "timm": [{"names": "vit_siglip.*", "family": "siglip"}],
}


def wheel(folder: Path, name: str, members: Mapping[str, str]) -> str:
    path = folder / f"{name}-1.2.3-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return str(path)


def built(folder: Path, overrides: dict[str, Any] = OVERRIDES) -> dict[str, dict[str, Any]]:
    """The families of each library, by model type."""
    (folder / "overrides.json").write_text(json.dumps(overrides), "utf-8")
    arguments = ["--overrides", str(folder / "overrides.json"), "--output", str(folder)]
    for name, members in (("vllm", VLLM), ("sglang", SGLANG), ("diffusers", DIFFUSERS), ("timm", TIMM)):
        arguments += [f"--{name}", wheel(folder, name, members)]
    assert build_registries.main(arguments) == 0
    return {
        name: {
            row["model_type"]: row
            for row in json.loads((folder / f"lineage_{name}.json").read_bytes())["families"]
        }
        for name in ("vllm", "sglang", "diffusers", "timm")
    }


def test_a_link_of_the_classs_own_name_tells_the_developer_and_another_links_nobody(tmp_path: Path) -> None:
    found = built(tmp_path)["vllm"]
    assert found.keys() == {"acme_text", "OtherForCausalLM"}
    assert found["acme_text"]["classes"] == ["AcmeForCausalLM", "AcmeTextConfig"]
    assert found["acme_text"]["organisation"] == "upstage"
    assert "organisation" not in found["OtherForCausalLM"]


def test_a_later_library_adds_what_is_not_known_and_generic_types_are_left_out(tmp_path: Path) -> None:
    found = built(tmp_path)["sglang"]
    assert {name: row["organisation"] for name, row in found.items()} == {"ToldForCausalLM": "zhipu"}
    assert found["ToldForCausalLM"]["basis"] == "override (unverified): listed"


def test_notices_and_checkpoints_that_disagree_name_nobody(tmp_path: Path) -> None:
    found = built(tmp_path)["diffusers"]
    assert {name: row.get("organisation") for name, row in found.items()} == {
        "OneNet": "upstage",
        "SharedNet": None,
    }


def test_models_of_timm_join_a_family_or_their_module(tmp_path: Path) -> None:
    found = built(tmp_path)["timm"]
    assert {name: row["networks"] for name, row in found.items()} == {
        "siglip": ["vit_siglip_9"],
        "timm/vit": ["odd_9"],
    }


@pytest.mark.parametrize(
    ("section", "content", "message"),
    [
        ("diffusers", {"Gone": {"organisation": None, "reason": "-"}}, "nothing is called Gone"),
        ("diffusers", {"OneNet": {"organisation": "nobody", "reason": "-"}}, "no organisation nobody"),
        ("timm", [{"names": "vit_.*", "family": "nothing"}], "no family nothing"),
    ],
)
def test_an_override_for_nothing_is_refused(tmp_path: Path, section: str, content: Any, message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        built(tmp_path, OVERRIDES | {section: content})


def test_the_shipped_files_are_of_the_pinned_wheels() -> None:
    for name, pin in build_registries.PINS.items():
        header = json.loads((build_registries.DATA / f"lineage_{name}.json").read_bytes())["header"]
        assert (header["version"], header["sha256"]) == (pin.version, pin.sha256)
