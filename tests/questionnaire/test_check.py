"""A file of answers: what is wrong, on which line, and what was meant; nothing hostile gets further."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import DataError, InputError
from aibom.questionnaire import Subject, check, read, yaml_form
from tests.questionnaire.samples import LOG_DIGEST, answers, document, faults

HEAD = "schema: urn:aibom:schema:questionnaire:1\nmodel: {id: upstage/solar}\n"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)


def test_a_misspelt_question_is_told_with_its_line_and_what_was_meant() -> None:
    (fault,) = faults(HEAD + "use:\n  intented: translation\n")
    assert fault == (4, "use.intented", "there is no question 'intented' here; did you mean 'intended'?")


def test_a_misspelt_choice_is_told_with_what_was_meant() -> None:
    (fault,) = faults(HEAD + "parts:\n  decoder-core:\n    initialisation: radnom\n")
    assert fault[0] == 5 and fault[1] == "parts.decoder-core.initialisation"
    assert fault[2].endswith("did you mean 'random'?")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("use:\n  intended: 12\n", 4, "a text is asked for; put it in quotes"),
        ("data:\n  tokens: many\n", 4, "a number is asked for"),
        ("data:\n  personal: ja\n", 4, "true or false is asked for"),
        ("data:\n  languages: ko\n", 4, "a list is asked for"),
        ("use: translation\n", 3, "a block of named answers is asked for"),
        ("compute:\n  sites:\n  - operator: X\n    country: kr\n", 6, "two capital letters"),
        ("respondent:\n  date: 2026-13-01\n", 4, "As 2026-01-31."),
        ("data:\n  tokens: -1\n", 4, "less than the minimum"),
        ("data:\n  tokens: .inf\n", 4, "a number is asked for"),
        ("compute:\n  sites:\n  - country: KR\n", 5, '"operator" is a required property'),
        ("use:\n  intended: a\n  intended: b\n", 5, "is answered twice"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told_on_its_line(text: str, line: int, message: str) -> None:
    found = faults(HEAD + text)
    assert [fault[0] for fault in found] == [line]
    assert message in found[0][2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parts: {core: {initialisation: random, start: openai/whisper}}", "a random start has no model"),
        ("tokenizer: {vocabulary: own, source: openai/whisper}", "an own vocabulary is nobody else's"),
        ("data: {collection: own, collectors: [Mozilla]}", "has no other collectors"),
    ],
)
def test_answers_that_cannot_both_hold_are_told(text: str, message: str) -> None:
    ((_, _, said),) = faults(HEAD + text)
    assert message in said


def test_a_document_needs_a_place_a_digest_and_a_name_of_its_own() -> None:
    digest = LOG_DIGEST
    text = (
        f"documents:\n- {{id: a, path: x, sha256: {digest}}}\n- {{id: a, path: y, sha256: {digest}}}\n"
        f"- {{id: b, sha256: {digest}}}\n- {{id: c, path: x, url: 'https://x.org', sha256: {digest}}}\n"
    )
    assert [fault[:2] for fault in faults(HEAD + text)] == [
        (5, "documents.1.id"),
        (6, "documents.2"),
        (7, "documents.3"),
    ]
    assert faults(HEAD + "documents:\n- {id: a, path: x, sha256: abc}\n")[0][0] == 4


def test_an_answer_names_documents_that_are_there() -> None:
    text = f"documents:\n- {{id: train-log, path: x, sha256: {LOG_DIGEST}}}\nuse: {{documents: [trainlog]}}\n"
    ((line, place, message),) = faults(HEAD + text)
    assert (line, place) == (5, "use.documents.0")
    assert message == "no document is called 'trainlog'; did you mean 'train-log'?"


@pytest.mark.parametrize("path", ["/etc/hostname", "../log.txt", "a/../../b", "C:/x"])
def test_a_path_stays_in_the_folder_of_the_documents(path: str) -> None:
    text = json.dumps(document(documents=[{"id": "a", "path": path, "sha256": LOG_DIGEST}]))
    (fault,) = check(text.encode(), "a.json").faults
    assert fault.place == "documents.0.path"


@pytest.mark.parametrize("url", ["ftp://x.org", "javascript:alert(1)", "https://a b", "https://x.org/<b>"])
def test_a_url_is_one_that_every_reader_takes_for_one(url: str) -> None:
    text = json.dumps(document(documents=[{"id": "a", "url": url, "sha256": LOG_DIGEST}]))
    assert check(text.encode(), "a.json").faults


def test_what_is_left_empty_is_no_answer() -> None:
    found = answers(
        use={"intended": None, "users": "", "excluded": "  ", "policy": "\u200b"}, data={"languages": []}
    )
    assert found.given == ()


@pytest.mark.parametrize("word", ["unknown", "TBD", "[More Information Needed]", "-", "todo"])
def test_a_word_for_nothing_known_is_no_answer(word: str) -> None:
    assert answers(use={"intended": word}, data={"languages": [word]}).given == ()


@pytest.mark.parametrize("word", ["none", "N/A", "not applicable"])
def test_that_there_is_none_is_an_answer(word: str) -> None:
    assert [answer.text for answer in answers(data={"sensitive": [word]}).given] == [word]


def test_answers_are_handed_on_as_safe_lines() -> None:
    found = answers(use={"intended": "a\n\x1b[31mb\u202ec " + "d" * 3000})
    (answer,) = found.given
    assert answer.text.startswith("a bc ddd") and len(answer.text) == 1000
    assert answer.key == "use.intended"


def test_no_is_an_answer_and_zero_too() -> None:
    found = answers(data={"personal": False, "tokens": 0})
    assert [answer.text for answer in found.given] == ["0", "no"]


def test_numbers_keep_their_value() -> None:
    found = answers(compute={"flops": 1.5e21, "energy_kwh": 123456789012345678})
    assert [answer.text for answer in found.given] == ["1.5e+21", "123456789012345678"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: " + b"x" * (1024 * 1024), "larger than"),
        (b"a: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
            b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(8)
        ), "more than 100,000 values"),
        (b"[" * 5000, "nested deeper"),
        (b"{" * 5000, "not valid JSON"),
        (b"a: [", "invalid YAML"),
        (b"\xff\xfe\x00", "UTF-8 is needed"),
        (b"!!python/object/apply:os.system ['true']", "a block of named answers"),
        (b"", "a block of named answers"),
        (b"\x00", "invalid YAML"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_one_line(data: bytes, message: str) -> None:
    (fault, *_) = check(data, "a.yaml").faults
    assert message in fault.message and "\n" not in fault.message


def test_many_faults_are_bounded() -> None:
    text = json.dumps(document(**{f"x{n}": 1 for n in range(5000)}))
    assert len(check(text.encode(), "a.json").faults) <= 5000
    rows = json.dumps(document(data={"languages": list(range(150))}))
    assert len(check(rows.encode(), "a.json").faults) == 100


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    checked = check(data, "a.yaml")
    assert (checked.answers is None) == bool(checked.faults)


@given(st.dictionaries(st.sampled_from(["parts", "data", "use", "documents", "compute", "x"]), VALUES))
def test_no_values_raise(sections: dict[str, object]) -> None:
    text = json.dumps(document(**sections))
    checked = check(text.encode("utf-8", "surrogatepass"), "a.json")
    assert (checked.answers is None) == bool(checked.faults)


def test_reading_raises_with_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(HEAD + "use:\n  intented: x\n  uses: 3\n")
    with pytest.raises(DataError, match=r"line 4: use.intented: .*\(and 1 more\)"):
        read(path)
    with pytest.raises(InputError):
        read(tmp_path / "nothing.yaml")
    path.write_text(yaml_form(Subject("upstage/solar")))
    assert read(path).model == "upstage/solar"
