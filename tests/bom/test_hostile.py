"""Whatever a model's files say, the document is valid and has no error of its own."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom import bom
from tests import samples

OURS = frozenset(
    {
        "endpoint",
        "id",
        "ident",
        "profile",
        "profile_date",
        "profile_digest",
        "repository",
        "revision",
        "tools",
    }
    | {"expression", "findings"}
)
"""Fields that stages of the scan make or check themselves; the rest holds what a model's files say."""
WORDS = st.sampled_from(
    [
        "", " ", "\x00", "unknown", "un\u200bknown", "N/A", "other", "none", "\ud800", "\u202e", "..",
        "a/b/c",
        "2026-01-01T00:00:00Z", "Apache-2.0", "MIT OR Apache-2.0", "http://[bad", "multi", "KR", "0" * 40,
        "0" * 64, "NaN", "<b>", "a" * 5000, "pkg:npm/x@1", "\r\n", "%2e%2e", "🤖", samples.NASTY,
    ]
)  # fmt: skip


def disturb(value: Any, draw: st.DataObject) -> Any:
    """The same analysis with some of its texts replaced; paths stay different from each other."""
    if isinstance(value, tuple):
        return tuple(disturb(each, draw) for each in value)
    if not is_dataclass(value):
        replaced = isinstance(value, str) and not isinstance(value, Enum) and draw.draw(st.booleans())
        return draw.draw(WORDS) if replaced else value
    changed = {}
    for each in fields(value):
        held = getattr(value, each.name)
        if each.name in ("path", "files") and isinstance(held, str | tuple):
            held = draw.draw(WORDS) + held if isinstance(held, str) else disturb(held, draw)
        elif each.name not in OURS:
            held = disturb(held, draw)
        changed[each.name] = held
    return type(value)(**changed)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(["1.6", "1.7"]), st.sampled_from([samples.rich, samples.finetune]))
def test_any_text_gives_a_document_without_errors(data, spec, sample):
    document = bom.build(disturb(sample(), data), spec=spec)

    assert bom.validate(document) == ()
    assert [problem for problem in bom.lint(document) if problem.severity == "error"] == []
    assert bom.serialise(document)


@pytest.mark.parametrize("source", ["", " ", "\x00", "unknown"])
def test_a_source_that_says_nothing_leaves_the_country_out(source):
    analysis = samples.rich()
    publisher = replace(samples.ACME, source=source)
    document = bom.build(replace(analysis, provenance=replace(analysis.provenance, publisher=publisher)))

    assert "address" not in document["metadata"]["component"]["manufacturer"]
