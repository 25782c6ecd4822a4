"""Rebuild the lineage that other libraries add, from their pinned wheels: `make catalog`.

`lineage_vllm.json` and `lineage_sglang.json` hold the classes and model types that transformers does not
know, `lineage_diffusers.json` the networks of diffusion pipelines, `lineage_timm.json` the names of vision
models. The wheels are read as data; the same wheels, overrides and registry give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from aibom.catalog import Family, Lineage, Registry, shipped_organisations
from aibom.catalog.lineage import decode
from build_catalog import DATA, HERE, counts, override_basis, owner, serialise
from catalog_files import store
from diffusers_sources import Network, read_networks
from engine_sources import Served, read_sglang, read_vllm, stem_of
from pinned import Pin, digest_of, fetch, released, version_of
from timm_sources import Module, read_modules

Row = dict[str, Any]

PINS = {
    "vllm": Pin(
        "vllm",
        "0.33.0",
        "4b6bdec4ab269990bf70d45a3c1e94c3760a27064513760193b26d6f0da883aa",
        "manylinux_2_28_x86_64",
    ),
    "sglang": Pin(
        "sglang",
        "0.5.23",
        "00b3cd5b265ac76c64185fbb6b95424f324ddd9f428d0306b77bc9db9d859937",
        "manylinux_2_34_x86_64",
    ),
    "diffusers": Pin(
        "diffusers", "0.42.1", "9154faa704ce00e0b77f568e0d64786064368528aab5fc14eeea92f87d788014"
    ),
    "timm": Pin("timm", "1.0.31", "5bd50f7d0fe6d09bf9285ac2523234a1b7e6bf075c0be3e7aed09139fcb617c7"),
}
MIN_STEM = 4
"""Letters that a class's stem must have to be held against the names of known families."""


def main(arguments: list[str] | None = None) -> int:
    """Write the data sets and their digests; print what they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in PINS:
        parser.add_argument(f"--{name}", type=Path, help=f"a wheel of {name} that is here already")
    parser.add_argument("--overrides", type=Path, default=HERE / "registry_overrides.json")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    overrides = json.loads(options.overrides.read_text("utf-8"))
    unused = set(_names(overrides))
    documents = [json.loads((DATA / "lineage.json").read_bytes())]
    with tempfile.TemporaryDirectory() as folder:
        for name, pin in PINS.items():
            wheel = getattr(options, name) or fetch(pin, Path(folder))
            build = Builder(name, wheel, overrides, decode(*documents), shipped_organisations())
            documents.append(build.document())
            unused -= build.seen
            store(options.output, f"lineage_{name}.json", serialise(documents[-1]))
            print(name, json.dumps(documents[-1]["header"]["count"]))
    if unused:
        raise SystemExit(f"registry_overrides.json: nothing is called {', '.join(sorted(unused))}")
    return 0


def _names(overrides: Row) -> list[str]:
    """What the overrides speak of: classes, and patterns of timm."""
    engines = overrides["engines"]
    names = [*engines["page"]["checkpoints"], *engines["known"]["checkpoints"], *engines["organisations"]]
    return [*names, *overrides["diffusers"], *(rule["names"] for rule in overrides["timm"])]


class Builder:
    """The document of one wheel, given the lineage of the documents before it."""

    def __init__(self, name: str, wheel: Path, overrides: Row, lineage: Lineage, registry: Registry) -> None:
        self.name, self.wheel, self.registry, self.lineage = name, wheel, registry, lineage
        self.overrides = overrides
        self.seen: set[str] = set()
        self.source = f"{name} {version_of(wheel)}"

    def document(self) -> Row:
        """As `lineage.schema.json` has it."""
        rows: Callable[[], list[Row]] = getattr(self, f"_{self.name}")
        families = sorted(map(_filled, rows()), key=lambda row: row["model_type"])
        header = {
            "schema": "lineage/1",
            "source": self.name,
            "version": version_of(self.wheel),
            "sha256": digest_of(self.wheel),
            "licence": "Apache-2.0",
            "released": released(self.wheel),
            "generator": "tools/build_registries.py",
            "count": counts(families),
        }
        return {"header": _filled(header), "prefixes": [], "families": families}

    def _vllm(self) -> list[Row]:
        return self._engine(read_vllm(self.wheel))

    def _sglang(self) -> list[Row]:
        return self._engine(read_sglang(self.wheel))

    def _engine(self, found: Iterable[Served]) -> list[Row]:
        """Unknown classes and types by their stem; with a known family's name they are that family's."""
        known = self._by_letters()
        rows: dict[str, Row] = {}
        for item in found:
            self.seen.add(item.name)
            if self._is_known(item):
                continue
            family = self.lineage.family_of_class(item.name)
            if family is None and len(item.stem) >= MIN_STEM:
                family = known.get(item.stem)
            row = rows.setdefault(item.stem, {"classes": set(), "subtypes": set()})
            row["classes"].add(item.name)
            row["subtypes"].update([item.model_type] if item.model_type else [])
            if family:
                row |= {"model_type": family.model_type, "basis": f"{self.source} serves it by that name"}
            elif "organisation" not in row or row["organisation"] is None:
                row |= self._developer(item)
        return [_named(row) for row in rows.values()]

    def _is_known(self, item: Served) -> bool:
        if item.model_type is None:
            return self.lineage.family_of_class(item.name) is not None
        generic = self.overrides["engines"]["generic"]["names"]
        return item.model_type in generic or self.lineage.family(item.model_type) is not None

    def _by_letters(self) -> dict[str, Family]:
        pairs = [
            (name, family) for family in self.lineage.all for name in (family.model_type, *family.subtypes)
        ]
        return {stem_of(name): family for name, family in reversed(pairs)}

    def _developer(self, item: Served) -> Row:
        engines = self.overrides["engines"]
        told = engines["organisations"].get(item.name)
        if told:
            return self._told(told)
        for section in (engines["page"], engines["known"]):
            if checkpoint := section["checkpoints"].get(item.name):
                return self._by_checkpoint(checkpoint, override_basis(section))
        if item.checkpoint:
            return self._by_checkpoint(item.checkpoint, f"{self.source} links to {item.checkpoint}")
        return {"organisation": None, "basis": f"{self.source} serves it and names no checkpoint"}

    def _told(self, override: Row) -> Row:
        organisation = override["organisation"]
        if organisation is not None and self.registry.get(organisation) is None:
            raise SystemExit(f"registry_overrides.json: no organisation {organisation}")
        return {"organisation": organisation, "basis": override_basis(override)}

    def _by_checkpoint(self, checkpoint: str, basis: str) -> Row:
        return {"organisation": owner(checkpoint, self.registry), "checkpoint": checkpoint, "basis": basis}

    def _diffusers(self) -> list[Row]:
        return [
            {"model_type": item.name, "classes": [item.name]} | self._network(item)
            for item in read_networks(self.wheel)
            if self.lineage.family_of_class(item.name) is None
        ]

    def _network(self, item: Network) -> Row:
        """The override's, else whom notices and checkpoints agree on; nobody where they name several."""
        self.seen.add(item.name)
        if item.name in self.overrides["diffusers"]:
            return self._told(self.overrides["diffusers"][item.name])
        holders = {each for each in map(self._holder, item.holders) if each}
        owners = {owner(checkpoint, self.registry): checkpoint for checkpoint in item.checkpoints}
        agreed = holders & owners.keys() or holders or owners.keys()
        if len(agreed) != 1 or (holders and owners and not holders & owners.keys()):
            return {"organisation": None, "basis": f"{self.source} names no single developer"}
        (organisation,) = agreed
        if organisation in owners:
            checkpoint = owners[organisation]
            return self._by_checkpoint(checkpoint, f"{self.source} names checkpoint {checkpoint}")
        return {"organisation": organisation, "basis": f"the notice in {self.source} names it"}

    def _holder(self, name: str) -> str | None:
        found = None if self.registry.is_boilerplate(name) else self.registry.by_name(name)
        return found.id if found else None

    def _timm(self) -> list[Row]:
        rows: dict[str, Row] = {}
        for module in read_modules(self.wheel):
            for name in module.models:
                row = self._vision(name, module)
                rows.setdefault(row["model_type"], row | {"networks": []})["networks"].append(name)
        return list(rows.values())

    def _vision(self, name: str, module: Module) -> Row:
        """The family of the first rule whose pattern is the whole name, else the module's, of nobody."""
        for rule in self.overrides["timm"]:
            if re.fullmatch(rule["names"], name):
                self.seen.add(rule["names"])
                return self._by_rule(rule, module)
        basis = f"{self.source} names no single developer"
        return {"model_type": f"timm/{module.name}", "organisation": None, "basis": basis}

    def _by_rule(self, rule: Row, module: Module) -> Row:
        if "family" in rule:
            if self.lineage.family(rule["family"]) is None:
                raise SystemExit(f"registry_overrides.json: no family {rule['family']}")
            return {"model_type": rule["family"], "basis": f"{self.source} has it under these names"}
        return {"model_type": f"timm/{module.name}/{rule['organisation']}"} | self._told(rule)


def _named(row: Row) -> Row:
    """A family is called by its model type where one is known, else by its first class."""
    types = sorted(row["subtypes"], key=lambda name: (len(name), name))
    name = row.get("model_type") or next(iter(types), min(row["classes"]))
    return row | {
        "model_type": name,
        "subtypes": sorted(row["subtypes"] - {name}),
        "classes": sorted(row["classes"]),
    }


def _filled(row: Row) -> Row:
    """Without what is not known."""
    return {key: value for key, value in row.items() if value not in (None, [])}


if __name__ == "__main__":
    raise SystemExit(main())
