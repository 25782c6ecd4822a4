"""What the names in a graph tell: exporters keep the module path of the source model in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from aibom.formats.onnx import Node
from aibom.model import Role

_INLINED: Final = re.compile(r"(\w*?_branch__)?(Inline_\d+__)+")
"""What spox puts before a name when it inlines a graph."""

_FRAMEWORK: Final = ("torch.", "aten.", "prims.", "_operator.", "math.", "builtins.", "__main__.")
"""Where classes and functions lie that say nothing of a model."""

Named = tuple[Role, str]
"""A role and the id of the rule that gave it."""

_PROJECTORS: Final = frozenset(
    {
        "multi_modal_projector", "mm_projector", "projector", "merger", "connector", "aligner",
        "visual_projection", "text_projection", "modality_projection", "img_projection", "patch_merger",
    }
)  # fmt: skip
_TOWERS: Final = {
    **dict.fromkeys(
        ("vision_model", "vision_tower", "visual", "vision_encoder", "image_encoder", "vision_backbone"),
        Role.VISION_ENCODER,
    ),
    **dict.fromkeys(
        ("audio_tower", "audio_model", "audio_encoder", "speech_encoder", "wav2vec2", "hubert", "wavlm"),
        Role.AUDIO_ENCODER,
    ),
    **dict.fromkeys(("text_model", "text_encoder", "text_tower"), Role.TEXT_ENCODER),
    **dict.fromkeys(("language_model",), Role.DECODER_CORE),
}
_HEADS: Final = frozenset(
    {"lm_head", "classifier", "score", "qa_outputs", "predictions", "classification_head", "embed_out"}
)
_EMBEDDINGS: Final = frozenset(
    {
        "embed_tokens", "word_embeddings", "token_embedding", "tok_embeddings", "wte", "wpe", "embeddings",
        "position_embeddings", "token_type_embeddings", "embed_positions",
    }
)  # fmt: skip
_LAYERS: Final = frozenset({"layers", "layer", "h", "blocks", "block", "resblocks"})


@lru_cache(maxsize=65_536)
def pieces(name: str) -> tuple[str, ...]:
    """The module path in a name; () where it is a single word, as those are that exporters make up.

    >>> pieces("/model/layers.0/attn/q_proj/MatMul")
    ('model', 'layers', '0', 'attn', 'q_proj', 'MatMul')
    """
    found = tuple(piece for piece in re.split(r"[./]", _INLINED.sub("", name)) if piece)
    return found if len(found) > 1 else ()


def module_path(node: Node) -> tuple[str, ...]:
    """The module path that a node was traced from; () where nothing tells."""
    return tuple(node.scope.split(".")) if node.scope else pieces(node.name)


def traced_class(nodes: Iterable[Node]) -> str:
    """The outermost class of the module that most nodes were traced from; empty where nothing tells."""
    modules: Counter[str] = Counter()
    outermost: dict[str, str] = {}
    for node in nodes:
        own = [name for name in node.classes if "." in name and not name.startswith(_FRAMEWORK)]
        if own:
            module = own[-1].rpartition(".")[0]
            modules[module] += 1
            outermost.setdefault(module, next(name for name in own if name.rpartition(".")[0] == module))
    return outermost[max(modules, key=lambda module: (modules[module], module))] if modules else ""


def named_role(path: tuple[str, ...]) -> Named | None:
    """The role that a module path names by itself, whatever graph it stands in."""
    found = frozenset(path)
    if found & _PROJECTORS:
        return Role.PROJECTOR, "onnx.scope-projector"
    if "router" in found:
        return Role.ROUTER, "onnx.scope-router"
    if "experts" in found:
        return Role.EXPERTS, "onnx.scope-experts"
    tower = next((_TOWERS[piece] for piece in path if piece in _TOWERS), None)
    if tower in (Role.VISION_ENCODER, Role.AUDIO_ENCODER):
        return tower, "onnx.scope-tower"
    if found & _HEADS:
        return Role.HEAD, "onnx.scope-head"
    return None if tower is None else (tower, "onnx.scope-tower")


def names_embedding(path: tuple[str, ...]) -> bool:
    """Whether a module path is that of a text model's embeddings."""
    return not _EMBEDDINGS.isdisjoint(path)


def layer(path: tuple[str, ...]) -> str | None:
    """The layer that a path lies in (`model.layers.3`), or None."""
    for at in range(len(path) - 1):
        if path[at] in _LAYERS and path[at + 1].isdecimal():
            return ".".join(path[: at + 2])
    return None


def slug(text: str) -> str:
    """A file's stem as a part of an id: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or "graph"
