"""Builds the zoo: `python -m benchmarks.zoo.build --seeds 5 --out DIR`.

A model is built once: a later call keeps what is there under the same recipe and seed. `manifest.json` lists
every model with its parents, what a test should say of each, and which tensor came from which.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.zoo import storage
from benchmarks.zoo.checkpoint import Checkpoint, Made
from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import Expected, Parent, Recipe, recipes
from benchmarks.zoo.writers import WRITERS

SCHEMA = 1
Entry = dict[str, Any]


class Zoo:
    """A folder of models, `models/ID`, with a note of each beside it, `notes/ID.json`."""

    def __init__(self, out: Path, seeds: int) -> None:
        self.out, self.seeds = out, seeds
        self._recipes = {(item.family, item.name): item for item in recipes()}
        self._current: dict[str, Entry] = {}

    def build(self) -> None:
        """Builds what is missing, seed by seed, and writes the manifest after every seed."""
        for name in ("notes", "models"):
            (self.out / name).mkdir(parents=True, exist_ok=True)
        for number in range(self.seeds):
            began = time.monotonic()
            built = sum(self._ensure(recipe, number) for recipe in self._recipes.values())
            self._write_manifest()
            print(f"seed {number}: {built} models built in {time.monotonic() - began:.0f} s", flush=True)

    def _ensure(self, recipe: Recipe, number: int) -> bool:
        """Whether the model had to be built."""
        parents = [self._note(parent, number) for parent in recipe.parents]
        digest = recipe.digest(number, [parent["digest"] for parent in parents])
        identity = f"{recipe.family}.s{number}.{recipe.name}"
        note = self.out / "notes" / f"{identity}.json"
        if note.exists():
            known: Entry = json.loads(note.read_text(encoding="utf-8"))
            if known["digest"] == digest:
                self._current[identity] = known
                return False
        note.unlink(missing_ok=True)
        folder, growing = self.out / "models" / identity, self.out / "growing"
        shutil.rmtree(growing, ignore_errors=True)
        began = time.monotonic()
        made = recipe.make([self._load(parent) for parent in parents], recipe.seed(number))
        renamed = WRITERS[recipe.storage](made.checkpoint, growing)
        shutil.rmtree(folder, ignore_errors=True)
        growing.rename(folder)
        entry = _entry(recipe, number, made, renamed, [parent["id"] for parent in parents])
        entry |= {"id": identity, "digest": digest, "folder": f"models/{identity}"}
        entry["seconds"] = round(time.monotonic() - began, 2)
        _write(note, entry)
        self._current[identity] = entry
        return True

    def _note(self, parent: Parent, number: int) -> Entry:
        """The note of a parent, which is built first where it belongs to a later seed."""
        other = (number + parent.shift) % max(self.seeds, parent.shift + 1)
        if parent.shift:
            self._ensure(self._recipes[parent.family, parent.recipe], other)
        path = self.out / "notes" / f"{parent.family}.s{other}.{parent.recipe}.json"
        note: Entry = json.loads(path.read_text(encoding="utf-8"))
        return note

    def _load(self, note: Entry) -> Checkpoint:
        return storage.load(self.out / note["folder"], note["family"], Source(**note["source"]))

    def _write_manifest(self) -> None:
        """All models that are there under their present recipes."""
        models = [self._current[name] for name in sorted(self._current)]
        _write(self.out / "manifest.json", {"schema": SCHEMA, "models": models})


def _entry(recipe: Recipe, number: int, made: Made, renamed: Mapping[str, str], parents: list[str]) -> Entry:
    model = made.checkpoint
    origins = made.origins or tuple({} for _ in parents)
    return {
        "family": recipe.family,
        "recipe": recipe.name,
        "seed": number,
        "storage": recipe.storage,
        "widths": sorted({value.flatten(1).shape[1] for value in model.state.values() if value.dim() > 1}),
        "source": {name: getattr(model.source, name) for name in Source.__slots__},
        "parents": [
            _relation(parent, identity, origin, renamed, model.state)
            for parent, identity, origin in zip(recipe.parents, parents, origins, strict=True)
        ],
    }


def _relation(
    parent: Parent,
    identity: str,
    origin: Mapping[str, str],
    renamed: Mapping[str, str],
    state: storage.Tensor,
) -> Entry:
    """What is true of a model and one parent; tensors are matrices only, by the names on disk."""
    tensors = {
        stored: origin[name]
        for stored, name in renamed.items()
        if name in origin and state[name].dim() > 1 and parent.expected is not Expected.INDEPENDENT
    }
    return {
        "id": identity,
        "expected": parent.expected,
        "layers": layer_maps(tensors),
        "tensors": dict(sorted(tensors.items())),
    }


def layer_maps(tensors: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """For each stack of layers, by what stands before its number: layer of the model → of the parent."""
    found: dict[str, dict[str, int]] = {}
    for name, origin in tensors.items():
        own, other = _LAYER.match(name), _LAYER.match(origin)
        if own and other:
            found.setdefault(own[1], {})[own[2]] = int(other[2])
    return {
        stack: dict(sorted(layers.items(), key=lambda item: int(item[0])))
        for stack, layers in sorted(found.items())
    }


_LAYER = re.compile(r"(.*?)(\d+)\.")


def _write(path: Path, value: object) -> None:
    """All of it or nothing: others may read while the zoo grows."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(path)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    unknown = {item.family for item in recipes()} - FAMILIES.keys()
    if unknown:
        parser.error(f"recipes of unknown families: {sorted(unknown)}")
    Zoo(options.out, options.seeds).build()


if __name__ == "__main__":
    main()
