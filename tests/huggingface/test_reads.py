"""Exactly which files and byte ranges are read, and that the plug-in keeps its interface."""

from __future__ import annotations

import pytest

from aibom.formats.paths import matching
from aibom.model import Depth
from aibom.spi import API_VERSION, READ_AHEAD, Inspector
from aibom.testing import inspect
from aibom_huggingface import HuggingFaceInspector
from tests.builders.lfs import pointer
from tests.builders.safetensors import index
from tests.builders.tokenizer import tokenizer_json
from tests.huggingface.looking import LLAMA, LLAMA_WEIGHTS, view_of, weights

FIRST = "model-00001-of-00002.safetensors"
SECOND = "model-00002-of-00002.safetensors"
REPOSITORY = {
    "README.md": "# T\n",
    "LICENSE": "text\n",
    "config.json": LLAMA,
    "generation_config.json": {"temperature": 1.0},
    "modeling_x.py": "class X: ...\n",
    "chat_template.jinja": "{{ x }}",
    "tokenizer.json": tokenizer_json({"a": 0}),
    "tokenizer_config.json": {"tokenizer_class": "X"},
    FIRST: weights(LLAMA_WEIGHTS),
    SECOND: pointer(10**9),
    "model.safetensors.index.json": index({**dict.fromkeys(LLAMA_WEIGHTS, FIRST), "far": SECOND}),
    "pytorch_model.bin": pointer(10**9),
    "picture.png": b"\x89PNG",
    "data/train.jsonl": "{}",
}


def test_every_small_file_is_read_once_and_no_weight_but_its_header() -> None:
    view = view_of(REPOSITORY)
    inspect(HuggingFaceInspector(), view)
    size = {path: entry.size for path, entry in view.files.items()}
    small = [
        "LICENSE", "README.md", "chat_template.jinja", "config.json", "generation_config.json",
        "model.safetensors.index.json", "modeling_x.py", "tokenizer_config.json",
    ]  # fmt: skip
    assert view.reads == [
        *((path, 0, size[path]) for path in small),
        (FIRST, 0, size[FIRST]),
        ("tokenizer.json", 0, size["tokenizer.json"]),
    ]


def test_depth_metadata_opens_no_weight_and_no_index() -> None:
    view = view_of(REPOSITORY, Depth.METADATA)
    inspect(HuggingFaceInspector(), view)
    opened = {path for path, _, _ in view.reads}
    assert opened == {
        "LICENSE", "README.md", "chat_template.jinja", "config.json", "generation_config.json",
        "modeling_x.py", "tokenizer_config.json",
    }  # fmt: skip


def test_a_large_weight_file_is_read_at_its_head_only() -> None:
    big = weights({f"model.layers.{n}.mlp.up_proj.weight": (64, 64) for n in range(64)})
    view = view_of({"config.json": LLAMA, "model.safetensors": big})
    inspect(HuggingFaceInspector(), view)
    assert view.reads[-1] == ("model.safetensors", 0, READ_AHEAD)


def test_a_local_weight_file_is_read_by_the_measure_of_local_files() -> None:
    big = weights({f"model.layers.{n}.mlp.up_proj.weight": (64, 64) for n in range(64)})
    view = view_of({"config.json": LLAMA, "model.safetensors": big})
    view.read_ahead = 4096
    inspect(HuggingFaceInspector(), view)
    header = 8 + int.from_bytes(big[:8], "little")
    assert view.reads[-2:] == [
        ("model.safetensors", 0, 4096),
        ("model.safetensors", 4096, header - 4096),
    ]


def test_files_of_unknown_size_are_still_read_in_one_batch() -> None:
    view = view_of(REPOSITORY)
    for path in view.files:
        view.mark(path, size=None)
    assert inspect(HuggingFaceInspector(), view)
    assert [path for path, _, _ in view.reads].count("config.json") == 1
    assert [path for path, _, _ in view.reads].count("modeling_x.py") == 1


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("config.json", True),
        ("text_encoder/config.json", True),
        ("a/b/config.json", True),
        ("model.safetensors", True),
        ("unet/diffusion_pytorch_model.safetensors.index.json", True),
        ("unet/diffusion_pytorch_model.safetensors.index.fp16.json", True),
        ("LICENSE.txt", True),
        ("THIRD-PARTY-NOTICES", True),
        ("src/modeling_x.py", True),
        ("model.gguf", False),
        ("onnx/model.onnx", False),
        ("data/train.jsonl", False),
        ("picture.png", False),
    ],
)
def test_globs(path: str, wanted: bool) -> None:
    assert bool(matching([path], HuggingFaceInspector.globs)) is wanted


def test_the_plug_in_meets_the_protocol() -> None:
    inspector = HuggingFaceInspector()
    assert isinstance(inspector, Inspector)
    assert (inspector.ident, inspector.api) == ("huggingface", API_VERSION)


def test_the_same_files_give_the_same_emissions() -> None:
    first = inspect(HuggingFaceInspector(), view_of(REPOSITORY))
    again = inspect(HuggingFaceInspector(), view_of(dict(reversed(REPOSITORY.items()))))
    assert first == again
