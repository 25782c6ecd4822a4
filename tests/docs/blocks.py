"""The fenced blocks and the inline code of README.md and docs/*.md."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SHELL = ("", "text", "console", "sh", "bash")
_GENERATED = "cli.md"  # the program's own help: no command stands in it


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text."""

    page: str
    line: int
    language: str
    text: str
    file: str | None = None
    """Path of the file that the block is, in the package that a page builds up."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def tokens(page: Path) -> list[Token]:
    """A page, parsed."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for token in tokens(page):
        if token.type == "fence" and token.map:
            language, _, title = token.info.strip().partition(" title=")
            yield Block(page.name, token.map[0] + 1, language, token.content, title.strip('"') or None)


def commands(page: Path) -> Iterator[tuple[str, ...]]:
    """Each command of ours that a page's blocks show, as words, in order."""
    if page.name == _GENERATED:
        return
    for block in blocks(page):
        if block.language in SHELL:
            for line in block.text.replace("\\\n", " ").splitlines():
                yield from _commands(line.removeprefix("$ "))


def _commands(line: str) -> Iterator[tuple[str, ...]]:
    if not line.startswith("aibom "):
        return
    words = shlex.split(line, comments=True)
    while words:
        end = words.index("&&") if "&&" in words else len(words)
        yield tuple(words[:end])
        words = words[end + 1 :]


def inline_commands(page: Path) -> Iterator[tuple[str, ...]]:
    """Each piece of inline code that begins as a command of ours, as words."""
    for token in tokens(page):
        for child in token.children or ():
            if child.type == "code_inline" and child.content.startswith("aibom "):
                yield tuple(child.content.split())
