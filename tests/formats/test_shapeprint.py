"""Prints of shapes: alike for sizes, scopes and serialisations of one design."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.shapeprint import MAX_NAME, folded, shape_print
from aibom.model import ShapePrint


def printed(tensors: dict[str, tuple[int, ...]]) -> ShapePrint:
    return shape_print("part", [item for name, shape in tensors.items() if (item := folded(name, shape))])


def blocks(scope: str, layers: int, wide: int, narrow: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {f"{scope}norm.weight": (wide,)}
    for number in range(layers):
        found[f"{scope}layers.{number}.attn.q.weight"] = (wide, wide)
        found[f"{scope}layers.{number}.attn.k.weight"] = (narrow, wide)
        found[f"{scope}layers.{number}.attn.v.weight"] = (narrow, wide)
    return found


def test_sizes_layers_and_scopes_of_one_design_print_alike() -> None:
    one = printed(blocks("model.vision_tower.", 2, 64, 16))
    other = printed(blocks("visual.", 5, 4096, 512))
    assert one.entries == other.entries
    assert ("layers.#.attn.k.weight", ("i", "h")) in one.entries
    assert dict(one.numbers) == {"h": 64, "i": 16}


def test_another_design_prints_differently() -> None:
    other = blocks("visual.", 2, 64, 16) | {"visual.layers.0.attn.q.bias": (64,)}
    assert printed(other).entries != printed(blocks("visual.", 2, 64, 16)).entries


def test_what_holds_the_layers_stays_where_all_tensors_lie_in_it() -> None:
    assert printed({"a.blocks.0.x.weight": (2,), "a.blocks.1.y.weight": (2,)}).entries == (
        ("blocks.#.x.weight", ("h",)),
        ("blocks.#.y.weight", ("h",)),
    )


@pytest.mark.parametrize(
    "name", ["l.0.q.weight_scale_inv", "l.0.q.qzeros", "l.0.q.scales", "l.0.q.g_idx", "l.0.q.weight.absmax"]
)
def test_scales_and_zeros_of_a_quantisation_are_left_out(name: str) -> None:
    assert folded(name, (4,)) is None


def test_a_packed_tensor_keeps_its_name_and_tells_no_shape() -> None:
    assert folded("l.3.q.qweight", (8, 64)) == ("l.#.q.weight", (0,))
    assert folded("l.3.experts.gate_up_proj_blocks", (8, 64)) == ("l.#.experts.gate_up_proj", (0,))
    assert printed({"l.3.q.qweight": (8, 64)}).entries[0][1] == ("?",)


def test_a_norms_own_scale_is_no_quantisation() -> None:
    assert folded("l.0.norm.scale", (4,)) == ("l.#.norm.scale", (4,))


def test_overlong_names_are_left_out() -> None:
    assert folded("x" * (MAX_NAME + 1), (4,)) is None


@given(
    st.lists(st.tuples(st.text(max_size=30), st.lists(st.integers(0, 99), max_size=4).map(tuple)), max_size=9)
)
def test_any_table_prints_the_same_in_any_order(tensors: list[tuple[str, tuple[int, ...]]]) -> None:
    kept = [item for name, shape in tensors if (item := folded(name, shape))]
    assert shape_print("p", kept) == shape_print("p", reversed(kept))
