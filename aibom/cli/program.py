"""The program around all commands: every failure becomes two lines and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import click

from aibom.errors import AibomError, ExitCode

INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""
BROKEN_PIPE = 141
"""128 + SIGPIPE: the reader of our output went away, and needs no message."""

_DEBUG = "aibom.debug"


class Program(click.Group):
    """A group whose commands may raise; it prints cause and advice, and exits."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and leave the process with an exit code of `aibom.errors.ExitCode`."""
        try:
            code = super().main(args, prog_name or "aibom", complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:  # options of the program itself
            code = tell(error)
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named; its failures end here."""
        try:
            super().invoke(ctx)
            sys.stdout.flush()
        except (click.exceptions.Exit, SystemExit):
            raise
        except BrokenPipeError:
            _let_go_of_stdout()
            ctx.exit(BROKEN_PIPE)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as error:
            if ctx.meta.get(_DEBUG):
                traceback.print_exc()
            ctx.exit(tell(error))
        return ExitCode.PASS


def debug_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--debug`, noted before the other options are read."""

    def note(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.meta[_DEBUG] = value

    return click.option(
        "--debug",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=note,
        help="Print the trace of an error.",
    )(command)


def tell(error: Exception, about: str | None = None) -> int:
    """Print two lines, the cause and what to do about it; the exit code that belongs to them."""
    from aibom.formats.text import clean

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()  # no mistake to explain: the help itself
        return ExitCode.USAGE
    cause, advice, code = _diagnose(error)
    subject = f"{clean(about)}: " if about else ""
    click.echo(f"error: {subject}{clean(cause, 1000)}\nadvice: {clean(advice, 1000)}", err=True)
    return code


def _diagnose(error: Exception) -> tuple[str, str, int]:
    if isinstance(error, AibomError):
        return error.message, error.advice, error.exit_code
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "aibom"
        return error.format_message(), f"See `{path} --help`.", ExitCode.USAGE
    kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"internal error: {kind}", AibomError.default_advice, ExitCode.INTERNAL


def _let_go_of_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush stays silent too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
