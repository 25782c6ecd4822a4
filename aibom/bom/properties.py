"""Every property name that aibom writes, in one place. `docs/properties.md` is made from it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from aibom.formats.values import clean
from aibom.model import Layer

STAGES = {
    Layer.ARCHITECTURE: "designed",
    Layer.CODE: "developed",
    Layer.DATA: "collected",
    Layer.COMPUTE: "trained",
}
"""Layers that are a stage of `component.origins` in CycloneDX 2.0. `trained` says there where the
computation ran, so it is the compute layer, never the nationality of whoever trained the weights."""


class Property(StrEnum):
    """Name, where it stands, and meaning. `<layer>` and `<name>` are filled in by `of`."""

    where: str
    meaning: str

    def __new__(cls, name: str, where: str, meaning: str) -> Property:
        """A member whose value is its name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.where = where
        member.meaning = meaning
        return member

    def of(self, filler: str) -> str:
        """The name with its `<…>` filled in."""
        head, _, rest = self.value.partition("<")
        return head + filler + rest.partition(">")[2]

    def entry(self, value: Any) -> dict[str, str]:
        """The property as CycloneDX writes it."""
        return entry(self.value, value)

    # The model and its descent.
    DECLARED_ANCESTOR = (
        "aibom:declared-ancestor",
        "model",
        "Parent that the repository declares, as written there; not proven, so not in the pedigree.",
    )
    DECLARED_RELATION = (
        "aibom:declared-ancestor:relation",
        "model",
        "Declared relation to a parent: `<parent> <relation>`.",
    )
    DECLARED_LICENCE = (
        "aibom:licence:declared",
        "model, part",
        "Licence words that name no licence (`other`), as written.",
    )
    DEPTH = ("aibom:depth", "metadata", "How far the scan read: metadata, headers or weights.")
    HUB_CREATED = ("aibom:hub:created", "model", "Creation time of the repository, by the Hub's record.")
    HUB_MODIFIED = ("aibom:hub:modified", "model", "Last change of the repository, by the Hub's record.")
    HUB_GATED = ("aibom:hub:gated", "model", "How access to the repository is gated.")
    HUB_PRIVATE = ("aibom:hub:private", "model", "`true` where the repository is not public.")
    HUB_SECURITY = ("aibom:hub:security-level", "file", "Level that the Hub's file scanners gave this file.")
    # Organisations.
    MANUFACTURER_ID = (
        "aibom:manufacturer:id",
        "model, ancestor",
        "Id of the manufacturer in the organisation registry, or `hub:<namespace>`.",
    )
    MANUFACTURER_SOURCE = (
        "aibom:manufacturer:source",
        "model, ancestor",
        "How the manufacturer and its country were resolved; no country stands without it.",
    )
    MANUFACTURER_COUNTRY = (
        "aibom:manufacturer:country",
        "model, ancestor",
        "Jurisdiction of the registered seat: ISO 3166-1 alpha-2, or `multi` for a community.",
    )
    MANUFACTURER_ULTIMATE = (
        "aibom:manufacturer:ultimate-country",
        "model, ancestor",
        "Jurisdiction of the ultimate parent.",
    )
    # Every organisation that an origin or a claim names.
    ORGANISATION_NAME = (
        "aibom:organisation:<id>:name",
        "model",
        "Name of an organisation; `<id>` as in the registry, or `hub:<namespace>`, percent-encoded.",
    )
    ORGANISATION_SOURCE = (
        "aibom:organisation:<id>:source",
        "model",
        "How it and its country were resolved; no country stands without it.",
    )
    ORGANISATION_COUNTRY = (
        "aibom:organisation:<id>:country",
        "model",
        "Jurisdiction of its registered seat: ISO 3166-1 alpha-2, or `multi` for a community.",
    )
    ORGANISATION_ULTIMATE = (
        "aibom:organisation:<id>:ultimate-country",
        "model",
        "Jurisdiction of its ultimate parent.",
    )
    # Parts.
    PART_ID = ("aibom:part:id", "part", "Id of the part, unique in the document.")
    PART_ROLE = ("aibom:part:role", "part", "What the part does in the model.")
    PART_DECLARED = ("aibom:part:declared", "part", "`true` where a config, card or index names the part.")
    PART_PRESENT = ("aibom:part:present", "part", "`true` where the part's bytes are in the target.")
    PART_ALTERNATIVE = (
        "aibom:part:alternative",
        "part",
        "`true` where the part repeats another in a different serialisation and is not counted.",
    )
    PARAMETERS = ("aibom:parameters", "model, part", "Exact number of elements of the tensors.")
    TENSORS = ("aibom:tensors", "part", "Number of tensors.")
    DTYPE = ("aibom:dtype", "part", "Element type and its number of elements: `<type> <count>`.")
    FACT = ("aibom:fact:<name>", "model, part", "Another value as the model's own files write it.")
    CARD_SECTION = (
        "aibom:card:<name>",
        "model card",
        "A section of the publisher's model card that CycloneDX has no field for, as written there.",
    )
    FILE_KIND = ("aibom:file:kind", "file", "What the file is for, by its name.")
    FILE_PATH = ("aibom:file:path", "part", "Path of a part that is one file, whose name is the part's.")
    FILE_SIZE = ("aibom:file:size", "file", "Size in bytes.")
    FILE_POINTER = (
        "aibom:file:lfs-pointer",
        "file",
        "`true` where only a Git-LFS pointer was at hand; hash and size are what it promises.",
    )
    DATASET_PURPOSE = ("aibom:dataset:purpose", "dataset", "What the dataset is said to be used for.")
    DISCLOSURE = (
        "aibom:disclosure",
        "model, part, file",
        "Why a value is absent: `unknown` (not found) or `withheld` (the supplier keeps it back).",
    )
    # Origins, by layer.
    ORIGIN_RELATION = (
        "aibom:origin:<layer>:relation",
        "model, part",
        "original, inspired, adapted, derived, verbatim or unknown.",
    )
    ORIGIN_EVIDENCE = ("aibom:origin:<layer>:evidence", "model, part", "Evidence level, E0 to E4.")
    ORIGIN_ORGANISATION = ("aibom:origin:<layer>:organisation", "model, part", "Organisation of origin.")
    ORIGIN_ORGANISATION_ID = (
        "aibom:origin:<layer>:organisation-id",
        "model, part",
        "Id of an organisation of origin, as in `aibom:organisation:<id>:name`.",
    )
    ORIGIN_COUNTRY = (
        "aibom:origin:<layer>:country",
        "model, part",
        "Registered jurisdiction of an organisation of origin.",
    )
    ORIGIN_ULTIMATE = (
        "aibom:origin:<layer>:ultimate-country",
        "model, part",
        "Jurisdiction of its ultimate parent.",
    )
    ORIGIN_SOURCE = (
        "aibom:origin:<layer>:source",
        "model, part",
        "How organisation and country were resolved: `<organisation>: <source>`.",
    )
    ORIGIN_UPSTREAM = ("aibom:origin:<layer>:upstream", "model, part", "The model that the origin is.")
    ORIGIN_FINDING = ("aibom:origin:<layer>:finding", "model, part", "Claim that the origin rests on.")
    ORIGIN_IN_QUESTION = (
        "aibom:origin:<layer>:in-question",
        "model, part",
        "`true` where the part declares an outside family and its weights are untested.",
    )
    ORIGIN_STAGE = (
        "aibom:origin:<layer>:stage",
        "model, part",
        "Stage of the same meaning in CycloneDX 2.0: designed, developed, collected or trained.",
    )
    # The score.
    SCORE_PROFILE = ("aibom:score:profile", "model", "Id of the profile.")
    SCORE_PROFILE_DATE = ("aibom:score:profile-date", "model", "Date of the profile.")
    SCORE_PROFILE_DIGEST = ("aibom:score:profile-digest", "model", "SHA-256 of the profile.")
    SCORE_HOME = ("aibom:score:home", "model", "Country of the profile's home set.")
    SCORE_LEVEL = ("aibom:score:level", "model", "0 to 4, set by the weakest trained part.")
    SCORE_CEILING = ("aibom:score:ceiling", "model", "Highest level that the evidence leaves open.")
    SCORE_EVIDENCE = ("aibom:score:evidence", "model", "Weakest weights evidence over trained parts.")
    SCORE_LOWER = ("aibom:score:lower", "model", "Lower bound, points of 100.")
    SCORE_UPPER = ("aibom:score:upper", "model", "Upper bound, points of 100.")
    SCORE_COVERAGE = ("aibom:score:coverage", "model", "Points of 100 that are known.")
    SCORE_REASON = ("aibom:score:reason", "model", "What holds the level where it is.")
    SCORE_LAYER = (
        "aibom:score:layer:<layer>",
        "model",
        "Interval of one layer in shares of 1, and its weight: `<lower>..<upper> of <weight>`.",
    )
    # Contests, laid over a finished document.
    CONTEST_STATE = ("aibom:contest:state", "model", "A contest: `<contest> of <finding>: <state>`.")
    CONTEST_LOG = ("aibom:contest:log", "model", "Digest of the last entry of the log of contests.")
    CONTEST_SCORE = (
        "aibom:contest:score:<name>",
        "model",
        "The score `without` any contest, with those `accepted`, and with open ones `granted` too.",
    )
    # What was not seen, and what the scan cost.
    UNKNOWN = ("aibom:unknown", "metadata", "Something not seen: `<stage>: <path>: <reason>`.")
    READ_BYTES = ("aibom:read:bytes", "metadata", "Bytes received.")
    READ_REQUESTS = ("aibom:read:requests", "metadata", "Requests sent.")
    READ_FILES = ("aibom:read:files", "metadata", "Distinct files opened.")
    # CycloneDX' own names.
    REPRODUCIBLE = ("cdx:reproducible", "metadata", "`true` where the same input gives the same bytes.")
    TOKENIZER = ("cdx:ai-ml:model:tokenizer", "tokenizer", "`true`: the component is a tokenizer.")
    CHAT_TEMPLATE = (
        "cdx:ai-ml:model:template:chat",
        "chat template",
        "`true`: the component is a chat template.",
    )
    MODALITY = ("cdx:ai-ml:model:modality", "model", "text, image, video, audio, …")
    LANGUAGE = ("cdx:ai-ml:model:language", "model card", "ISO 639-1 code of a language.")
    LANGUAGE_OTHER = ("aibom:language", "model card", "Language code that ISO 639-1 does not have.")
    PARAMETER_COUNT = (
        "cdx:ai-ml:model:parameter:count",
        "model card",
        "Number of parameters, rounded: `7.6B`.",
    )
    MODEL_HYPERPARAMETER = (
        "cdx:ai-ml:model:hyperparameter:<name>",
        "model card",
        "A setting of the architecture.",
    )
    TOKENIZER_HYPERPARAMETER = (
        "cdx:ai-ml:tokenizer:hyperparameter:<name>",
        "tokenizer",
        "A setting of the tokenizer.",
    )


def entry(name: str, value: Any) -> dict[str, str]:
    """A property as CycloneDX writes it: booleans in lower case, everything else as one safe line."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"name": name, "value": clean(text, 1000)}
