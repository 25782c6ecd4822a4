"""The report of one model."""

from __future__ import annotations

from collections.abc import Mapping

from aibom.model import Dossier, Score
from aibom.pages import rendered
from aibom.render.html.messages import Messages
from aibom.render.html.tell import Teller, bar, made_by
from aibom.render.html.templates import TEMPLATES
from aibom.render.html.view import serious, view
from aibom.render.words import place
from aibom.sovereignty import Profile


def report_html(
    dossier: Dossier,
    profile: Profile,
    *,
    lang: str = "en",
    names: Mapping[str, str] | None = None,
    contests: Mapping[str, str] | None = None,
    granted: Score | None = None,
) -> str:
    """One self-contained page on one model, the same bytes for the same input.

    Args:
        dossier: what is said of it, by a scan or a BOM.
        profile: what the score is computed under.
        lang: `en` or `ko`. Statements of findings stay in the language in which they are made.
        names: names of organisations in that language, by their id.
        contests: state by finding id.
        granted: the score with every open contest granted; None where none is open.

    Raises:
        UsageError: no texts in that language.
    """
    say = Messages.of(lang)
    shown = view(dossier, profile)
    tell = Teller(say, names or {})
    return rendered(
        TEMPLATES,
        "report.html",
        style="style.css",
        say=say,
        tell=tell,
        view=shown,
        dossier=dossier,
        score=shown.score,
        bar=bar(shown.score),
        contests=contests or {},
        granted=granted,
        tools=made_by([dossier]),
        place=place,
        serious=serious,
    )
