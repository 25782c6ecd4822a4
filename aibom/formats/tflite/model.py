"""A TensorFlow Lite model as its tables describe it.

Schema: `tensorflow/compiler/mlir/lite/schema/schema.fbs`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.pages import Pages
from aibom.formats.tables import Row, checked_shape
from aibom.formats.tflite.flatbuffer import Table, root
from aibom.formats.tflite.operators import CUSTOM, operator_name
from aibom.spi import View

MAX_TENSORS: Final = 200_000
MAX_OPERATORS: Final = 200_000
_IDENTIFIERS: Final = (b"TFL2", b"TFL3")
_DTYPES: Final = (
    *("F32", "F16", "I32", "U8", "I64", "STRING", "BOOL", "I16", "C64", "I8", "F64", "C128", "U64"),
    *("RESOURCE", "VARIANT", "U32", "U16", "I4", "BF16"),
)
"""Element types by their number in the schema, in the words of safetensors where they have one."""


@dataclass(frozen=True, slots=True)
class TfliteModel:
    """What one file says.

    Attributes:
        rows: tensors that have data in the file.
        operators: name and number of uses, the most frequent first.
        custom: operators that the run time does not know and an application has to bring, sorted.
        inputs, outputs: names of the first graph's.
        version: of the schema.
    """

    rows: tuple[Row, ...]
    operators: tuple[tuple[str, int], ...]
    custom: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    version: int
    description: str


def read_tflite(view: View, path: str) -> TfliteModel:
    """Describe one `.tflite` file.

    Raises:
        FormatError: no such file, or an offset that leads outside of it.
        LimitError: more tables than a model has.
        ReadError: the file cannot be read.
    """
    pages = Pages.of_file(view, path)
    if pages.size < 8 or pages.take(4, 4) not in _IDENTIFIERS:
        raise FormatError(f"{path}: no TensorFlow Lite model")
    model = root(pages)
    codes = [_code(table) for table in model.tables(1)]
    filled = [table.has(0) or table.number(1, 8) > 1 for table in model.tables(4)]
    uses: Counter[tuple[str, bool]] = Counter()
    rows: list[Row] = []
    ends: tuple[list[str], list[str]] = ([], [])
    for at, graph in enumerate(model.tables(2)):
        names = _tensors(graph, filled, rows, path)
        if len(rows) > MAX_TENSORS or uses.total() > MAX_OPERATORS:
            raise LimitError(f"{path}: over {MAX_TENSORS:,} tensors", limit="tflite tensors")
        for operator in graph.tables(3):
            index = operator.number(0, 4)
            uses[codes[index] if index < len(codes) else ("unknown", False)] += 1
        if at == 0:
            ends = _named(graph.numbers(1), names), _named(graph.numbers(2), names)
    ranked = sorted(((name, count) for (name, _), count in uses.items()), key=lambda use: (-use[1], use[0]))
    custom = {name for name, own in (*uses, *codes) if own}
    return TfliteModel(
        tuple(sorted(rows, key=lambda row: (row.name, row.storage))),
        tuple(ranked),
        tuple(sorted(custom)),
        tuple(ends[0]),
        tuple(ends[1]),
        model.number(0, 4),
        model.text(3),
    )


def _code(table: Table) -> tuple[str, bool]:
    """Name of an operator, and whether it is a custom one."""
    number = max(table.number(0, 1, signed=True), table.number(3, 4, signed=True))
    if number == CUSTOM:
        return table.text(1) or "unnamed", True
    return operator_name(number), False


def _tensors(graph: Table, filled: list[bool], rows: list[Row], path: str) -> list[str]:
    """Adds the tensors with data to `rows`; the names of all of them."""
    names = []
    for table in graph.tables(0):
        name, index, kind = table.text(3), table.number(2, 4), table.number(1, 1)
        names.append(name)
        if index and index < len(filled) and filled[index]:
            dtype = _DTYPES[kind] if kind < len(_DTYPES) else f"type {kind}"
            shape = checked_shape(table.numbers(0), path)
            rows.append(Row(name, dtype, shape, f"buffer {index}"))
    return names


def _named(indexes: list[int], names: list[str]) -> list[str]:
    return [names[index] for index in indexes[:100] if 0 <= index < len(names)]
