"""Core ML models: version, kind, ends and authors of a specification; its layers and data are not read.

Source: `mlmodel/format/Model.proto` and `FeatureTypes.proto` of coremltools.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from aibom.errors import FormatError
from aibom.formats.cursor import Cursor
from aibom.formats.protobuf import Message
from aibom.spi import View

MAX_ENDS: Final = 1_000
_KINDS: Final = {
    **{200: "pipeline classifier", 201: "pipeline regressor", 202: "pipeline"},
    **{300: "generalised linear regressor", 301: "support vector regressor"},
    **{302: "tree ensemble regressor", 303: "neural network regressor", 304: "Bayesian probit regressor"},
    **{400: "generalised linear classifier", 401: "support vector classifier"},
    **{402: "tree ensemble classifier", 403: "neural network classifier"},
    **{404: "k nearest neighbours classifier", 500: "neural network", 501: "item similarity recommender"},
    **{502: "ML program", 555: "custom model", 556: "linked model", 600: "one-hot encoder"},
    **{601: "imputer", 602: "feature vectoriser", 603: "dictionary vectoriser", 604: "scaler"},
    **{606: "categorical mapping", 607: "normaliser", 609: "array feature extractor"},
    **{610: "non-maximum suppression", 900: "identity", 2000: "text classifier", 2001: "word tagger"},
    **{2002: "vision feature print", 2003: "sound analysis", 2004: "gazetteer", 2005: "word embedding"},
    **{2006: "audio feature print", 3000: "serialised model"},
}
"""Fields of the model, of which one is set."""
CUSTOM: Final = "custom model"


@dataclass(slots=True)
class Specification:
    """What one file says: `about` is description, version, author and licence, as far as given."""

    version: int = 0
    kind: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)


def read_specification(view: View, path: str) -> Specification:
    """Describe one `.mlmodel` file, alone or within an `.mlpackage`.

    Raises:
        FormatError: no such file, or truncated.
        LimitError: more fields than a model has.
        ReadError: the file cannot be read.
    """
    cursor = Cursor.of_file(view, path)
    found = Specification()
    for number, value in Message(cursor, cursor.size).fields():
        if number == 1 and isinstance(value, int):
            found.version = value
        elif number == 2 and isinstance(value, Message):
            _description(value, found)
        elif isinstance(value, Message) and number in _KINDS:
            found.kind = _KINDS[number]
    if not found.version or not found.kind:
        raise FormatError(f"{path}: no Core ML model")
    return found


def _description(message: Message, found: Specification) -> None:
    for number, value in message.fields():
        if not isinstance(value, Message):
            continue
        if number in (1, 10):
            ends = found.inputs if number == 1 else found.outputs
            if len(ends) < MAX_ENDS:
                ends.append(value.first_text(1))
        elif number == 100:
            _about(value, found)


def _about(message: Message, found: Specification) -> None:
    names = {1: "description", 2: "model_version", 3: "author", 4: "license"}
    for number, value in message.fields():
        if number in names and isinstance(value, Message):
            found.about[names[number]] = value.text()
