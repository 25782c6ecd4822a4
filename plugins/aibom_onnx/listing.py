"""Which ONNX files are graphs of their own, and which are another form of the same one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join
from typing import Final

from aibom.formats.paths import is_safe
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean, read_json
from aibom.model import Declaration, DeclarationKind, Fact, Locator, Role
from aibom.spi import View
from aibom_onnx.parts import Graph
from aibom_onnx.scopes import slug

_PRECISION: Final = re.compile(
    r"([._-](fp16|fp32|bf16|f16|int8|uint8|int4|q4|q8|q4f16|q2|bnb4|quantized|quant|optimized|opt|o[1-4]"
    r"|quint8_\w+|qint8_\w+))+$"
)
"""Suffixes of optimum, Transformers.js and sentence-transformers for the same graph in another form."""
_PAST: Final = re.compile(r"(decoder)(_model)?(_with_past|_merged)?(_model)?$")
"""The three decoders that optimum writes hold the same weights."""
_SECTIONS: Final = {
    "decoder": Role.DECODER_CORE,
    "encoder": Role.TEXT_ENCODER,
    "embedding": Role.EMBEDDING,
    "vision": Role.VISION_ENCODER,
    "speech": Role.AUDIO_ENCODER,
}
"""Sections of `model` in onnxruntime-genai's configuration."""
_SIZES: Final = ("vocab_size", "context_length")
_DECODER_SIZES: Final = ("hidden_size", "num_attention_heads", "num_hidden_layers", "num_key_value_heads")


@dataclass(frozen=True, slots=True)
class Config:
    """onnxruntime-genai's configuration.

    `roles` are the graphs that it names, with the role given to each; `model_type` is its `model.type`.
    """

    path: str
    roles: tuple[tuple[str, Role], ...]
    model_type: str | None
    facts: tuple[Fact, ...]

    def declaration(self, decoders: Sequence[str]) -> Declaration | None:
        """The declared type, of the first of `decoders` where other networks are named beside it."""
        if self.model_type is None:
            return None
        alone = {role for _, role in self.roles} <= {Role.DECODER_CORE, Role.EMBEDDING}
        part = None if alone or not decoders else decoders[0]
        locator = Locator(self.path, key="model.type", quote=self.model_type)
        return Declaration(DeclarationKind.MODEL_TYPE, self.model_type, locator, part=part)


def graphs(paths: Iterable[str], roles: Mapping[str, Role]) -> tuple[Graph, ...]:
    """Each file, with the prefix of its parts' ids; the first form of a graph is the one that counts."""
    groups: dict[str, list[str]] = {}
    for path in sorted(paths, key=_preference):
        groups.setdefault(_canonical(path), []).append(path)
    first = {members[0] for members in groups.values()}
    ordered = sorted(
        (path for members in groups.values() for path in members), key=lambda p: (p not in first, p)
    )
    names = _unique_slugs(ordered)
    single = len(first) == 1
    return tuple(
        Graph(path, "" if single and path in first else f"{names[path]}.", path not in first, roles.get(path))
        for path in ordered
    )


def read_config(view: View, path: str) -> Config:
    """The facts of a `genai_config.json`.

    Raises:
        ReadError: it cannot be read or is no JSON.
    """
    model = as_dict(as_dict(read_json(view, path)).get("model"))
    kind = as_str(model.get("type"))
    name = clean(kind) if kind else None
    return Config(path, tuple(_roles(path, model, kind)), name or None, tuple(_sizes(path, model)))


def _roles(path: str, model: dict[str, JsonValue], kind: str | None) -> Iterator[tuple[str, Role]]:
    for section, role in _SECTIONS.items():
        role = Role.AUDIO_ENCODER if (section, kind) == ("encoder", "whisper") else role
        for name in _filenames(as_dict(model.get(section))):
            if is_safe(name):
                yield join(dirname(path), name), role


def _filenames(section: dict[str, JsonValue]) -> Iterator[str]:
    """The file of a section, or those of its pipeline (a list of named stages)."""
    stages = (as_dict(stage) for item in as_list(section.get("pipeline")) for stage in as_dict(item).values())
    for holder in (section, *stages):
        name = as_str(holder.get("filename"))
        if name:
            yield name


def _sizes(path: str, model: dict[str, JsonValue]) -> Iterator[Fact]:
    decoder = as_dict(model.get("decoder"))
    for prefix, names, holder in (("model", _SIZES, model), ("model.decoder", _DECODER_SIZES, decoder)):
        for name in names:
            value = holder.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                yield Fact(f"hyperparameter:{name}", value, Locator(path, key=f"{prefix}.{name}"))


def _canonical(path: str) -> str:
    """What the forms of one graph have in common."""
    folder, _, name = path.rpartition("/")
    stem = _PRECISION.sub("", name.lower().removesuffix(".onnx"))
    decoder = _PAST.match(stem)
    return f"{folder}/{decoder[1] if decoder else stem}"


def _preference(path: str) -> tuple[bool, bool, str]:
    """Full precision before others, the merged decoder before those that it merges."""
    stem = path.rpartition("/")[2].lower().removesuffix(".onnx")
    return (_PRECISION.search(stem) is not None, "_with_past" in stem or "_merged" not in stem, path)


def _unique_slugs(paths: Iterable[str]) -> dict[str, str]:
    """A slug per file: of its stem, or of its whole path where two files share a stem."""
    stems: dict[str, list[str]] = {}
    for path in paths:
        stems.setdefault(slug(path.rpartition("/")[2].removesuffix(".onnx")), []).append(path)
    taken: dict[str, str] = {}
    for stem, members in stems.items():
        for path in members:
            base = wanted = stem if len(members) == 1 else slug(path.removesuffix(".onnx"))
            number = 2
            while wanted in taken:
                wanted, number = f"{base}-{number}", number + 1
            taken[wanted] = path
    return {path: name for name, path in taken.items()}
