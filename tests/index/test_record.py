"""A record has one form; whatever else claims to be one is refused with one line."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from safetensors import deserialize

from aibom.errors import AibomError, FormatError, LimitError, UndeterminedError
from aibom.index import MAX_BYTES, Record, decode, digest_of, encode, is_record, record_of
from aibom.model import HubRecord, Inspected, Part, Role
from tests.analyses import solar
from tests.index.records import COMMIT, model, record, record_file, samples

RECORD = record()
DATA = encode(RECORD)


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    end = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:end]), data[end:]


def _joined(table: dict[str, Any], values: bytes) -> bytes:
    header = json.dumps(table, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + values


def _with(change: Any) -> bytes:
    """The record with its description changed, canonical again."""
    table, values = _split(DATA)
    told = json.loads(table["__metadata__"]["aibom"])
    change(told)
    table["__metadata__"]["aibom"] = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return _joined(table, values)


def test_a_record_comes_back_whole_and_equal_records_give_equal_bytes() -> None:
    assert decode(DATA, "here") == RECORD
    assert encode(record()) == DATA
    assert is_record(DATA)
    assert not is_record(b"\x10" + bytes(63))


def test_any_safetensors_reader_reads_its_values() -> None:
    tensors = dict(deserialize(DATA))
    first = RECORD.samples[0]
    assert bytes(tensors["codes.00000"]["data"]) == first.codes
    assert tensors["codes.00000"]["shape"] == [8, 64]
    assert bytes(tensors["scales.00000"]["data"]) == first.scales


def test_the_unchanged_description_is_the_same_file() -> None:
    assert _with(lambda told: None) == DATA


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.update(schema="urn:aibom:schema:index-record:2"), "breaks the schema at /schema"),
        (lambda told: told.update(extra=1), "breaks the schema"),
        (lambda told: told.update(samples=[]), "breaks the schema at /samples"),
        (lambda told: told["model"].update(commit="main"), "breaks the schema at /model/commit"),
        (lambda told: told["model"].update(released="2024-13-45"), "is no day"),
        (lambda told: told["samples"][0].update(part="nowhere"), "none of its parts"),
        (lambda told: told["samples"][0].update(columns=63), "codes.00000 is not there"),
        (lambda told: told["samples"][0].update(shape=[64, 32]), "reaches beyond its matrix"),
        (lambda told: told["samples"][0].update(rows=[60, 8]), "reaches beyond its matrix"),
        (lambda told: told["samples"][0].update(kind="magic"), "breaks the schema at /samples/0/kind"),
        (lambda told: told["samples"].append(told["samples"][0]), "is not there"),
        (lambda told: told["parts"].append(told["parts"][0]), "two parts have one id"),
        (lambda told: told["parts"][0].update(role="emperor"), "not valid"),
        (lambda told: told["samples"][0].update(rms=1), "one form"),
        (lambda told: told["samples"].pop(), "one form"),
    ],
)
def test_what_breaks_the_schema_or_contradicts_itself_is_refused(change: Any, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        decode(_with(change), "here")


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), -1.0])
def test_scales_are_positive_numbers(scale: float) -> None:
    first = replace(RECORD.samples[0], scales=struct.pack("<f", scale) + RECORD.samples[0].scales[4:])
    with pytest.raises(FormatError, match="scale that is no positive number"):
        decode(encode(replace(RECORD, samples=(first, *RECORD.samples[1:]))), "here")


def test_a_day_and_a_part_more_than_a_record_may_have_are_bounded() -> None:
    with pytest.raises(LimitError):
        decode(bytes(MAX_BYTES + 1), "here")
    with pytest.raises(LimitError):
        decode((1 << 40).to_bytes(8, "little") + bytes(100), "here")


def test_other_safetensors_files_are_no_records() -> None:
    table, values = _split(DATA)
    with pytest.raises(FormatError, match="no record of a model"):
        decode(_joined(table | {"__metadata__": {"format": "pt"}}, values), "here")
    with pytest.raises(FormatError, match="not valid"):
        decode(_joined(table | {"__metadata__": {"aibom": "[" * 100_000}}, values), "here")
    with pytest.raises(FormatError, match="bytes follow"):
        decode(DATA + b"0", "here")


@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=8))
@example(0, b"\xff\xff\xff\xff\xff\xff\xff\xff")
def test_no_changed_byte_goes_unseen(place: int, content: bytes) -> None:
    """It is refused, or it is another record, with another digest, that is sound in itself."""
    mutated = DATA[:place] + content + DATA[place + len(content) :]
    _is_refused_or_another(mutated)


@given(st.integers(0, len(DATA)))
def test_no_cut_record_is_taken(length: int) -> None:
    _is_refused_or_another(DATA[:length])


@given(
    st.sampled_from(["tool", "model", "parts", "samples", "tokenizers", "shapes"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_no_other_description_breaks_the_reader(key: str, value: Any) -> None:
    _is_refused_or_another(_with(lambda told: told.update({key: value})))


def _is_refused_or_another(data: bytes) -> None:
    try:
        found: Record = decode(data, "here")
    except AibomError as error:
        assert "\n" not in error.message
        return
    assert encode(found) == data
    assert (found == RECORD) is (digest_of(data) == digest_of(DATA))


def test_a_record_says_of_which_model_it_is() -> None:
    analysis = solar()
    target = replace(
        analysis.target,
        repository="org/name",
        revision=COMMIT,
        hub=HubRecord(created="2024-05-01T10:00:00Z"),
    )
    inspected = Inspected(
        parts=(
            Part("decoder-core", Role.DECODER_CORE, "core", parameters=7),
            Part("decoder-core-2", Role.DECODER_CORE, "core", alternative=True),
        ),
        prints=(*samples(model(1), "decoder-core-2"), *reversed(samples(model(1)))),
    )
    found = record_of(replace(analysis, target=target, inspected=inspected))
    assert (found.model.id, found.model.commit, found.model.released) == ("org/name", COMMIT, "2024-05-01")
    assert [part.id for part in found.parts] == ["decoder-core"]
    assert {item.part for item in found.samples} == {"decoder-core"}
    assert [item.name for item in found.samples] == sorted(item.name for item in found.samples)
    assert decode(encode(found), "here") == found


def test_what_is_not_known_of_a_model_stays_unknown() -> None:
    analysis = solar()
    target = replace(analysis.target, repository=None, revision="main", hub=None)
    inspected = Inspected(parts=(Part("decoder-core", Role.DECODER_CORE, "core"),), prints=samples(model(1)))
    found = record_of(
        replace(
            analysis,
            target=target,
            inspected=inspected,
            provenance=replace(analysis.provenance, publisher=None),
        )
    )
    assert (found.model.commit, found.model.organisation, found.model.released) == (None, None, None)
    assert found.model.id == target.name


def test_a_model_without_samples_has_no_record() -> None:
    with pytest.raises(UndeterminedError, match="no matrix of weights could be sampled"):
        record_of(replace(solar(), inspected=Inspected()))


def test_records_of_two_models_differ() -> None:
    assert record_file(1) != record_file(2)
