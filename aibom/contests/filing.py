"""A contest: one finding, what the vendor claims instead, and on what evidence. Canonical as bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aibom.errors import DataError, FormatError, InputError, NotFoundError, UsageError
from aibom.formats.lines import meant
from aibom.formats.text import as_dict, parse_json
from aibom.formats.urls import is_url
from aibom.formats.values import clean
from aibom.model import Dossier, Evidence, Finding, Layer, Origin, Relation
from aibom.provenance import RULES

if TYPE_CHECKING:
    import jsonschema_rs

SCHEMA = "urn:aibom:schema:contest:1"
PAYLOAD = "application/vnd.aibom.contest+json"
"""What a signed contest is called in its envelope."""
MAX_BYTES = 1024 * 1024
"""Bytes of a contest; one with every field at its longest has less."""
MAX_EVIDENCE = 4 * 1024**3
"""Bytes of a file of evidence that are digested."""
_BLOCK = 1024 * 1024
_DIGEST = re.compile(r"#sha256=([0-9a-fA-F]{64})$")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of a contest's evidence: a path or URL, and the SHA-256 of what it holds."""

    place: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A vendor's objection to one finding.

    Attributes:
        id: `C-` and 12 digits of a hash over all that is claimed; the date is not in it.
        model, revision: what the finding is about.
        document: SHA-256 of the BOM or report that holds the finding.
        finding, rule, part, layer, statement: the finding, as it stood there.
        strength: what the contest needs at least to be accepted.
        claim: what the vendor says instead.
        requested: the relation claimed; None asks that the finding be withdrawn.
        evidence: what the claim rests on.
        filed_by, contact, date: by whom, and on which day (ISO 8601).
    """

    model: str
    document: str
    finding: str
    rule: str
    statement: str
    strength: Evidence
    claim: str
    evidence: tuple[Exhibit, ...]
    filed_by: str
    date: str
    requested: Relation | None = None
    revision: str | None = None
    part: str | None = None
    layer: Layer | None = None
    contact: str | None = None
    id: str = ""

    def to_json(self) -> dict[str, Any]:
        """As `contest.schema.json` has it."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "model": {"id": self.model, "revision": self.revision, "document": self.document},
            "finding": {
                "id": self.finding,
                "rule": self.rule,
                "part": self.part,
                "layer": self.layer.value if self.layer else None,
                "statement": self.statement,
                "evidence": self.strength.name,
            },
            "claim": self.claim,
            "requested": self.requested.value if self.requested else None,
            "evidence": [{"place": each.place, "sha256": each.sha256} for each in self.evidence],
            "filed": {"by": self.filed_by, "contact": self.contact, "date": self.date},
        }

    def to_bytes(self) -> bytes:
        """The file: the same contest has the same bytes, so that a signature over them holds."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"


def file_contest(
    dossier: Dossier,
    finding_id: str,
    *,
    claim: str,
    evidence: Iterable[Exhibit],
    filed_by: str,
    date: str,
    requested: Relation | None = None,
    contact: str | None = None,
) -> Contest:
    """A contest of a finding that a document holds.

    Args:
        dossier: what the document says (`aibom.documents.read`).
        finding_id: id of the finding.
        claim: what is said instead.
        evidence: at least one piece.
        filed_by, contact: who objects.
        date: ISO 8601 day of the filing.
        requested: the relation that is claimed; None asks that the finding be withdrawn.

    Raises:
        NotFoundError: the document holds no such finding.
        UsageError: no claim, evidence or filer, or a relation that cannot be requested.
    """
    found = {finding.id: finding for finding in dossier.findings}
    if finding_id not in found:
        raise NotFoundError(
            f"no finding {clean(finding_id, 60)!r} here{meant(finding_id, sorted(found))}",
            advice="`aibom explain BOM` lists the findings.",
        )
    finding = found[finding_id]
    exhibits = tuple(sorted(set(evidence), key=lambda each: (each.place, each.sha256)))
    if not exhibits:
        raise UsageError("a contest needs evidence", advice="Name it with --evidence PATH_OR_URL.")
    if requested is Relation.UNKNOWN or (requested and finding.layer is None):
        raise UsageError(
            "this relation cannot be requested of this finding",
            advice="Request none: the contest then asks that the finding be withdrawn.",
        )
    contest = Contest(
        model=clean(dossier.subject, 300),
        revision=dossier.revision,
        document=dossier.digest,
        finding=finding.id,
        rule=finding.rule,
        part=finding.part,
        layer=finding.layer,
        statement=clean(finding.statement, 4000),
        strength=strength(finding, dossier.origins),
        claim=_needed(claim, "claim", 4000),
        requested=requested,
        evidence=exhibits,
        filed_by=_needed(filed_by, "name of who files it", 300),
        contact=clean(contact, 300) or None if contact else None,
        date=date,
    )
    named = replace(contest, id=_ident(contest))
    return parse(named.to_bytes(), "the contest")


def strength(finding: Finding, origins: Iterable[Origin] = ()) -> Evidence:
    """The evidence that a finding rests on: its rule's; of a rule not known here, that of its origins.

    At least E1: nothing is set aside without a declaration.
    """
    rule = RULES.get(finding.rule)
    if rule is not None:
        return max(rule.evidence, Evidence.E1)
    levels = (origin.evidence for origin in origins if finding.id in origin.findings)
    return max((*levels, Evidence.E1))


def exhibit(text: str) -> Exhibit:
    """Evidence as it is named: a file, which is digested, or `URL#sha256=…`.

    Raises:
        UsageError: a URL without its digest.
        InputError: the file cannot be read, or is larger than `MAX_EVIDENCE`.
    """
    if text.startswith(("http://", "https://")):
        digest = _DIGEST.search(text)
        if digest is None or not is_url(text[: digest.start()]):
            raise UsageError(
                f"{text}: no URL with its digest; what a URL holds may change",
                advice="Write URL#sha256=<64 digits>, with the SHA-256 of what it holds.",
            )
        return Exhibit(text[: digest.start()], digest[1].lower())
    path = Path(text)
    hashed, read = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                read += len(block)
                if read > MAX_EVIDENCE:
                    raise InputError(f"{path}: evidence is at most {MAX_EVIDENCE:,} bytes")
                hashed.update(block)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error
    return Exhibit(path.as_posix(), hashed.hexdigest())


def parse(data: bytes, name: str) -> Contest:
    """A contest from its bytes.

    Raises:
        DataError: it breaks the schema, or its id is not that of what it says.
    """
    if len(data) > MAX_BYTES:
        raise DataError(f"{name}: a contest is at most {MAX_BYTES:,} bytes")
    try:
        document = as_dict(parse_json(data, name))
    except FormatError as error:
        raise DataError(error.message) from error
    return from_json(document, name)


def from_json(document: Any, name: str) -> Contest:
    """A contest from plain values; raises as `parse`."""
    for error in validator("contest").iter_errors(document):
        place = "/".join(map(str, error.instance_path))
        raise DataError(f"{name}: /{clean(place, 100)}: {clean(error.message, 200)}")
    model, finding, filed = document["model"], document["finding"], document["filed"]
    contest = Contest(
        id=document["id"],
        model=model["id"],
        revision=model["revision"],
        document=model["document"],
        finding=finding["id"],
        rule=finding["rule"],
        part=finding["part"],
        layer=Layer(finding["layer"]) if finding["layer"] else None,
        statement=finding["statement"],
        strength=Evidence[finding["evidence"]],
        claim=document["claim"],
        requested=Relation(document["requested"]) if document["requested"] else None,
        evidence=tuple(Exhibit(each["place"], each["sha256"]) for each in document["evidence"]),
        filed_by=filed["by"],
        contact=filed["contact"],
        date=filed["date"],
    )
    if contest.id != _ident(contest):
        raise DataError(
            f"{name}: {contest.id} is not the id of what it says",
            advice="It was changed after it was filed; file it anew with `aibom contest file`.",
        )
    return contest


def _ident(contest: Contest) -> str:
    """Over all that is claimed: neither the date nor the document's digest, which another run changes."""
    said = contest.to_json()
    kept = {key: said[key] for key in ("finding", "claim", "requested", "evidence")}
    kept |= {"model": contest.model, "by": contest.filed_by}
    return "C-" + hashlib.sha256(canonical(kept)).hexdigest()[:12]


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """The compiled schema of that name."""
    import jsonschema_rs

    from aibom_schemas import schema

    return jsonschema_rs.validator_for(schema(name))


def canonical(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8: one form for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _needed(text: str, what: str, longest: int) -> str:
    said = clean(text, longest)
    if not said:
        raise UsageError(f"a contest needs a {what}")
    return said
