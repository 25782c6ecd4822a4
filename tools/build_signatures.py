"""Rebuild the architecture signatures: `make catalog-signatures`, in an environment with PyTorch.

Every model type of the pinned transformers is made from its default configuration on the meta device
(no weights), its tensors are named as the Hub stores them, and its parts are told apart and printed by
the rules of the Hugging Face plug-in. Nothing but names and shapes is taken.

`--verify` needs no PyTorch: it holds the shipped file against its digest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aibom.catalog import load
from aibom.catalog.signatures import MIN_PATTERNS, key_of
from aibom.model import ShapePrint
from aibom_huggingface.checkpoints import Checkpoint, Row
from aibom_huggingface.level import Level
from aibom_huggingface.levels import read_levels
from aibom_huggingface.present import Present, present_parts
from aibom_huggingface.units import context_of
from build_catalog import DATA
from catalog_files import SUMS, store

NAME = "architecture_signatures.json"

CLASSES = (
    "MULTIMODAL_LM",
    "CAUSAL_LM",
    "SEQ_TO_SEQ_CAUSAL_LM",
    "SPEECH_SEQ_2_SEQ",
    "TEXT_TO_WAVEFORM",
    "MASKED_LM",
    "IMAGE_CLASSIFICATION",
    "CTC",
    "PRETRAINING",
)
"""Which class stands for a model type: the first of these tasks that it has, else its base model."""

Table = dict[str, tuple[int, ...]]
Group = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]


def main(arguments: list[str] | None = None) -> int:
    """Write the signatures and their digest, or verify them; print counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    if options.verify:
        return _verify(options.output)
    document = build(dict(tables()))
    store(options.output, NAME, serialise(document))
    print(json.dumps(document["header"]["count"]))
    return 0


def tables() -> Iterator[tuple[str, tuple[dict[str, Any], Table]]]:
    """Model type → its default configuration and its tensor table; types that cannot be made are left out."""
    import torch
    import transformers
    from transformers.models.auto import configuration_auto, modeling_auto

    transformers.logging.set_verbosity_error()
    mappings = [getattr(modeling_auto, f"MODEL_FOR_{task}_MAPPING_NAMES", {}) for task in CLASSES]
    mappings.append(modeling_auto.MODEL_MAPPING_NAMES)
    for model_type in sorted(configuration_auto.CONFIG_MAPPING_NAMES):
        found = next((mapping[model_type] for mapping in mappings if model_type in mapping), None)
        if found is None:
            continue
        name = found if isinstance(found, str) else found[0]
        try:
            config = configuration_auto.CONFIG_MAPPING[model_type]()
            with torch.device("meta"):
                model = getattr(transformers, name)(config)
            yield model_type, (_plain(config, model_type, name), _stored(model))
        except Exception as error:  # whatever a class of the library raises without its own checkpoint
            print(f"{model_type}: {type(error).__name__}", file=sys.stderr)


def _plain(config: Any, model_type: str, name: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(config.to_json_string(use_diff=False))
    return plain | {"model_type": model_type, "architectures": [name]}


def _stored(model: Any) -> Table:
    """Names and shapes as a checkpoint on the Hub has them: the library's conversions in reverse."""
    from transformers.core_model_loading import revert_weight_conversion

    tied = set(getattr(model, "all_tied_weights_keys", None) or ())
    state = {name: tensor for name, tensor in model.state_dict().items() if name not in tied}
    return {name: tuple(tensor.shape) for name, tensor in revert_weight_conversion(model, state).items()}


def build(found: dict[str, tuple[dict[str, Any], Table]]) -> dict[str, Any]:
    """The document: parts of equal signature form a group; its members by the day they became public."""
    released = {family.model_type: family.released for family in load().code_prints.families}
    groups: dict[Group, set[str]] = {}
    for model_type, (config, table) in sorted(found.items()):
        for member, role, content in signatures(model_type, config, table):
            groups.setdefault((role, content.entries), set()).add(member)
    texts = sorted({key_of(entry) for _, entries in groups for entry in entries})
    number = {text: index for index, text in enumerate(texts)}
    rows = [
        {
            "role": role,
            "members": [
                [name, _day(name, released)]
                for name in sorted(members, key=lambda name: (_day(name, released) or "9", name))
            ],
            "entries": sorted(number[key_of(entry)] for entry in entries),
        }
        for (role, entries), members in groups.items()
    ]
    header = {
        "schema": "architecture_signatures/1",
        "source": "transformers",
        "version": version("transformers"),
        "licence": "Apache-2.0",
        "generator": "tools/build_signatures.py",
        "released": max(released.values()),
        "count": {"types": len(found), "groups": len(rows), "entries": len(texts)},
    }
    return {"header": header, "entries": texts, "groups": sorted(rows, key=lambda row: json.dumps(row))}


def signatures(
    model_type: str, config: dict[str, Any], table: Table
) -> Iterator[tuple[str, str, ShapePrint]]:
    """(model type of the part, role, print) for each part that has enough tensors to be told from others."""
    levels, _ = read_levels("config.json", config)
    rows = tuple(Row(name, "model", "BF16", math.prod(shape), shape) for name, shape in sorted(table.items()))
    checkpoint = Checkpoint("", "model", ("model",), rows, readable=True)
    for part in present_parts(checkpoint, context_of(levels)).values():
        content = part.print
        if content is not None and len(content.entries) >= MIN_PATTERNS:
            yield _member(model_type, levels, part), part.slot.role.value, content


def _member(model_type: str, levels: tuple[Level, ...], part: Present) -> str:
    """The model type of the nested configuration that describes the part, where it is a known family."""
    lineage = load().lineage
    for level in levels[1:]:
        nested = level.model_type
        if level.role is part.slot.role and nested and (family := lineage.family(nested)):
            return family.model_type
    return model_type


def _day(model_type: str, released: dict[str, str]) -> str | None:
    family = load().lineage.family(model_type)
    return released.get(family.model_type if family else model_type)


def serialise(document: dict[str, Any]) -> bytes:
    """JSON with a line for each entry and group, so that a rebuild's difference can be read."""

    def lines(values: list[Any]) -> str:
        return ",\n".join(
            json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")) for value in values
        )

    header = lines([document["header"]])
    entries, groups = lines(document["entries"]), lines(document["groups"])
    return f'{{"header":{header},\n"entries":[\n{entries}\n],\n"groups":[\n{groups}\n]}}\n'.encode()


def _verify(folder: Path) -> int:
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    known = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    digest = hashlib.sha256((folder / NAME).read_bytes()).hexdigest()
    if known.get(NAME) != digest:
        raise SystemExit(f"{NAME}: its SHA-256 is not that of {SUMS}")
    print(json.dumps({"signatures": digest}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
