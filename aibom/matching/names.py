"""Names as different tools write them, made comparable."""

from __future__ import annotations

from aibom.model import OrganisationRef


def key(text: str) -> str:
    """Letters and digits of a name without case: `Vision-Encoder` and `vision encoder` are one."""
    return "".join(char for char in text.casefold() if char.isalnum())


def last(name: str) -> str:
    """The name behind the last slash: of a repository without its owner, of a file without its folder."""
    return name.rstrip("/").rpartition("/")[2]


def same(one: OrganisationRef, other: OrganisationRef) -> bool:
    """Whether two references mean one organisation: by id, else by name. Groups are not known here."""
    return one.id == other.id or (key(one.name) == key(other.name) != "")
