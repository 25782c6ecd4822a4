"""Python files: remote code named by `auto_map`, inference plug-ins, and the notices in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aibom.formats.codeprint import code_prints
from aibom.formats.notices import find_notices
from aibom.formats.pysource import Import, SourceFacts, read_source
from aibom.formats.text import clean
from aibom.model import (
    CodePrint,
    Declaration,
    DeclarationKind,
    Fact,
    Locator,
    Notice,
    Part,
    Role,
    Stage,
    Unknown,
)
from aibom_huggingface.reading import Reader
from aibom_huggingface.tables import words

MAX_SOURCES = 200
"""Python files read of one target; real repositories hold fewer than thirty."""
MAX_CLASSES = 40
"""Classes told of one part."""
MAX_IMPORTS = 400
"""Import declarations of one target."""
MAX_PRINTED = 1024 * 1024
"""Characters of modelling code that prints are taken of; transformers' longest file has a fifth of it."""
MAX_PRINTS = 2_000
"""Classes and modules that prints are taken of."""

REMOTE_CODE, INFERENCE_CODE = "remote-code", "inference-code"

_BY_CONVENTION = re.compile(
    r"(?:modeling|modelling|modular|configuration|tokenization|processing|image_processing|video_processing"
    r"|feature_extraction|audio_processing|generation)_\w+\.py|pipeline\.py|custom_\w+\.py"
)
_INFERENCE = re.compile(
    r"(?:\w+_)?(?:parser|parsers|vllm|sglang|plugin|handler)(?:_\w+)?\.py|custom_generate/\w+\.py"
)

_AROUND = re.compile(
    r"(?:configuration|tokenization|processing|image_processing|video_processing|feature_extraction"
    r"|audio_processing|generation)_"
)
"""Modules around the network: their code is no origin of it."""

GENERIC = words(
    """PreTrainedModel PretrainedConfig PreTrainedConfig PreTrainedTokenizer PreTrainedTokenizerFast
    GenerationMixin GenerationConfig ProcessorMixin BaseImageProcessor BaseImageProcessorFast
    FeatureExtractionMixin SequenceFeatureExtractor ModelOutput Cache DynamicCache StaticCache
    BatchFeature BatchEncoding TextIteratorStreamer StoppingCriteria LogitsProcessor Trainer
    TrainingArguments GradientCheckpointingLayer RotaryEmbeddingConfigMixin"""
)
"""Names of transformers that belong to no model family."""

_FAMILY_CLASS = re.compile(
    r"(?!Auto)[A-Z]\w+(?:Config|Model|For[A-Z]\w+|LMHeadModel|Attention|DecoderLayer|EncoderLayer|MLP|MoE|RMSNorm"
    r"|RotaryEmbedding|Tokenizer|TokenizerFast|Processor|ImageProcessor|FeatureExtractor|VisionTransformer\w*"
    r"|Encoder|Decoder|Block|Router|Experts)"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, read as data."""

    path: str
    text: str
    facts: SourceFacts

    @property
    def module(self) -> str:
        """The module's name, `modeling_x`."""
        return self.path.rpartition("/")[2].removesuffix(".py")


def inspect_code(
    reader: Reader, mapped: Sequence[Declaration]
) -> Iterator[Part | Declaration | Notice | CodePrint | Unknown]:
    """The remote code, with what it defines and builds on; `mapped` are the `auto_map` declarations."""
    paths = reader.view.glob("**/*.py")
    if len(paths) > MAX_SOURCES:
        yield Unknown(
            paths[MAX_SOURCES], Stage.INSPECTION, f"more than {MAX_SOURCES} Python files; the rest unread"
        )
    sources = [source for path in paths[:MAX_SOURCES] if (source := _read(reader, path)) is not None]
    remote = _remote(sources, mapped)
    inference = [item for item in sources if item not in remote and _INFERENCE.fullmatch(_tail(item.path))]
    if remote or mapped:
        yield _part(REMOTE_CODE, "Remote code", remote, mapped)
    if inference:
        yield _part(INFERENCE_CODE, "Inference code", inference, ())
    yield from _imports(remote, REMOTE_CODE)
    yield from _imports(inference, INFERENCE_CODE)
    yield from _prints(remote)
    for item in sources:
        owner = REMOTE_CODE if item in remote else INFERENCE_CODE if item in inference else None
        for notice in find_notices(item.text):
            yield Notice(
                notice.holders, notice.text, Locator(item.path, notice.line, quote=notice.text), owner
            )


def _read(reader: Reader, path: str) -> Source | None:
    text = reader.text(path)
    if text is None:
        return None
    facts = read_source(text, path)
    if facts.error:
        reader.fail(path, facts.error)
    return Source(path, text, facts)


def _tail(path: str) -> str:
    """The last folder and the name where the folder is `custom_generate`, else the name."""
    pieces = path.split("/")
    return "/".join(pieces[-2:]) if pieces[-2:-1] == ["custom_generate"] else pieces[-1]


def _remote(sources: Sequence[Source], mapped: Sequence[Declaration]) -> list[Source]:
    """Files that `auto_map` names or transformers' naming marks, and what they import beside themselves."""
    named = {item.value.rpartition("--")[2].rpartition(".")[0].rpartition("/")[2] for item in mapped}
    chosen = {
        item.path for item in sources if item.module in named or _BY_CONVENTION.fullmatch(_tail(item.path))
    }
    by_module = {item.module: item for item in sources}
    pending = [item for item in sources if item.path in chosen]
    while pending:
        for statement in pending.pop().facts.imports:
            for name in (statement.module.lstrip(".").partition(".")[0], *statement.names):
                found = by_module.get(name) if statement.module.startswith(".") else None
                if found is not None and found.path not in chosen:
                    chosen.add(found.path)
                    pending.append(found)
    return [item for item in sources if item.path in chosen]


def _part(ident: str, name: str, sources: Sequence[Source], mapped: Sequence[Declaration]) -> Part:
    """Code as a part: its files, its classes with their lines, and where it is named."""
    classes = [
        Fact("class", item.name, Locator(source.path, line=item.line))
        for source in sources
        for item in source.facts.classes
    ]
    foreign = sorted({item.value.partition("--")[0] for item in mapped if "--" in item.value})
    facts = [*classes[:MAX_CLASSES], *(Fact("code_repository", name, mapped[0].locator) for name in foreign)]
    if len(classes) > MAX_CLASSES:
        facts.append(Fact("classes", len(classes)))
    return Part(
        ident,
        Role.REMOTE_CODE,
        name,
        files=tuple(item.path for item in sources),
        declared=bool(mapped),
        present=bool(sources),
        facts=tuple(facts),
        locators=tuple(dict.fromkeys(item.locator for item in mapped))
        or tuple(Locator(item.path) for item in sources),
    )


def _prints(sources: Iterable[Source]) -> Iterator[CodePrint | Unknown]:
    """Prints of each module that builds the network, and of its classes."""
    characters = units = 0
    for source in sources:
        if _AROUND.match(source.module):
            continue
        characters += len(source.text)
        found = code_prints(source.text) if characters <= MAX_PRINTED else ()
        units += len(found)
        if characters > MAX_PRINTED or units > MAX_PRINTS:
            bounds = f"{MAX_PRINTED:,} characters or {MAX_PRINTS:,} classes"
            yield Unknown(source.path, Stage.INSPECTION, f"more than {bounds} of code; the rest not compared")
            return
        for unit in found:
            if unit.fingerprints:
                name = unit.name or source.module
                yield CodePrint(REMOTE_CODE, source.path, name, unit.fingerprints, unit.tokens, unit.line)


def _imports(sources: Iterable[Source], part: str) -> Iterator[Declaration]:
    """Modelling modules and classes of other families that the code imports or inherits."""
    told: set[tuple[str, DeclarationKind, str]] = set()
    for source in sources:
        lines = source.text.splitlines()
        for kind, value, line in _foreign(source):
            if (source.path, kind, value) in told or len(told) >= MAX_IMPORTS:
                continue
            told.add((source.path, kind, value))
            quote = clean(lines[line - 1]) if line <= len(lines) else None
            yield Declaration(kind, value, Locator(source.path, line=line, quote=quote), part)


def _foreign(source: Source) -> Iterator[tuple[DeclarationKind, str, int]]:
    for statement in source.facts.imports:
        for value in _family_names(statement, source.module):
            yield DeclarationKind.IMPORT, value, statement.line
    own = {item.name for item in source.facts.classes}
    for item in source.facts.classes:
        for base in item.bases:
            name = base.rpartition(".")[2]
            if name not in own and name not in GENERIC and _FAMILY_CLASS.fullmatch(name):
                yield DeclarationKind.INHERITS, base, item.line


def _family_names(statement: Import, own: str) -> Iterator[str]:
    module = statement.module
    relative = module.startswith(".")
    library = module == "transformers" or module.startswith("transformers.models.")
    if not relative and not library:
        return
    bare = module.lstrip(".")
    names = [name for name in statement.names if name not in GENERIC and _FAMILY_CLASS.fullmatch(name)]
    if library and module != "transformers" and not names:
        yield bare
    for name in names[:16]:
        yield f"{bare}.{name}" if bare and bare != own else name
