"""A small valid file of each kind that is read, with its inspector and what lies beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from aibom.spi import Inspector
from aibom_archives import ArchiveInspector
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.archives import samples
from tests.builders import gguf, hdf5, pickles
from tests.builders import tokenizer as words
from tests.builders.lfs import pointer
from tests.builders.safetensors import index, safetensors
from tests.fuzz import examples, large, structured
from tests.fuzz.mutations import Mutation
from tests.onnx import graphs

Growth = Callable[[int], Iterator[bytes]]


@dataclass(frozen=True)
class Seed:
    """A file, its content, the inspector, and the other files of the target.

    `data` is what is damaged; `pack` makes the file of it, so that damage reaches what lies inside an
    archive or behind a length; `inside` names that. `protobuf` and `json` say that the content allows
    damage within that structure, `growth` makes further files up to a size. `prose` is text of which any
    beginning is a shorter text, `sound_cuts` are the bytes at which the data can be cut and stays sound.
    """

    reader: str
    path: str
    data: bytes
    inspector: type[Inspector] = HuggingFaceInspector
    beside: Mapping[str, bytes] = field(default_factory=dict)
    pack: Callable[[bytes], bytes] = bytes
    inside: str = ""
    protobuf: bool = False
    json: bool = False
    prose: bool = False
    sound_cuts: Collection[int] = ()
    growth: Growth | None = None

    @property
    def name(self) -> str:
        """Plug-in, file, and what of it is damaged."""
        return f"{self.inspector.ident}:{self.path}{self.inside}"

    @property
    def kinds(self) -> tuple[Mutation, ...]:
        """Ways of damage that this content allows beside the common ones."""
        return (*(structured.protobuf,) * self.protobuf, *(structured.text,) * self.json)

    def grown(self, size: int) -> Iterator[bytes]:
        """Content of about `size` bytes in which one thing stands very often."""
        if self.protobuf:
            yield from structured.grown_protobuf(self.data, size)
        if self.json:
            yield from structured.grown_text(self.data, size)
        if self.growth is not None:
            yield from self.growth(size)

    def target(self, data: bytes) -> dict[str, bytes]:
        """The target's files with `data` in the seed's place."""
        return {**self.beside, self.path: self.pack(data)}


def _repository(
    reader: str,
    path: str,
    data: bytes,
    *,
    prose: bool = False,
    sound_cuts: Collection[int] = (),
    **beside: bytes,
) -> Seed:
    others = {name.replace("__", "."): content for name, content in beside.items()}
    return Seed(
        *(reader, path, data),
        beside={"config.json": examples.CONFIG, **others},
        json=path.endswith(".json"),
        prose=prose,
        sound_cuts=sound_cuts,
    )


_VOCABULARY = json.dumps(examples.VOCABULARY).encode()
_ONE = safetensors({"model.layers.0.mlp.up_proj.weight": ("F32", (2, 3))})
_SHARD = "model-00002-of-00002.safetensors"
_REPOSITORY = [
    _repository("configuration", "config.json", examples.CONFIG),
    _repository(
        "configuration",
        "model_index.json",
        b'{"_class_name": "P", "unet": ["diffusers", "U"], "vae": [null, null]}',
    ),
    _repository(
        "configuration",
        "adapter_config.json",
        b'{"peft_type": "LORA", "base_model_name_or_path": "org/parent", "r": 8}',
    ),
    _repository("configuration", "preprocessor_config.json", examples.PREPROCESSOR),
    _repository("configuration", "generation_config.json", b'{"do_sample": true, "temperature": 0.5}'),
    _repository("configuration", "quantize_config.json", b'{"bits": 4, "group_size": 128, "sym": true}'),
    _repository("card", "README.md", examples.CARD, prose=True),
    _repository("python", "modeling_x.py", examples.CODE, prose=True),
    _repository("licences", "LICENSE", examples.LICENCE, prose=True),
    _repository("licences", "NOTICE", examples.NOTICES, prose=True),
    _repository(
        "templates",
        "chat_template.jinja",
        b"{% if x %}<think>{{ messages }}</think>{% endif %}",
        prose=True,
    ),
    _repository("templates", "tokenizer_config.json", examples.TOKENIZER_CONFIG, vocab__txt=b"a\nb\n"),
    _repository("git-lfs", "weights.safetensors", pointer(1_000), sound_cuts=range(125, 129)),
    _repository("safetensors", "model.safetensors", _ONE),
    _repository("safetensors", _SHARD, _ONE),
    _repository(
        "safetensors",
        "model.safetensors.index.json",
        index({"model.layers.0.mlp.up_proj.weight": "model.safetensors"}, 24),
        model__safetensors=_ONE,
    ),
    _repository(
        "tokenizer.json",
        "tokenizer.json",
        words.tokenizer_json(examples.VOCABULARY, merges=examples.MERGES, added={"<s>": 999}),
        tokenizer_config__json=b'{"tokenizer_class": "X"}',
    ),
    _repository("vocabularies", "vocab.json", _VOCABULARY, merges__txt=words.merges_txt(examples.MERGES)),
    _repository(
        "vocabularies", "merges.txt", words.merges_txt(examples.MERGES), prose=True, vocab__json=_VOCABULARY
    ),
    _repository("vocabularies", "vocab.txt", b"[PAD]\n[UNK]\nhello\n##s\n", prose=True),
    _repository("vocabularies", "added_tokens.json", b'{"<s>": 4, "</s>": 5}', vocab__txt=b"a\nb\n"),
    _repository(
        "vocabularies", "special_tokens_map.json", b'{"bos_token": {"content": "<s>"}}', vocab__txt=b"a\nb\n"
    ),
    _repository("sentencepiece", "tokenizer.model", examples.PIECES, sound_cuts=(16, 28, 45, 49)),
    _repository("tiktoken", "tekken.json", examples.TEKKEN),
    _repository("tiktoken", "qwen.tiktoken", words.tiktoken([b"a", b"b", b"ab"]), prose=True),
    _repository("pytorch", "pytorch_model.bin", samples.SAMPLES["model.pt"]),
    _repository("msgpack", "flax_model.msgpack", samples.SAMPLES["flax_model.msgpack"]),
]
_HEADER = safetensors(
    {"model.layers.0.mlp.up_proj.weight": ("F32", (2, 3)), "lm_head.weight": ("F4", (4, 2))},
    metadata={"format": "pt"},
    data=False,
)[8:]
_INSIDE = [
    Seed(
        *("safetensors", "model.safetensors", _HEADER),
        beside={"config.json": examples.CONFIG},
        pack=lambda data: len(data).to_bytes(8, "little") + data + bytes(28),
        inside="/header",
        json=True,
    ),
    Seed(
        *("pickle", "model.pt", pickles.state_dict(samples.TABLE), ArchiveInspector),
        pack=lambda data: pickles.torch_zip(data, {"0": bytes(400), "1": bytes(8), "2": bytes(8)}),
        inside="/data.pkl",
    ),
    Seed(
        "keras",
        "model.keras",
        json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda"}]}}).encode(),
        ArchiveInspector,
        pack=lambda data: pickles.archive({"config.json": data, "model.weights.h5": b""}, deflated=True),
        inside="/config.json",
        json=True,
    ),
    Seed(
        *("hdf5", "model.keras", hdf5.weights(), ArchiveInspector),
        pack=lambda data: pickles.archive({"config.json": b"{}", "model.weights.h5": data}),
        inside="/weights",
    ),
]
_GRAPHS = [
    Seed(
        *("onnx", "model.onnx", data, OnnxInspector, beside),
        inside=inside,
        protobuf=True,
        sound_cuts=cuts,
    )
    for inside, data, beside, cuts in (
        ("", graphs.encoder(), {}, ()),
        ("/quantised", graphs.genai_decoder(), {}, (2410,)),
        ("/two inputs", graphs.two_towers(), {}, ()),
        ("/external data", examples.external_graph(), {"model.onnx.data": bytes(128)}, ()),
    )
]
_GENAI = Seed(
    *("configuration", "genai_config.json", examples.GENAI, OnnxInspector),
    beside={"model.onnx": graphs.genai_decoder()},
    json=True,
)
_ROWS = gguf.decoder(layers=1, width=32, vocabulary=4)[:3]
_GGUF = [
    Seed(
        "gguf",
        f"model.v{version}-{'big' if big else 'little'}.gguf",
        gguf.gguf(examples.metadata(), _ROWS, version=version, big_endian=big),
        GgufInspector,
        growth=large.gguf_files if (version, big) == (3, False) else None,
    )
    for version in (2, 3)
    for big in (False, True)
]
_FIRST, _SECOND = (f"model-0000{number}-of-00002.gguf" for number in (1, 2))
_SPLIT = {
    _FIRST: gguf.gguf(
        {**examples.metadata(), "split.no": 0, "split.count": 2, "split.tensors.count": 3}, _ROWS[:2]
    ),
    _SECOND: gguf.gguf({"split.no": 1, "split.count": 2, "split.tensors.count": 3}, _ROWS[2:]),
}
_SPLITS = [Seed("gguf", path, data, GgufInspector, _SPLIT) for path, data in _SPLIT.items()]
_FORMATS = {
    **{"model.pt": "pytorch", "pytorch_model.bin": "pytorch", "script.pth": "torchscript"},
    **{"plain.pkl": "pickle", "arrays.npz": "numpy", "arrays.npy": "numpy", "model.tflite": "tflite"},
    **{"flax_model.msgpack": "msgpack", "saved_model.pb": "tensorflow", "model.ckpt.index": "tensorflow"},
    **{"openvino_model.xml": "openvino", "model.mlmodel": "core ml"},
    **{"tf_model.h5": "hdf5", "old.h5": "hdf5", "model.keras": "keras"},
}
_FILES = {
    **samples.SAMPLES,
    "arrays.npy": examples.npy(),
    "old.h5": hdf5.hdf5({"g/w": np.zeros((2, 3), "f4")}, {"keras_version": "2.15.0"}),
}
_SOUND_CUTS: dict[str, Collection[int]] = {
    "openvino_model.xml": range(27),  # an XML file that names no network is anyone's
    "pytorch_model.bin": (0,),  # an empty file is anyone's
}
_ARCHIVES = [
    Seed(
        *(_FORMATS[name], name, data, ArchiveInspector, samples.BESIDE.get(name, {})),
        protobuf=name.endswith((".pb", ".mlmodel")),
        sound_cuts=_SOUND_CUTS.get(name, ()),
        growth=large.hdf5_files if name == "old.h5" else None,
    )
    for name, data in _FILES.items()
]
SEEDS: dict[str, Seed] = {
    seed.name: seed for seed in (*_REPOSITORY, *_INSIDE, *_GRAPHS, _GENAI, *_GGUF, *_SPLITS, *_ARCHIVES)
}
"""By name."""
READERS: dict[str, list[Seed]] = {
    reader: [seed for seed in SEEDS.values() if seed.reader == reader]
    for reader in sorted({seed.reader for seed in SEEDS.values()})
}
"""By the reader that they are for."""
