"""Files of the model with their digests: components of type file, hashes, and references to files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import DESCRIBED, Component, Kind, Object, entries
from aibom.documents.hashes import safe_path, sha256
from aibom.documents.identity import of_url
from aibom.documents.limits import LONGEST_PATH
from aibom.documents.page import Page, member, text
from aibom.formats.fileclass import classify
from aibom.formats.values import as_str
from aibom.model import FileClass, FileEntry, Listing, Unknown

_SIZE = re.compile(r"[0-9]{1,18}")


def files(
    components: Sequence[Component], subject: Component | None, page: Page
) -> Iterator[FileEntry | Listing | Unknown]:
    """Every file once; of two entries for one path with different digests the first is kept; that is told."""
    kept: dict[str, FileEntry] = {}
    for entry in _found(components, subject, page):
        if not isinstance(entry, FileEntry):
            yield entry
            continue
        before = kept.setdefault(entry.path, entry)
        if before.sha256 and entry.sha256 and before.sha256 != entry.sha256:
            yield page.unknown(f"{entry.path} is listed with two different SHA-256; the first is read")
        if before.sha256 is None and entry.sha256:
            kept[entry.path] = entry
    yield from sorted(kept.values(), key=lambda entry: entry.path)


def paths(components: Iterable[Component]) -> dict[str, str]:
    """The path of a file component by its bom-ref."""
    listed = ((each.ref, _path(each)) for each in components if each.kind is Kind.FILE)
    return {ref: path for ref, path in listed if ref and path}


def _found(
    components: Sequence[Component], subject: Component | None, page: Page
) -> Iterator[FileEntry | Listing | Unknown]:
    for each in components:
        if each.kind is Kind.FILE and (each.path != DESCRIBED or _digest(each.data)[0]):
            yield from _file(each, page)  # without a digest, what was scanned may be a folder
        elif each.kind is Kind.MODEL:
            yield from _of_model(each, page)
            if each is subject:
                yield from _referenced(each, page)


def _file(each: Component, page: Page) -> Iterator[FileEntry | Listing | Unknown]:
    path = _path(each)
    if path is None:
        yield page.unknown("a file without a path inside the model is left out", each.path)
        return
    size = each.one(Property.FILE_SIZE)
    found, complaint = _digest(each.data)
    if complaint:
        yield page.unknown(f"{path}: {complaint}", each.path)
    yield FileEntry(
        path=path,
        size=int(size) if _SIZE.fullmatch(size) else None,
        sha256=found,
        kind=member(FileClass, each.one(Property.FILE_KIND)) or classify(path),
        lfs_pointer=each.one(Property.FILE_POINTER) == "true",
    )
    yield Listing(path, page.at(each.path))


def _of_model(each: Component, page: Page) -> Iterator[FileEntry | Listing | Unknown]:
    """A model's own hashes are those of a file only where its name is a weights file's."""
    found, complaint = _digest(each.data)
    if complaint:
        yield page.unknown(complaint, each.path)
    if found is None:
        return
    path = safe_path(text(each.data.get("name"), LONGEST_PATH))
    if path and classify(path) is FileClass.WEIGHTS:
        yield FileEntry(path, sha256=found, kind=FileClass.WEIGHTS)
        yield Listing(path, page.at(each.path))
    else:
        yield page.unknown("a digest of the model as a whole: of which bytes it is, is not said", each.path)


def _referenced(each: Component, page: Page) -> Iterator[FileEntry | Listing | Unknown]:
    """Files of the repository that external references point at with a digest."""
    for _, reference in entries(each.data.get("externalReferences")):
        named = of_url(as_str(reference.get("url")) or "")
        path = safe_path(named.path) if named and named.path else None
        found, complaint = _digest(reference)
        if path and complaint:
            yield page.unknown(f"{path}: {complaint}", each.path)
        if path and found:
            yield FileEntry(path, sha256=found, kind=classify(path))
            yield Listing(path, page.at(each.path))


def _digest(owner: Object) -> tuple[str | None, str]:
    """The SHA-256 of an object's `hashes`, and what is wrong with it."""
    return sha256((item.get("alg"), item.get("content")) for _, item in entries(owner.get("hashes")))


def _path(each: Component) -> str | None:
    """As our property says, else the package URL's subpath, else the name."""
    stated = each.one(Property.FILE_PATH) or (each.identity.path if each.identity else None)
    return safe_path(stated or text(each.data.get("name"), LONGEST_PATH))
