"""Read the wheels of vLLM and SGLang as data: the classes and model types that they serve, by `ast` alone."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aibom.formats.notices import find_notices

_LINK = re.compile(r"huggingface\.co/([\w.-]+/[\w.-]*\w)")
_TASK = re.compile(
    r"(For[A-Z]\w+|_?Model|ChatModel|LMHeadModel|ModelLM|V?LM)$|(Text|Vision|Audio|AudioEncoder|Thinker)?_?Config$"
)
_DRAFT = re.compile(
    r"(MTP|NextN|Eagle\d?|DSpark|Draft\w*)(Model|Config)?$|^(Transformers|TorchNative|MindSpore|Quant|DFlash|DSpark|Eagle3)"
)
"""Drafting heads of other models, and classes that stand for any model."""


@dataclass(frozen=True, slots=True)
class Served:
    """A class that an engine serves, or a configuration class with its `model_type`.

    `checkpoint` is one that its module links to and whose name begins as the class's does.
    """

    name: str
    model_type: str | None
    checkpoint: str | None
    holders: tuple[str, ...]

    @property
    def stem(self) -> str:
        """`kimik3` of `KimiK3ForConditionalGeneration` and of `KimiK3VisionConfig`."""
        return stem_of(self.name)


def read_vllm(wheel: Path) -> tuple[Served, ...]:
    """The tables of vLLM's registry, drafting heads aside, and its configuration classes."""
    texts = _texts(wheel, "vllm/")
    models = "vllm/model_executor/models/"
    found = [
        served(name, texts.get(f"{models}{module}.py", ""))
        for table, name, module in _tables(texts[f"{models}registry.py"])
        if not _DRAFT.search(name) and not table.startswith(("_SPECULATIVE", "_TRANSFORMERS"))
    ]
    return _sorted([*found, *_configurations(texts, "vllm/transformers_utils/configs/")])


def read_sglang(wheel: Path) -> tuple[Served, ...]:
    """The `EntryClass` of every model file of SGLang, drafting heads aside, and its configuration classes."""
    texts = _texts(wheel, "sglang/srt/")
    found = [
        served(name, text)
        for path, text in texts.items()
        if path.startswith("sglang/srt/models/")
        for name in _entry_classes(text)
        if not _DRAFT.search(name)
    ]
    return _sorted([*found, *_configurations(texts, "sglang/srt/configs/")])


def letters(name: str) -> str:
    """Letters and digits alone, in small letters: how names of one family agree across spellings."""
    return re.sub(r"[^0-9a-z]", "", name.casefold())


def stem_of(name: str) -> str:
    """What names of one family have in common: the letters before the task or the kind of configuration."""
    return letters(_TASK.sub("", name))


def served(name: str, text: str, model_type: str | None = None) -> Served:
    """What a module's text says of a class of it."""
    holders = {holder for line in find_notices(text) for holder in line.holders}
    own = Served(name, model_type, None, tuple(sorted(holders)))
    linked = (link for link in _LINK.findall(text) if _is_of(link, own.stem))
    return Served(name, model_type, next(linked, None), own.holders)


def _is_of(checkpoint: str, stem: str) -> bool:
    """Whether a repository's name begins as a class's does, by six letters or the whole stem."""
    return len(stem) > 3 and letters(checkpoint.split("/")[1]).startswith(stem[:6])


def _texts(wheel: Path, folder: str) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name).decode("utf-8")
            for name in sorted(archive.namelist())
            if name.startswith(folder) and name.endswith(".py")
        }


def _tables(text: str) -> Iterator[tuple[str, str, str]]:
    """(table, class, module) of every `_…_MODELS = {"Class": ("module", "Class")}`."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            table = next((item.id for item in node.targets if isinstance(item, ast.Name)), "")
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple):
                    module = value.elts[0]
                    yield table, str(key.value), str(getattr(module, "value", ""))


def _entry_classes(text: str) -> list[str]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(item, ast.Name) and item.id == "EntryClass" for item in node.targets
        ):
            return [item.id for item in ast.walk(node.value) if isinstance(item, ast.Name)]
    return []


def _configurations(texts: Mapping[str, str], folder: str) -> Iterator[Served]:
    for path, text in texts.items():
        for node in ast.parse(text).body if path.startswith(folder) else ():
            if (
                isinstance(node, ast.ClassDef)
                and node.name.endswith("Config")
                and not _DRAFT.search(node.name)
            ):
                model_type = _model_type(node)
                if model_type:
                    yield served(node.name, text, model_type)


def _model_type(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="model_type")], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id="model_type"), value=ast.Constant(value=str(text)))
            ):
                return text
    return None


def _sorted(found: list[Served]) -> tuple[Served, ...]:
    return tuple(sorted(found, key=lambda item: (item.name, item.model_type or "")))
