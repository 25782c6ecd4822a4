"""One self-contained HTML page for people: no network, no script from elsewhere, English or Korean."""

from aibom.render.html.messages import LANGUAGES, Messages
from aibom.render.html.portfolio import portfolio_html
from aibom.render.html.report import report_html

__all__ = ["LANGUAGES", "Messages", "portfolio_html", "report_html"]
