"""Read the timm wheel as data: the names of its models, by `ast` alone; nothing of it is imported."""

from __future__ import annotations

import ast
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_FOLDER = PurePosixPath("timm/models")
_ACCOUNT = re.compile(r"(?:github\.com|huggingface\.co)/([\w.-]+)/")


@dataclass(frozen=True, slots=True)
class Module:
    """One module of `timm.models`: the models that it registers, and the accounts that it links to."""

    name: str
    models: tuple[str, ...]
    accounts: frozenset[str]


def read_modules(wheel: Path) -> tuple[Module, ...]:
    """Every module that registers a model, sorted by name."""
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            PurePosixPath(name).stem: archive.read(name).decode("utf-8")
            for name in sorted(archive.namelist())
            if PurePosixPath(name).parent == _FOLDER and name.endswith(".py")
        }
    modules = (
        Module(name, _registered(text), frozenset(_ACCOUNT.findall(text))) for name, text in texts.items()
    )
    return tuple(module for module in modules if module.models)


def _registered(text: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            node.name
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef)
            and any(
                isinstance(item, ast.Name) and item.id == "register_model" for item in node.decorator_list
            )
        )
    )
