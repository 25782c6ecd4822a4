"""A model as the zoo handles it: configuration, float32 tensors, and the text that it reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor, nn

from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.families.common import Config

State = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A trained model; `state` holds float32 under the family's tensor names."""

    family: str
    config: Config
    state: State
    source: Source

    def module(self) -> nn.Module:
        """The model, with these weights."""
        made = FAMILIES[self.family].module(self.config)
        made.load_state_dict(self.state)
        return made


@dataclass(frozen=True, slots=True)
class Made:
    """What a recipe makes: a model, and for each of its parents which tensor came from which.

    `origins[n]` maps a tensor of the model to the tensor of parent n that it is made from.
    """

    checkpoint: Checkpoint
    origins: tuple[dict[str, str], ...] = field(default=())
