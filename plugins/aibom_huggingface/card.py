"""The model card: front matter to declarations and facts, and the head of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aibom.formats.licences import spdx
from aibom.formats.text import (
    JsonValue,
    as_dict,
    as_float,
    as_list,
    as_str,
    clean,
    front_matter,
    line_of,
    strings,
)
from aibom.model import CardFacts, Dataset, Declaration, DeclarationKind, Fact, Licence, Locator, Metric
from aibom.spi import ReadError
from aibom_huggingface.prose import description, title
from aibom_huggingface.reading import Reader
from aibom_huggingface.sections import card_facts
from aibom_huggingface.tasks import modalities

CARD = "README.md"

MAX_ITEMS = 200
"""Values read of one list in the front matter; the longest real ones (languages) have about 100."""

MAX_ATTRIBUTIONS = 5
"""Displayed attributions taken of one card."""

Found = CardFacts | Dataset | Declaration | Licence

_DATASET_ID = re.compile(r"[\w.-]{1,96}(?:/[\w.-]{1,96})?")
_ATTRIBUTION = re.compile(r"\b(?:Built with|Improved using)[ \t]{1,4}(?:Meta Llama 3|[A-Z][A-Za-z0-9]{1,30})")
_HUB_URL = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/)?")


def inspect_card(reader: Reader) -> Iterator[Found]:
    """What README.md says of the model. Broken front matter is an Unknown; the text still counts."""
    path = next(iter(reader.view.glob(CARD)), CARD)
    text = reader.text(path)
    if text is None:
        return
    data: Mapping[str, JsonValue] = {}
    body_line = 1
    try:
        data, body_line = front_matter(text)
    except ReadError as error:
        reader.fail(path, f"front matter: {error.message}")
        body_line = _after_fence(text)
    body = "\n".join(text.splitlines()[body_line - 1 :])
    card = _Card(path, text, data)
    yield card.facts(body)
    yield from card.parents()
    yield from card.datasets()
    yield from card.licences()


def _after_fence(text: str) -> int:
    """The line after the second fence, or 1."""
    fences = [number for number, line in enumerate(text.splitlines()[:2000], 1) if line.strip() == "---"]
    return fences[1] + 1 if len(fences) > 1 and fences[0] == 1 else 1


class _Card:
    """One card: its text for line numbers, its front matter for values."""

    def __init__(self, path: str, text: str, data: Mapping[str, JsonValue]) -> None:
        self._path = path
        self._text = text
        self._data = data

    def facts(self, body: str) -> CardFacts:
        task = self._word("pipeline_tag")
        inputs, outputs = modalities(task)
        return CardFacts(
            title=title(body),
            description=description(body),
            task=task,
            library=self._word("library_name"),
            languages=self._words("language"),
            tags=self._words("tags"),
            inputs=inputs,
            outputs=outputs,
            metrics=tuple(self._metrics()),
            facts=(
                *self._emissions(),
                *self._attributions(body),
                *card_facts(self._path, self._text, body),
            ),
        )

    def parents(self) -> Iterator[Declaration]:
        relation = self._word("base_model_relation")
        for parent in self._words("base_model"):
            ident = _HUB_URL.sub("", parent)
            locator = self._locate("base_model", parent)
            yield Declaration(DeclarationKind.BASE_MODEL, ident, locator, relation=relation)

    def datasets(self) -> Iterator[Dataset]:
        for name in self._words("datasets"):
            bare = _HUB_URL.sub("", name)
            yield Dataset(bare, self._locate("datasets", name), bare if _DATASET_ID.fullmatch(bare) else None)
        seen: set[str] = set()
        for result in self._results():
            entry = as_dict(result.get("dataset"))
            label = as_str(entry.get("name")) or as_str(entry.get("type"))
            ident = as_str(entry.get("type")) or ""
            if label and label not in seen:
                seen.add(label)
                hub = ident if "/" in ident and _DATASET_ID.fullmatch(ident) else None
                place = self._locate("model-index", label)
                yield Dataset(clean(label, 120), place, hub, purpose="evaluation")

    def licences(self) -> Iterator[Licence]:
        own = self._word("license_name")
        link = self._word("license_link")
        for name in self._words("license"):
            if own and name.lower() in ("other", "unknown"):
                yield Licence(own, self._locate("license_name", own), spdx(own))
            else:
                yield Licence(name, self._locate("license", name), spdx(name))
        if own and "license" not in self._data:
            yield Licence(own, self._locate("license_name", own), spdx(own))
        if link and not own and not self._words("license"):
            yield Licence(link, self._locate("license_link", link))

    def _word(self, key: str) -> str | None:
        value = as_str(self._data.get(key))
        return clean(value, 200) or None if value else None

    def _words(self, key: str) -> tuple[str, ...]:
        found = (clean(value, 200) for value in strings(self._data.get(key))[:MAX_ITEMS])
        return tuple(dict.fromkeys(word for word in found if word))

    def _locate(self, key: str, needle: str) -> Locator:
        """The line on which a value stands, looked for from its key on."""
        start = max(self._text.find(f"{key}:"), 0)
        below = line_of(self._text[start:], needle)
        line = None if below is None else self._text.count("\n", 0, start) + below
        return Locator(self._path, line=line, key=key)

    def _results(self) -> Iterator[dict[str, JsonValue]]:
        for model in as_list(self._data.get("model-index"))[:MAX_ITEMS]:
            for result in as_list(as_dict(model).get("results"))[:MAX_ITEMS]:
                yield as_dict(result)

    def _metrics(self) -> Iterator[Metric]:
        for result in self._results():
            task = as_str(as_dict(result.get("task")).get("type"))
            dataset = as_dict(result.get("dataset"))
            on = as_str(dataset.get("name")) or as_str(dataset.get("type"))
            for item in as_list(result.get("metrics"))[:MAX_ITEMS]:
                metric = as_dict(item)
                kind, value = as_str(metric.get("type")), metric.get("value")
                if kind and isinstance(value, str | int | float) and not isinstance(value, bool):
                    yield Metric(
                        clean(kind, 100),
                        clean(str(value), 100),
                        clean(on, 200) if on else None,
                        clean(task, 100) if task else None,
                    )

    def _attributions(self, body: str) -> Iterator[Fact]:
        """Words by which the card displays whose work the model was made with."""
        said = dict.fromkeys(" ".join(match[0].split()) for match in _ATTRIBUTION.finditer(body))
        for words in list(said)[:MAX_ATTRIBUTIONS]:
            yield Fact("attribution", words, Locator(self._path, line=line_of(self._text, words)))

    def _emissions(self) -> Iterator[Fact]:
        """Grams of CO2 equivalent, and where the figure comes from."""
        value = self._data.get("co2_eq_emissions")
        entry = {"emissions": value} if not isinstance(value, dict) else value
        for key, item in sorted(entry.items()):
            name = "co2_eq_emissions" if key == "emissions" else f"co2_eq_emissions:{clean(key, 60)}"
            number = as_float(item)
            content: str | float | None = number if number is not None else as_str(item)
            if content is not None:
                text = clean(content, 200) if isinstance(content, str) else content
                yield Fact(name, text, self._locate("co2_eq_emissions", key))
