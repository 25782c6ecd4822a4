"""`aibom lint`: schema and semantic rules, for anyone's CycloneDX BOM."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.options import format_option
from aibom.cli.output import show, write_stdout
from aibom.cli.program import debug_option
from aibom.errors import ExitCode, FormatError, InputError, LimitError

if TYPE_CHECKING:
    from rich.table import Table

    from aibom.bom import Problem

MAX_BOM = 256 * 1024 * 1024
"""Bytes of a BOM that are read; one of 2,000 components has about 5 MB."""


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

    problems = api.lint(_document(bom), cross_check=cross_check)
    if form == "json":
        from aibom.render import json_bytes

        write_stdout(json_bytes([_plain(problem) for problem in problems]))
    elif problems:
        show(_table(problems))
    else:
        click.echo("no problems")
    failed = any(problem.severity == "error" for problem in problems)
    ctx.exit(ExitCode.GATE_FAILED if failed else ExitCode.PASS)


def _document(name: str) -> dict[str, Any]:
    """The JSON object that a file or standard input holds.

    Raises:
        InputError: the file cannot be read, is too large, or holds no JSON object.
    """
    from aibom.formats.text import parse_json

    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BOM + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BOM + 1)
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error
    advice = "Give a CycloneDX document in JSON."
    if len(data) > MAX_BOM:
        raise LimitError(f"{name}: larger than {MAX_BOM:,} bytes", limit="file size", advice=advice)
    try:
        document = parse_json(data, name)
    except FormatError as error:
        raise FormatError(error.message, advice=advice) from error
    if not isinstance(document, dict):
        raise FormatError(f"{name}: no JSON object", advice=advice)
    return document


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
