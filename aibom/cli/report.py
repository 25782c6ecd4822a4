"""`aibom report`, `badge` and `card`: what people read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aibom.cli.options import (
    FILE,
    INDEX_OPTION,
    JUDGING_OPTIONS,
    SOURCE_OPTIONS,
    quiet_option,
    source_arguments,
)
from aibom.cli.output import destination, progress, write_result
from aibom.cli.program import debug_option

output_option = click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output.")


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET|BOM...")
@output_option
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["html", "markdown", "csv", "xlsx"]),
    help="Form of the report; html unless the name of the output file tells another.",
)
@click.option("--lang", type=click.Choice(["en", "ko"]), default="en", show_default=True, help="Language.")
@click.option(
    "--contests", type=FILE, help="Log of contests (`aibom contest`): what was accepted is applied."
)
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@INDEX_OPTION
@quiet_option
@debug_option
def report(
    targets: tuple[str, ...],
    output: str | None,
    form: str | None,
    lang: str,
    contests: Path | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Write a report that people read: one file, which opens without network.

    Each TARGET is as for `generate`, or the file of anyone's BOM or of a JSON report. Several give a
    portfolio: the models side by side, to sort and filter, or as a sheet (csv, xlsx).
    """
    from aibom import reporting

    file = destination(output)
    chosen = form or _form(file)
    with progress(quiet=quiet) as tell_step:
        made = reporting.report(
            *targets,
            form=chosen,
            lang=lang,
            contests=contests,
            on_progress=tell_step,
            **source_arguments(options),
        )
    write_result(file, made)


@click.command()
@click.argument("target", metavar="TARGET|BOM")
@output_option
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@quiet_option
@debug_option
def badge(target: str, output: str | None, quiet: bool, **options: Any) -> None:
    """Write a badge, level and interval as SVG, for a model card."""
    from aibom import reporting

    file = destination(output)
    with progress(quiet=quiet) as tell_step:
        made = reporting.badge(target, on_progress=tell_step, **source_arguments(options))
    write_result(file, made)


@click.command()
@click.argument("target", metavar="TARGET|BOM")
@output_option
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@quiet_option
@debug_option
def card(target: str, output: str | None, quiet: bool, **options: Any) -> None:
    """Write the section, in Markdown, that a publisher can paste into a model card."""
    from aibom import reporting

    file = destination(output)
    with progress(quiet=quiet) as tell_step:
        made = reporting.card(target, on_progress=tell_step, **source_arguments(options))
    write_result(file, made)


def _form(file: Path | None) -> str:
    endings = {".md": "markdown", ".csv": "csv", ".xlsx": "xlsx"}
    return endings.get(file.suffix.lower(), "html") if file else "html"
