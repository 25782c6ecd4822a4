"""`aibom catalog`: the reference data that is shipped."""

from __future__ import annotations

import click

from aibom.cli.options import format_option
from aibom.cli.output import show, write_stdout
from aibom.cli.program import debug_option

_STATES = {True: "as recorded", False: "not as recorded", None: "not recorded"}


@click.group()
def catalog() -> None:
    """Reference data: organisations, families, and prints of known models."""


@catalog.command("info")
@format_option("table", "json")
@debug_option
def info(form: str) -> None:
    """Every data set with its source, version, date, licence, entries, size and SHA-256.

    The digest is held against the recorded one. Exits with code 1 if a file is not as recorded.
    """
    from dataclasses import asdict

    from aibom.catalog.info import data_sets
    from aibom.cli.tables import table
    from aibom.errors import ExitCode
    from aibom.render import json_bytes
    from aibom.render.words import size

    found = data_sets()
    if form == "json":
        write_stdout(json_bytes([asdict(each) | {"entries": dict(each.entries)} for each in found]))
    else:
        rows = [
            (
                each.name,
                f"{each.source} {each.version}".strip(),
                each.released or "not stated",
                each.licence or "not stated",
                ", ".join(f"{number:,} {what}" for what, number in each.entries),
                size(each.size),
                f"{each.sha256[:12]} {_STATES[each.intact]}",
            )
            for each in found
        ]
        show(table(("Name", "Source", "Date", "Licence", "Entries", "Size", "SHA-256"), rows))
    if any(each.intact is False for each in found):
        click.get_current_context().exit(ExitCode.GATE_FAILED)
