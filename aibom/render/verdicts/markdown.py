"""The summary that a pull request shows."""

from __future__ import annotations

import html
from collections.abc import Iterator

from aibom.formats.markdown import escape
from aibom.formats.text import clean
from aibom.model import Outcome, Result, Verdict
from aibom.render.verdicts.words import about, counted, headline, places, scores, sides, state, worst_first
from aibom.render.words import place

MAX_DETAILS = 50
"""Results that are laid out; the table holds all."""
MAX_PLACES = 5
MAX_BYTES = 60_000
"""A comment on GitHub holds 65,536 characters."""


def summary(verdict: Verdict) -> str:
    """Headline, score, a table of all rules, and the evidence of those that did not pass."""
    lines = list(_lines(verdict))
    text, cut = "", "\n\nThe rest is cut off here; the JSON form holds all.\n"
    for line in lines:
        if len(text) + len(line) + len(cut) > MAX_BYTES:
            return text.rstrip() + cut
        text += line + "\n"
    return text


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"### {escape(headline(verdict), 1000)}"
    yield ""
    title = f"{escape(verdict.title)}. " if verdict.title else ""
    yield f"{title}{counted(verdict).capitalize()}."
    for line in scores(verdict):
        yield from ("", f"Score: {escape(line)}.")
    if verdict.notes:
        yield ""
        yield escape(verdict.notes, 1000)
    results = worst_first(verdict.results)
    if results:
        yield from ("", "| outcome | rule | about | what |", "|---|---|---|---|")
    for result in results:
        cells = (state(result, verdict), result.rule, about(result), result.statement)
        yield f"| {' | '.join(escape(cell, 600) for cell in cells)} |"
    open_ = [item for item in results if item.outcome is not Outcome.PASS][:MAX_DETAILS]
    for result in open_:
        yield from _details(result)


def _details(result: Result) -> Iterator[str]:
    where = f" ({about(result)})" if about(result) else ""
    body = list(_evidence(result))
    if not body:
        return
    yield ""
    yield f"<details><summary>{html.escape(clean(result.rule) + where)}</summary>"
    yield ""
    yield from body
    yield ""
    yield "</details>"


def _evidence(result: Result) -> Iterator[str]:
    for word, text in sides(result):
        yield f"- {word}: {escape(text, 1000)}"
    for item in result.results:
        yield f"- {item.outcome.value}: {escape(item.statement, 1000)}"
    for finding in result.findings:
        yield f"- {escape(finding.id)}: {escape(finding.statement, 1000)}"
        if finding.alternative:
            yield f"  - or else: {escape(finding.alternative, 1000)}"
        if finding.contest:
            yield f"  - to contest it: {escape(finding.contest, 1000)}"
    for at in places(result)[:MAX_PLACES]:
        quoted = f" “{escape(at.quote)}”" if at.quote else ""
        yield f"- at {escape(place(at))}{quoted}"
    for unknown in result.unknowns[:MAX_PLACES]:
        yield f"- not seen: {escape(unknown.path)}: {escape(unknown.reason)}"
