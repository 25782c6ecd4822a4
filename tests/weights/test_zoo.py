"""The small zoo itself: gradients are right, models learn, and its rewritings compute the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.weights import zoo
from tests.weights.network import batches, gradients, initial, outputs


def _loss(state, ids):
    logits = outputs({name: value.astype(np.float64) for name, value in state.items()}, ids[:, :-1])
    logits = logits - logits.max(-1, keepdims=True)
    chosen = np.take_along_axis(logits, ids[:, 1:, None], -1)[..., 0]
    return float((np.log(np.exp(logits).sum(-1)) - chosen).mean())


def test_gradients_equal_differences():
    state = {name: value * (6 if value.ndim == 2 else 1) for name, value in initial(3).items()}
    ids = batches(0, 9)()
    slopes = gradients(state, ids)
    draw = np.random.default_rng(0)
    for name, slope in slopes.items():
        way = draw.normal(size=slope.shape)
        up, down = ({**state, name: state[name] + step * way} for step in (1e-6, -1e-6))
        assert (_loss(up, ids) - _loss(down, ids)) / 2e-6 == pytest.approx(
            float((slope * way).sum()), rel=0.02, abs=2e-4
        )


def test_a_model_learns_and_leaves_its_first_weights():
    ids = batches(0, 999)()
    assert _loss(zoo.base(0), ids) < _loss(initial(0), ids) - 1
    name = "model.layers.2.mlp.up_proj.weight"
    assert np.corrcoef(zoo.base(0)[name].ravel(), initial(0)[name].ravel())[0, 1] < 0.9


@pytest.mark.parametrize("name", zoo.REWRITINGS)
def test_a_rewriting_computes_the_same(name):
    ids = batches(0, 5)()
    model = zoo.base(0)
    rewritten = zoo.REWRITINGS[name](model, 0)
    assert np.abs(outputs(rewritten, ids) - outputs(model, ids)).max() < 1e-3
    key = "model.layers.1.mlp.up_proj.weight"
    assert abs(np.corrcoef(rewritten[key].ravel(), model[key].ravel())[0, 1]) < 0.2


def test_the_same_seed_gives_the_same_bytes():
    again = zoo.train(initial(0), 0, seed=0, steps=zoo.STEPS, rate=zoo.RATE)
    assert zoo.files(again) == zoo.files(zoo.base(0))
