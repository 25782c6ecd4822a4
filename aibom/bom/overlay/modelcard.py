"""Model cards: of the model from the card's facts, of each trained part from its configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aibom.bom import facts, refs
from aibom.bom.overlay.common import Components, Json, add_properties, present
from aibom.bom.properties import Property, entry
from aibom.bom.refs import Refs
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import Analysis, Fact, Metric, Part, Role

MIN_NAME = 3
"""Characters of a dataset's name; a shorter one stands in too many texts."""
_OTHER_TOPICS = ("hardware", "out-of-scope", "training-data", "training-procedure")
_TOKENIZER_NAMES = (
    "bos_token", "eos_token", "errors", "pad_token", "padding_side", "tokenizer_class", "unk_token",
    "vocab_size",
)  # fmt: skip
_TOKENIZER_FACTS = {name: name for name in _TOKENIZER_NAMES} | {"vocabulary_size": "vocab_size"}
"""Facts of a tokenizer by the name that `cdx:ai-ml:tokenizer:hyperparameter` has for them."""


def lay(components: Components, analysis: Analysis, names: Refs) -> None:
    """Lay the cards, and the facts of parts that are no models."""
    root = components[names.root]
    root.update(present(modelCard=_of_model(analysis), tags=list(facts.tags(analysis))))
    for part in analysis.inspected.parts:
        component = components[names.part(part)]
        if component["type"] == "machine-learning-model":
            component.update(present(modelCard=_of_part(part)))
        else:
            add_properties(component, properties_of(part.facts, tokenizer=part.role is Role.TOKENIZER))
        if component["type"] == "data":
            component["data"] = [{"type": "configuration", "name": component["name"]}]
    for key, uses in facts.datasets(analysis).items():
        component = components[refs.dataset(key)]
        component["data"] = [_dataset(component, uses[0].ident)]
        component.update(present(description=_described(uses[0].name, analysis)))


def _dataset(component: Json, ident: str | None) -> Json:
    """Where the content is, and the Hub namespace that holds it."""
    pages = (each["url"] for each in component.get("externalReferences", ()))
    namespace, slash, _ = (ident or "").partition("/")
    holder = value(namespace, 200) if slash else None
    return present(
        type="dataset",
        name=component["name"],
        contents=present(url=next(pages, None)),
        governance=present(custodians=[{"organization": {"name": holder}}] if holder else []),
    )


def _described(name: str, analysis: Analysis) -> str | None:
    """The card's section on training data, if it speaks of this dataset."""
    bare = name.rpartition("/")[2]
    speaks = re.compile(rf"(?<!\w){re.escape(bare)}(?!\w)", re.IGNORECASE)
    texts = facts.sections(analysis, "training-data")
    return next((text for text in texts if len(bare) >= MIN_NAME and speaks.search(text)), None)


def properties_of(found: Iterable[Fact], *, tokenizer: bool = False) -> list[dict[str, str]]:
    """Facts as properties, under CycloneDX' own name where it has one."""
    return [entry(_name(fact, tokenizer), _written(fact.value)) for fact in found]


def _written(value: str | int | float | bool) -> str | int | float | bool:
    return clean(value, 400) if isinstance(value, str) else value


def _name(fact: Fact, tokenizer: bool) -> str:
    name = clean(fact.name, 100)
    bare = name.removeprefix("hyperparameter:")
    if tokenizer and bare in _TOKENIZER_FACTS:
        return Property.TOKENIZER_HYPERPARAMETER.of(_TOKENIZER_FACTS[bare])
    if bare != name:
        return Property.MODEL_HYPERPARAMETER.of(bare)
    return Property.FACT.of(name)


def _of_model(analysis: Analysis) -> Json:
    card = analysis.inspected.card
    parameters = present(
        task=facts.task(analysis),
        architectureFamily=value(card.architecture_family),
        modelArchitecture=value(card.architecture),
        datasets=[{"ref": refs.dataset(key)} for key in facts.datasets(analysis)],
        inputs=_formats(card.inputs),
        outputs=_formats(card.outputs),
    )
    environment = present(properties=properties_of(fact for fact in card.facts if _of_environment(fact)))
    result = present(
        modelParameters=parameters,
        quantitativeAnalysis=present(performanceMetrics=[m for m in map(_metric, card.metrics) if m]),
        considerations=present(
            users=facts.sections(analysis, "users"),
            useCases=facts.sections(analysis, "intended-uses"),
            technicalLimitations=facts.sections(analysis, "limitations"),
            ethicalConsiderations=[{"name": text} for text in facts.sections(analysis, "ethics")],
            environmentalConsiderations=environment,
        ),
    )
    for topic in _OTHER_TOPICS:
        name = Property.CARD_SECTION.of(topic)
        add_properties(result, (entry(name, text) for text in facts.sections(analysis, topic)))
    add_properties(result, properties_of(fact for fact in card.facts if _of_card(fact)))
    add_properties(result, _languages(card.languages))
    add_properties(result, _count(facts.parameters(analysis)))
    return result


def _of_environment(fact: Fact) -> bool:
    return "co2" in fact.name or fact.name == "carbon_emitted"


def _of_card(fact: Fact) -> bool:
    """Whether the fact has no other place in the document."""
    return not (
        _of_environment(fact) or fact.name.startswith((facts.SECTION, facts.REQUIREMENT, facts.REFERENCE))
    )


def _of_part(part: Part) -> Json:
    family = part.fact("model_type")
    architecture = part.fact("architecture")
    result = present(
        modelParameters=present(
            architectureFamily=value(str(family)) if family is not None else None,
            modelArchitecture=value(str(architecture)) if architecture is not None else None,
        )
    )
    add_properties(result, properties_of(part.facts))
    add_properties(result, _count(part.parameters))
    return result


def _formats(kinds: Iterable[str]) -> list[Json]:
    return [{"format": text} for kind in kinds if (text := value(kind, 100))]


def _metric(metric: Metric) -> Json:
    """Type, value as written, and what it was measured on; nothing where the value is missing."""
    number = value(metric.value, 200)
    on = [text for each in (metric.task, metric.dataset) if (text := value(each, 200))]
    return present(type=value(metric.type, 200), value=number, slice=", ".join(on)) if number else {}


def _languages(codes: Iterable[str]) -> list[dict[str, str]]:
    """ISO 639-1 codes under the official name, which allows no others."""
    entries = []
    for code in codes:
        official = len(code) == 2 and code.isascii() and code.isalpha()
        name = Property.LANGUAGE if official else Property.LANGUAGE_OTHER
        entries.append(name.entry(code.lower() if official else clean(code, 40)))
    return entries


def _count(parameters: int | None) -> list[dict[str, str]]:
    return [] if parameters is None else [Property.PARAMETER_COUNT.entry(facts.rounded(parameters))]
