"""A server, or what stands before it, that fails: every case ends in one clear error, without waiting."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.errors import LimitError, NetworkError, ReadError
from aibom.sources.content import _ranged
from aibom.sources.http import asked_wait
from tests.sources.conftest import Open, Serve
from tests.standin import Fault, Kind, Repository, StandinHub

WEIGHTS = bytes(range(256)) * 1000
MODEL = Repository({"config.json": b'{"model_type": "x"}', "model.safetensors": WEIGHTS})
INFO = "blobs=true"
FILE = "model.safetensors"
PORTAL = {"body": b"<html>please log in</html>", "media_type": "text/html", "status": 200}


@pytest.fixture
def hub(serve: Serve) -> StandinHub:
    return serve({"org/model": MODEL})


def test_rate_limit_is_waited_out(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    limited = {"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
    hub.faults.append(Fault(INFO, status=429, headers=limited, times=1))
    assert opened(hub, "org/model").read("config.json")
    assert waits == [55.0]


def test_retry_after_is_waited_out_while_reading(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(FILE, status=429, headers={"Retry-After": "7"}, times=2))
    assert source.read(FILE, 0, 4) == WEIGHTS[:4]
    assert waits == [7.0, 7.0]


def test_a_wait_past_the_bound_is_not_waited(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    hub.faults.append(Fault(INFO, status=429, headers={"RateLimit": '"api";r=0;t=299'}))
    with pytest.raises(NetworkError, match=r"429; waiting 299 s more is past the bound of 120 s"):
        opened(hub, "org/model")
    assert waits == []


def test_all_waits_of_a_call_together_stay_in_the_bound(
    hub: StandinHub, opened: Open, waits: list[float]
) -> None:
    hub.faults.append(Fault(INFO, status=503, headers={"Retry-After": "50"}))
    with pytest.raises(NetworkError, match="past the bound"):
        opened(hub, "org/model", retries=9)
    assert waits == [50.0, 50.0]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"ratelimit": '"api";r=0;t=12'}, 12.0),
        ({"ratelimit": '"api";r=3;t=12'}, None),
        ({"ratelimit": '"api";r=0;t=12', "retry-after": "3"}, 12.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "9999999"}, None),
        ({}, None),
    ],
)
def test_asked_wait(headers: dict[str, str], expected: float | None) -> None:
    assert asked_wait(httpx2.Headers(headers)) == expected


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors_pass(hub: StandinHub, opened: Open, waits: list[float], status: int) -> None:
    hub.faults += [Fault(INFO, status=status, times=2), Fault("config.json", status=status, times=1)]
    assert opened(hub, "org/model").read("config.json")
    assert waits == [0.5, 1.0, 0.5]


def test_server_errors_that_stay(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    hub.faults.append(Fault("/api/models", status=500))
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1 answered 500 \(4 attempts\)"):
        opened(hub, "org/model")
    assert sorted(waits) == [0.5, 0.5, 1.0, 1.0, 2.0, 2.0], "both metadata calls were tried alike"


def test_tree_listing_is_not_retried_by_the_library(serve: Serve, opened: Open, waits: list[float]) -> None:
    hub = serve({"org/model": MODEL}, drops_sizes=True)
    hub.faults.append(Fault("/tree/", status=503))
    assert opened(hub, "org/model", retries=1).files["config.json"].size == 19
    assert waits == [0.5]
    assert len([exchange for exchange in hub.log if "/tree/" in exchange.target]) == 2


def test_hang_of_the_metadata(hub: StandinHub, opened: Open) -> None:
    hub.faults.append(Fault("/api/models", Kind.HANG))
    with pytest.raises(NetworkError, match="did not answer in time"):
        opened(hub, "org/model", timeout=0.1, retries=0)


def test_hang_of_one_file_loses_only_that_file(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model", timeout=0.2, retries=0)
    hub.faults.append(Fault(FILE, Kind.HANG))
    with pytest.raises(ReadError, match=r"model\.safetensors: 127\.0\.0\.1 did not answer in time"):
        source.read(FILE, 0, 10)
    assert source.read("config.json")


def test_nobody_listens(opened: Open) -> None:
    with pytest.raises(NetworkError, match="cannot be reached"):
        opened("http://127.0.0.1:9", "org/model", retries=0)


def test_truncated_body_passes_or_is_told(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    source = opened(hub, "org/model")
    broken = Fault(MODEL.blobs[FILE].sha256, Kind.TRUNCATE, origin="content", times=1)
    hub.faults.append(broken)
    assert source.read(FILE, 0, 100_000) == WEIGHTS[:100_000]
    assert waits == [0.5]
    broken.times = -1
    with pytest.raises(ReadError, match="broke off its answer"):
        source.read(FILE, 5, 100_000)


@pytest.mark.parametrize("status", [200, 511])
def test_captive_portal(hub: StandinHub, opened: Open, status: int) -> None:
    hub.faults.append(Fault("", **{**PORTAL, "status": status}))  # type: ignore[arg-type]
    with pytest.raises(NetworkError) as caught:
        opened(hub, "org/model")
    assert "\n" not in caught.value.message
    if status == 200:
        assert "not the Hub's JSON" in caught.value.message
        assert "login page" in caught.value.advice


def test_captive_portal_in_place_of_a_file(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(FILE, **PORTAL))  # type: ignore[arg-type]
    with pytest.raises(ReadError, match="a web page came in place of the file"):
        source.read(FILE, 0, 1000)


@pytest.mark.parametrize("body", [b"[]", b"null", b"{}", b'{"id": 5, "siblings": 3}', b'"x"'])
def test_metadata_of_the_wrong_shape(hub: StandinHub, opened: Open, body: bytes) -> None:
    hub.faults.append(Fault("/api/models", status=200, body=body))
    with pytest.raises(NetworkError):
        opened(hub, "org/model")


@pytest.mark.parametrize("place", ["http://example.org/login", "https://127.0.0.2/x", "file:///etc/passwd"])
def test_metadata_is_not_followed_to_another_host(hub: StandinHub, opened: Open, place: str) -> None:
    hub.faults.append(Fault("/api/models", status=302, headers={"Location": place}))
    with pytest.raises(NetworkError):
        opened(hub, "org/model")


def test_a_page_link_to_another_host_is_not_followed(serve: Serve, opened: Open) -> None:
    hub = serve({"org/model": MODEL}, drops_sizes=True)
    link = {"Link": '<http://127.0.0.2:9/api/next>; rel="next"'}
    hub.faults.append(Fault("/tree/", status=200, headers=link, body=b"[]"))
    assert opened(hub, "org/model").files["config.json"].size == 19


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "https:///no-host", "gopher://127.0.0.1/", ""]
)
def test_a_file_is_followed_over_http_only(hub: StandinHub, opened: Open, place: str) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(FILE, status=302, headers={"Location": place}))
    with pytest.raises(ReadError, match="redirect"):
        source.read(FILE, 0, 10)


def test_redirects_without_end(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(FILE, status=302, headers={"Location": f"/org/model/resolve/main/{FILE}"}))
    with pytest.raises(ReadError, match="more than 5 redirects"):
        source.read(FILE, 0, 10)


def test_a_server_that_ignores_range(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(MODEL.blobs[FILE].sha256, Kind.IGNORE_RANGE, origin="content"))
    before = source.stats().bytes
    with pytest.raises(ReadError, match="the server ignores Range"):
        source.read(FILE, 10, 1000)
    with pytest.raises(ReadError, match="the server ignores Range"):
        source.read(FILE, 0, 1000)
    assert source.stats().bytes == before, "nothing of the whole file was taken"
    assert source.read(FILE) == WEIGHTS, "the whole was wanted"


def test_a_server_that_answers_another_range(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(MODEL.blobs[FILE].sha256, Kind.SHIFT_RANGE, origin="content"))
    with pytest.raises(ReadError, match="another range than the one asked for"):
        source.read(FILE, 10, 1000)


def test_a_whole_file_is_held_against_its_digest(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(Fault(MODEL.blobs[FILE].sha256, Kind.CORRUPT, origin="content"))
    with pytest.raises(ReadError, match="do not have the SHA-256 that the Hub lists"):
        source.read(FILE)


def test_another_commit_than_the_one_asked_for(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    other = {"X-Repo-Commit": "0" * 40, "Content-Range": "bytes 0-9/256000"}
    hub.faults.append(Fault(FILE, status=206, headers=other, body=b"0123456789"))
    with pytest.raises(ReadError, match="is of commit 000"):
        source.read(FILE, 0, 10)


def test_more_bytes_than_asked_for(hub: StandinHub, opened: Open) -> None:
    source = opened(hub, "org/model")
    hub.faults.append(
        Fault(FILE, status=206, headers={"Content-Range": "bytes 0-9/256000"}, body=bytes(200_000))
    )
    with pytest.raises(LimitError) as caught:
        source.read(FILE, 0, 10)
    assert caught.value.limit == "response size"


def test_an_answer_that_trickles_is_given_up(hub: StandinHub, opened: Open, waits: list[float]) -> None:
    ticks = iter(range(0, 10**6, 40))
    with pytest.raises(NetworkError, match="slower than 1024 bytes a second"):
        opened(hub, "org/model", clock=lambda: float(next(ticks)), timeout=30.0)


@given(
    st.text(max_size=30) | st.builds("bytes {}-{}/{}".format, st.integers(), st.integers(), st.integers()),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
)
def test_any_content_range_is_the_range_asked_for_or_an_error(header: str, offset: int, size: int) -> None:
    try:
        length = _ranged("path", header, offset, size)
    except ReadError:
        return
    first, _, rest = header.removeprefix("bytes ").partition("-")
    last, _, total = rest.partition("/")
    assert int(first) == offset
    assert 1 <= length == int(last) - offset + 1 <= size
    assert length == size or int(total) == int(last) + 1


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_an_honest_content_range_is_taken(offset: int, size: int, beyond: int) -> None:
    whole = f"bytes {offset}-{offset + size - 1}/{offset + size + beyond}"
    assert _ranged("path", whole, offset, size) == size
    at_the_end = f"bytes {offset}-{offset + size - 1}/{offset + size}"
    assert _ranged("path", at_the_end, offset, size + beyond) == size
