"""Graphs in the shape that exporters write, small."""

from __future__ import annotations

from typing import Any

from tests.builders import onnx as build

WIDTH = 8
ROWS = 600


def encoder(*, anonymous: bool = True, layers: int = 2, producer: str = "pytorch") -> bytes:
    """A BERT classifier as TorchScript exports it: weights of MatMul have made-up names."""
    nodes: list[Any] = [
        build.node(
            "Gather",
            ["bert.embeddings.word_embeddings.weight", "input_ids"],
            ["h0"],
            "/bert/embeddings/Gather",
        )
    ]
    weights = [build.tensor("bert.embeddings.word_embeddings.weight", (ROWS, WIDTH))]
    for at in range(layers):
        scope = f"bert.encoder.layer.{at}.attention.self.query"
        name = f"onnx::MatMul_{at + 300}" if anonymous else f"{scope}.weight"
        weights += [build.tensor(name, (WIDTH, WIDTH)), build.tensor(f"{scope}.bias", (WIDTH,))]
        path = "/" + scope.replace(".layer.", "/layer.").replace("bert.encoder", "bert/encoder")
        nodes += [
            build.node("MatMul", [f"h{at}", name], [f"q{at}"], f"{path}/MatMul"),
            build.node("Add", [f"q{at}", f"{scope}.bias"], [f"b{at}"], f"{path}/Add"),
            build.node("Softmax", [f"b{at}"], [f"p{at}"], f"/bert/encoder/layer.{at}/Softmax"),
            build.node("MatMul", [f"p{at}", f"b{at}"], [f"h{at + 1}"], f"/bert/encoder/layer.{at}/MatMul_1"),
        ]
    weights += [build.tensor("classifier.weight", (WIDTH, 2)), build.tensor("classifier.bias", (2,))]
    nodes += [
        build.node("MatMul", [f"h{layers}", "classifier.weight"], ["c"], "/classifier/MatMul"),
        build.node("Add", ["c", "classifier.bias"], ["logits"], "/classifier/Add"),
    ]
    body = build.graph(
        nodes,
        inputs={"input_ids": ("INT64", ["batch", "sequence"])},
        outputs={"logits": ("FLOAT", ["batch", 2])},
        initialisers=weights,
    )
    return build.model(body, producer_name=producer, producer_version="2.4.0")


def genai_decoder() -> bytes:
    """A decoder of 4-bit blocks as onnxruntime-genai builds it; its weights lie in `model.onnx.data`."""
    from onnx import helper

    def microsoft(op_type: str, inputs: list[str], outputs: list[str], name: str, **attributes: Any) -> Any:
        return helper.make_node(op_type, inputs, outputs, name=name, domain="com.microsoft", **attributes)

    def quantised(source: str, name: str, out: str) -> Any:
        inputs = [source, f"{name}.MatMul.weight_Q4", f"{name}.MatMul.weight_scales"]
        path = "/" + name.replace(".layers.", "/layers.").replace("attn.", "attn/").replace(".attn", "/attn")
        return microsoft("MatMulNBits", inputs, [out], f"{path}/MatMul_Q4", K=32, N=32, bits=4, block_size=32)

    nodes = [
        build.node("Gather", ["model.embed_tokens.weight", "input_ids"], ["h"], "/model/embed_tokens/Gather"),
        quantised("h", "model.layers.0.attn.q_proj", "q"),
        microsoft(
            "GroupQueryAttention", ["q", "q", "q", "past_key_values.0.key"], ["a", "present.0.key"],
            "/model/layers.0/attn/GroupQueryAttention", num_heads=4, kv_num_heads=2,
        ),
        quantised("a", "lm_head", "logits"),
    ]  # fmt: skip
    tensors = [
        build.external("model.embed_tokens.weight", (ROWS, 32), "model.onnx.data", length=ROWS * 32 * 4)
    ]
    for name in ("model.layers.0.attn.q_proj", "lm_head"):
        tensors += [
            build.tensor(f"{name}.MatMul.weight_Q4", (32, 1, 16), dtype="UINT8"),
            build.tensor(f"{name}.MatMul.weight_scales", (32,)),
        ]
    body = build.graph(
        nodes,
        inputs={"input_ids": ("INT64", ["b", "s"]), "past_key_values.0.key": ("FLOAT", ["b", 2, "p", 8])},
        outputs={"logits": ("FLOAT", ["b", "s", 32]), "present.0.key": ("FLOAT", ["b", 2, "t", 8])},
        initialisers=tensors,
    )
    return build.model(body, producer_name="onnxruntime-genai", opsets={"": 14, "com.microsoft": 1})


def two_towers() -> bytes:
    """A CLIP model: two towers, a projection behind each, one scalar that belongs to neither."""
    weights = [
        build.tensor("vision_model.embeddings.patch_embedding.weight", (WIDTH, 3, 4, 4)),
        build.tensor("vision_model.encoder.layers.0.mlp.fc1.weight", (WIDTH, WIDTH)),
        build.tensor("text_model.embeddings.token_embedding.weight", (ROWS, WIDTH)),
        build.tensor("visual_projection.weight", (WIDTH, 4)),
        build.tensor("text_projection.weight", (WIDTH, 4)),
        build.tensor("logit_scale", ()),
    ]
    nodes = [
        build.node("Conv", ["pixel_values", weights[0].name], ["v0"], "/vision_model/embeddings/Conv"),
        build.node(
            "MatMul", ["v0", weights[1].name], ["v1"], "/vision_model/encoder/layers.0/mlp/fc1/MatMul"
        ),
        build.node("Gather", [weights[2].name, "input_ids"], ["t0"], "/text_model/embeddings/Gather"),
        build.node("MatMul", ["v1", weights[3].name], ["image_embeds"], "/visual_projection/MatMul"),
        build.node("MatMul", ["t0", weights[4].name], ["text_embeds"], "/text_projection/MatMul"),
        build.node("Exp", ["logit_scale"], ["scale"], "/Exp"),
    ]
    body = build.graph(
        nodes,
        inputs={"pixel_values": ("FLOAT", ["b", 3, 8, 8]), "input_ids": ("INT64", ["b", "s"])},
        outputs={"image_embeds": ("FLOAT", ["b", 4]), "text_embeds": ("FLOAT", ["b", 4])},
        initialisers=weights,
    )
    return build.model(body)


def one_linear(
    inputs: dict[str, Any], *, outputs: tuple[str, ...] = ("y",), nodes: int = 2, **settings: Any
) -> bytes:
    """A chain of MatMul over the first input: nothing but inputs and outputs tells what it is."""
    first = next(iter(inputs))
    chain = [
        build.node("MatMul", [f"m{at}" if at else first, f"onnx::MatMul_{at}"], [f"m{at + 1}"])
        for at in range(nodes)
    ]
    chain += [build.node("Relu", [f"m{nodes}"], [name]) for name in outputs]
    weights = [build.tensor(f"onnx::MatMul_{at}", (4, 4)) for at in range(nodes)]
    ends = {name: ("FLOAT", ["n", 4]) for name in outputs}
    return build.model(build.graph(chain, inputs=inputs, outputs=ends, initialisers=weights), **settings)
