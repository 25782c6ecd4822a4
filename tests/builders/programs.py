"""Modelling code of the tests' own: modules drawn from a seed, unlike each other, like those of networks."""

from __future__ import annotations

import random

_CALLS = ("softmax", "matmul", "cat", "relu", "tanh", "exp", "cumsum", "where", "stack", "mean")
_METHODS = ("view", "transpose", "reshape", "unsqueeze", "permute", "chunk", "expand", "flatten", "sum")
_OPERATORS = ("+", "-", "*", "/", "@", "**", "//", "%")
METHODS = ("__init__", "forward", "project", "route", "gate")


def module(seed: str, classes: int = 4, prefix: str = "Net") -> str:
    """A module with some classes, of five methods each."""
    return HEAD + "\n\n".join(
        class_text(f"{seed} {number}", f"{prefix}Block{number}") for number in range(classes)
    )


HEAD = "# Copyright 2025 Someone. All rights reserved.\nimport torch\nfrom torch import nn\n\n\n"


def class_text(seed: str, name: str) -> str:
    """A class whose statements follow from the seed alone."""
    draw = random.Random(seed)
    methods = "\n".join(_method(draw, each) for each in METHODS)
    return f'class {name}(nn.Module):\n    """What {name} does."""\n\n{methods}\n'


def _method(draw: random.Random, name: str) -> str:
    lines = [f"        # step {number}\n        {_statement(draw)}" for number in range(draw.randint(6, 9))]
    body = "\n".join(lines)
    return f"    def {name}(self, hidden: torch.Tensor, mask=None):\n{body}\n        return hidden\n"


def _statement(draw: random.Random) -> str:
    kind = draw.randrange(4)
    if kind == 0:
        return f"if {_value(draw)} > {draw.randrange(9)}: hidden = {_value(draw)}"
    if kind == 1:
        return f"for step in range({draw.randrange(9)}): mask = {_value(draw)}"
    if kind == 2:
        return f"self.state = {_value(draw)}"
    return f"hidden, mask = {_value(draw)}, {_value(draw)}"


def _value(draw: random.Random, depth: int = 0) -> str:
    kind = draw.randrange(5 if depth < 3 else 2)
    if kind == 0:
        return draw.choice(("hidden", "mask", "self.state"))
    if kind == 1:
        return str(draw.randrange(20))
    if kind == 2:
        return f"torch.{draw.choice(_CALLS)}({_value(draw, depth + 1)}, {draw.randrange(4)})"
    if kind == 3:
        return f"({_value(draw, depth + 1)}).{draw.choice(_METHODS)}({draw.randrange(5)})"
    return f"({_value(draw, depth + 1)} {draw.choice(_OPERATORS)} {_value(draw, depth + 1)})"
