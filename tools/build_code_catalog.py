"""Rebuild what the catalogue knows of code, from pinned transformers wheels: `make catalog`.

`inheritance.json` holds which classes are made from another family's, `code_prints.bin` the fingerprints of
every class, also of the older releases that remote code was written against. The wheels are read as data; the
same wheels give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from build_catalog import DATA, PIN
from catalog_files import store
from pinned import Pin, digest_of, fetch, released, version_of
from transformers_code import first_seen, payload
from transformers_inheritance import model_types, read_relatives

Row = dict[str, Any]

OLDER = (
    Pin("transformers", "4.57.6", "4c9e9de11333ddfe5114bc872c9f370509198acf0b87a832a0ab9458e2bd0550"),
    Pin("transformers", "4.40.2", "71cb94301ec211a2e1d4b8c8d18dcfaa902dfa00a089dceca167a8aa265d6f2d"),
)
"""Releases whose code is held beside the newest: the last of 4.x, and one from the year of remote code."""


def main(arguments: list[str] | None = None) -> int:
    """Write the data sets and their digests; print what they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, nargs="+", help="transformers wheels, newest first")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wheels = options.wheel or [fetch(pin, Path(folder)) for pin in (PIN, *OLDER)]
        edges = inheritance(wheels[0])
        store(options.output, "inheritance.json", serialise(edges))
        body, count = payload(wheels, first_seen())
        older = [{"version": version_of(wheel), "sha256": digest_of(wheel)} for wheel in wheels[1:]]
        row = header(wheels[0], "code_prints/2", count) | {"older": older}
        head = json.dumps(row, sort_keys=True, separators=(",", ":"))
    store(options.output, "code_prints.bin", head.encode() + b"\n" + body)
    print(json.dumps(edges["header"]["count"] | count))
    return 0


def header(wheel: Path, schema: str, count: Row) -> Row:
    """What every data set of the wheel says of itself."""
    return {
        "schema": schema,
        "source": "transformers",
        "version": version_of(wheel),
        "sha256": digest_of(wheel),
        "licence": "Apache-2.0",
        "released": released(wheel),
        "generator": "tools/build_code_catalog.py",
        "count": count,
    }


def inheritance(wheel: Path) -> Row:
    """The edges between families, by the child's model type: [class, parent, parent's class, kind]."""
    types = model_types(wheel)
    edges: dict[str, list[list[str]]] = {}
    kinds: Counter[str] = Counter()
    for item in read_relatives(wheel):
        parent = types.get(item.parent_folder, item.parent_folder)
        row = [item.name, parent, item.parent_name, item.kind]
        edges.setdefault(types.get(item.folder, item.folder), []).append(row)
        kinds[item.kind] += 1
    count = {"families": len(edges), **dict(sorted(kinds.items()))}
    return {"header": header(wheel, "inheritance/1", count), "edges": edges}


def serialise(document: Row) -> bytes:
    """JSON with a line for each family, so that a rebuild's difference can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    edges = ",\n".join(f"{line(key)}:{line(document['edges'][key])}" for key in sorted(document["edges"]))
    return f'{{"header":{line(document["header"])},\n"edges":{{\n{edges}\n}}}}\n'.encode()


if __name__ == "__main__":
    raise SystemExit(main())
