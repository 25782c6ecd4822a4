"""The operators that a SavedModel or a frozen graph uses, without its constants.

Field numbers: `tensorflow/core/protobuf/{saved_model,meta_graph}.proto` and
`tensorflow/core/framework/{graph,function,node_def,op_def}.proto`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.cursor import Cursor
from aibom.formats.protobuf import Message
from aibom.spi import View

MAX_NAMES: Final = 5_000
"""Different operators, tags and signatures of one file; TensorFlow itself has about 1,400 operators."""
REACHING: Final = frozenset(
    ["PyFunc", "PyFuncStateless", "EagerPyFunc", "ReadFile", "WriteFile", "MatchingFiles", "ImmutableConst"]
)
"""Operators that call Python, or read and write files that the graph names."""
_OPERATOR: Final = re.compile(r"[A-Za-z_][\w.>/-]{0,200}")


@dataclass(slots=True)
class Graph:
    """What one file says.

    Attributes:
        operators: name and number of nodes, of the graph and its functions.
        functions: number of functions.
        tags, signatures: of a SavedModel.
        version: of the TensorFlow that wrote it, or empty.
    """

    operators: Counter[str] = field(default_factory=Counter)
    functions: int = 0
    tags: list[str] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    version: str = ""

    @property
    def custom(self) -> tuple[str, ...]:
        """Operators in a name space of their own, which TensorFlow itself never has (`Addons>Foo`)."""
        return tuple(sorted(name for name in self.operators if ">" in name))

    @property
    def reaching(self) -> tuple[str, ...]:
        """Operators that reach out of the graph."""
        return tuple(sorted(REACHING.intersection(self.operators)))


def read_graph(view: View, path: str) -> Graph:
    """Describe a `saved_model.pb` or a frozen graph.

    Raises:
        FormatError: neither of them, or truncated.
        LimitError: more fields or names than a model has.
        ReadError: the file cannot be read.
    """
    cursor = Cursor.of_file(view, path)
    graph = Graph()
    first = cursor.byte()
    cursor.seek(0)
    whole = Message(cursor, cursor.size)
    if first == 0x08:
        for meta in whole.messages(2):
            _meta(meta, graph)
    elif first == 0x0A:
        _graph(whole, graph)
    if not graph.operators:
        raise FormatError(f"{path}: no graph of TensorFlow")
    return graph


def _meta(meta: Message, graph: Graph) -> None:
    for number, value in meta.fields():
        if not isinstance(value, Message):
            continue
        if number == 1:
            _about(value, graph)
        elif number == 2:
            _graph(value, graph)
        elif number == 5:
            _add(graph.signatures, value.first_text(1))


def _about(info: Message, graph: Graph) -> None:
    for number, value in info.fields():
        if isinstance(value, Message) and number == 4:
            _add(graph.tags, value.text())
        elif isinstance(value, Message) and number == 5:
            graph.version = value.text()


def _graph(message: Message, graph: Graph) -> None:
    for number, value in message.fields():
        if isinstance(value, Message) and number == 1:
            _node(value, graph)
        elif isinstance(value, Message) and number == 2:
            for function in value.messages(1):
                graph.functions += 1
                for node in function.messages(3):
                    _node(node, graph)


def _node(node: Message, graph: Graph) -> None:
    name = node.first_text(2)
    if not _OPERATOR.fullmatch(name):
        raise FormatError(f"{node.cursor.name}: a node without the name of an operator")
    graph.operators[name] += 1
    if len(graph.operators) > MAX_NAMES:
        raise LimitError(f"{node.cursor.name}: over {MAX_NAMES:,} operators", limit="operators")
    node.cursor.seek(node.end)


def _add(names: list[str], name: str) -> None:
    if len(names) < MAX_NAMES:
        names.append(name)
