"""`aibom verify`: a vendor's BOM held against the model."""

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
from aibom.cli.output import check_destination, progress, write_file
from aibom.cli.program import debug_option
from aibom.cli.verdicts import destinations, verdict_options, write_verdict


@click.command()
@click.argument("bom", type=FILE, metavar="BOM")
@click.argument("target")
@verdict_options
@click.option(
    "--attestation",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the result as a CycloneDX document too: claims with evidence and counter-evidence.",
)
@SOURCE_OPTIONS
@KNOWLEDGE_OPTIONS
@INDEX_OPTION
@quiet_option
@debug_option
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    bom: Path,
    target: str,
    output: str | None,
    form: str,
    written: tuple[str, ...],
    attestation: Path | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Hold a vendor's BOM against the model itself.

    BOM is a CycloneDX or SPDX document of any tool, or a JSON report; TARGET the model, as for `generate`.
    Each result shows both sides. Exits with 0 where they agree, 1 where the model contradicts the BOM, 3
    where nothing contradicts it and not all could be checked.
    """
    from aibom import gate
    from aibom.bom import serialise
    from aibom.render import escaped

    wanted = destinations(form, output, written)
    if attestation:
        check_destination(attestation)
    with progress(quiet=quiet) as tell_step:
        verified = gate.verify(bom, target, on_progress=tell_step, **source_arguments(options))
    if attestation:
        write_file(attestation, escaped(serialise(verified.attestation())))
    write_verdict(ctx, verified.verdict, wanted)
