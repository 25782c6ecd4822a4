"""What sampling costs: at most 5 MiB of a model of any size, and ranges that lie inside their tensors."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from aibom.model import Unknown, WeightSample
from aibom.testing import inspect
from aibom_huggingface import HuggingFaceInspector
from tests.formats.sampling.sparse import SparseView, Table

MIB = 1 << 20
WIDTH = 4096
Row = tuple[str, tuple[str, tuple[int, ...]]]


def dense(layers: int = 126, inner: int = 28_672) -> Table:
    """A dense model of 110 GB."""
    table: dict[str, tuple[str, tuple[int, ...]]] = {"model.embed_tokens.weight": ("BF16", (128_256, WIDTH))}
    for layer in range(layers):
        lead = f"model.layers.{layer}"
        table |= dict(attention(lead))
        table |= {f"{lead}.mlp.{name}_proj.weight": ("BF16", (inner, WIDTH)) for name in ("gate", "up")}
        table[f"{lead}.mlp.down_proj.weight"] = ("BF16", (WIDTH, inner))
    return table


def attention(lead: str) -> Iterator[Row]:
    for name, high in (("q", 4096), ("k", 1024), ("v", 1024), ("o", 4096)):
        yield f"{lead}.self_attn.{name}_proj.weight", ("BF16", (high, WIDTH))
    yield f"{lead}.input_layernorm.weight", ("BF16", (WIDTH,))


def sparse(layers: int = 61, experts: int = 64, inner: int = 2048) -> Table:
    """A mixture of experts, each of them by itself."""
    table: dict[str, tuple[str, tuple[int, ...]]] = {"model.embed_tokens.weight": ("BF16", (129_280, WIDTH))}
    for layer in range(layers):
        lead = f"model.layers.{layer}"
        table |= dict(attention(lead))
        table[f"{lead}.mlp.gate.weight"] = ("BF16", (experts, WIDTH))
        for number in range(experts):
            inside = f"{lead}.mlp.experts.{number}"
            table |= {f"{inside}.{name}_proj.weight": ("BF16", (inner, WIDTH)) for name in ("gate", "up")}
            table[f"{inside}.down_proj.weight"] = ("BF16", (WIDTH, inner))
    return table


def stacked(layers: int = 61, experts: int = 64, inner: int = 2048, *, sideways: bool = False) -> Table:
    """The same with all experts of a layer in two tensors."""
    table: dict[str, tuple[str, tuple[int, ...]]] = {"model.embed_tokens.weight": ("BF16", (129_280, WIDTH))}
    for layer in range(layers):
        lead = f"model.layers.{layer}"
        table |= dict(attention(lead))
        first, last = (experts, 2 * inner, WIDTH), (experts, WIDTH, inner)
        if sideways:
            first, last = (experts, WIDTH, 2 * inner), (experts, inner, WIDTH)
        table[f"{lead}.mlp.experts.gate_up_proj"] = ("BF16", first)
        table[f"{lead}.mlp.experts.down_proj"] = ("BF16", last)
    return table


def sampled(table: Table, **settings: object) -> tuple[SparseView, list[WeightSample]]:
    config = {"model_type": "llama", "hidden_size": WIDTH, "num_attention_heads": 32, **settings}
    view = SparseView({"config.json": json.dumps(config).encode()}, {"model.safetensors": table})
    found = inspect(HuggingFaceInspector(), view)
    assert [item.reason for item in found if isinstance(item, Unknown) and "sampled" in item.reason] == []
    return view, [item for item in found if isinstance(item, WeightSample)]


TABLES = {
    "dense": dense(),
    "experts": sparse(),
    "stacked": stacked(),
    "sideways": stacked(sideways=True),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_checkpoint_of_100_gb_costs_five_mebibytes(name: str) -> None:
    view, samples = sampled(TABLES[name])
    assert view.total > 100e9
    assert 0 < view.sampled <= 5 * MIB
    headers = sum(length for _, _, length in view.reads) - view.sampled
    if name != "experts":  # whose table of 12,000 tensors is 1.6 MB by itself
        assert headers + view.sampled <= 5 * MIB
    layers = {item.layer for item in samples if item.layer is not None}
    assert len(layers) >= 30
    assert len({item.kind for item in samples if item.layer is not None}) >= 2
    assert all(item.rows[1] * item.columns >= 1024 for item in samples)
    assert sum(len(item.codes) for item in samples) <= 2.25 * MIB
    assert max(Counter(item.name + str(item.expert) for item in samples).values()) == 1


def test_cost_does_not_grow_with_the_model() -> None:
    small, _ = sampled(dense(layers=32, inner=14_336))
    large, _ = sampled(TABLES["dense"])
    assert large.total > 5 * small.total
    assert large.sampled <= 1.5 * small.sampled
