"""The verdict as JSON, in the shape of `verdict.schema.json`."""

from __future__ import annotations

from typing import Any

from aibom.model import Result, Verdict
from aibom.render.report import plain, score_json

VERDICT_SCHEMA = "urn:aibom:schema:verdict:1"
"""`$id` of the schema that `verdict_json` answers to."""


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain values: every key always there, null or empty where there is nothing."""
    shown: dict[str, Any] = plain(verdict)
    return {
        "schema": VERDICT_SCHEMA,
        **shown,
        "score": None if verdict.score is None else score_json(verdict.score),
        "granted": None if verdict.granted is None else score_json(verdict.granted),
        "results": [_result(item) for item in verdict.results],
    }


def _result(result: Result) -> dict[str, Any]:
    shown: dict[str, Any] = plain(result)
    return {**shown, "results": [_result(item) for item in result.results]}
