"""Where results go: standard output, or a file that is replaced whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aibom.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

STREAM = "-"
"""What stands for standard input or output in place of a file's name."""
FILE_WIDTH = 100
"""Columns of a text that is written to a file or a pipe."""


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def check_destination(path: Path) -> None:
    """Refuse a file that cannot be written before the work is done.

    Raises:
        UsageError: the path is a folder, or its folder is not there.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder", advice="Name the file to write.")
    if not path.parent.is_dir():
        raise UsageError(
            f"the folder {path.parent} is not there", advice="Make it first, or name another file."
        )


def destination(output: str | None) -> Path | None:
    """The file that `-o` names, None for standard output; refused before the work is done.

    Raises:
        UsageError: as `check_destination`.
    """
    if output in (None, STREAM):
        return None
    path = Path(str(output))
    check_destination(path)
    return path


def write_result(file: Path | None, data: bytes) -> None:
    """Bytes to the file of `destination`, or to standard output."""
    if file is None:
        write_stdout(data)
    else:
        write_file(file, data)


def write_file(path: Path, data: bytes) -> None:
    """Write beside the destination, then rename: a failure leaves an older file as it was.

    A device or pipe is no file that could be replaced, and is written to.

    Raises:
        UsageError: as `check_destination`.
        InputError: the file system refuses.
    """
    check_destination(path)
    final = path.resolve()  # a link keeps pointing at what is replaced
    try:
        if final.exists() and not final.is_file():
            final.write_bytes(data)
        else:
            _replace(final, data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}", advice="Check its folder's permissions and space."
        ) from error


def _replace(final: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{final.name[:100]}.", dir=final.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(final))
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Permissions of the file that is replaced, or those that a new one would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def write_stdout(data: bytes) -> None:
    """Bytes as they are to standard output."""
    sys.stdout.buffer.write(data)


def show(renderable: RenderableType) -> None:
    """A rendering for people on standard output, coloured only on a terminal that wants it."""
    write_stdout(text_bytes(renderable, terminal=on_terminal()))


def text_bytes(renderable: RenderableType, *, terminal: bool = False) -> bytes:
    """A rendering for people; for a terminal in its width and colours (NO_COLOR is honoured)."""
    from io import StringIO

    from rich.console import Console

    buffer = StringIO()
    if terminal:
        console = Console(file=buffer, force_terminal=True, width=Console().width, highlight=False)
    else:
        console = Console(file=buffer, width=FILE_WIDTH, color_system=None, highlight=False)
    console.print(renderable)
    encoding = sys.stdout.encoding if terminal else "utf-8"
    return buffer.getvalue().encode(encoding, "replace")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """One line on standard error that tells the step under way; nothing where no one watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.markup import escape

    from aibom.formats.text import clean

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(escape(clean(step)))
