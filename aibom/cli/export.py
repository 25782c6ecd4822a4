"""`aibom export`: a BOM in the forms that others ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.documents import read_document
from aibom.cli.options import JUDGING_OPTIONS, SOURCE_OPTIONS, format_option, quiet_option, source_arguments
from aibom.cli.output import (
    STREAM,
    destination,
    on_terminal,
    progress,
    text_bytes,
    write_result,
)
from aibom.cli.program import debug_option
from aibom.errors import FormatError

if TYPE_CHECKING:
    from aibom.compliance import ElementsReport

FORMS = ("g7", "ntia", "cisa", "bsi", "gpai-mdf")


@click.command()
@click.argument("target", metavar="BOM|TARGET")
@click.option(
    "--form",
    "asked",
    type=click.Choice(FORMS),
    default=FORMS[0],
    show_default=True,
    help="Elements of G7, NTIA, CISA or BSI, or the EU's model documentation form.",
)
@format_option("markdown", "json", "table")
@click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output.")
@click.option(
    "--reproducible", is_flag=True, help="The same target gives the same bytes: no time, no random id."
)
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The vendor's answers (`aibom questionnaire form`) on a target: they enter as declared.",
)
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@quiet_option
@debug_option
def export(
    target: str,
    asked: str,
    form: str,
    output: str | None,
    reproducible: bool,
    quiet: bool,
    **scan_options: Any,
) -> None:
    """What a BOM says of the elements that a list or form asks for, and who supplies the rest.

    BOM is the file of a CycloneDX document in JSON, ours or anyone's, or `-` for standard input. Anything
    else is a TARGET as for `generate`; it is scanned first. What is missing is no error: the exit code
    is 0. Use `aibom check` for a gate.
    """
    file = destination(output)
    document = _document(target, reproducible=reproducible, quiet=quiet, options=scan_options)
    result = _rendered(document, asked, form, terminal=file is None and on_terminal())
    write_result(file, result)


def _document(target: str, *, reproducible: bool, quiet: bool, options: dict[str, Any]) -> dict[str, Any]:
    """The BOM that is named, or that of the target.

    Raises:
        AibomError: it cannot be read, or is no CycloneDX document.
    """
    from aibom import api, gate

    if target == STREAM or gate.is_bom(Path(target)):
        document = read_document(target)
        if document.get("bomFormat") != "CycloneDX":
            raise FormatError(
                f"{target}: no CycloneDX document", advice="Give a CycloneDX document in JSON, or a target."
            )
        return document
    arguments = source_arguments(options)
    with progress(quiet=quiet) as tell_step:
        report = api.generate(target, on_progress=tell_step, **arguments)
    return report.to_cyclonedx(reproducible=reproducible)


def _rendered(document: dict[str, Any], asked: str, form: str, *, terminal: bool) -> bytes:
    from aibom.compliance import GPAI, VOCABULARIES, elements, gpai_form
    from aibom.render import json_bytes
    from aibom.render.elements import elements_json, elements_markdown

    if form == "markdown" and asked == GPAI.ident:
        return gpai_form(document).encode("utf-8", "replace")
    report = elements(document, GPAI if asked == GPAI.ident else VOCABULARIES[asked])
    if form == "json":
        return json_bytes(elements_json(report))
    if form == "markdown":
        return elements_markdown(report).encode("utf-8", "replace")
    return _table(report, terminal=terminal)


def _table(report: ElementsReport, *, terminal: bool) -> bytes:
    from rich.console import Group

    from aibom.cli.tables import table
    from aibom.render.elements import elements_rows, headline

    rows = table(("Id", "Element", "Status", "Value, or who supplies it"), elements_rows(report))
    return text_bytes(Group(headline(report), rows), terminal=terminal)
