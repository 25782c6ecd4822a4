"""From one graph to the parts of the model that it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.onnx import OnnxModel, OnnxTensor
from aibom.formats.text import clean
from aibom.model import Declaration, DeclarationKind, Fact, FileEntry, Locator, Part, Role
from aibom_onnx.facts import graph_facts, weights_fact
from aibom_onnx.roles import Piece, divide
from aibom_onnx.structure import Structure

CLASS_KEY = "pkg.torch.onnx.class_hierarchy"
"""The metadata of nodes in which PyTorch's exporter notes the classes that they were traced from."""
_SHOWN = 3
"""Tensors of a part whose place is given."""


@dataclass(frozen=True, slots=True)
class Graph:
    """How one file of the target is to be reported.

    Attributes:
        path: the file.
        prefix: put before the ids of its parts (`decoder-model.`); empty where it is the only graph.
        alternative: another file holds the same graph in another precision or form.
        declared: the role that a configuration gives it.
    """

    path: str
    prefix: str
    alternative: bool = False
    declared: Role | None = None


def parts(graph: Graph, model: OnnxModel, files: Mapping[str, FileEntry]) -> Iterator[Part | Declaration]:
    """The parts of one graph, whose parameters sum to the elements of its weights, and their classes."""
    structure = Structure(model)
    shared = tuple(graph_facts(structure))
    pieces = divide(model, structure, graph.declared)
    for piece in pieces:
        yield _part(graph, piece, structure, shared, files)
    yield from _tokenizer(graph, structure, shared)
    traced = {graph.prefix + piece.role.value: piece.traced for piece in pieces if piece.traced}
    whole = len(set(traced.values())) == 1
    for ident, name in list(traced.items())[: 1 if whole else None]:
        locator = Locator(graph.path, key=CLASS_KEY, quote=name)
        kind, value = DeclarationKind.ARCHITECTURE, name.rpartition(".")[2]
        yield Declaration(kind, value, locator, part=None if whole else ident)


def _part(
    graph: Graph, piece: Piece, structure: Structure, shared: tuple[Fact, ...], files: Mapping[str, FileEntry]
) -> Part:
    dtypes: Counter[str] = Counter()
    for tensor in piece.tensors:
        dtypes[tensor.dtype] += tensor.elements
    own = [Fact("rule", rule) for rule in piece.rules]
    own += [
        Fact(name, count)
        for name, count in (("attention_blocks", piece.attention), ("layers", piece.layers))
        if count
    ]
    if piece.role is Role.EMBEDDING and any(_feeds_head(tensor, structure) for tensor in piece.tensors):
        own.append(Fact("tied_head", True))
    own += weights_fact(piece.tensors, structure, files)
    return Part(
        id=graph.prefix + piece.role.value,
        role=piece.role,
        name=f"{piece.role.value.replace('-', ' ')} in {clean(graph.path)}",
        files=(graph.path, *_external(piece.tensors, files)),
        parameters=sum(tensor.elements for tensor in piece.tensors),
        tensors=len(piece.tensors),
        declared=graph.declared is piece.role,
        present=_present(piece.tensors, files),
        alternative=graph.alternative,
        dtypes=tuple(sorted(dtypes.items(), key=lambda item: (-item[1], item[0]))),
        facts=(*own, *shared),
        locators=tuple(_locators(graph.path, piece.tensors)),
    )


def _tokenizer(graph: Graph, structure: Structure, shared: tuple[Fact, ...]) -> Iterator[Part]:
    """Tokenizer operators of onnxruntime-extensions: the vocabulary stands in their attributes."""
    kinds = sorted(
        operator.op_type
        for operator in structure.model.operators
        if operator.domain == "ai.onnx.contrib" and operator.op_type.endswith(("Tokenizer", "Encoder"))
    )
    if kinds:
        yield Part(
            id=f"{graph.prefix}tokenizer",
            role=Role.TOKENIZER,
            name=f"tokenizer operator {', '.join(kinds)} in {clean(graph.path)}",
            files=(graph.path,),
            present=True,
            alternative=graph.alternative,
            facts=(Fact("rule", "onnx.tokenizer-operator"), *shared),
            locators=(Locator(graph.path),),
        )


def _feeds_head(tensor: OnnxTensor, structure: Structure) -> bool:
    return any(id(user) in structure.head for user in structure.users(tensor.name))


def _external(tensors: tuple[OnnxTensor, ...], files: Mapping[str, FileEntry]) -> tuple[str, ...]:
    named = {tensor.location.file for tensor in tensors if tensor.location and tensor.location.file}
    return tuple(sorted(path for path in named if path in files))


def _present(tensors: tuple[OnnxTensor, ...], files: Mapping[str, FileEntry]) -> bool:
    """Whether data of the part is in the target; a part without tensors is its operators."""
    places = [tensor.location for tensor in tensors if tensor.location is not None]
    return not tensors or any(place.file is None or place.file in files for place in places)


def _locators(path: str, tensors: tuple[OnnxTensor, ...]) -> Iterator[Locator]:
    """The largest tensors, with the bytes they take."""
    largest = sorted(tensors, key=lambda tensor: (-tensor.elements, tensor.name))[:_SHOWN]
    if not largest:
        yield Locator(path)
    for tensor in largest:
        place = tensor.location
        if place is None:
            yield Locator(path, key=tensor.name)
        else:
            yield Locator(place.file or path, offset=place.offset, length=place.length, key=tensor.name)
