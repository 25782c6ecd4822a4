"""What a file is for, told by its name alone."""

from __future__ import annotations

import re
from fnmatch import translate

from aibom.model import FileClass

# The first rule that matches decides. Patterns hold for the lower-cased last segment of the path.
_RULES: tuple[tuple[FileClass, str], ...] = (
    (FileClass.WEIGHTS_INDEX, "*.index.json *.index.*.json"),
    # State of a training run: pickles that hold no model.
    (FileClass.OTHER, "training_args.bin optimizer*.pt optimizer*.bin scheduler*.pt scheduler*.bin"),
    (FileClass.OTHER, "rng_state*.pth trainer_state.json"),
    (FileClass.CODE, "*.py *.pyx *.ipynb *.sh *.js *.ts *.c *.cc *.cpp *.cu *.cuh *.h *.hpp *.rs *.go"),
    (FileClass.CARD, "readme readme.md readme.rst readme.txt readme_*.md model_card.md modelcard.md"),
    (FileClass.CHAT_TEMPLATE, "chat_template* *.jinja *.jinja2"),
    (FileClass.TOKENIZER, "tokenizer.json tokenizer_config.json special_tokens_map.json added_tokens.json"),
    (FileClass.TOKENIZER, "tokenizer*.model tokenizer.model.* spiece.model sentencepiece*.model *.spm"),
    (FileClass.TOKENIZER, "vocab.json vocab.txt vocab.bpe merges.txt encoder.json tekken.json *.tiktoken"),
    (FileClass.TOKENIZER, "*.bpe.model bpe.codes *_vocab.json *.vocab normalizer.json"),
    (FileClass.LICENCE, "license* licence* copying* unlicense* *[!a-z0-9]licen[cs]e *[!a-z0-9]licen[cs]e.*"),
    (FileClass.NOTICE, "notice* third*party* copyright* *[!a-z0-9]notice*"),
    (FileClass.CONFIG, "*config*.json model_index.json modules.json params.json *.yaml *.yml *.toml *.ini"),
    (FileClass.WEIGHTS, "*.safetensors *.bin *.pt *.pth *.pt2 *.ckpt *.gguf *.ggml *.onnx *.onnx_data*"),
    (FileClass.WEIGHTS, "*.onnx.data *.h5 *.hdf5 *.keras *.weights *.msgpack *.npz *.npy *.tflite *.pb"),
    (FileClass.WEIGHTS, "*.mlmodel *.mlpackage *.mlmodelc *.ot *.nemo *.distcp *.torchscript *.engine"),
    (
        FileClass.WEIGHTS,
        "*.pkl *.pickle *.joblib *.llamafile *.ptl *.model *.caffemodel *.data-?????-of-?????",
    ),
    (
        FileClass.DATA,
        "*.csv *.tsv *.jsonl *.parquet *.arrow *.txt *.tar *.zip *.wav *.flac *.mp3 *.png *.jpg",
    ),
    (FileClass.DATA, "*.jpeg *.webp *.gif *.mp4"),
)
_COMPILED = tuple(
    (kind, re.compile("|".join(translate(pattern) for pattern in patterns.split())))
    for kind, patterns in _RULES
)
# A Core ML package is a folder whose files carry names of their own.
_PACKAGE = re.compile(r"(?:^|/)[^/]+\.(?:mlpackage|mlmodelc)/", re.IGNORECASE)


def classify(path: str) -> FileClass:
    """The class of a relative path; `OTHER` where no rule speaks."""
    if _PACKAGE.search(path):
        return FileClass.WEIGHTS
    name = path.rpartition("/")[2].lower()
    return next((kind for kind, rule in _COMPILED if rule.match(name)), FileClass.OTHER)
