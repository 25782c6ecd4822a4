"""What others measure, on the same models: raw and LayerNorm cosine, spread per layer, AWM's statistic.

Written anew from their descriptions. They read all weights, which samples do not; each gives one number for
a pair, or None where it cannot be computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from ml_dtypes import bfloat16, float8_e4m3fn
from numpy.typing import NDArray
from safetensors import deserialize

from benchmarks.zoo.pairs import Pair

Tensors = Mapping[str, NDArray[np.float64]]
_FLOATS = {"F32": np.float32, "F16": np.float16, "BF16": bfloat16, "F8_E4M3": float8_e4m3fn}
_LAYER = re.compile(r"\.(\d+)\.")
_ATTENTION = re.compile(
    r"(?:q_proj|k_proj|v_proj|o_proj|out_proj|query|key|value|attention\.output\.dense)\.weight$"
)
_QUERY_KEY = re.compile(r"(?:q_proj|k_proj|query|key)\.weight$")
_NORM = re.compile(r"(?i)(?:norm\w*|ln_\w+)\.weight$")
_TABLE = re.compile(r"(?:embed_tokens|word_embeddings|wte)\.weight$")


@lru_cache(maxsize=64)
def tensors(folder: Path) -> Tensors:
    """All floating tensors of a folder's safetensors files, as they are stored; empty for other formats."""
    found: dict[str, NDArray[np.float64]] = {}
    for path in sorted(folder.rglob("*.safetensors")):
        for name, stored in deserialize(path.read_bytes()):
            if (kind := _FLOATS.get(stored["dtype"])) is not None:
                values = np.frombuffer(stored["data"], kind).astype(np.float64)
                found[name] = values.reshape(stored["shape"])
    return found


def raw_cosine(one: Tensors, other: Tensors) -> float | None:
    """Mean cosine of tensors of one name and shape, uncentred."""
    return _mean_cosine(one, other, lambda name: "norm" not in name.lower())


def norm_cosine(one: Tensors, other: Tensors) -> float | None:
    """Mean cosine of norm gains: what the public accusation of Solar Open rested on."""
    return _mean_cosine(one, other, lambda name: _NORM.search(name) is not None)


def layer_spread(one: Tensors, other: Tensors) -> float | None:
    """Correlation of the standard deviations of attention matrices over the layers.

    Source: "Intrinsic Fingerprint of LLMs", arXiv:2507.03014.
    """
    left, right = _spreads(one), _spreads(other)
    shared = sorted(left.keys() & right.keys())
    if len(shared) < 3:
        return None
    a, b = (np.array([table[name] for name in shared]) for table in (left, right))
    if a.std() == 0 or b.std() == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def awm(one: Tensors, other: Tensors) -> float | None:
    """AWM (ICLR 2026): hidden dimensions assigned on embedding rows, then mean unbiased CKA of query and key.

    The assignment is greedy by absolute correlation, where the paper solves it exactly.
    """
    table = _one(one, _TABLE), _one(other, _TABLE)
    if table[0] is None or table[1] is None:
        return None
    rows = min(len(table[0]), len(table[1]))
    left, right = _unit(table[0][:rows]), _unit(table[1][:rows])
    order = np.argmax(np.abs(left.T @ right), axis=1)
    names = sorted(name for name in one.keys() & other.keys() if _QUERY_KEY.search(name))
    values = [
        _unbiased_cka(one[name], other[name][:, order])
        for name in names
        if one[name].shape[1] == len(order) and other[name].shape[1] == right.shape[1]
    ]
    return float(np.mean(values)) if values else None


BASELINES = {
    "raw cosine": raw_cosine,
    "LayerNorm cosine": norm_cosine,
    "spread per layer": layer_spread,
    "AWM's statistic": awm,
}


def measured(pair: Pair) -> dict[str, float | None]:
    """Every statistic of a pair, by name."""
    one, other = tensors(pair[0]), tensors(pair[1])
    return {name: measure(one, other) for name, measure in BASELINES.items()}


def _mean_cosine(one: Tensors, other: Tensors, wanted: object) -> float | None:
    assert callable(wanted)
    values = []
    for name in sorted(one.keys() & other.keys()):
        if wanted(name) and one[name].shape == other[name].shape and one[name].size > 1:
            a, b = one[name].ravel(), other[name].ravel()
            values.append(float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-30)))
    return float(np.mean(values)) if values else None


def _spreads(found: Tensors) -> dict[str, float]:
    return {
        name: float(values.std())
        for name, values in found.items()
        if _ATTENTION.search(name) and _LAYER.search(name)
    }


def _one(found: Tensors, pattern: re.Pattern[str]) -> NDArray[np.float64] | None:
    return next((found[name] for name in sorted(found) if pattern.search(name)), None)


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = values - values.mean(axis=0)
    unit: NDArray[np.float64] = centred / np.maximum(np.linalg.norm(centred, axis=0), 1e-12)
    return unit


def _unbiased_cka(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of the Gram matrices over hidden dimensions (Song et al., JMLR 13)."""
    left, right = (_centred(values.T @ values) for values in (one, other))
    scale = float(np.sqrt(np.vdot(left, left) * np.vdot(right, right)))
    return float(np.vdot(left, right)) / scale if scale else 0.0


def _centred(gram: NDArray[np.float64]) -> NDArray[np.float64]:
    size = len(gram)
    work = gram.copy()
    np.fill_diagonal(work, 0)
    rows = work.sum(axis=1) / (size - 2)
    work += work.sum() / ((size - 1) * (size - 2)) - rows[:, None] - rows[None, :]
    np.fill_diagonal(work, 0)
    return work
