"""Python source as data: which classes it defines, what they inherit, what it imports. Never run."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from itertools import islice

from aibom.errors import FormatError, LimitError, ReadError
from aibom.formats.text import clean

MAX_SOURCE = 2 * 1024 * 1024
"""Characters of one source file; transformers' longest modelling file is about 0.3 MiB."""
MAX_TOKENS = 60_000
"""Words, signs and line ends of one file; transformers' longest modelling file has 38,000. One may take
0.9 kB in Python's parser, which so stays near 50 MB whatever the file."""

_TOKEN = re.compile(r"\w+|[^\w \t]")


@dataclass(frozen=True, slots=True)
class ClassDef:
    """A class: its bases as dotted names as written, the line counted from 1."""

    name: str
    bases: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import names`, or `import module` with no names; leading dots are relative levels."""

    module: str
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What was read, in the order of lines; `error` says why nothing was, where that is so."""

    classes: tuple[ClassDef, ...] = ()
    imports: tuple[Import, ...] = ()
    error: str | None = None


def parse_source(text: str, path: str) -> ast.Module:
    """The syntax tree.

    Raises:
        LimitError: longer than any modelling file.
        FormatError: no Python, or nested deeper than its parser goes.
    """
    if len(text) > MAX_SOURCE:
        raise LimitError(f"{path}: source longer than {MAX_SOURCE:,} characters", limit="source length")
    if next(islice(_TOKEN.finditer(text), MAX_TOKENS, None), None) is not None:
        raise LimitError(f"{path}: source of more than {MAX_TOKENS:,} words and signs", limit="source tokens")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        line = error.lineno or 1
        raise FormatError(f"{path}: line {line}: {clean(error.msg or 'invalid syntax')}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormatError(f"{path}: cannot be parsed: {clean(str(error)) or 'nested too deep'}") from None


def read_source(text: str, path: str) -> SourceFacts:
    """Classes and imports of a Python file, at any depth of nesting. Never raises."""
    try:
        tree = parse_source(text, path)
    except ReadError as error:
        return SourceFacts(error=error.message)
    classes: list[ClassDef] = []
    imports: list[Import] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            classes.append(ClassDef(clean(node.name), _bases(node), node.lineno))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imports.append(Import(clean(module), _names(node), node.lineno))
        elif isinstance(node, ast.Import):
            imports += [Import(clean(alias.name), (), node.lineno) for alias in node.names]
    return SourceFacts(
        tuple(sorted(classes, key=lambda item: (item.line, item.name))),
        tuple(sorted(imports, key=lambda item: (item.line, item.module))),
    )


def _names(node: ast.ImportFrom) -> tuple[str, ...]:
    return tuple(clean(alias.name) for alias in node.names)


def _bases(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(name for base in node.bases if (name := _dotted(base)))


def _dotted(node: ast.expr) -> str:
    """`a.b.C` for attribute chains, through `Generic[T]`; empty for anything computed."""
    pieces: list[str] = []
    while True:
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Attribute):
            pieces.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            pieces.append(node.id)
            return clean(".".join(reversed(pieces)))
        else:
            return ""
