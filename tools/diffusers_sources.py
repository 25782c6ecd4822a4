"""Read the diffusers wheel as data: its networks, by `ast` alone; nothing of it is imported."""

from __future__ import annotations

import ast
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aibom.formats.notices import find_notices

_MODELS = "diffusers/models/"
_PIPELINES = "diffusers/pipelines/"
_LOADED = re.compile(r"from_pretrained\(\s*[\"']([\w.-]+/[\w.-]+)[\"']")


@dataclass(frozen=True, slots=True)
class Network:
    """A class of `diffusers.models` that a pipeline can hold as a component.

    `holders` are those of its module's notices; `checkpoints` those that the examples of the pipelines load
    whose constructors take it, and those of its own module's examples.
    """

    name: str
    holders: tuple[str, ...]
    checkpoints: tuple[str, ...]


def read_networks(wheel: Path) -> tuple[Network, ...]:
    """Every network, sorted by name."""
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            name: archive.read(name).decode("utf-8")
            for name in sorted(archive.namelist())
            if name.startswith((_MODELS, _PIPELINES)) and name.endswith(".py")
        }
    loaded = _loaded(text for name, text in texts.items() if name.startswith(_PIPELINES))
    found = {
        node.name: Network(
            node.name,
            tuple(sorted({holder for line in find_notices(text) for holder in line.holders})),
            tuple(sorted({*loaded[node.name], *_checkpoints(ast.get_docstring(node) or "")})),
        )
        for name, text in texts.items()
        if name.startswith(_MODELS)
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef)
        and "ModelMixin" in _names(node.bases)
        and not node.name.endswith("Mixin")
    }
    return tuple(found[name] for name in sorted(found))


def _loaded(pipelines: Iterable[str]) -> dict[str, set[str]]:
    """Class → checkpoints that the examples of pipelines load whose constructors are annotated with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for text in pipelines:
        checkpoints = set(_checkpoints(text))
        for node in ast.parse(text).body if checkpoints else ():
            for name in _components(node):
                found[name] |= checkpoints
    return found


def _components(node: ast.stmt) -> Iterator[str]:
    """The names in the annotations of a pipeline's constructor."""
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                arguments = (*statement.args.args, *statement.args.kwonlyargs)
                yield from _names(each.annotation for each in arguments if each.annotation)


def _names(expressions: Iterable[ast.expr]) -> set[str]:
    nodes = [node for expression in expressions for node in ast.walk(expression)]
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _checkpoints(text: str) -> list[str]:
    return _LOADED.findall(text)
