"""What the weights signal asks of an index of reference models."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from aibom.errors import DataError
from aibom.formats.text import clean
from aibom.model import ShapePrint, Stage, Target, Unknown, WeightSample
from aibom.provenance.weights import PartTest, compare_parts


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


class Candidates(Protocol):
    """The models of an index that a target should be tested against."""

    @property
    def models(self) -> Sequence[ReferenceModel]:
        """Models that share widths with the samples, the likeliest first."""
        ...

    @property
    def left_out(self) -> int:
        """How many models that may be related are not among them."""
        ...


class References(Protocol):
    """An index: which of its models a target should be tested against, and what stands beside as control."""

    def shortlist(self, samples: Sequence[WeightSample], shapes: Sequence[ShapePrint]) -> Candidates:
        """The models to test."""
        ...

    def controls(
        self, samples: Sequence[WeightSample], *, excluding: Collection[str]
    ) -> Mapping[str, Sequence[WeightSample]]:
        """Models of equal width and other organisations, by label."""
        ...


M = TypeVar("M", bound=ReferenceModel)


def tests_against(
    target: Target, samples: Sequence[WeightSample], models: Iterable[M], references: References
) -> Iterator[tuple[M, tuple[PartTest, ...]] | Unknown]:
    """Every part of the samples against each model, with unrelated ones beside; a damaged one is an Unknown.

    Records of the target itself are passed over.
    """
    for model in models:
        if model.is_target(target):
            continue
        try:
            theirs = model.samples
        except DataError as error:
            yield Unknown("index", Stage.PROVENANCE, clean(error.message))
            continue
        controls = references.controls(samples, excluding={model.model_id})
        yield model, compare_parts(samples, theirs, controls)
