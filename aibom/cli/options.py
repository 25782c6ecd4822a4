"""Options that several commands share, and what their values become."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from aibom.errors import UsageError

Command = Callable[..., Any]


class ByteSize(click.ParamType[int]):
    """A number of bytes with an optional unit: `500000`, `20MB`, `1.5GiB`."""

    name = "size"
    _pattern = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes; decimal units are powers of 1000, binary ones (`Ki`, `Mi`) of 1024."""
        if isinstance(value, int):
            return value
        found = self._pattern.fullmatch(value.strip())
        if found is None or (found[3] and not found[2]):
            self.fail(f"{value!r} is no size; write bytes, or a unit as in 20MB or 1GiB", param, ctx)
        base = 1024 if found[3] else 1000
        return int(float(found[1]) * base ** " kmgt".index(found[2].lower() or " "))


def stacked(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator for several; the help lists them in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_DEPTH = click.option(
    "--depth",
    type=click.Choice(["metadata", "headers", "weights"]),
    default="headers",
    show_default=True,
    help="How far files are read: names and small texts, tensor tables, or samples of the weights.",
)
_ACCESS = stacked(
    click.option("--offline", is_flag=True, help="Use no network; what is cached is still read."),
    click.option("--hub-url", "endpoint", metavar="URL", help="Another Hub than https://huggingface.co."),
    click.option(
        "--token-env",
        metavar="NAME",
        help="Environment variable that holds the Hub's token. Without this option none is sent.",
    ),
    click.option(
        "--cache-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for what was read, keyed by commit. Default: `aibom` in the user's cache folder.",
    ),
    click.option(
        "--max-bytes", type=ByteSize(), help="Most bytes that a scan may read, with a unit: 20MB, 1GiB."
    ),
)
_TARGET = stacked(
    click.option("--revision", metavar="REV", help="Branch, tag or commit of a Hub repository."),
    click.option(
        "--as",
        "alias",
        metavar="ORG/NAME",
        help="The Hub repository that a local folder is a checkout of; gives the publisher.",
    ),
)

READING_OPTIONS = stacked(_DEPTH, _ACCESS)
SOURCE_OPTIONS = stacked(_TARGET, READING_OPTIONS)
SAMPLING_OPTIONS = stacked(_TARGET, _ACCESS)
"""Of commands that always sample weights."""

KNOWLEDGE_OPTIONS = stacked(
    click.option(
        "--organisations",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Your own registry file, laid over the shipped one.",
    ),
    click.option(
        "--plugin",
        "plugins",
        multiple=True,
        metavar="NAME",
        help="Load this plug-in only; may be given again. Default: all that are installed.",
    ),
)

JUDGING_OPTIONS = stacked(
    click.option(
        "--profile",
        default="kr",
        show_default=True,
        metavar="NAME|FILE",
        help="Profile that the score is for; `aibom profiles list` shows those that are shipped.",
    ),
    click.option("--home", metavar="CC", help="Country code that replaces the profile's home set."),
    KNOWLEDGE_OPTIONS,
)

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
"""A file that is there."""
INDEX_OPTION = click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Index of known models (`aibom index add`), for --depth weights: samples are held against it.",
)

quiet_option = click.option("--quiet", is_flag=True, help="No progress and no warnings.")


def format_option(*names: str) -> Callable[[Command], Command]:
    """`-f/--format` of a command that lists things: the first name is the default."""
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="Form of the result.",
    )


def source_arguments(chosen: dict[str, Any]) -> dict[str, Any]:
    """What the options of the command line are to `aibom.api.generate`; those not given are left out.

    Raises:
        UsageError: the variable that --token-env names is not set, or empty.
    """
    import platformdirs

    arguments = dict(chosen)
    variable = arguments.pop("token_env")
    token = os.environ.get(variable) if variable else None
    if variable and not token:
        raise UsageError(
            f"the environment variable {variable} is not set or empty",
            advice="Put the token there, or drop --token-env to read without one.",
        )
    arguments["token"] = token
    arguments["plugins"] = arguments["plugins"] or None
    arguments["cache_dir"] = arguments["cache_dir"] or platformdirs.user_cache_path("aibom")
    return {name: value for name, value in arguments.items() if value is not None}
