"""Signatures by identity instead of a key: Sigstore, through its own library, which is an extra.

Signing asks Sigstore for a certificate of the signer's identity, and puts the signature, the statement's
digest and the certificate, with the identity in it, into a public log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aibom.errors import FormatError, NetworkError, UsageError
from aibom.formats.text import clean

_CLIENT = "sigstore"
"""The client id under which the public instance takes tokens."""


class NotProvenError(Exception):
    """The bundle is not proven to be signed by the identity that is asked for."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who must have signed, by a certificate of Sigstore.

    Attributes:
        identity, issuer: the e-mail address or workflow in the certificate, and the URL of who says so.
        trust: a client trust configuration in JSON (`ClientTrustConfig`); None is Sigstore's public instance.
        offline: take the public instance's root of trust as it was last fetched.
    """

    identity: str
    issuer: str
    trust: str | None = None
    offline: bool = False


def prove(bundle: bytes, signatory: Signatory) -> tuple[str, bytes]:
    """Payload type and payload of a bundle that the signatory signed, by certificate and log.

    Raises:
        NotProvenError: the bundle is not valid, or somebody else signed it.
        UsageError: the package sigstore is not installed.
        NetworkError: the root of trust cannot be had.
    """
    sigstore = _sigstore()
    with _network():
        trust = _trust(sigstore, signatory.trust, offline=signatory.offline)
        verifier = sigstore.verify.Verifier(trusted_root=trust.trusted_root)
    policy = sigstore.verify.policy.Identity(identity=signatory.identity, issuer=signatory.issuer)
    try:
        answer: tuple[str, bytes] = verifier.verify_dsse(sigstore.models.Bundle.from_json(bundle), policy)
    except (sigstore.errors.Error, ValueError) as error:
        raise NotProvenError(clean(str(error), 300)) from error
    return answer


def seal_keyless(statement: bytes, *, token: str | None = None, trust: str | None = None) -> bytes:
    """A Sigstore bundle around an in-toto statement.

    Args:
        statement: the bytes to sign, as they are.
        token: an OpenID Connect token; None takes the one of the CI system, or asks in the browser.
        trust: as for `Signatory`.

    Raises:
        UsageError: the package sigstore is not installed.
        NetworkError: Sigstore, or the identity's issuer, refused or cannot be reached.
    """
    sigstore = _sigstore()
    with _network():
        config = _trust(sigstore, trust, offline=False)
        raw = token or sigstore.oidc.detect_credential(_CLIENT)
        identity = (
            sigstore.oidc.IdentityToken(raw, _CLIENT)
            if raw
            else sigstore.oidc.Issuer(config.signing_config.get_oidc_url()).identity_token()
        )
        with sigstore.sign.SigningContext.from_trust_config(config).signer(identity) as signer:
            text: str = signer.sign_dsse(sigstore.dsse.Statement(statement)).to_json()
    return text.encode()


def _trust(sigstore: Any, text: str | None, *, offline: bool) -> Any:
    if text is None:
        return sigstore.models.ClientTrustConfig.production(offline=offline)
    try:
        return sigstore.models.ClientTrustConfig.from_json(text)
    except ValueError as error:
        raise FormatError(f"no client trust configuration: {clean(str(error), 200)}") from error


def _sigstore() -> Any:
    try:
        import sigstore.dsse
        import sigstore.errors
        import sigstore.models
        import sigstore.oidc
        import sigstore.sign
        import sigstore.verify.policy
    except ImportError:
        raise UsageError(
            "keyless signatures need the package sigstore, which is not installed",
            advice="Install it with `pip install 'aibom[sigstore]'`, or use a key with --key.",
        ) from None
    return sigstore


@contextmanager
def _network() -> Iterator[None]:
    """Sigstore's services fail with errors of several libraries; each means that they gave no answer."""
    try:
        yield
    except (FormatError, UsageError):
        raise
    except Exception as error:
        raise NetworkError(
            f"Sigstore gave no usable answer: {clean(str(error) or type(error).__name__, 300)}",
            advice="Try again later, name --trust-config, or use a key with --key.",
        ) from error
