"""Prints of Python code: what a class does, with every name of its own masked. Nothing is run.

The syntax tree of each function is written as a stream of tokens in which formatting, comments,
docstrings, annotations and decorators do not occur, the program's own names are one symbol, and only
names of Python and of tensor libraries stay. Hashes of all runs of `K` tokens are thinned by winnowing
(Schleimer, Wilkerson and Aiken 2003): of each `W` neighbours the least is kept. The prints of a class are the
set over its functions, so that order does not matter, and renaming changes nothing.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aibom.errors import ReadError
from aibom.formats.pysource import parse_source
from aibom.formats.text import clean

K = 25
"""Tokens of one run; shorter functions give one print over all of their tokens."""
W = 8
"""Neighbouring runs of which one is kept."""
MIN_TOKENS = 12
"""Functions with fewer tokens give no print: accessors are alike everywhere."""
MAX_UNITS = 2_000
"""Classes of one module."""

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_UNSEEN = frozenset({"annotation", "returns", "decorator_list", "type_params", "type_comment", "ctx"})

_NAMES = """
abs all any bool dict enumerate float getattr hasattr int isinstance len list max min range reversed
round set setattr sorted sum super tuple zip append extend items keys values pop get update
torch nn functional np numpy math einops
Module ModuleList Sequential Parameter Identity Linear Embedding LayerNorm RMSNorm GroupNorm BatchNorm1d
BatchNorm2d Dropout Dropout2d Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d MaxPool2d
AdaptiveAvgPool2d ReLU GELU SiLU Sigmoid Tanh Softmax CrossEntropyLoss MSELoss BCEWithLogitsLoss
MultiheadAttention
arange argmax argsort as_tensor bincount bmm broadcast_to cat chunk clamp clone concat conv1d contiguous
cos cumsum cumprod detach diff div dropout einsum embedding empty eye exp expand expand_as finfo flatten
flip full full_like gather gelu histc index_add_ index_select inf interpolate layer_norm linear linspace
log log2 logsumexp masked_fill masked_fill_ masked_scatter matmul mean meshgrid nonzero norm normalize
numel one_hot ones ones_like outer pad permute polar pow prod rand randn relu repeat repeat_interleave
reshape roll rsqrt
scaled_dot_product_attention scatter scatter_ scatter_add scatter_add_ sigmoid silu sin size softmax
softplus sort split sqrt squeeze stack sum tanh tensor tolist topk transpose tril triu type_as unbind
unflatten unfold unsqueeze view where zeros zeros_like
float32 float16 bfloat16 int64 int32 long device dtype shape
"""
KEPT = frozenset(_NAMES.split())
"""Names that no author of a model chose: of Python, and of the libraries that networks are written with."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The prints of one class, or of a whole module where `name` and `line` are None.

    `fingerprints` are sorted, distinct and below 2³²; `tokens` is how many they were taken from.
    """

    name: str | None
    line: int | None
    fingerprints: tuple[int, ...]
    tokens: int


def code_prints(text: str) -> tuple[Unit, ...]:
    """The module's prints, then those of its classes by line; () for what is too long or no Python.

    Why a file cannot be read is what `pysource.read_source` tells.
    """
    try:
        tree = parse_source(text, "")
    except ReadError:
        return ()
    classes = [_unit(node) for node in tree.body if isinstance(node, ast.ClassDef)][:MAX_UNITS]
    loose = [_function(node) for node in tree.body if isinstance(node, _Definition)]
    prints = {value for unit in classes for value in unit.fingerprints}
    prints.update(value for values, _ in loose for value in values)
    tokens = sum(unit.tokens for unit in classes) + sum(count for _, count in loose)
    return (Unit(None, None, tuple(sorted(prints)), tokens), *classes)


def _unit(node: ast.ClassDef) -> Unit:
    functions = [_function(item) for item in node.body if isinstance(item, _Definition)]
    inner = [_unit(item) for item in node.body if isinstance(item, ast.ClassDef)]
    prints = {value for values, _ in functions for value in values}
    prints.update(value for unit in inner for value in unit.fingerprints)
    tokens = sum(count for _, count in functions) + sum(unit.tokens for unit in inner)
    return Unit(clean(node.name), node.lineno, tuple(sorted(prints)), tokens)


def _function(node: _Definition) -> tuple[set[int], int]:
    stream = list(_tokens(node))
    return _winnow(stream), len(stream)


def _tokens(root: ast.AST) -> Iterator[bytes]:
    """The tree in preorder; a stack, since a chain of operators may be deeper than Python's."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield _code(_word(node))
        waiting.extend(reversed(_children(node)))


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
        return [node.func]
    found: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name not in _UNSEEN:
            items = value if isinstance(value, list) else [value]
            found += [item for item in items if isinstance(item, ast.AST) and not _is_text(item)]
    return found


def _is_text(node: ast.AST) -> bool:
    """A docstring, or another text that stands by itself."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _word(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id if node.id in KEPT else "name"
    if isinstance(node, ast.Attribute):
        return f".{node.attr}" if node.attr in KEPT else ".name"
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    return "Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__


def _constant(value: object) -> str:
    """Small whole numbers, truth values and None stand for themselves; texts and others for their kind."""
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10):
        return repr(value)
    return type(value).__name__


@lru_cache(maxsize=4096)
def _code(word: str) -> bytes:
    return hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=3).digest()


def _winnow(stream: Sequence[bytes]) -> set[int]:
    if len(stream) < MIN_TOKENS:
        return set()
    width = len(stream[0])
    text = b"".join(stream)
    runs = max(len(stream) - K + 1, 1)
    hashes = [_hash(text[start * width : (start + K) * width]) for start in range(runs)]
    return {min(hashes[start : start + W]) for start in range(max(runs - W + 1, 1))}


def _hash(run: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(run, digest_size=4).digest(), "big")
