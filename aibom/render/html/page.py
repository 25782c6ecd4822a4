"""Pages out of templates: everything escaped, and a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from aibom.formats.text import clean

_PACKAGE: Final = files(__package__) / "templates"


def rendered(template: str, *, style: str, script: str = "", **values: Any) -> str:
    """One HTML page.

    Args:
        template: file in `templates/`.
        style, script: files whose text is put into the page; the page's policy allows just these.
        values: what the template shows; every text is escaped.
    """
    styles, scripts = _text(style), _text(script) if script else ""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(styles)}'",
            f"script-src '{_digest(scripts)}'" if scripts else "script-src 'none'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    page: str = (
        _environment()
        .get_template(template)
        .render(policy=policy, style=Markup(styles), script=Markup(scripts), **values)  # noqa: S704 - our own
    )
    return page


@cache
def _environment() -> Environment:
    names = [entry.name for entry in _PACKAGE.iterdir() if entry.name.endswith(".html")]
    made = Environment(
        loader=DictLoader({name: _text(name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clean"] = lambda text, limit=2000: clean(str(text), limit)
    return made


def _text(name: str) -> str:
    return (_PACKAGE / name).read_text("utf-8")


def _digest(text: str) -> str:
    """The source expression of Content Security Policy Level 3 for one inline text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
