"""The stand-in's repositories and its two applications: the Hub, and the origin that large files lie on."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.standin.content import Blob, Data
from tests.standin.faults import Fault, Kind
from tests.standin.replies import ByRange, Hang, refused

_LFS = (".safetensors", ".onnx", ".bin", ".gguf", ".model")
_API = re.compile(r"^([^/]+/[^/]+|[^/]+)(?:/(revision|tree|refs|commits|paths-info|auth-check)(?:/(.*))?)?$")
_FILE = re.compile(r"^(.+?)/(?:resolve|raw)/([^/]+)/(.+)$")
WHEN = "2025-12-31T00:00:00.000Z"


@dataclass
class Repository:
    """One repository. `files` may be given as plain bytes; large-file suffixes then mean LFS."""

    files: Mapping[str, Blob | bytes]
    gated: str | bool = False
    private: bool = False
    disabled: bool = False
    refs: tuple[str, ...] = ("main", "refs/pr/1")
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.blobs: dict[str, Blob] = {
            path: Data(blob, path.endswith(_LFS)) if isinstance(blob, bytes) else blob
            for path, blob in sorted(self.files.items())
        }
        lines = "".join(f"{path}:{blob.git_oid}\n" for path, blob in self.blobs.items())
        self.commit = hashlib.sha1(lines.encode("utf-8", "surrogatepass")).hexdigest()

    def knows(self, revision: str) -> bool:
        return revision == self.commit or revision in self.refs

    @property
    def card(self) -> dict[str, Any] | None:
        """The front matter of README.md, as the Hub would give it."""
        readme = self.blobs.get("README.md")
        text = readme.piece(0, readme.size).decode("utf-8", "replace") if readme else ""
        found = re.match(r"^---\r?\n(.*?)\r?\n---", text, re.DOTALL)
        try:
            return json.loads(json.dumps(yaml.safe_load(found[1]), default=str)) if found else None
        except yaml.YAMLError:
            return None


@dataclass(frozen=True)
class Exchange:
    """One logged request."""

    origin: str
    method: str
    target: str
    range: str
    authorised: bool
    host: str


class StandinHub:
    """Repositories, tokens, faults and the log of what was asked.

    `tokens` maps a valid token to the repositories whose gate is open to it. `base` and `content` are
    the URLs of the two origins, set when served. `delay` (seconds) is waited before every answer.
    """

    def __init__(
        self,
        repositories: Mapping[str, Repository],
        *,
        tokens: Mapping[str, frozenset[str]] | None = None,
        renamed: Mapping[str, str] | None = None,
        page: int = 1000,
        delay: float = 0.0,
        drops_sizes: bool = False,
    ) -> None:
        self.repositories = dict(repositories)
        self.tokens = dict(tokens or {})
        self.renamed = dict(renamed or {})
        self.page = page
        self.delay = delay
        self.drops_sizes = drops_sizes
        self.faults: list[Fault] = []
        self.log: list[Exchange] = []
        self.base = ""
        self.content = ""

    def apps(self) -> tuple[Starlette, Starlette]:
        """The Hub's application and that of the second origin."""
        hub = [
            Route("/api/models/{rest:path}", self._on_hub(self._api), methods=["GET", "POST"]),
            Route("/{rest:path}", self._on_hub(self._resolve), methods=["GET", "HEAD"]),
        ]
        content = [Route("/{rest:path}", self._on_content, methods=["GET", "HEAD"])]
        return Starlette(routes=hub), Starlette(routes=content)

    # --- what every request meets

    def _on_hub(self, handler: Any) -> Any:
        async def endpoint(request: Request) -> Response:
            fault = await self._meet("hub", request)
            return _struck(fault) or await handler(request, fault)

        return endpoint

    async def _on_content(self, request: Request) -> Response:
        fault = await self._meet("content", request)
        repository, path = unquote(request.query_params["p"]).split(":", 1)
        blob = self.repositories[repository].blobs[path]
        return _struck(fault) or ByRange(request, blob, blob.sha256, {}, fault)

    async def _meet(self, origin: str, request: Request) -> Fault | None:
        headers = request.headers
        target = _raw(request) + (f"?{request.url.query}" if request.url.query else "")
        authorised = "authorization" in headers
        self.log.append(
            Exchange(
                origin, request.method, target, headers.get("range", ""), authorised, headers.get("host", "")
            )
        )
        if self.delay:
            await asyncio.sleep(self.delay)
        line = f"{request.method} {target}"
        return next((fault for fault in self.faults if fault.strikes(origin, line)), None)

    def _guard(self, request: Request, name: str, *, content: bool) -> Repository | Response:
        """The repository, or the refusal that the Hub gives to this caller."""
        authorisation = request.headers.get("authorization", "")
        token = authorisation.removeprefix("Bearer ") if authorisation else None
        if token is not None and token not in self.tokens:
            return refused(401, None, "Invalid credentials in Authorization header")
        if name in self.renamed:
            moved = str(request.url).replace(name, self.renamed[name], 1)
            return RedirectResponse(moved, 307)
        repository = self.repositories.get(name)
        if repository is None or (repository.private and token is None):
            # The real Hub: a bare 401 to the anonymous, 404 to the authenticated.
            return (
                refused(401, None, None)
                if token is None
                else refused(404, "RepoNotFound", "Repository not found")
            )
        if repository.disabled:
            return refused(403, None, "Access to this resource is disabled.")
        if content and repository.gated and (token is None or name not in self.tokens[token]):
            return refused(
                401 if token is None else 403, "GatedRepo", f"Access to model {name} is restricted."
            )
        return repository

    # --- metadata

    async def _api(self, request: Request, fault: Fault | None) -> Response:
        found = _API.match(_raw(request).split("/api/models/", 1)[1])
        if found is None:
            return refused(404, "RepoNotFound", "Repository not found")
        name, verb, tail = unquote(found[1]), found[2], found[3] or "main"
        repository = self._guard(request, name, content=verb == "auth-check")
        if isinstance(repository, Response):
            return repository
        revision, _, below = tail.partition("/")
        if verb in (None, "revision", "tree") and not repository.knows(unquote(revision)):
            return refused(404, "RevisionNotFound", f"Invalid rev id: {unquote(revision)}")
        if verb == "tree":
            return self._tree(request, repository, unquote(below))
        if verb == "paths-info":
            return await _paths_info(request, repository)
        if verb == "refs":
            branch = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.commit}
            return JSONResponse({"branches": [branch], "converts": [], "tags": []})
        if verb == "commits":
            return JSONResponse(
                [{"id": repository.commit, "authors": [], "date": WHEN, "title": "init", "message": ""}]
            )
        return JSONResponse({} if verb == "auth-check" else self._info(request, name, repository))

    def _info(self, request: Request, name: str, repository: Repository) -> dict[str, Any]:
        query, card = request.query_params, repository.card or {}
        blobs = query.get("blobs") == "true" and not self.drops_sizes
        siblings = [_sibling(path, blob, blobs=blobs) for path, blob in repository.blobs.items()]
        info: dict[str, Any] = {
            "_id": hashlib.md5(name.encode()).hexdigest()[:24],
            "id": name,
            "modelId": name,
            "author": name.split("/")[0],
            "sha": repository.commit,
            "lastModified": WHEN,
            "createdAt": "2025-12-30T00:00:00.000Z",
            "private": repository.private,
            "gated": repository.gated,
            "disabled": repository.disabled,
            "downloads": 7,
            "likes": 3,
            "tags": card.get("tags") or [],
            "pipeline_tag": card.get("pipeline_tag"),
            "library_name": card.get("library_name"),
            "cardData": repository.card,
            "siblings": siblings,
        }
        if query.get("securityStatus") == "true":
            info["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
        if wanted := query.getlist("expand"):
            parents = card.get("base_model")
            names = [parents] if isinstance(parents, str) else parents or []
            if names:
                relation = card.get("base_model_relation", "finetune")
                info["baseModels"] = {"relation": relation, "models": [{"_id": "x", "id": n} for n in names]}
            info = {key: value for key, value in info.items() if key in {"_id", "id", "modelId", *wanted}}
        return info | repository.info

    def _tree(self, request: Request, repository: Repository, below: str) -> Response:
        query = request.query_params
        entries = [_entry(path, blob) for path, blob in repository.blobs.items() if path.startswith(below)]
        start = int(query.get("cursor", 0))
        headers = {}
        if start + self.page < len(entries):
            rest = "&".join(f"{key}={value}" for key, value in query.multi_items() if key != "cursor")
            link = f"{self.base}{_raw(request)}?{rest}&cursor={start + self.page}"
            headers["Link"] = f'<{link}>; rel="next"'
        return JSONResponse(entries[start : start + self.page], headers=headers)

    # --- files

    async def _resolve(self, request: Request, fault: Fault | None) -> Response:
        found = _FILE.match(_raw(request).lstrip("/"))
        if found is None:
            return refused(404, None, "no route")
        name, revision, path = unquote(found[1]), unquote(found[2]), unquote(found[3])
        repository = self._guard(request, name, content=True)
        if isinstance(repository, Response):
            return repository
        if not repository.knows(revision):
            return refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        headers = {"X-Repo-Commit": repository.commit, "Accept-Ranges": "bytes"}
        blob = repository.blobs.get(path)
        if blob is None:
            return refused(404, "EntryNotFound", "Entry not found", headers)
        if not blob.lfs:
            return ByRange(request, blob, blob.git_oid, headers, fault)
        linked = {"X-Linked-Size": str(blob.size), "X-Linked-ETag": f'"{blob.sha256}"'}
        place = f"{self.content}/{blob.sha256}?p={quote(f'{name}:{path}')}&Signature=x"
        return RedirectResponse(place, 302, headers=headers | linked)


def _struck(fault: Fault | None) -> Response | None:
    if fault is None or fault.kind not in (Kind.STATUS, Kind.HANG):
        return None
    if fault.kind is Kind.HANG:
        return Hang()
    return Response(fault.body, fault.status, headers=fault.headers, media_type=fault.media_type)


def _raw(request: Request) -> str:
    return request.scope["raw_path"].decode("ascii")


def _sibling(path: str, blob: Blob, *, blobs: bool) -> dict[str, Any]:
    if not blobs:
        return {"rfilename": path}
    known: dict[str, Any] = {"rfilename": path, "blobId": blob.git_oid, "size": blob.size}
    if blob.lfs:
        known["lfs"] = {"sha256": blob.sha256, "size": blob.size, "pointerSize": 134}
    return known


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    known: dict[str, Any] = {"type": "file", "oid": blob.git_oid, "size": blob.size, "path": path}
    if blob.lfs:
        known["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": 134}
    return known


async def _paths_info(request: Request, repository: Repository) -> Response:
    body = await request.body()
    paths = (
        parse_qs(body.decode()).get("paths", []) if b"paths=" in body else json.loads(body).get("paths", [])
    )
    return JSONResponse([_entry(path, repository.blobs[path]) for path in paths if path in repository.blobs])
