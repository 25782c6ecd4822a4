"""What the text of a model card says under its usual headings and labels.

Headings and labels are those of the Hub's model card template (huggingface_hub, `modelcard_template.md`),
of "Model Cards for Model Reporting" (Mitchell et al., 2019), of cards that the Trainer of transformers
writes, and of large vendors' cards. What stands there is kept as written, as the publisher's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aibom.formats.text import clean, line_of
from aibom.model import Fact, Locator
from aibom_huggingface.prose import MIN_PROSE, PLACEHOLDER, plain, visible

MAX_LINES = 4000
"""Lines of a card that are looked at; the longest real ones have about 2,000."""
MAX_TEXT = 1000
"""Characters kept of one section."""
MAX_OF_TOPIC = 3
"""Sections kept of one topic."""
MAX_LISTED = 60
"""Items kept of a list of settings or versions."""
SECTION = "card:"
"""What precedes a topic in the name of a fact."""

_TOPICS = {
    "intended-uses": """intended use|intended uses|intended uses and limitations|uses|direct use
        |downstream use|use cases|intended use cases|primary intended uses|model use|evaluated use""",
    "users": "primary intended users|intended users|target users",
    "out-of-scope": """out of scope use|out of scope uses|out of scope|out of scope use cases|misuse
        |misuse and out of scope use|misuse, malicious use, and out of scope use|prohibited uses""",
    "limitations": """limitations|limitations and bias|limitations and biases|known limitations|limitation
        |bias, risks, and limitations|risks and limitations|bias and limitations|technical limitations
        |risks, limitations and biases|performance and limitations|limitations and recommendations""",
    "ethics": """ethical considerations|ethical considerations and limitations|ethics|bias|biases|fairness
        |bias and fairness|ethics and safety|broader implications|responsible ai considerations""",
    "training-data": """training data|training dataset|training datasets|pretraining data|pre training data
        |training corpus|training and evaluation data|data overview|fine tuning data""",
    "training-procedure": """training procedure|training|training details|training process|pretraining
        |pre training|fine tuning procedure|training recipe|training method|training methodology""",
    "hardware": "training hardware|hardware|compute infrastructure|hardware and software",
}
_TOPIC_OF = {heading.strip(): topic for topic, headings in _TOPICS.items() for heading in headings.split("|")}
_LABELS = {
    "developed by": "developed_by",
    "model developer": "developed_by",
    "model developers": "developed_by",
    "funded by": "funded_by",
    "model release date": "release_date",
    "release date": "release_date",
    "hardware type": "hardware",
    "hours used": "hours_used",
    "cloud provider": "cloud_provider",
    "compute region": "compute_region",
    "carbon emitted": "carbon_emitted",
    "training regime": "training:regime",
}
_SETTINGS = frozenset({"training hyperparameters", "hyperparameters", "training parameters"})
_VERSIONS = frozenset({"framework versions", "framework version"})
_PACKAGES = {"pytorch": "torch"}

_HEADING = re.compile(r"#{1,6}\s")
_LABEL = re.compile(r"\s*(?:[-*+]\s+)?\*\*([^*:]{2,60}?)\s*:?\s*\*\*\s*:?\s*(.*\S)")
_SETTING = re.compile(r"\s*[-*+]\s+[`*]{0,2}([A-Za-z][\w .-]{1,40}?)[`*]{0,2}\s*[:=]\s*(.*\S)")
_VERSION = re.compile(r"\s*[-*+]\s+([A-Za-z][\w.-]{1,40})\s*[:=]?\s+v?(\d[\w.+-]{0,40})\s*")
_PCHAR = r"(?:[A-Za-z0-9._~:@!$&'*+,;=/-]|%[0-9A-Fa-f]{2})"
_POLICY = re.compile(
    r"\[([^\[\]]{0,80}\b(?:acceptable[- ]use|prohibited[- ]use|usage|use) policy[^\[\]]{0,40})\]\("
    r"(https?://[A-Za-z0-9.-]{1,200}(?::\d{1,5})?"
    rf"(?:/{_PCHAR}{{0,400}})?(?:\?(?:{_PCHAR}|\?){{0,400}})?(?:\#(?:{_PCHAR}|\?){{0,100}})?)\)",
    re.IGNORECASE,
)
"""A link whose text names such a policy, to a URL as RFC 3986 has it."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading as written, the same in bare words, and the lines below it up to the next one."""

    written: str
    heading: str
    lines: tuple[str, ...]


def card_facts(path: str, text: str, body: str) -> Iterator[Fact]:
    """Sections, labelled values, settings of the training, versions of libraries, and the use policy.

    Args:
        path: of the card.
        text: the whole card, for line numbers.
        body: the card without its front matter.
    """
    lines = visible(body, MAX_LINES)
    for section in _sections(lines):
        locator = Locator(path, line=line_of(text, section.written))
        yield from _of_section(section, locator)
    yield from _labelled(path, text, lines)
    for match in list(_POLICY.finditer("\n".join(lines)))[:1]:
        locator = Locator(path, line=line_of(text, match[2]), quote=clean(match[1], 120))
        yield Fact("reference:use-policy", clean(match[2], 500), locator)


def _sections(lines: Iterable[str]) -> Iterator[_Section]:
    written, gathered = "", list[str]()
    kept: dict[str, int] = {}
    for line in [*lines, "# end"]:
        match = _HEADING.match(line.strip()[:400])
        if match is None:
            gathered.append(line)
            continue
        heading = _bare(written)
        topic = _TOPIC_OF.get(heading, heading)
        if heading and kept.get(topic, 0) < MAX_OF_TOPIC:
            kept[topic] = kept.get(topic, 0) + 1
            yield _Section(written, heading, tuple(gathered))
        written, gathered = line.strip(), []


def _bare(heading: str) -> str:
    """A heading in lower case, without marks, numbers, emoji and what stands in brackets."""
    text = plain(heading.lstrip("# ").rstrip("# ")).casefold().replace("&", " and ").replace("-", " ")
    text = re.sub(r"[\[(][^\])]*[\])]", " ", text)
    return " ".join(re.sub(r"[^\w\s,]|\d", " ", text).split()).strip(" ,")


def _of_section(section: _Section, locator: Locator) -> Iterator[Fact]:
    if section.heading in _SETTINGS:
        for name, value in _listed(_SETTING, section.lines):
            yield Fact(f"training:{name.lower().replace(' ', '_')}", value, locator)
    elif section.heading in _VERSIONS:
        for name, value in _listed(_VERSION, section.lines):
            yield Fact(f"requirement:{_PACKAGES.get(name.lower(), name.lower())}", value, locator)
    elif (topic := _TOPIC_OF.get(section.heading)) and (text := _prose(section.lines)):
        yield Fact(f"{SECTION}{topic}", text, locator)


def _listed(item: re.Pattern[str], lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and value of each item of a list; bold labels are read elsewhere."""
    found = (item.fullmatch(_spaced(line)) for line in lines if "**" not in line)
    for match in [each for each in found if each][:MAX_LISTED]:
        if value := _said(match[2], 100):
            yield clean(match[1], 40), value


def _prose(lines: Iterable[str]) -> str | None:
    """Paragraphs and list items as one line; tables and pictures are left out."""
    kept = (line.strip().lstrip(">-*+ ") for line in lines if not line.lstrip().startswith(("|", "![")))
    text = plain(" ".join(line for line in kept if line and not PLACEHOLDER.search(line)), MAX_TEXT)
    return text if len(text) >= MIN_PROSE and re.search(r"[^\W\d_]{3}", text) else None


def _labelled(path: str, text: str, lines: Iterable[str]) -> Iterator[Fact]:
    """The first value of each known label in bold."""
    seen: set[str] = set()
    for line in lines:
        match = _LABEL.match(_spaced(line))
        name = _LABELS.get(_bare(match[1])) if match else None
        if match and name and name not in seen and (value := _said(match[2], 200)):
            seen.add(name)
            yield Fact(name, value, Locator(path, line=line_of(text, line.strip()[:60])))


def _spaced(line: str) -> str:
    """The head of a line with single spaces: long runs of them make patterns slow."""
    return " ".join(line[:1000].split())


def _said(value: str, limit: int) -> str | None:
    """The value without marks, unless it is a template's placeholder."""
    text = plain(value, limit).rstrip()
    return None if not text or PLACEHOLDER.search(text) else text
