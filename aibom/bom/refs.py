"""Names inside the document: bom-refs and package URLs.

The conventions are those of the CycloneDX ML-BOM guide: the model's bom-ref is its package URL with
the commit cut to 7 characters; its files have the same with the path as fragment. A folder or file
that belongs to no repository gets no package URL, since any would be false.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote as _quote

from aibom.model import Analysis, Part, Role, Target

FILE_ROLES = frozenset({Role.CHAT_TEMPLATE, Role.REMOTE_CODE})
"""Parts that are files rather than weights."""


def quote(text: str, safe: str = "/") -> str:
    """Percent-encoded; names that are no Unicode text are encoded by their bytes, never refused."""
    return _quote(text, safe=safe, errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class Refs:
    """Names for one target.

    `single` maps the id of a part that is one file, and nothing but that file, to its path: the part
    and the file are then one component.
    """

    target: Target
    single: Mapping[str, str]

    @classmethod
    def of(cls, analysis: Analysis) -> Refs:
        """Names for an analysis; remote code and chat template of one own file are that file."""
        owners = Counter(path for part in analysis.inspected.parts for path in part.files)
        listed = {file.path for file in analysis.files}
        single = {
            part.id: part.files[0]
            for part in analysis.inspected.parts
            if part.role in FILE_ROLES and len(part.files) == 1 and owners[part.files[0]] == 1
        }
        return cls(analysis.target, {ident: path for ident, path in single.items() if path in listed})

    @property
    def root(self) -> str:
        """bom-ref of the model."""
        target = self.target
        if target.repository is None:
            return "model:" + quote(target.name, safe="")
        return purl(target.repository, target.revision and target.revision[:7])

    @property
    def purl(self) -> str | None:
        """Package URL of the model, with the full commit; None without a repository."""
        if self.target.repository is None:
            return None
        return purl(self.target.repository, self.target.revision)

    def part(self, part: Part) -> str:
        """bom-ref of a part."""
        if part.id in self.single:
            return self.file(self.single[part.id])
        return f"{self.root}?part={quote(part.id, safe='')}"

    def file(self, path: str) -> str:
        """bom-ref of a file."""
        return f"{self.root}#{quote(path)}"

    def file_purl(self, path: str) -> str | None:
        """Package URL of a file: the model's, with the path as subpath."""
        return None if self.purl is None else f"{self.purl}#{quote(path)}"

    def url(self, *segments: str) -> str | None:
        """A page of the repository on its Hub; None where it was not read from one."""
        target = self.target
        if target.endpoint is None or target.repository is None:
            return None
        return "/".join(
            (target.endpoint.rstrip("/"), *(quote(s) for s in (target.repository, *segments) if s))
        )


def purl(repository: str, revision: str | None = None) -> str:
    """Package URL of a model repository, `pkg:huggingface/org/name@commit`; commits are lower case."""
    version = f"@{quote(revision.lower(), safe='')}" if revision else ""
    return f"pkg:huggingface/{quote(repository)}{version}"


def dataset(name: str) -> str:
    """bom-ref of a dataset."""
    return "dataset:" + quote(name, safe="/")


def framework(name: str) -> str:
    """bom-ref of a library that the model needs."""
    return "framework:" + quote(name, safe="")


def tool(name: str, version: str) -> str:
    """bom-ref of a tool that took part."""
    return "tool:" + quote(f"{name}@{version}", safe="@")


def organisation(ident: str) -> str:
    """bom-ref of an organisation."""
    return "organisation:" + organisation_id(ident)


def organisation_id(ident: str) -> str:
    """An organisation's id as one word, for bom-refs, names of properties and texts."""
    return quote(ident, safe=":")


def claim(finding: str) -> str:
    """bom-ref of a claim."""
    return "claim:" + quote(finding, safe="")


def evidence(finding: str, number: int) -> str:
    """bom-ref of one piece of evidence of a claim."""
    return f"evidence:{quote(finding, safe='')}:{number}"


def standard(profile: str) -> str:
    """bom-ref of the profile."""
    return "standard:" + quote(profile, safe="")


def requirement(profile: str, layer: str) -> str:
    """bom-ref of one requirement of the profile."""
    return f"{standard(profile)}:{layer}"
