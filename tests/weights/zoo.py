"""The small zoo: models trained in numpy, what is derived from them, and what only looks related.

`related()` and `unrelated()` name every pair with what is true of it. All models together take seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from safetensors.numpy import save

from tests.weights.network import HEADS, INNER, WIDTH, WORDS, Array, State, initial, layers_of, train

STEPS, RATE = 90, 5e-3
SEEDS = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A suspect and a reference; layer n of the suspect comes from `layers[n]` of the reference."""

    name: str
    suspect: State
    reference: State
    expected: str
    layers: tuple[int, ...] = ()


@cache
def base(seed: int) -> State:
    """A model of first weights of its own, on the first text."""
    return train(initial(seed), 0, seed=seed, steps=STEPS, rate=RATE)


@cache
def other_text(seed: int) -> State:
    """A model of first weights of its own, on another text."""
    return train(initial(100 + seed), 1, seed=seed, steps=STEPS, rate=RATE)


@cache
def same_seed(seed: int) -> State:
    """The base's first weights, trained on another text."""
    return train(initial(seed), 2, seed=seed, steps=STEPS, rate=RATE)


def tuned(state: State, seed: int, *, steps: int = 15, rate: float = 5e-4) -> State:
    """Trained further on a third text."""
    return train(state, 3, seed=seed, steps=steps, rate=rate)


def continued(state: State, seed: int) -> State:
    """Trained as long again, at half of the first rate, on a third text."""
    return tuned(state, seed, steps=STEPS, rate=RATE / 2)


def rounded(state: State, seed: int, *, bits: int = 4) -> State:
    """Every matrix rounded, with a scale for each output."""
    top = 2 ** (bits - 1) - 1

    def change(value: Array) -> Array:
        scale = np.abs(value).max(1, keepdims=True) / top
        return (np.rint(value / scale) * scale).astype(np.float32)

    return _matrices(state, change)


def pruned(state: State, seed: int, *, share: float = 0.5) -> State:
    """The smallest share of every matrix set to zero."""
    return _matrices(state, lambda value: value * (np.abs(value) > np.quantile(np.abs(value), share)))


def low_rank(state: State, seed: int, *, rank: int = 4) -> State:
    """The rank-4 part of what further training changes, merged."""
    after = continued(state, seed)
    made = dict(state)
    for name, value in state.items():
        if name.endswith("_proj.weight"):
            u, s, v = np.linalg.svd(after[name] - value, full_matrices=False)
            made[name] = value + (u[:, :rank] * s[:rank]) @ v[:rank]
    return made


def merged(state: State, seed: int) -> State:
    """The mean of two tunings."""
    one, other = tuned(state, seed), tuned(state, seed + 50, steps=30)
    return {name: (value + other[name]) / 2 for name, value in one.items()}


def layered(state: State, seed: int, *, order: Sequence[int]) -> State:
    """Layer n is layer `order[n]` of the model."""
    made = {name: value for name, value in state.items() if ".layers." not in name}
    for number, layer in enumerate(order):
        old, new = f"model.layers.{layer}.", f"model.layers.{number}."
        made |= {name.replace(old, new): value for name, value in state.items() if old in name}
    return made


def new_words(state: State, seed: int) -> State:
    """Embedding and head drawn anew, and a short training."""
    fresh = initial(900 + seed)
    names = ("model.embed_tokens.weight", "lm_head.weight")
    return tuned(state | {name: fresh[name] for name in names}, seed)


def upcycled(state: State, seed: int, *, experts: int = 2, noise: float = 0.1) -> State:
    """Each feed-forward block as two experts with some noise, under Mixtral's names."""
    draw = np.random.default_rng([4, seed])
    places = {"gate_proj": "w1", "down_proj": "w2", "up_proj": "w3"}
    made: State = {}
    for name, value in state.items():
        block, found, kind = name.removesuffix(".weight").rpartition(".mlp.")
        if not found:
            made[name] = value
            continue
        for expert in range(experts):
            key = f"{block}.block_sparse_moe.experts.{expert}.{places[kind]}.weight"
            made[key] = (value + noise * value.std() * draw.normal(size=value.shape)).astype(np.float32)
    return made


def reordered(state: State, seed: int) -> State:
    """The same function: residual stream, heads and neurons permuted, signs of all of them flipped."""
    draw = np.random.default_rng([5, seed])
    order, signs = draw.permutation(WIDTH), draw.choice((-1, 1), WIDTH).astype(np.float32)
    made = _turned(state, lambda columns: (columns * signs)[..., order])
    for layer in range(layers_of(state)):
        _reorder_inner(made, f"model.layers.{layer}", draw)
    return made


def _reorder_inner(made: State, at: str, draw: np.random.Generator) -> None:
    one = WIDTH // HEADS
    heads = np.concatenate([np.arange(one) + one * head for head in draw.permutation(HEADS)])
    neurons, flips = draw.permutation(INNER), draw.choice((-1, 1), INNER).astype(np.float32)
    for name in ("q", "k", "v"):
        made[f"{at}.self_attn.{name}_proj.weight"] = made[f"{at}.self_attn.{name}_proj.weight"][heads]
    made[f"{at}.self_attn.o_proj.weight"] = made[f"{at}.self_attn.o_proj.weight"][:, heads]
    made[f"{at}.mlp.gate_proj.weight"] = made[f"{at}.mlp.gate_proj.weight"][neurons]
    made[f"{at}.mlp.up_proj.weight"] = (made[f"{at}.mlp.up_proj.weight"] * flips[:, None])[neurons]
    made[f"{at}.mlp.down_proj.weight"] = (made[f"{at}.mlp.down_proj.weight"] * flips)[:, neurons]


def rotated(state: State, seed: int) -> State:
    """The same function: gains folded into what reads them, the residual stream rotated at random."""
    turn = np.linalg.qr(np.random.default_rng([6, seed]).normal(size=(WIDTH, WIDTH)))[0].astype(np.float32)
    folded = dict(state)
    readers = {
        "input_layernorm": ("q_proj", "k_proj", "v_proj"),
        "post_attention_layernorm": ("gate_proj", "up_proj"),
    }
    for layer in range(layers_of(state)):
        for norm, names in readers.items():
            gain = state[f"model.layers.{layer}.{norm}.weight"]
            for name in state:
                if f".layers.{layer}." in name and name.endswith(
                    tuple(f"{reader}.weight" for reader in names)
                ):
                    folded[name] = state[name] * gain
    folded["lm_head.weight"] = state["lm_head.weight"] * state["model.norm.weight"]
    gains = {name: np.ones_like(value) for name, value in state.items() if value.ndim == 1}
    return _turned(folded, lambda columns: columns @ turn) | gains


def _turned(state: State, columns: Callable[[Array], Array]) -> State:
    """Changes the residual stream where it is read, where it is written, and its gains."""
    made: State = {}
    for name, value in state.items():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            made[name] = np.ascontiguousarray(columns(value.T).T)
        elif value.ndim == 1:
            made[name] = np.abs(columns(value))
        else:
            made[name] = columns(value)
    return made


def copied_gains(state: State, donor: State) -> State:
    """A model with all gains of another."""
    return state | {name: value for name, value in donor.items() if value.ndim == 1}


def faint(state: State, donor: State, *, share: float = 0.004) -> State:
    """A model drawn towards another, to a correlation of `share` in every matrix."""
    made = dict(state)
    for name, value in state.items():
        if value.ndim == 2:
            other = donor[name] * (value.std() / donor[name].std())
            made[name] = ((1 - share**2) ** 0.5 * value + share * other).astype(np.float32)
    return made


@cache
def heavy_tailed(seed: int) -> State:
    """First weights from a Student t distribution of 2.5 degrees of freedom, trained as the others."""
    draw = np.random.default_rng([7, seed])
    begin = _matrices(
        initial(seed), lambda value: 0.02 * draw.standard_t(2.5, value.shape).astype(np.float32)
    )
    return train(begin, 0, seed=seed, steps=STEPS, rate=RATE)


DERIVATIONS: dict[str, tuple[Callable[[State, int], State], tuple[int, ...]]] = {
    "finetune": (tuned, (0, 1, 2, 3)),
    "continued": (continued, (0, 1, 2, 3)),
    "low-rank": (low_rank, (0, 1, 2, 3)),
    "merge": (merged, (0, 1, 2, 3)),
    "int8": (lambda state, seed: rounded(state, seed, bits=8), (0, 1, 2, 3)),
    "int4": (rounded, (0, 1, 2, 3)),
    "prune-50": (pruned, (0, 1, 2, 3)),
    "prune-80": (lambda state, seed: pruned(state, seed, share=0.8), (0, 1, 2, 3)),
    "layer-drop": (lambda state, seed: layered(state, seed, order=(0, 1, 3)), (0, 1, 3)),
    "depth-up": (lambda state, seed: layered(state, seed, order=(0, 1, 2, 1, 2, 3)), (0, 1, 2, 1, 2, 3)),
    "new-words": (new_words, (0, 1, 2, 3)),
    "upcycle": (upcycled, (0, 1, 2, 3)),
}
REWRITINGS: dict[str, Callable[[State, int], State]] = {"reordered": reordered, "rotated": rotated}


def related(seed: int = 0) -> tuple[Case, ...]:
    """Copies of one base: identical, derived, aligned (the same function, rewritten), shared beginnings."""
    root = base(seed)
    same = tuple(range(layers_of(root)))
    return (
        Case("copy", root, root, "identical", same),
        *(
            Case(name, make(root, seed), root, "derived", layers)
            for name, (make, layers) in DERIVATIONS.items()
        ),
        *(Case(name, make(root, seed), root, "aligned", same) for name, make in REWRITINGS.items()),
        Case("same-seed", same_seed(seed), root, "shared", same),
    )


def unrelated() -> tuple[Case, ...]:
    """Every two models without a common ancestor, and those that were made to look alike."""
    roots = {f"base-{seed}": base(seed) for seed in range(SEEDS)}
    roots |= {f"other-text-{seed}": other_text(seed) for seed in range(2)}
    roots |= {f"heavy-tailed-{seed}": heavy_tailed(200 + seed) for seed in range(2)}
    names = sorted(roots)
    pairs = [
        Case(f"{one} / {other}", roots[one], roots[other], "independent")
        for number, one in enumerate(names)
        for other in names[number + 1 :]
    ]
    own, donor = base(1), base(0)
    alike = {"copied-gains": copied_gains(own, donor), "faint": faint(own, donor)}
    return (*pairs, *(Case(name, suspect, donor, "independent") for name, suspect in alike.items()))


def files(state: State) -> dict[str, bytes]:
    """The model as a repository holds it."""
    mixture = any(".experts." in name for name in state)
    config = {
        "model_type": "mixtral" if mixture else "llama",
        "architectures": ["MixtralForCausalLM" if mixture else "LlamaForCausalLM"],
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": layers_of(state),
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "vocab_size": WORDS,
        "torch_dtype": "float32",
    } | ({"num_local_experts": 2, "num_experts_per_tok": 1} if mixture else {})
    weights = save({name: np.ascontiguousarray(value, np.float32) for name, value in state.items()})
    return {"config.json": json.dumps(config).encode(), "model.safetensors": weights}


def _matrices(state: State, change: Callable[[Array], Array]) -> State:
    return {
        name: change(value).astype(np.float32) if value.ndim == 2 else value for name, value in state.items()
    }
