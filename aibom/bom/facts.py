"""What several blocks of the document need to know of an analysis, derived once and the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from aibom.bom.refs import Refs, quote
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import Analysis, Dataset, FileClass, OrganisationRef, Part

HUB_HOSTS = ("huggingface.co", "hf.co")
MODALITIES = frozenset({"audio", "biometric", "code", "genomic", "image", "sensor", "text", "video"})
"""Values of `cdx:ai-ml:model:modality` in the CycloneDX property taxonomy."""
_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5})", re.IGNORECASE)
_VERSION_FACTS = {
    "transformers_version": "transformers",
    "diffusers_version": "diffusers",
    "_diffusers_version": "diffusers",
    "peft_version": "peft",
}
SECTION = "card:"
"""What precedes a topic in the name of a fact that holds a section of the card."""
REQUIREMENT = "requirement:"
"""What precedes a library in the name of a fact on its version."""
REFERENCE = "reference:"
"""What precedes a document in the name of a fact on where it is."""
_DOCUMENTS = {
    f"{REFERENCE}use-policy": ("documentation", "Acceptable use policy"),
    f"{REFERENCE}security-contact": ("security-contact", "Security policy"),
}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Framework:
    """A library that the model needs; `version` where a configuration or requirement says which one.

    `loads`: it loads the model, rather than being named among requirements.
    """

    name: str
    version: str | None = None
    loads: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """An external reference; without a URL there is none."""

    kind: str
    url: str | None
    comment: str | None = None


def description(analysis: Analysis) -> str | None:
    """The model card's own words, unless they say nothing."""
    return value(analysis.inspected.card.description)


def task(analysis: Analysis) -> str | None:
    """The task by the card, else by the Hub."""
    hub = analysis.target.hub
    return value(analysis.inspected.card.task) or value(hub.task if hub else None)


def datasets(analysis: Analysis) -> dict[str, tuple[Dataset, ...]]:
    """Datasets by Hub id or name; the same one may be named for several purposes."""
    groups: dict[str, tuple[Dataset, ...]] = {}
    for dataset in analysis.inspected.datasets:
        if value(dataset.ident or dataset.name):
            key = dataset.ident or dataset.name
            groups[key] = (*groups.get(key, ()), dataset)
    return dict(sorted(groups.items()))


def frameworks(analysis: Analysis) -> tuple[Framework, ...]:
    """The library that the card names, those that configurations name, and those that are required."""
    card = analysis.inspected.card
    hub = analysis.target.hub
    named = value(card.library) or value(hub.library if hub else None)
    found: dict[str, str | None] = {named: None} if named else {}
    required: dict[str, str | None] = {}
    for fact in (*card.facts, *(fact for part in analysis.inspected.parts for fact in part.facts)):
        name = _VERSION_FACTS.get(fact.name)
        if name and not found.get(name):
            found[name] = value(str(fact.value), 64)
        elif fact.name.startswith(REQUIREMENT):
            name = clean(fact.name.removeprefix(REQUIREMENT), 100)
            required[name] = required.get(name) or _pinned(str(fact.value))
    both = {name: version or required.get(name) for name, version in found.items()}
    others = {name: version for name, version in required.items() if name not in found}
    return tuple(Framework(name, version, name in found) for name, version in sorted((both | others).items()))


def _pinned(version: str) -> str | None:
    """The version, where it is one and not a range of them."""
    return value(version, 64) if version[:1].isdigit() and not version.endswith("*") else None


def references(analysis: Analysis, names: Refs) -> tuple[Page, ...]:
    """External references of the model; pages of the Hub only where it was read from one."""
    revision = analysis.target.revision or ""
    cards = sorted(file.path for file in analysis.files if file.kind is FileClass.CARD)
    pages = [
        Page("vcs", names.url()),
        Page("distribution", names.url("tree", revision) if revision else None),
        *(Page("model-card", names.url("blob", revision or "main", card)) for card in cards[:1]),
        *_documents(analysis, names),
    ]
    papers = {match[1] for tag in tags(analysis) if (match := _ARXIV.fullmatch(tag))}
    pages += [Page("documentation", f"https://arxiv.org/abs/{paper}") for paper in sorted(papers)]
    return tuple(page for page in pages if page.url)


def _documents(analysis: Analysis, names: Refs) -> Iterator[Page]:
    """Policies that the card links or the repository holds; the first of each kind.

    A file of a folder that is no repository is named by its path.
    """
    seen: set[str] = set()
    for fact in analysis.inspected.card.facts:
        if fact.name not in _DOCUMENTS or fact.name in seen:
            continue
        kind, comment = _DOCUMENTS[fact.name]
        url = value(str(fact.value), 1000)
        if url and not url.startswith(("https://", "http://")):
            url = names.url("blob", analysis.target.revision or "main", url) or quote(url)
        seen.add(fact.name)
        yield Page(kind, url, comment)


def tags(analysis: Analysis) -> tuple[str, ...]:
    """Tags of card and Hub, once each, sorted."""
    hub = analysis.target.hub
    raw = (*analysis.inspected.card.tags, *(hub.tags if hub else ()))
    return tuple(sorted({tag for each in raw if (tag := value(each, 100))}))


def modalities(analysis: Analysis) -> tuple[str, ...]:
    """Inputs and outputs that the taxonomy has a word for."""
    card = analysis.inspected.card
    return tuple(sorted(MODALITIES.intersection((*card.inputs, *card.outputs))))


def sections(analysis: Analysis, topic: str) -> list[str]:
    """What the card says under the headings of a topic (`limitations`), as written."""
    name = f"{SECTION}{topic}"
    found = (value(str(fact.value)) for fact in analysis.inspected.card.facts if fact.name == name)
    return [text for text in found if text]


def from_hub(endpoint: str | None) -> bool:
    """Whether the endpoint is Hugging Face's; who runs another server is not known."""
    return endpoint is not None and urlsplit(endpoint).hostname in HUB_HOSTS


def parameters(analysis: Analysis) -> int | None:
    """Elements of all tensors, counted once; None where no part was counted."""
    counts = [part.parameters for part in analysis.inspected.parts if not part.alternative]
    return sum(count for count in counts if count is not None) if any(counts) else None


def rounded(count: int) -> str:
    """A parameter count with the letter that the taxonomy asks for: `7.6B`, `22.7M`, `1T`."""
    for unit, letter in ((10**12, "T"), (10**9, "B")):
        if count >= unit:
            return f"{count / unit:.3g}{letter}" if count < 1000 * unit else f"{count // unit}{letter}"
    return f"{count / 10**6:.3g}M"


def source(organisation: OrganisationRef) -> str | None:
    """How the organisation was resolved; where nothing is told, no country of it may be written."""
    return value(organisation.source, 400)


def country(organisation: OrganisationRef) -> str | None:
    """ISO 3166-1 alpha-2 code of the registered seat, if its source is told.

    Communities are `multi`, which is no country.
    """
    code = organisation.jurisdiction or ""
    return code if source(organisation) and _COUNTRY.fullmatch(code) else None


def declared_only(part: Part) -> bool:
    """Whether the part is named and its bytes are not here."""
    return part.declared and not part.present
