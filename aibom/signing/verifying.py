"""Is an envelope signed by whom it should be, is it about this BOM, and about these files?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aibom.errors import FormatError, ReadError, UsageError
from aibom.formats.text import as_dict, as_str, clean
from aibom.model import Outcome, Result, Severity, Verdict, overall
from aibom.signing.envelope import IN_TOTO, Envelope
from aibom.signing.files import HeldFiles, compare
from aibom.signing.keyless import NotProvenError, Signatory, prove
from aibom.signing.keys import describe
from aibom.signing.manifest import NAME, is_manifest, read_manifest
from aibom.signing.results import result
from aibom.signing.sealing import signed_by
from aibom.signing.statement import Statement, canonical, read_statement

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey

_NO_TRUST = "Name the signer's public key with --key, or for a keyless one --identity and --issuer."


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signature counts: that of a key, or for a keyless envelope that of an identity."""

    key: SSlibKey | None = None
    signatory: Signatory | None = None

    def reaches(self, envelope: Envelope) -> bool:
        """Whether there is anything to hold the envelope's signatures against."""
        return self.key is not None or (envelope.keyless and self.signatory is not None)


def verify(
    envelope: Envelope,
    trust: Trust,
    *,
    name: str,
    bom: Mapping[str, Any] | None = None,
    held: HeldFiles | None = None,
    manifests: Iterable[tuple[str, Envelope | ReadError]] = (),
    manifest_key: SSlibKey | None = None,
) -> Verdict:
    """All that can be said about a signed BOM, or about a manifest of model-signing in its place.

    Nothing of the payload is looked at before its signature has been verified.

    Args:
        envelope: as `read_envelope` gave it.
        trust: who must have signed.
        name: of the envelope, for people.
        bom: the BOM that must be the signed one; equal content counts, whatever its layout.
        held: the model's files, which must be those that were signed.
        manifests: envelopes that lie among those files, by path, or why one cannot be read; those of
            model-signing are looked at.
        manifest_key: who must have signed the manifests; None tries `trust`, and tells where it is another.

    Raises:
        UsageError: there is neither a key nor, for a keyless envelope, an identity to hold it against.
    """
    if not trust.reaches(envelope):
        raise UsageError(f"{clean(name)}: no key or identity to hold it against", advice=_NO_TRUST)
    first = _signature(envelope, trust, "signature.valid")
    if first.outcome is not Outcome.PASS:
        return _verdict(name, envelope, (first,))
    try:
        statement = _statement(envelope, name)
    except FormatError as error:
        return _verdict(name, envelope, (first, result("signature.statement", Outcome.FAIL, error.message)))
    about = _manifest(statement, held, name) if is_manifest(statement) else _bom(statement, bom, held)
    theirs = Trust(manifest_key or trust.key, trust.signatory)
    beside = [
        item
        for path, found in manifests
        if held is not None
        for item in _beside(path, found, held, theirs, required=manifest_key is not None)
    ]
    return _verdict(name, envelope, (first, *about, *beside), statement)


def _signature(envelope: Envelope, trust: Trust, rule: str) -> Result:
    if not envelope.signatures:
        return result(rule, Outcome.FAIL, "nobody signed the envelope: it holds no signature")
    if envelope.keyless and trust.signatory is not None:
        return _by_identity(envelope, trust.signatory, rule)
    if trust.key is not None and signed_by(envelope, trust.key):
        return result(rule, Outcome.PASS, f"signed by {describe(trust.key)}")
    named = ", ".join(sorted(clean(item.key_id, 80) for item in envelope.signatures if item.key_id))
    return result(
        rule,
        Outcome.FAIL,
        "no signature is that of the key: the content was altered, or another key signed it",
        claimed=f"the envelope names {named}" if named else "",
        found=describe(trust.key) if trust.key else "",
    )


def _by_identity(envelope: Envelope, signatory: Signatory, rule: str) -> Result:
    who = f"{clean(signatory.identity)}, as {clean(signatory.issuer)} says"
    try:
        proven = prove(envelope.source, signatory)
    except NotProvenError as error:
        return result(rule, Outcome.FAIL, f"not proven to be signed by {who}: {error}")
    if proven != (envelope.payload_type, envelope.payload):
        return result(rule, Outcome.FAIL, "the certificate vouches for another payload")
    return result(rule, Outcome.PASS, f"signed by {who}")


def _statement(envelope: Envelope, name: str) -> Statement:
    if envelope.payload_type != IN_TOTO:
        kind = clean(envelope.payload_type, 100)
        raise FormatError(f"{name}: the payload is {kind or 'of no type'}, not {IN_TOTO}")
    statement = read_statement(envelope.payload, name)
    if not (statement.is_bom or is_manifest(statement)):
        raise FormatError(
            f"{name}: the statement is no CycloneDX BOM but {clean(statement.predicate_type, 100)}"
        )
    if not statement.subjects:
        raise FormatError(f"{name}: the statement names no file that it is about")
    return statement


def _bom(statement: Statement, bom: Mapping[str, Any] | None, held: HeldFiles | None) -> tuple[Result, ...]:
    found = []
    if bom is not None:
        same = canonical(bom) == canonical(statement.predicate)
        found.append(
            result("signature.bom", Outcome.PASS, "the BOM is the one that was signed")
            if same
            else result("signature.bom", Outcome.FAIL, "the BOM is not the one that was signed")
        )
    if held is None:
        return (*found, _not_held(len(statement.subjects)))
    return (*found, *compare(statement.subjects, held, rule="files", what="the envelope"))


def _not_held(number: int) -> Result:
    return result(
        "files.unread",
        Outcome.UNDETERMINED,
        f"the {number} files that were signed were not looked at",
        severity=Severity.INFO,
        remedy="Name the model with --target.",
    )


def _manifest(statement: Statement, held: HeldFiles | None, name: str) -> tuple[Result, ...]:
    try:
        manifest = read_manifest(statement, name)
    except FormatError as error:
        return (result("manifest.statement", Outcome.FAIL, error.message),)
    if held is None:
        return (_not_held(len(manifest.files)),)
    what = f"the model-signing manifest {clean(name, 120)}"
    return compare(manifest.files, held, rule="manifest", what=what, ignored=manifest.ignored)


def _beside(
    path: str, found: Envelope | ReadError, held: HeldFiles, trust: Trust, *, required: bool
) -> tuple[Result, ...]:
    """A manifest that lies among the files. A signer whom nobody named is told, and fails nothing.

    Anything may end in `.sig`, so that only the name that model-signing gives its manifest promises one.
    """
    if isinstance(found, ReadError):
        told = f"{NAME} is no manifest of model-signing that can be read: {found.message}"
        return (_note(path, told),) if path == NAME else ()
    try:
        statement = _statement(found, path)
    except FormatError:
        return ()
    if not is_manifest(statement):
        return ()
    signed = _note(path, f"who signed the model-signing manifest {clean(path, 120)} was not verified")
    if trust.reaches(found):
        tried = _signature(found, trust, "manifest.valid")
        signed = tried if required or tried.outcome is Outcome.PASS else signed
    return (signed, *_manifest(statement, held, path))


def _note(path: str, statement: str) -> Result:
    return result(
        "manifest.valid",
        Outcome.UNDETERMINED,
        statement,
        about=path,
        severity=Severity.INFO,
        remedy="Name its key with --manifest-key, or its signer with --identity and --issuer.",
    )


def _verdict(
    name: str, envelope: Envelope, results: tuple[Result, ...], statement: Statement | None = None
) -> Verdict:
    component = as_dict(as_dict(statement.predicate.get("metadata")).get("component")) if statement else {}
    named = [as_str(component.get(key)) for key in ("group", "name")]
    return Verdict(
        kind="signature",
        subject=clean("/".join(each for each in named if each)) or clean(name),
        outcome=overall(results),
        results=results,
        against=clean(name),
        against_digest=envelope.digest,
        revision=clean(as_str(component.get("version")) or "") or None,
    )
