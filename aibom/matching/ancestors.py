"""The models that a dossier says its own descends from."""

from __future__ import annotations

from aibom.matching.names import last
from aibom.model import Ancestor, Dossier

_LEFT_OVER = "_name_or_path"
"""The key of a configuration in which a path may be left over; it shows no derivation by itself."""


def ancestors(dossier: Dossier) -> dict[str, Ancestor]:
    """Ancestors by name without case, the best known first, with the models that origins name.

    The model itself is none, whatever a configuration says.
    """
    upstream = (
        Ancestor(each.upstream, each.part, each.relation.value, each.evidence)
        for each in dossier.origins
        if each.upstream
    )
    found: dict[str, Ancestor] = {}
    for each in sorted((*dossier.ancestors, *upstream), key=_rank):
        if each.name and each.name.casefold() != dossier.subject.casefold():
            found.setdefault(each.name.casefold(), each)
    return found


def _rank(ancestor: Ancestor) -> tuple[int, bool, bool, str]:
    return -ancestor.evidence, ancestor.locator is None, left_over(ancestor), repr(ancestor)


def left_over(ancestor: Ancestor) -> bool:
    """Whether it only stands in the path of a configuration."""
    key = ancestor.locator.key if ancestor.locator else None
    return (key or "").rpartition(".")[2] == _LEFT_OVER


def without(names: dict[str, Ancestor], others: dict[str, Ancestor]) -> list[Ancestor]:
    """The ancestors that the others do not name; a bare name (`Llama-3.1-8B`) is any repository's of it."""
    whole = {last(name) for name in others}
    bare = {name for name in others if "/" not in name}

    def given(name: str) -> bool:
        return name in others or last(name) in bare or ("/" not in name and name in whole)

    return [names[name] for name in sorted(names) if not given(name)]
