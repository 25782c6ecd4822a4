"""One small file of each format, by name; the laws of all readers are held against each of them."""

from __future__ import annotations

import io

import numpy as np

from tests.builders import flatbuffer, hdf5, msgpack, tensorflow
from tests.builders import pickles as build
from tests.builders.onnx import field
from tests.builders.tensorflow import number

TABLE = {
    "model.embed.weight": ("F16", (50, 4)),
    "model.norm.weight": ("BF16", (4,)),
    "step": ("I64", ()),
}


def _npz() -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, a=np.zeros((3, 4), "f4"), b=np.array([None, 1], dtype=object))
    return out.getvalue()


IR = b"""<?xml version="1.0"?>
<net name="m" version="11"><layers>
<layer id="0" name="input_ids" type="Parameter" version="opset1"><data shape="?,?"/></layer>
<layer id="1" name="dense/weight" type="Const" version="opset1">
<data element_type="f16" shape="3,8" offset="0" size="48"/></layer>
<layer id="2" name="dense" type="MatMul" version="extension"><data transpose_a="false"/></layer>
<layer id="3" name="logits" type="Result" version="opset1"/>
</layers></net>"""
MLMODEL = (
    number(1, 7)
    + field(
        2,
        field(1, field(1, b"image"))
        + field(10, field(1, b"label"))
        + field(100, field(3, b"A. Author") + field(4, b"MIT")),
    )
    + field(502, field(1, bytes(300)))
)
SAMPLES: dict[str, bytes] = {
    "model.pt": build.checkpoint(TABLE),
    "pytorch_model.bin": build.legacy(TABLE),
    "script.pth": build.archive(
        {
            "script/data.pkl": build.pickled(
                b"c__torch__\nNet\n)\x81" + build.mapping({"w": build.tensor("0", (2, 3))}) + b"b"
            ),
            "script/constants.pkl": build.pickled(b")"),
            "script/code/__torch__.py": b"class Net(Module):\n  pass\n",
            "script/data/0": bytes(24),
        }
    ),
    "arrays.npz": _npz(),
    "flax_model.msgpack": msgpack.checkpoint({"a": {"k": msgpack.array((2, 3))}, "b": msgpack.array((300,))}),
    "model.tflite": flatbuffer.tflite(custom="Own"),
    "saved_model.pb": tensorflow.saved_model(tensorflow.graph([tensorflow.node("Relu")])),
    "model.ckpt.index": tensorflow.index({"w": ("F32", (5, 3)), "w2": ("BF16", (4,)), "x": ("I64", ())}),
    "openvino_model.xml": IR,
    "model.mlmodel": MLMODEL,
    "tf_model.h5": hdf5.hdf5({"w": np.zeros((2, 3), "f4")}, {"keras_version": "2.15.0"}, libver="latest"),
    "model.keras": build.archive(
        {
            "model.weights.h5": hdf5.weights(),
            "metadata.json": b'{"keras_version": "3.9.0"}',
            "config.json": b'{"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda"}]}}',
        }
    ),
    "plain.pkl": build.pickled(build.call(build.stack_name("os", "system"), build.text("true")), 4),
}

BESIDE: dict[str, dict[str, bytes]] = {"model.ckpt.index": {"model.ckpt.data-00000-of-00001": b""}}
"""Files without which a sample is no whole one."""


def files(name: str, data: bytes) -> dict[str, bytes]:
    """A sample's files, with `data` in its place."""
    return {name: data, **BESIDE.get(name, {})}
