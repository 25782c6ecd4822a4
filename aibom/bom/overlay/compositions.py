"""What is complete, and what could not be seen: `compositions` and `dependencies`."""

from __future__ import annotations

from aibom.bom import facts, refs
from aibom.bom.overlay.common import Json
from aibom.bom.refs import Refs
from aibom.model import Analysis, Part


def block(analysis: Analysis, names: Refs) -> list[Json]:
    """One composition for each aggregate: complete, incomplete, unknown.

    The model is complete where nothing stayed unknown. A part is incomplete where it is named and
    not here, its tensors were not counted, or one of its files is missing or an unknown lies in it;
    such a file is unknown itself. What is inside a dataset was not looked at.
    """
    listed = {file.path for file in analysis.files}
    unseen = {unknown.path for unknown in analysis.unknowns}
    groups: dict[str, set[str]] = {"complete": set(), "incomplete": set(), "unknown": set()}
    groups["incomplete" if analysis.unknowns else "complete"].add(names.root)
    groups["unknown"].update(names.file(f.path) for f in analysis.files if f.path in unseen)
    groups["unknown"].update(map(refs.dataset, facts.datasets(analysis)))
    for part in analysis.inspected.parts:
        ref = names.part(part)
        if ref not in groups["unknown"]:
            groups["incomplete" if _partial(part, listed - unseen) else "complete"].add(ref)
    return [
        {"aggregate": aggregate, "assemblies": sorted(members)}
        for aggregate, members in groups.items()
        if members
    ]


def dependencies(analysis: Analysis, names: Refs) -> list[Json]:
    """Model → parts, datasets, frameworks and files of no part; part → its files; one entry for each."""
    listed = {file.path for file in analysis.files}
    graph: dict[str, set[str]] = {names.file(path): set() for path in listed}
    model = graph.setdefault(names.root, set())
    owned = set()
    for part in analysis.inspected.parts:
        files = {path for path in part.files if path in listed}
        owned |= files
        ref = names.part(part)
        model.add(ref)
        graph[ref] = {names.file(path) for path in files} - {ref}
    model |= {names.file(path) for path in listed - owned}
    for ref in (
        *map(refs.dataset, facts.datasets(analysis)),
        *(refs.framework(framework.name) for framework in facts.frameworks(analysis)),
    ):
        model.add(ref)
        graph[ref] = set()
    return [
        {"ref": ref, "dependsOn": sorted(needs)} if needs else {"ref": ref}
        for ref, needs in sorted(graph.items())
    ]


def _partial(part: Part, seen: set[str]) -> bool:
    uncounted = part.role.trained and part.parameters is None
    return facts.declared_only(part) or uncounted or not seen.issuperset(part.files)
