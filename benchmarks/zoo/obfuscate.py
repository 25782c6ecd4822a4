"""Rewrites a Llama so that it computes the same and its weights look different.

Each function gives new tensors; what the model computes stays the same up to rounding.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from benchmarks.zoo.families.common import Config

State = dict[str, Tensor]
_READERS = re.compile(r"(?:[qkv]_proj|gate_proj|up_proj|lm_head)\.weight$")
_WRITERS = re.compile(r"(?:o_proj|down_proj)\.weight$")
_EMBEDDING = "model.embed_tokens.weight"
_FINAL = "model.norm.weight"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes that the rewritings need."""

    layers: int
    width: int
    inner: int
    queries: int
    keys: int
    one: int

    @classmethod
    def of(cls, config: Config) -> Shape:
        """From a configuration."""
        return cls(
            config["num_hidden_layers"],
            config["hidden_size"],
            config["intermediate_size"],
            config["num_attention_heads"],
            config["num_key_value_heads"],
            config["head_dim"],
        )


def hidden_order(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Permutes the residual stream."""
    order = torch.randperm(shape.width, generator=draw)
    return _residual(state, lambda columns: columns[:, order], lambda rows: rows[order])


def hidden_signs(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Flips the sign of half of the residual stream; gains stay, since the norm keeps signs."""
    signs = _signs(shape.width, draw)
    made = _residual(state, lambda columns: columns * signs, lambda rows: rows * signs[:, None])
    return made | {name: value for name, value in state.items() if value.dim() == 1}


def residual_rotation(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Folds the gains into what reads them, and turns the residual stream by a random rotation."""
    turn = _rotation(shape.width, draw)
    folded = fold_gains(state, shape)
    made = _residual(folded, lambda columns: columns @ turn, lambda rows: turn.T @ rows)
    return made | {name: value for name, value in folded.items() if value.dim() == 1}


def fold_gains(state: State, shape: Shape) -> State:
    """Gains of the norms multiplied into the matrices behind them."""
    made = dict(state)
    for layer in range(shape.layers):
        base = f"model.layers.{layer}"
        for norm, readers in (
            (f"{base}.input_layernorm.weight", ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")),
            (f"{base}.post_attention_layernorm.weight", ("mlp.gate_proj", "mlp.up_proj")),
        ):
            for reader in readers:
                made[f"{base}.{reader}.weight"] = state[f"{base}.{reader}.weight"] * state[norm]
            made[norm] = torch.ones_like(state[norm])
    made["lm_head.weight"] = state["lm_head.weight"] * state[_FINAL]
    made[_FINAL] = torch.ones_like(state[_FINAL])
    return made


def head_order(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Permutes the groups of heads that share keys and values, and the queries within each group."""
    group = shape.queries // shape.keys

    def change(base: str, made: State) -> None:
        groups = torch.randperm(shape.keys, generator=draw)
        queries = torch.cat([g * group + torch.randperm(group, generator=draw) for g in groups])
        for name, order in (("q_proj", queries), ("k_proj", groups), ("v_proj", groups)):
            key = f"{base}.self_attn.{name}.weight"
            made[key] = made[key].unflatten(0, (-1, shape.one))[order].flatten(0, 1)
        key = f"{base}.self_attn.o_proj.weight"
        made[key] = made[key].unflatten(1, (-1, shape.one))[:, queries].flatten(1)

    return _each_layer(state, shape, change)


def head_rotation(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Turns values within each head, and queries and keys within each pair that rotary positions turn."""
    group, half = shape.queries // shape.keys, shape.one // 2

    def change(base: str, made: State) -> None:
        values, output = f"{base}.self_attn.v_proj.weight", f"{base}.self_attn.o_proj.weight"
        turns = torch.stack([_rotation(shape.one, draw) for _ in range(shape.keys)])
        made[values] = (turns.mT @ made[values].unflatten(0, (shape.keys, shape.one))).flatten(0, 1)
        blocks = made[output].unflatten(1, (shape.queries, shape.one)).transpose(0, 1)
        made[output] = (blocks @ turns.repeat_interleave(group, 0)).transpose(0, 1).flatten(1)
        angles = torch.rand(shape.keys, half, 1, generator=draw) * 2 * torch.pi
        for name, times in (("q_proj", group), ("k_proj", 1)):
            key = f"{base}.self_attn.{name}.weight"
            cos, sin = (part.repeat_interleave(times, 0) for part in (angles.cos(), angles.sin()))
            rows = made[key].unflatten(0, (-1, shape.one))
            low, high = rows[:, :half], rows[:, half:]
            made[key] = torch.cat((low * cos - high * sin, high * cos + low * sin), 1).flatten(0, 1)

    return _each_layer(state, shape, change)


def inner_order(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Permutes the neurons of the feed-forward blocks."""

    def change(base: str, made: State) -> None:
        order = torch.randperm(shape.inner, generator=draw)
        for name in ("gate_proj", "up_proj"):
            made[f"{base}.mlp.{name}.weight"] = made[f"{base}.mlp.{name}.weight"][order]
        made[f"{base}.mlp.down_proj.weight"] = made[f"{base}.mlp.down_proj.weight"][:, order]

    return _each_layer(state, shape, change)


def inner_signs(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Flips neurons (`up` against `down`) and values (`v` against `o`)."""
    return _paired(state, shape, lambda size: _signs(size, draw))


def scale_pairs(state: State, shape: Shape, draw: torch.Generator) -> State:
    """Scales neurons and values by .5 to 2, and what reads them by the inverse; gains against readers too."""
    made = _paired(state, shape, lambda size: _scales(size, draw))
    for layer in range(shape.layers):
        base = f"model.layers.{layer}"
        for norm, readers in (
            ("input_layernorm", ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")),
            ("post_attention_layernorm", ("mlp.gate_proj", "mlp.up_proj")),
        ):
            factor = _scales(shape.width, draw)
            made[f"{base}.{norm}.weight"] = made[f"{base}.{norm}.weight"] * factor
            for reader in readers:
                made[f"{base}.{reader}.weight"] = made[f"{base}.{reader}.weight"] / factor
    return made


def everything(state: State, shape: Shape, draw: torch.Generator) -> State:
    """All of them, one after the other; the rotation of the residual stream left out."""
    for change in (
        hidden_order,
        hidden_signs,
        head_order,
        head_rotation,
        inner_order,
        inner_signs,
        scale_pairs,
    ):
        state = change(state, shape, draw)
    return state


def _residual(state: State, columns: Callable[[Tensor], Tensor], rows: Callable[[Tensor], Tensor]) -> State:
    """Changes what reads the residual stream, what writes it, and its gains."""
    made = dict(state)
    for name, value in state.items():
        if name == _EMBEDDING or _READERS.search(name):
            made[name] = columns(value)
        elif _WRITERS.search(name):
            made[name] = rows(value)
        elif value.dim() == 1:
            made[name] = columns(value[None])[0]
    return made


def _each_layer(state: State, shape: Shape, change: Callable[[str, State], None]) -> State:
    made = dict(state)
    for layer in range(shape.layers):
        change(f"model.layers.{layer}", made)
    return made


def _paired(state: State, shape: Shape, factors: Callable[[int], Tensor]) -> State:
    group = shape.queries // shape.keys

    def change(base: str, made: State) -> None:
        inner, values = factors(shape.inner), factors(shape.keys * shape.one)
        made[f"{base}.mlp.up_proj.weight"] = made[f"{base}.mlp.up_proj.weight"] * inner[:, None]
        made[f"{base}.mlp.down_proj.weight"] = made[f"{base}.mlp.down_proj.weight"] / inner
        made[f"{base}.self_attn.v_proj.weight"] = made[f"{base}.self_attn.v_proj.weight"] * values[:, None]
        wide = values.unflatten(0, (shape.keys, shape.one)).repeat_interleave(group, 0).flatten()
        made[f"{base}.self_attn.o_proj.weight"] = made[f"{base}.self_attn.o_proj.weight"] / wide

    return _each_layer(state, shape, change)


def _signs(size: int, draw: torch.Generator) -> Tensor:
    return torch.randint(0, 2, (size,), generator=draw) * 2.0 - 1.0


def _scales(size: int, draw: torch.Generator) -> Tensor:
    return 2.0 ** (torch.rand(size, generator=draw) * 2 - 1)


def _rotation(size: int, draw: torch.Generator) -> Tensor:
    turn, upper = torch.linalg.qr(torch.randn(size, size, generator=draw, dtype=torch.float64))
    return (turn * upper.diagonal().sign()).float()
