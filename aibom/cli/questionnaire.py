"""`aibom questionnaire`: the form for what cannot be seen from a repository, and a check of its answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.options import KNOWLEDGE_OPTIONS, SOURCE_OPTIONS, format_option, quiet_option, source_arguments
from aibom.cli.output import (
    destination,
    progress,
    show,
    write_result,
    write_stdout,
)
from aibom.cli.program import debug_option
from aibom.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aibom.questionnaire import Checked, DocumentCheck


@click.group()
def questionnaire() -> None:
    """Ask a vendor what cannot be seen from a repository: data, compute, training, governance."""


@questionnaire.command()
@click.argument("target", metavar="TARGET|BOM")
@click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output.")
@format_option("yaml", "html")
@SOURCE_OPTIONS
@KNOWLEDGE_OPTIONS
@quiet_option
@debug_option
def form(target: str, output: str | None, form: str, quiet: bool, **options: Any) -> None:
    """Write the form for a model: YAML with comments, or one HTML page that saves JSON.

    TARGET is a model as for `aibom generate`, or the file of a BOM. Model, commit and the ids of its parts
    are filled in. A question that is left empty stays unknown.
    """
    from aibom import gate
    from aibom.questionnaire import Subject, html_form, yaml_form

    file = destination(output)
    if file and file.exists():
        raise UsageError(f"{file} is there already; it may hold answers", advice="Name another file.")
    with progress(quiet=quiet) as tell_step:
        found = gate.dossier(target, on_progress=tell_step, **source_arguments(options))
    parts = tuple(part.id for part in found.parts if part.role.trained and not part.alternative)
    subject = Subject(found.subject, found.revision, parts)
    data = (html_form(subject) if form == "html" else yaml_form(subject)).encode()
    write_result(file, data)


@questionnaire.command()
@click.argument("answers", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--documents",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the documents that answers rest on: their digests are held against the files.",
)
@format_option("table", "json")
@debug_option
@click.pass_context
def check(ctx: click.Context, /, answers: Path, documents: Path | None, form: str) -> None:
    """Check answers: what is wrong, on which line; how many questions are answered.

    Exits with code 1 where something is wrong, or where a document is missing or differs.
    """
    from aibom.formats.files import read_up_to
    from aibom.questionnaire import check as checked_answers
    from aibom.questionnaire import check_documents
    from aibom.questionnaire.reading import MAX_BYTES

    checked = checked_answers(read_up_to(answers, MAX_BYTES), answers.name)
    found = checked.answers
    shown = check_documents(found.documents, documents) if found and documents else ()
    if form == "json":
        from aibom.render import json_bytes

        write_stdout(json_bytes(_plain(checked, shown)))
    else:
        _show(checked, shown)
    failed = bool(checked.faults) or any(item.state.failed for item in shown)
    ctx.exit(ExitCode.GATE_FAILED if failed else ExitCode.PASS)


def _plain(checked: Checked, documents: tuple[DocumentCheck, ...]) -> dict[str, Any]:
    found = checked.answers
    return {
        "valid": found is not None,
        "model": found.model if found else None,
        "revision": found.revision if found else None,
        "sha256": found.digest if found else None,
        "answered": found.answered if found else None,
        "asked": found.asked if found else None,
        "faults": [
            {"line": item.line, "place": item.place, "message": item.message} for item in checked.faults
        ],
        "documents": [
            {
                "id": item.document.id,
                "place": item.document.place,
                "sha256": item.document.sha256,
                "state": item.state.value,
                "reason": item.reason,
            }
            for item in documents
        ],
    }


def _show(checked: Checked, documents: tuple[DocumentCheck, ...]) -> None:
    from aibom.cli.tables import table

    found = checked.answers
    if found is None:
        rows = [(str(item.line), item.place, item.message) for item in checked.faults]
        show(table(("Line", "Answer", "What is wrong"), rows))
        return
    revision = f" at {found.revision}" if found.revision else ""
    click.echo(f"{found.model}{revision}: {found.answered} of {found.asked} questions answered")
    if documents:
        states = [
            (each.document.id, each.document.place, each.state.value, each.reason) for each in documents
        ]
        show(table(("Document", "Place", "State", "Why"), states))
    elif found.documents:
        click.echo(
            f"{len(found.documents)} documents named; --documents DIR holds their digests against files"
        )
