"""A BOM of a repository on a Hub, signed there, and held against a local copy of it."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import Run
from tests.signing.conftest import pair
from tests.standin import Repository, StandinHub, serving

FILES = {"config.json": b'{"model_type": "llama"}', "notes.txt": b"x" * 1000, "weights/model.bin": bytes(500)}


def copied(folder: Path) -> Path:
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_what_was_signed_on_the_hub_is_verified_there_and_in_a_copy(aibom: Run, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pair("p384").private)
    (tmp_path / "pub.pem").write_bytes(pair("p384").public)
    with serving(StandinHub({"org/name": Repository(FILES)})) as hub:
        there = ("org/name", "--hub-url", hub.base)
        assert aibom("generate", *there, "-o", "bom.json").code == 0
        assert aibom("sign", "bom.json", *there, "--key", "key.pem", "-o", "e.json").code == 0
        verify = ("verify-signature", "e.json", "--key", "pub.pem", "--bom", "bom.json", "--target")
        done = aibom(*verify, *there)
        assert (done.code, "3 of 3 files" in done.out) == (0, True), done.out + done.err
    local = copied(tmp_path / "copy")
    assert aibom(*verify, local).code == 0
    (local / "weights" / "model.bin").write_bytes(bytes(499) + b"\1")
    done = aibom(*verify, local)
    assert (done.code, "weights/model.bin" in done.out) == (1, True)
