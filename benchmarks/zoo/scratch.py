"""Models trained from nothing: the roots of the family tree, and what only looks like a relative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch

from benchmarks.zoo import training
from benchmarks.zoo.checkpoint import Checkpoint, Made
from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES

STEPS = 150
FIRST = Source()
SPREAD = 0.02
FREEDOM = 2.5
"""Degrees of freedom of heavy-tailed first weights: their fourth moment does not exist."""


def trained(
    parents: Sequence[Checkpoint],
    seed: int,
    *,
    family: str,
    source: Source = FIRST,
    steps: int = STEPS,
    order: int | None = None,
    **sizes: Any,
) -> Made:
    """A model of its own first weights; `order` other than None sets the order of its batches apart."""
    config = FAMILIES[family].configure(vocab_size=source.size + source.extra, **sizes)
    return Made(training.pretrain(family, config, source, seed=seed, steps=steps, order=order))


def copied_config(parents: Sequence[Checkpoint], seed: int, *, steps: int = 80) -> Made:
    """The parent's configuration, vocabulary and text, and first weights of its own."""
    model = parents[0]
    return Made(training.pretrain(model.family, model.config, model.source, seed=seed, steps=steps))


def heavy_tailed(parents: Sequence[Checkpoint], seed: int, *, steps: int = STEPS) -> Made:
    """First weights from a Student t distribution, which keeps single large weights through training."""
    torch.manual_seed(seed)
    model = parents[0]
    drawn = torch.distributions.StudentT(FREEDOM)
    begin = {
        name: drawn.sample(value.shape) * SPREAD if value.dim() > 1 else torch.ones_like(value)
        for name, value in model.state.items()
    }
    start = Checkpoint(model.family, model.config, begin, model.source)
    return Made(training.tune(start, seed=seed, steps=steps, rate=FAMILIES[model.family].rate))


def distilled(parents: Sequence[Checkpoint], seed: int, *, steps: int = STEPS) -> Made:
    """A student that learns the parent's outputs and has none of its weights."""
    return Made(training.distil(parents[0], parents[0].config, seed=seed, steps=steps))


def copied_gains(parents: Sequence[Checkpoint], seed: int, *, steps: int = 20) -> Made:
    """The first parent with all one-dimensional tensors of the second, held fast in a short training."""
    own, donor = parents
    gains = {name: value for name, value in donor.state.items() if value.dim() == 1}
    start = Checkpoint(own.family, own.config, own.state | gains, own.source)
    fixed = "|".join(name.replace(".", r"\.") for name in gains)
    tuned = training.tune(start, seed=seed, steps=steps, rate=5e-4, frozen=f"^(?:{fixed})$")
    return Made(tuned, ({name: name for name in own.state if name not in gains}, {}))


def faint(parents: Sequence[Checkpoint], seed: int, *, share: float, only: str) -> Made:
    """The first parent, its named matrices drawn towards the second's to a correlation of `share`."""
    own, donor = parents
    state = dict(own.state)
    for name, value in own.state.items():
        if value.dim() > 1 and re.search(only, name):
            other = donor.state[name] * (value.std() / donor.state[name].std())
            state[name] = (1 - share**2) ** 0.5 * value + share * other
    return Made(Checkpoint(own.family, own.config, state, own.source), ({name: name for name in state}, {}))
