"""Reports for people: a page on one model, several side by side, a badge, a section for a model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aibom import catalog, gate, sovereignty
from aibom.contests import ContestState, apply, read_log, states
from aibom.errors import UsageError
from aibom.model import Dossier

PAGES = ("html", "markdown")
SHEETS = ("csv", "xlsx")


def report(
    *targets: str,
    form: str = "html",
    profile: str = "kr",
    home: str | None = None,
    lang: str = "en",
    contests: Path | None = None,
    organisations: Path | None = None,
    **options: Any,
) -> bytes:
    """A report for people on one model, or on several side by side.

    Args:
        targets: each a target as for `aibom.generate`, or the file of anyone's BOM or of a JSON report.
        form: `html` or `markdown`; for several models `html`, `csv` or `xlsx`.
        profile, home: what the score is computed under, whatever a BOM says.
        lang: `en` or `ko`; statements of findings stay in English.
        contests: log of contests, for one model; what was accepted is applied.
        organisations: registry file laid over the shipped one.
        options: as for `aibom.generate`.

    Raises:
        UsageError: no such form, or a form that one, or several, models do not have.
        AibomError: a target cannot be read.
    """
    chosen = sovereignty.load_profile(profile, home)
    dossiers = [gate.dossier(target, organisations=organisations, **options) for target in targets]
    if len(dossiers) > 1 or form in SHEETS:
        return _portfolio(dossiers, chosen, form, lang, organisations)
    if form not in PAGES:
        raise UsageError(f"no report has the form {form!r}", advice=f"Forms: {', '.join((*PAGES, *SHEETS))}.")
    found, told, granted = dossiers[0], dict[str, str](), None
    if contests:
        log = read_log(contests)
        contested = apply(found, log, chosen)
        found, told = contested.dossier, dict(states(log, found.subject))
        granted = contested.granted if ContestState.OPEN in told.values() else None
    if form == "markdown":
        from aibom.render.markdown import report_markdown

        return report_markdown(found, chosen).encode()
    from aibom.render.html import report_html

    page = report_html(
        found, chosen, lang=lang, names=names(lang, organisations), contests=told, granted=granted
    )
    return page.encode()


def _portfolio(
    dossiers: Sequence[Dossier],
    profile: sovereignty.Profile,
    form: str,
    lang: str,
    organisations: Path | None,
) -> bytes:
    if form == "html":
        from aibom.render.html import portfolio_html

        return portfolio_html(dossiers, profile, lang=lang, names=names(lang, organisations)).encode()
    from aibom.render.portfolio import csv_bytes, row, xlsx_bytes

    rows = [row(each, sovereignty.assess(each.parts, each.origins, profile)) for each in dossiers]
    if form not in SHEETS:
        raise UsageError(f"several models have no report as {form}", advice="Forms: html, csv, xlsx.")
    return csv_bytes(rows) if form == "csv" else xlsx_bytes(rows)


def badge(target: str, *, profile: str = "kr", home: str | None = None, **options: Any) -> bytes:
    """An SVG with level and interval, for a model card.

    Raises:
        AibomError: the target cannot be read.
    """
    from aibom.render.badge import badge_svg

    chosen = sovereignty.load_profile(profile, home)
    found = gate.dossier(target, **options)
    return badge_svg(sovereignty.assess(found.parts, found.origins, chosen)).encode()


def card(target: str, *, profile: str = "kr", home: str | None = None, **options: Any) -> bytes:
    """The section in Markdown that a publisher can paste into a model card.

    Raises:
        AibomError: the target cannot be read.
    """
    from aibom.render.markdown import card_markdown

    chosen = sovereignty.load_profile(profile, home)
    return card_markdown(gate.dossier(target, **options), chosen).encode()


def names(lang: str, organisations: Path | None = None) -> Mapping[str, str]:
    """Names of organisations in a language, by id, where the registry has them."""
    found: dict[str, str] = {}
    for entry in catalog.load(organisations).organisations.all:
        own = [name.text for name in entry.names if name.lang == lang]
        if own and lang != "en":
            found[entry.id] = own[0]
    return found
