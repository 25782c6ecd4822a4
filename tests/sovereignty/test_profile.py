"""Profiles are data: shipped, checked, dated, and named by a digest of what they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aibom.errors import DataError, UsageError
from aibom.sovereignty import load_profile, shipped

DATA = Path(__file__).parents[2] / "aibom" / "sovereignty" / "data"


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "kr.json").read_text(encoding="utf-8"))
    return found


def write(folder: Path, document: object) -> str:
    path = folder / "profile.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_five_profiles_are_shipped_and_every_data_file_is_one() -> None:
    assert {profile.id for profile in shipped()} == {"eu", "jp", "kr", "neutral", "us"}
    assert {path.stem for path in DATA.glob("*.json")} == {profile.id for profile in shipped()}


def test_home_sets_are_what_their_names_say() -> None:
    home = {profile.id: profile.home for profile in shipped()}
    assert (home["kr"], home["us"], home["jp"], home["neutral"]) == (("KR",), ("US",), ("JP",), ())
    assert len(home["eu"]) == 27
    assert not {"GB", "CH", "NO"} & set(home["eu"])


def test_digests_tell_profiles_apart_and_do_not_change() -> None:
    assert len({profile.digest for profile in shipped()}) == 5
    assert load_profile("kr").digest == load_profile("kr").digest


def test_home_replaces_the_home_set_and_the_digest_says_so() -> None:
    swiss = load_profile("neutral", home="ch")
    assert swiss.home == ("CH",)
    assert swiss.digest != load_profile("neutral").digest
    assert load_profile("us", home="US").digest == load_profile("us").digest


@pytest.mark.parametrize("code", ["", "Korea", "K1", "ZZ", "KR,JP"])
def test_a_home_that_is_no_country_is_a_usage_error(code: str) -> None:
    with pytest.raises(UsageError, match="ISO 3166-1"):
        load_profile("kr", home=code)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        load_profile("mars")
    assert "kr" in caught.value.advice


def test_a_file_of_ones_own_is_read(tmp_path: Path, document: dict[str, Any]) -> None:
    document |= {"id": "own", "home": ["KR", "JP"], "deny": ["RU"]}
    profile = load_profile(write(tmp_path, document))
    assert (profile.id, profile.home, profile.deny) == ("own", ("JP", "KR"), ("RU",))


def test_key_order_does_not_change_the_digest(tmp_path: Path, document: dict[str, Any]) -> None:
    backwards = dict(reversed(document.items()))
    assert load_profile(write(tmp_path, backwards)).digest == load_profile("kr").digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": {}}, "/layers"),
        ({"home": ["Korea"]}, "/home/0"),
        ({"extra": 1}, "extra"),
        ({"deny": ["KR"]}, "/deny"),
        ({"unknown_share": {"E0": 1, "E1": 0.1, "E2": 0.3, "E3": 0.1, "E4": 0}}, "/unknown_share"),
        (
            {"grades": {"original": 0, "inspired": 1, "adapted": 2, "derived": 1, "verbatim": 0}},
            "/grades",
        ),
    ],
)
def test_a_broken_profile_is_refused_with_the_place(
    tmp_path: Path, document: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        load_profile(write(tmp_path, document | change))


def test_weights_that_do_not_add_up_are_refused(tmp_path: Path, document: dict[str, Any]) -> None:
    document["layers"]["data"] = 16
    with pytest.raises(DataError, match="add up to 101"):
        load_profile(write(tmp_path, document))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_profile_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "profile.json"
    path.write_bytes(content)
    with pytest.raises(DataError):
        load_profile(str(path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(DataError, match="at most"):
        load_profile(str(path))
