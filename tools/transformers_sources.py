"""Read the transformers wheel as data: its model folders, by `ast` alone; nothing of it is imported."""

from __future__ import annotations

import ast
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aibom.formats.notices import find_notices

ROOT = PurePosixPath("transformers/models")
_CHECKPOINT_LINK = re.compile(r"\[?\[?([\w.-]+/[\w.-]+)\]?\(https://huggingface\.co/\1/?\)")
_TOP = re.compile(r"(Model|For[A-Z]\w+)$")
_SUB_CONFIGURATION = re.compile(r"(Text|Vision|Audio)?Config$")
_KINDS = ("configuration_", "modeling_", "modular_")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration class: its `model_type`, and the checkpoint that its docstring names."""

    name: str
    model_type: str
    checkpoint: str | None
    nested: bool
    """Whether it sits inside another configuration (it has a `base_config_key`)."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder under `transformers/models`."""

    name: str
    configurations: tuple[Configuration, ...]
    classes: tuple[str, ...]
    modules: tuple[str, ...]
    holders: tuple[str, ...]
    """Who its copyright notices name; a check on the checkpoint, never the source."""

    @property
    def main(self) -> Configuration | None:
        """The configuration that the folder is about."""
        return min(
            self.configurations,
            key=lambda item: (
                item.model_type != self.name,
                item.nested,
                len(item.model_type),
                item.model_type,
            ),
            default=None,
        )

    @property
    def checkpoint(self) -> str | None:
        """The main configuration's checkpoint, else the first that another one names."""
        named = [item.checkpoint for item in self.configurations if item.checkpoint]
        return (self.main and self.main.checkpoint) or next(iter(named), None)


def read_folders(wheel: Path) -> tuple[Folder, ...]:
    """Every model folder that defines a `model_type`, sorted by name."""
    with zipfile.ZipFile(wheel) as archive:
        sources: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.parent.parent == ROOT and path.suffix == ".py" and path.name.startswith(_KINDS):
                sources[path.parent.name].append((path.stem, archive.read(name).decode("utf-8")))
    folders = (_folder(name, modules) for name, modules in sorted(sources.items()))
    return tuple(folder for folder in folders if folder.configurations)


def _folder(name: str, modules: list[tuple[str, str]]) -> Folder:
    configurations: dict[str, Configuration] = {}
    classes: set[str] = set()
    holders: set[str] = set()
    for _, text in modules:
        holders.update(holder for line in find_notices(text) for holder in line.holders)
        for node in ast.parse(text).body:
            if not isinstance(node, ast.ClassDef):
                continue
            if not node.name.startswith("_"):
                classes.add(node.name)
            model_type = _string(node, "model_type")
            if model_type:
                found = Configuration(
                    node.name, model_type, _checkpoint(node), _string(node, "base_config_key") is not None
                )
                configurations.setdefault(node.name, found)
    return Folder(
        name=name,
        configurations=tuple(configurations[key] for key in sorted(configurations)),
        classes=tuple(sorted(_distinctive(classes, {name, *configurations}))),
        modules=tuple(sorted({_stem(stem) for stem, _ in modules})),
        holders=tuple(sorted(holders)),
    )


def _distinctive(classes: set[str], names: set[str]) -> set[str]:
    """Whole models, and classes that carry the family's name; `Attention` or `PatchMerger` name nobody."""
    stems = tuple(filter(None, (_letters(_SUB_CONFIGURATION.sub("", name)) for name in names)))
    return {name for name in classes if _TOP.search(name) or _letters(name).startswith(stems)}


def _letters(name: str) -> str:
    return name.replace("_", "").casefold()


def _stem(module: str) -> str:
    return module.split("_", 1)[1]


def _string(node: ast.ClassDef, attribute: str) -> str | None:
    """The text that a class body assigns to `attribute`."""
    for statement in node.body:
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        value = getattr(statement, "value", None)
        named = any(isinstance(target, ast.Name) and target.id == attribute for target in targets)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def _checkpoint(node: ast.ClassDef) -> str | None:
    """`auto_docstring(checkpoint="org/name")`, else the first link to a repository in the docstring."""
    for text in _decorator_checkpoints(node):
        return text
    link = _CHECKPOINT_LINK.search(ast.get_docstring(node) or "")
    return link.group(1) if link else None


def _decorator_checkpoints(node: ast.ClassDef) -> Iterator[str]:
    calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    for keyword in (keyword for call in calls for keyword in call.keywords):
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "checkpoint" and isinstance(value, str) and "/" in value:
            yield value
