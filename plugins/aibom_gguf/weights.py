"""Samples of the weights of GGUF models, at depth `weights`.

The module imports numpy: import it where weights are read, not at start-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError
from aibom.formats.dequantise import GGML_TYPES, Ggml, Layout
from aibom.formats.gguf import Gguf, GgufTensor
from aibom.formats.sampling import Heads, Place, Refused, Rotated, Weight, sample, weights_of
from aibom.model import Unknown, WeightSample
from aibom.spi import View
from aibom_gguf.listing import Listed
from aibom_gguf.roles import place_all

_ROTATED: Final = frozenset(
    {
        "llama", "arcee", "arctic", "baichuan", "bailingmoe", "deepseek", "granite", "granitehybrid",
        "granitemoe", "internlm2", "minicpm", "olmo", "smollm3", "xverse",
    }
)  # fmt: skip
"""Architectures whose queries and keys llama.cpp's converter puts into the order of its rotary embedding."""
_UNSURE: Final = frozenset({"chameleon", "deci", "plamo", "plamo2"})
"""Architectures whose queries and keys it reorders in ways of their own: these two are not sampled."""
_QUERIES: Final = ".attn_q.weight"
_KEYS: Final = ".attn_k.weight"
_INTEGERS: Final = ("I8", "I16", "I32", "I64")


def sample_models(view: View, models: Sequence[Listed]) -> Iterator[WeightSample | Unknown]:
    """Samples of all parts of the models, within one budget, and why there are none of others."""
    yield from sample(view, (weight for item in models for weight in _weights(item)))


def _weights(item: Listed) -> Iterator[Weight | Refused]:
    rows = list(item.model.tensors())
    places = place_all((tensor.name for _, tensor in rows), item.model.head)
    numbers = _Numbers.of(item.model.head)
    for shard, tensor in rows:
        part = item.prefix + places[tensor.name].id
        if len(tensor.shape) < 2 or tensor.type in _INTEGERS:
            continue
        if numbers.unsure and tensor.name.endswith((_QUERIES, _KEYS)):
            continue
        try:
            layout, stack = _layout(shard, tensor, numbers)
        except FormatError as error:
            yield Refused(tensor.name, shard.path, error.message, part)
            continue
        place = Place(shard.path, shard.data_offset + tensor.offset)
        heads = Heads(numbers.queries, numbers.keys)
        yield from weights_of(
            part, tensor.name, layout, {"weight": place}, tensor.type, heads=heads, stack=stack
        )


def _layout(shard: Gguf, tensor: GgufTensor, numbers: _Numbers) -> tuple[Layout, int]:
    """The matrix, and how many are stacked in it."""
    if tensor.type not in GGML_TYPES:
        raise FormatError(f"values of type {tensor.type}, which is not read")
    stack = tensor.shape[0] if len(tensor.shape) == 3 and "_exps." in tensor.name else 1
    high = tensor.shape[0] * (tensor.shape[1] if stack > 1 else 1)
    wide = math.prod(tensor.shape[2:] if stack > 1 else tensor.shape[1:])
    layout: Layout = Ggml((high, wide), tensor.type, shard.big_endian)
    count = numbers.of_heads(tensor.name)
    return (layout, stack) if count is None else (Rotated((high, wide), layout, high // count), stack)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the metadata says of attention; `rotated` where rows of queries and keys are reordered."""

    queries: int | None
    keys: int | None
    rotated: bool
    unsure: bool

    @classmethod
    def of(cls, head: Gguf) -> _Numbers:
        architecture = head.text("general.architecture") or ""
        queries = _positive(head, f"{architecture}.attention.head_count")
        keys = _positive(head, f"{architecture}.attention.head_count_kv") or queries
        rotated = architecture in _ROTATED
        unsure = architecture in _UNSURE or (rotated and (queries is None or keys is None))
        return cls(queries, keys, rotated, unsure)

    def of_heads(self, name: str) -> int | None:
        """How many heads the rows of a matrix fall into, where they are reordered head by head."""
        if not self.rotated:
            return None
        return self.queries if name.endswith(_QUERIES) else self.keys if name.endswith(_KEYS) else None


def _positive(head: Gguf, key: str) -> int | None:
    number = head.integer(key)
    return number if number is not None and number > 0 else None
