"""What the inspector says of graphs in the shape that exporters write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aibom.model import (
    CardFacts,
    Declaration,
    DeclarationKind,
    Depth,
    Licence,
    Observation,
    Part,
    Role,
    Severity,
    Signal,
    Unknown,
)
from aibom.spi import Inspector
from aibom.testing import MemoryView, inspect
from aibom_onnx import OnnxInspector
from tests.builders import onnx as build
from tests.onnx import graphs


def emitted(kind: type[Any], contents: dict[str, bytes], *, depth: Depth = Depth.HEADERS) -> list[Any]:
    view = MemoryView(contents, depth=depth)
    return [item for item in inspect(OnnxInspector(), view) if isinstance(item, kind)]


def parts(contents: dict[str, bytes]) -> dict[str, Part]:
    return {part.id: part for part in emitted(Part, contents)}


def rules(part: Part) -> list[object]:
    return [fact.value for fact in part.facts if fact.name == "rule"]


def test_it_is_an_inspector() -> None:
    assert isinstance(OnnxInspector(), Inspector)


def test_no_onnx_file_gives_nothing() -> None:
    assert inspect(OnnxInspector(), MemoryView({"config.json": b"{}"})) == []


def test_a_text_classifier() -> None:
    found = parts({"model.onnx": graphs.encoder()})
    assert {ident: part.parameters for ident, part in found.items()} == {
        "text-encoder": 2 * (64 + 8),
        "embedding": 600 * 8,
        "head": 18,
    }
    encoder = found["text-encoder"]
    assert (encoder.fact("layers"), encoder.fact("attention_blocks")) == (2, 2)
    assert encoder.fact("exporter") == "torch.onnx (TorchScript)"
    assert encoder.fact("producer") == "pytorch 2.4.0"
    assert encoder.fact("opset") == "ai.onnx 17"
    assert encoder.fact("inputs") == "input_ids INT64[batch,sequence]"
    assert encoder.fact("weights") == "inside"
    assert str(encoder.fact("operators")).startswith("MatMul 5")
    assert encoder.dtypes == (("FLOAT", 144),)
    assert rules(encoder) == ["onnx.text-input"]
    assert rules(found["embedding"]) == ["onnx.scope-embedding"]
    assert rules(found["head"]) == ["onnx.scope-head"]
    assert all(part.present and not part.declared and not part.alternative for part in found.values())


def test_tensors_without_a_name_are_placed_by_the_node_that_uses_them() -> None:
    named = parts({"model.onnx": graphs.encoder(anonymous=False)})
    unnamed = parts({"model.onnx": graphs.encoder(anonymous=True)})
    assert {i: p.parameters for i, p in named.items()} == {i: p.parameters for i, p in unnamed.items()}
    assert unnamed["text-encoder"].fact("layers") == 2


def test_a_locator_points_at_the_data() -> None:
    data = graphs.encoder()
    locator = parts({"model.onnx": data})["embedding"].locators[0]
    assert (locator.path, locator.key) == ("model.onnx", "bert.embeddings.word_embeddings.weight")
    assert (locator.length, data[locator.offset : (locator.offset or 0) + 8]) == (600 * 8 * 4, bytes(8))


GENAI = {
    "model": {
        "type": "phi3",
        "vocab_size": 32064,
        "context_length": 4096,
        "decoder": {"filename": "model.onnx", "num_hidden_layers": 1, "hidden_size": 32},
        "vision": {"filename": "vision.onnx"},
        "speech": {"filename": "../speech.onnx"},
    }
}


def test_a_genai_decoder() -> None:
    contents = {
        "genai_config.json": json.dumps(GENAI).encode(),
        "model.onnx": graphs.genai_decoder(),
        "model.onnx.data": bytes(600 * 32 * 4),
    }
    found = parts(contents)
    core = found["decoder-core"]
    assert rules(core) == ["onnx.genai-config"]
    assert (core.declared, core.parameters, core.fact("attention_blocks")) == (True, 32 * 16 + 32, 1)
    assert core.fact("custom_domains") == "com.microsoft"
    assert core.fact("quantisation") == "MatMulNBits 4-bit, blocks of 32, UINT8"
    assert core.fact("packed_weights") == 2 * 32 * 32
    assert core.fact("exporter") == "onnxruntime-genai model builder"
    assert found["embedding"].files == ("model.onnx", "model.onnx.data")
    assert found["embedding"].fact("weights") == "external: model.onnx.data"
    assert found["head"].parameters == 32 * 16 + 32
    assert found["vision.vision-encoder"].declared
    assert not found["vision.vision-encoder"].present
    assert len(found) == 4
    (declared,) = emitted(Declaration, contents)
    assert (declared.kind, declared.value) == (DeclarationKind.MODEL_TYPE, "phi3")
    assert declared.part == "decoder-core", "a type says nothing of the encoder beside the decoder"
    assert not found["embedding"].declared
    facts = {fact.name: fact.value for card in emitted(CardFacts, contents) for fact in card.facts}
    assert facts["hyperparameter:vocab_size"] == 32064
    assert facts["hyperparameter:num_hidden_layers"] == 1
    assert emitted(Observation, contents) == []


def test_the_type_of_a_lone_decoder_is_that_of_the_model() -> None:
    config = {"model": {"type": "llama", "decoder": {"filename": "model.onnx"}}}
    contents = {"genai_config.json": json.dumps(config).encode(), "model.onnx": graphs.genai_decoder()}
    (declared,) = emitted(Declaration, contents)
    assert (declared.value, declared.part) == ("llama", None)


def test_a_decoder_in_stages_is_found() -> None:
    stages = [
        {"embedding": {"filename": "a.onnx"}, "core": {"filename": "b.onnx"}},
        {"head": {"filename": "../c.onnx"}},
    ]
    config = {"model": {"type": "phi3", "decoder": {"pipeline": stages}}}
    contents = {"x/genai_config.json": json.dumps(config).encode()}
    assert {part.id for part in emitted(Part, contents)} == {"a.decoder-core", "b.decoder-core"}


@pytest.mark.parametrize(
    "config", ["[]", "{}", '{"model": 1}', '{"model": {"decoder": {"pipeline": [1, {"a": 2}]}}}']
)
def test_odd_configurations_say_nothing(config: str) -> None:
    assert emitted(object, {"genai_config.json": config.encode()}) == []


def test_a_decoder_is_known_by_its_cache_alone() -> None:
    core = parts({"model.onnx": graphs.genai_decoder()})["decoder-core"]
    assert rules(core) == ["onnx.key-value-cache"]
    assert not core.declared


def test_two_towers_are_two_parts() -> None:
    found = parts({"model.onnx": graphs.two_towers()})
    assert {ident: part.parameters for ident, part in found.items()} == {
        "text-encoder": 600 * 8 + 1,
        "vision-encoder": 8 * 48 + 64,
        "projector": 64,
    }


@pytest.mark.parametrize(
    ("inputs", "outputs", "role", "rule"),
    [
        ({"pixel_values": ("FLOAT", [1, 3, 8, 8])}, ("hidden",), Role.VISION_ENCODER, "onnx.image-input"),
        ({"input_features": ("FLOAT", [1, 80, 9])}, ("hidden",), Role.AUDIO_ENCODER, "onnx.audio-input"),
        ({"x": ("FLOAT", [1, 9]), "sr": ("INT64", [])}, ("y",), Role.AUDIO_ENCODER, "onnx.sample-rate-input"),
        (
            {"sample": ("FLOAT", [1, 4]), "timestep": ("INT64", [])},
            ("y",), Role.DENOISER, "onnx.timestep-input",
        ),
        ({"latent_sample": ("FLOAT", [1, 4])}, ("sample",), Role.VAE, "onnx.latent-sample"),
        ({"spectrogram": ("FLOAT", [1, 4])}, ("waveform",), Role.VOCODER, "onnx.waveform-output"),
        (
            {"input_ids": ("INT64", [1, 4]), "encoder_hidden_states": ("FLOAT", [1, 4])},
            ("hidden_states",), Role.DECODER_CORE, "onnx.cross-attention-input",
        ),
        ({"mystery": ("FLOAT", [1, 4])}, ("hidden_states",), Role.OTHER, "onnx.no-rule"),
    ],
)  # fmt: skip
def test_a_role_is_read_from_inputs_and_outputs(
    inputs: dict[str, Any], outputs: tuple[str, ...], role: Role, rule: str
) -> None:
    found = parts({"model.onnx": graphs.one_linear(inputs, outputs=outputs)})
    assert (found[role.value].role, rules(found[role.value])) == (role, [rule])


def test_a_graph_that_only_gathers_is_an_embedding() -> None:
    nodes = [build.node("Gather", ["model.embed.weight", "input_ids"], ["inputs_embeds"])]
    body = build.graph(
        nodes,
        inputs={"input_ids": ("INT64", ["b", "s"])},
        outputs={"inputs_embeds": ("FLOAT", ["b", "s", 4])},
        initialisers=[build.tensor("model.embed.weight", (700, 4), dtype="FLOAT16")],
    )
    found = parts({"embed_tokens.onnx": build.model(body)})
    assert list(found) == ["embedding"]
    assert rules(found["embedding"]) == ["onnx.gathered-matrix"]


def test_a_tied_head_is_told() -> None:
    nodes = [
        build.node("Gather", ["shared", "input_ids"], ["h"]),
        build.node("MatMul", ["h", "w"], ["i"]),
        build.node("Transpose", ["shared"], ["turned"], perm=[1, 0]),
        build.node("MatMul", ["i", "turned"], ["logits"]),
    ]
    body = build.graph(
        nodes,
        inputs={"input_ids": ("INT64", ["s"])},
        outputs={"logits": ("FLOAT", ["s", 700])},
        initialisers=[build.tensor("shared", (700, 4)), build.tensor("w", (4, 4))],
    )
    found = parts({"model.onnx": build.model(body)})
    assert found["embedding"].fact("tied_head") is True
    assert set(found) == {"embedding", "text-encoder"}


def test_tokenizer_operators_are_a_tokenizer() -> None:
    from onnx import helper

    nodes = [
        helper.make_node(
            "BertTokenizer", ["text"], ["ids"], domain="ai.onnx.contrib", vocab_file="[PAD]\n[UNK]"
        )
    ]
    body = build.graph(nodes, inputs={"text": ("STRING", [1])}, outputs={"ids": ("INT64", ["n"])})
    found = parts({"tokenizer.onnx": build.model(body, opsets={"": 17, "ai.onnx.contrib": 1})})
    assert list(found) == ["tokenizer"]
    assert found["tokenizer"].role is Role.TOKENIZER
    assert found["tokenizer"].fact("custom_domains") == "ai.onnx.contrib"


def test_quantised_by_qdq() -> None:
    scale, zero = build.tensor("s", ()), build.tensor("z", (), dtype="INT8")
    nodes = [
        build.node("DequantizeLinear", ["model.layers.0.fc.weight", "s", "z"], ["w"]),
        build.node("MatMul", ["pixel_values", "w"], ["a"]),
        build.node("Relu", ["a"], ["hidden"]),
    ]
    body = build.graph(
        nodes,
        inputs={"pixel_values": ("FLOAT", ["n", 4])},
        outputs={"hidden": ("FLOAT", ["n", 4])},
        initialisers=[build.tensor("model.layers.0.fc.weight", (4, 4), dtype="INT8"), scale, zero],
    )
    encoder = parts({"model.onnx": build.model(body)})["vision-encoder"]
    assert encoder.fact("quantisation") == "QDQ, INT8"
    assert encoder.parameters == 18
    assert encoder.dtypes == (("INT8", 17), ("FLOAT", 1))


def test_weights_in_constant_nodes_count() -> None:
    nodes = [
        build.node("Constant", [], ["w"], value=build.tensor("", (4, 4))),
        build.node("Constant", [], ["axes"], value=build.tensor("", (5,), dtype="INT64")),
        build.node("MatMul", ["audio", "w"], ["a"]),
        build.node("ReduceSum", ["a", "axes"], ["y"]),
    ]
    body = build.graph(nodes, inputs={"audio": ("FLOAT", ["n", 4])}, outputs={"y": ("FLOAT", ["n"])})
    encoder = parts({"vad.onnx": build.model(body)})["audio-encoder"]
    assert (encoder.parameters, encoder.tensors) == (16, 1)


def traced(scope: list[str], classes: list[str], node: Any) -> Any:
    node.metadata_props.add(key="pkg.torch.onnx.name_scopes", value=repr(scope))
    node.metadata_props.add(key="pkg.torch.onnx.class_hierarchy", value=repr(classes))
    node.metadata_props.add(key="pkg.torch.onnx.stack_trace", value="File ..." * 1_000)
    return node


def test_what_pytorch_notes_beside_nodes_is_used() -> None:
    outer, tower = (
        "transformers.models.llava.modeling_llava.LlavaModel",
        "transformers.models.clip.modeling_clip.CLIPVisionModel",
    )
    linear = "torch.nn.modules.linear.Linear"
    nodes = [
        traced(["", "vision_tower", "vision_tower.layers.0", "linear"], [outer, tower, linear, "aten.linear"],
               build.node("MatMul", ["pixel_values", "val_1"], ["a"], "node_linear")),
        traced(["", "multi_modal_projector", "linear"], [outer, linear, "aten.linear"],
               build.node("MatMul", ["a", "val_2"], ["b"], "node_linear_1")),
    ]  # fmt: skip
    body = build.graph(
        nodes,
        inputs={"pixel_values": ("FLOAT", ["n", 4])},
        outputs={"b": ("FLOAT", ["n", 4])},
        initialisers=[build.tensor("val_1", (4, 4)), build.tensor("val_2", (4, 2))],
    )
    contents = {"model.onnx": build.model(body, producer_name="pytorch")}
    found = parts(contents)
    assert {ident: part.parameters for ident, part in found.items()} == {"vision-encoder": 16, "projector": 8}
    assert found["vision-encoder"].fact("exporter") == "torch.onnx (dynamo)"
    assert {(item.part, item.value, item.locator.quote) for item in emitted(Declaration, contents)} == {
        ("vision-encoder", "CLIPVisionModel", tower),
        ("projector", "LlavaModel", outer),
    }


def test_masked_attention_counts_once_a_block() -> None:
    """PyTorch guards the Softmax against rows that are all masked."""
    nodes = [
        build.node("Reshape", ["pixel_values", "shape"], ["x"]),
        build.node("Softmax", ["x"], ["p"]),
        build.node("IsNaN", ["p"], ["nan"]),
        build.node("Where", ["nan", "zero", "p"], ["q"]),
        build.node("MatMul", ["q", "x"], ["h"]),
        build.node("Softmax", ["h"], ["gates"]),
        build.node("MatMul", ["gates", "w"], ["hidden"]),
    ]
    shape, zero = build.tensor("shape", (2,), dtype="INT64"), build.tensor("zero", ())
    body = build.graph(
        nodes,
        inputs={"pixel_values": ("FLOAT", [4, 4])},
        outputs={"hidden": ("FLOAT", [4, 4])},
        initialisers=[shape, zero, build.tensor("w", (4, 4))],
    )
    assert parts({"model.onnx": build.model(body)})["vision-encoder"].fact("attention_blocks") == 1


def test_a_single_linear_map_is_no_head_without_a_trunk() -> None:
    body = build.graph(
        [build.node("MatMul", ["images", "w"], ["scores"])],
        inputs={"images": ("FLOAT", [1, 4])},
        outputs={"scores": ("FLOAT", [1, 4])},
        initialisers=[build.tensor("w", (4, 4))],
    )
    assert list(parts({"model.onnx": build.model(body)})) == ["vision-encoder"]


@pytest.mark.parametrize(
    ("producer", "exporter"),
    [
        ("tf2onnx", "tf2onnx"),
        ("skl2onnx", "skl2onnx"),
        ("optimum-onnx", "optimum"),
        ("onnx-caffe2", "onnx-caffe2"),
        ("onnx.quantize", "onnxruntime quantiser"),
        ("PaddlePaddle", "paddle2onnx"),
    ],
)
def test_exporters_are_known_by_their_name(producer: str, exporter: str) -> None:
    encoder = parts({"model.onnx": graphs.encoder(producer=producer)})["text-encoder"]
    assert (encoder.fact("exporter"), encoder.fact("exporter_rule")) == (exporter, "onnx.exporter-producer")


def test_an_unknown_exporter_is_not_guessed() -> None:
    encoder = parts({"model.onnx": graphs.encoder(producer="someone's tool")})["text-encoder"]
    assert (encoder.fact("exporter"), encoder.fact("producer")) == (None, "someone's tool 2.4.0")


def test_several_graphs_have_ids_by_file() -> None:
    found = parts(
        {
            "onnx/encoder_model.onnx": graphs.one_linear(
                {"input_features": ("FLOAT", [1, 4])}, outputs=("hidden",)
            ),
            "onnx/decoder_model.onnx": graphs.genai_decoder(),
        }
    )
    assert "encoder-model.audio-encoder" in found
    assert "decoder-model.decoder-core" in found
    assert not any(part.alternative for part in found.values())


def test_other_precisions_of_a_graph_are_alternatives() -> None:
    data = graphs.encoder()
    names = [
        "model",
        "model_fp16",
        "model_quantized",
        "model_q4f16",
        "model_qint8_avx512",
        "model_O3",
        "model_bnb4",
    ]
    found = parts({f"onnx/{name}.onnx": data for name in names})
    assert {ident for ident, part in found.items() if not part.alternative} == {
        "text-encoder",
        "embedding",
        "head",
    }
    assert found["model-fp16.embedding"].alternative
    assert len(found) == 3 * len(names)


def test_the_decoders_of_optimum_are_one() -> None:
    data = graphs.genai_decoder()
    names = [
        "decoder_model",
        "decoder_with_past_model",
        "decoder_model_merged",
        "decoder_model_merged_quantized",
    ]
    first = {
        part.files[0] for part in emitted(Part, {f"{n}.onnx": data for n in names}) if not part.alternative
    }
    assert first == {"decoder_model_merged.onnx"}


def test_files_of_one_stem_have_ids_of_their_own() -> None:
    data = graphs.encoder()
    found = emitted(Part, {f"{folder}/model.onnx": data for folder in ("a", "b", "a-b", "a/b")})
    assert len({part.id for part in found}) == len(found) == 12


def test_external_paths_that_escape_are_a_finding_and_never_opened() -> None:
    body = build.graph(
        [build.node("MatMul", ["x", "w"], ["y"])], initialisers=[build.external("w", (2, 2), "../../secret")]
    )
    view = MemoryView({"a/b/model.onnx": build.model(body), "secret": b"!"})
    seen = inspect(OnnxInspector(), view)
    (finding,) = [item for item in seen if isinstance(item, Observation)]
    assert (finding.rule, finding.signal, finding.severity) == (
        "onnx.external-path-escapes", Signal.SECURITY, Severity.HIGH,
    )  # fmt: skip
    assert "../../secret" in finding.statement
    assert {path for path, _, _ in view.reads} == {"a/b/model.onnx"}
    (part,) = [item for item in seen if isinstance(item, Part)]
    assert (part.present, part.fact("weights")) == (False, "absent")


def external_graph(length: int) -> bytes:
    node = build.node("MatMul", ["x", "w"], ["y"])
    return build.model(
        build.graph([node], initialisers=[build.external("w", (2, 2), "any name", length=length)])
    )


def test_missing_external_data_is_a_finding() -> None:
    (finding,) = emitted(Observation, {"model.onnx": external_graph(16)})
    assert finding.rule == "onnx.external-data-missing"
    (part,) = emitted(Part, {"model.onnx": external_graph(16)})
    assert (part.present, part.fact("weights")) == (False, "missing: any name")


def test_external_data_of_any_name_is_found() -> None:
    contents = {"model.onnx": external_graph(16), "any name": bytes(16)}
    assert emitted(Observation, contents) == []
    (part,) = emitted(Part, contents)
    assert (part.present, part.files) == (True, ("model.onnx", "any name"))


def test_external_data_that_ends_too_early_is_a_finding() -> None:
    (finding,) = emitted(Observation, {"model.onnx": external_graph(16), "any name": bytes(15)})
    assert finding.rule == "onnx.external-data-short"


def test_metadata_gives_author_and_licence() -> None:
    data = graphs.one_linear(
        {"images": ("FLOAT", [1, 3, 8, 8])}, doc_string="Finds birds.",
        metadata={"model_license": "Apache-2.0", "author": "Ada", "names": "{0: 'bird'}"},
    )  # fmt: skip
    (licence,) = emitted(Licence, {"model.onnx": data})
    assert (licence.name, licence.expression) == ("Apache-2.0", "Apache-2.0")
    assert licence.locator.key == "metadata_props.model_license"
    (card,) = emitted(CardFacts, {"model.onnx": data})
    assert (card.description, card.library) == ("Finds birds.", "onnx")
    assert [(fact.name, fact.value) for fact in card.facts] == [("author", "Ada")]


def test_depth_metadata_reads_nothing() -> None:
    view = MemoryView({"model.onnx": graphs.encoder(), "genai_config.json": b"{}"}, depth=Depth.METADATA)
    (unknown,) = inspect(OnnxInspector(), view)
    assert isinstance(unknown, Unknown)
    assert "depth metadata" in unknown.reason
    assert view.reads == []


def test_a_bad_file_does_not_lose_the_rest() -> None:
    contents = {"a.onnx": b"no graph", "b.onnx": graphs.encoder(), "genai_config.json": b"{"}
    assert {item.path for item in emitted(Unknown, contents)} == {"a.onnx", "genai_config.json"}
    assert "b.text-encoder" in parts(contents)


def test_a_limit_is_named() -> None:
    (unknown,) = emitted(Unknown, {"m.onnx": build.field(7, build.field(2, b"n" * 20_000))})
    assert unknown.reason.endswith("(limit: onnx bytes in a name)")


def test_graphs_without_number_are_not_read() -> None:
    data = graphs.one_linear({"x": ("FLOAT", [1, 4])})
    (unknown,) = emitted(Unknown, {f"g{at:03}.onnx": data for at in range(203)})
    assert unknown.reason == "3 more ONNX graphs were not read (limit: graphs)"


@pytest.mark.parametrize("make", [graphs.encoder, graphs.genai_decoder, graphs.two_towers])
def test_parameters_sum_to_the_elements_of_the_initialisers(make: Any) -> None:
    import onnx

    data = make()
    initialisers = onnx.ModelProto.FromString(data).graph.initializer
    total = sum(int(onnx.helper.np.prod(item.dims)) for item in initialisers)
    assert sum(part.parameters or 0 for part in emitted(Part, {"model.onnx": data})) == total
