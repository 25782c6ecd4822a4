"""`aibom lint`: schema and semantic rules, for anyone's CycloneDX BOM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from aibom.cli.documents import read_document
from aibom.cli.options import format_option
from aibom.cli.output import show, write_stdout
from aibom.cli.program import debug_option
from aibom.errors import ExitCode

if TYPE_CHECKING:
    from rich.table import Table

    from aibom.bom import Problem


@click.command()
@click.argument("bom", metavar="FILE|-")
@format_option("table", "json")
@click.option("--cross-check", is_flag=True, help="Ask a second, independent schema validator too (slow).")
@debug_option
@click.pass_context
def lint(ctx: click.Context, /, bom: str, form: str, cross_check: bool) -> None:
    """Check a CycloneDX JSON document: schema and our own rules.

    `-` reads standard input. Exits with code 1 if there is an error; warnings do not count.
    """
    from aibom import api

    problems = api.lint(read_document(bom), cross_check=cross_check)
    if form == "json":
        from aibom.render import json_bytes

        write_stdout(json_bytes([_plain(problem) for problem in problems]))
    elif problems:
        show(_table(problems))
    else:
        click.echo("no problems")
    failed = any(problem.severity == "error" for problem in problems)
    ctx.exit(ExitCode.GATE_FAILED if failed else ExitCode.PASS)


def _plain(problem: Problem) -> dict[str, str]:
    return {
        "rule": problem.rule,
        "severity": str(problem.severity),
        "pointer": problem.pointer,
        "message": problem.message,
    }


def _table(problems: Sequence[Problem]) -> Table:
    from aibom.cli.tables import table

    rows = [_plain(problem) for problem in problems]
    return table(
        ("Severity", "Rule", "Where", "What"),
        [(row["severity"], row["rule"], row["pointer"] or "/", row["message"]) for row in rows],
    )
