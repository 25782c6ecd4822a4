"""Several models side by side, as one page: a table to sort and filter, and a matrix of their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aibom.model import Dossier, Layer, Role
from aibom.pages import rendered
from aibom.render.html.messages import Messages
from aibom.render.html.tell import Teller, bar, made_by
from aibom.render.html.templates import TEMPLATES
from aibom.render.html.view import STAGES, Cell, PartView, View, view
from aibom.sovereignty import Profile

_COMPARED = (Layer.WEIGHTS, Layer.ARCHITECTURE, Layer.CODE, Layer.TOKENIZER)


@dataclass(frozen=True, slots=True)
class Line:
    """One role and layer over all models.

    Attributes:
        cells: for each model the cells of its parts of that role; empty where it has none.
        differs: whether the standings are not all the same, among the models that have such a part.
    """

    role: Role
    layer: Layer
    cells: tuple[tuple[tuple[PartView, Cell], ...], ...]
    differs: bool


def portfolio_html(
    dossiers: Sequence[Dossier], profile: Profile, *, lang: str = "en", names: Mapping[str, str] | None = None
) -> str:
    """One self-contained page on several models, under one profile.

    Raises:
        UsageError: no texts in that language.
    """
    say = Messages.of(lang)
    views = tuple(view(dossier, profile) for dossier in dossiers)
    return rendered(
        TEMPLATES,
        "portfolio.html",
        style="style.css",
        script="portfolio.js",
        say=say,
        tell=Teller(say, names or {}),
        views=views,
        bars=[bar(each.score) for each in views],
        lines=_lines(views),
        profile=profile,
        tools=made_by(dossiers),
    )


def _lines(views: Sequence[View]) -> tuple[Line, ...]:
    order = [role for roles in STAGES.values() for role in roles]
    found = []
    for role in order:
        for layer in _COMPARED:
            cells = tuple(_cells(each, role, layer) for each in views)
            if any(cells):
                kinds = {tuple(sorted({cell.standing for _, cell in own})) for own in cells if own}
                found.append(Line(role, layer, cells, len(kinds) > 1))
    return tuple(found)


def _cells(shown: View, role: Role, layer: Layer) -> tuple[tuple[PartView, Cell], ...]:
    own = (part for part in shown.parts if part.part.role is role and not part.part.alternative)
    return tuple((part, part.cells[layer]) for part in own if layer in part.cells)
