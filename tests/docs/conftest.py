"""A folder in which everything is there that the pages name: models, BOMs, keys, records, documents."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from safetensors.numpy import save_file

import aibom
from aibom.bom import serialise
from aibom.index import encode, record_of
from aibom.render import json_bytes
from tests.builders.gguf import decoder, gguf
from tests.docs.blocks import ROOT

WIDTH = 512
ORGANISATIONS = ROOT / "examples" / "organisations.json"


def weighed(folder: Path, seed: int) -> None:
    """A small language model whose weights are wide enough to be held against others."""
    draw = np.random.default_rng(seed)
    names = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.up_proj", "mlp.gate_proj")
    folder.mkdir()
    save_file(
        {
            f"model.layers.{layer}.{name}.weight": draw.standard_normal((WIDTH, WIDTH), dtype=np.float32)
            for layer in range(4)
            for name in names
        },
        folder / "model.safetensors",
    )
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": WIDTH}
    (folder / "config.json").write_text(json.dumps(config))


def keys(folder: Path, private: str, public: str) -> None:
    """A pair of keys as PEM files."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / private).write_bytes(pem)
    (folder / public).write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


@pytest.fixture(scope="session")
def _stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; nobody writes into it."""
    folder = tmp_path_factory.mktemp("docs") / "desk"
    folder.mkdir()
    models = folder / "demo" / "models"
    subprocess.run([sys.executable, ROOT / "examples" / "build.py", models], check=True, capture_output=True)
    for name in ("checkout", "model"):
        shutil.copytree(models / "solar-open", folder / name)
    found = aibom.record(
        str(folder / "checkout"),
        folder / "org-name",
        alias="upstage/Solar-Open-shape",
        organisations=ORGANISATIONS,
        offline=True,
    )
    bom = serialise(found.to_cyclonedx(reproducible=True))
    for name in ("model", "vendor", "ours", "one", "two", "old", "new", "demo/solar-open"):
        (folder / f"{name}.cdx.json").write_bytes(bom)
    (folder / "model.report.json").write_bytes(json_bytes(found.to_json()))
    for name, seed in (("org-one", 1), ("org-other", 2), ("known", 1), ("a-folder", 3)):
        weighed(folder / name, seed)
    aibom.record(
        str(folder / "known"), folder / "org-known", alias="org/known", depth="weights", offline=True
    )
    scan = aibom.generate(str(folder / "a-folder"), depth="weights", offline=True)
    (folder / "record.safetensors").write_bytes(encode(record_of(scan.analysis)))
    (folder / "model.gguf").write_bytes(gguf({"general.architecture": "llama"}, decoder()))
    keys(folder, "key.pem", "pub.pem")
    (folder / "vendor.pem").write_bytes((folder / "pub.pem").read_bytes())
    for name in ("proof.pdf", "training.log"):
        (folder / name).write_text("step 1\n")
    (folder / "documents").mkdir()
    (folder / "examples").mkdir()
    shutil.copy(ORGANISATIONS, folder / "examples")
    return folder


@pytest.fixture
def desk(_stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy, as the working directory, with caches of its own."""
    folder = tmp_path / "desk"
    shutil.copytree(_stocked, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder
