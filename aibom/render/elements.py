"""A document held against a vocabulary, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aibom.compliance import Answer, ElementsReport, Found, Status
from aibom.formats.markdown import escape

ELEMENTS_SCHEMA = "urn:aibom:schema:elements:1"
"""`$id` of the schema that `elements_json` answers to."""
SHOWN = 3
"""Values that a table shows of one element."""


def elements_json(report: ElementsReport) -> dict[str, Any]:
    """The report in the shape of `elements.schema.json`: every key always there."""
    vocabulary = report.vocabulary
    return {
        "schema": ELEMENTS_SCHEMA,
        "vocabulary": {
            "id": vocabulary.ident,
            "title": vocabulary.title,
            "date": vocabulary.date,
            "source": vocabulary.source,
            "note": vocabulary.note,
        },
        "subject": {"name": report.subject, "version": report.version},
        "document": report.document,
        "counts": {each.value: len(report.of(each)) for each in Status},
        "elements": [_answer_json(answer) for answer in report.answers],
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    element = answer.element
    missing = answer.status is Status.MISSING
    return {
        "id": element.ident,
        "name": element.name,
        "cluster": element.cluster,
        "cyclonedx": element.cyclonedx,
        "status": answer.status.value,
        "values": [
            {
                "value": found.value,
                "label": found.label,
                "pointer": found.pointer,
                "status": found.status.value,
            }
            for found in answer.found
        ],
        "count": answer.count,
        "held": answer.held,
        "of": answer.of,
        "supply": [each.value for each in element.supply] if missing else [],
        "how": element.how if missing else "",
        "questions": list(element.questions),
    }


def headline(report: ElementsReport) -> str:
    """`38 of 50 elements: 25 found, 13 declared (2 of these for some components only); 12 missing`."""
    counts = {each: len(report.of(each)) for each in Status}
    held = counts[Status.PRESENT] + counts[Status.DECLARED]
    partly = sum(map(_in_part, report.answers))
    some = f" ({partly} of these for some components only)" if partly else ""
    return (
        f"{held} of {len(report.answers)} elements: {counts[Status.PRESENT]} found,"
        f" {counts[Status.DECLARED]} declared{some}; {counts[Status.MISSING]} missing"
    )


def values(answer: Answer) -> str:
    """The first few values, each once, and an ellipsis where there are more."""
    shown = list(dict.fromkeys(found.text for found in answer.found))
    more = len(shown) > SHOWN or (len(shown) > 1 and answer.count > len(answer.found))
    return "; ".join((*shown[:SHOWN], "…") if more else shown)


def status(answer: Answer) -> str:
    """`found`, `declared for 1 of 3` where several components should have the element, `missing`."""
    word = "found" if answer.status is Status.PRESENT else answer.status.value
    return f"{word} for {answer.held:,} of {answer.of:,}" if _in_part(answer) else word


def _in_part(answer: Answer) -> bool:
    return answer.of is not None and answer.held is not None and 0 < answer.held < answer.of


def elements_rows(report: ElementsReport) -> list[tuple[str, str, str, str]]:
    """Rows of a table: id, element, status, and values or who supplies them."""
    return [
        (
            answer.element.ident,
            answer.element.name,
            status(answer),
            values(answer) if answer.found else f"supplied by {answer.element.supply[0].value}",
        )
        for answer in report.answers
    ]


def elements_markdown(report: ElementsReport) -> str:
    """The report for readers: what stands in the document, then what is missing and who supplies it.

    Text out of the document makes no markup and no link.
    """
    return "\n".join((*_markdown(report), ""))


def _markdown(report: ElementsReport) -> Iterator[str]:
    vocabulary = report.vocabulary
    subject = escape(report.subject, 200) or "a model without a name"
    yield f"# {vocabulary.title}: {subject}"
    yield ""
    yield f"**{headline(report)}.**"
    yield ""
    if report.version:
        yield f"- version of the model: {escape(report.version)}"
    yield f"- document: {escape(report.document) or 'of no known format'}"
    yield f"- list: {vocabulary.source}; {vocabulary.date}"
    yield ""
    yield f"{vocabulary.note}"
    yield ""
    yield (
        "*Found*: in the model's own bytes, or in the document itself. *Declared*: stated by model card,"
        " configuration, Hub or vendor; nobody checked it. *Missing*: not in the document, which does not"
        " say that it does not exist."
    )
    yield from ("", "| group | elements | found or declared | missing |", "|---|---|---|---|")
    for cluster, answers in _clusters(report):
        missing = sum(answer.status is Status.MISSING for answer in answers)
        yield f"| {cluster} | {len(answers)} | {len(answers) - missing} | {missing} |"
    for cluster, answers in _clusters(report):
        yield from (
            "",
            f"## {cluster}",
            "",
            "| id | element | status | value | where |",
            "|---|---|---|---|---|",
        )
        yield from map(_row, answers)
    unanswered = report.of(Status.MISSING)
    if unanswered:
        yield from ("", "## What is missing, and who supplies it", "")
        yield from ("| id | element | who | how |", "|---|---|---|---|")
    for answer in unanswered:
        element = answer.element
        who = ", or ".join(each.value for each in element.supply)
        asked = f" Questionnaire: `{element.questions[0]}`." if element.questions else ""
        yield f"| {element.ident} | {element.name} | {who} | {element.how}{asked} |"


def _clusters(report: ElementsReport) -> list[tuple[str, list[Answer]]]:
    """The answers by cluster, both in the vocabulary's order."""
    clusters: dict[str, list[Answer]] = {}
    for answer in report.answers:
        clusters.setdefault(answer.element.cluster, []).append(answer)
    return list(clusters.items())


def _row(answer: Answer) -> str:
    element = answer.element
    where = _where(answer.found[0]) if answer.found else ""
    word = f"**{status(answer)}**" if answer.status is Status.MISSING else status(answer)
    return f"| {element.ident} | {element.name} | {word} | {escape(values(answer), 500)} | {where} |"


def _where(found: Found) -> str:
    """The pointer as code; its steps are names of CycloneDX and numbers, never text of the document."""
    return f"`{found.pointer}`"
