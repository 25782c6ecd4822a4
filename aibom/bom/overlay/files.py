"""Files as components, each with its package URL and SHA-256.

Built as plain objects: the library needs more than linear time for them.
"""

from __future__ import annotations

import re

from aibom.bom.overlay.common import Components, Json, add_properties, present
from aibom.bom.properties import Property
from aibom.bom.refs import Refs
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import Analysis, FileEntry

_SHA_256 = re.compile(r"[0-9a-f]{64}")


def lay(components: Components, analysis: Analysis, names: Refs) -> None:
    """Nest every file in the model; a part that is one file gets that file's identity instead."""
    nested = components[names.root].setdefault("components", [])
    levels = dict(analysis.target.hub.security_issues) if analysis.target.hub else {}
    for file in analysis.files:
        ref = names.file(file.path)
        if ref not in components:
            components[ref] = {"type": "file", "bom-ref": ref, "name": clean(file.path, 1000) or "file"}
            nested.append(components[ref])
        else:
            add_properties(components[ref], [Property.FILE_PATH.entry(file.path)])
        components[ref].update(_identity(file, names))
        add_properties(components[ref], _properties(file, levels.get(file.path)))


def _identity(file: FileEntry, names: Refs) -> Json:
    hashes = [{"alg": "SHA-256", "content": digest}] if (digest := _digest(file)) else []
    return present(version=value(names.target.revision, 100), purl=names.file_purl(file.path), hashes=hashes)


def _digest(file: FileEntry) -> str | None:
    """The digest, if what the source gave is one."""
    return file.sha256 if file.sha256 and _SHA_256.fullmatch(file.sha256) else None


def _properties(file: FileEntry, level: str | None) -> list[dict[str, str]]:
    entries = [Property.FILE_KIND.entry(file.kind)]
    if file.size is not None:
        entries.append(Property.FILE_SIZE.entry(file.size))
    if file.lfs_pointer:
        entries.append(Property.FILE_POINTER.entry(True))
    if _digest(file) is None:
        entries.append(Property.DISCLOSURE.entry("unknown"))
    if level:
        entries.append(Property.HUB_SECURITY.entry(level))
    return entries
