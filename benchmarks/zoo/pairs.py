"""Pairs of a built zoo with what is true of them: positives, negatives, special cases.

Needs the manifest alone, neither PyTorch nor a model.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is true of a suspect and a reference.

    Attributes:
        suspect, reference: identities in the manifest.
        recipe: how the suspect was made; of two models that have nothing to do with each other, both recipes.
        expected: identical, derived, shared, independent, aligned or special.
        layers: for each stack of layers in the suspect (what stands before a layer's number in its
            tensors' names), layer of the suspect → layer of the reference.
        tensors: matrices of the suspect that come from the reference → their names there.
    """

    suspect: str
    reference: str
    recipe: str
    expected: str
    layers: Mapping[str, Mapping[int, int]]
    tensors: Mapping[str, str]


Pair = tuple[Path, Path, Expectation]


class Pairs:
    """The pairs of the zoo in a folder; with `only`, those of recipes whose FAMILY.NAME begins so."""

    def __init__(self, zoo: Path, only: str = "") -> None:
        self._zoo, self._only = zoo, only
        manifest = json.loads((zoo / "manifest.json").read_text(encoding="utf-8"))
        self._models: dict[str, dict[str, Any]] = {item["id"]: item for item in manifest["models"]}

    @property
    def models(self) -> int:
        """Models of the zoo."""
        return len(self._models)

    @property
    def recipes(self) -> Counter[str]:
        """Models of each recipe, of as many seeds."""
        return Counter(map(self._recipe, self._models))

    def positives(self) -> Iterator[Pair]:
        """A model and a model whose weights it has, as they are or hidden."""
        yield from self._related({"identical", "derived", "aligned"})

    def special(self) -> Iterator[Pair]:
        """Equal first weights and other data; a student and its teacher."""
        yield from self._related({"shared", "special"})

    def negatives(self) -> Iterator[Pair]:
        """A model and one without a common ancestor: all that were made to look related, and all roots.

        Roots are compared where some part of them is equally wide; of two roots, either is the suspect once.
        """
        yield from self._related({"independent"})
        told = {(pair.suspect, pair.reference) for _, _, pair in self._related({"independent"})}
        roots = [name for name in sorted(self._models) if not self._ancestors(name)]
        for one, other in combinations(roots, 2):
            known = (one, other) in told or (other, one) in told
            wanted = self._wanted(one) or self._wanted(other)
            if wanted and not known and self._common(one, other) and not self._tied(one, other):
                recipe = f"{self._recipe(one)} / {self._recipe(other)}"
                yield self._pair(one, other, recipe, "independent")

    def _related(self, expected: set[str]) -> Iterator[Pair]:
        for name, model in sorted(self._models.items()):
            if not self._wanted(name):
                continue
            for parent in model["parents"]:
                if parent["expected"] in expected and parent["id"] in self._models:
                    yield self._pair(name, parent["id"], self._recipe(name), parent["expected"], parent)

    def _pair(
        self,
        suspect: str,
        reference: str,
        recipe: str,
        expected: str,
        relation: Mapping[str, Any] | None = None,
    ) -> Pair:
        layers = relation["layers"] if relation else {}
        maps = {stack: {int(own): other for own, other in found.items()} for stack, found in layers.items()}
        tensors = relation["tensors"] if relation else {}
        folders = (self._zoo / self._models[name]["folder"] for name in (suspect, reference))
        return *folders, Expectation(suspect, reference, recipe, expected, maps, tensors)

    def _recipe(self, name: str) -> str:
        model = self._models[name]
        return f"{model['family']}.{model['recipe']}"

    def _wanted(self, name: str) -> bool:
        return self._recipe(name).startswith(self._only)

    def _common(self, one: str, other: str) -> bool:
        return bool(set(self._models[one]["widths"]) & set(self._models[other]["widths"]))

    def _ancestors(self, name: str) -> set[str]:
        """Models whose weights this one has."""
        return {
            parent["id"]
            for parent in self._models[name]["parents"]
            if parent["expected"] in ("identical", "derived", "aligned")
        }

    def _tied(self, one: str, other: str) -> bool:
        """Whether one of two roots is a special case of the other, or both of a third."""
        return bool(self._ties(one) & self._ties(other))

    def _ties(self, name: str) -> set[str]:
        special = {
            parent["id"]
            for parent in self._models[name]["parents"]
            if parent["expected"] in ("shared", "special")
        }
        return {name, *special}
