"""Texts that a repository could hold, to be shown as they stand and obeyed by nothing."""

# ruff: noqa: E501, RUF005 - the texts are easier to read in rows

from __future__ import annotations

from typing import Final

_CALL: Final = "alert(1)"
_MARKUP: Final = (
    f"<script>{_CALL}</script>",
    f"</script><script>{_CALL}</script>",
    f"</style><script>{_CALL}</script>",
    f"</title><script>{_CALL}</script>",
    f"--><script>{_CALL}</script><!--",
    f"]]><script>{_CALL}</script>",
    f"<img src=x onerror={_CALL}>",
    f"<svg onload={_CALL}></svg>",
    f"<svg><script>{_CALL}</script></svg>",
    f"<svg><animate onbegin={_CALL} attributeName=x dur=1s>",
    f"<math><mtext><script>{_CALL}</script>",
    f"<details open ontoggle={_CALL}>",
    f"<input autofocus onfocus={_CALL}>",
    f"<iframe srcdoc='<script>parent.{_CALL}</script>'></iframe>",
    f"<iframe src=javascript:{_CALL}></iframe>",
    f"<object data=javascript:{_CALL}></object>",
    f"<embed src=javascript:{_CALL}>",
    f"<a href=javascript:{_CALL}>go</a>",
    f"<form action=javascript:{_CALL}><button autofocus>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<base href=https://example.org/>",
    "<link rel=stylesheet href=https://example.org/a.css>",
    "<style>*{display:none}</style>",
    "<template><p></template></p>",
    "<noscript><p title='</noscript><script>x</script>'>",
    "<textarea></textarea><plaintext>",
    "<!-- comment",
    "<![CDATA[ x ]]>",
    "<?xml version='1.0'?>",
    "</td></tr></table></section></main></body></html>",
)
_ATTRIBUTE: Final = (
    f'" onmouseover="{_CALL}',
    f"' onmouseover='{_CALL}",
    f'" autofocus onfocus={_CALL} x="',
    f'"><script>{_CALL}</script>',
    f"'><script>{_CALL}</script>",
    f"` onmouseover=`{_CALL}",
    '" style="position:fixed;inset:0',
    'x" id="verdict',
    'x" class="home',
    "x y=z",
)
_LINKS: Final = (
    f"javascript:{_CALL}",
    f"JaVaScRiPt:{_CALL}",
    f"java\tscript:{_CALL}",
    f"\x01javascript:{_CALL}",
    f"vbscript:{_CALL}",
    f"data:text/html,<script>{_CALL}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "https://example.org/",
    "//example.org/",
    "file:///etc/passwd",
    "[go](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "#findings",
    "../../../../etc/passwd",
)
_ENTITIES: Final = (
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "&#x3c;script&#x3e;alert(1)",
    "&quot; onload=alert(1)",
    "&amp;lt;b&amp;gt;",
    "&NewLine;&Tab;javascript&colon;alert(1)",
    "&",
    "&&&;&#;&#x;&#0;&#xfffffff;",
)
_TEMPLATES: Final = (
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__ }}",
    "{# comment #}",
    "{count} {all} {source} {relation}",
    "${alert(1)}",
    "`${alert(1)}`",
    "<%= 7 * 7 %>",
    "%s %(name)s %n",
    "$(touch x) `touch x`",
)
_STYLES: Final = (
    "}*{display:none}",
    "\\3c script\\3e",
    "\\27 \\22 ; } body { display: none",
    "expression(alert(1))",
    "url(javascript:alert(1))",
    "@import 'https://example.org/a.css';",
    "/* */ color: red; /*",
    "x;background:url(//example.org/x)",
)
_SIGNS: Final = (
    "\u202egnp.exe",
    "\u2066\u2067\u2068x\u2069",
    "\u200f\u200e\u061c",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\x00\x01\x02\x1b[31mred\x1b[0m",
    "\x7f\x80\x9b31m",
    "\r\n\r\nSet-Cookie: x",
    "line\u2028separator\u2029",
    "\ufeff\ufffe\uffff",
    "\ufff9\ufffa\ufffb",
    "Z\u0351\u036b\u0343" * 40,
    "\U000e0041\U000e0042",
    "\U0001f1f0\U0001f1f7" * 50,
    "\u3164\u2800\u00ad",
    "\u0430\u0440\u0440\u04cf\u0435",
    "\uff1cscript\uff1e",
    "\u2039script\u203a",
    "+ADw-script+AD4-",
    "\u00bcscript\u00be",
)
_LONG: Final = (
    "W" * 5_000,
    "a b " * 2_000,
    "<b>" * 1_500,
    "\uac00" * 4_000,
    "x/" * 2_000,
    "\n" * 3_000 + "x",
    "." * 4_000,
    "&" * 4_000,
)
_CLOSERS: Final = tuple(
    f"</{tag}><script>{_CALL}</script><{tag}>"
    for tag in ("a", "article", "code", "dd", "details", "dl", "h1", "h2", "h3", "head", "li", "main")
    + (
        "ol",
        "p",
        "q",
        "section",
        "small",
        "span",
        "style",
        "summary",
        "svg",
        "table",
        "td",
        "th",
        "title",
        "tr",
        "ul",
    )
)
_HANDLERS: Final = tuple(
    f"<{tag} {event}={_CALL}>x"
    for tag in (
        "b",
        "video src=x",
        "audio src=x",
        "body",
        "marquee",
        "select autofocus",
        "x tabindex=1 autofocus",
    )
    for event in ("onerror", "onload", "onfocus", "onclick", "onanimationstart", "onscroll", "onpointerover")
)
_CASES: Final = (f"<ScRiPt>{_CALL}</sCrIpT>", f"<script\n>{_CALL}</script\n>", f"<script/x>{_CALL}</script>")
_SPACED: Final = (
    f"< script>{_CALL}</script>",
    f"<\x00script>{_CALL}</script>",
    f"<scr<script>ipt>{_CALL}</script>",
)
_NAMES: Final = (
    "__proto__", "constructor", "toString", "null", "undefined", "NaN", "Infinity", "true", "-1", "0", "1e999",
    " ", "CON", "..", "=HYPERLINK(\"https://example.org\")", "+1", "-2+3", "@SUM(A1)", "'quoted'", "\"quoted\"",
    "\\", "\\u003cscript\\u003e", "%3Cscript%3E", "<", ">", "<>", "</", "/>", "--", "<!", "<?", "{{", "}}", "{%",
)  # fmt: skip

TEXTS: Final = (
    *_MARKUP, *_ATTRIBUTE, *_LINKS, *_ENTITIES, *_TEMPLATES, *_STYLES, *_SIGNS, *_LONG, *_CLOSERS, *_HANDLERS,
    *_CASES, *_SPACED, *_NAMES,
)  # fmt: skip
