"""The report, and a section for a model card, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.formats.markdown import escape
from aibom.model import WHOLE_MODEL, Dossier, Evidence, Finding, Layer, Origin, Relation, Score
from aibom.render.words import (
    amount,
    evidence_words,
    in_order,
    origin_words,
    place,
    plural,
    verdict,
    weightiest,
)
from aibom.sovereignty import Profile, assess

MAX_PLACES = 10
MAX_UNKNOWNS = 200


def report_markdown(dossier: Dossier, profile: Profile) -> str:
    """The whole report: verdict, parts, origins by layer, findings, licences, what is not known."""
    score = assess(dossier.parts, dossier.origins, profile)
    return "\n".join((*_head(dossier, score, "#"), *_parts(dossier), *_rest(dossier))) + "\n"


def card_markdown(dossier: Dossier, profile: Profile) -> str:
    """A section for a model card: the verdict, the parts, and how it can be checked."""
    score = assess(dossier.parts, dossier.origins, profile)
    lines = [*_head(dossier, score, "##", title="Bill of materials"), *_parts(dossier)]
    made = ", ".join(escape(f"{tool.name} {tool.version}", 80) for tool in dossier.tools[:1])
    lines += ["", f"Made by {made}; `aibom verify` holds it against the files." if made else ""]
    return "\n".join(lines).rstrip() + "\n"


def _head(dossier: Dossier, score: Score, marks: str, title: str | None = None) -> Iterator[str]:
    yield f"{marks} {title or escape(dossier.subject, 200)}"
    yield ""
    yield f"**{escape(verdict(score), 600)}**"
    if score.level is not None:
        yield ""
        yield f"Score: {score.lower:.1f} to {score.upper:.1f} of 100; {score.coverage:.1f} points are known."
    yield ""
    home = ", ".join(score.home[:4]) + (", …" if len(score.home) > 4 else "") if score.home else "none"
    yield f"Profile {escape(score.profile)} of {escape(score.profile_date)}, home: {escape(home)}."
    depth = dossier.depth.value if dossier.depth else "not stated"
    revision = f" Revision `{escape(dossier.revision, 60)}`." if dossier.revision else ""
    yield f"Read: {escape(dossier.form)}, depth {depth}.{revision}"
    for reason in score.reasons:
        yield f"- {escape(reason, 600)}"


def _parts(dossier: Dossier) -> Iterator[str]:
    layers = [layer for layer in Layer if any(origin.layer is layer for origin in dossier.origins)]
    yield from ("", f"| part | parameters | {' | '.join(layer.value for layer in layers)} |")
    yield "|---|---|" + "---|" * len(layers)
    for part in in_order(dossier.parts):
        yield _row(part.id, amount(part.parameters) if part.parameters is not None else "", layers, dossier)
    yield _row(WHOLE_MODEL, "", layers, dossier)


def _row(ident: str, parameters: str, layers: Sequence[Layer], dossier: Dossier) -> str:
    own = {origin.layer: origin for origin in dossier.origins if origin.part == ident}
    name = "whole model" if ident == WHOLE_MODEL else escape(ident, 100)
    cells = (_cell(own.get(layer)) for layer in layers)
    return f"| {name} | {parameters} | {' | '.join(cells)} |"


def _cell(origin: Origin | None) -> str:
    if origin is None:
        return ""
    words = escape(origin_words(origin), 300)
    known = origin.evidence > Evidence.E0 and origin.relation is not Relation.UNKNOWN
    return f"{words} ({evidence_words(origin.evidence)})" if known else words


def _rest(dossier: Dossier) -> Iterator[str]:
    yield from ("", f"## Findings ({len(dossier.findings)})")
    for finding in weightiest(dossier.findings):
        yield from _finding(finding)
    yield from ("", "## Licences", "")
    for licence in dossier.licences:
        how = "text in the files" if licence.carried else "declared"
        yield f"- {escape(licence.expression or licence.name)}, {how}, {escape(place(licence.locator))}"
    yield from ("", "## What is not known", "")
    missing = [layer.value for layer in Layer if not _known(layer, dossier)]
    if missing:
        yield f"- nothing is known of the origin of: {', '.join(missing)}"
    for unknown in dossier.unknowns[:MAX_UNKNOWNS]:
        yield f"- {escape(unknown.path)}: {escape(unknown.reason)}"
    if len(dossier.unknowns) > MAX_UNKNOWNS:
        yield f"- and {plural(len(dossier.unknowns) - MAX_UNKNOWNS, 'more unknown')}"


def _known(layer: Layer, dossier: Dossier) -> bool:
    told = (origin for origin in dossier.origins if origin.layer is layer)
    return any(origin.relation is not Relation.UNKNOWN and origin.evidence > Evidence.E0 for origin in told)


def _finding(finding: Finding) -> Iterator[str]:
    about = ", ".join(
        escape(each)
        for each in (finding.part, finding.layer and finding.layer.value, finding.confidence.value)
        if each
    )
    yield from ("", f"### {escape(finding.id)}: {about}", "", escape(finding.statement, 2000), "")
    for locator in finding.locators[:MAX_PLACES]:
        quote = f" “{escape(locator.quote)}”" if locator.quote else ""
        yield f"- at {escape(place(locator))}{quote}"
    if finding.statistic:
        measured = finding.statistic
        null = f", without a relation {measured.null:g}" if measured.null is not None else ""
        second = f", next best {measured.runner_up:g}" if measured.runner_up is not None else ""
        yield f"- measured: {escape(measured.name)} {measured.value:g}{null}{second}"
    if finding.alternative:
        yield f"- or else: {escape(finding.alternative, 1000)}"
    if finding.contest:
        yield f"- to contest it: {escape(finding.contest, 1000)}"
