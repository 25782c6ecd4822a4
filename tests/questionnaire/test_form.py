"""The form: accepted as it is written, filled in where something is known, and safe as a page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.text import as_dict, read_yaml
from aibom.questionnaire import Subject, check, html_form, yaml_form

COMMIT = "3f2a1c9d5e7b8a6f4c2d1e0f9a8b7c6d5e4f3a2b"
SOLAR = Subject("upstage/solar", COMMIT, ("decoder-core", "vision-encoder"))
EVIL = "\"'></script><img src=x onerror=alert(1)>\u202e\x1b[31m"
NODE = shutil.which("node")


class Page(HTMLParser):
    """The elements of a page, with what they stand in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: dict[str, str] = {}
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data

    @property
    def fields(self) -> list[tuple[str, dict[str, str | None], tuple[str, ...]]]:
        return [item for item in self.elements if item[0] in ("input", "select", "textarea")]


def test_the_yaml_form_is_valid_and_nothing_is_answered() -> None:
    answers = check(yaml_form(SOLAR).encode(), "answers.yaml").answers
    assert answers is not None
    assert (answers.model, answers.revision) == ("upstage/solar", COMMIT)
    assert answers.given == () and answers.answered == 0 and answers.asked > 60


@pytest.mark.parametrize(
    ("revision", "commit"), [(COMMIT.upper(), COMMIT), ("v1.0", ""), ("main", ""), (None, "")]
)
def test_only_a_full_commit_is_filled_in(revision: str | None, commit: str) -> None:
    subject = Subject("upstage/solar", revision)
    answers = check(yaml_form(subject).encode(), "answers.yaml").answers
    assert answers is not None and (answers.revision or "") == commit
    assert f'value="{commit}"' in html_form(subject)


def test_the_parts_are_filled_in() -> None:
    document = as_dict(read_yaml(yaml_form(SOLAR)))
    assert list(as_dict(document["parts"])) == ["decoder-core", "vision-encoder"]


def test_a_form_without_known_parts_asks_for_the_core() -> None:
    assert list(as_dict(as_dict(read_yaml(yaml_form(Subject("x"))))["parts"])) == ["decoder-core"]


def test_a_commented_entry_is_an_entry_once_uncommented() -> None:
    text = (
        yaml_form(SOLAR)
        .replace("  # - operator:", "  - operator: Upstage")
        .replace("  #   facility:", "    facility: Chuncheon")
    )
    answers = check(text.encode(), "answers.yaml").answers
    assert answers is not None
    (site,) = answers.rows("compute", "sites")
    assert (site.field("operator"), site.field("facility")) == ("Upstage", "Chuncheon")


@given(st.text(min_size=1, max_size=50), st.lists(st.text(min_size=1, max_size=50), max_size=3))
def test_no_name_of_a_model_or_part_breaks_the_yaml_form(model: str, parts: list[str]) -> None:
    checked = check(yaml_form(Subject(model, None, tuple(parts))).encode("utf-8", "replace"), "a.yaml")
    empty = [fault for fault in checked.faults if "minLength" not in fault.message]
    assert checked.answers is not None or all(
        "shorter than" in fault.message or "no name" in fault.message or "twice" in fault.message
        for fault in empty
    )


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(html_form(SOLAR))


def test_the_page_lets_nothing_in_but_its_own_script_and_style(page: Page) -> None:
    policies = [
        attributes["content"] or ""
        for tag, attributes, _ in page.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (policy,) = policies
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for kind in ("script", "style"):
        digest = hashlib.sha256(page.texts[kind].encode()).digest()
        assert rules[f"{kind}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"


def test_nothing_is_loaded_and_nothing_runs_inline(page: Page) -> None:
    for tag, attributes, _ in page.elements:
        assert not {"src", "href", "action", "style", "formaction"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
    assert sum(tag == "script" for tag, _, _ in page.elements) == 1
    assert "innerHTML" not in page.texts["script"] and "eval" not in page.texts["script"]


def test_every_field_has_a_label_and_every_group_a_name(page: Page) -> None:
    assert len(page.fields) > 90
    for tag, attributes, above in page.fields:
        assert "label" in above, (tag, attributes)
    for tag, attributes, _ in page.elements:
        if attributes.get("role") == "group":
            assert attributes.get("aria-label")
        if tag == "button":
            assert attributes.get("type") in ("button", "submit")
    assert any(attributes.get("role") == "status" for _, attributes, _ in page.elements)
    assert [attributes for tag, attributes, _ in page.elements if tag == "html"] == [{"lang": "en"}]


def test_names_of_others_make_no_markup() -> None:
    evil = Page(html_form(Subject(EVIL, None, (EVIL,))))
    assert not any(tag == "img" for tag, _, _ in evil.elements)
    paths = [
        json.loads(attributes["data-path"] or "")
        for _, attributes, _ in evil.fields
        if "data-path" in attributes
    ]
    assert any(path[:1] == ["parts"] and "onerror" in path[1] for path in paths)


def test_the_same_subject_has_the_same_bytes() -> None:
    assert html_form(SOLAR) == html_form(SOLAR)
    assert yaml_form(SOLAR) == yaml_form(SOLAR)


def filled(page: Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Something in every field, as a browser would hold it: single fields, and one row of each list."""
    fields, rows = [], {}
    current: str | None = None
    for tag, attributes, _ in page.elements:
        current = attributes.get("data-rows", current)
        if tag in ("input", "select", "textarea") and "data-kind" in attributes:
            kind = attributes["data-kind"] or ""
            value = attributes.get("value") or sample(kind, attributes)
            data = {"kind": kind}
            if "data-path" in attributes:
                fields.append({"value": value, "dataset": {**data, "path": attributes["data-path"]}})
            elif current is not None:
                row = rows.setdefault(current, [])
                row.append({"value": value, "dataset": {**data, "key": attributes["data-key"]}})
    return fields, [{"rows": name, "fields": row} for name, row in rows.items()]


def sample(kind: str, attributes: dict[str, str | None]) -> str:
    path = str(attributes.get("data-path") or attributes.get("data-key"))
    by_name = {
        "initialisation": "random", "checkpoints": "public", "logs": "none", "vocabulary": "own",
        "collection": "mixed", "kind": "own", "country": "KR", "sha256": "a" * 64, "id": "log",
        "path": "docs/log.txt", "url": "", "start": "", "source": "",
    }  # fmt: skip
    name = re.findall(r"[a-z_0-9]+", path)[-1]
    if name in by_name:
        return by_name[name]
    by_kind = {"number": "12", "yes": "true", "texts": "one\n two \n", "documents": "log, log"}
    return "2026-01-31" if attributes.get("type") == "date" else by_kind.get(kind, " something ")


HARNESS = """
const nothing = { addEventListener() {} };
globalThis.document = { getElementById: () => nothing };
const { script, schema, fields, lists } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const collect = new Function(script + "; return collect;")();
const form = {
  dataset: { schema },
  querySelectorAll: (wanted) => wanted === "[data-path]" ? fields : lists.map((list) => ({
    dataset: { rows: list.rows },
    querySelectorAll: () => [{ querySelectorAll: () => list.fields }],
  })),
};
process.stdout.write(JSON.stringify(collect(form)));
"""


@pytest.mark.skipif(NODE is None, reason="node, which runs the page's script, is not here")
@pytest.mark.parametrize("parts", [("decoder-core",), ("__proto__", "constructor")])
def test_what_the_page_saves_is_what_the_check_accepts(parts: tuple[str, ...]) -> None:
    page = Page(html_form(Subject("upstage/solar", COMMIT, parts)))
    fields, lists = filled(page)
    schema = next(a["data-schema"] for tag, a, _ in page.elements if tag == "form")
    given = {"script": page.texts["script"], "schema": schema, "fields": fields, "lists": lists}
    done = subprocess.run(
        [str(NODE), "-e", HARNESS], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    checked = check(done.stdout.encode(), "answers.json")
    assert checked.faults == ()
    assert checked.answers is not None
    assert checked.answers.parts == parts
    asked = checked.answers.asked
    left_empty = 2 * len(parts) - len(parts) + 1  # each part's start, and the vocabulary's source
    assert checked.answers.answered == asked - left_empty
    assert [site.field("country") for site in checked.answers.rows("compute", "sites")] == ["KR"]


@pytest.mark.skipif(NODE is None, reason="node, whose regular expressions are a browser's, is not here")
def test_patterns_are_those_that_a_browser_takes(page: Page) -> None:
    """A pattern that is none under the flag `v` is silently ignored."""
    patterns = sorted({a["pattern"] for _, a, _ in page.fields if a.get("pattern")})  # type: ignore[type-var]
    assert len(patterns) >= 5
    code = 'for (const each of JSON.parse(require("fs").readFileSync(0, "utf8"))) new RegExp(each, "v");'
    done = subprocess.run([str(NODE), "-e", code], input=json.dumps(patterns), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_assets_are_text_that_cannot_end_their_element() -> None:
    folder = Path(__file__).parents[2] / "aibom" / "questionnaire" / "data"
    for name in ("form.js", "form.css"):
        assert "</" not in (folder / name).read_text(encoding="utf-8")
