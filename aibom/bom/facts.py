"""What several blocks of the document need to know of an analysis, derived once and the same everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aibom.bom.refs import Refs
from aibom.bom.wording import value
from aibom.model import Analysis, Dataset, FileClass, OrganisationRef, Part

MODALITIES = frozenset({"audio", "biometric", "code", "genomic", "image", "sensor", "text", "video"})
"""Values of `cdx:ai-ml:model:modality` in the CycloneDX property taxonomy."""
_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5})", re.IGNORECASE)
_VERSION_FACTS = {
    "transformers_version": "transformers",
    "diffusers_version": "diffusers",
    "_diffusers_version": "diffusers",
    "peft_version": "peft",
}
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Framework:
    """A library that loads the model; `version` where a configuration says which one wrote it."""

    name: str
    version: str | None = None


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
    """The library that the card names, and those that configurations name with a version."""
    card = analysis.inspected.card
    hub = analysis.target.hub
    named = value(card.library) or value(hub.library if hub else None)
    found: dict[str, str | None] = {named: None} if named else {}
    for fact in (*card.facts, *(fact for part in analysis.inspected.parts for fact in part.facts)):
        name = _VERSION_FACTS.get(fact.name)
        if name and not found.get(name):
            found[name] = value(str(fact.value), 64)
    return tuple(Framework(name, version) for name, version in sorted(found.items()))


def references(analysis: Analysis, names: Refs) -> tuple[tuple[str, str], ...]:
    """External references of the model as (type, URL); pages of the Hub only where it was read from one."""
    revision = analysis.target.revision or ""
    cards = sorted(file.path for file in analysis.files if file.kind is FileClass.CARD)
    pages = [("vcs", names.url()), ("distribution", names.url("tree", revision) if revision else None)]
    if cards:
        pages.append(("model-card", names.url("blob", revision or "main", cards[0])))
    found = [(kind, url) for kind, url in pages if url]
    papers = {match[1] for tag in tags(analysis) if (match := _ARXIV.fullmatch(tag))}
    return (*found, *(("documentation", f"https://arxiv.org/abs/{paper}") for paper in sorted(papers)))


def tags(analysis: Analysis) -> tuple[str, ...]:
    """Tags of card and Hub, once each, sorted."""
    hub = analysis.target.hub
    raw = (*analysis.inspected.card.tags, *(hub.tags if hub else ()))
    return tuple(sorted({tag for each in raw if (tag := value(each, 100))}))


def modalities(analysis: Analysis) -> tuple[str, ...]:
    """Inputs and outputs that the taxonomy has a word for."""
    card = analysis.inspected.card
    return tuple(sorted(MODALITIES.intersection((*card.inputs, *card.outputs))))


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
