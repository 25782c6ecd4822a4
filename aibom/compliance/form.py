"""The model documentation form, filled in as far as a document goes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from aibom.compliance.element import Answer, Status
from aibom.compliance.evaluation import elements
from aibom.compliance.vocabularies.gpai import GPAI
from aibom.formats.markdown import escape

_BLANK = "\\_\\_\\_\\_\\_\\_\\_\\_"
_BASIS = {Status.PRESENT: "found", Status.DECLARED: "stated"}
_LEGEND = (
    "*Found*: in the model's own bytes, or in the BOM about itself. *Stated*: by model card, configuration,"
    " Hub or vendor, and checked by nobody. What stands in code type is the place in the BOM."
)


def gpai_form(document: Any) -> str:
    """The form as Markdown: what the document says, where it says so, and blanks for the rest.

    Args:
        document: a CycloneDX document, ours or anyone's; it need not be valid.

    Text out of the document makes no markup and no link.
    """
    report = elements(document, GPAI)
    known = len(GPAI.elements) - len(report.of(Status.MISSING))
    title = escape(report.subject, 200) or "a model without a name"
    lines = [
        f"# Model documentation: {title}",
        "",
        f"{GPAI.title}, {GPAI.source}, {GPAI.date}. {GPAI.note}",
        "",
        f"{known} of {len(GPAI.elements)} items are filled in, at least in part; the provider completes and"
        " confirms every one.",
        "",
        _LEGEND,
    ]
    for section, answers in groupby(report.answers, key=lambda answer: answer.element.cluster):
        lines += ["", f"## {section}"]
        for answer in answers:
            lines += _item(answer)
    return "\n".join((*lines, ""))


def _item(answer: Answer) -> Iterator[str]:
    element = answer.element
    law = f" (Annex {element.law})" if element.law else ""
    yield from ("", f"**{element.ident} {element.name}**{law}", "")
    once = {found.text: found for found in reversed(answer.found)}
    for found in sorted(once.values(), key=answer.found.index):
        yield f"- {escape(found.text, 250)} ({_BASIS[found.status]}, `{found.pointer}`)"
    if answer.count > len(answer.found):
        yield f"- and {answer.count - len(answer.found):,} more in the BOM"
    if not answer.found:
        yield f"{_BLANK} (to be filled in by the provider)"
    asked = f" Questionnaire: `{element.questions[0]}`." if element.questions else ""
    yield from ("", f"To {'complete' if answer.found else 'fill in'}: {element.how}{asked}")
