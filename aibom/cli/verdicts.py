"""What `check`, `verify` and `diff` share: the forms of a verdict, files beside it, and the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aibom.cli.options import Command, format_option, stacked
from aibom.cli.output import (
    check_destination,
    destination,
    on_terminal,
    text_bytes,
    write_result,
)
from aibom.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aibom.model import Verdict

FORMS = ("table", "json", "sarif", "junit", "markdown")
_CODES = {"pass": ExitCode.PASS, "fail": ExitCode.GATE_FAILED, "undetermined": ExitCode.UNDETERMINED}


def verdict_options(command: Command) -> Command:
    """`-f`, `-o`, and `--write FORM=FILE` for further forms of the same run."""
    return stacked(
        click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output."),
        format_option(*FORMS),
        click.option(
            "--write",
            "written",
            multiple=True,
            metavar="FORM=FILE",
            help="Write another form to a file too (`sarif=out.sarif`); may be given again.",
        ),
    )(command)


def destinations(form: str, output: str | None, written: tuple[str, ...]) -> Mapping[Path | None, str]:
    """File to form, None for standard output; refused before the work is done where one cannot be written.

    Raises:
        UsageError: no such form, a file that cannot be written, or one that is named twice.
    """
    wanted: dict[Path | None, str] = {destination(output): form}
    for pair in written:
        name, _, file = pair.partition("=")
        if name not in FORMS or not file:
            raise UsageError(f"--write {pair}: no form and file", advice=f"Forms: {', '.join(FORMS)}.")
        if Path(file) in wanted:
            raise UsageError(f"{file} is named twice", advice="Name a file for each form.")
        check_destination(Path(file))
        wanted[Path(file)] = name
    return wanted


def write_verdict(ctx: click.Context, verdict: Verdict, wanted: Mapping[Path | None, str]) -> None:
    """Write every form, and leave with the exit code of the outcome."""
    for path, form in wanted.items():
        data = _rendered(verdict, form, terminal=path is None and on_terminal())
        write_result(path, data)
    ctx.exit(_CODES[verdict.outcome])


def _rendered(verdict: Verdict, form: str, *, terminal: bool) -> bytes:
    from aibom import registry
    from aibom.render import json_bytes, verdicts
    from aibom.render.verdicts.table import verdict_tree

    if form == "json":
        return json_bytes(verdicts.verdict_json(verdict))
    if form == "sarif":
        return json_bytes(verdicts.sarif_json(verdict, registry.own_tool()))
    if form == "junit":
        return verdicts.junit_xml(verdict)
    if form == "markdown":
        return verdicts.summary(verdict).encode()
    return text_bytes(verdict_tree(verdict), terminal=terminal)
