"""Write the pages of docs/ that the program itself can tell, so that they cannot go stale.

python tools/generate_docs.py            write them
python tools/generate_docs.py --check    exit 1 if one is not current
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from aibom.cli import main as program

ROOT = Path(__file__).parent.parent
WIDTH = 100

_CLI_HEAD = """\
# Command line

Written by `tools/generate_docs.py` from the program's own help.

Results go to standard output, progress, warnings and errors to standard error. A failure is two
lines, `error: …` and `advice: …`, and an exit code; `--debug` adds the trace.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a gate failed, or `lint` found errors |
| 2 | the command was used wrongly, or a file of your own (profile, registry) breaks its schema |
| 3 | too little is known: `--strict` or `--on-unknown fail`, and something is unknown |
| 4 | the target cannot be read, is no model, or the network failed; nothing was written |
| 70 | internal error |
| 130, 141 | interrupted; the reader of the output went away |

With a list of targets (`aibom generate - -o folder`) one that fails does not stop the others, and the
highest code counts.
"""


def cli_page() -> str:
    """docs/cli.md: the help of every command."""
    sections = [f"## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps(program, "aibom", None)]
    return "\n".join((_CLI_HEAD, *sections))


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    settings = command.context_settings | {"terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context.command_path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, child, context)


PAGES: dict[str, Callable[[], str]] = {"docs/cli.md": cli_page}
"""Path of each generated page, and what writes it."""


def main() -> int:
    """Write every page, or tell which ones are not current."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not current")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} {'is not current' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
