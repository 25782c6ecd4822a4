"""`aibom diff`: what changed between two BOMs."""

from __future__ import annotations

from typing import Any

import click

from aibom.cli.options import KNOWLEDGE_OPTIONS, READING_OPTIONS, quiet_option, source_arguments
from aibom.cli.output import progress
from aibom.cli.program import debug_option
from aibom.cli.verdicts import destinations, verdict_options, write_verdict


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@verdict_options
@click.option(
    "--profile", metavar="NAME|FILE", help="Judge both sides under this profile. Default: the one they state."
)
@click.option("--home", metavar="CC", help="Country code that replaces the profile's home set.")
@READING_OPTIONS
@KNOWLEDGE_OPTIONS
@quiet_option
@debug_option
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    old: str,
    new: str,
    output: str | None,
    form: str,
    written: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Tell what changed between two BOMs, reports or models: parts, origins, licences, hashes, score.

    OLD and NEW are files of BOMs or reports, or targets as for `generate`. Exits with 1 on a regression only:
    a new outside part, a worse origin, a lost hash, a licence that changed for the worse, a lower level.
    """
    from aibom import gate

    wanted = destinations(form, output, written)
    with progress(quiet=quiet) as tell_step:
        verdict = gate.diff(old, new, on_progress=tell_step, **source_arguments(options))
    write_verdict(ctx, verdict, wanted)
