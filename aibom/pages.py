"""HTML pages out of templates: everything escaped, and a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources.abc import Traversable
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from aibom.formats.values import clean

_POLICY: Final = ("default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'")


def rendered(folder: Traversable, template: str, *, style: str, script: str = "", **values: Any) -> str:
    """One page, whole in itself.

    Args:
        folder: where the templates lie (`*.html`), and the files of style and script.
        template: name of the template; it has to show `policy`, `style` and, where there is one, `script`.
        style, script: names of files whose text is put into the page; the page's policy allows just these.
        values: what the template shows; every text is escaped.
    """
    styles, scripts = _text(folder, style), _text(folder, script) if script else ""
    running = f"script-src '{_source(scripts)}'" if scripts else "script-src 'none'"
    page: str = (
        _environment(folder)
        .get_template(template)
        .render(
            policy="; ".join((*_POLICY, f"style-src '{_source(styles)}'", running)),
            style=Markup(styles),  # noqa: S704 - our own
            script=Markup(scripts),  # noqa: S704 - our own
            **values,
        )
    )
    return page


def _environment(folder: Traversable) -> Environment:
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".html")]
    made = Environment(
        loader=DictLoader({name: _text(folder, name) for name in names}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clean"] = lambda text, limit=2000: clean(str(text), limit)
    return made


def _text(folder: Traversable, name: str) -> str:
    return (folder / name).read_text("utf-8")


def _source(text: str) -> str:
    """A hash source of Content Security Policy Level 3, section 2.3.1."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
