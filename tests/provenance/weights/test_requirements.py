"""The requirements R1 to R11 on evidence from weights, each a test of its name."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from aibom.model import Evidence, Layer, Relation, Signal, WeightKind
from aibom.provenance.rules import RULES
from aibom.provenance.weights import PartTest, WeightsVerdict, compare_parts
from aibom.provenance.weights.result import WITHIN
from tests.builders.weights import Model, noisy, random_model, samples_of, weight_sample


def held(ours: Model, theirs: Model, **options: int) -> PartTest:
    """The one part of two made-up models."""
    (result,) = compare_parts(samples_of(ours, **options), samples_of(theirs, **options))
    return result


def test_r1_a_common_mean_is_no_evidence() -> None:
    """Two random N(1, .1) models have a cosine of .99."""
    one, other = (
        {key: 1 + 0.1 * values / values.std() for key, values in random_model(seed).items()}
        for seed in (1, 2)
    )
    key = (0, WeightKind.UP)
    cosine = np.vdot(one[key], other[key]) / np.linalg.norm(one[key]) / np.linalg.norm(other[key])
    assert cosine > 0.98
    found = held(one, other)
    assert found.verdict is WeightsVerdict.INDEPENDENT
    assert abs(found.median_r) < 0.1


@pytest.mark.parametrize("kind", [WeightKind.NORM, WeightKind.ROUTER, WeightKind.POSITION])
def test_r2_equal_gains_routers_and_positions_never_suffice(kind: WeightKind) -> None:
    one, other = random_model(1), random_model(2)
    for layer in range(6):
        one[layer, kind] = other[layer, kind] = np.random.default_rng(layer).normal(size=(256, 256))
    assert held(one, other).verdict is WeightsVerdict.INDEPENDENT
    alone = {key: values for key, values in one.items() if key[1] is kind}
    assert held(alone, alone).verdict is WeightsVerdict.INDETERMINATE


def test_r2_a_table_of_sinusoids_under_another_name_is_left_out() -> None:
    positions = np.arange(256)[:, None] / 10000 ** (np.arange(128)[None, :] / 128)
    table = np.concatenate([np.sin(positions), np.cos(positions)], axis=1)
    one, other = random_model(1), random_model(2)
    for layer in range(6):
        one[layer, WeightKind.OTHER] = other[layer, WeightKind.OTHER] = table
    found = held(one, other)
    assert found.verdict is WeightsVerdict.INDEPENDENT
    assert found.sampled == len(random_model(1))


def test_r3_three_controls_and_the_part_itself_stand_beside_each_result() -> None:
    model = random_model(1)
    (found,) = compare_parts(samples_of(noisy(model, 0.1)), samples_of(model))
    assert [item.label for item in found.controls] == [
        "permuted copy 1",
        "permuted copy 2",
        "permuted copy 3",
        WITHIN,
    ]
    unrelated = {f"org/control-{seed}": samples_of(random_model(seed)) for seed in (5, 6, 7)}
    unrelated["org/of-another-width"] = samples_of(random_model(8, width=128))
    (found,) = compare_parts(samples_of(noisy(model, 0.1)), samples_of(model), unrelated)
    assert [item.label for item in found.controls] == [*list(unrelated)[:3], WITHIN]
    assert all(item.matched == 0 and item.largest_r < 0.2 for item in found.controls)


def test_r3_one_layer_alone_never_decides() -> None:
    one, other = random_model(1), random_model(2)
    for kind in (WeightKind.QUERY, WeightKind.OUTPUT, WeightKind.UP):
        one[0, kind] = other[0, kind]
    first = {key: values for key, values in one.items() if key[0] == 0}
    found = held(first, other)
    assert found.matched == found.sampled == 3
    partly = held({key: values + 1e-3 for key, values in noisy(first, 0.1).items()}, other)
    assert partly.verdict is WeightsVerdict.INDETERMINATE


@pytest.mark.parametrize(("amount", "verdict"), [(0.05, "derived"), (1.0, "shared"), (4.0, "shared")])
def test_r4_effect_significance_and_coverage_together(amount: float, verdict: str) -> None:
    model = random_model(1)
    found = held(noisy(model, amount), model)
    assert found.verdict.value.startswith(verdict)
    assert found.coverage == 1.0 and found.bound >= 10


def test_r4_less_than_half_of_the_matrices_is_too_little() -> None:
    one, other = random_model(1), random_model(2)
    for layer in range(3):
        for kind in (WeightKind.QUERY, WeightKind.OUTPUT):
            one[layer, kind] = other[layer, kind]
    found = held(one, other)
    assert (found.matched, found.verdict) == (6, WeightsVerdict.INDETERMINATE)


def test_r4_one_kind_of_matrix_is_too_little() -> None:
    one, other = random_model(1), random_model(2)
    mixed = {
        key: other[key] if key[1] is WeightKind.QUERY else one[key] for key in one if key[1] != WeightKind.UP
    }
    found = held(noisy(mixed, 0.01), other)
    assert found.coverage == 0.5 and found.verdict is WeightsVerdict.INDETERMINATE


def test_r4_layers_count_by_name_and_not_by_their_number_alone() -> None:
    """A U-Net numbers its way up from 0 again; two numbers in two places are four layers."""
    model = random_model(1, layers=2)
    ways = [
        replace(item, name=f"{way}_blocks.{item.layer}.{item.kind.value}.weight")
        for way, values in (("down", model), ("up", random_model(2, layers=2)))
        for item in samples_of(values)
    ]
    copy = [replace(item, digest="") for item in ways]
    (found,) = compare_parts(copy, ways)
    assert found.verdict is WeightsVerdict.DERIVED
    (half,) = compare_parts(copy[: len(copy) // 2], ways)
    assert half.verdict is WeightsVerdict.INDETERMINATE


def test_r4_a_tiny_correlation_over_many_layers_stays_negative() -> None:
    """r = .004 over 45 layers: a pooled p-value would be overwhelming."""
    generator = np.random.default_rng(3)
    one = random_model(1, layers=45)
    other = {
        key: 0.004 * values / values.std() + generator.normal(size=values.shape)
        for key, values in one.items()
    }
    found = held(other, one)
    assert found.matched == 0 and found.verdict is WeightsVerdict.INDEPENDENT


def test_r5_the_nulls_spread_is_measured_for_each_kind_and_width() -> None:
    """Where the same few inputs are large in both, unrelated values agree by more than 1/√n."""
    one, other = random_model(1), random_model(2)
    for model in (one, other):
        for layer in range(6):
            model[layer, WeightKind.UP][:, :8] *= 20
    found = held(one, other)
    spread = {item.kind: item.spread for item in found.nulls}
    assert set(spread) == {WeightKind.QUERY, WeightKind.OUTPUT, WeightKind.UP}
    assert spread[WeightKind.UP] > 1.5 * spread[WeightKind.QUERY]
    assert not found.verdict.related


def test_r7_equal_shapes_and_names_say_nothing_of_weights() -> None:
    """The same configuration: every name and shape agrees, no value does."""
    found = held(random_model(1), random_model(2))
    assert found.verdict is WeightsVerdict.INDEPENDENT
    moving = [
        rule for rule in RULES.values() if rule.signal is Signal.ARCHITECTURE and rule.layer is Layer.WEIGHTS
    ]
    assert all(rule.relation is Relation.UNKNOWN and rule.evidence is Evidence.E0 for rule in moving)


@pytest.mark.parametrize("taken", [(0, 1, 4, 5), (0, 1, 2, 3, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0)])
def test_r8_layers_are_matched_all_pairs_and_the_map_is_told(taken: tuple[int, ...]) -> None:
    model = random_model(1)
    kinds = {kind for _, kind in model}
    copy = {(place, kind): model[layer, kind] for place, layer in enumerate(taken) for kind in kinds}
    found = held(noisy(copy, 0.2), model)
    assert found.verdict.related
    assert found.layer_map == tuple(enumerate(taken))
    back = sum(later < earlier for earlier, later in pairwise(taken))
    assert found.monotone == pytest.approx(1 - back / (len(taken) - 1), abs=1e-3)


def test_r9_the_published_figures_of_solar_and_glm_are_independent(field: Path) -> None:
    """Gains and routers made up to the published cosines and correlations; all other matrices unrelated."""
    folder = field / "sionic-ai__solar-vs-glm" / "origin"
    with (folder / "out_solar_vs_glm45/layerwise_similarity.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["pearson"]]
    statistics = json.loads((folder / "out_with_control/statistics.json").read_bytes())
    assert statistics["Solar_vs_GLM"]["norm_post"]["mean"] > 0.98

    generator = np.random.default_rng(9)
    one, other = random_model(1, layers=46, width=512), random_model(2, layers=46, width=512)
    ours, theirs = list(samples_of(one)), list(samples_of(other))
    for number, row in enumerate(rows):
        kind = WeightKind.ROUTER if row["category"] == "router_or_gate" else WeightKind.NORM
        cosine, pearson = float(row["cosine"]), float(row["pearson"])
        shape = (32, 512) if kind is WeightKind.ROUTER else (1, 512)
        left = generator.normal(size=shape)
        right = pearson * left + np.sqrt(1 - pearson**2) * generator.normal(size=shape)
        mean = np.sqrt(max(cosine, 0.0) / max(1 - cosine, 1e-3)) if kind is WeightKind.NORM else 0.0
        named = replace(
            weight_sample(left + mean, kind, int(row["layer_A"])), name=f"{number}.{row['category']}"
        )
        ours.append(named)
        theirs.append(replace(weight_sample(right + mean, kind, int(row["layer_B"])), name=named.name))
    (found,) = compare_parts(ours, theirs)
    assert found.verdict is WeightsVerdict.INDEPENDENT
    assert all(match.ours.kind.informative for match in found.matches)


def test_r10_what_cannot_be_tested_is_indeterminate() -> None:
    model = random_model(1)
    other_width = compare_parts(samples_of(random_model(2, width=128)), samples_of(model))
    assert [item.verdict for item in other_width] == [WeightsVerdict.INDETERMINATE]
    assert "equal width" in other_width[0].reason
    assert compare_parts((), samples_of(model)) == ()
    (nothing,) = compare_parts(samples_of(model), ())
    assert nothing.verdict is WeightsVerdict.INDETERMINATE
    assert "distillation leaves no trace" in RULES["weights.independent"].cannot_show


def test_r11_the_power_is_stated_and_too_little_of_it_is_no_clearance() -> None:
    strong = held(random_model(1), random_model(2), rows=32)
    assert strong.smallest_detectable == pytest.approx(10 / np.sqrt(31 * 255), rel=0.2)
    weak = held(random_model(1), random_model(2), rows=4)
    assert weak.smallest_detectable is not None and weak.smallest_detectable > 0.2
    assert weak.verdict is WeightsVerdict.INDETERMINATE and "too small" in weak.reason


def test_equal_values_are_identical_and_a_pruned_copy_is_derived() -> None:
    model = random_model(1)
    assert held(model, model).verdict is WeightsVerdict.IDENTICAL
    pruned = {
        key: np.where(np.abs(values) > np.quantile(np.abs(values), 0.8), values, 0.0)
        for key, values in model.items()
    }
    found = held(pruned, model)
    assert found.verdict is WeightsVerdict.DERIVED and found.median_r < 0.9


def test_rows_that_were_cut_are_found_again() -> None:
    model = random_model(1)
    generator = np.random.default_rng(8)
    cut = {
        key: values[np.sort(generator.permutation(256)[:128])] if key[1] is WeightKind.UP else values
        for key, values in model.items()
    }
    found = held(noisy(cut, 0.05), model)
    assert found.verdict is WeightsVerdict.DERIVED and found.coverage == 1.0
    unrelated = held(noisy(cut, 0.05), random_model(2))
    assert unrelated.verdict is WeightsVerdict.INDEPENDENT


def test_a_transplanted_part_is_found_and_the_rest_is_not_touched() -> None:
    encoder = random_model(1, width=128)
    source = samples_of(encoder, part="audio-encoder")
    target = [*samples_of(noisy(encoder, 0.05), part="vision-encoder"), *samples_of(random_model(2))]
    theirs = [*source, *samples_of(random_model(3))]
    found = {item.part_a: item for item in compare_parts(target, theirs)}
    assert found["vision-encoder"].verdict is WeightsVerdict.DERIVED
    assert found["vision-encoder"].part_b == "audio-encoder"
    names = {match.ours.name: match.theirs.name for match in found["vision-encoder"].matches}
    assert all(ours == theirs for ours, theirs in names.items())
    assert found["decoder-core"].verdict is WeightsVerdict.INDEPENDENT


def test_a_part_of_one_matrix_goes_with_what_is_decided_beside_it() -> None:
    model, table = random_model(1), np.random.default_rng(7).normal(size=(256, 256))
    for seed, verdict in ((None, WeightsVerdict.DERIVED), (2, WeightsVerdict.INDEPENDENT)):
        ours = noisy(model if seed is None else random_model(seed), 0.05)
        mine = table + 0.01 if seed is None else np.random.default_rng(8).normal(size=(256, 256))
        found = compare_parts(
            [*samples_of(ours), weight_sample(mine, WeightKind.EMBEDDING, None, part="embedding")],
            [*samples_of(model), weight_sample(table, WeightKind.EMBEDDING, None, part="embedding")],
        )
        assert {item.part_a: item.verdict for item in found} == {
            "decoder-core": verdict,
            "embedding": verdict,
        }


def test_the_result_does_not_depend_on_the_order_of_samples() -> None:
    model = random_model(1)
    ours, theirs = samples_of(noisy(model, 0.5)), samples_of(model)
    assert compare_parts(ours[::-1], theirs[::-1]) == compare_parts(ours, theirs)
