"""PEFT adapters and diffusers' LoRA weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aibom.formats.text import JsonValue, as_float, as_int, as_str, clean, strings
from aibom.model import Declaration, DeclarationKind, Fact, Locator, Part, Role
from aibom_huggingface.checkpoints import Checkpoint
from aibom_huggingface.hubids import hub_id
from aibom_huggingface.placing import Context
from aibom_huggingface.present import Present, present_parts
from aibom_huggingface.slots import Slot, slot, slug

ADAPTER_STEMS = ("adapter_model", "pytorch_lora_weights", "adapter_weights")
"""Weight files that hold an adapter and no whole network."""


_LOW_RANK = re.compile(r"\b(?:lora|loha|lokr|hada)_|\.lora\.")


def is_adapter(checkpoint: Checkpoint) -> bool:
    """Whether a weight file holds an adapter, by its name or because all its tensors are low-rank pairs."""
    if checkpoint.stem in ADAPTER_STEMS:
        return True
    return bool(checkpoint.rows) and all(_LOW_RANK.search(row.name) for row in checkpoint.rows)


def inspect_adapter(
    folder: str, path: str | None, config: Mapping[str, JsonValue], checkpoints: Sequence[Checkpoint]
) -> Iterator[Part | Declaration]:
    """The adapter of one folder and the base that it declares; `path` is its adapter_config.json."""
    where = slot(Role.ADAPTER, "", slug(folder.rpartition("/")[2]))
    yield _part(where, path, config, checkpoints)
    if path is None:
        return
    for key in ("base_model_name_or_path", "base_model"):
        if base := hub_id(config.get(key)):
            yield Declaration(DeclarationKind.ADAPTER_BASE, base, Locator(path, key=key), where.id, "adapter")
            return


def _part(
    where: Slot, path: str | None, config: Mapping[str, JsonValue], checkpoints: Sequence[Checkpoint]
) -> Part:
    held: Present | None = None
    for checkpoint in checkpoints:
        for item in present_parts(checkpoint, Context(), where).values():
            held = held or item
            if held is not item:
                held.merge(item)
    files = sorted(item for checkpoint in checkpoints for item in checkpoint.files)
    part = Part(
        where.id,
        where.role,
        where.name,
        files=tuple(files),
        declared=path is not None,
        present=bool(files),
        facts=_facts(path, config) if path else (),
        locators=(Locator(path, key="peft_type"),) if path else (),
    )
    if held is None:
        return part
    places = (*part.locators, held.locator)
    return replace(
        part, parameters=held.parameters, tensors=held.tensors, dtypes=held.element_types, locators=places
    )


def _facts(path: str, config: Mapping[str, JsonValue]) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    for key in ("peft_type", "task_type"):
        if text := as_str(config.get(key)):
            facts.append(Fact(key, clean(text, 60), Locator(path, key=key)))
    if (rank := as_int(config.get("r"))) is not None:
        facts.append(Fact("r", rank, Locator(path, key="r")))
    if (alpha := as_float(config.get("lora_alpha"))) is not None:
        facts.append(Fact("lora_alpha", alpha, Locator(path, key="lora_alpha")))
    if modules := strings(config.get("target_modules")):
        facts.append(
            Fact(
                "target_modules", clean(", ".join(sorted(modules)), 200), Locator(path, key="target_modules")
            )
        )
    return tuple(facts)
