"""The closed sets of the domain. Values are what JSON and BOM carry; order is meaning where stated."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a part does inside the model."""

    DECODER_CORE = "decoder-core"
    EXPERTS = "experts"
    ROUTER = "router"
    TEXT_ENCODER = "text-encoder"
    VISION_ENCODER = "vision-encoder"
    AUDIO_ENCODER = "audio-encoder"
    PROJECTOR = "projector"
    DENOISER = "denoiser"
    VAE = "vae"
    VOCODER = "vocoder"
    EMBEDDING = "embedding"
    HEAD = "head"
    ADAPTER = "adapter"
    TOKENIZER = "tokenizer"
    CHAT_TEMPLATE = "chat-template"
    REMOTE_CODE = "remote-code"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The name for people of a part that does this."""
        return _LABELS[self]

    @property
    def trained(self) -> bool:
        """Whether parts of this role carry weights that a level of the score rests on."""
        return self not in _UNTRAINED

    @property
    def core(self) -> bool:
        """Whether a part of this role can be the model's core."""
        return self in _CORE


_LABELS = {
    Role.DECODER_CORE: "Decoder core",
    Role.EXPERTS: "Experts",
    Role.ROUTER: "Router",
    Role.TEXT_ENCODER: "Text encoder",
    Role.VISION_ENCODER: "Vision encoder",
    Role.AUDIO_ENCODER: "Audio encoder",
    Role.PROJECTOR: "Projector",
    Role.DENOISER: "Denoiser",
    Role.VAE: "Variational autoencoder",
    Role.VOCODER: "Vocoder",
    Role.EMBEDDING: "Token embedding",
    Role.HEAD: "Head",
    Role.ADAPTER: "Adapter",
    Role.TOKENIZER: "Tokenizer",
    Role.CHAT_TEMPLATE: "Chat template",
    Role.REMOTE_CODE: "Remote code",
    Role.OTHER: "Other",
}
_UNTRAINED = frozenset({Role.TOKENIZER, Role.CHAT_TEMPLATE, Role.REMOTE_CODE, Role.OTHER})
_CORE = frozenset({Role.DECODER_CORE, Role.EXPERTS, Role.TEXT_ENCODER, Role.DENOISER})


class Layer(StrEnum):
    """The aspect of a part that an origin speaks about. Evidence moves only its own layer."""

    WEIGHTS = "weights"
    DATA = "data"
    ARCHITECTURE = "architecture"
    CODE = "code"
    TOKENIZER = "tokenizer"
    LICENCE = "licence"
    COMPUTE = "compute"
    GOVERNANCE = "governance"


class Relation(StrEnum):
    """How a part's layer relates to its origin; grades are for origins outside the home set."""

    ORIGINAL = "original"
    INSPIRED = "inspired"
    ADAPTED = "adapted"
    DERIVED = "derived"
    VERBATIM = "verbatim"
    UNKNOWN = "unknown"

    @property
    def grade(self) -> int | None:
        """4 (own) to 0 (outside and unchanged); None where the relation is unknown."""
        return _GRADES.get(self)


_GRADES = {
    Relation.ORIGINAL: 4,
    Relation.INSPIRED: 3,
    Relation.ADAPTED: 2,
    Relation.DERIVED: 1,
    Relation.VERBATIM: 0,
}


class Evidence(IntEnum):
    """How well an origin is known; a higher level leaves a smaller share unknown."""

    E0 = 0
    """None."""
    E1 = 1
    """Declared by the vendor."""
    E2 = 2
    """Consistent with our tests, whose power against a named reference set was measured."""
    E3 = 3
    """Corroborated by released artefacts."""
    E4 = 4
    """Bit-identical match, or verified by a third party."""


class Confidence(StrEnum):
    """The word that stands beside a finding."""

    VERIFIED = "verified"
    OBSERVED = "observed"
    INFERRED = "inferred"
    DECLARED = "declared"
    UNRESOLVED = "unresolved"
    CONTRADICTED = "contradicted"
    WITHHELD = "withheld"


class Signal(StrEnum):
    """The kind of evidence. Signals are never blended into one number."""

    DECLARED = "declared"
    CODE = "code"
    TOKENIZER = "tokenizer"
    ARCHITECTURE = "architecture"
    WEIGHTS = "weights"
    STRUCTURE = "structure"
    """The target held against itself: declared against present, index against shards."""
    SECURITY = "security"


class Depth(StrEnum):
    """How far a scan reads. Metadata: names, sizes, small text. Headers: tensor tables. Weights: samples.

    Matrices, whole projections of a few layers, is what `compare` asks for where hidden dimensions have to
    be aligned; no user does.
    """

    METADATA = "metadata"
    HEADERS = "headers"
    WEIGHTS = "weights"
    MATRICES = "matrices"

    @property
    def samples(self) -> bool:
        """Whether values of weights are read."""
        return self in (Depth.WEIGHTS, Depth.MATRICES)


class FileClass(StrEnum):
    """What a file is for, by its name."""

    WEIGHTS = "weights"
    WEIGHTS_INDEX = "weights-index"
    CONFIG = "config"
    TOKENIZER = "tokenizer"
    CHAT_TEMPLATE = "chat-template"
    CODE = "code"
    CARD = "card"
    LICENCE = "licence"
    NOTICE = "notice"
    DATA = "data"
    OTHER = "other"


class Stage(StrEnum):
    """The stage of the pipeline that an Unknown arose in."""

    SOURCE = "source"
    INVENTORY = "inventory"
    INSPECTION = "inspection"
    PROVENANCE = "provenance"
    SOVEREIGNTY = "sovereignty"
    BOM = "bom"


class Severity(StrEnum):
    """How much a finding matters to a gate. `info` never fails one."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
