"""Which folders of a target are networks, and what each is within the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from aibom.formats.text import JsonValue, as_dict
from aibom.model import Declaration, Observation, Part, Role, ShapePrint, Stage, Unknown
from aibom_huggingface.adapters import inspect_adapter, is_adapter
from aibom_huggingface.checkpoints import Checkpoint
from aibom_huggingface.declared import DeclaredParts
from aibom_huggingface.pipelines import (
    COMPONENT_ROLES,
    Component,
    Module,
    component_declarations,
    component_slot,
    diffusion_components,
    pooling_part,
    sentence_modules,
)
from aibom_huggingface.reading import Reader
from aibom_huggingface.slots import Slot, slot, slug
from aibom_huggingface.trained import Trained
from aibom_huggingface.units import Unit, inspect_unit, same_network

PIPELINE = "model_index.json"
MAX_UNITS = 64
"""Folders with a network of their own; real repositories hold about ten."""

Found = Part | Declaration | Observation | ShapePrint | Trained | Unknown

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
    components = diffusion_components(PIPELINE, reader.mapping(PIPELINE))
    yield from component_declarations(components)
    for component in components:
        yield from _component(reader, component, folders.pop(component.folder, []))
    modules = sentence_modules("modules.json", reader.json("modules.json"))
    yield from _sentence(reader, modules, folders)
    root = folders.pop("", [])
    config = reader.mapping("config.json")
    if config or root:
        unit = Unit("config.json", config or None, tuple(root))
        if components and not config:
            yield from _alternatives(replace(unit, prefix="single-file"))
        else:
            yield from inspect_unit(unit)
    yield from _rest(reader, folders, root, alone=not (config or root or components or modules))


def _adapters(reader: Reader, folders: dict[str, list[Checkpoint]]) -> Iterator[Found]:
    configs = {path.rpartition("/")[0]: path for path in reader.view.glob("**/adapter_config.json")}
    marked = {folder for folder, held in folders.items() if any(is_adapter(item) for item in held)}
    for folder in sorted({*configs, *marked})[:MAX_UNITS]:
        held = folders.get(folder, [])
        mine = [item for item in held if is_adapter(item)]
        folders[folder] = [item for item in held if not is_adapter(item)]
        path = configs.get(folder)
        yield from inspect_adapter(folder, path, reader.mapping(path) if path else {}, mine)


def _component(reader: Reader, item: Component, held: list[Checkpoint]) -> Iterator[Found]:
    """A component is declared by the pipeline, even where its folder is empty."""
    path = f"{item.folder}/config.json"
    declared = DeclaredParts()
    declared.add(item.slot, item.locator, firm=True, facts=item.facts)
    yield from inspect_unit(Unit(path, reader.mapping(path) or None, tuple(held), item.slot), declared)


def _sentence(
    reader: Reader, modules: tuple[Module, ...], folders: dict[str, list[Checkpoint]]
) -> Iterator[Found]:
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
        held = tuple(folders[folder])
        if not held and not alone:
            continue
        path = f"{folder}/config.json"
        prefix = "" if alone and len(chosen) == 1 else _short(folder, chosen)
        unit = Unit(path, as_dict(reader.json(path)) or None, held, _folder_slot(folder), prefix)
        again = any(one.rows and same_network(first, one) for first in root if first.rows for one in held)
        yield from _alternatives(unit) if again else inspect_unit(unit)


def _alternatives(unit: Unit) -> Iterator[Part]:
    """Parts of a network that is here already, in another place or in one file."""
    for item in inspect_unit(unit):
        if isinstance(item, Part) and item.present:
            yield replace(item, alternative=True)


def _short(folder: str, folders: Sequence[str]) -> str:
    """The shortest end of a folder's path that no other folder shares, as a slug."""
    pieces = folder.split("/")
    for count in range(1, len(pieces)):
        end = "/" + "/".join(pieces[-count:])
        if sum(f"/{other}".endswith(end) for other in folders) == 1:
            return slug(end)
    return slug(folder)


def _folder_slot(folder: str) -> Slot | None:
    """The part that a folder is by its name alone (`vae`, `text_encoder_2`), or None."""
    name = folder.rpartition("/")[2]
    role = next((role for pattern, role in COMPONENT_ROLES if re.fullmatch(pattern, name)), None)
    return component_slot(name, role) if role else None
