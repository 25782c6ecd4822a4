"""Which classes of a model family are made from another family's: the per-class graph of lineage."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EdgeKind(StrEnum):
    """What an edge rests on."""

    INHERITS = "inherits"
    """The class is written as a subclass of the parent's (`modular_*.py`)."""
    COPIED = "copied"
    """A note in the source says that the class, or a method of it, was copied from the parent's."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One class made from a class of another family."""

    child_class: str
    parent_model_type: str
    parent_class: str
    kind: EdgeKind = EdgeKind.INHERITS


class Inheritance:
    """The edges of every family. One edge proves little: glue is inherited across unrelated families."""

    def __init__(self, edges: Iterable[tuple[str, Edge]]) -> None:
        self._parents: dict[str, tuple[Edge, ...]] = {}
        for model_type, edge in edges:
            self._parents[model_type] = (*self._parents.get(model_type, ()), edge)

    @property
    def model_types(self) -> tuple[str, ...]:
        """The families that have parents, sorted."""
        return tuple(sorted(self._parents))

    def parents(self, model_type: str) -> tuple[Edge, ...]:
        """The edges from a family to those that its classes are made from, by class; () for none."""
        return self._parents.get(model_type, ())

    def ancestors(self, model_type: str, without: Collection[str] = ()) -> frozenset[str]:
        """Every family that is reached over any number of edges, without the family itself.

        Families of `without` are left out, and what is reached over them alone.
        """
        seen: set[str] = set()
        waiting = [model_type]
        while waiting:
            for edge in self.parents(waiting.pop()):
                if edge.parent_model_type not in seen and edge.parent_model_type not in without:
                    seen.add(edge.parent_model_type)
                    waiting.append(edge.parent_model_type)
        return frozenset(seen - {model_type})


def decode(document: Any) -> Inheritance:
    """The graph that a built document (`inheritance.json`) holds: rows by model type."""
    return Inheritance(
        (model_type, Edge(child, parent, parent_class, EdgeKind(kind)))
        for model_type, rows in document["edges"].items()
        for child, parent, parent_class, kind in rows
    )
