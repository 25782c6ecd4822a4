"""Which classes of the transformers wheel are made from another family's: by `ast` and notes, never imported.

Two sources: a class of `modular_*.py` whose base is imported from another model folder, and the note
`# Copied from transformers.models.<folder>.<module>.<Class>` above a class or a method.
"""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from transformers_sources import ROOT, read_folders

_COPIED = re.compile(
    r"\s*# Copied from transformers\.models\.(\w+)\.(?:modeling|modular|configuration)\w*\.(\w+)"
)


@dataclass(frozen=True, slots=True, order=True)
class Relative:
    """One class made from another: folders as in the wheel, `kind` is `inherits` or `copied`."""

    folder: str
    name: str
    parent_folder: str
    parent_name: str
    kind: str


def read_relatives(wheel: Path) -> tuple[Relative, ...]:
    """Every edge of the wheel between two model folders, sorted and distinct."""
    found: set[Relative] = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            path = PurePosixPath(name)
            if path.parent.parent != ROOT or path.suffix != ".py":
                continue
            if path.name.startswith("modular_"):
                found.update(_inherits(path.parent.name, archive.read(name).decode("utf-8")))
            elif path.name.startswith("modeling_"):
                found.update(_copied(path.parent.name, archive.read(name).decode("utf-8")))
    return tuple(sorted(found))


def model_types(wheel: Path) -> dict[str, str]:
    """The main model type of each model folder that has one."""
    return {folder.name: folder.main.model_type for folder in read_folders(wheel) if folder.main}


def _inherits(folder: str, text: str) -> Iterator[Relative]:
    tree = ast.parse(text)
    origin: dict[str, tuple[str, str]] = {}
    for statement in tree.body:
        source = _folder_of(statement) if isinstance(statement, ast.ImportFrom) else None
        if source is not None and isinstance(statement, ast.ImportFrom):
            origin |= {alias.asname or alias.name: (source, alias.name) for alias in statement.names}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if isinstance(base, ast.Name) and base.id in origin and origin[base.id][0] != folder:
                    yield Relative(folder, node.name, *origin[base.id], "inherits")


def _folder_of(statement: ast.ImportFrom) -> str | None:
    """`glm4_moe` for `..glm4_moe.modeling_glm4_moe`, `...models.glm4_moe.…` and the absolute form."""
    pieces = (statement.module or "").split(".")
    if statement.level == 2:
        return pieces[0] or None
    if "models" in pieces[:2] and len(pieces) > pieces.index("models") + 1:
        return pieces[pieces.index("models") + 1]
    return None


def _copied(folder: str, text: str) -> Iterator[Relative]:
    """A note counts for the class that it stands above, or that holds the method it stands above."""
    classes = [
        (min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno or 0, node.name)
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef)
    ]
    for count, line in enumerate(text.splitlines(), 1):
        note = _COPIED.match(line)
        if note is None or note.group(1) == folder:
            continue
        for start, end, name in classes:
            if start - 1 <= count <= end:
                yield Relative(folder, name, note.group(1), note.group(2), "copied")
