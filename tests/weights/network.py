"""A decoder small enough to train by hand in numpy: linear attention and gated feed-forward, pre-normed.

Tensors are named and laid out as a Llama's, (outputs, inputs). Attention has no softmax and no positions, so
that every gradient is a few lines; what is learnt is still structure: who follows whom in a Markov chain.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
State = dict[str, Array]

WORDS, WIDTH, INNER, HEADS, LAYERS = 96, 64, 128, 4, 4
LENGTH, ROWS = 8, 4
"""So few that no product of matrices is large enough for BLAS to use threads: quick beside other work."""
EPSILON = 1e-5


def initial(seed: int) -> State:
    """First weights: normal matrices, gains of one."""
    draw = np.random.default_rng([1, seed])

    def matrix(outputs: int, inputs: int) -> Array:
        return draw.normal(0, 0.02, (outputs, inputs)).astype(np.float32)

    state = {"model.embed_tokens.weight": matrix(WORDS, WIDTH)}
    for layer in range(LAYERS):
        base = f"model.layers.{layer}"
        for name in ("q", "k", "v", "o"):
            state[f"{base}.self_attn.{name}_proj.weight"] = matrix(WIDTH, WIDTH)
        state[f"{base}.mlp.gate_proj.weight"] = matrix(INNER, WIDTH)
        state[f"{base}.mlp.up_proj.weight"] = matrix(INNER, WIDTH)
        state[f"{base}.mlp.down_proj.weight"] = matrix(WIDTH, INNER)
        for name in ("input_layernorm", "post_attention_layernorm"):
            state[f"{base}.{name}.weight"] = np.ones(WIDTH, np.float32)
    state["model.norm.weight"] = np.ones(WIDTH, np.float32)
    state["lm_head.weight"] = matrix(WORDS, WIDTH)
    return state


def batches(text: int, seed: int) -> Callable[[], NDArray[np.int64]]:
    """Draws (ROWS, LENGTH + 1) tokens of a Markov chain; `text` sets which words follow which."""
    followers = np.random.default_rng([2, text]).integers(0, WORDS, (WORDS, 3))
    draw = np.random.default_rng([3, text, seed])

    def batch() -> NDArray[np.int64]:
        ids = np.empty((ROWS, LENGTH + 1), np.int64)
        ids[:, 0] = draw.integers(0, WORDS, ROWS)
        for place in range(LENGTH):
            ids[:, place + 1] = followers[ids[:, place], draw.choice(3, ROWS, p=(0.7, 0.2, 0.1))]
        return ids

    return batch


def layers_of(state: State) -> int:
    """How many layers a state has."""
    return sum(name.endswith("q_proj.weight") for name in state)


def outputs(state: State, ids: NDArray[np.int64]) -> Array:
    """Logits, (rows, places, words)."""
    x = state["model.embed_tokens.weight"][ids]
    for layer in range(layers_of(state)):
        base = f"model.layers.{layer}"
        x = x + _attention(state, base, _norm(x, state[f"{base}.input_layernorm.weight"]))[0]
        x = x + _forward(state, base, _norm(x, state[f"{base}.post_attention_layernorm.weight"]))[0]
    return _norm(x, state["model.norm.weight"]) @ state["lm_head.weight"].T


def train(state: State, text: int, *, seed: int, steps: int, rate: float) -> State:
    """Adam on the loss of the next token, with a cosine down to a tenth of the rate."""
    state = {name: value.copy() for name, value in state.items()}
    first = {name: np.zeros_like(value) for name, value in state.items()}
    second = {name: np.zeros_like(value) for name, value in state.items()}
    batch = batches(text, seed)
    for step in range(1, steps + 1):
        pace = rate * (0.55 + 0.45 * np.cos(np.pi * step / steps))
        for name, slope in gradients(state, batch()).items():
            first[name] += 0.1 * (slope - first[name])
            second[name] += 0.05 * (slope * slope - second[name])
            mean, square = first[name] / (1 - 0.9**step), second[name] / (1 - 0.95**step)
            state[name] -= (pace * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
    return state


def gradients(state: State, ids: NDArray[np.int64]) -> State:
    """Slope of the mean loss of `ids[:, 1:]` in every tensor."""
    slopes: State = {}
    x = state["model.embed_tokens.weight"][ids[:, :-1]]
    steps = []
    for layer in range(layers_of(state)):
        base = f"model.layers.{layer}"
        for norm, block in (("input_layernorm", _attention), ("post_attention_layernorm", _forward)):
            gain = f"{base}.{norm}.weight"
            added, back = block(state, base, _norm(x, state[gain]))
            steps.append((x, gain, back))
            x = x + added
    last = _norm(x, state["model.norm.weight"])
    logits = last @ state["lm_head.weight"].T
    chances = np.exp(logits - logits.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    np.put_along_axis(chances, ids[:, 1:, None], np.take_along_axis(chances, ids[:, 1:, None], -1) - 1, -1)
    d = (chances / (ids.shape[0] * (ids.shape[1] - 1))).astype(np.float32)
    slopes["lm_head.weight"] = _outer(d, last)
    dx, slopes["model.norm.weight"] = _norm_back(x, state["model.norm.weight"], d @ state["lm_head.weight"])
    for before, gain, back in reversed(steps):
        inner, slopes[gain] = _norm_back(before, state[gain], back(dx, slopes))
        dx = dx + inner
    embedding = np.zeros_like(state["model.embed_tokens.weight"])
    np.add.at(embedding, ids[:, :-1], dx)
    slopes["model.embed_tokens.weight"] = embedding
    return slopes


Back = Callable[[Array, State], Array]


def _attention(state: State, base: str, x: Array) -> tuple[Array, Back]:
    """What the block adds, and how a slope of that becomes one of `x`; slopes of weights are noted."""
    q_name, k_name, v_name, o_name = (f"{base}.self_attn.{name}_proj.weight" for name in "qkvo")
    q, k, v = (_heads(x @ state[name].T) for name in (q_name, k_name, v_name))
    seen = np.tril(np.ones((x.shape[1], x.shape[1]), np.float32)) / (x.shape[1] * q.shape[-1] ** 0.5)
    shares = (q @ k.swapaxes(-1, -2)) * seen
    mixed = _joined(shares @ v)

    def back(d: Array, slopes: State) -> Array:
        slopes[o_name] = _outer(d, mixed)
        inner = _heads(d @ state[o_name])
        spread = (inner @ v.swapaxes(-1, -2)) * seen
        dx = np.zeros_like(x)
        parts = (spread @ k, spread.swapaxes(-1, -2) @ q, shares.swapaxes(-1, -2) @ inner)
        for name, part in zip((q_name, k_name, v_name), parts, strict=True):
            slopes[name] = _outer(_joined(part), x)
            dx += _joined(part) @ state[name]
        return dx

    return mixed @ state[o_name].T, back


def _forward(state: State, base: str, x: Array) -> tuple[Array, Back]:
    """As `_attention`: down(relu(gate) * up)."""
    gate_name, up_name, down_name = (f"{base}.mlp.{name}_proj.weight" for name in ("gate", "up", "down"))
    gate, up = x @ state[gate_name].T, x @ state[up_name].T
    hidden = np.maximum(gate, 0) * up

    def back(d: Array, slopes: State) -> Array:
        slopes[down_name] = _outer(d, hidden)
        inner = d @ state[down_name]
        d_gate, d_up = inner * up * (gate > 0), inner * np.maximum(gate, 0)
        slopes[gate_name], slopes[up_name] = _outer(d_gate, x), _outer(d_up, x)
        return d_gate @ state[gate_name] + d_up @ state[up_name]

    return hidden @ state[down_name].T, back


def _norm(x: Array, gain: Array) -> Array:
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * gain


def _norm_back(x: Array, gain: Array, d: Array) -> tuple[Array, Array]:
    size = np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    unit, scaled = x / size, d * gain
    return (scaled - unit * (scaled * unit).mean(-1, keepdims=True)) / size, (d * unit).sum((0, 1))


def _outer(d: Array, x: Array) -> Array:
    return d.reshape(-1, d.shape[-1]).T @ x.reshape(-1, x.shape[-1])


def _heads(x: Array) -> Array:
    return x.reshape(*x.shape[:2], HEADS, -1).swapaxes(1, 2)


def _joined(x: Array) -> Array:
    return x.swapaxes(1, 2).reshape(x.shape[0], x.shape[2], -1)
