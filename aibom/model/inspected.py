"""What inspectors hand on: parts, declarations, notices, licences, datasets, card facts, observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from aibom.model.enums import Role, Severity, Signal, Stage
from aibom.model.files import Locator
from aibom.model.prints import CodePrint, Print, ShapePrint, TokenizerPrint
from aibom.model.weights import WeightSample

P = TypeVar("P", CodePrint, TokenizerPrint, ShapePrint, WeightSample)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the scan could not see. Never scored as anything; widens the interval."""

    path: str
    stage: Stage
    reason: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One named observation about a part (`model_type`, `vocab_size`, `quantisation`), with its place.

    Names follow CycloneDX' `cdx:ai-ml:model:*` local names where one exists
    (`hyperparameter:hidden_size`), else the config's own key.
    """

    name: str
    value: str | int | float | bool
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the model.

    Attributes:
        id: stable slug, unique in the report (`vision-encoder`, `text-encoder-2`, `tokenizer`).
        role: what it does.
        name: for people.
        files: paths whose bytes belong to it.
        parameters: number of elements of its tensors; None where not counted.
        tensors: number of tensors; None where not counted.
        declared: a config, card or index names it.
        present: its bytes are in the target (tensors, vocabulary, source).
        alternative: the same part in another serialisation (an ONNX export beside safetensors);
            shown, and not counted twice.
        dtypes: element types in the format's own words, with element counts, largest first.
        facts: what else was seen.
        locators: where the part was seen.
    """

    id: str
    role: Role
    name: str
    files: tuple[str, ...] = ()
    parameters: int | None = None
    tensors: int | None = None
    declared: bool = False
    present: bool = False
    alternative: bool = False
    dtypes: tuple[tuple[str, int], ...] = ()
    facts: tuple[Fact, ...] = ()
    locators: tuple[Locator, ...] = ()

    def fact(self, name: str) -> str | int | float | bool | None:
        """The value of the first fact of that name, or None."""
        return next((f.value for f in self.facts if f.name == name), None)


class DeclarationKind(StrEnum):
    """What a repository says of its own descent."""

    BASE_MODEL = "base-model"
    """Card front matter or Hub metadata names a parent; `relation` as given there."""
    NAME_OR_PATH = "name-or-path"
    """A config's `_name_or_path` is a Hub id: the parent that `from_pretrained` was called with."""
    MODEL_TYPE = "model-type"
    ARCHITECTURE = "architecture"
    """A class name in `architectures` or in a pipeline's `model_index.json`, or the name of a timm model."""
    AUTO_MAP = "auto-map"
    """Remote code named by `auto_map`: `[org/name--]module.Class`."""
    ADAPTER_BASE = "adapter-base"
    IMPORT = "import"
    """Remote code imports a modelling module or class (`transformers.models.glm4_moe`)."""
    INHERITS = "inherits"
    """A class of the remote code has another family's class as a base; an import alone may go unused."""
    TOKENIZER_CLASS = "tokenizer-class"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One statement of the repository about itself. `part` is a Part.id, or None for the whole model.

    `relation` is the declared one in the Hub's words (finetune, adapter, merge, quantized, …) or None.
    """

    kind: DeclarationKind
    value: str
    locator: Locator
    part: str | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A copyright notice as it stands in a file: `holders` as written, years removed."""

    holders: tuple[str, ...]
    text: str
    locator: Locator
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that the repository declares (card, package metadata) or carries (a text file).

    `expression` is an SPDX expression, or None where the words given are none; `name` is what was
    written. `carried` is True for a licence text found in the target.
    """

    name: str
    locator: Locator
    expression: str | None = None
    carried: bool = False
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that the card names. `ident` is the Hub id where it is one."""

    name: str
    locator: Locator
    ident: str | None = None
    purpose: str = "training"


@dataclass(frozen=True, slots=True)
class Metric:
    """A published result: `type` (accuracy, …), `value` as written, on `dataset` for `task`."""

    type: str
    value: str
    dataset: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Model-level facts. Emitted by several inspectors; the first non-empty value of each wins."""

    title: str | None = None
    description: str | None = None
    task: str | None = None
    library: str | None = None
    architecture_family: str | None = None
    architecture: str | None = None
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()
    facts: tuple[Fact, ...] = ()
    """Model-wide facts: `transformers_version`, `quantisation`, `co2_eq_emissions`, …"""


@dataclass(frozen=True, slots=True)
class Observation:
    """A structural or security finding by an inspector (declared part without tensors, bad offsets).

    `rule` is `<plugin>.<name>`, documented by the plug-in; provenance gives it its stable finding id.
    """

    rule: str
    statement: str
    signal: Signal = Signal.STRUCTURE
    severity: Severity = Severity.LOW
    part: str | None = None
    alternative: str = ""
    locators: tuple[Locator, ...] = ()


Emission = Part | Declaration | Notice | Licence | Dataset | CardFacts | Observation | Print | Unknown
"""What an inspector may yield."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """All that inspection found, merged, in a stable order."""

    parts: tuple[Part, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    notices: tuple[Notice, ...] = ()
    licences: tuple[Licence, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    card: CardFacts = field(default_factory=CardFacts)
    observations: tuple[Observation, ...] = ()
    prints: tuple[Print, ...] = ()

    def prints_of(self, kind: type[P]) -> tuple[P, ...]:
        """The prints of one kind, in their order."""
        return tuple(item for item in self.prints if isinstance(item, kind))
