"""Rules on what a component is called."""

from __future__ import annotations

import re
from functools import lru_cache

from packageurl import PackageURL

from aibom.bom.problem import Level
from aibom.bom.rules.document import Document, Object, full_name, items, member, text
from aibom.bom.rules.references import own_components
from aibom.bom.rules.rule import Hits, rule

MODEL = "machine-learning-model"
_SOFTWARE = frozenset(
    {
        "alpm", "apk", "bitnami", "cargo", "cocoapods", "composer", "conan", "conda", "cpan", "cran", "deb",
        "gem", "golang", "hackage", "hex", "julia", "luarocks", "maven", "npm", "nuget", "pub", "pypi", "rpm",
        "swift",
    }
)  # fmt: skip
"""Types of packages of software; a model is none, even where a package carries one."""
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T|t| |%20)\d{2}(?::|%3A)\d{2}")


@rule("purl-mismatch", Level.ERROR, "A package URL does not fit the component")
def purl_mismatch(document: Document) -> Hits:
    """Its type, name or version is another's: look-ups by it find the wrong thing."""
    for path, component in document.components:
        written = text(component, "purl")
        if written and (fault := _misfit(component, written)):
            yield (*path, "purl"), fault


@rule("named-after-base", Level.ERROR, "A derivative has the name of what it derives from")
def named_after_base(document: Document) -> Hits:
    """The parent's name is in many configurations of its children; taken over, it hides the child."""
    for path, component in document.components:
        for ancestor in items(member(component, "pedigree"), "ancestors"):
            same_name = full_name(component) and full_name(component) == full_name(ancestor)
            if same_name or (_identity(component) and _identity(component) == _identity(ancestor)):
                yield path, f"named like its ancestor {full_name(ancestor)!r}"


@rule("subject-not-model", Level.WARNING, "`metadata.component` is not the model")
def subject_not_model(document: Document) -> Hits:
    """The document is then about the job that made it, or about nothing."""
    if not document.subject:
        yield ("metadata",), "no metadata.component"
    elif text(document.subject, "type") != MODEL:
        yield ("metadata", "component"), f"of type {text(document.subject, 'type')!r}, not {MODEL}"


@rule("timestamp-in-identity", Level.WARNING, "A version, package URL or bom-ref holds a time")
def timestamp_in_identity(document: Document) -> Hits:
    """The same model then has another identity at each run."""
    for path, component in own_components(document):
        for key in ("version", "purl", "bom-ref"):
            if _MOMENT.search(text(component, key).partition("#")[0]):
                yield (*path, key), f"{text(component, key)!r} holds a time"


def _misfit(component: Object, written: str) -> str | None:
    whole, _, subpath = written.partition("#")
    purl = _parsed(whole)
    if purl is None:
        return f"{written!r} is no package URL"
    kind = text(component, "type")
    if kind == MODEL and purl.type in _SOFTWARE:
        return f"a model cannot be a {purl.type} package"
    if purl.type != "huggingface":
        return None
    if kind in ("library", "framework"):
        return f"a {kind} cannot be a model repository"
    return _differs(component, purl, is_file=bool(subpath))


@lru_cache
def _parsed(whole: str) -> PackageURL | None:
    """A package URL without subpath: the same for all files of a repository."""
    try:
        return PackageURL.from_string(whole)
    except ValueError:
        return None


def _differs(component: Object, purl: PackageURL, *, is_file: bool) -> str | None:
    """How name or version of a component differ from those of its model repository."""
    name = "/".join(part for part in (purl.namespace, purl.name) if part)
    called = text(component, "name").casefold()
    if not is_file and called not in (purl.name.casefold(), name.casefold()):
        return f"names {name!r}, the component is called {text(component, 'name')!r}"
    if text(component, "group") and text(component, "group").casefold() != (purl.namespace or "").casefold():
        return f"names {name!r}, the component is of {text(component, 'group')!r}"
    version, commit = text(component, "version").casefold(), (purl.version or "").casefold()
    if version and commit and not (version.startswith(commit) or commit.startswith(version)):
        return f"names version {purl.version!r}, the component has {text(component, 'version')!r}"
    return None


def _identity(component: Object) -> str:
    """The package URL without version, qualifiers and path."""
    return re.split(r"[@?#]", text(component, "purl"), maxsplit=1)[0]
