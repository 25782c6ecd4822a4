"""The inspector: reads each graph once, and says what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Final

from aibom.errors import LimitError, ReadError
from aibom.formats.licences import spdx
from aibom.formats.onnx import OnnxModel, read_graph
from aibom.formats.text import clean
from aibom.model import (
    CardFacts,
    Depth,
    Emission,
    Fact,
    FileEntry,
    Licence,
    Locator,
    Observation,
    Part,
    Role,
    Severity,
    Signal,
    Stage,
    Unknown,
)
from aibom.spi import API_VERSION, View
from aibom_onnx.facts import signature
from aibom_onnx.listing import Config, graphs, read_config
from aibom_onnx.parts import Graph, parts
from aibom_onnx.scopes import slug

if TYPE_CHECKING:
    from aibom.formats.sampling import Refused, Weight

MAX_GRAPHS: Final = 200
"""Graphs that are read; repositories of many precisions hold about 30."""
_ORIGINALS: Final = ("**/*.safetensors", "**/pytorch_model*.bin", "**/*.gguf")
"""Names of weights of the same model in formats that graphs are exported from, or that are read first."""
_SHOWN: Final = 10
_KNOWN_DOMAINS: Final = (
    "ai.onnx.ml",
    "ai.onnx.training",
    "ai.onnx.preview",
    "com.microsoft",
    "com.ms.internal",
)
"""Beginnings of operator domains that ONNX Runtime brings itself."""
_AUTHORS: Final = ("model_author", "author")
_LICENCES: Final = ("model_license", "license")
"""Keys of `metadata_props`: those of the ONNX standard first
(https://github.com/onnx/onnx/blob/main/docs/MetadataProps.md), then those that Ultralytics writes."""


class OnnxInspector:
    """Parts, operators, exporter of ONNX graphs; of tensor data, samples at depth weights."""

    ident: ClassVar[str] = "onnx"
    summary: ClassVar[str] = "ONNX graphs: parts, opsets, operators, exporter, quantisation, external data"
    # Every name is asked for, since external data may bear any; only graphs and configurations are opened.
    globs: ClassVar[tuple[str, ...]] = ("**/*",)
    api: ClassVar[int] = API_VERSION

    def inspect(self, view: View) -> Iterator[Emission]:
        """Yield the parts of every graph in the target."""
        paths = view.glob("**/*.onnx")
        if view.depth is Depth.METADATA:
            for path in paths:
                yield Unknown(path, Stage.INSPECTION, "an ONNX graph, which is not read at depth metadata")
            return
        configs = [item for path in view.glob("**/genai_config.json") for item in _config(path, view)]
        known = [item for item in configs if isinstance(item, Config)]
        yield from (item for item in configs if isinstance(item, Unknown))
        yield from (CardFacts(library="onnxruntime-genai", facts=item.facts) for item in known if item.facts)
        listed = graphs(paths, {path: role for config in known for path, role in config.roles})
        decoders = []
        weights: list[Weight | Refused] | None = [] if _sampled(view) else None
        for graph in listed[:MAX_GRAPHS]:
            for emission in _inspect(graph, view, weights):
                if isinstance(emission, Part) and emission.declared and emission.role is Role.DECODER_CORE:
                    decoders.append(emission.id)
                yield emission
        if len(listed) > MAX_GRAPHS:
            reason = f"{len(listed) - MAX_GRAPHS} more ONNX graphs were not read (limit: graphs)"
            yield Unknown(listed[MAX_GRAPHS].path, Stage.INSPECTION, reason)
        for config in known:
            yield from _declared(config, decoders, view)
        if weights:
            from aibom.formats.sampling import sample  # loads numpy

            yield from sample(view, weights)


def _sampled(view: View) -> bool:
    """Whether weights are read here: beside those that a graph was exported from, these are."""
    return view.depth.samples and not view.glob(*_ORIGINALS)


def _config(path: str, view: View) -> Iterator[Config | Unknown]:
    try:
        yield read_config(view, path)
    except ReadError as error:
        yield Unknown(path, Stage.INSPECTION, error.message)


def _inspect(graph: Graph, view: View, weights: list[Weight | Refused] | None) -> Iterator[Emission]:
    """All of one graph; its matrices are added to `weights`, where there is such a list."""
    try:
        model = read_graph(view, graph.path)
    except LimitError as error:
        yield Unknown(graph.path, Stage.INSPECTION, f"{error.message} (limit: {error.limit})")
        return
    except ReadError as error:
        yield Unknown(graph.path, Stage.INSPECTION, error.message)
        return
    yield from parts(graph, model, view.files)
    yield from _observations(model, view.files)
    yield from _licences(model)
    if graph.alternative:
        return
    yield _card(model)
    if weights is not None:
        from aibom_onnx.weights import graph_weights  # loads numpy

        weights += graph_weights(graph, model)


def _declared(config: Config, decoders: list[str], view: View) -> Iterator[Emission]:
    """What onnxruntime-genai's configuration says, and the graphs that it names and nobody finds."""
    declaration = config.declaration(decoders)
    if declaration is not None:
        yield declaration
    for path, role in config.roles:
        if path not in view.files:
            yield Part(
                id=f"{slug(path.rpartition('/')[2].removesuffix('.onnx'))}.{role.value}",
                role=role,
                name=f"{role.value.replace('-', ' ')} in {clean(path)}",
                declared=True,
                facts=(Fact("rule", "onnx.genai-config"),),
                locators=(Locator(config.path, quote=clean(path)),),
            )


def _observations(model: OnnxModel, files: Mapping[str, FileEntry]) -> Iterator[Observation]:
    locator = Locator(model.path)
    if model.refused_paths:
        shown = ", ".join(model.refused_paths[:_SHOWN])
        yield Observation(
            "onnx.external-path-escapes",
            f"{clean(model.path)} names external data outside its own folder, which was not opened: {shown}",
            signal=Signal.SECURITY,
            severity=Severity.HIGH,
            alternative="the export kept a path of the machine that it ran on",
            locators=(Locator(model.path, quote=clean(shown)),),
        )
    foreign = [name for name in model.custom_domains if not name.startswith(_KNOWN_DOMAINS)]
    if foreign:
        shown = ", ".join(foreign[:_SHOWN])
        yield Observation(
            "onnx.custom-operator",
            f"{clean(model.path)} uses operators of {shown}, which a library from elsewhere must bring",
            signal=Signal.SECURITY,
            severity=Severity.LOW,
            alternative="the operators are those of a well-known extension that the runtime is built with",
            locators=(Locator(model.path, quote=clean(shown)),),
        )
    missing = [path for path in model.external_files if path not in files]
    if missing:
        yield Observation(
            "onnx.external-data-missing",
            f"{clean(model.path)} names external data that is not in the target: {_shown(missing)}",
            severity=Severity.MEDIUM,
            alternative="the data was left out of the upload, or of the files at hand",
            locators=(Locator(model.path, quote=_shown(missing)),),
        )
    short = sorted(_too_short(model, files))
    if short:
        yield Observation(
            "onnx.external-data-short",
            f"tensors of {clean(model.path)} lie past the end of {_shown(short)}",
            severity=Severity.MEDIUM,
            alternative="the data file was cut off or belongs to another version of the graph",
            locators=(locator,),
        )
    for problem in model.problems:
        yield Observation("onnx.malformed", f"{clean(model.path)}: {problem}", locators=(locator,))


def _too_short(model: OnnxModel, files: Mapping[str, FileEntry]) -> set[str]:
    """External files that end before a tensor does."""
    found = set()
    for tensor in model.initialisers + model.constants:
        place = tensor.location
        entry = files.get(place.file) if place is not None and place.file is not None else None
        if place and entry and entry.size is not None and place.offset + (place.length or 0) > entry.size:
            found.add(entry.path)
    return found


def _licences(model: OnnxModel) -> Iterator[Licence]:
    metadata = dict(reversed(model.metadata))
    key = next((key for key in _LICENCES if metadata.get(key)), None)
    if key is not None:
        written = metadata[key]
        locator = Locator(model.path, key=f"metadata_props.{key}", quote=clean(written))
        yield Licence(clean(written), locator, expression=spdx(written))


def _card(model: OnnxModel) -> CardFacts:
    metadata = dict(reversed(model.metadata))
    author = next((metadata[key] for key in _AUTHORS if metadata.get(key)), None)
    locator = Locator(model.path, key="metadata_props")
    return CardFacts(
        description=model.doc or metadata.get("description"),
        library="onnx",
        inputs=tuple(map(signature, model.inputs[:_SHOWN])),
        outputs=tuple(map(signature, model.outputs[:_SHOWN])),
        facts=(Fact("author", clean(author), locator),) if author else (),
    )


def _shown(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return clean(", ".join(clean(path, 120) for path in paths[:_SHOWN]) + more)
