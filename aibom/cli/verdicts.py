"""What `check`, `verify` and `diff` share: the forms of a verdict, files beside it, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.output import check_destination, on_terminal, text_bytes, write_file, write_stdout
from aibom.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aibom.model import Verdict

FORMS = ("table", "json", "sarif", "junit", "markdown")
_CODES = {"pass": ExitCode.PASS, "fail": ExitCode.GATE_FAILED, "undetermined": ExitCode.UNDETERMINED}
Command = Callable[..., Any]


def verdict_options(command: Command) -> Command:
    """`-f`, `-o`, and `--write FORM=FILE` for further forms of the same run."""
    options = (
        click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output."),
        click.option(
            "-f",
            "--format",
            "form",
            type=click.Choice(FORMS),
            default=FORMS[0],
            show_default=True,
            help="Form of the verdict.",
        ),
        click.option(
            "--write",
            "written",
            multiple=True,
            metavar="FORM=FILE",
            help="Write another form to a file too (`sarif=out.sarif`); may be given again.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def destinations(form: str, output: str | None, written: tuple[str, ...]) -> Mapping[Path | None, str]:
    """File to form, None for standard output; refused before the work is done where one cannot be written.

    Raises:
        UsageError: no such form, a file that cannot be written, or one that is named twice.
    """
    wanted: dict[Path | None, str] = {None if output in (None, "-") else Path(str(output)): form}
    for pair in written:
        name, _, file = pair.partition("=")
        if name not in FORMS or not file:
            raise UsageError(f"--write {pair}: no form and file", advice=f"Forms: {', '.join(FORMS)}.")
        if Path(file) in wanted:
            raise UsageError(f"{file} is named twice", advice="Name a file for each form.")
        wanted[Path(file)] = name
    for path in wanted:
        if path is not None:
            check_destination(path)
    return wanted


def write_verdict(ctx: click.Context, verdict: Verdict, wanted: Mapping[Path | None, str]) -> None:
    """Write every form, and leave with the exit code of the outcome."""
    for path, form in wanted.items():
        data = _rendered(verdict, form, terminal=path is None and on_terminal())
        if path is None:
            write_stdout(data)
        else:
            write_file(path, data)
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
