"""Which folders of a target are networks, and what each is within the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from aibom.formats.text import JsonValue, as_dict
from aibom.model import Declaration, Observation, Part, Role, Stage, Unknown
from aibom_huggingface.adapters import inspect_adapter, is_adapter
from aibom_huggingface.checkpoints import Checkpoint
from aibom_huggingface.declared import DeclaredParts
from aibom_huggingface.pipelines import (
    COMPONENT_ROLES,
    Component,
    component_declarations,
    diffusion_components,
    pooling_part,
    sentence_modules,
)
from aibom_huggingface.reading import Reader
from aibom_huggingface.slots import named, slot, slug
from aibom_huggingface.units import Unit, inspect_unit

MAX_UNITS = 64
"""Folders with a network of their own; real repositories hold about ten."""

Found = Part | Declaration | Observation | Unknown

_EXPORTS = re.compile(
    r"(?:onnx|openvino|gguf|coreml|tflite|original|metal|trt\w*|\.\w+)(?:/.*)?", re.IGNORECASE
)
"""Folders that hold the same model for another run time."""


def inspect_networks(reader: Reader, checkpoints: Iterable[Checkpoint]) -> Iterator[Found]:
    """Every network of the target: pipeline components, the root, adapters, and other folders."""
    folders: dict[str, list[Checkpoint]] = {}
    for item in checkpoints:
        folders.setdefault(item.folder, []).append(item)
    yield from _adapters(reader, folders)
    yield from _pipeline(reader, folders)
    yield from _sentence(reader, folders)
    root = folders.pop("", [])
    config = reader.mapping("config.json")
    if config or root:
        yield from inspect_unit(Unit("config.json", config or None, tuple(root)))
    yield from _rest(reader, folders, root, alone=not config and not root)


def _adapters(reader: Reader, folders: dict[str, list[Checkpoint]]) -> Iterator[Found]:
    configs = {path.rpartition("/")[0]: path for path in reader.view.glob("**/adapter_config.json")}
    marked = {folder for folder, held in folders.items() if any(is_adapter(item) for item in held)}
    for folder in sorted({*configs, *marked})[:MAX_UNITS]:
        held = folders.get(folder, [])
        mine = [item for item in held if is_adapter(item)]
        folders[folder] = [item for item in held if not is_adapter(item)]
        path = configs.get(folder)
        yield from inspect_adapter(folder, path, reader.mapping(path) if path else {}, mine)


def _pipeline(reader: Reader, folders: dict[str, list[Checkpoint]]) -> Iterator[Found]:
    path = "model_index.json"
    components = diffusion_components(path, reader.mapping(path))
    yield from component_declarations(components)
    for item in components:
        yield from _component(reader, item, folders.pop(item.folder, []))


def _component(reader: Reader, item: Component, held: list[Checkpoint]) -> Iterator[Found]:
    """A component is declared by the pipeline, even where its folder is empty."""
    path = f"{item.folder}/config.json"
    declared = DeclaredParts()
    declared.add(item.slot, item.locator, firm=True, facts=item.facts)
    yield from inspect_unit(Unit(path, reader.mapping(path) or None, tuple(held), item.slot), declared)


def _sentence(reader: Reader, folders: dict[str, list[Checkpoint]]) -> Iterator[Found]:
    modules = sentence_modules("modules.json", reader.json("modules.json"))
    configs: dict[str, Mapping[str, JsonValue]] = {
        module.folder: reader.mapping(f"{module.folder}/config.json") for module in modules if module.folder
    }
    if pooling := pooling_part(modules, configs):
        yield pooling
    for module in modules:
        if not module.folder or module.kind in ("Pooling", "Normalize"):
            continue
        path = f"{module.folder}/config.json"
        fixed = (
            None if module.kind in ("Transformer", "CLIPModel") else slot(Role.HEAD, "", slug(module.kind))
        )
        held = tuple(folders.pop(module.folder, []))
        yield from inspect_unit(Unit(path, configs[module.folder] or None, held, fixed))


def _rest(
    reader: Reader, folders: dict[str, list[Checkpoint]], root: list[Checkpoint], *, alone: bool
) -> Iterator[Found]:
    """Folders that no composition names: those with weights, and with `alone` those with a configuration."""
    if alone:
        for path in reader.view.glob("**/config.json"):
            folders.setdefault(path.rpartition("/")[0], [])
    chosen = [folder for folder in sorted(folders) if folder and not _EXPORTS.fullmatch(folder)]
    if len(chosen) > MAX_UNITS:
        yield Unknown(chosen[MAX_UNITS], Stage.INSPECTION, f"more than {MAX_UNITS} folders with a network")
    for folder in chosen[:MAX_UNITS]:
        held = folders[folder]
        if not held and not alone:
            continue
        path = f"{folder}/config.json"
        name = folder.rpartition("/")[2]
        role = next((role for pattern, role in COMPONENT_ROLES if re.fullmatch(pattern, name)), None)
        fixed = (
            named(role, slot(role, "", "" if slug(name) == role.value else slug(name)).id, name)
            if role
            else None
        )
        yield from inspect_unit(
            Unit(path, as_dict(reader.json(path)) or None, tuple(held), fixed, slug(folder))
        )
