"""`aibom explain`: a claim of a BOM, from its evidence to how it is refuted."""

from __future__ import annotations

from dataclasses import asdict

import click

from aibom.cli.documents import read_document
from aibom.cli.options import format_option
from aibom.cli.output import show, write_stdout
from aibom.cli.program import debug_option
from aibom.errors import NotFoundError


@click.command()
@click.argument("bom", metavar="BOM|-")
@click.argument("finding", required=False)
@format_option("text", "json")
@debug_option
def explain(bom: str, finding: str | None, form: str) -> None:
    """Lay out one claim of a BOM: evidence, what its rule cannot show, how to refute it.

    FINDING is an id such as F-f026ba6d18bf; without one every claim of the BOM is listed.
    """
    from aibom.bom import read_claims

    claims = read_claims(read_document(bom))
    if finding is not None:
        claims = tuple(claim for claim in claims if claim.ident == finding)
        if not claims:
            raise NotFoundError(
                f"the BOM makes no claim {finding!r}",
                advice="`aibom explain BOM` lists the claims that it makes.",
            )
    if form == "json":
        from aibom.render import json_bytes

        write_stdout(json_bytes([asdict(claim) for claim in claims]))
    elif finding is not None:
        from aibom.render.explain import explain as explained

        for claim in claims:
            click.echo(explained(claim), nl=False)
    elif claims:
        from aibom.cli.tables import table

        show(table(("Claim", "Statement"), [(claim.ident, claim.statement) for claim in claims]))
    else:
        click.echo("no claims")
