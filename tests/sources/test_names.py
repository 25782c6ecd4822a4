"""Laws of paths, cache keys and session."""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path

import httpx2
from huggingface_hub.utils import get_session
from hypothesis import given
from hypothesis import strategies as st

from aibom.sources.cache import Cache
from aibom.sources.names import escaped, refusal
from aibom.sources.session import hub_calls_over

ANY = st.text(st.characters(), max_size=40) | st.text("./\\ab:\0\x1b\u202e\udcff", max_size=12)


@given(ANY)
def test_an_accepted_path_never_leaves_its_folder(path: str) -> None:
    if refusal(path) is None:
        root = Path("/target")
        joined = Path(f"{root}/{path}")
        assert joined.is_relative_to(root)
        assert ".." not in joined.parts
        assert joined != root


@given(ANY)
def test_what_is_shown_holds_nothing_that_a_terminal_acts_on(path: str) -> None:
    shown = escaped(path)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in shown)
    shown.encode("utf-8")
    if refusal(path) is None:
        assert shown == path


@given(st.binary(max_size=100), st.lists(st.text(max_size=5), min_size=1, max_size=3))
def test_the_cache_gives_back_what_was_put_under_that_key_alone(data: bytes, key: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        cache.put(data, *key)
        assert cache.get(*key) == data
        assert cache.get(*key, "") is None
        assert cache.get("".join(key), "more") is None


def test_an_entry_under_another_name_is_not_believed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(b"a", "first")
    cache.put(b"b", "second")
    one, other = (path for path in tmp_path.rglob("*") if path.is_file())
    other.write_bytes(one.read_bytes())
    assert {cache.get("first"), cache.get("second")} in ({b"a", None}, {b"b", None})


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "below")
    cache.put(b"a", "key")
    assert cache.get("key") is None
    Cache(None).put(b"a", "key")
    assert Cache(None).get("key") is None


def _answering(word: str) -> httpx2.Client:
    return httpx2.Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(200, text=word)))


def test_each_thread_talks_through_its_own_client() -> None:
    heard: dict[str, str] = {}
    barrier = threading.Barrier(2)

    def ask(word: str) -> None:
        with _answering(word) as client, hub_calls_over(client):
            barrier.wait(5)
            heard[word] = get_session().get("http://hub").text

    threads = [threading.Thread(target=ask, args=(word,)) for word in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"one": "one", "two": "two"}


def test_the_program_s_own_client_is_left_to_it() -> None:
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    try:
        set_client_factory(lambda: _answering("theirs"))
        with _answering("ours") as client:
            with hub_calls_over(client):
                assert get_session().get("http://hub").text == "ours"
            assert get_session().get("http://hub").text == "theirs"
    finally:
        set_client_factory(default_client_factory)
