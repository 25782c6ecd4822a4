"""From the table of stored tensors to logical matrices: which belong together, and how they are quantised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aibom.errors import FormatError, ReadError
from aibom.formats.sampling import layouts
from aibom.formats.sampling.layouts import Found, StoredTensor
from aibom.formats.sampling.orientation import Orientation
from aibom.formats.sampling.settings import Quantisation
from aibom.formats.sampling.weight import Refused
from aibom.spi import Range, View

MAX_STATES: Final = 4096
"""Settings of bitsandbytes that are read, one for each matrix."""

_ENDING: Final = re.compile(
    r"(?P<dotted>\.(?:qweight|qzeros|scales|g_idx|SCB|weight_format|scale_weight|input_scale|output_scale"
    r"|[qkv]_scale|scale_input|weight_shape|biases)"
    r"|\.(?:absmax|quant_map|nested_absmax|nested_quant_map|quant_state\.bitsandbytes__\w+))$"
    r"|(?P<joined>_(?:packed|scale_inv|scale_2|scale|zero_point|g_idx|global_scale|input_global_scale"
    r"|shape|blocks|scales))$"
)
"""Endings of tensors that stand beside a quantised one, or hold it."""
_MAINS: Final = (".qweight", "_packed", "_blocks")
"""Endings of those that hold codes; where none is there, the tensor without an ending does."""
_SCALES: Final = ("_scale_inv", "_scale", ".scale_weight")
_WORDS: Final = frozenset({"I8", "U8", "I32", "U32", *layouts.SMALL_FLOATS, "F4"})
_SMALLEST: Final = 16


@dataclass(frozen=True, slots=True)
class Matrix:
    """One stored matrix or stack, ready for `weights_of`; `name` is that of the tensor with its values."""

    name: str
    dtype: str
    found: Found
    sideways: bool = False


def matrices(
    view: View, tensors: Iterable[StoredTensor], settings: Quantisation | None, orientation: Orientation
) -> Iterator[Matrix | Refused]:
    """The matrices of one checkpoint, sorted by name, and those that are stored in a way not known.

    Tensors of one dimension are no matrices and are left out, as are those beside a quantised one.
    """
    groups = _grouped(tensors)
    states = _states(view, groups.values())
    read: list[Matrix] = []
    modules: set[str] = set()
    for base, group in sorted(groups.items()):
        main = _main(group)
        if main is None:
            continue
        stacked = orientation.is_stack(main)
        try:
            found = _found(main, group, settings, stacked, states.get(base))
            read.append(Matrix(main.name, main.dtype, found, orientation.is_sideways(main)))
        except ReadError as error:
            modules.add(main.name.rpartition(".")[0])
            yield Refused(main.name, main.place.path, error.message)
    # What stands in one module with codes that are not understood may be their scales.
    yield from (item for item in read if item.name.rpartition(".")[0] not in modules - {""})


def _grouped(tensors: Iterable[StoredTensor]) -> dict[str, dict[str, StoredTensor]]:
    """Base name → ending → tensor. A tensor without an ending stands under the empty one."""
    table = {tensor.name: tensor for tensor in tensors}
    groups: dict[str, dict[str, StoredTensor]] = {}
    for name, tensor in sorted(table.items()):
        base, ending = _split(name)
        groups.setdefault(base, {})[ending] = tensor
    return groups


def _split(name: str) -> tuple[str, str]:
    match = _ENDING.search(name)
    if match is None:
        return name.removesuffix(".weight"), ""
    base, ending = name[: match.start()], match[0]
    if ending.startswith(".quant_state"):
        ending = ".quant_state"
    return base.removesuffix(".weight"), ending


def _main(group: Mapping[str, StoredTensor]) -> StoredTensor | None:
    """The tensor that holds values, if it has two dimensions at least and is no buffer of integers."""
    main = next((group[ending] for ending in (*_MAINS, "") if ending in group), None)
    if main is None or len(main.shape) < 2:
        return None
    if main.dtype in layouts.FLOATS:
        return main
    large = min(main.shape[0], main.shape[-1]) >= _SMALLEST or len(group) > 1
    return main if main.dtype in _WORDS and large else None


def _found(
    main: StoredTensor,
    group: Mapping[str, StoredTensor],
    settings: Quantisation | None,
    stacked: bool,
    state: bytes | ReadError | None,
) -> Found:
    told = settings or Quantisation()
    if ".qweight" in group:
        return _packed_words(group, settings)
    if "_blocks" in group:
        return layouts.gpt_oss(main, _needed(group, "_scales"))
    if isinstance(state, ReadError):
        raise state
    if state is not None:
        return layouts.bnb4(main, group, state)
    if "_packed" in group:
        return _packed(main, group, told)
    if main.dtype == "U8" and "_scale" in group:
        return layouts.four_bits(main, group["_scale"], group.get("_scale_2"), divides=False)
    if main.dtype == "I8" and ".SCB" in group:
        return layouts.llm_int8(main, group[".SCB"])
    return _eight_bits(main, group, told, stacked)


def _packed_words(group: Mapping[str, StoredTensor], settings: Quantisation | None) -> Found:
    """GPTQ or AWQ: only the settings tell for certain, since GPTQ has several forms."""
    for ending in (".qzeros", ".scales"):
        if len(_needed(group, ending).shape) != 2:
            raise FormatError(f"{ending[1:]} that are no matrix")
    beside = {ending.removeprefix("."): tensor for ending, tensor in group.items()}
    if settings is None or settings.method not in ("gptq", "awq"):
        raise FormatError("packed integers of a quantisation that is not known")
    return layouts.gptq(beside, settings) if settings.method == "gptq" else layouts.awq(beside, settings)


def _packed(main: StoredTensor, group: Mapping[str, StoredTensor], told: Quantisation) -> Found:
    scale = _needed(group, "_scale")
    if main.dtype == "U8":
        return layouts.four_bits(main, scale, group.get("_global_scale"), divides=True)
    return layouts.pack_quantized(group, told)


def _eight_bits(
    main: StoredTensor, group: Mapping[str, StoredTensor], told: Quantisation, stacked: bool
) -> Found:
    if main.dtype in layouts.FLOATS:
        return layouts.plain(main, stacked)
    scale = next((group[key] for key in _SCALES if key in group), None)
    if scale is None:
        if main.dtype not in layouts.SMALL_FLOATS or told.method:
            raise FormatError(f"values of type {main.dtype} in a quantisation that is not known")
        return layouts.plain(main, stacked)
    if "_zero_point" in group:
        raise FormatError("integers of 8 bits with zero points")
    return layouts.scaled(main, scale, stacked, told)


def _needed(group: Mapping[str, StoredTensor], ending: str) -> StoredTensor:
    if ending not in group:
        raise FormatError(f"a packed tensor without its {ending.lstrip('._')}")
    return group[ending]


def _states(view: View, groups: Iterable[Mapping[str, StoredTensor]]) -> Mapping[str, bytes | ReadError]:
    """The settings that bitsandbytes keeps beside each 4-bit matrix, by base name, read in one batch."""
    wanted: list[tuple[str, StoredTensor]] = []
    for group in groups:
        state = group.get(".quant_state")
        if state is not None and state.nbytes <= layouts.MAX_STATE and len(wanted) < MAX_STATES:
            wanted.append((_split(state.name)[0], state))
    ranges = [Range(item.place.path, item.place.offset, item.nbytes) for _, item in wanted]
    answers: Sequence[bytes | ReadError] = view.read_many(ranges) if ranges else ()
    return {base: answer for (base, _), answer in zip(wanted, answers, strict=True)}
