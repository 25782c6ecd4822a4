"""The builder of the tokenizer prints, on packages of the tests' own."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aibom.catalog.tokenizers import decode
from tests.builders.gguf import gguf
from tests.builders.tokenizer import tiktoken
from tests.builders.vocabularies import words

TOOLS = Path(__file__).parents[2] / "tools"
SECRET = words("secret", 1500)
RANKS = tiktoken(word.encode() for word in SECRET)
GGUF = gguf({"tokenizer.ggml.model": "gpt2", "tokenizer.ggml.tokens": SECRET})


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    import build_tokenizer_catalog

    module: ModuleType = build_tokenizer_catalog
    return module


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("inner", data)
    return buffer.getvalue()


class Place:
    """Archives, and the list of sources that names them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archives = folder / "archives"
        self.archives.mkdir()
        self.rows: list[dict[str, Any]] = []

    def wheel(self, ident: str, path: str, data: bytes, **more: str) -> None:
        """A record of a wheel that holds one file."""
        archive = self.archives / f"acme_{ident}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(path, data)
        self._add(ident, archive, {"path": path, "sha256": sha256(data), **more})

    def sdist(self, ident: str, path: str, data: bytes) -> None:
        """A record of a source archive that holds one file beside another."""
        archive = self.archives / f"acme_{ident}-1.0.tar.gz"
        with tarfile.open(archive, "w:gz") as file:
            for name, content in (("setup.py", b"raise SystemExit"), (path, data)):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                file.addfile(entry, io.BytesIO(content))
        self._add(ident, archive, {"path": path, "sha256": sha256(data)}, sdist=True)

    def _add(self, ident: str, archive: Path, file: dict[str, str], **more: bool) -> None:
        source = {"package": f"acme-{ident}", "version": "1.0", "archive": sha256(archive.read_bytes())}
        self.rows.append(
            {
                "id": ident,
                "name": "Acme",
                "organisation": "upstage",
                "released": "2024-05",
                "released_basis": "unverified: a test",
                "licence": "MIT",
                "source": {**source, **more, "files": [file]},
            }
        )

    def arguments(self) -> list[str]:
        sources = self.folder / "sources.json"
        sources.write_text(json.dumps({"tokenizers": self.rows}), "utf-8")
        output = str(self.folder)
        return ["--sources", str(sources), "--archives", str(self.archives), "--output", output]

    @property
    def output(self) -> bytes:
        return (self.folder / "tokenizer_prints.json").read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_prints_are_built_from_wheels_and_source_archives(builder: ModuleType, place: Place) -> None:
    place.wheel("wheel", "acme/acme.tiktoken", RANKS)
    place.sdist("gguf", "acme_gguf-1.0/vocab.gguf", GGUF)
    assert builder.main(place.arguments()) == 0
    one, other = decode(json.loads(place.output))
    assert (one.id, one.source) == ("gguf", "acme-gguf 1.0: acme_gguf-1.0/vocab.gguf")
    assert (other.id, other.source) == ("wheel", "acme-wheel 1.0: acme/acme.tiktoken")
    assert one.print.size == other.print.size == len(SECRET)
    assert one.print.vocabulary_digest == other.print.vocabulary_digest
    digest = sha256(place.output)
    assert f"{digest}  tokenizer_prints.json" in (place.folder / "SHA256SUMS").read_text("utf-8")


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zip", zipped)])
def test_a_compressed_file_gives_the_same_print(
    builder: ModuleType, place: Place, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    pinned = {"as": "acme.tiktoken", "unpacked_sha256": sha256(RANKS)}
    place.wheel("packed", f"acme.tiktoken{suffix}", pack(RANKS), **pinned)
    place.wheel("plain", "acme.model.v1", RANKS, **{"as": "tokenizer.model"})
    builder.main(place.arguments())
    packed, plain = decode(json.loads(place.output))
    assert packed.print == plain.print


def test_no_token_is_written(builder: ModuleType, place: Place) -> None:
    place.wheel("wheel", "acme/acme.tiktoken", RANKS)
    place.sdist("gguf", "vocab.gguf", GGUF)
    builder.main(place.arguments())
    assert b"secret" not in place.output


@pytest.mark.parametrize("of", ["archive", "sha256", "unpacked_sha256"])
def test_a_file_that_is_not_the_pinned_one_is_refused(builder: ModuleType, place: Place, of: str) -> None:
    place.wheel("wheel", "acme.tiktoken.gz", gzip.compress(RANKS), **{"as": "acme.tiktoken"})
    source = place.rows[0]["source"]
    (source if of == "archive" else source["files"][0])[of] = "0" * 64
    with pytest.raises(SystemExit, match="not the pinned one"):
        builder.main(place.arguments())


def test_an_organisation_that_the_registry_does_not_know_is_refused(
    builder: ModuleType, place: Place
) -> None:
    place.wheel("wheel", "acme.tiktoken", RANKS)
    place.rows[0]["organisation"] = "nobody"
    with pytest.raises(SystemExit, match="no organisation nobody"):
        builder.main(place.arguments())


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("broken.tiktoken", b"not ranks\n"),
        ("none.gguf", gguf({"tokenizer.ggml.model": "none"})),
        ("unread.gguf", gguf({"tokenizer.ggml.model": "gpt2"})),
    ],
)
def test_what_is_no_vocabulary_is_refused(builder: ModuleType, place: Place, path: str, data: bytes) -> None:
    place.wheel("wheel", path, data)
    with pytest.raises(SystemExit, match=r"wheel: no (one )?vocabulary"):
        builder.main(place.arguments())


def test_clip_is_numbered_as_it_numbers_its_tokens(builder: ModuleType) -> None:
    """Bytes, bytes at the end of a word, then what the merges make; only so many of the list count."""
    merges = ["t h", "th e</w>", *(f"x {word}" for word in words("a", 50_000))]
    files = builder.clip_files(gzip.compress("\n".join(["version", *merges]).encode()))
    vocab = json.loads(files["vocab.json"])
    assert [vocab[token] for token in ("!", "a", "a</w>", "th", "the</w>")] == [0, 64, 320, 512, 513]
    assert len(vocab) == 49_152 - 2 and len(files["merges.txt"].splitlines()) == len(vocab) - 512
