"""`aibom generate`: from a model to its bill of materials."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.options import (
    INDEX_OPTION,
    JUDGING_OPTIONS,
    SOURCE_OPTIONS,
    quiet_option,
    source_arguments,
)
from aibom.cli.output import (
    STREAM,
    check_destination,
    destination,
    on_terminal,
    progress,
    text_bytes,
    write_file,
    write_result,
)
from aibom.cli.program import debug_option, tell
from aibom.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aibom.api import Report

SUFFIXES = {"cyclonedx": ".cdx.json", "json": ".report.json", "spdx": ".spdx.json", "text": ".txt"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to write, and what it makes of unknowns."""

    form: str
    spec: str
    reproducible: bool
    fail_on_unknown: bool
    quiet: bool

    def render(self, report: Report, *, terminal: bool = False) -> bytes:
        """The report in the form that was asked for."""
        from aibom.bom import serialise
        from aibom.render import escaped, json_bytes, tree

        if self.form == "text":
            return text_bytes(tree(report.analysis), terminal=terminal)
        if self.form == "json":
            return json_bytes(report.to_json())
        if self.form == "spdx":
            from aibom.compliance import spdx

            return escaped(serialise(spdx(report.analysis, reproducible=self.reproducible)))
        return escaped(serialise(report.to_cyclonedx(self.spec, reproducible=self.reproducible)))

    def judge(self, report: Report, about: str) -> ExitCode:
        """The exit code, after a warning where something is unknown."""
        if not report.unknowns:
            return ExitCode.PASS
        if not self.quiet and self.form != "text":
            from aibom.formats.text import clean

            message = (
                f"warning: {clean(about)}: {len(report.unknowns)} unknown; the output lists what and why"
            )
            click.echo(message, err=True)
        return ExitCode.UNDETERMINED if self.fail_on_unknown else ExitCode.PASS


@click.command()
@click.argument("target")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File to write, `-` for standard output; a folder that is there where TARGET is `-`.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(SUFFIXES)),
    help="Form of the result: CycloneDX BOM, JSON report, SPDX 3.0.1, or the tree of parts as text.",
)
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the JSON report to this file too.",
)
@click.option(
    "--spec",
    type=click.Choice(["1.7", "1.6"]),
    default="1.7",
    show_default=True,
    help="Version of CycloneDX.",
)
@click.option(
    "--reproducible", is_flag=True, help="The same input gives the same bytes: no time, no random id."
)
@SOURCE_OPTIONS
@JUDGING_OPTIONS
@INDEX_OPTION
@click.option(
    "--answers",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The vendor's answers (`aibom questionnaire form`): they enter as declared.",
)
@click.option(
    "--strict", is_flag=True, help="Stop with exit code 3, and write nothing, if anything is unknown."
)
@click.option(
    "--on-unknown",
    type=click.Choice(["warn", "fail"]),
    default="warn",
    show_default=True,
    help="`fail`: write the result, and exit with code 3 if anything is unknown.",
)
@quiet_option
@debug_option
@click.pass_context
def generate(
    ctx: click.Context,
    /,
    target: str,
    output: str | None,
    form: str | None,
    report_file: Path | None,
    spec: str,
    reproducible: bool,
    on_unknown: str,
    quiet: bool,
    **scan_options: Any,
) -> None:
    """Inspect a model and write its AI-BOM.

    TARGET is `org/name[@revision]` or `hf:org/name` on the Hub, a folder, an .onnx or .safetensors
    file, a folder written by `aibom record`, or `-`: a list of targets on standard input, one a line.

    Without -o the result goes to standard output: on a terminal the tree of parts, findings and
    score, and nothing is written; into a pipe or file the CycloneDX BOM. With -o it is the CycloneDX
    BOM. -f chooses another form in any case. A file is replaced whole or left as it was.
    """
    shown = output is None and target != STREAM and on_terminal()
    chosen = form or ("text" if shown else "cyclonedx")
    wanted = Wanted(chosen, spec, reproducible, on_unknown == "fail", quiet)
    scan = _scanner(source_arguments(scan_options), quiet=quiet)
    if target == STREAM:
        ctx.exit(_many(scan, wanted, output, report_file))
    file = destination(output)
    _check(file, report_file)
    report = scan(target)
    result = wanted.render(report, terminal=file is None and on_terminal())
    if report_file:
        _write_report(report, report_file)
    write_result(file, result)
    ctx.exit(wanted.judge(report, target))


def _scanner(arguments: dict[str, Any], *, quiet: bool) -> Callable[[str], Report]:
    def scan(target: str) -> Report:
        from aibom import api

        with progress(quiet=quiet) as tell_step:
            return api.generate(target, on_progress=tell_step, **arguments)

    return scan


def _check(*files: Path | None) -> None:
    """Refuse what could not be written, before the work is done."""
    named = [file for file in files if file]
    for file in named:
        check_destination(file)
    if len({file.resolve() for file in named}) < len(named):
        raise UsageError("-o and --report name the same file", advice="Name two files.")


def _write_report(report: Report, path: Path) -> None:
    from aibom.render import json_bytes

    write_file(path, json_bytes(report.to_json()))


def _many(scan: Callable[[str], Report], wanted: Wanted, output: str | None, report_file: Path | None) -> int:
    """Every target of the list; one that fails does not stop the others, and the worst code counts."""
    if output is None or not Path(output).is_dir():
        raise UsageError("a list of targets needs a folder that is there", advice="Name it with -o FOLDER.")
    if report_file:
        raise UsageError("--report takes one target", advice="Write the reports of a list with -f json.")
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
    stripped = (line.strip() for line in lines)
    targets = list(dict.fromkeys(line for line in stripped if line and not line.startswith("#")))
    worst = int(ExitCode.PASS)
    for target, name in zip(targets, file_names(targets), strict=True):
        try:
            report = scan(target)
            write_file(Path(output) / f"{name}{SUFFIXES[wanted.form]}", wanted.render(report))
            code = int(wanted.judge(report, target))
        except Exception as error:
            code = tell(error, target)
        worst = max(worst, code)
    return worst


def file_names(targets: list[str]) -> list[str]:
    """A file name for each target, unlike every other: `org--name`, with a digest where it needs one."""
    names = [re.sub(r"[^\w.@+-]+", "--", target, flags=re.ASCII).strip("-.") for target in targets]
    seen = [name.casefold() for name in names]
    return [
        name if name and len(name) <= 150 and seen.count(name.casefold()) == 1 else _digested(name, target)
        for name, target in zip(names, targets, strict=True)
    ]


def _digested(name: str, target: str) -> str:
    return f"{name[:150]}-{hashlib.sha256(target.encode('utf-8', 'replace')).hexdigest()[:12]}"
