"""Python source as data: which classes it defines, what they inherit, what it imports. Never run."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from aibom.formats.text import clean

MAX_SOURCE = 2 * 1024 * 1024
"""Characters of one source file; transformers' longest modelling file is about 0.3 MiB."""
MAX_NODES = 500_000
"""Syntax nodes of one file."""


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


def read_source(text: str, path: str) -> SourceFacts:
    """Classes and imports of a Python file, at any depth of nesting. Never raises."""
    if len(text) > MAX_SOURCE:
        return SourceFacts(error=f"{path}: source longer than {MAX_SOURCE:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return SourceFacts(error=f"{path}: line {error.lineno or 1}: {clean(error.msg or 'invalid syntax')}")
    except (ValueError, RecursionError, MemoryError) as error:
        return SourceFacts(error=f"{path}: cannot be parsed: {clean(str(error)) or 'nested too deep'}")
    classes: list[ClassDef] = []
    imports: list[Import] = []
    for count, node in enumerate(ast.walk(tree)):
        if count > MAX_NODES:
            return SourceFacts(error=f"{path}: more than {MAX_NODES:,} syntax nodes")
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
