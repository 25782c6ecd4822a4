"""Which part of the model each tensor of a graph belongs to, and by which rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from aibom.formats.onnx import Node, OnnxModel, OnnxTensor, Value
from aibom.model import Role
from aibom_onnx.scopes import Named, layer, module_path, named_role, names_embedding, pieces, traced_class
from aibom_onnx.structure import HEAVY, Structure

_IMAGES: Final = frozenset({"pixel_values", "image", "images", "img", "image_input", "input_image"})
_SOUNDS: Final = frozenset(
    {
        "input_features", "input_values", "audio", "audio_signal", "input_audio", "waveform", "wav", "speech",
        "processed_signal", "audio_features", "mel",
    }
)  # fmt: skip
_SAMPLE_RATES: Final = frozenset({"sr", "sample_rate", "sampling_rate"})
_TEXTS: Final = frozenset(
    {
        "input_ids",
        "token_ids",
        "tokens",
        "input_tokens",
        "decoder_input_ids",
        "inputs_embeds",
        "token_type_ids",
    }
)
_NOISES: Final = frozenset({"sample", "latent", "latents", "hidden_states", "latent_model_input", "x"})
_FILES: Final = (
    (re.compile(r"(vision|image|visual)"), Role.VISION_ENCODER),
    (re.compile(r"(audio|speech)_?encoder"), Role.AUDIO_ENCODER),
    (re.compile(r"text_?encoder"), Role.TEXT_ENCODER),
    (re.compile(r"(vocoder|hifigan|vocos)"), Role.VOCODER),
    (re.compile(r"(unet|transformer_model|denoiser)"), Role.DENOISER),
    (re.compile(r"vae"), Role.VAE),
)
"""What exporters call their files (optimum, onnxruntime-genai)."""

_TRUNKS: Final = frozenset(
    {Role.DECODER_CORE, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.OTHER}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """The tensors of one role in one graph.

    `rules` are the ids of the rules that gave the role, the most tensors first; `attention` counts
    attention blocks, `layers` distinct layers. `traced` is the class that most of its nodes were
    traced from (`transformers.models.clip.modeling_clip.CLIPModel`), or empty.
    """

    role: Role
    rules: tuple[str, ...]
    tensors: tuple[OnnxTensor, ...]
    attention: int
    layers: int
    traced: str


def divide(model: OnnxModel, structure: Structure, declared: Role | None) -> tuple[Piece, ...]:
    """The pieces of a graph, in the order of `Role`. Each weight is in exactly one of them.

    `declared` is the role that a configuration beside the graph gives it.
    """
    trunk = (declared, "onnx.genai-config") if declared else trunk_role(model, structure)
    assigned = [(_tensor_role(tensor, structure, trunk), tensor) for tensor in structure.weights]
    placed = _gather_up(assigned, trunk, structure)
    blocks = Counter(_node_role(node, trunk)[0] for node in structure.attention)
    classes = {
        role: traced_class(node for node in structure.nodes if _node_role(node, trunk)[0] is role)
        for role in {role for (role, _), _ in placed}
    }
    found = []
    for role in Role:
        tensors = tuple(tensor for (given, _), tensor in placed if given is role)
        rules = Counter(rule for (given, rule), _ in placed if given is role)
        if not tensors and role is trunk[0] and _computes(structure) and not placed:
            rules = Counter((trunk[1],))
        if rules:
            ranked = tuple(rule for rule, _ in sorted(rules.items(), key=lambda item: (-item[1], item[0])))
            layers = len(set(_layers(tensors, structure)))
            found.append(Piece(role, ranked, tensors, blocks[role], layers, classes.get(role, "")))
    return tuple(found)


def trunk_role(model: OnnxModel, structure: Structure) -> Named:
    """What the graph as a whole does: by its inputs and outputs, then operators, then its file's name."""
    for rule in (_by_cache, _by_latents, _by_sound_output, _by_modality, _by_convolutions, _by_file):
        found = rule(model, structure)
        if found is not None:
            return found
    return Role.OTHER, "onnx.no-rule"


def _by_cache(model: OnnxModel, structure: Structure) -> Named | None:
    names = _names(model.inputs) | _names(model.outputs)
    if any(name.startswith(("past_key", "present.", "present_key")) for name in names):
        return Role.DECODER_CORE, "onnx.key-value-cache"
    if any(operator.op_type == "GroupQueryAttention" for operator in model.operators):
        return Role.DECODER_CORE, "onnx.group-query-attention"
    inputs = _names(model.inputs)
    if inputs & {"encoder_hidden_states", "encoder_outputs"} and inputs & _TEXTS:
        return Role.DECODER_CORE, "onnx.cross-attention-input"
    return None


def _by_latents(model: OnnxModel, structure: Structure) -> Named | None:
    inputs, outputs = _names(model.inputs), _names(model.outputs)
    if inputs & {"timestep", "timesteps"} and inputs & _NOISES:
        return Role.DENOISER, "onnx.timestep-input"
    if (inputs | outputs) & {"latent_sample", "latent_parameters", "latent_dist"}:
        return Role.VAE, "onnx.latent-sample"
    return None


def _by_sound_output(model: OnnxModel, structure: Structure) -> Named | None:
    if _names(model.outputs) & {"waveform", "audio", "wav"} and not _names(model.inputs) & _SOUNDS - {"mel"}:
        return Role.VOCODER, "onnx.waveform-output"
    return None


def _by_modality(model: OnnxModel, structure: Structure) -> Named | None:
    inputs = _names(model.inputs)
    images, texts = inputs & _IMAGES, inputs & _TEXTS
    sounds = inputs & (_SOUNDS | _SAMPLE_RATES)
    if sum(map(bool, (images, sounds, texts))) != 1:
        return None
    if images:
        return Role.VISION_ENCODER, "onnx.image-input"
    if sounds:
        return Role.AUDIO_ENCODER, "onnx.audio-input" if sounds & _SOUNDS else "onnx.sample-rate-input"
    if _generates(structure):
        return Role.DECODER_CORE, "onnx.language-head"
    return Role.TEXT_ENCODER, "onnx.text-input"


def _by_convolutions(model: OnnxModel, structure: Structure) -> Named | None:
    """At least three convolutions over an image: one input of four dimensions, 1, 3 or 4 channels."""
    pictures = [
        value
        for value in model.inputs
        if value.shape is not None
        and len(value.shape) == 4
        and not {1, 3, 4}.isdisjoint((value.shape[1], value.shape[3]))
    ]
    count = sum(operator.nodes for operator in model.operators if operator.op_type in ("Conv", "QLinearConv"))
    return (Role.VISION_ENCODER, "onnx.convolution-trunk") if pictures and count >= 3 else None


def _by_file(model: OnnxModel, structure: Structure) -> Named | None:
    stem = model.path.rpartition("/")[2].lower()
    role = next((role for pattern, role in _FILES if pattern.search(stem)), None)
    return None if role is None else (role, "onnx.file-name")


def _generates(structure: Structure) -> bool:
    """Whether a text graph ends in a language head over decoder layers (no `encoder` in its scopes)."""
    paths = [pieces(tensor.name) or _user_path(tensor, structure) for tensor in structure.weights]
    return any("lm_head" in path or "decoder" in path for path in paths) and not any(
        "encoder" in path for path in paths
    )


def _tensor_role(tensor: OnnxTensor, structure: Structure, trunk: Named) -> Named:
    path = pieces(tensor.name)
    named = _path_role(path, trunk)
    if named is None and not path:
        named = _path_role(_user_path(tensor, structure), trunk)
    if named is not None:
        return named
    if trunk[0] not in (Role.VISION_ENCODER, Role.AUDIO_ENCODER) and tensor.name in structure.embeddings:
        return Role.EMBEDDING, "onnx.gathered-matrix"
    if any(id(user) in structure.head for user in structure.users(tensor.name)):
        return Role.HEAD, "onnx.last-linear-map"
    return trunk


def _node_role(node: Node, trunk: Named) -> Named:
    return _path_role(module_path(node), trunk) or trunk


def _path_role(path: tuple[str, ...], trunk: Named) -> Named | None:
    """The role that a module path names in a graph of this kind."""
    named = named_role(path)
    if named is not None:
        return named if trunk[0] in _TRUNKS or named[0] is trunk[0] else None
    if trunk[0] in (Role.TEXT_ENCODER, Role.DECODER_CORE) and names_embedding(path) and layer(path) is None:
        return Role.EMBEDDING, "onnx.scope-embedding"
    return None


def _gather_up(
    assigned: list[tuple[Named, OnnxTensor]], trunk: Named, structure: Structure
) -> list[tuple[Named, OnnxTensor]]:
    """Where the trunk is nothing but shapes and scalars, they go to the largest piece instead."""
    sizes: Counter[Role] = Counter()
    for (role, _), tensor in assigned:
        sizes[role] += tensor.elements
    others = sizes.total() - sizes[trunk[0]]
    heavy = any(
        role is trunk[0] and any(user.op_type in HEAVY for user in structure.users(tensor.name))
        for (role, _), tensor in assigned
    )
    if heavy or not others:
        return assigned
    largest = max((role for role in sizes if role is not trunk[0]), key=lambda role: (sizes[role], role))
    rule = next(rule for (role, rule), _ in assigned if role is largest)
    return [((largest, rule) if given[0] is trunk[0] else given, tensor) for given, tensor in assigned]


def _computes(structure: Structure) -> bool:
    return any(not node.op_type.endswith("Tokenizer") for node in structure.nodes)


def _layers(tensors: tuple[OnnxTensor, ...], structure: Structure) -> Iterator[str]:
    for tensor in tensors:
        path = pieces(tensor.name) or _user_path(tensor, structure)
        found = layer(path)
        if found is not None:
            yield found


def _user_path(tensor: OnnxTensor, structure: Structure) -> tuple[str, ...]:
    """The module path of a node that uses the tensor."""
    paths = (module_path(user) for user in structure.users(tensor.name))
    return next((path for path in paths if path), ())


def _names(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(value.name.lower() for value in values)
