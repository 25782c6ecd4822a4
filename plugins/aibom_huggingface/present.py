"""From tensor tables to the parts that are present, with parameters, element types and places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aibom.formats.shapeprint import Named, folded, shape_print
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Role, ShapePrint
from aibom_huggingface.checkpoints import Checkpoint, Row
from aibom_huggingface.placing import Context, place_all
from aibom_huggingface.slots import Slot

PACKED = re.compile(r"\.(?:qweight|qzeros|weight_packed|W_q|B_24|\w+_blocks|\w+_packed)$")
"""Tensors that hold several weights in one element, by name (GPTQ, AWQ, HQQ, compressed-tensors, MXFP4)."""

_INTEGER_DTYPES = frozenset({"U8", "I8", "I32", "U32"})
_SCALES = (
    "_scale",
    "_scales",
    "_scale_2",
    ".absmax",
    ".quant_state.bitsandbytes__nf4",
    ".quant_state.bitsandbytes__fp4",
)


@dataclass(slots=True)
class Present:
    """The tensors of one part of one checkpoint.

    `elements` sums what the table lists; it is None where only names are known. `packed` counts the
    elements that hold several weights each. `paths` are the files that the table names, `here` those in
    the target; `scope` is the module that all its tensors lie in. `shapes` are its folded tensors with
    their shapes; None where the shape of one is not known.
    """

    slot: Slot
    checkpoint: Checkpoint
    tensors: int = 0
    elements: int | None = 0
    packed: int = 0
    dtypes: Counter[str] = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)
    here: set[str] = field(default_factory=set)
    scope: str | None = None
    shapes: set[Named] | None = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row, packed: bool) -> None:
        """Counts one tensor."""
        self.tensors += 1
        self.rows.append(row)
        self.paths.add(row.path)
        self._widen(row.name)
        self._shape(row)
        if row.elements is None or row.dtype is None:
            self.elements = None
            return
        self.elements = None if self.elements is None else self.elements + row.elements
        self.dtypes[row.dtype] += row.elements
        self.packed += row.elements if packed else 0

    def _shape(self, row: Row) -> None:
        if row.shape is None or self.shapes is None:
            self.shapes = None
        elif tensor := folded(row.name, row.shape):
            self.shapes.add(tensor)

    def _widen(self, name: str) -> None:
        """Shortens the common scope until it holds this tensor too."""
        if self.scope is None:
            self.scope = name.rpartition(".")[0] or name
        while self.scope and name != self.scope and not name.startswith(f"{self.scope}."):
            self.scope = self.scope.rpartition(".")[0]

    def merge(self, other: Present) -> None:
        """Adds the tensors of the same part in another file."""
        self.tensors += other.tensors
        self.rows += other.rows
        self.paths |= other.paths
        self.here |= other.here
        self.packed += other.packed
        self.dtypes += other.dtypes
        self.shapes = None if self.shapes is None or other.shapes is None else self.shapes | other.shapes
        unknown = self.elements is None or other.elements is None
        self.elements = None if unknown else (self.elements or 0) + (other.elements or 0)

    @property
    def parameters(self) -> int | None:
        """Number of elements, or None where elements are packed or not known."""
        return None if self.packed else self.elements

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What packing hides: the packed elements and all that are stored."""
        if not self.packed or self.elements is None:
            return ()
        place = self.locator
        return (Fact("packed", self.packed, place), Fact("stored_elements", self.elements, place))

    @property
    def locator(self) -> Locator:
        """The table that lists the tensors, and their common scope."""
        scope = clean(self.scope or "", 120)
        if self.elements is None and self.checkpoint.index:
            return Locator(self.checkpoint.index, key=f"weight_map.{scope}" if scope else "weight_map")
        return Locator(min(self.paths), key=scope or None)

    @property
    def element_types(self) -> tuple[tuple[str, int], ...]:
        """(type, elements), the largest first."""
        counted = ((clean(name, 20), count) for name, count in self.dtypes.items())
        return tuple(sorted(counted, key=lambda item: (-item[1], item[0])))

    @property
    def files(self) -> tuple[str, ...]:
        """The files that hold it and are in the target."""
        return tuple(sorted(self.paths.intersection(self.here)))

    @property
    def print(self) -> ShapePrint | None:
        """The print of a trained part whose shapes are all known; adapters are shaped by what they adapt."""
        if not self.shapes or not self.slot.role.trained or self.slot.role is Role.ADAPTER:
            return None
        return shape_print(self.slot.id, self.shapes, self.locator)


def present_parts(
    checkpoint: Checkpoint, context: Context, fixed: Slot | None = None, scope: str = ""
) -> dict[str, Present]:
    """The parts of one checkpoint, by id.

    With `fixed` all tensors belong to that one part; `scope` is a module name that the file stands for.
    """
    lead = f"{scope}." if scope else ""
    places = {} if fixed else place_all((lead + row.name for row in checkpoint.rows), context)
    packed = _packed_names(checkpoint.rows)
    parts: dict[str, Present] = {}
    for row in checkpoint.rows:
        where = fixed or places[lead + row.name]
        part = parts.get(where.id)
        if part is None:
            part = parts[where.id] = Present(where, checkpoint, here=set(checkpoint.files))
        part.add(row, row.name in packed)
    return parts


def _packed_names(rows: Iterable[Row]) -> frozenset[str]:
    """Tensors whose elements hold several weights: by name, or an integer weight beside its 4-bit scales."""
    table: Mapping[str, Row] = {row.name: row for row in rows}
    return frozenset(name for name, row in table.items() if _is_packed(name, row, table))


def _is_packed(name: str, row: Row, table: Mapping[str, Row]) -> bool:
    if row.dtype not in _INTEGER_DTYPES:
        return False
    if PACKED.search(name):
        return True
    return row.dtype == "U8" and any(name + suffix in table for suffix in _SCALES)
