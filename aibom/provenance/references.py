"""What the weights signal asks of an index of reference models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from aibom.model import ShapePrint, Target, WeightSample


class ReferenceModel(Protocol):
    """One recorded model; its samples are read and verified when they are asked for."""

    @property
    def model_id(self) -> str:
        """Hub id, or the name it was recorded under."""
        ...

    @property
    def organisation(self) -> str | None:
        """Registry id, or `hub:<namespace>`; None where the publisher is not known."""
        ...

    @property
    def released(self) -> date | None:
        """The day it was published on, where known."""
        ...

    @property
    def samples(self) -> Sequence[WeightSample]:
        """Its samples.

        Raises:
            DataError: what was recorded is damaged.
        """
        ...

    def is_target(self, target: Target) -> bool:
        """Whether it is the model that is scanned, at whatever commit."""
        ...


class References(Protocol):
    """An index: which of its models a target should be tested against, and what stands beside as control."""

    def candidates(
        self, samples: Sequence[WeightSample], shapes: Sequence[ShapePrint]
    ) -> Iterable[ReferenceModel]:
        """Models that share widths with the samples, the likeliest first."""
        ...

    def left_out(self, samples: Sequence[WeightSample], shapes: Sequence[ShapePrint]) -> int:
        """How many models that may be related are not among the candidates."""
        ...

    def controls(
        self, samples: Sequence[WeightSample], *, excluding: Collection[str]
    ) -> Mapping[str, Sequence[WeightSample]]:
        """Models of equal width and other organisations, by label."""
        ...
