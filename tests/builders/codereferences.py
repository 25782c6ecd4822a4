"""Reference prints of the tests' own, through the builder and the reader that the shipped ones go through."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from aibom.catalog import CodePrints
from aibom.catalog.code_prints import decode
from aibom.formats.codeprint import code_prints
from aibom.model import CodePrint

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from transformers_code import payload

CONFIGURATION = 'class Config(PreTrainedConfig):\n    model_type = "{}"\n'


def wheel(folder: Path, families: Mapping[str, str], version: str = "9.9.9") -> Path:
    """A wheel that holds the modelling code of each family, by model type."""
    path = folder / f"transformers-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in families.items():
            place = f"transformers/models/{name}"
            archive.writestr(f"{place}/configuration_{name}.py", CONFIGURATION.format(name))
            archive.writestr(f"{place}/modeling_{name}.py", text)
    return path


def references(folder: Path, families: Mapping[str, tuple[str, str]]) -> CodePrints:
    """Prints of families: model type to day and code."""
    built = wheel(folder, {name: text for name, (_, text) in families.items()})
    body, _ = payload([built], {name: day for name, (day, _) in families.items()})
    return decode(b"{}\n" + body)


def emitted(text: str, path: str = "modeling_x.py", part: str = "remote-code") -> tuple[CodePrint, ...]:
    """What an inspector emits for a module."""
    return tuple(
        CodePrint(part, path, unit.name or "modeling_x", unit.fingerprints, unit.tokens, unit.line)
        for unit in code_prints(text)
        if unit.fingerprints
    )
