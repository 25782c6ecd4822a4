"""Rebuild `aibom/catalog/data/lineage.json` from the pinned transformers wheel: `make catalog`.

The wheel is read as data: nothing of it is imported. The same wheel, overrides and registry give the
same bytes. Without --wheel, the pinned one is fetched by `pip download --no-deps`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aibom.catalog import OrganisationKind, Registry, shipped_organisations
from catalog_files import store
from pinned import Pin, digest_of, fetch, released, version_of
from transformers_sources import Folder, read_folders

PIN = Pin("transformers", "5.23.0", "018e82fd07490ad5bb58414f65e31576033dc7f36bed10c574843f69b90991bf")
HERE = Path(__file__).parent
DATA = HERE.parent / "aibom" / "catalog" / "data"
Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Write the lineage and its digest; print how many types have an organisation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="a transformers wheel that is here already")
    parser.add_argument("--overrides", type=Path, default=HERE / "lineage_overrides.json")
    parser.add_argument("--review", action="store_true", help="show families whose notices name another")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or download(Path(folder))
        overrides = json.loads(options.overrides.read_text("utf-8"))
        document = build(wheel, overrides, shipped_organisations())
        if options.review:
            print(*review(wheel, document, shipped_organisations()), sep="\n")
            return 0
    data = serialise(document)
    store(options.output, "lineage.json", data)
    print(json.dumps(document["header"]["count"]))
    return 0


def download(folder: Path) -> Path:
    """The pinned wheel, held against its digest."""
    return fetch(PIN, folder)


def build(wheel: Path, overrides: Row, registry: Registry) -> Row:
    """The lineage document of one wheel (`lineage.schema.json`)."""
    folders = read_folders(wheel)
    _check(overrides, {folder.name: folder for folder in folders}, registry)
    source = f"transformers {version_of(wheel)}"
    rows = [_row(folder, source, overrides, registry) for folder in folders]
    rows += [_extra(entry) for entry in overrides["extra"]]
    _drop_shared(rows)
    _drop_generic(rows, set(overrides["generic_modules"]["names"]))
    rows.sort(key=lambda row: row["model_type"])
    return {
        "header": {
            "schema": "lineage/1",
            "source": "transformers",
            "version": version_of(wheel),
            "sha256": digest_of(wheel),
            "licence": "Apache-2.0",
            "released": released(wheel),
            "generator": "tools/build_catalog.py",
            "count": counts(rows),
        },
        "prefixes": sorted(overrides["module_prefixes"]["names"]),
        "families": [{key: value for key, value in row.items() if value not in (None, [])} for row in rows],
    }


def review(wheel: Path, document: Row, registry: Registry) -> list[str]:
    """Families whose copyright notices name known organisations, and not the one that was concluded."""
    found = []
    concluded = {row["model_type"]: row.get("organisation") for row in document["families"]}
    for folder in read_folders(wheel):
        holders = _named(folder, registry)
        organisation = concluded[folder.main.model_type] if folder.main else None
        if holders and organisation not in holders:
            found.append(f"{folder.name}: {organisation}; notices name {', '.join(sorted(holders))}")
    return found


def serialise(document: Row) -> bytes:
    """JSON with a line for each family, so that a rebuild's difference can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    families = ",\n".join(line(family) for family in document["families"])
    head = f'"header":{line(document["header"])},\n"prefixes":{line(document["prefixes"])}'
    return f'{{{head},\n"families":[\n{families}\n]}}\n'.encode()


def _check(overrides: Row, known: dict[str, Folder], registry: Registry) -> None:
    """Refuse an override that names nothing or nobody, or is called verified and is not."""
    for section in ("families", "additions"):
        for name in overrides[section].keys() - known.keys():
            raise SystemExit(f"lineage_overrides.json: {section}: no model folder {name}")
    for entry in (*overrides["families"].values(), *overrides["extra"]):
        organisation = entry["organisation"]
        if organisation is not None and registry.get(organisation) is None:
            raise SystemExit(f"lineage_overrides.json: no organisation {organisation}")
    for name, entry in overrides["families"].items():
        if entry["verified"] and entry["organisation"] not in _named(known[name], registry):
            raise SystemExit(f"lineage_overrides.json: {name}: no notice names {entry['organisation']}")


def _named(folder: Folder, registry: Registry) -> set[str]:
    """The organisations that a folder's copyright notices name, less porting boilerplate."""
    named = [registry.by_name(name) for name in folder.holders if not registry.is_boilerplate(name)]
    return {each.id for each in named if each is not None}


def _row(folder: Folder, source: str, overrides: Row, registry: Registry) -> Row:
    model_types = {item.model_type for item in folder.configurations}
    main = folder.main.model_type if folder.main else folder.name
    row: Row = {
        "model_type": main,
        "subtypes": sorted(model_types - {main}),
        "classes": list(folder.classes),
        "modules": list(folder.modules),
    }
    row |= _developer(folder.name, folder.checkpoint, source, overrides["families"], registry)
    added = overrides["additions"].get(folder.name, {})
    for key in ("subtypes", "classes"):
        row[key] = sorted({*row[key], *added.get(key, ())})
    return row


def _developer(name: str, checkpoint: str | None, source: str, families: Row, registry: Registry) -> Row:
    """Organisation, checkpoint and basis: the override's, else the owner of the checkpoint's namespace."""
    override = families.get(name)
    if override is not None:
        return {
            "organisation": override["organisation"],
            "checkpoint": override.get("checkpoint", checkpoint),
            "basis": override_basis(override),
        }
    if checkpoint is None:
        return {"organisation": None, "checkpoint": None, "basis": f"{source} names no checkpoint"}
    return {
        "organisation": owner(checkpoint, registry),
        "checkpoint": checkpoint,
        "basis": f"{source} names checkpoint {checkpoint}",
    }


def owner(checkpoint: str, registry: Registry) -> str:
    """Who published a checkpoint; a redistributor is never taken for a developer."""
    found = registry.resolve(checkpoint).id
    entry = registry.get(found)
    if entry is not None and entry.kind is OrganisationKind.REDISTRIBUTOR:
        return f"hub:{checkpoint.split('/')[0]}"
    return found


def override_basis(override: Row) -> str:
    """What an override rests on: nothing but its reason, unless it is verified."""
    return f"override ({'verified' if override.get('verified') else 'unverified'}): {override['reason']}"


def _extra(entry: Row) -> Row:
    """A family that the library does not hold."""
    row = {key: value for key, value in entry.items() if key not in ("reason", "verified")}
    return (
        {"checkpoint": None, "subtypes": [], "classes": [], "modules": []}
        | row
        | {"basis": override_basis(entry)}
    )


def _drop_shared(rows: Iterable[Row]) -> None:
    """A name that two families carry names neither; a model type stays where it is the main one."""
    rows = list(rows)
    mains = {row["model_type"] for row in rows}
    for key in ("classes", "modules", "subtypes"):
        seen = Counter(name for row in rows for name in row[key])
        for row in rows:
            row[key] = [
                name for name in row[key] if seen[name] == 1 and (key != "subtypes" or name not in mains)
            ]


def _drop_generic(rows: Iterable[Row], generic: set[str]) -> None:
    for row in rows:
        row["modules"] = [module for module in row["modules"] if module not in generic]


def counts(rows: list[Row]) -> Row:
    """How many families, types and classes there are, and for how many a developer is known."""

    def types(chosen: Iterable[Row]) -> int:
        return sum(1 + len(row.get("subtypes", ())) for row in chosen)

    known = [row for row in rows if row.get("organisation") and not row["organisation"].startswith("hub:")]
    return {
        "families": len(rows),
        "families_with_organisation": len(known),
        "types": types(rows),
        "types_with_organisation": types(known),
        "classes": sum(len(row.get("classes", ())) for row in rows),
    }


if __name__ == "__main__":
    raise SystemExit(main())
