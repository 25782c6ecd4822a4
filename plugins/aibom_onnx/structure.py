"""What the edges of a graph tell: which operator consumes a tensor, what the output comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from aibom.formats.onnx import MAIN, Node, OnnxModel, OnnxTensor

ATTENTION: Final = frozenset(
    {
        "Attention", "MultiHeadAttention", "GroupQueryAttention", "DecoderMaskedMultiHeadAttention",
        "PackedAttention", "PackedMultiHeadAttention", "QAttention", "SparseAttention", "PagedAttention",
        "LongformerAttention", "DecoderAttention", "DecoderMaskedSelfAttention",
    }
)  # fmt: skip
"""Attention as one operator: ai.onnx 23 and com.microsoft."""
LINEAR: Final = frozenset(
    {
        "Gemm", "MatMul", "MatMulNBits", "MatMulBnb4", "MatMulInteger", "QLinearMatMul", "QGemm",
        "FusedMatMul", "FusedGemm", "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "GemmFloat8",
    }
)  # fmt: skip
CONVOLUTION: Final = frozenset(
    {"Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "FusedConv", "NhwcConv"}
)
RECURRENT: Final = frozenset({"LSTM", "GRU", "RNN", "DynamicQuantizeLSTM"})
GATHER: Final = frozenset({"Gather", "GatherBlockQuantized"})
HEAVY: Final = ATTENTION | LINEAR | CONVOLUTION | RECURRENT
"""Operators that hold a model's weights."""
_INDEX_TYPES: Final = frozenset({"INT64", "INT32", "BOOL", "STRING"})
_FORWARD: Final = frozenset(
    {
        "DequantizeLinear", "QuantizeLinear", "Cast", "CastLike", "Transpose", "Identity", "Reshape",
        "Squeeze", "Unsqueeze", "ConstantOfShape",
    }
)  # fmt: skip
"""Operators that hand a weight on to the one that uses it."""
_BACKWARD: Final = frozenset(
    {
        "Softmax", "LogSoftmax", "Sigmoid", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Identity",
        "Transpose", "Flatten", "Dropout", "Slice", "Clip", "QuantizeLinear", "DequantizeLinear",
        "ArgMax", "TopK",
    }
)  # fmt: skip
"""Operators between the last linear map and the output."""
_POOLED: Final = frozenset({"GlobalAveragePool", "AveragePool", "ReduceMean", "Relu"})
"""Operators between a classifying convolution and its Softmax."""
_NO_RESULTS: Final = ("present", "past", "hidden", "embed", "state")
"""Words in the names of outputs that no head computes."""
_MASKING: Final = frozenset({"Dropout", "Cast", "Where", "Identity", "IsNaN"})
"""Operators between the Softmax of attention and the product with its values."""
_MIXING: Final = frozenset({"MatMul", "FusedMatMul", "Einsum"})
_WALK: Final = 24
"""Steps of a walk over edges."""
_FORMS: Final = 8
"""Converted forms of one tensor that are followed."""
_USERS: Final = 16
"""Users of one value, and outputs of the graph, that are looked at: walks stay linear in the file."""
_FOLDED: Final = re.compile(r"_?val_\d+")
"""How PyTorch's exporter names values that it made; its constants are initialisers like the weights."""
_MIN_ROWS: Final = 512
"""Rows from which a gathered matrix counts as an embedding; relative-position tables have under 400."""


class Structure:
    """The edges of one graph. Function bodies are left out: their names are local."""

    def __init__(self, model: OnnxModel) -> None:
        self.model = model
        self.nodes = [node for node in model.nodes if not node.graph.startswith("function ")]
        self._uses: dict[str, tuple[Node, ...]] = {}
        self._users: dict[str, list[Node]] = {}
        for node in self.nodes:
            for name in filter(None, node.inputs):
                users = self._users.setdefault(name, [])
                if len(users) < _USERS:
                    users.append(node)
        self.weights = (
            *(tensor for tensor in model.initialisers if not self._is_operand(tensor)),
            *(tensor for tensor in model.constants if _is_weight(tensor)),
        )

    def users(self, name: str) -> tuple[Node, ...]:
        """The nodes that use a tensor, past those that only convert it."""
        if name not in self._uses:
            uses = ((form, node) for form in self._forms(name) for node in self._users.get(form, ()))
            found = {id(node): node for form, node in uses if not _hands_on(node, form)}
            self._uses[name] = tuple(found.values())
        return self._uses[name]

    def direct(self, name: str) -> tuple[Node, ...]:
        """The first nodes that use a value as it is."""
        return tuple(self._users.get(name, ()))

    @cached_property
    def embeddings(self) -> frozenset[str]:
        """Names of the large matrices whose rows a Gather picks."""
        return frozenset(tensor.name for tensor in self.weights if self._is_embedding(tensor))

    @cached_property
    def head(self) -> frozenset[int]:
        """`id` of the nodes from the last linear map (or classifying convolution) to an output."""
        found: set[int] = set()
        for value in self.model.outputs:
            if not any(
                word in value.name.lower() for word in ("present", "past", "hidden", "embed", "state")
            ):
                found.update(self._path_to_head(value.name))
        heavy = {id(node) for node in self.nodes if node.op_type in HEAVY}
        return frozenset(found) if heavy - found else frozenset()

    @cached_property
    def attention(self) -> tuple[Node, ...]:
        """One node per attention block: the operator, or the Softmax that a MatMul follows."""
        return tuple(
            node
            for node in self.nodes
            if node.op_type in ATTENTION or (node.op_type == "Softmax" and self._weighs_values(node))
        )

    @cached_property
    def generated(self) -> int:
        """Elements of weights that the graph makes up at run time, as stripped test models do."""
        shapes = {t.name: t.integers for t in self.model.initialisers + self.model.constants if t.integers}
        total = 0
        for node in self.nodes:
            shape = shapes.get(node.inputs[0]) if node.op_type == "ConstantOfShape" and node.inputs else None
            if shape and any(user.op_type in HEAVY for output in node.outputs for user in self.users(output)):
                total += _product(shape)
        return total

    def _is_operand(self, tensor: OnnxTensor) -> bool:
        """Whether an initialiser is what operators are told: a shape, axes, an index, a folded number.

        The shape of a weight that is made up at run time stands for that weight.
        """
        told = tensor.integers or (tensor.shape == () and _FOLDED.fullmatch(tensor.name))
        users = self._users.get(tensor.name, ())
        return bool(told) and all(node.op_type != "ConstantOfShape" for node in users)

    def _is_embedding(self, tensor: OnnxTensor) -> bool:
        if len(tensor.shape) < 2 or tensor.shape[0] < _MIN_ROWS:
            return False
        if any(word in tensor.name.lower() for word in ("cos", "sin", "rotary", "inv_freq", "mask")):
            return False
        return any(
            node.op_type in GATHER and node.inputs[0] in self._forms(tensor.name)
            for node in self.users(tensor.name)
        )

    def _forms(self, name: str) -> tuple[str, ...]:
        """The name of a tensor, and those under which converted forms of it go."""
        forms, front = {name: None}, [name]
        while front and len(forms) < _FORMS:
            form = front.pop()
            for node in self._users.get(form, ()):
                if _hands_on(node, form):
                    front += (output for output in node.outputs if output not in forms)
                    forms.update(dict.fromkeys(node.outputs))
        return tuple(forms)

    @cached_property
    def _producers(self) -> dict[str, Node]:
        return {name: node for node in self.nodes if node.graph == MAIN for name in node.outputs if name}

    @cached_property
    def _fixed(self) -> frozenset[str]:
        """Names of values that do not depend on the input."""
        given = {tensor.name for tensor in self.model.initialisers + self.model.constants}
        made = (name for node in self.nodes if node.op_type == "ConstantOfShape" for name in node.outputs)
        forwarded = (form for tensor in self.weights for form in self._forms(tensor.name))
        return frozenset(given).union(made, forwarded)

    def _path_to_head(self, output: str) -> Iterator[int]:
        """Nodes from an output back to the last linear map; none where something else comes first."""
        path: list[Node] = []
        name: str | None = output
        while name is not None and len(path) < _WALK and (node := self._producers.get(name)) is not None:
            path.append(node)
            seen = {step.op_type for step in path}
            classifying = "Softmax" in seen and not seen.isdisjoint(_POOLED - {"Relu"})
            if node.op_type in LINEAR or (node.op_type in CONVOLUTION and classifying):
                return map(id, path) if self._has_weight(node) else iter(())
            name = self._before(node, past_pooling="Softmax" in seen)
        return iter(())

    def _before(self, node: Node, *, past_pooling: bool) -> str | None:
        """The value that a node passes on with little change, or None."""
        if node.op_type in _BACKWARD or (past_pooling and node.op_type in _POOLED):
            return node.inputs[0] if node.inputs else None
        if node.op_type in ("Add", "Mul", "Sub", "Div"):
            moving = [name for name in node.inputs if name not in self._fixed]
            return moving[0] if len(moving) == 1 else None
        return None

    def _has_weight(self, node: Node) -> bool:
        return any(name in self._fixed for name in node.inputs)

    def _weighs_values(self, softmax: Node) -> bool:
        """Whether the probabilities multiply something that is no weight: the values of attention."""
        front, steps = list(softmax.outputs), 0
        while front and steps < _WALK:
            steps += 1
            for user in self._users.get(front.pop(), ()):
                if user.op_type in _MIXING and not any(name in self._fixed for name in user.inputs):
                    return True
                front += user.outputs if user.op_type in _MASKING else ()
        return False


def _hands_on(node: Node, name: str) -> bool:
    """Whether a node's output is the tensor in another form; a scale goes where its tensor goes."""
    return node.op_type in _FORWARD and (name == node.inputs[0] or node.op_type == "DequantizeLinear")


def _is_weight(tensor: OnnxTensor) -> bool:
    """Whether a Constant holds weights: not a scalar, not a shape, an axis or a mask."""
    return tensor.elements > 1 and tensor.dtype not in _INDEX_TYPES


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= max(size, 0)
    return min(total, 1 << 44)
