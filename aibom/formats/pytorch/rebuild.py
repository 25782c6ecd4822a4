"""From a described pickle to the tensors that a load would rebuild.

Source of the functions' arguments: `torch/_utils.py`, `torch/storage.py`, `numpy/_core/multiarray`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from aibom.errors import FormatError
from aibom.formats.pickle import Global, Node
from aibom.formats.safetensors import BITS
from aibom.formats.tables import MAX_ELEMENTS, Row, checked_shape

MAX_ROWS: Final = 200_000
MAX_PATH: Final = 60
"""Levels of a checkpoint's dicts and modules."""
MAX_NAME: Final = 1_000

_STRIDED: Final = (
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_qtensor",
)
_WRAPPERS: Final = ("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state")
_SUBCLASS: Final = ("torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type")
_META: Final = ("torch._utils._rebuild_meta_tensor_no_storage",)
_ARRAYS: Final = ("numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct")
_NESTED: Final = "torch.storage._load_from_bytes"
"""How `pickle` itself, without torch's own archive, keeps a storage: as a further pickle, not walked."""
_REBUILT: Final = "torch._utils._rebuild_"
"""How the names of functions begin that make a tensor when a checkpoint is loaded."""
_INNER: Final = frozenset({"_parameters", "_buffers", "_modules"})
"""Attributes of a module that stand between its name and that of its tensors."""

_DTYPES: Final = {
    **{"Double": "F64", "Float": "F32", "Half": "F16", "BFloat16": "BF16", "Long": "I64", "Int": "I32"},
    **{"Short": "I16", "Char": "I8", "Byte": "U8", "Bool": "BOOL", "ComplexFloat": "C64"},
    **{"ComplexDouble": "C128", "QInt8": "QI8", "QUInt8": "QU8", "QInt32": "QI32", "Untyped": "U8"},
    **{"float64": "F64", "double": "F64", "float32": "F32", "float": "F32", "float16": "F16", "half": "F16"},
    **{"bfloat16": "BF16", "int64": "I64", "long": "I64", "int32": "I32", "int": "I32", "int16": "I16"},
    **{"short": "I16", "int8": "I8", "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64"},
    **{"bool": "BOOL", "complex64": "C64", "complex128": "C128", "float8_e4m3fn": "F8_E4M3"},
    **{"float8_e5m2": "F8_E5M2", "float8_e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2fnuz": "F8_E5M2FNUZ"},
    **{"float8_e8m0fnu": "F8_E8M0", "float4_e2m1fn_x2": "F4"},
}
"""Storage classes without their ending, and dtypes, in the words of safetensors."""
_BITS: Final = {**BITS, "C128": 128, "QI8": 8, "QU8": 8, "QI32": 32}
_NUMPY: Final = {
    **{"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8"},
    **{"u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "b1": "BOOL", "c8": "C64", "c16": "C128"},
}


def torch_dtype(name: str) -> str:
    """The name of a type (`bfloat16`) in the words of safetensors, or the name itself."""
    return _DTYPES.get(name, name[:40])


def numpy_dtype(code: str) -> str:
    """NumPy's type code (`<f4`) in the words of safetensors, or the code itself."""
    return _NUMPY.get(code.lstrip("<>=|"), code)


def rows(value: Any) -> Iterator[Row]:
    """Every tensor below a described object, named by the keys that lead to it.

    Raises:
        FormatError: a tensor whose arguments make none, more tensors than a model has, or, at the end, that
            some are made in a way that is not described.
    """
    pending: list[tuple[str, int, Any]] = [("", 0, value)]
    opened: set[int] = set()
    count = 0
    others: set[str] = set()
    while pending:
        name, depth, item = pending.pop()
        found = _tensor(name, item)
        if found is None and isinstance(item, Node) and isinstance(item.function, Global):
            others.add(str(item.function))
        if found is not None:
            count += 1
            if count > MAX_ROWS:
                raise FormatError(f"over {MAX_ROWS:,} tensors in one pickle")
            yield found
        elif isinstance(item, (Node, tuple)) and id(item) not in opened and depth < MAX_PATH:
            opened.add(id(item))
            for step, child in _children(item):
                below = f"{name}.{step}" if name and step else name or step
                pending.append((below[:MAX_NAME], depth + 1, child))
    makers = sorted(name for name in others if name.startswith(_REBUILT))
    if makers:
        raise FormatError(f"tensors made by {', '.join(makers)[:MAX_NAME]} are not described")


def _children(item: Node | tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """What an object holds, by key, attribute or number; empty where it holds it under its own name."""
    if isinstance(item, tuple):
        yield from ((str(at), child) for at, child in enumerate(item))
        return
    yield from ((str(at), child) for at, child in enumerate(item.items or ()))
    for key, child in item.pairs or ():
        if isinstance(key, (str, int)):
            yield "" if key in _INNER else str(key), child
    if item.kind == "call":
        yield "", item.state
        yield "", item.arguments


def _tensor(name: str, item: Any) -> Row | None:
    """The tensor that a call rebuilds, or None where it rebuilds something else."""
    for _ in range(MAX_PATH):
        if not isinstance(item, Node) or item.kind != "call":
            return None
        arguments = item.arguments if isinstance(item.arguments, tuple) else ()
        if item.calls(*_WRAPPERS) and arguments:
            item = arguments[0]
        elif item.calls(*_SUBCLASS) and len(arguments) > 2:
            item = Node("call", arguments[0], arguments[2])
        else:
            return _called(name, item, arguments)
    return None


def _called(name: str, item: Node, arguments: Sequence[Any]) -> Row | None:
    if item.calls(*_STRIDED) and len(arguments) > 3:
        given = arguments[6] if item.calls("torch._utils._rebuild_tensor_v3") and len(arguments) > 6 else None
        return _strided(name, arguments, given)
    if item.calls(*_META) and len(arguments) > 1:
        return Row(name, _dtype(arguments[0]), checked_shape(arguments[1], "a tensor"))
    if item.calls(*_ARRAYS):
        return _array(name, item.state)
    return None


def _strided(name: str, arguments: Sequence[Any], dtype: Any) -> Row:
    """A view of a storage: which one, from where on, and of what shape."""
    storage, offset, sizes = arguments[:3]
    if isinstance(storage, Node) and storage.calls(_NESTED):
        return Row(name, "unknown", checked_shape(sizes, "a tensor"))
    reference = storage.arguments if isinstance(storage, Node) and storage.kind == "persistent" else ()
    if not isinstance(reference, tuple) or len(reference) < 3 or reference[0] != "storage":
        raise FormatError("a tensor names no storage")
    key = reference[2]
    if not isinstance(key, (str, int)) or not isinstance(offset, int):
        raise FormatError("a tensor names no storage")
    word = _dtype(reference[1] if dtype is None else dtype)
    shape = checked_shape(sizes, "a tensor")
    return Row(name, word, shape, f"{key}@{offset}", _strides(arguments[3]), _stored(reference))


def _stored(reference: tuple[Any, ...]) -> int:
    """Bytes of a storage by its reference: kind, type, key, device, elements."""
    elements = reference[4] if len(reference) > 4 else 0
    whole = type(elements) is int and 0 <= elements <= MAX_ELEMENTS
    return elements * _BITS.get(_dtype(reference[1]), 0) // 8 if whole else 0


def _strides(value: Any) -> tuple[int, ...] | None:
    whole = isinstance(value, (tuple, list)) and all(type(step) is int for step in value)
    return tuple(value) if whole else None


def _dtype(item: Any) -> str:
    if not isinstance(item, Global):
        return "unknown"
    return torch_dtype(item.name.removesuffix("Storage"))


def _array(name: str, state: Any) -> Row | None:
    """A NumPy array: version, shape, dtype, order and data are its state."""
    if not isinstance(state, tuple) or len(state) < 3:
        return None
    kind = state[2].arguments if isinstance(state[2], Node) else ()
    code = kind[0] if isinstance(kind, tuple) and kind and isinstance(kind[0], str) else "unknown"
    return Row(name, numpy_dtype(code), checked_shape(state[1], "an array"))
