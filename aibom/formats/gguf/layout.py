"""Holds a tensor table against the file: alignment, order, overlaps, holes, the end of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.formats.gguf.model import GgufTensor
from aibom.formats.values import clean


def check_layout(tensors: Sequence[GgufTensor], start: int, size: int, alignment: int) -> list[str]:
    """Laws that the table breaks, one sentence each.

    `start` is the byte at which the data area begins, `size` the bytes of the file.
    """
    return [*_offsets(tensors, alignment), *_overlaps(tensors, alignment), *_end(tensors, start, size)]


def _offsets(tensors: Sequence[GgufTensor], alignment: int) -> Iterator[str]:
    for tensor in tensors:
        if tensor.offset % alignment:
            yield f"tensor {clean(tensor.name, 80)} is not aligned to {alignment} bytes"


def _overlaps(tensors: Sequence[GgufTensor], alignment: int) -> Iterator[str]:
    end = 0
    for tensor in sorted(tensors, key=lambda item: (item.offset, item.nbytes or 0, item.name)):
        if tensor.offset < end:
            yield f"tensor {clean(tensor.name, 80)} overlaps the one before it"
        elif tensor.offset - end >= alignment:
            yield f"{tensor.offset - end:,} unused bytes before tensor {clean(tensor.name, 80)}"
        if tensor.nbytes is None:
            return  # how far this one reaches is not known, so nothing can be said of those after it
        end = max(end, tensor.offset + tensor.nbytes)


def _end(tensors: Sequence[GgufTensor], start: int, size: int) -> Iterator[str]:
    past = [tensor for tensor in tensors if start + tensor.offset + (tensor.nbytes or 0) > size]
    if past:
        last = max(tensor.offset + (tensor.nbytes or 0) for tensor in past)
        yield (
            f"{len(past):,} of {len(tensors):,} tensors reach past the end of the file "
            f"({last:,} bytes of tensor data are promised and {max(size - start, 0):,} are there)"
        )
