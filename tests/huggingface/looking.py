"""What the inspector says of files that lie in memory, by kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from aibom.formats.lfs import parse_pointer
from aibom.model import Declaration, Depth, Emission, Observation, Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_huggingface import HuggingFaceInspector
from tests.builders.safetensors import safetensors

T = TypeVar("T")

Shapes = Mapping[str, tuple[int, ...]]


class Seen:
    """The emissions of one run."""

    def __init__(self, emissions: list[Emission]) -> None:
        self.emissions = emissions

    def of(self, kind: type[T]) -> list[T]:
        return [item for item in self.emissions if isinstance(item, kind)]

    @property
    def parts(self) -> dict[str, Part]:
        found = {part.id: part for part in self.of(Part)}
        assert len(found) == len(self.of(Part)), "part ids are unique"
        return found

    @property
    def unknowns(self) -> list[Unknown]:
        return self.of(Unknown)

    def rules(self) -> list[str]:
        return [item.rule for item in self.of(Observation)]

    def declared(self, kind: str) -> list[tuple[str, str | None]]:
        return [(item.value, item.part) for item in self.of(Declaration) if item.kind == kind]


def look(
    contents: Mapping[str, bytes | str | dict[str, Any] | list[Any]], depth: Depth = Depth.HEADERS
) -> Seen:
    return Seen(inspect(HuggingFaceInspector(), view_of(contents, depth)))


def view_of(
    contents: Mapping[str, bytes | str | dict[str, Any] | list[Any]], depth: Depth = Depth.HEADERS
) -> MemoryView:
    """A view; pointers are marked as a source marks them."""
    data = {path: _bytes(content) for path, content in contents.items()}
    view = MemoryView(data, depth=depth)
    for path, content in data.items():
        if (pointer := parse_pointer(content)) is not None:
            view.mark(path, lfs_pointer=True, sha256=pointer.sha256, size=pointer.size)
    return view


def folder_view(folder: Path) -> MemoryView:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return view_of({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})


def _bytes(content: bytes | str | dict[str, Any] | list[Any]) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def weights(shapes: Shapes, dtype: str = "BF16") -> bytes:
    return safetensors({name: (dtype, shape) for name, shape in shapes.items()})


def layers(lead: str, count: int, start: int = 0) -> dict[str, tuple[int, ...]]:
    """Attention and MLP of a decoder's layers."""
    names = ("self_attn.q_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.down_proj", "input_layernorm")
    return {f"{lead}layers.{n}.{name}.weight": (4, 4) for n in range(start, start + count) for name in names}


LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4,
    "num_hidden_layers": 2,
    "vocab_size": 8,
    "tie_word_embeddings": False,
}
LLAMA_WEIGHTS = {
    "model.embed_tokens.weight": (8, 4),
    **layers("model.", 2),
    "model.norm.weight": (4,),
    "lm_head.weight": (8, 4),
}
