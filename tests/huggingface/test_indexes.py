"""Indexes over shards of formats beside safetensors, held against the shards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aibom.model import Observation
from tests.builders import hdf5, msgpack, pickles
from tests.builders.safetensors import index
from tests.huggingface.looking import LLAMA, Seen, look

EMBEDDING, LAYER, HEAD = (
    "model.embed_tokens.weight",
    "model.layers.0.mlp.up_proj.weight",
    "lm_head.weight",
)
FIRST, SECOND = "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"
SHARDS = {
    FIRST: pickles.checkpoint({EMBEDDING: ("F32", (6, 4))}),
    SECOND: pickles.checkpoint({LAYER: ("BF16", (8, 4))}),
}
WHERE = {EMBEDDING: FIRST, LAYER: SECOND}


def indexed(
    where: dict[str, str], total: int, shards: dict[str, bytes], name: str = "pytorch_model.bin"
) -> Seen:
    files: dict[str, Any] = {"config.json": LLAMA, **shards, f"{name}.index.json": index(where, total)}
    return look(files)


def test_shards_that_are_as_their_index_says() -> None:
    seen = indexed(WHERE, 6 * 4 * 4 + 8 * 4 * 2, SHARDS)
    assert not [rule for rule in seen.rules() if ".index-" in rule]
    assert not seen.unknowns
    assert seen.parts["decoder-core"].parameters == 32


def test_the_tensors_of_a_missing_shard_are_listed() -> None:
    seen = indexed(WHERE, 160, {FIRST: SHARDS[FIRST]})
    core = seen.parts["decoder-core"]
    assert (core.present, core.tensors, core.parameters) == (True, 1, None)
    assert core.locators[-1].path == "pytorch_model.bin.index.json"
    assert "huggingface.index-missing-shard" in seen.rules()
    assert [unknown.reason for unknown in seen.unknowns] == ["1 of 2 shards are here; the rest unread"]


def test_an_index_alone_lists_what_should_be_there() -> None:
    seen = indexed(WHERE, 160, {})
    assert seen.parts["embedding"].tensors == 1
    assert "huggingface.index-missing-shard" in seen.rules()


def test_tensors_too_many_and_too_few_and_the_sum() -> None:
    seen = indexed({LAYER: SECOND, HEAD: FIRST}, 99, SHARDS)
    assert {item.rule: item.statement for item in seen.of(Observation) if ".index-" in item.rule} == {
        "huggingface.index-missing-tensors": f"{FIRST}: the index names tensor {HEAD} that the shard does not"
        " hold.",
        "huggingface.index-extra-tensors": f"{FIRST}: the shard holds tensor {EMBEDDING} that the index does"
        " not place there.",
        "huggingface.index-total-size": "pytorch_model.bin.index.json: the index promises 99 bytes of"
        " tensors; the shards hold 160.",
    }


def test_a_variant_stands_before_the_number_of_the_shard() -> None:
    shard = "pytorch_model.fp16-00001-of-00001.bin"
    files = {
        "config.json": LLAMA,
        shard: SHARDS[FIRST],
        "pytorch_model.bin.index.fp16.json": index({EMBEDDING: shard, LAYER: shard}, 96),
    }
    assert [rule for rule in look(files).rules() if ".index-" in rule] == [
        "huggingface.index-missing-tensors"
    ]


@pytest.mark.parametrize(("total", "agrees"), [(96, True), (192, True), (100, True), (200, False)])
def test_tied_tensors_may_be_summed_once_or_each(total: int, agrees: bool) -> None:
    tied = pickles.mapping({EMBEDDING: pickles.tensor("0", (6, 4)), HEAD: pickles.tensor("0", (6, 4))})
    data = pickles.torch_zip(pickles.pickled(tied), {"0": bytes(96)})
    seen = indexed(dict.fromkeys((EMBEDDING, HEAD), FIRST), total, {FIRST: data})
    assert ("huggingface.index-total-size" not in seen.rules()) is agrees


def test_a_shard_whose_table_is_not_whole_is_not_held_against_its_index() -> None:
    sparse = pickles.call(pickles.name("torch._utils", "_rebuild_sparse_tensor"), b"N")
    value = pickles.mapping({EMBEDDING: pickles.tensor("0", (6, 4)), HEAD: sparse})
    data = pickles.torch_zip(pickles.pickled(value), {"0": bytes(96)})
    seen = indexed(dict.fromkeys((EMBEDDING, HEAD), FIRST), 5, {FIRST: data})
    assert not [rule for rule in seen.rules() if ".index-" in rule]
    assert "torch._utils._rebuild_sparse_tensor are not described" in seen.unknowns[0].reason
    assert (seen.parts["embedding"].parameters, seen.parts["head"].parameters) == (24, None)


def test_flax_shards() -> None:
    name = "flax_model-00001-of-00002.msgpack"
    layer = {"mlp": {"up_proj": {"kernel": msgpack.array((4, 8))}}}
    where = {
        "model/layers/0/mlp/up_proj/kernel": name,
        "model/norm/scale": "flax_model-00002-of-00002.msgpack",
    }
    shards = {name: msgpack.checkpoint({"model": {"layers": {"0": layer}}})}
    seen = indexed(where, 128, shards, "flax_model.msgpack")
    assert [rule for rule in seen.rules() if ".index-" in rule] == ["huggingface.index-missing-shard"]
    assert seen.parts["decoder-core"].tensors == 2


def test_tensorflow_shards_name_their_variables_without_the_model() -> None:
    shard = "tf_model-00001-of-00001.h5"
    data = hdf5.hdf5({"bert/encoder/layer_._0/output/dense/kernel:0": np.zeros((4, 4), "f4")})
    where = {
        "tf_bert_model/bert/encoder/layer_._0/output/dense/kernel:0": shard,
        "tf_bert_model/bert/encoder/layer_._1/output/dense/kernel:0": shard,
    }
    seen = indexed(where, 64, {shard: data}, "tf_model.h5")
    (found,) = [item for item in seen.of(Observation) if ".index-" in item.rule]
    assert found.statement.endswith(
        "the index names tensor bert.encoder.layer.1.output.dense.weight that the shard does not hold."
    )


def test_a_broken_index_is_an_unknown() -> None:
    seen = look({"config.json": LLAMA, **SHARDS, "pytorch_model.bin.index.json": b"{"})
    assert [unknown.path for unknown in seen.unknowns] == ["pytorch_model.bin.index.json"]
    assert seen.parts["decoder-core"].parameters == 32
