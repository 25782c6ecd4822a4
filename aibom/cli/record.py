"""`aibom record`: keep what a scan read, so that it can be repeated without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aibom.cli.options import JUDGING_OPTIONS, SOURCE_OPTIONS, quiet_option, source_arguments
from aibom.cli.output import progress
from aibom.cli.program import debug_option


@click.command()
@click.argument("target")
@click.option(
    "-o",
    "--output",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the snapshot; made where it is not there.",
)
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@quiet_option
@debug_option
def record(target: str, directory: Path, quiet: bool, **scan_options: Any) -> None:
    """Scan a model and store what was read as a snapshot.

    The folder can be a TARGET of `aibom generate`, which then needs no network and gives the same
    result.
    """
    from aibom import api
    from aibom.formats.text import clean
    from aibom.render.words import plural, size

    arguments = source_arguments(scan_options)
    with progress(quiet=quiet) as tell_step:
        report = api.record(target, directory, on_progress=tell_step, **arguments)
    read, revision = report.analysis.read, report.analysis.target.revision
    at = f" @ {clean(revision)}" if revision else ""
    click.echo(
        f"recorded {clean(target)}{at}: {size(read.bytes)} of {plural(read.files, 'file')} in {directory}"
    )
