"""Every command that a page shows is one of ours, and does what the page has it do."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aibom.cli import main
from tests.docs.blocks import PAGES, commands, inline_commands

FINDING = "F-f026ba6d18bf"  # of the example; README.md shows it
STANDS_FOR = {
    "org/name": "org-name",
    "org/name@v1.2": "org-name",
    "org/one": "org-one",
    "org/other": "org-other",
    "org/known": "org-known",
    "TARGET": "org-name",
    "BOM": "model.cdx.json",
    "BOM2": "out.cdx.json",
    "DIR": "documents",
    "F-…": FINDING,
    "NAME": "kr-independent",
}
"""What a page's placeholders stand for on the desk."""

IN_INDEX = {"TARGET": "org-one"}
"""For the index: a model whose weights are wide enough to be sampled."""

NO_COMMAND = {"aibom fleet": "named as not there yet", "aibom verification": "the title of an attestation"}
"""Inline code that begins as a command and is none, and why."""

NEEDS_NETWORK = {
    "--keyless": "asks Sigstore for a certificate",
    "--identity": "verifies by Sigstore's root of trust",
}
"""Options of commands that are parsed and not run, and why."""

CODES = {"check": 3}
"""Exit codes that are no 0: of the example too little is known for a policy, which is what it shows."""

shown = [(page, found) for page in PAGES if (found := list(commands(page)))]
inline = sorted({(page.name, words) for page in PAGES for words in inline_commands(page)})


def leaf(words: tuple[str, ...]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that words name, its context, and the words after its name."""
    command: click.Command = main
    context, rest = click.Context(main, info_name="aibom"), list(words[1:])
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        child = command.get_command(context, rest[0])
        assert child is not None, f"no command {rest[0]!r} in {' '.join(words)}"
        command, context = child, click.Context(child, info_name=rest.pop(0), parent=context)
    return command, context, rest


def meant(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with what is on the desk in the place of what they name."""
    names = STANDS_FOR | (IN_INDEX if words[1] == "index" else {})
    if words[1:3] == ("index", "export"):
        del names["org/known"]  # a name within the index, and no target
    return tuple(
        word if before == "--as" else names.get(word, word)
        for before, word in zip(("", *words), words, strict=False)
    )


@pytest.mark.parametrize(("page", "found"), shown, ids=[page.name for page, _ in shown])
def test_commands_run_in_the_order_shown(page: Path, found: list[tuple[str, ...]], desk: Path) -> None:
    for words in found:
        if NEEDS_NETWORK.keys() & set(words):
            command, context, rest = leaf(meant(words))
            command.parse_args(context, rest)
            continue
        done = CliRunner().invoke(main, meant(words)[1:])
        told = f"{page.name}: {' '.join(words)}\n{done.stdout[-500:]}{done.stderr}"
        assert done.exit_code == CODES.get(words[1], 0), told


@pytest.mark.parametrize(
    ("page", "words"), inline, ids=[f"{page}:{' '.join(words)}" for page, words in inline]
)
def test_commands_within_prose_exist(page: str, words: tuple[str, ...]) -> None:
    if " ".join(words) in NO_COMMAND:
        return
    command, context, rest = leaf(words)
    known = {"--help"} | {
        option for each in command.get_params(context) for option in (*each.opts, *each.secondary_opts)
    }
    options = {word.split("=")[0] for word in rest if word.startswith("-") and word != "-"}
    assert options <= known, f"{page}: {' '.join(words)}"
