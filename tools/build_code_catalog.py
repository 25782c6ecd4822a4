"""Rebuild what the catalogue knows of code, from the pinned transformers wheel: `make catalog`.

`inheritance.json` holds which classes are made from another family's, `code_prints.bin` the fingerprints of
every class. The wheel is read as data; the same wheel gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from build_catalog import DATA, digest_of, download, released, version_of
from catalog_files import store
from transformers_code import first_seen, payload
from transformers_inheritance import model_types, read_relatives

Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Write the data sets and their digests; print what they hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="a transformers wheel that is here already")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or download(Path(folder))
        edges = inheritance(wheel)
        store(options.output, "inheritance.json", serialise(edges))
        body, count = payload(wheel, first_seen())
        head = json.dumps(header(wheel, "code_prints/1", count), sort_keys=True, separators=(",", ":"))
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
