"""Edits a module as someone would who hides where it came from."""

from __future__ import annotations

import ast
import random

from aibom.formats.codeprint import KEPT

DROPPED = 0.2
"""The share of methods that an edit drops."""


def edited(text: str, draw: random.Random, *, dropped: float = DROPPED) -> str:
    """The module with its own names changed, texts and comments gone, methods dropped, order shuffled."""
    tree = ast.parse(text)
    names = {name: f"v{number}" for number, name in enumerate(sorted(_own_names(tree)))}
    tree = _Renamed(names).visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            _thin(node, draw, dropped)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            node.body = [item for item in node.body if not _is_text(item)] or [ast.Pass()]
    classes = [item for item in tree.body if isinstance(item, ast.ClassDef | ast.FunctionDef)]
    others = [item for item in tree.body if item not in classes]
    draw.shuffle(classes)
    tree.body = [*others, *classes]
    return ast.unparse(ast.fix_missing_locations(tree))


def _thin(node: ast.ClassDef, draw: random.Random, dropped: float) -> None:
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    kept = [item for item in methods if draw.random() >= dropped] or methods[:1]
    draw.shuffle(kept)
    node.body = [item for item in node.body if item not in methods] + kept or [ast.Pass()]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _own_names(tree: ast.Module) -> set[str]:
    """Classes, functions, parameters, variables and attributes that the module itself sets."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return {name for name in found if name not in KEPT and not name.startswith("__") and name != "self"}


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                setattr(node, field, self._names.get(value, value))
        return super().generic_visit(node)
