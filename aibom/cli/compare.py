"""`aibom compare`: two models side by side."""

from __future__ import annotations

from typing import Any

import click

from aibom.cli.options import (
    KNOWLEDGE_OPTIONS,
    READING_OPTIONS,
    format_option,
    quiet_option,
    source_arguments,
)
from aibom.cli.output import (
    destination,
    on_terminal,
    progress,
    text_bytes,
    write_result,
)
from aibom.cli.program import debug_option


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output.")
@format_option("table", "json")
@READING_OPTIONS
@click.option(
    "--as-a", "alias_a", metavar="ORG/NAME", help="The Hub repository that folder A is a checkout of."
)
@click.option(
    "--as-b", "alias_b", metavar="ORG/NAME", help="The Hub repository that folder B is a checkout of."
)
@KNOWLEDGE_OPTIONS
@quiet_option
@debug_option
def compare(a: str, b: str, output: str | None, form: str, quiet: bool, **options: Any) -> None:
    """Hold two models against each other, signal by signal.

    A and B are targets as for `generate`: `org/name[@revision]`, a folder, a model file or a recorded
    snapshot. The signals (declared, code, tokenizer, architecture, weights) are never blended; weights
    are compared at `--depth weights`. The exit code says nothing of the verdicts.
    """
    from aibom import api
    from aibom.render import compare_json, json_bytes
    from aibom.render.compare import compare_table

    file = destination(output)
    with progress(quiet=quiet) as tell_step:
        found = api.compare(a, b, on_progress=tell_step, **source_arguments(options))
    if form == "json":
        result = json_bytes(compare_json(found))
    else:
        result = text_bytes(compare_table(found), terminal=file is None and on_terminal())
    write_result(file, result)
