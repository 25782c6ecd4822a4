"""What is signed is verified, by us and by the libraries of others; what is altered is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from in_toto_attestation.v1.statement import Statement as AttestedStatement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from securesystemslib.dsse import Envelope as Dsse

from aibom.errors import AibomError, FormatError, LimitError, UsageError
from aibom.model import Outcome, Severity, Stage, Unknown, Verdict
from aibom.signing import IN_TOTO, Trust, load_key, read_envelope, seal, verify, write_statement
from aibom.signing.envelope import MAX_SIGNATURES
from tests.signing.conftest import BOM, FILES, KINDS, held, pair, sealed


def check(data: bytes, kind: str = "ed25519", **given: Any) -> Verdict:
    trust = given.pop("trust", Trust(pair(kind).key))
    return verify(read_envelope(data, "bom.dsse.json"), trust, name="bom.dsse.json", **given)


def outcomes(verdict: Verdict) -> dict[str, Outcome]:
    return {item.rule: item.outcome for item in verdict.results}


def altered(data: bytes, **fields: Any) -> bytes:
    return json.dumps({**json.loads(data), **fields}).encode()


def signed(statement: dict[str, Any] | bytes, payload_type: str = IN_TOTO) -> bytes:
    payload = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    return seal(payload, payload_type, pair("ed25519").signer)


def statement(**fields: Any) -> dict[str, Any]:
    return {**json.loads(write_statement(BOM, FILES)), **fields}


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_bom_is_verified_with_its_key(kind: str) -> None:
    verdict = check(sealed(kind), kind, bom=BOM, held=held())
    assert verdict.outcome is Outcome.PASS
    assert outcomes(verdict) == {
        "signature.valid": Outcome.PASS,
        "signature.bom": Outcome.PASS,
        "files.same": Outcome.PASS,
    }
    assert pair(kind).key.keyid in verdict.results[0].statement
    assert verdict.subject == "org/modèle"


@pytest.mark.parametrize("kind", KINDS)
def test_another_library_verifies_what_we_sign(kind: str) -> None:
    envelope = Dsse.from_dict(json.loads(sealed(kind)))
    key = pair(kind).key
    assert envelope.verify([key], 1) == {key.keyid: key}
    message = json_format.Parse(envelope.payload, StatementMessage())
    AttestedStatement.copy_from_pb(message).validate()


@pytest.mark.parametrize("kind", KINDS)
def test_we_verify_what_another_library_signs_under_its_own_name_of_the_key(kind: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    envelope = Dsse(write_statement(BOM, FILES), IN_TOTO, {})
    envelope.sign(CryptoSigner(load_pem_private_key(pair(kind).private, None)))
    assert pair(kind).key.keyid not in envelope.signatures
    assert check(json.dumps(envelope.to_dict()).encode(), kind).outcome is Outcome.PASS


@pytest.mark.parametrize("kind", KINDS)
def test_another_key_of_the_same_kind_or_another_one_fails(kind: str) -> None:
    for other in (pair(kind, 1), pair("p256" if kind != "p256" else "p384")):
        verdict = check(sealed(kind), trust=Trust(other.key), bom=BOM, held=held())
        assert outcomes(verdict) == {"signature.valid": Outcome.FAIL}
        assert other.key.keyid in verdict.results[0].found
        assert pair(kind).key.keyid in verdict.results[0].claimed


def test_a_key_id_is_optional_and_one_of_another_key_is_not_overlooked() -> None:
    data = json.loads(sealed())
    (signature,) = data["signatures"]
    nameless = altered(sealed(), signatures=[{"sig": signature["sig"]}])
    assert check(nameless).outcome is Outcome.PASS
    assert check(nameless, trust=Trust(pair("ed25519", 1).key)).outcome is Outcome.FAIL
    renamed = altered(sealed(), signatures=[{**signature, "keyid": "ab" * 32}])
    assert check(renamed).outcome is Outcome.FAIL


def test_one_good_signature_among_several_counts() -> None:
    data = json.loads(sealed())
    other = json.loads(sealed("p256"))["signatures"]
    assert check(altered(sealed(), signatures=other + data["signatures"])).outcome is Outcome.PASS


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_no_flipped_byte_verifies(kind: str, mask: int) -> None:
    small = seal(
        write_statement({"bomFormat": "CycloneDX", "specVersion": "1.6"}, {"a": "0" * 64}),
        IN_TOTO,
        pair(kind).signer,
    )
    assert check(small, kind).outcome is Outcome.PASS
    for place in range(len(small)):
        data = bytearray(small)
        data[place] ^= mask
        assert not verifies(bytes(data), kind), (
            place,
            small[place : place + 1],
            bytes(data[place : place + 1]),
        )


@given(st.data())
def test_no_edit_verifies(data: st.DataObject) -> None:
    good = sealed()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    instead = data.draw(
        st.binary(max_size=40) | st.text(max_size=10).map(lambda text: text.encode("utf-8", "replace"))
    )
    edited = good[:start] + instead + good[end:]
    if verifies(edited, "ed25519"):
        assert json.loads(edited) == json.loads(good)  # white space between tokens


def verifies(data: bytes, kind: str) -> bool:
    try:
        return check(data, kind).outcome is Outcome.PASS
    except AibomError:
        return False


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["payload", "payloadType", "signatures", "sig", "keyid", "dsseEnvelope", "mediaType"]
                )
                | st.text(max_size=3),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_any_json_is_an_envelope_or_one_clear_error(value: Any) -> None:
    try:
        read_envelope(json.dumps(value).encode(), "x")
    except FormatError as error:
        assert "\n" not in error.message


@pytest.mark.parametrize(
    "change",
    [
        {"payload": "a"},
        {"payload": "QR=="},
        {"payload": " QQ=="},
        {"payload": "Q Q=="},
        {"payload": "QQ"},
        {"payload": None},
        {"payloadType": 1},
        {"signatures": {}},
        {"signatures": [{}]},
        {"signatures": [{"sig": 1}]},
        {"signatures": [{"sig": "QQ==", "keyid": 1}]},
        {"signatures": [{"sig": "QQ==", "cert": ""}]},
        {"signatures": [{"sig": "QQ==", "keyid": "a"}, {"sig": "QR==", "keyid": "b"}]},
        {"signatures": [{"sig": "QQ==", "keyid": "a"}, {"sig": "Qg==", "keyid": "a"}]},
        {"extra": 1},
    ],
    ids=str,
)
def test_what_is_malformed_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        read_envelope(altered(sealed(), **change), "x")


def test_a_key_that_stands_twice_is_refused_outside_and_within() -> None:
    twice = sealed().replace(b'"payloadType":', b'"payloadType":"x","payloadType":')
    with pytest.raises(FormatError, match="payloadType"):
        read_envelope(twice, "x")
    payload = write_statement(BOM, FILES).replace(b'"specVersion":', b'"specVersion":"1.4","specVersion":')
    verdict = check(signed(payload))
    assert outcomes(verdict)["signature.statement"] is Outcome.FAIL
    assert "twice" in verdict.results[1].statement


def test_a_huge_envelope_and_a_thousand_signatures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"sig": "QQ=="}] * (MAX_SIGNATURES + 1)
    with pytest.raises(LimitError):
        read_envelope(altered(sealed(), signatures=many), "x")
    monkeypatch.setattr("aibom.signing.envelope.MAX_ENVELOPE", len(sealed()) - 1)
    with pytest.raises(LimitError):
        read_envelope(sealed(), "x")


def test_no_signature_is_no_good_signature() -> None:
    assert outcomes(check(altered(sealed(), signatures=[]))) == {"signature.valid": Outcome.FAIL}


def test_an_unknown_payload_type_fails_though_its_signature_is_good() -> None:
    verdict = check(signed(write_statement(BOM, FILES), "application/json"))
    assert outcomes(verdict) == {"signature.valid": Outcome.PASS, "signature.statement": Outcome.FAIL}
    assert "application/json" in verdict.results[1].statement


@pytest.mark.parametrize(
    "broken",
    [
        {"subject": []},
        {"subject": None},
        {"subject": [{"name": "a", "digest": {}}]},
        {"subject": [{"digest": {"sha256": "0" * 64}}]},
        {"subject": [{"name": "a", "digest": {"sha256": digit * 64}} for digit in "01"]},
        {"predicateType": "https://slsa.dev/provenance/v1"},
        {"predicateType": ""},
        {"predicate": {}},
        {"predicate": []},
        {"_type": "https://in-toto.io/Statement/v0.1"},
    ],
    ids=str,
)
def test_a_statement_that_is_none_of_a_bom_about_files_fails(broken: dict[str, Any]) -> None:
    verdict = check(signed(statement(**broken)))
    assert outcomes(verdict) == {"signature.valid": Outcome.PASS, "signature.statement": Outcome.FAIL}


def test_a_payload_that_is_no_json_fails() -> None:
    for payload in (b"", b"\xff", b"[]", b"[" * 100_000, b'{"a": NaN}'):
        assert outcomes(check(signed(payload)))["signature.statement"] is Outcome.FAIL


def test_the_predicate_type_may_name_a_version() -> None:
    assert check(signed(statement(predicateType="https://cyclonedx.org/bom/v1.6"))).outcome is Outcome.PASS


def test_an_altered_bom_fails_and_another_layout_of_it_does_not() -> None:
    assert check(sealed(), bom=dict(reversed(BOM.items()))).outcome is Outcome.PASS
    for other in ({**BOM, "version": 2}, {**BOM, "version": 1.5}, {**BOM, "version": True}):
        assert outcomes(check(sealed(), bom=other))["signature.bom"] is Outcome.FAIL


def test_altered_missing_and_extra_files_fail_and_are_named() -> None:
    files = {**FILES, "config.json": "0" * 64, "more.py": "1" * 64}
    del files["sub/카드.md"]
    verdict = check(sealed(), held=held(files, signatures={"model.sig": "2" * 64}))
    assert verdict.outcome is Outcome.FAIL
    found = {item.rule: (item.outcome, [at.path for at in item.locators]) for item in verdict.results}
    assert found["files.altered"] == (Outcome.FAIL, ["config.json"])
    assert found["files.missing"] == (Outcome.FAIL, ["sub/카드.md"])
    assert found["files.extra"] == (Outcome.FAIL, ["more.py"])
    assert "1 of 3" in next(item.statement for item in verdict.results if item.rule == "files.same")


def test_a_file_whose_digest_is_not_known_leaves_it_undetermined() -> None:
    files = {path: digest for path, digest in FILES.items() if path != "config.json"}
    unknowns = (Unknown("config.json", Stage.INVENTORY, "could not be read"),)
    verdict = check(sealed(), held=held(files, unknowns=unknowns))
    assert verdict.outcome is Outcome.UNDETERMINED
    assert outcomes(verdict) == {
        "signature.valid": Outcome.PASS,
        "files.same": Outcome.PASS,
        "files.unread": Outcome.UNDETERMINED,
    }


def test_a_file_that_cannot_be_read_and_was_not_signed_is_extra() -> None:
    unknowns = (Unknown("hidden.bin", Stage.SOURCE, "not a regular file"),)
    assert outcomes(check(sealed(), held=held(unknowns=unknowns)))["files.extra"] is Outcome.FAIL


def test_a_subject_with_another_digest_is_not_taken_for_the_same() -> None:
    subjects = [{"name": "a", "digest": {"sha512": "0" * 128}}]
    verdict = check(signed(statement(subject=subjects)), held=held({"a": "0" * 64}))
    assert outcomes(verdict)["files.unread"] is Outcome.UNDETERMINED
    assert verdict.outcome is Outcome.UNDETERMINED


def test_without_a_model_the_files_are_said_to_be_unseen() -> None:
    verdict = check(sealed())
    assert verdict.outcome is Outcome.PASS
    (note,) = [item for item in verdict.results if item.outcome is not Outcome.PASS]
    assert (note.rule, note.severity) == ("files.unread", Severity.INFO)


def test_nothing_is_verified_against_nobody() -> None:
    with pytest.raises(UsageError):
        check(sealed(), trust=Trust())


def test_a_payload_is_not_looked_at_before_its_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr("aibom.signing.verifying.read_statement", refuse)
    payload = base64.b64encode(b"{}").decode()
    assert check(altered(sealed(), payload=payload)).outcome is Outcome.FAIL


def test_ids_of_results_survive_a_second_run() -> None:
    one, other = (check(sealed(), held=held({})) for _ in range(2))
    assert [item.id for item in one.results] == [item.id for item in other.results]
    assert len({item.id for item in one.results}) == len(one.results)


def test_any_payload_can_be_sealed() -> None:
    data = seal(b"\x00contest", "application/json", pair("p384").signer)
    envelope = read_envelope(data, "x")
    assert (envelope.payload, envelope.payload_type) == (b"\x00contest", "application/json")
    key = load_key(pair("p384").public, "pub.pem")
    Dsse.from_dict(json.loads(data)).verify([key], 1)


def test_ed25519_signs_the_same_bytes_the_same_way() -> None:
    assert sealed() == seal(write_statement(BOM, FILES), IN_TOTO, pair("ed25519").signer)
