"""Trains: from nothing, further, a low-rank update, and by reward on own samples. One thread, float32."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.checkpoint import Checkpoint
from benchmarks.zoo.data import START, Source
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.families.common import Config

CLIP = 1.0
DECAY = 0.05


def pretrain(
    family: str, config: Config, source: Source, *, seed: int, steps: int, order: int | None = None
) -> Checkpoint:
    """A model trained from nothing; `seed` sets its first weights, `order` its batches (`seed` if None)."""
    kind = FAMILIES[family]
    torch.manual_seed(seed)
    model = kind.module(config)
    _descend(
        model,
        model.parameters(),
        _losses(model, family, source, seed if order is None else order),
        steps,
        kind.rate,
    )
    return Checkpoint(family, config, _state(model), source)


def tune(
    start: Checkpoint,
    *,
    seed: int,
    steps: int,
    rate: float,
    source: Source | None = None,
    only: str = "",
    frozen: str = "",
) -> Checkpoint:
    """Trains further, on another text if one is given; `only` and `frozen` are patterns of tensor names."""
    model = start.module()
    chosen = [
        value
        for name, value in model.named_parameters()
        if value.requires_grad and re.search(only, name) and not (frozen and re.search(frozen, name))
    ]
    used = source or start.source
    _descend(model, chosen, _losses(model, start.family, used, seed), steps, rate)
    return replace(start, state=_state(model), source=used)


def low_rank(
    start: Checkpoint,
    *,
    seed: int,
    steps: int,
    rank: int = 8,
    rate: float = 5e-3,
    only: str = r"_proj\.weight$",
) -> Checkpoint:
    """Trains factors of a low-rank update of the named matrices, and merges them."""
    model = start.module()
    fixed = {name: value.detach() for name, value in model.named_parameters()}
    draw = torch.Generator().manual_seed(seed)
    pairs = {
        name: (
            torch.zeros(value.shape[0], rank, requires_grad=True),
            (torch.randn(rank, value.shape[1], generator=draw) / value.shape[1] ** 0.5).requires_grad_(),
        )
        for name, value in fixed.items()
        if re.search(only, name)
    }

    def merged() -> dict[str, Tensor]:
        return fixed | {name: fixed[name] + 2.0 * (b @ a) for name, (b, a) in pairs.items()}

    wrapped = _Loss(model)
    batches = FAMILIES[start.family].batch
    source = replace(start.source, text=start.source.text + 1)
    numbers = np.random.default_rng(seed)

    def loss() -> Tensor:
        state = {f"inner.{name}": value for name, value in merged().items()}
        return torch.func.functional_call(wrapped, state, batches(source, numbers))

    _descend(model, [factor for pair in pairs.values() for factor in pair], loss, steps, rate)
    with torch.no_grad():
        state = start.state | {name: value.detach().clone() for name, value in merged().items()}
    return replace(start, state=state)


def reward(
    start: Checkpoint, *, seed: int, steps: int, rate: float = 1e-3, rows: int = 16, length: int = 16
) -> Checkpoint:
    """Policy gradient on the model's own samples: the reward counts tokens of a favoured third."""
    model = start.module()
    draw = torch.Generator().manual_seed(seed)
    favoured = torch.rand(start.config["vocab_size"], generator=draw) < 1 / 3

    def loss() -> Tensor:
        ids = torch.full((rows, 1), START)
        with torch.no_grad():
            for _ in range(length):
                chances = model(ids)[:, -1].softmax(-1)
                ids = torch.cat((ids, torch.multinomial(chances, 1, generator=draw)), 1)
        gains = favoured[ids[:, 1:]].float().mean(1)
        advantage = (gains - gains.mean()) / (gains.std() + 1e-6)
        logits = model(ids[:, :-1])
        spent = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none").view(
            rows, length
        )
        return (spent * advantage[:, None]).mean()

    _descend(model, model.parameters(), loss, steps, rate)
    return replace(start, state=_state(model))


def distil(teacher: Checkpoint, config: Config, *, seed: int, steps: int) -> Checkpoint:
    """A model with first weights of its own that learns the teacher's distribution over tokens."""
    family = FAMILIES[teacher.family]
    guide = teacher.module()
    torch.manual_seed(seed)
    model = family.module(config)
    draw = np.random.default_rng(seed)

    def loss() -> Tensor:
        (ids,) = family.batch(teacher.source, draw)
        with torch.no_grad():
            wanted = guide(ids[:, :-1]).log_softmax(-1)
        return F.kl_div(
            model(ids[:, :-1]).log_softmax(-1), wanted, log_target=True, reduction="batchmean"
        ) / (ids.shape[1] - 1)

    _descend(model, model.parameters(), loss, steps, family.rate)
    return Checkpoint(teacher.family, config, _state(model), teacher.source)


class _Loss(nn.Module):
    """Calls a model's loss as its forward pass."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, *batch: Tensor) -> Tensor:
        return self.inner.loss(*batch)


def _losses(model: nn.Module, family: str, source: Source, seed: int) -> Callable[[], Tensor]:
    draw = np.random.default_rng(seed)
    batch = FAMILIES[family].batch
    return lambda: model.loss(*batch(source, draw))


def _descend(
    model: nn.Module, values: Iterable[Tensor], loss: Callable[[], Tensor], steps: int, rate: float
) -> None:
    """AdamW with a warm-up over a tenth of the steps and a cosine down to a tenth of the rate."""
    chosen = [value for value in values if value.requires_grad]
    optimiser = torch.optim.AdamW(chosen, lr=rate, betas=(0.9, 0.95), weight_decay=DECAY, fused=True)
    warm = max(1, steps // 10)

    def pace(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return 0.1 + 0.45 * (1 + np.cos(np.pi * (step - warm) / max(1, steps - warm)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    model.train()
    for _ in range(steps):
        optimiser.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        nn.utils.clip_grad_norm_(chosen, CLIP)
        optimiser.step()
        schedule.step()
    model.last_loss = float(value.detach()) if steps else float("nan")


def _state(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
