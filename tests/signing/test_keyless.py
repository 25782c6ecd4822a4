"""Signatures by identity, verified by Sigstore's own library against an instance in memory."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest

from aibom.errors import NetworkError, UsageError
from aibom.model import Outcome, Verdict
from aibom.signing import IN_TOTO, Trust, read_envelope, seal, verify, write_statement
from aibom.signing.keyless import Signatory, prove, seal_keyless
from tests.signing.conftest import BOM, FILES, held, pair
from tests.signing.instance import IDENTITY, ISSUER, Instance


@cache
def instance() -> Instance:
    return Instance()


@cache
def sealed() -> bytes:
    return instance().seal(write_statement(BOM, FILES))


def check(data: bytes, identity: str = IDENTITY, issuer: str = ISSUER, trust: str | None = None) -> Verdict:
    who = Signatory(identity, issuer, trust or instance().trust())
    return verify(read_envelope(data, "bom"), Trust(signatory=who), name="bom", bom=BOM, held=held())


def changed(path: tuple[str, ...], value: Any) -> bytes:
    data = json.loads(sealed())
    owner = data
    for key in path[:-1]:
        owner = owner[int(key) if isinstance(owner, list) else key]
    owner[path[-1]] = value
    return json.dumps(data).encode()


def test_the_identity_that_signed_is_verified_and_named() -> None:
    verdict = check(sealed())
    assert verdict.outcome is Outcome.PASS
    assert verdict.results[0].statement == f"signed by {IDENTITY}, as {ISSUER} says"


def test_another_identity_issuer_or_instance_fails() -> None:
    for verdict in (
        check(sealed(), identity="other@example.org"),
        check(sealed(), issuer="https://other.example.org"),
        check(sealed(), trust=Instance().trust()),
        check(Instance().seal(write_statement(BOM, FILES))),
    ):
        assert [(item.rule, item.outcome) for item in verdict.results] == [("signature.valid", Outcome.FAIL)]


_ENTRY = ("verificationMaterial", "tlogEntries", "0")


@pytest.mark.parametrize(
    "data",
    [
        changed(
            ("dsseEnvelope", "payload"), base64.b64encode(write_statement(BOM, {"a": "0" * 64})).decode()
        ),
        changed(("dsseEnvelope", "payloadType"), "application/json"),
        changed(("dsseEnvelope", "signatures"), [{"sig": "QQ=="}]),
        changed((*_ENTRY, "integratedTime"), "1"),
        changed((*_ENTRY, "inclusionProof", "rootHash"), base64.b64encode(bytes(32)).decode()),
        changed((*_ENTRY, "inclusionPromise", "signedEntryTimestamp"), "QQ=="),
        changed(("verificationMaterial", "tlogEntries"), []),
        changed(("verificationMaterial", "certificate"), {"rawBytes": "QQ=="}),
    ],
    ids=["payload", "type", "signature", "time", "root", "promise", "no entry", "certificate"],
)
def test_what_was_altered_is_not_proven(data: bytes) -> None:
    verdict = check(data)
    assert verdict.outcome is Outcome.FAIL
    assert "\n" not in verdict.results[0].statement


def test_an_identity_that_is_named_counts_whatever_key_is_named_too() -> None:
    for identity, outcome in ((IDENTITY, Outcome.PASS), ("other@example.org", Outcome.FAIL)):
        trust = Trust(pair("p256").key, Signatory(identity, ISSUER, instance().trust()))
        assert verify(read_envelope(sealed(), "x"), trust, name="x").outcome is outcome


def test_an_identity_alone_says_nothing_of_an_envelope_that_a_key_signed() -> None:
    data = seal(write_statement(BOM, FILES), IN_TOTO, pair("p256").signer)
    with pytest.raises(UsageError):
        verify(read_envelope(data, "x"), Trust(signatory=Signatory(IDENTITY, ISSUER)), name="x")


def test_a_key_of_the_reader_is_not_that_of_the_certificate() -> None:
    trust = Trust(pair("p256").key)
    assert verify(read_envelope(sealed(), "x"), trust, name="x").outcome is Outcome.FAIL


def test_the_payload_is_what_was_proven() -> None:
    who = Signatory(IDENTITY, ISSUER, instance().trust())
    assert prove(sealed(), who) == ("application/vnd.in-toto+json", write_statement(BOM, FILES))


def test_without_the_network_there_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import sigstore.models

    def refuse(*given: object, **named: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr(sigstore.models.ClientTrustConfig, "production", refuse)
    with pytest.raises(NetworkError, match="no route"):
        prove(sealed(), Signatory(IDENTITY, ISSUER))
    with pytest.raises(NetworkError, match="no route"):
        seal_keyless(b"{}")


def test_a_trust_configuration_that_is_none_is_refused() -> None:
    from aibom.errors import FormatError

    for text in ("", "{", "{}", "[]"):
        with pytest.raises(FormatError):
            prove(sealed(), Signatory(IDENTITY, ISSUER, text))


def test_without_the_library_there_is_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sigstore.models", None)
    with pytest.raises(UsageError) as refusal:
        prove(sealed(), Signatory(IDENTITY, ISSUER))
    assert "aibom[sigstore]" in refusal.value.advice


def test_what_is_signed_is_handed_to_sigstore_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services are played; what is asked of them, and what comes back, is ours."""
    import sigstore.dsse
    import sigstore.sign

    asked: list[Any] = []

    class Signer:
        def __enter__(self) -> Signer:
            return self

        def __exit__(self, *given: object) -> None: ...

        def sign_dsse(self, statement: sigstore.dsse.Statement) -> Signer:
            asked.append(statement._contents)
            return self

        def to_json(self) -> str:
            return "{}"

    class Context:
        @staticmethod
        def from_trust_config(config: object) -> Context:
            return Context()

        def signer(self, identity: object) -> Signer:
            asked.append(identity)
            return Signer()

    monkeypatch.setattr(sigstore.sign, "SigningContext", Context)
    monkeypatch.setattr("sigstore.oidc.IdentityToken", lambda raw, client: (raw, client))
    statement = write_statement(BOM, FILES)
    assert seal_keyless(statement, token="token", trust=instance().trust()) == b"{}"
    assert asked == [("token", "sigstore"), statement]
