"""`aibom check`: the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aibom.cli.options import (
    FILE,
    INDEX_OPTION,
    KNOWLEDGE_OPTIONS,
    SOURCE_OPTIONS,
    quiet_option,
    source_arguments,
)
from aibom.cli.output import progress
from aibom.cli.program import debug_option
from aibom.cli.verdicts import destinations, verdict_options, write_verdict


@click.command()
@click.argument("target", metavar="TARGET|BOM")
@click.option(
    "--policy",
    required=True,
    metavar="NAME|FILE",
    help="Policy to hold it against; `aibom policies list` shows those that are shipped.",
)
@click.option("--waivers", type=FILE, help="File of failures that somebody answers for until a day.")
@click.option("--baseline", type=FILE, help="JSON verdict of an earlier check: what it knew does not count.")
@click.option(
    "--contests", type=FILE, help="Log of contests (`aibom contest`): what was accepted is applied."
)
@verdict_options
@SOURCE_OPTIONS
@KNOWLEDGE_OPTIONS
@INDEX_OPTION
@quiet_option
@debug_option
@click.pass_context
def check(
    ctx: click.Context,
    /,
    target: str,
    policy: str,
    waivers: Path | None,
    baseline: Path | None,
    contests: Path | None,
    output: str | None,
    form: str,
    written: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Hold a model, or anyone's BOM of one, against a policy.

    TARGET is as for `generate`; the file of a CycloneDX or SPDX BOM, or of a JSON report, is judged as it
    stands, without looking at the model. Exits with 0 where every rule passes, 1 where one fails, 3 where too
    little is known to tell: unknown is never a pass.
    """
    from aibom import gate

    wanted = destinations(form, output, written)
    with progress(quiet=quiet) as tell_step:
        verdict = gate.check(
            target,
            policy=policy,
            waivers=waivers,
            baseline=baseline,
            contests=contests,
            on_progress=tell_step,
            **source_arguments(options),
        )
    write_verdict(ctx, verdict, wanted)
