"""Inspectors, found by entry point; one that fails to load is set aside and reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distribution, entry_points

from aibom.errors import UsageError
from aibom.model import Stage, ToolPart, Unknown
from aibom.spi import API_VERSION, Inspector

GROUP = "aibom.inspectors"


@dataclass(frozen=True, slots=True)
class LoadedInspector:
    """An inspector and the distribution that brought it."""

    inspector: Inspector
    distribution: ToolPart


def load(
    allow: Collection[str] | None = None, *, found: Iterable[EntryPoint] | None = None
) -> tuple[tuple[LoadedInspector, ...], tuple[Unknown, ...]]:
    """Every inspector that is installed, by name; those that cannot serve become Unknowns.

    Args:
        allow: names of entry points that may be loaded; None allows all. Loading an entry point
            imports its package, so a gate that trusts only some plug-ins names them here.
        found: entry points to load instead of the installed ones.

    Raises:
        UsageError: `allow` names a plug-in that is not installed.
    """
    points = sorted(
        set(entry_points(group=GROUP) if found is None else found),
        key=lambda point: (point.name, point.value),
    )
    absent = sorted(set(allow or ()) - {point.name for point in points})
    if absent:
        raise UsageError(
            f"no plug-in is called {absent[0]!r}",
            advice="`aibom plugins list` shows those that are installed.",
        )
    loaded: dict[str, LoadedInspector] = {}
    unknowns: list[Unknown] = []
    for point in points:
        if allow is not None and point.name not in allow:
            continue
        try:
            candidate = _load_one(point)
        except Exception as error:  # a plug-in's import may raise anything
            unknowns.append(_set_aside(point, f"does not load: {type(error).__name__}: {error}"))
            continue
        if isinstance(candidate, str):
            unknowns.append(_set_aside(point, candidate))
        elif candidate.inspector.ident in loaded:
            unknowns.append(_set_aside(point, f"the name {candidate.inspector.ident!r} is taken"))
        else:
            loaded[candidate.inspector.ident] = candidate
    return tuple(loaded.values()), tuple(unknowns)


def _load_one(point: EntryPoint) -> LoadedInspector | str:
    """The inspector, or the reason why it cannot serve."""
    made = point.load()
    inspector = made() if isinstance(made, type) else made
    if not isinstance(inspector, Inspector):
        return "is no inspector (see aibom.spi.Inspector)"
    if inspector.api != API_VERSION:
        return f"was written for interface {inspector.api}; this is {API_VERSION}"
    module = point.value.partition(":")[0]
    return LoadedInspector(inspector, _tool(point.dist) if point.dist else ToolPart(module, "0"))


def own_tool() -> ToolPart:
    """The distribution that this code is part of."""
    return _tool(distribution("aibom"))


def _tool(owner: Distribution) -> ToolPart:
    return ToolPart(owner.name, owner.version, str(owner.metadata.json.get("summary", "")))


def _set_aside(point: EntryPoint, reason: str) -> Unknown:
    first_line = reason.splitlines()[0][:300]
    return Unknown(f"plugin:{point.name}", Stage.INSPECTION, f"plug-in {point.name} {first_line}")
