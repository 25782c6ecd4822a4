"""Derivations that change a model's shape: its depth, its width, its experts, its vocabulary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import torch

from benchmarks.zoo import training
from benchmarks.zoo.checkpoint import Checkpoint, Made, State
from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES

HEAL = 8e-4
"""Learning rate of the short training after a change of shape."""
_EMBEDDINGS = ("model.embed_tokens.weight", "lm_head.weight")
_GATED = ("gate_proj", "up_proj", "down_proj")


def layered(
    parents: Sequence[Checkpoint],
    seed: int,
    *,
    order: Sequence[int],
    silent: Sequence[int] = (),
    steps: int = 10,
) -> Made:
    """Layer n of the model is layer `order[n]` of the parent; layers in `silent` begin as doing nothing."""
    start = parents[0]
    family = FAMILIES[start.family]
    state, origins = _stacked(start.state, family.stack, [(number, 0) for number in order], [start.state])
    for number in silent:
        for name in (
            f"{family.stack}{number}.self_attn.o_proj.weight",
            f"{family.stack}{number}.mlp.down_proj.weight",
        ):
            state[name] = torch.zeros_like(state[name])
            del origins[0][name]
    made = replace(start, state=state, config=start.config | {family.depth: len(order)})
    return Made(_healed(made, seed, steps), tuple(origins))


def alternating(parents: Sequence[Checkpoint], seed: int, *, steps: int = 10) -> Made:
    """Layers of two models in turn; all else is the first's."""
    first, second = parents
    family = FAMILIES[first.family]
    depth = first.config[family.depth]
    chosen = [(number, number % 2) for number in range(depth)]
    state, origins = _stacked(first.state, family.stack, chosen, [first.state, second.state])
    return Made(_healed(replace(first, state=state), seed, steps), tuple(origins))


def _stacked(
    outside: State, stack: str, chosen: Sequence[tuple[int, int]], states: Sequence[State]
) -> tuple[State, list[dict[str, str]]]:
    """Layer n is layer `chosen[n][0]` of state `chosen[n][1]`; tensors outside the stack are the first's."""
    state = {name: value for name, value in outside.items() if not name.startswith(stack)}
    origins: list[dict[str, str]] = [{name: name for name in state}, *({} for _ in states[1:])]
    for number, (layer, which) in enumerate(chosen):
        base = f"{stack}{layer}."
        for name, value in states[which].items():
            if name.startswith(base):
                state[f"{stack}{number}.{name.removeprefix(base)}"] = value.clone()
                origins[which][f"{stack}{number}.{name.removeprefix(base)}"] = name
    return state, origins


def narrow_inner(parents: Sequence[Checkpoint], seed: int, *, inner: int, steps: int = 10) -> Made:
    """Only the neurons with the largest weights are kept, in their order."""
    start = parents[0]
    state = dict(start.state)
    for layer in range(start.config["num_hidden_layers"]):
        gate, up, down = (f"model.layers.{layer}.mlp.{name}.weight" for name in _GATED)
        weight = state[gate].norm(dim=1) * state[up].norm(dim=1) * state[down].norm(dim=0)
        kept = weight.topk(inner).indices.sort().values
        state |= {gate: state[gate][kept], up: state[up][kept], down: state[down][:, kept]}
    made = replace(start, state=state, config=start.config | {"intermediate_size": inner})
    return Made(_healed(made, seed, steps), (_names(state),))


def narrow_hidden(parents: Sequence[Checkpoint], seed: int, *, width: int, steps: int = 20) -> Made:
    """Only the dimensions of the residual stream with the largest embeddings are kept, in their order."""
    start = parents[0]
    kept = start.state[_EMBEDDINGS[0]].norm(dim=0).topk(width).indices.sort().values
    state = {}
    for name, value in start.state.items():
        if value.dim() == 1 or re.search(r"(?:o_proj|down_proj)\.weight$", name):
            state[name] = value[kept]
        else:
            state[name] = value[:, kept]
    made = replace(start, state=state, config=start.config | {"hidden_size": width})
    return Made(_healed(made, seed, steps), (_names(state),))


def upcycled(
    parents: Sequence[Checkpoint],
    seed: int,
    *,
    experts: int = 4,
    noise: float = 0.0,
    redrawn: float = 0.0,
    steps: int = 0,
) -> Made:
    """A mixture whose experts are copies of the feed-forward block, with noise or partly drawn anew.

    `noise` is in standard deviations of each matrix; `redrawn` is the share of neurons that begin anew, as
    in drop-upcycling (Nakamura et al. 2025).
    """
    start = parents[0]
    draw = torch.Generator().manual_seed(seed)
    state, origin = {}, {}
    places = {"gate_proj": "w1", "down_proj": "w2", "up_proj": "w3"}
    for name, value in start.state.items():
        found = re.fullmatch(r"(model\.layers\.\d+)\.mlp\.(\w+)\.weight", name)
        if not found:
            state[name], origin[name] = value, name
            continue
        for expert in range(experts):
            key = f"{found[1]}.block_sparse_moe.experts.{expert}.{places[found[2]]}.weight"
            state[key], origin[key] = (
                value + noise * value.std() * torch.randn(value.shape, generator=draw),
                name,
            )
    for layer in range(start.config["num_hidden_layers"]):
        base = f"model.layers.{layer}.block_sparse_moe"
        state[f"{base}.gate.weight"] = 0.02 * torch.randn(
            experts, start.config["hidden_size"], generator=draw
        )
        for expert in range(experts if redrawn else 0):
            _redraw(state, f"{base}.experts.{expert}", redrawn, draw)
    config = start.config | {
        "model_type": "mixtral",
        "architectures": ["MixtralForCausalLM"],
        "num_local_experts": experts,
        "num_experts_per_tok": 2,
    }
    made = replace(start, family="mixtral", config=config, state=state)
    return Made(_healed(made, seed, steps), (origin,))


def _redraw(state: State, base: str, share: float, draw: torch.Generator) -> None:
    gate, down, up = (f"{base}.{name}.weight" for name in ("w1", "w2", "w3"))
    inner = state[gate].shape[0]
    lost = torch.randperm(inner, generator=draw)[: int(share * inner)]
    for name in (gate, up):
        state[name][lost] = state[name].std() * torch.randn(len(lost), state[name].shape[1], generator=draw)
    state[down][:, lost] = state[down].std() * torch.randn(state[down].shape[0], len(lost), generator=draw)


def more_words(parents: Sequence[Checkpoint], seed: int, *, extra: int = 64, steps: int = 20) -> Made:
    """New entries at the end of the vocabulary, as the mean of the old ones and a little noise."""
    start = parents[0]
    draw = torch.Generator().manual_seed(seed)
    state = dict(start.state)
    for name in _EMBEDDINGS:
        old = state[name]
        new = old.mean(0) + 0.1 * old.std() * torch.randn(extra, old.shape[1], generator=draw)
        state[name] = torch.cat((old, new))
    source = replace(start.source, extra=extra, text=800)
    made = replace(
        start, state=state, source=source, config=start.config | {"vocab_size": source.size + extra}
    )
    return Made(_healed(made, seed, steps), (_names(state),))


def new_words(
    parents: Sequence[Checkpoint], seed: int, *, vocabulary: int, size: int, steps: int = 40
) -> Made:
    """Another vocabulary: embeddings and head drawn anew, the layers kept."""
    start = parents[0]
    draw = torch.Generator().manual_seed(seed)
    fresh = {
        name: 0.02 * torch.randn(size, start.config["hidden_size"], generator=draw) for name in _EMBEDDINGS
    }
    state = start.state | fresh
    source = Source(text=vocabulary, vocabulary=vocabulary, size=size)
    made = replace(start, state=state, source=source, config=start.config | {"vocab_size": size})
    origin = {name: name for name in state if name not in fresh}
    return Made(_healed(made, seed, steps), (origin,))


def _names(state: State) -> dict[str, str]:
    return {name: name for name in state}


def _healed(model: Checkpoint, seed: int, steps: int) -> Checkpoint:
    return training.tune(model, seed=seed, steps=steps, rate=HEAL) if steps else model
