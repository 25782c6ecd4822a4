"""Names of real repositories, and what they are for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.fileclass import classify
from aibom.model import FileClass

NAMES = {
    FileClass.WEIGHTS: """model.safetensors model-00001-of-00096.safetensors pytorch_model.bin model.pth
        onnx/model.onnx onnx/model.onnx_data model.onnx.data model-q4_k_m.gguf tf_model.h5 m.keras
        flax_model.msgpack w.npz m.tflite unet/diffusion_pytorch_model.fp16.safetensors consolidated.00.pth
        M.mlpackage/Data/com.apple.CoreML/model.mlmodel M.mlpackage/Manifest.json adapter_model.bin
        ae.ckpt sklearn.pkl model.nemo""",
    FileClass.WEIGHTS_INDEX: """model.safetensors.index.json pytorch_model.bin.index.json
        unet/diffusion_pytorch_model.safetensors.index.fp16.json""",
    FileClass.CONFIG: """config.json generation_config.json preprocessor_config.json model_index.json
        1_Pooling/config.json modules.json adapter_config.json params.json quantize_config.json
        hparams.yaml""",
    FileClass.TOKENIZER: """tokenizer.json tokenizer_config.json special_tokens_map.json vocab.json vocab.txt
        merges.txt tokenizer.model spiece.model qwen.tiktoken added_tokens.json tokenizer/vocab.json
        tokenizer.model.v3 tekken.json sentencepiece.bpe.model""",
    FileClass.CHAT_TEMPLATE: "chat_template.jinja chat_template.json additional_chat_templates/tool.jinja",
    FileClass.CODE: "modeling_solar_open.py configuration_x.py license_plate.py examples/run.sh",
    FileClass.CARD: "README.md README_ko.md README",
    FileClass.LICENCE: "LICENSE LICENSE.txt Licence.md COPYING LICENSE-MODEL LICENSE_EN.md MODEL_LICENSE.pdf",
    FileClass.NOTICE: "NOTICE NOTICE.txt THIRD_PARTY_NOTICES.md ThirdPartyNotices.txt COPYRIGHT",
    FileClass.DATA: "train.csv data/train-00000-of-00001.parquet samples.jsonl assets/logo.png",
    FileClass.OTHER: ".gitattributes training_args.bin optimizer.pt rng_state_0.pth trainer_state.json a.xyz",
}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for kind, names in NAMES.items() for name in names.split()]
)
def test_names(name: str, kind: FileClass) -> None:
    assert classify(name) is kind


@given(st.text(max_size=60))
def test_every_name_has_a_class(name: str) -> None:
    assert classify(name) in FileClass
    assert classify(f"folder/{name}".replace("\0", "")) in FileClass
