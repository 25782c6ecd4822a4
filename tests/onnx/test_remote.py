"""A graph on a server: only the ranges that tell something cross the network."""

from __future__ import annotations

from aibom.formats.onnx import Span, read_graph
from aibom.sources import SourceOptions, open_source
from tests.builders import onnx as build
from tests.standin import Repository, Sparse, StandinHub, serving

GIB = 1 << 30


def tensor_head(name: str, size: int) -> bytes:
    """An initialiser up to its data."""
    header = build.tensor(name, (size // 4,), data=b"").SerializeToString().replace(b"\x4a\x00", b"")
    header += build.varint(9 << 3 | 2) + build.varint(size)
    return build.varint(5 << 3 | 2) + build.varint(len(header) + size) + header


def test_three_gigabytes_of_weights_stay_on_the_server() -> None:
    body = build.graph([build.node("MatMul", ["x", "w"], ["y"])], outputs={"y": ("FLOAT", [1])})
    graph = body.SerializeToString() + tensor_head("w", 3 * GIB)
    head = b"\x08\x09" + build.varint(7 << 3 | 2) + build.varint(len(graph) + 3 * GIB) + graph
    repository = Repository({"model.onnx": Sparse(head, len(head) + 3 * GIB), "config.json": b"{}"})
    with (
        serving(StandinHub({"org/remote": repository})) as hub,
        open_source("org/remote", SourceOptions(endpoint=hub.base, timeout=5.0)) as source,
    ):
        before = source.stats().bytes
        model = read_graph(source, "model.onnx")
        received = source.stats().bytes - before
    assert model.initialisers[0].location == Span(None, len(head), 3 * GIB)
    assert received <= 256 * 1024
