"""JUnit XML, as CI servers read it: a case for each rule. What is undetermined is an error, never a pass."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from aibom.formats.text import clean
from aibom.model import Outcome, Result, Severity, Verdict
from aibom.render.verdicts.words import about, headline, places, sides
from aibom.render.words import place

MAX_PLACES = 20


def junit_xml(verdict: Verdict) -> bytes:
    """One test suite; its figures are those of its cases."""
    cases = [_case(result, verdict) for result in verdict.results]
    figures = {
        "tests": str(len(cases)),
        **{f"{kind}s": str(_count(cases, kind)) for kind in ("failure", "error")},
        "skipped": str(_count(cases, "skipped")),
        "time": "0",
    }
    root = ET.Element("testsuites", {"name": "aibom", **figures})
    suite = ET.SubElement(root, "testsuite", {"name": clean(headline(verdict), 1000), **figures})
    suite.extend(cases)
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _count(cases: list[ET.Element], kind: str) -> int:
    return sum(case.find(kind) is not None for case in cases)


def _case(result: Result, verdict: Verdict) -> ET.Element:
    where = about(result)
    name = f"{clean(result.rule)} ({where})" if where else clean(result.rule)
    group = clean(verdict.against or verdict.kind)
    case = ET.Element("testcase", {"classname": f"{verdict.kind}.{group}", "name": name, "time": "0"})
    kind = _kind(result, verdict)
    text = _text(result)
    if kind is None:
        ET.SubElement(case, "system-out").text = text
    else:
        shown = ET.SubElement(case, kind, {"message": clean(result.statement, 1000)})
        if kind != "skipped":
            shown.set("type", result.severity.value if kind == "failure" else result.outcome.value)
        shown.text = text
    return case


def _kind(result: Result, verdict: Verdict) -> str | None:
    if result.id in verdict.known or result.outcome is Outcome.WAIVED:
        return "skipped"
    if result.outcome is Outcome.PASS or result.severity is Severity.INFO:
        return None
    return "failure" if result.outcome is Outcome.FAIL else "error"


def _text(result: Result) -> str:
    lines = [clean(result.statement, 2000), *(f"{word}: {text}" for word, text in sides(result))]
    lines += [clean(f"{item.outcome.value}: {item.statement}", 1000) for item in result.results]
    for at in places(result)[:MAX_PLACES]:
        quote = f' "{clean(at.quote)}"' if at.quote else ""
        lines.append(f"at {place(at)}{quote}")
    return "\n".join(lines)
