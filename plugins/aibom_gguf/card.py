"""What the metadata says of the model as a whole: names, licence, datasets, languages, quantisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from aibom.formats.gguf import PLAIN, QUANTISED, Gguf, GgufModel, file_type
from aibom.formats.licences import spdx
from aibom.formats.text import clean
from aibom.model import CardFacts, Dataset, Fact, Licence, Locator
from aibom_gguf.lineage import HUB_ID, MAX_ENTRIES, hub_name, numbered

_TOLD: Final = (
    "author",
    "organization",
    "version",
    "basename",
    "finetune",
    "size_label",
    "quantized_by",
    "url",
    "doi",
    "uuid",
    "repo_url",
    "type",
)
"""Keys under `general.` that are told as facts of the same name."""
_SOURCES: Final = ("url", "doi", "uuid", "repo_url", "huggingface.repository")


def card(model: GgufModel) -> CardFacts:
    """The model-wide facts of one model."""
    head = model.head
    architecture = head.text("general.architecture")
    return CardFacts(
        title=_word(head, "general.name"),
        description=_word(head, "general.description"),
        library="gguf",
        architecture_family=clean(architecture, 80) or None if architecture else None,
        languages=_words(head, "general.languages"),
        tags=_words(head, "general.tags"),
        facts=(*_quantisation(model), *_general(head), *_bases(head)),
    )


def quantisation(model: GgufModel) -> str | None:
    """The quantisation by `general.file_type`, else by the type of most elements; None without one."""
    stated = file_type(number) if (number := model.head.integer("general.file_type")) is not None else None
    if stated is not None and stated not in PLAIN:
        return stated
    counts = types(model)
    most = max(counts, key=lambda name: (counts[name], name), default="")
    return most if most in QUANTISED else None


def types(model: GgufModel) -> Counter[str]:
    """Elements by tensor type."""
    counts: Counter[str] = Counter()
    for _, tensor in model.tensors():
        counts[tensor.type] += tensor.elements
    return counts


def licences(head: Gguf) -> Iterator[Licence]:
    """The licence that the metadata declares; `general.license.name` is the own name of an `other`."""
    declared, own = _word(head, "general.license"), _word(head, "general.license.name")
    link = _word(head, "general.license.link")
    if own and (declared is None or declared.lower() in ("other", "unknown")):
        yield Licence(own, _locate(head, "general.license.name", own), spdx(own))
    elif declared:
        yield Licence(declared, _locate(head, "general.license", declared), spdx(declared))
    elif link:
        yield Licence(link, _locate(head, "general.license.link", link))


def datasets(head: Gguf) -> Iterator[Dataset]:
    """`general.dataset.N`, and the list that older converters wrote; what calibrated an importance matrix."""
    for entry in numbered(head, "general.dataset"):
        ident = hub_name(entry.repo_url)
        name = ident or entry.name
        if name:
            yield Dataset(name, _locate(head, entry.key, name), ident)
    for name in _words(head, "general.datasets"):
        ident = name if HUB_ID.fullmatch(name) else None
        yield Dataset(name, _locate(head, "general.datasets", name), ident)
    for key in ("imatrix.datasets", "quantize.imatrix.dataset"):
        for name in _words(head, key):
            yield Dataset(name, _locate(head, key, name), None, purpose="calibration")


def _quantisation(model: GgufModel) -> Iterator[Fact]:
    head = model.head
    name = quantisation(model)
    if name is not None:
        yield Fact("quantisation", name, Locator(head.path, key="general.file_type"))
    counts = types(model)
    if counts:
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        shown = ", ".join(f"{name} {count}" for name, count in ranked[:12])
        yield Fact("tensor_types", shown, Locator(head.path))
    version = head.integer("general.quantization_version")
    if version is not None:
        yield Fact("quantization_version", version, Locator(head.path, key="general.quantization_version"))
    yield Fact("gguf_version", head.version, Locator(head.path, offset=4, length=4))


def _general(head: Gguf) -> Iterator[Fact]:
    keys = (*_TOLD, *(f"source.{name}" for name in _SOURCES))
    for name in keys:
        if word := _word(head, f"general.{name}"):
            yield Fact(name, word, Locator(head.path, key=f"general.{name}"))


def _bases(head: Gguf) -> Iterator[Fact]:
    """All that is said of each base model, beside the declaration that names it."""
    for entry in numbered(head, "general.base_model"):
        for name, word in entry.words:
            key = f"{entry.key}.{name}"
            yield Fact(f"{entry.key.removeprefix('general.')}.{name}", word, Locator(head.path, key=key))


def _word(head: Gguf, key: str) -> str | None:
    value = head.text(key)
    return clean(value, 400) or None if value else None


def _words(head: Gguf, key: str) -> tuple[str, ...]:
    found = (clean(item, 200) for item in head.texts(key)[:MAX_ENTRIES])
    return tuple(dict.fromkeys(word for word in found if word))


def _locate(head: Gguf, key: str, quote: str) -> Locator:
    return Locator(head.path, key=key, quote=quote)
