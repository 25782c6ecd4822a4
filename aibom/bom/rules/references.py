"""Rules on what points where: bom-refs, dependencies, citations, pedigrees."""

from __future__ import annotations

from typing import Any

from aibom.bom.problem import Level
from aibom.bom.rules.document import Document, Object, Path, full_name, items, member, text
from aibom.bom.rules.rule import Hits, rule


@rule("not-cyclonedx", Level.ERROR, "The document is no CycloneDX object")
def not_cyclonedx(document: Document) -> Hits:
    """Nothing can be said of it; every other rule would be silent."""
    if document.root.get("bomFormat") != "CycloneDX":
        yield (), "no object with bomFormat CycloneDX"


@rule("spec-version-mismatch", Level.ERROR, "`$schema` and `specVersion` name different versions")
def spec_version_mismatch(document: Document) -> Hits:
    """Tools that trust one read the other's fields wrongly."""
    schema, version = text(document.root, "$schema"), text(document.root, "specVersion")
    if "/bom-" in schema and version and f"/bom-{version}." not in schema.replace("-strict", ""):
        yield ("$schema",), f"{schema} is not the schema of version {version}"


@rule("dangling-reference", Level.ERROR, "A reference names no bom-ref of the document")
def dangling_reference(document: Document) -> Hits:
    """The schema accepts it; what it was to say of a component is lost."""
    known = {ref for _, ref in document.bom_refs}
    for path, ref in document.references():
        if ref not in known:
            yield path, f"{ref!r} is defined nowhere"


@rule("duplicate-reference", Level.ERROR, "A bom-ref is given twice")
def duplicate_reference(document: Document) -> Hits:
    """Claims, dependencies and evidence would hold for either of two things."""
    seen: set[str] = set()
    for path, ref in document.bom_refs:
        if ref in seen:
            yield path, f"{ref!r} is already given"
        seen.add(ref)


@rule("unresolvable-citation", Level.ERROR, "A citation's pointer leads nowhere")
def unresolvable_citation(document: Document) -> Hits:
    """The attribution is about a field that is not there."""
    for path, citation in document.within.get("citations", ()):
        pointers = citation.get("pointers")
        for index, pointer in enumerate(pointers if isinstance(pointers, list) else ()):
            if isinstance(pointer, str) and not _resolves(document.root, pointer):
                yield (*path, "pointers", index), f"{pointer!r} resolves to nothing"


@rule("missing-compositions", Level.WARNING, "The document does not say how complete it is")
def missing_compositions(document: Document) -> Hits:
    """Without `compositions` a reader cannot tell an absent part from one that was not looked for."""
    if document.components and not items(document.root, "compositions"):
        yield (), "no compositions"


@rule("missing-dependency", Level.WARNING, "A component has no entry in `dependencies`")
def missing_dependency(document: Document) -> Hits:
    """A missing entry means that nothing is known, an empty one that it depends on nothing."""
    entered = {text(entry, "ref") for entry in items(document.root, "dependencies")}
    missing = [
        path for path, component in own_components(document) if text(component, "bom-ref") not in entered
    ]
    if missing:
        yield missing[0], f"{len(missing)} components without an entry in dependencies, this the first"


@rule("pedigree-cycle", Level.ERROR, "A component is its own ancestor")
def pedigree_cycle(document: Document) -> Hits:
    """Descent has a direction; a circle proves that one of the links is wrong."""
    parents: dict[str, set[str]] = {}
    places: dict[str, Path] = {}
    for path, component in document.components:
        key = _key(component)
        places.setdefault(key, path)
        pedigree = member(component, "pedigree")
        parents.setdefault(key, set()).update(map(_key, items(pedigree, "ancestors")))
        for descendant in map(_key, items(pedigree, "descendants")):
            parents.setdefault(descendant, set()).add(key)
    for key, path in places.items():
        if key and _reaches(parents, key):
            yield path, f"{key!r} is its own ancestor"


def own_components(document: Document) -> list[tuple[Path, Object]]:
    """Components that the document is about: not tools, not pedigrees, not targets of claims."""
    return [
        (path, component)
        for path, component in document.components
        if path[:2] != ("metadata", "tools")
        and path[:1] in (("metadata",), ("components",))
        and "pedigree" not in path
    ]


def _key(component: Object) -> str:
    return text(component, "purl") or text(component, "bom-ref") or full_name(component)


def _reaches(parents: dict[str, set[str]], start: str) -> bool:
    """Whether `start` is among its own ancestors."""
    seen: set[str] = set()
    stack = list(parents.get(start, ()))
    while stack:
        key = stack.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            stack += parents.get(key, ())
    return False


def _resolves(value: Any, pointer: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) leads to a value."""
    if pointer and not pointer.startswith("/"):
        return False
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key[:10]) < len(value):
            value = value[int(key[:10])]
        else:
            return False
    return True
