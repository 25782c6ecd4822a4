"""What a GGUF file says, as values. Text is raw: pass it through `clean` before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from aibom.formats.gguf.types import ValueType


@dataclass(frozen=True, slots=True)
class GgufArray:
    """A metadata array.

    Attributes:
        element: type of its elements; a string that is too long to keep is given as an array of its
            bytes (`UINT8`).
        count: number of elements.
        offset: byte of the file at which the elements begin.
        nbytes: bytes that they take.
        values: numbers; strings as bytes, which need not be UTF-8; arrays; or None where the elements
            were passed over (`read_numbers` and `read_strings` read them).
    """

    element: ValueType
    count: int
    offset: int
    nbytes: int
    values: tuple[bool | int | float, ...] | tuple[bytes, ...] | tuple[GgufArray, ...] | None


Value: TypeAlias = bool | int | float | str | GgufArray


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """One row of the tensor table.

    Attributes:
        name: as written.
        type: ggml's word (`Q4_K`), `type-<number>` where the number is not known.
        shape: outermost dimension first, as in other formats; the file lists them the other way round.
        elements: their product; 0 where it passes 63 bits.
        offset: bytes from the start of the data area (`Gguf.data_offset` in the file).
        nbytes: bytes taken, or None where the type is not known.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    elements: int
    offset: int
    nbytes: int | None


@dataclass(frozen=True, slots=True)
class Gguf:
    """The header of one file.

    Attributes:
        version: 2 or 3.
        metadata: in file order; of a repeated key the first value counts.
        tensors: in file order.
        alignment: bytes to which tensor data is aligned.
        data_offset: byte of the file at which the data area begins.
        problems: laws that the file breaks and that do not keep it from being listed, one sentence each.
    """

    path: str
    version: int
    big_endian: bool
    metadata: dict[str, Value]
    tensors: tuple[GgufTensor, ...]
    alignment: int
    data_offset: int
    problems: tuple[str, ...] = ()

    def text(self, key: str) -> str | None:
        """The string under a key, or None for anything else."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else None

    def integer(self, key: str) -> int | None:
        """The whole number under a key, or None for anything else."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def array(self, key: str) -> GgufArray | None:
        """The array under a key, or None for anything else."""
        value = self.metadata.get(key)
        return value if isinstance(value, GgufArray) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings of an array that was kept, or one string as a tuple; undecodable bytes replaced."""
        value = self.metadata.get(key)
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, GgufArray):
            return ()
        return tuple(
            item.decode("utf-8", "replace") for item in value.values or () if isinstance(item, bytes)
        )
