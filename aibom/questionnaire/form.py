"""The form to fill in, written from the questions: as YAML with comments, and as a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from textwrap import wrap

from aibom.formats.values import clean
from aibom.questionnaire.questions import DOCUMENTS, PARTS, SCHEMA, Kind, Question, Section, sections

_WIDTH = 92
_COMMIT = re.compile("[0-9a-f]{40,64}")
_HINTS = {
    Kind.TEXTS: "A list: one `- text` a line.",
    Kind.NUMBER: "A number.",
    Kind.YES: "true or false.",
    Kind.DOCUMENTS: "A list.",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is for: the model, its commit and the ids of its parts, as far as known."""

    model: str
    revision: str | None = None
    parts: tuple[str, ...] = ()

    @property
    def commit(self) -> str:
        """The revision, where it is a full commit; a tag or version names no one state."""
        commit = (self.revision or "").lower()
        return commit if _COMMIT.fullmatch(commit) else ""


def yaml_form(subject: Subject) -> str:
    """The form as YAML; as it is written, `check` accepts it, and nothing is answered."""
    lines = [
        "# What cannot be seen from a model's repository, answered by its vendor.",
        "# Leave empty what is not known or not to be told: it then stays unknown, and is never guessed.",
        "# Answers are published with the bill of materials, as your declarations.",
        "# `aibom questionnaire check FILE` tells what is wrong, with lines.",
        f"schema: {SCHEMA}",
    ]
    for section in sections():
        lines += ["", *_comment(f"{section.title}. {section.help}", 0)]
        lines += _section(section, subject)
    return "\n".join(lines) + "\n"


def _section(section: Section, subject: Subject) -> Iterator[str]:
    if section.key == "model":
        yield "model:"
        yield f"  id: {_quoted(subject.model)}"
        yield f"  revision: {subject.commit and _quoted(subject.commit)}".rstrip()
    elif section.key == DOCUMENTS:
        yield from _rows(section.key, section.questions, 0)
    elif section.key == PARTS:
        yield "parts:"
        for part in subject.parts or ("decoder-core",):
            yield f"  {_quoted(part)}:"
            yield from _questions(section.questions, 4)
    else:
        yield f"{section.key}:"
        yield from _questions(section.questions, 2)


def _questions(questions: tuple[Question, ...], indent: int) -> Iterator[str]:
    for question in questions:
        if question.kind is Kind.ROWS:
            yield from _comment(f"{question.title} {question.help}", indent)
            yield from _rows(question.key, question.columns, indent)
        else:
            yield from _comment(_asked(question), indent)
            yield f"{' ' * indent}{question.key}:"


def _rows(key: str, columns: tuple[Question, ...], indent: int) -> Iterator[str]:
    """An empty list, with the first entry as a comment to uncomment."""
    margin = " " * indent
    yield f"{margin}{key}:"
    for index, column in enumerate(columns):
        said = " ".join(_asked(column).split())
        yield f"{margin}# {'-' if index == 0 else ' '} {column.key}:   # {clean(said, 160)}"


def _asked(question: Question) -> str:
    choices = f"One of: {', '.join(question.choices)}." if question.choices else ""
    title = question.title if question.title.endswith("?") else f"{question.title}."
    return " ".join(word for word in (title, question.help, choices, _HINTS.get(question.kind, "")) if word)


def _comment(text: str, indent: int) -> list[str]:
    margin = f"{' ' * indent}# "
    return [margin + line for line in wrap(text, _WIDTH - indent, break_on_hyphens=False)]


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes; JSON's escapes are YAML's."""
    return json.dumps(clean(text, 300), ensure_ascii=False)


def html_form(subject: Subject) -> str:
    """The form as one page: no network, nothing that runs but the script whose hash its policy names.

    Answers stay in the browser until they are saved as JSON, which `check` reads.
    """
    from aibom.pages import rendered

    return rendered(
        files(__package__) / "data",
        "form.html",
        style="form.css",
        script="form.js",
        subject=subject,
        parts=subject.parts or ("decoder-core",),
        schema=SCHEMA,
        sections=sections(),
    )
