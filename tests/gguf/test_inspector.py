"""What the inspector says of GGUF files in the shape that llama.cpp and others write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import aibom
from aibom.model import (
    CardFacts,
    Dataset,
    Declaration,
    DeclarationKind,
    Depth,
    Licence,
    Locator,
    Observation,
    Part,
    Role,
    Severity,
    Unknown,
)
from aibom.spi import Inspector
from aibom.testing import MemoryView, inspect
from aibom_gguf import GgufInspector
from tests.builders.gguf import Row, decoder, gguf
from tests.builders.lfs import pointer
from tests.gguf.written import written

QWEN = {"general.architecture": "qwen2", "general.name": "Toy", "qwen2.block_count": 2}


def emitted(kind: type[Any], contents: dict[str, bytes], *, depth: Depth = Depth.HEADERS) -> list[Any]:
    view = MemoryView(contents, depth=depth)
    return [item for item in inspect(GgufInspector(), view) if isinstance(item, kind)]


def parts(contents: dict[str, bytes]) -> dict[str, Part]:
    return {part.id: part for part in emitted(Part, contents)}


def roles(names: list[str], architecture: str = "llama", **metadata: object) -> dict[str, str]:
    rows = [Row(name, (32,)) for name in names]
    file = gguf({"general.architecture": architecture, **metadata}, rows)  # type: ignore[dict-item]
    found = parts({"m.gguf": file})
    assert sum(part.parameters or 0 for part in found.values()) == 32 * len(names)
    return {part.locators[0].key or "": ident for ident, part in found.items()} | {
        "count": str(len(found)),
    }


def card(contents: dict[str, bytes]) -> CardFacts:
    return emitted(CardFacts, contents)[0]


def fact(facts: CardFacts, name: str) -> object:
    return next((item.value for item in facts.facts if item.name == name), None)


def test_it_is_an_inspector() -> None:
    assert isinstance(GgufInspector(), Inspector)


def test_other_files_give_nothing() -> None:
    assert inspect(GgufInspector(), MemoryView({"config.json": b"{}", "m.ggml": b"x"})) == []


def test_a_dense_language_model() -> None:
    metadata = {
        **QWEN,
        "general.file_type": 7,
        "qwen2.attention.head_count": 4,
        "qwen2.rope.freq_base": 1e6,
        "general.quantization_version": 2,
    }
    file = gguf(metadata, decoder())
    found = parts({"m.gguf": file})
    assert {ident: (part.parameters, part.tensors) for ident, part in found.items()} == {
        "decoder-core": (2 * (64 + 7 * 64 * 64) + 64, 17),
        "embedding": (96 * 64, 1),
        "head": (96 * 64, 1),
    }
    core = found["decoder-core"]
    assert core.dtypes == (("Q8_0", 2 * 7 * 64 * 64), ("F32", 3 * 64))
    assert (core.present, core.declared, core.alternative, core.files) == (True, False, False, ("m.gguf",))
    assert core.fact("gguf_architecture") == "qwen2"
    assert core.fact("hyperparameter:attention.head_count") == 4
    assert core.fact("hyperparameter:rope.freq_base") == 1e6
    place = core.locators[0]
    assert place.key == "blk.0.attn_k.weight" and place.length == 64 * 2 * 34
    whole = card({"m.gguf": file})
    assert (whole.title, whole.architecture_family, whole.library) == ("Toy", "qwen2", "gguf")
    assert fact(whole, "quantisation") == "Q8_0"
    assert fact(whole, "tensor_types") == f"Q8_0 {2 * 7 * 64 * 64 + 2 * 96 * 64}, F32 192"
    assert fact(whole, "quantization_version") == 2


def test_no_family_is_drawn_from_the_architecture() -> None:
    """The converter writes qwen2 for KORMo, glm4moe for Solar Open, llama for Mistral."""
    for architecture in ("llama", "qwen2", "glm4moe", "deepseek2", "gemma3", "clip"):
        file = gguf({"general.architecture": architecture}, decoder())
        assert emitted(Declaration, {"m.gguf": file}) == []


def test_a_model_without_output_layer_ties_it_to_the_embedding() -> None:
    rows = [row for row in decoder() if row.name != "output.weight"]
    found = parts({"m.gguf": gguf(QWEN, rows)})
    assert found["embedding"].fact("tied_head") is True and "head" not in found


def test_a_sparse_model_with_a_layer_that_predicts_further() -> None:
    names = [
        "token_embd.weight",
        "blk.0.attn_q.weight",
        "blk.0.ffn_gate_inp.weight",
        "blk.0.exp_probs_b.bias",
        "blk.0.ffn_gate_exps.weight",
        "blk.0.ffn_up_shexp.weight",
        "blk.0.ffn_down.7.weight",
        "blk.0.ffn_down.weight",
        "blk.1.nextn.eh_proj.weight",
        "blk.1.attn_q.weight",
        "blk.1.ffn_gate_exps.weight",
        "blk.10.attn_q.weight",
    ]
    found = parts({"m.gguf": gguf({"general.architecture": "glm4moe"}, [Row(name, (32,)) for name in names])})
    assert {ident: part.tensors for ident, part in found.items()} == {
        "decoder-core": 3,
        "embedding": 1,
        "experts": 3,
        "head-mtp": 3,
        "router": 2,
    }
    assert found["head-mtp"].role is Role.HEAD


@pytest.mark.parametrize(
    ("architecture", "names", "expected"),
    [
        ("bert", ["token_embd.weight", "token_types.weight", "blk.0.attn_q.weight"], "text-encoder"),
        ("jina-bert-v3", ["blk.0.attn_qkv.weight", "cls.weight"], "text-encoder"),
        ("t5encoder", ["enc.blk.0.attn_q.weight", "enc.output_norm.weight"], "text-encoder"),
        ("mamba", ["blk.0.ssm_in.weight", "output_norm.weight", "rope_freqs.weight"], "decoder-core"),
        ("flux", ["double_blocks.0.img_attn.qkv.weight", "img_in.weight"], "denoiser"),
        ("wavtokenizer-dec", ["convnext.0.dw.weight", "output.weight", "token_embd.weight"], "vocoder"),
        ("llama", ["blk.0.attn_q.weight", "something.weight"], "other"),
    ],
)
def test_the_trunk_follows_the_architecture(architecture: str, names: list[str], expected: str) -> None:
    found = roles(names, architecture)
    assert expected in found.values()


def test_an_encoder_with_attention_both_ways_and_pooling() -> None:
    metadata = {"qwen3.attention.causal": False, "qwen3.pooling_type": 1}
    assert "text-encoder" in roles(["blk.0.attn_q.weight"], "qwen3", **metadata).values()
    diffusion = {"dream.attention.causal": False}
    assert "decoder-core" in roles(["blk.0.attn_q.weight"], "dream", **diffusion).values()


def test_an_encoder_decoder() -> None:
    found = roles(["enc.blk.0.attn_q.weight", "dec.blk.0.attn_q.weight", "token_embd.weight"], "t5")
    assert sorted(found.values()) == ["3", "decoder-core", "embedding", "text-encoder"]


def test_a_projector_file_of_vision_and_audio() -> None:
    rows = [
        Row("v.patch_embd.weight", (16, 3, 14, 14), "F16"),
        Row("v.blk.0.attn_q.weight", (64, 64), "F16"),
        Row("v.deepstack.0.fc1.weight", (64, 64), "F16"),
        Row("mm.0.weight", (64, 64), "F16"),
        Row("a.blk.0.attn_q.weight", (64, 64), "F16"),
        Row("mm.a.mlp.1.weight", (64, 64), "F16"),
    ]
    metadata = {
        "general.architecture": "clip",
        "clip.has_vision_encoder": True,
        "clip.projector_type": "qwen2.5vl_merger",
        "clip.vision.block_count": 1,
        "clip.vision.projector.scale_factor": 2,
        "clip.audio.block_count": 3,
    }
    found = parts({"mmproj-F16.gguf": gguf(metadata, rows)})
    assert {ident: part.tensors for ident, part in found.items()} == {
        "vision-encoder": 2,
        "projector": 2,
        "audio-encoder": 1,
        "projector-audio": 1,
    }
    assert found["vision-encoder"].fact("hyperparameter:block_count") == 1
    assert found["audio-encoder"].fact("hyperparameter:block_count") == 3
    assert found["projector"].fact("hyperparameter:projector.scale_factor") == 2
    assert found["projector"].fact("hyperparameter:projector_type") == "qwen2.5vl_merger"
    assert found["vision-encoder"].fact("hyperparameter:projector_type") is None
    assert found["vision-encoder"].fact("hyperparameter:has_vision_encoder") is True


def test_an_adapter() -> None:
    metadata = {"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}
    rows = [Row("blk.0.attn_q.weight.lora_a", (4, 32)), Row("blk.0.attn_q.weight.lora_b", (32, 4))]
    assert [(p.id, p.parameters) for p in parts({"l.gguf": gguf(metadata, rows)}).values()] == [
        ("adapter", 256)
    ]


def test_an_importance_matrix_is_no_model() -> None:
    metadata = {"general.type": "imatrix", "imatrix.datasets": ["calibration.txt"]}
    contents = {"imatrix.gguf": gguf(metadata, [Row("blk.0.attn_q.weight.in_sum2", (32,))])}
    (dataset,) = inspect(GgufInspector(), MemoryView(contents))
    assert isinstance(dataset, Dataset) and (dataset.name, dataset.purpose) == (
        "calibration.txt",
        "calibration",
    )


def test_tokenizer_and_templates() -> None:
    metadata = {
        **QWEN,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": ["a", "b", "ab", "<|end|>"],
        "tokenizer.ggml.token_type": [1, 1, 1, 3],
        "tokenizer.ggml.merges": ["a b"],
        "tokenizer.ggml.eos_token_id": 3,
        "tokenizer.chat_template": "{% if enable_thinking %}<think>{% endif %}",
        "tokenizer.chat_template.tool_use": "{% for tool in tools %}{{ tool }}{% endfor %}",
        "tokenizer.chat_template.same": "{% if enable_thinking %}<think>{% endif %}\n",
    }
    found = parts({"m.gguf": gguf(metadata, decoder())})
    tokenizer = found["tokenizer"]
    assert (tokenizer.role, tokenizer.present) == (Role.TOKENIZER, True)
    assert tokenizer.fact("vocabulary_size") == 4 and tokenizer.fact("added_tokens") == 1
    assert tokenizer.fact("eos_token") == "<|end|>" and tokenizer.fact("digest")
    default, named = found["chat-template"], found["chat-template-tool-use"]
    assert default.fact("reasoning") is True and default.fact("tool_calls") is False
    assert named.fact("tool_calls") is True
    assert "chat-template-same" not in found
    assert default.locators == (Locator("m.gguf", key="tokenizer.chat_template"),)


def test_a_broken_tokenizer_leaves_the_rest() -> None:
    metadata = {**QWEN, "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.tokens": [1, 2]}
    contents = {"m.gguf": gguf(metadata, decoder())}
    assert set(parts(contents)) == {"decoder-core", "embedding", "head"}
    assert "where strings should be" in emitted(Unknown, contents)[0].reason


def test_parents_licence_datasets_and_languages() -> None:
    metadata = {
        **QWEN,
        "general.base_model.count": 3,
        "general.base_model.0.name": "Qwen2 7B",
        "general.base_model.0.organization": "Qwen",
        "general.base_model.0.repo_url": "https://huggingface.co/Qwen/Qwen2-7B",
        "general.base_model.1.name": "Some Model",
        "general.base_model.1.repo_url": "https://example.org/some/model",
        "general.base_model.2.author": "nobody",
        "general.source.huggingface.repository": "someone/toy",
        "general.quantized_by": "someone",
        "general.license": "other",
        "general.license.name": "llama3.1",
        "general.license.link": "https://example.org",
        "general.dataset.0.repo_url": "https://huggingface.co/datasets/allenai/c4",
        "general.datasets": ["a/b", "plain"],
        "quantize.imatrix.dataset": "calibration.txt",
        "general.languages": ["ko", "en"],
        "general.tags": ["text-generation", "base_model:finetune:Qwen/Qwen2-7B"],
        "general.organization": "Toy Inc\x1b[31m",
    }
    contents = {"m.gguf": gguf(metadata, decoder())}
    assert [(d.kind, d.value, d.relation, d.locator.key) for d in emitted(Declaration, contents)] == [
        (DeclarationKind.BASE_MODEL, "Qwen/Qwen2-7B", "finetune", "general.base_model.0.repo_url"),
        (DeclarationKind.BASE_MODEL, "Some Model", None, "general.base_model.1.name"),
        (DeclarationKind.BASE_MODEL, "someone/toy", "quantized", "general.source.huggingface.repository"),
    ]
    (licence,) = emitted(Licence, contents)
    assert (licence.name, licence.expression) == ("llama3.1", "LicenseRef-llama3.1")
    assert [(d.name, d.ident, d.purpose) for d in emitted(Dataset, contents)] == [
        ("allenai/c4", "allenai/c4", "training"),
        ("a/b", "a/b", "training"),
        ("plain", None, "training"),
        ("calibration.txt", None, "calibration"),
    ]
    whole = card(contents)
    assert whole.languages == ("ko", "en")
    assert fact(whole, "organization") == "Toy Inc"
    assert fact(whole, "base_model.0.organization") == "Qwen"


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"general.license": "apache-2.0"}, ("apache-2.0", "Apache-2.0")),
        ({"general.license.name": "own words"}, ("own words", None)),
        ({"general.license.link": "https://example.org/l"}, ("https://example.org/l", None)),
    ],
)
def test_licences(metadata: dict[str, object], expected: tuple[str, str | None]) -> None:
    (licence,) = emitted(Licence, {"m.gguf": gguf(metadata)})  # type: ignore[arg-type]
    assert (licence.name, licence.expression) == expected


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://huggingface.co/Qwen/Qwen2-7B/", "Qwen/Qwen2-7B"),
        ("https://hf.co/Qwen/Qwen2-7B.git", "Qwen/Qwen2-7B"),
        ("https://huggingface.co/Qwen/Qwen2-7B/tree/main", "Qwen/Qwen2-7B"),
        ("https://huggingface.co/Qwen", "Name"),
        ("https://huggingface.co/../..", "Name"),
        ("https://huggingface.co.evil.org/Qwen/Qwen2-7B", "Name"),
    ],
)
def test_a_parent_is_a_hub_id_only_where_its_address_is_on_the_hub(url: str, value: str) -> None:
    metadata = {"general.base_model.0.name": "Name", "general.base_model.0.repo_url": url}
    (found,) = emitted(Declaration, {"m.gguf": gguf(metadata)})
    assert (found.value, found.relation) == (value, None)


def test_quantisations_of_one_model_are_alternatives_of_the_largest() -> None:
    parent = {"general.base_model.0.repo_url": "https://huggingface.co/a/b"}
    contents = {
        "toy-Q4_0.gguf": gguf({**QWEN, **parent, "general.file_type": 2}, decoder(type="Q4_0")),
        "toy-F16.gguf": gguf({**QWEN, **parent, "general.file_type": 1}, decoder(type="F16")),
        "draft.gguf": gguf({**QWEN, "general.name": "Draft"}, decoder(layers=1)),
        "mmproj.gguf": gguf({"general.architecture": "clip"}, [Row("mm.0.weight", (32,))]),
    }
    found = parts(contents)
    assert [(ident, part.alternative) for ident, part in found.items() if part.role is Role.DECODER_CORE] == [
        ("decoder-core", False),
        ("toy-q4-0.decoder-core", True),
        ("draft.decoder-core", False),
    ]
    assert found["decoder-core"].files == ("toy-F16.gguf",)
    assert found["projector"].alternative is False
    assert len(emitted(Declaration, contents)) == 1
    told = [
        item.value for c in emitted(CardFacts, contents) for item in c.facts if item.name == "quantisation"
    ]
    assert told == ["Q4_0", "Q8_0"]


def shards(count: int = 3, **changes: object) -> dict[str, bytes]:
    rows = decoder()
    files = {}
    for number in range(count):
        metadata = {"split.no": number, "split.count": count, "split.tensors.count": len(rows)}
        metadata |= QWEN if number == 0 else {}
        own = rows[number::count]
        name = f"Q8_0/toy-{number + 1:05d}-of-{count:05d}.gguf"
        files[name] = gguf({**metadata, **changes}, own)  # type: ignore[dict-item]
    return files


def test_a_split_model_is_one() -> None:
    files = shards()
    view = MemoryView(files)
    found = {part.id: part for part in inspect(GgufInspector(), view) if isinstance(part, Part)}
    one = parts({"m.gguf": gguf(QWEN, decoder())})
    assert {i: (p.parameters, p.dtypes) for i, p in found.items()} == {
        i: (p.parameters, p.dtypes) for i, p in one.items()
    }
    assert found["decoder-core"].files == tuple(files)
    assert emitted(Observation, files) == []
    assert [length for _, _, length in view.reads[1:]] == [16_384, 16_384]


def test_shards_that_are_missing_broken_or_of_another_set() -> None:
    files = shards()
    first, second, third = files
    (missing,) = emitted(Observation, {first: files[first], third: files[third]})
    assert (missing.rule, missing.severity) == ("gguf.missing-shard", Severity.MEDIUM)
    assert missing.statement == "1 of the 3 files that Q8_0/toy is split into are not there."
    broken = {**files, second: b"GGUF"}
    assert [unknown.path for unknown in emitted(Unknown, broken)] == [second]
    mixed = {**files, third: gguf({"split.no": 5, "split.count": 9}, [Row("x", (32,))])}
    statements = [item.statement for item in emitted(Observation, mixed)]
    assert len(statements) == 3
    assert any("one of 9 by its metadata and of 3 by its name" in said for said in statements)
    assert any("number 6 by its metadata and 3 by its name" in said for said in statements)
    assert any(said.startswith("19 tensors are promised and") for said in statements)


def test_broken_laws_and_false_labels_are_observed() -> None:
    malformed = {"m.gguf": gguf(QWEN, [Row("a", (32,)), Row("b", (32,), offset=0)])}
    (problem,) = emitted(Observation, malformed)
    assert (problem.rule, problem.statement) == (
        "gguf.malformed",
        "m.gguf: tensor b overlaps the one before it.",
    )
    (label,) = emitted(Observation, {"m.gguf": gguf({**QWEN, "general.file_type": 1}, decoder())})
    assert label.rule == "gguf.file-type-mismatch"
    assert label.statement == "m.gguf calls its type F16; 100% of its elements are Q8_0."


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("m.gguf", b"GGML", "does not begin with GGUF"),
        ("m.gguf", pointer(99), "Git-LFS pointer"),
        ("m.gguf", gguf(counts=(2**40, 0)), "limit: tensors"),
        ("m.gguf-split-a", b"x", "a piece of a GGUF file"),
        ("m.gguf.part1of2", b"x", "a piece of a GGUF file"),
    ],
)
def test_what_cannot_be_read_is_unknown(name: str, data: bytes, reason: str) -> None:
    (unknown,) = inspect(GgufInspector(), MemoryView({name: data}))
    assert isinstance(unknown, Unknown) and reason in unknown.reason and unknown.path == name


def test_nothing_is_read_at_depth_metadata() -> None:
    view = MemoryView({"m.gguf": gguf(QWEN, decoder())}, depth=Depth.METADATA)
    (unknown,) = inspect(GgufInspector(), view)
    assert isinstance(unknown, Unknown) and view.reads == []


def test_a_file_of_the_gguf_package_end_to_end(tmp_path: Path) -> None:
    def fill(writer: Any) -> None:
        import numpy as np

        writer.add_name("Toy 1M")
        writer.add_license("mit")
        writer.add_block_count(1)
        writer.add_base_model_count(1)
        writer.add_base_model_name(0, "Qwen2 0.5B")
        writer.add_base_model_repo_url(0, "https://huggingface.co/Qwen/Qwen2-0.5B")
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(["a", "b"])
        writer.add_chat_template("{{ messages }}<think>")
        for name, shape in (("token_embd", (8, 4)), ("blk.0.attn_q", (4, 4)), ("output", (8, 4))):
            writer.add_tensor(f"{name}.weight", np.ones(shape, dtype=np.float32))

    report = aibom.generate(str(written(tmp_path, "toy.gguf", fill, arch="qwen2")), offline=True)
    assert {part.id: part.parameters for part in report.parts} == {
        "decoder-core": 16,
        "embedding": 32,
        "head": 32,
        "tokenizer": None,
        "chat-template": None,
    }
    named = [finding for finding in report.findings if finding.rule == "declared.base-model"]
    assert named[0].statement.startswith("The repository names Qwen/Qwen2-0.5B of Alibaba")
    assert not [finding for finding in report.findings if finding.rule.startswith("declared.model-type")]
    document = report.to_cyclonedx(reproducible=True)
    assert document["metadata"]["component"]["type"] == "machine-learning-model"
    assert document == report.to_cyclonedx(reproducible=True)


def test_hostile_words_pass_through_to_a_sound_document(tmp_path: Path) -> None:
    evil = "\x1b[31m<script>\u202e../../etc\n"
    words = "name author organization version description license url repo_url source.repo_url"
    metadata: dict[str, object] = {
        **{f"general.{word}": evil for word in words.split()},
        "general.architecture": evil,
        "general.languages": [evil, ""],
        "general.tags": [evil, "x" * 5000],
        "general.datasets": [evil, "../x"],
        "general.base_model.0.name": evil,
        "tokenizer.ggml.model": evil,
        "tokenizer.ggml.tokens": [evil, "\x00"],
        "tokenizer.ggml.bos_token_id": 0,
        f"tokenizer.chat_template.{evil}": evil,
        f"{evil}.block_count": 1,
    }
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf(metadata, [Row(evil, (4,)), Row(f"blk.0.{evil}", (4,))]))  # type: ignore[arg-type]
    report = aibom.generate(str(path), offline=True)
    text = json.dumps(
        [report.to_cyclonedx("1.6"), report.to_cyclonedx(), report.to_json()], ensure_ascii=False
    )
    assert "\x1b" not in text and "\u202e" not in text and "\\u0000" not in text
    assert {part.id for part in report.parts} >= {"decoder-core", "other", "tokenizer"}
