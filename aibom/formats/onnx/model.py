"""What an ONNX graph says, as values. Text is cleaned; `ai.onnx` stands for the default domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MAIN = ""
"""The `graph` of nodes and tensors of the main graph; others name their path (`If_0.then_branch`)."""


class Opset(NamedTuple):
    """A domain of operators and the version of it that the graph was written for."""

    domain: str
    version: int


class Operator(NamedTuple):
    """How many nodes run an operator, subgraphs and functions included."""

    domain: str
    op_type: str
    nodes: int


class Value(NamedTuple):
    """An input or output of the graph.

    `dtype` is ONNX' word (`FLOAT16`, `SEQUENCE(INT64)`); a symbolic dimension of `shape` is its name,
    one without name `?`; a shape of unknown rank is None.
    """

    name: str
    dtype: str
    shape: tuple[int | str, ...] | None


class Span(NamedTuple):
    """Where the data of a tensor lies: `length` bytes at `offset` (None: to the end of the file).

    `file` is a path in the target, or None for the graph's own file.
    """

    file: str | None
    offset: int
    length: int | None


class OnnxTensor(NamedTuple):
    """An initialiser, or the value of a `Constant` node.

    Attributes:
        name: of the value that nodes consume.
        dtype: ONNX' word.
        shape: dimensions; () for a scalar.
        elements: their product; 0 where the dimensions are malformed.
        location: where the data lies; None where there is none, or where its path was refused.
        graph: the graph that holds it.
        integers: the values of a small INT64 tensor (a shape, an axis), else ().
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    elements: int
    location: Span | None
    graph: str = MAIN
    integers: tuple[int, ...] = ()


class Node(NamedTuple):
    """One node.

    `integers` are its integer attributes, which quantised operators are described by. `scope` is the
    path of the module that it was traced from (`model.layers.0.mlp`) and `classes` the classes on that
    path, outermost first, where PyTorch's exporter noted them.
    """

    name: str
    domain: str
    op_type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    graph: str = MAIN
    integers: tuple[tuple[str, int], ...] = ()
    scope: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """One ONNX file.

    Attributes:
        opsets, operators: sorted. Training graphs are not counted.
        custom_domains: domains of operators that neither ONNX nor a function in this file defines.
        inputs: those without an initialiser (before IR version 4 every initialiser is an input too).
        initialisers: in file order, those of subgraphs included; training graphs are left out.
        constants: tensors in `Constant` nodes; some exporters keep the weights there.
        metadata: `metadata_props` in file order.
        functions: (domain, name) of the local functions.
        nodes: in file order, a node before those of its subgraphs.
        training_graphs: number of `training_info` entries.
        external_files: paths in the target that tensors lie in, sorted.
        refused_paths: external paths that leave the graph's folder, as written; nothing opens them.
        problems: what else is wrong, one sentence each; at most 40.
    """

    path: str
    ir_version: int
    producer_name: str
    producer_version: str
    domain: str
    model_version: int
    doc: str
    graph_name: str
    opsets: tuple[Opset, ...]
    operators: tuple[Operator, ...]
    custom_domains: tuple[str, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    initialisers: tuple[OnnxTensor, ...]
    constants: tuple[OnnxTensor, ...]
    metadata: tuple[tuple[str, str], ...]
    functions: tuple[tuple[str, str], ...]
    nodes: tuple[Node, ...]
    training_graphs: int
    external_files: tuple[str, ...]
    refused_paths: tuple[str, ...]
    problems: tuple[str, ...]
