"""Derivations that keep every tensor where it is: training further, rounding, pruning, merging, hiding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from benchmarks.zoo import obfuscate, training
from benchmarks.zoo.checkpoint import Checkpoint, Made, State
from benchmarks.zoo.data import Source, text_batch

HIDDEN_BOUND = 1e-3
"""How far a rewritten model's outputs may lie from the first model's, in logits."""


def same(state: State) -> dict[str, str]:
    """Every tensor comes from the parent's tensor of that name."""
    return {name: name for name in state}


def copied(parents: Sequence[Checkpoint], seed: int) -> Made:
    """The parent itself."""
    return Made(parents[0], (same(parents[0].state),))


def tuned(
    parents: Sequence[Checkpoint], seed: int, *, steps: int, rate: float, text: int, frozen: str = ""
) -> Made:
    """Trained further on another text, read with the same vocabulary."""
    start = parents[0]
    source = replace(start.source, text=text)
    made = training.tune(start, seed=seed, steps=steps, rate=rate, source=source, frozen=frozen)
    return Made(made, (same(made.state),))


def rewarded(parents: Sequence[Checkpoint], seed: int, *, steps: int = 20) -> Made:
    """Trained by reward on its own samples."""
    made = training.reward(parents[0], seed=seed, steps=steps)
    return Made(made, (same(made.state),))


def adapted(
    parents: Sequence[Checkpoint], seed: int, *, steps: int = 40, only: str = r"_proj\.weight$"
) -> Made:
    """A low-rank update, merged."""
    made = training.low_rank(parents[0], seed=seed, steps=steps, only=only)
    return Made(made, (same(made.state),))


def rounded(parents: Sequence[Checkpoint], seed: int, *, to: str) -> Made:
    """Every matrix rounded to `int8`, `int4` or `fp8` and back."""
    return _changed(parents[0], ROUNDINGS[to])


def pruned(parents: Sequence[Checkpoint], seed: int, *, share: float) -> Made:
    """The smallest `share` of every matrix set to zero."""

    def cut(value: Tensor) -> Tensor:
        bound = value.abs().flatten().kthvalue(max(1, int(share * value.numel()))).values
        return value * (value.abs() > bound)

    return _changed(parents[0], cut)


def pruned_2_4(parents: Sequence[Checkpoint], seed: int) -> Made:
    """Of every four neighbours in a row the smaller two set to zero."""

    def cut(value: Tensor) -> Tensor:
        fours = value.flatten(1)
        if fours.shape[1] % 4:
            return value
        fours = fours.unflatten(1, (-1, 4))
        kept = torch.zeros_like(fours).scatter(-1, fours.abs().topk(2, -1).indices, 1.0)
        return (fours * kept).view_as(value)

    return _changed(parents[0], cut)


def slerp(parents: Sequence[Checkpoint], seed: int, *, share: float = 0.5) -> Made:
    """Spherical interpolation between two models, tensor by tensor."""
    first, second = parents
    state = {name: _slerp(value, second.state[name], share) for name, value in first.state.items()}
    return Made(replace(first, state=state), (same(state), same(state)))


def ties(parents: Sequence[Checkpoint], seed: int, *, density: float = 0.3) -> Made:
    """TIES (Yadav et al. 2023): trimmed updates of two tunings, signs elected, disjoint mean, on the base."""
    base, *tunings = parents
    state = {}
    for name, value in base.state.items():
        deltas = torch.stack([_trimmed(item.state[name] - value, density) for item in tunings])
        sign = deltas.sum(0).sign()
        agreed = deltas * (deltas.sign() == sign)
        state[name] = value + agreed.sum(0) / (agreed != 0).sum(0).clamp(min=1)
    return Made(replace(base, state=state), tuple(same(state) for _ in parents))


def hidden(parents: Sequence[Checkpoint], seed: int, *, by: str, steps: int = 10) -> Made:
    """Rewritten by a function of `obfuscate` to compute the same, then trained a little.

    Raises:
        RuntimeError: the rewritten model computes something else.
    """
    start = parents[0]
    draw = torch.Generator().manual_seed(seed)
    state = getattr(obfuscate, by)(start.state, obfuscate.Shape.of(start.config), draw)
    rewritten = replace(start, state=state)
    _check_same_function(start, rewritten, seed)
    source = replace(start.source, text=700)
    made = training.tune(rewritten, seed=seed, steps=steps, rate=2e-4, source=source) if steps else rewritten
    return Made(made, (same(made.state),))


def _check_same_function(first: Checkpoint, second: Checkpoint, seed: int) -> None:
    import numpy as np

    ids = text_batch(Source(), np.random.default_rng(seed))
    with torch.no_grad():
        apart = float((first.module()(ids) - second.module()(ids)).abs().max())
    if apart > HIDDEN_BOUND:
        raise RuntimeError(f"the rewritten model's outputs lie {apart:.2g} from the first one's")


def _changed(parent: Checkpoint, change: Callable[[Tensor], Tensor]) -> Made:
    state = {name: change(value) if value.dim() > 1 else value for name, value in parent.state.items()}
    return Made(replace(parent, state=state), (same(state),))


def _int8(value: Tensor) -> Tensor:
    rows = value.flatten(1)
    scale = rows.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    return ((rows / scale).round() * scale).view_as(value)


def _int4(value: Tensor, group: int = 32) -> Tensor:
    rows = value.flatten(1)
    size = group if rows.shape[1] % group == 0 else rows.shape[1]
    groups = rows.unflatten(1, (-1, size))
    low, high = groups.amin(-1, keepdim=True), groups.amax(-1, keepdim=True)
    scale = ((high - low) / 15).clamp(min=1e-12)
    return (((groups - low) / scale).round() * scale + low).view_as(value)


def _fp8(value: Tensor) -> Tensor:
    scale = value.abs().max().clamp(min=1e-12) / 448
    return (value / scale).to(torch.float8_e4m3fn).float() * scale


ROUNDINGS = {"int8": _int8, "int4": _int4, "fp8": _fp8}


def _slerp(first: Tensor, second: Tensor, share: float) -> Tensor:
    a, b = first.flatten(), second.flatten()
    cosine = torch.dot(a, b) / (a.norm() * b.norm()).clamp(min=1e-12)
    angle = torch.acos(cosine.clamp(-1, 1))
    if angle < 1e-3:
        return torch.lerp(first, second, share)
    weights = torch.sin(torch.stack(((1 - share) * angle, share * angle))) / torch.sin(angle)
    return (weights[0] * a + weights[1] * b).view_as(first)


def _trimmed(delta: Tensor, density: float) -> Tensor:
    kept = max(1, int(density * delta.numel()))
    bound = delta.abs().flatten().topk(kept).values[-1]
    return delta * (delta.abs() >= bound)
