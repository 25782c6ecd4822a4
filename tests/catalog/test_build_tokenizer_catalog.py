"""The builder of the tokenizer prints, on packages and a field kit of the tests' own."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aibom.catalog.tokenizers import decode
from tests.builders.tokenizer import tiktoken
from tests.builders.vocabularies import words

TOOLS = Path(__file__).parents[2] / "tools"
SECRET = words("secret", 1500)
RANKS = tiktoken(word.encode() for word in SECRET)


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    import build_tokenizer_catalog

    module: ModuleType = build_tokenizer_catalog
    return module


class Place:
    """A wheel, a field kit, and the list of sources that names both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.field = folder / "field"
        (self.field / "acme__repo").mkdir(parents=True)
        (self.field / "acme__repo" / "acme.tiktoken").write_bytes(RANKS)
        (folder / "wheels").mkdir()
        wheel = folder / "wheels" / "acme_tokenizer-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("acme/acme.tiktoken", RANKS)
        package = {
            "package": "acme-tokenizer",
            "version": "1.0",
            "archive": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "files": [{"path": "acme/acme.tiktoken", "sha256": hashlib.sha256(RANKS).hexdigest()}],
        }
        repository = {
            "repository": "acme/repo",
            "commit": "c" * 40,
            "folder": "acme__repo",
            "files": [{"path": "acme.tiktoken", "sha256": hashlib.sha256(RANKS).hexdigest()}],
        }
        self.rows = [self._row("wheel", package), self._row("field", repository)]

    def _row(self, ident: str, source: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": ident,
            "name": "Acme",
            "organisation": "upstage",
            "released": "2024-05",
            "released_basis": "unverified: a test",
            "licence": "MIT",
            "source": source,
        }

    def arguments(self, *more: str) -> list[str]:
        sources = self.folder / "sources.json"
        sources.write_text(json.dumps({"tokenizers": self.rows}), "utf-8")
        wheels = str(self.folder / "wheels")
        return ["--sources", str(sources), "--wheels", wheels, "--output", str(self.folder), *more]

    @property
    def output(self) -> bytes:
        return (self.folder / "tokenizer_prints.json").read_bytes()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.delenv("AIBOM_FIELD", raising=False)
    return Place(tmp_path)


def test_prints_are_built_from_wheels_and_the_field_kit(builder: ModuleType, place: Place) -> None:
    assert builder.main(place.arguments("--field", str(place.field))) == 0
    one, other = decode(json.loads(place.output))
    assert (one.id, one.source) == ("field", "acme/repo at ccccccc: acme.tiktoken")
    assert (other.id, other.source) == ("wheel", "acme-tokenizer 1.0: acme/acme.tiktoken")
    assert one.print == other.print and one.print.size == len(SECRET)
    digest = hashlib.sha256(place.output).hexdigest()
    assert f"{digest}  tokenizer_prints.json" in (place.folder / "SHA256SUMS").read_text("utf-8")


def test_no_token_is_written(builder: ModuleType, place: Place) -> None:
    builder.main(place.arguments("--field", str(place.field)))
    assert b"secret" not in place.output


def test_without_the_field_kit_its_records_are_kept_and_the_bytes_are_the_same(
    builder: ModuleType, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    builder.main(place.arguments("--field", str(place.field)))
    before = place.output
    capsys.readouterr()
    builder.main(place.arguments())
    assert place.output == before
    assert json.loads(capsys.readouterr().out) == {"tokenizers": 2, "kept": ["field"]}


def test_a_record_that_was_never_built_needs_the_field_kit(builder: ModuleType, place: Place) -> None:
    with pytest.raises(SystemExit, match="field: made from the field kit"):
        builder.main(place.arguments())


@pytest.mark.parametrize("of", ["archive", "sha256"])
def test_a_file_that_is_not_the_pinned_one_is_refused(builder: ModuleType, place: Place, of: str) -> None:
    source = place.rows[0]["source"]
    (source if of == "archive" else source["files"][0])[of] = "0" * 64
    with pytest.raises(SystemExit, match="not the pinned one"):
        builder.main(place.arguments("--field", str(place.field)))


def test_an_organisation_that_the_registry_does_not_know_is_refused(
    builder: ModuleType, place: Place
) -> None:
    place.rows[0]["organisation"] = "nobody"
    with pytest.raises(SystemExit, match="no organisation nobody"):
        builder.main(place.arguments("--field", str(place.field)))


def test_what_is_no_vocabulary_is_refused(builder: ModuleType, place: Place) -> None:
    broken = b"not ranks\n"
    (place.field / "acme__repo" / "acme.tiktoken").write_bytes(broken)
    place.rows[1]["source"]["files"][0]["sha256"] = hashlib.sha256(broken).hexdigest()
    with pytest.raises(SystemExit, match="field: no one vocabulary"):
        builder.main(place.arguments("--field", str(place.field)))


def test_clip_is_numbered_as_it_numbers_its_tokens(builder: ModuleType) -> None:
    """Bytes, bytes at the end of a word, then what the merges make; only so many of the list count."""
    merges = ["t h", "th e</w>", *(f"x {word}" for word in words("a", 50_000))]
    files = builder.clip_files(gzip.compress("\n".join(["version", *merges]).encode()))
    vocab = json.loads(files["vocab.json"])
    assert [vocab[token] for token in ("!", "a", "a</w>", "th", "the</w>")] == [0, 64, 320, 512, 513]
    assert len(vocab) == 49_152 - 2 and len(files["merges.txt"].splitlines()) == len(vocab) - 512
