"""The aligned test: hidden dimensions in another order, with other signs and scales, or rotated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from aibom.model import WeightKind, WeightSample
from aibom.provenance.weights import WeightsVerdict, compare_aligned, compare_parts
from tests.builders.weights import Matrix, Model, random_model, weight_sample

KINDS = (WeightKind.QUERY, WeightKind.KEY, WeightKind.UP)
WIDTH, TOKENS = 96, 400


def language_model(seed: int) -> tuple[Matrix, Model]:
    """Embeddings, with a common geometry of the words as models of one language have, and projections."""
    generator = np.random.default_rng(seed)
    meaning = np.random.default_rng(77).normal(size=(TOKENS, 24))
    table = meaning @ generator.normal(size=(24, WIDTH)) / 5 + generator.normal(size=(TOKENS, WIDTH))
    model = random_model(seed, layers=3, width=WIDTH, kinds=KINDS)
    for values in model.values():
        values += 0.03 * generator.normal(size=(WIDTH, 6)) @ generator.normal(size=(6, WIDTH))
    return table, model


def deep(table: Matrix, model: Model) -> list[WeightSample]:
    """Whole projections and all embedding rows."""
    projections = [
        weight_sample(values, kind, layer, rows=len(values)) for (layer, kind), values in model.items()
    ]
    return [weight_sample(table, WeightKind.EMBEDDING, None, part="embedding", rows=TOKENS), *projections]


def permuted(table: Matrix, model: Model) -> tuple[Matrix, Model]:
    """Hidden dimensions and outputs in another order, signs flipped, scales moved into the gains."""
    generator = np.random.default_rng(5)
    order, signs = generator.permutation(WIDTH), generator.choice([-1.0, 1.0], WIDTH)
    scales = np.exp(0.4 * generator.normal(size=WIDTH))
    changed = {
        key: values[generator.permutation(len(values))][:, order] * signs * scales
        for key, values in model.items()
    }
    return table[:, order] * signs, changed


def rotated(table: Matrix, model: Model) -> tuple[Matrix, Model]:
    turn, _ = np.linalg.qr(np.random.default_rng(6).normal(size=(WIDTH, WIDTH)))
    return table @ turn, {key: values @ turn for key, values in model.items()}


def narrowed(table: Matrix, model: Model) -> tuple[Matrix, Model]:
    """A third of the hidden dimensions left out."""
    kept = np.sort(np.random.default_rng(7).permutation(WIDTH)[: 2 * WIDTH // 3])
    return table[:, kept], {key: values[:, kept] for key, values in model.items()}


@pytest.mark.parametrize(
    ("change", "how"), [(permuted, "assignment"), (rotated, "rotation"), (narrowed, "assignment")]
)
def test_a_changed_copy_asks_for_review(
    change: Callable[[Matrix, Model], tuple[Matrix, Model]], how: str
) -> None:
    table, model = language_model(1)
    changed = change(table, model)
    found = compare_aligned(deep(*changed), deep(table, model))
    assert (found.review, found.how) == (True, how)
    assert found.median_cka is not None and found.median_cka > 0.9
    direct = compare_parts(deep(*changed), deep(table, model))
    assert not any(item.verdict is WeightsVerdict.DERIVED for item in direct)


@pytest.mark.parametrize("change", [permuted, rotated, lambda table, model: (table, model)])
def test_an_unrelated_model_with_the_same_words_does_not(
    change: Callable[[Matrix, Model], tuple[Matrix, Model]],
) -> None:
    found = compare_aligned(deep(*change(*language_model(2))), deep(*language_model(1)))
    assert not found.review
    assert found.median_cka is not None and abs(found.median_cka) < 0.1


def test_what_cannot_be_aligned_says_why() -> None:
    table, model = language_model(1)
    samples = deep(table, model)
    assert "no embedding rows" in compare_aligned(samples[1:], samples).reason
    assert "no whole projection" in compare_aligned(samples[:1], samples).reason
    few = [weight_sample(table, WeightKind.EMBEDDING, None, part="embedding", rows=20), *samples[1:]]
    assert "only 20 tokens" in compare_aligned(few, samples).reason


def test_tokens_are_met_by_their_number() -> None:
    """Blocks that begin at other tokens are cut to those that both hold."""
    table, model = language_model(1)
    samples = deep(table, model)
    later = weight_sample(table[100:], WeightKind.EMBEDDING, None, part="embedding", rows=300)
    found = compare_aligned([replace(later, rows=(100, 300), shape=(TOKENS, WIDTH)), *samples[1:]], samples)
    assert (found.tokens, found.review) == (300, True)
