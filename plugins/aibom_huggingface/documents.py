"""Documents beside the model: what its software needs, whom to tell of a flaw, what use is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibom.model import CardFacts, Fact, Locator
from aibom_huggingface.reading import Reader

REQUIREMENTS = "requirements.txt"
POLICIES = {
    "reference:security-contact": ("SECURITY.md", ".github/SECURITY.md", "SECURITY.txt"),
    "reference:use-policy": ("USE_POLICY.md", "USAGE_POLICY.md", "ACCEPTABLE_USE_POLICY.md", "USE_POLICY"),
}
"""Documents by the fact that names them; they are named, not read."""
DOCUMENT_FILES = (REQUIREMENTS, *(path for paths in POLICIES.values() for path in paths))
MAX_REQUIREMENTS = 100
"""Libraries taken of one file."""
MAX_LINES = 1000

_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]{0,80}[A-Za-z0-9])?)"  # the name, as PEP 508 has it
    r"\s*(?:\[[^\]]{0,100}\])?\s*\(?((?:[~=!<>]=?=?\s*[\w.*+-]{1,40}\s*,?\s*)*)\)?\s*(?:;.*)?"
)


def inspect_documents(reader: Reader) -> Iterator[CardFacts]:
    """The libraries that requirements.txt names, and the paths of the other documents."""
    facts = [*_requirements(reader)]
    for name, paths in POLICIES.items():
        facts += [Fact(name, path, Locator(path)) for path in reader.view.glob(*paths)[:1]]
    if facts:
        yield CardFacts(facts=tuple(facts))


def _requirements(reader: Reader) -> Iterator[Fact]:
    """Each library with its pinned version, else the versions that are asked for, else `any`.

    Options, URLs and paths are no names of libraries.
    """
    text = reader.text(REQUIREMENTS) or ""
    found: dict[str, Fact] = {}
    for number, line in enumerate(text.splitlines()[:MAX_LINES], 1):
        match = _REQUIREMENT.fullmatch(line.partition("#")[0].strip()[:400])
        if match and len(found) < MAX_REQUIREMENTS:
            name = re.sub(r"[-_.]+", "-", match[1]).lower()  # PEP 503
            asked = "".join(match[2].split()).rstrip(",")
            value = (
                asked.removeprefix("==").lstrip("=") if asked.startswith("==") and "," not in asked else asked
            )
            found.setdefault(
                name, Fact(f"requirement:{name}", value or "any", Locator(REQUIREMENTS, line=number))
            )
    yield from found.values()
