"""SARIF 2.1.0: failures and open questions with their places, for code scanning.

Source: OASIS SARIF 2.1.0, sections 3.27.9 (kind), 3.27.10 (level), 3.35 (suppressions). Rules that passed are
left out: a viewer would show them as alerts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from aibom.formats.text import clean
from aibom.model import Locator, Outcome, Result, Severity, ToolPart, Verdict
from aibom.render.verdicts.words import about, headline, places, sides

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_PLACES: Final = 20
"""Places of one result; the JSON form has all."""
_LEVELS = {Severity.INFO: "note", Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error"}
_SCORES = {Severity.INFO: "0.0", Severity.LOW: "3.0", Severity.MEDIUM: "5.0", Severity.HIGH: "8.0"}
"""`security-severity`, by which GitHub sorts."""


def sarif_json(verdict: Verdict, tool: ToolPart) -> dict[str, Any]:
    """One run of one tool."""
    shown = [item for item in verdict.results if item.outcome is not Outcome.PASS]
    names = sorted({item.rule for item in shown})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": tool.name,
                        "version": tool.version,
                        "rules": [_rule(name, shown) for name in names],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(item, names.index(item.rule), verdict) for item in shown],
                "properties": {"verdict": verdict.outcome.value, "summary": headline(verdict)},
            }
        ],
    }


def _rule(name: str, results: Iterable[Result]) -> dict[str, Any]:
    severity = next(item.severity for item in results if item.rule == name)
    return {
        "id": clean(name),
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity]},
    }


def _result(result: Result, index: int, verdict: Verdict) -> dict[str, Any]:
    failed = result.outcome is not Outcome.UNDETERMINED
    found = places(result)[:MAX_PLACES]
    shown: dict[str, Any] = {
        "ruleId": clean(result.rule),
        "ruleIndex": index,
        "kind": "fail" if failed else "open",
        "level": _LEVELS[result.severity] if failed else "none",
        "message": {"text": _message(result)},
        "locations": [_location(found[0], result) if found else _nowhere(result, verdict)],
        "partialFingerprints": {"aibom/v1": result.id},
        "baselineState": "unchanged" if result.id in verdict.known else "new",
    }
    if len(found) > 1:
        shown["relatedLocations"] = [_location(at, result) for at in found[1:]]
    if result.outcome is Outcome.WAIVED and result.waiver:
        reason = clean(
            f"{result.waiver.approver}, until {result.waiver.expires}: {result.waiver.reason}", 1000
        )
        shown["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return shown


def _message(result: Result) -> str:
    lines = [clean(result.statement, 2000), *(f"{word}: {text}" for word, text in sides(result))]
    lines += [clean(f"{item.outcome.value}: {item.statement}", 1000) for item in result.results]
    lines += [clean(f"or else: {item.alternative}", 1000) for item in result.findings if item.alternative]
    return "\n".join(dict.fromkeys(lines))


def _location(locator: Locator, result: Result) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(locator.path)}}
    region: dict[str, Any] = {}
    if locator.line is not None:
        region["startLine"] = max(locator.line, 1)
    elif locator.offset is not None:
        region |= {"byteOffset": locator.offset, "byteLength": locator.length or 0}
    if region and locator.quote:
        region["snippet"] = {"text": clean(locator.quote)}
    if region:
        physical["region"] = region
    named = clean(locator.key or "") or about(result)
    logical = [{"fullyQualifiedName": named}] if named else []
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def _nowhere(result: Result, verdict: Verdict) -> dict[str, Any]:
    """Viewers ask for a file; without one it is the model itself."""
    return _location(Locator(verdict.subject, key=about(result) or None), result)


def _uri(path: str) -> str:
    """A relative reference; a colon in its first segment would read as a scheme."""
    return quote(clean(path, 1000), safe="/") or "model"
