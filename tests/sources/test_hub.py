"""Repositories on the Hub: what is found, under which name, at which commit, and what is refused."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from aibom.errors import AccessError, ExitCode, NetworkError, NotFoundError, ReadError, UsageError
from aibom.model import FileEntry, Stage, TargetKind
from tests.sources.conftest import Open, Serve
from tests.standin import Data, Fault, Repository

CARD = b"---\nlicense: mit\nbase_model: up/stream\nbase_model_relation: quantized\ntags: [a, b]\n---\n# M\n"
WEIGHTS = bytes(range(256)) * 1000
MODEL = Repository({"README.md": CARD, "config.json": b'{"model_type": "x"}', "model.safetensors": WEIGHTS})
GATED = Repository({"README.md": CARD, "config.json": b"{}", "model.safetensors": WEIGHTS}, gated="manual")
TOKENS = {"good": frozenset({"org/gated"}), "other": frozenset()}


@pytest.fixture(params=["plain", "tls"])
def tls(
    request: pytest.FixtureRequest, pem: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Path | None:
    """None, or the server's certificate with its authority made known to the process."""
    if request.param == "plain":
        return None
    monkeypatch.setenv("SSL_CERT_FILE", str(pem[0]))
    return pem[1]


def test_found(serve: Serve, opened: Open, tls: Path | None) -> None:
    hub = serve({"org/model": MODEL}, tls=tls)
    source = opened(hub, "org/model")
    target = source.target
    assert (target.kind, target.ref, target.name) == (TargetKind.HUB, "org/model", "model")
    assert (target.repository, target.revision, target.endpoint) == ("org/model", MODEL.commit, hub.base)
    assert target.hub is not None
    assert target.hub.base_models == (("quantized", "up/stream"),)
    assert target.hub.tags == ("a", "b")
    assert target.hub.created == "2025-12-30T00:00:00Z"
    assert target.hub.scans_done is True
    weights = MODEL.blobs["model.safetensors"]
    assert list(source.files) == ["README.md", "config.json", "model.safetensors"]
    assert source.files["model.safetensors"] == FileEntry("model.safetensors", weights.size, weights.sha256)
    assert source.read("config.json") == b'{"model_type": "x"}'
    assert source.read("model.safetensors", 1000, 300) == WEIGHTS[1000:1300]
    assert source.unknowns == ()


def test_a_git_object_id_is_never_a_digest(serve: Serve, opened: Open) -> None:
    source = opened(serve({"org/model": MODEL}), "org/model")
    assert source.files["config.json"].sha256 is None


def test_renamed(serve: Serve, opened: Open, tls: Path | None) -> None:
    hub = serve({"org/model": MODEL}, renamed={"old/name": "org/model"}, tls=tls)
    source = opened(hub, "old/name")
    assert source.target.repository == "org/model"
    assert source.target.ref == "old/name"
    assert source.read("config.json") == b'{"model_type": "x"}'


@pytest.mark.parametrize("ref", ["org/model@refs/pr/1", "hf:org/model@refs/pr/1"])
def test_revision(serve: Serve, opened: Open, ref: str) -> None:
    assert opened(serve({"org/model": MODEL}), ref).target.revision == MODEL.commit


def test_missing_revision(serve: Serve, opened: Open) -> None:
    with pytest.raises(NotFoundError, match="no revision 'v9'"):
        opened(serve({"org/model": MODEL}), "org/model", revision="v9")


@pytest.mark.parametrize("token", [None, "good"])
def test_missing(serve: Serve, opened: Open, tls: Path | None, token: str | None, tmp_path: Path) -> None:
    hub = serve({"org/model": MODEL}, tls=tls, tokens=TOKENS)
    with pytest.raises(NotFoundError, match="org/none: no such repository") as caught:
        opened(hub, "org/none", token=token, cache_dir=tmp_path / "cache")
    assert caught.value.exit_code is ExitCode.INPUT
    assert list(tmp_path.iterdir()) == []


def test_private(serve: Serve, opened: Open) -> None:
    hub = serve({"org/own": Repository({"config.json": b"{}"}, private=True)}, tokens=TOKENS)
    with pytest.raises(NotFoundError, match="or it is private"):
        opened(hub, "org/own")
    assert opened(hub, "org/own", token="good").read("config.json") == b"{}"


def test_disabled(serve: Serve, opened: Open) -> None:
    hub = serve({"org/off": Repository({"config.json": b"{}"}, disabled=True)})
    with pytest.raises(AccessError, match="disabled"):
        opened(hub, "org/off")


def test_token_that_the_hub_does_not_know(serve: Serve, opened: Open) -> None:
    with pytest.raises(AccessError, match="does not accept the token"):
        opened(serve({"org/gated": GATED}, tokens=TOKENS), "org/gated", token="wrong")


@pytest.mark.parametrize("token", [None, "other"])
def test_gated_gives_metadata_and_says_what_is_missing(serve: Serve, opened: Open, token: str | None) -> None:
    hub = serve({"org/gated": GATED}, tokens=TOKENS)
    source = opened(hub, "org/gated", token=token)
    assert source.target.hub is not None
    assert source.target.hub.gated == "manual"
    assert source.files["model.safetensors"].sha256 == GATED.blobs["model.safetensors"].sha256
    assert [unknown.path for unknown in source.unknowns] == [
        "card (1 file)",
        "config (1 file)",
        "weights (1 file)",
    ]
    assert {unknown.stage for unknown in source.unknowns} == {Stage.SOURCE}
    before = len(hub.log)
    with pytest.raises(ReadError, match="gated"):
        source.read("config.json")
    assert len(hub.log) == before, "a refused repository is not asked again"


def test_gated_with_access(serve: Serve, opened: Open) -> None:
    source = opened(serve({"org/gated": GATED}, tokens=TOKENS), "org/gated", token="good")
    assert source.unknowns == ()
    assert source.read("model.safetensors", 5, 5) == WEIGHTS[5:10]


def test_the_token_goes_to_the_hub_alone_and_nothing_to_other_hosts(
    serve: Serve, opened: Open, tls: Path | None
) -> None:
    hub = serve({"org/gated": GATED}, tokens=TOKENS, tls=tls)
    source = opened(hub, "org/gated", token="good")
    source.read("model.safetensors", 0, 10)
    source.read("model.safetensors", 50, 10)
    assert {exchange.origin for exchange in hub.log} == {"hub", "content"}
    assert {(exchange.origin, exchange.authorised) for exchange in hub.log} == {
        ("hub", True),
        ("content", False),
    }
    hosts = {hub.base.partition("//")[2], hub.content.partition("//")[2]}
    assert {exchange.host for exchange in hub.log} == hosts
    assert not [exchange for exchange in hub.log if "agent" in exchange.target]


def test_without_a_token_none_is_taken_from_the_environment(
    serve: Serve, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "good")
    hub = serve({"org/model": MODEL}, tokens=TOKENS)
    opened(hub, "org/model").read("config.json")
    assert not any(exchange.authorised for exchange in hub.log)


def test_an_unknown_authority_is_a_network_error(serve: Serve, opened: Open, pem: tuple[Path, Path]) -> None:
    hub = serve({"org/model": MODEL}, tls=pem[1])
    with pytest.raises(NetworkError, match="cannot be reached"):
        opened(hub, "org/model", retries=0)


def test_a_mirror_without_sizes_is_completed_from_the_paged_tree(serve: Serve, opened: Open) -> None:
    files = {f"part/{number:05}.txt": b"x" * (number % 7) for number in range(2345)}
    hub = serve({"org/many": Repository({**files, "w.safetensors": WEIGHTS})}, drops_sizes=True)
    source = opened(hub, "org/many")
    assert len(source.files) == 2346
    assert all(source.files[path].size == len(data) for path, data in files.items())
    assert source.files["w.safetensors"].sha256 is not None
    pages = [exchange for exchange in hub.log if "/tree/" in exchange.target]
    assert len(pages) == 3


def test_a_mirror_without_tree_is_completed_by_asking_each_file(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL}, drops_sizes=True)
    hub.faults.append(Fault("/tree/", status=404))
    source = opened(hub, "org/model")
    weights = MODEL.blobs["model.safetensors"]
    assert source.files["model.safetensors"] == FileEntry("model.safetensors", weights.size, weights.sha256)
    assert source.files["config.json"].size == 19


def test_a_server_that_tells_no_size_at_all(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL}, drops_sizes=True)
    hub.faults += [Fault("/tree/", status=404), Fault("^HEAD", status=404)]
    source = opened(hub, "org/model")
    assert {entry.size for entry in source.files.values()} == {None}
    assert source.read("config.json") == b'{"model_type": "x"}'
    assert source.read("model.safetensors", 256_000 - 10, 100) == WEIGHTS[-10:]


def test_failing_base_models_are_an_unknown(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL})
    hub.faults.append(Fault("expand=baseModels", status=400))
    source = opened(hub, "org/model")
    assert "base models" in source.unknowns[0].reason
    assert source.target.hub is not None
    assert source.target.hub.base_models == ()


def test_unsafe_names_are_unknown_and_shown_escaped(serve: Serve, opened: Open) -> None:
    names = ["../up", "/etc/passwd", "a/../b", "bell\x07.json", "rtl\u202egnp.exe", "fine.json"]
    source = opened(serve({"org/odd": Repository({name: Data(b"{}") for name in names})}), "org/odd")
    assert list(source.files) == ["fine.json"]
    shown = sorted(unknown.path for unknown in source.unknowns)
    assert shown == ["../up", "/etc/passwd", "a/../b", "bell\\x07.json", "rtl\\u202egnp.exe"]


def test_more_files_than_the_bound(serve: Serve, opened: Open) -> None:
    hub = serve({"org/many": Repository({f"{number}.txt": b"" for number in range(9)})})
    source = opened(hub, "org/many", max_files=5)
    assert len(source.files) == 5
    assert "max_files" in source.unknowns[0].reason


@pytest.mark.parametrize(
    ("front", "licence"),
    [
        ("license: llama3.1", "llama3.1"),
        ("license: [llama3.1]", "llama3.1"),
        ("license: other\nlicense_name: exaone", "exaone"),
        ("license: other", "other"),
        ("license: [mit, apache-2.0]", None),
        ("license: {a: b}", None),
        ("license_name: exaone", None),
        ("tags: [x]", None),
    ],
)
def test_the_licence_of_another_repository(
    serve: Serve, opened: Open, front: str, licence: str | None
) -> None:
    parent = Repository({"README.md": f"---\n{front}\n---\n# P\n".encode()})
    hub = serve({"org/model": MODEL, "up/parent": parent})
    reference = opened(hub, "org/model").lookup("up/parent")
    assert reference is not None and reference.licence == licence


def test_lookup(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL, "up/stream": MODEL, "up/other": MODEL})
    source = opened(hub, "org/model", max_lookups=2)
    reference = source.lookup("up/stream")
    assert reference is not None
    assert (reference.repository, reference.revision) == ("up/stream", MODEL.commit)
    assert reference.created == "2025-12-30T00:00:00Z"
    assert reference.files[2].sha256 == MODEL.blobs["model.safetensors"].sha256
    assert reference.licence == "mit"
    assert source.lookup("no/such") is None
    before = len(hub.log)
    assert source.lookup("up/stream") == reference
    assert source.lookup("up/other") is None, "the bound on look-ups is reached"
    assert source.lookup("not a repository") is None
    assert len(hub.log) == before


@pytest.mark.parametrize(
    "ref", ["no/such/path", "./nothing", "gone.onnx", "org/model.gguf", "a--b/c", "word"]
)
def test_what_is_neither_path_nor_repository(opened: Open, ref: str) -> None:
    with pytest.raises(NotFoundError, match="no such file or folder") as caught:
        opened("http://127.0.0.1:9", ref)
    assert "org/name" in caught.value.advice


def test_an_existing_path_wins_and_the_prefix_forces_the_hub(
    serve: Serve, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "org" / "model").mkdir(parents=True)
    (tmp_path / "org" / "model" / "config.json").write_bytes(b"local")
    monkeypatch.chdir(tmp_path)
    hub = serve({"org/model": MODEL})
    assert opened(hub, "org/model").read("config.json") == b"local"
    assert opened(hub, "hf:org/model").read("config.json") == b'{"model_type": "x"}'


@pytest.mark.parametrize(
    "url", ["hub", "ftp://hub", "https://me:secret@hub", "https://", "https://hub?x=1", "http://hub:port"]
)
def test_endpoints_without_meaning(opened: Open, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        opened(url, "org/model")
    assert "secret" not in caught.value.diagnostics()


def test_a_trailing_slash_is_no_other_endpoint(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL})
    assert opened(hub.base + "/", "org/model").target.endpoint == hub.base


def test_paths_in_any_script(serve: Serve, opened: Open) -> None:
    names = ["한국어 모델/설정 100%.json", "a+b#c?d.json"]
    source = opened(serve({"org/odd": Repository({name: Data(name.encode()) for name in names})}), "org/odd")
    assert sorted(source.files) == sorted(names)
    assert [source.read(name).decode() for name in names] == names


def test_the_system_s_proxy_is_used(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    routes: list[object] = []

    class Transport(httpx2.MockTransport):
        def __init__(self, limits: object, proxy: str | None) -> None:
            super().__init__(lambda request: httpx2.Response(404))
            routes.append(proxy)

    monkeypatch.setattr(httpx2, "HTTPTransport", Transport)
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "inside")
    for host in ("outside", "inside"):
        with pytest.raises(NotFoundError):
            opened(f"https://{host}", "org/model")
    assert routes == ["http://proxy:3128", None]


@pytest.mark.parametrize(("ref", "revision"), [("org/model@", None), ("org/model@a", "b"), ("", None)])
def test_references_without_meaning(opened: Open, ref: str, revision: str | None) -> None:
    with pytest.raises(UsageError):
        opened("http://127.0.0.1:9", ref, revision=revision)
