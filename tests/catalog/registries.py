"""Small registry documents to build tests on."""

from __future__ import annotations

from typing import Any

SOURCE = ["unverified: test"]


def entry(ident: str, **changes: Any) -> dict[str, Any]:
    """An entry that the schema accepts: a company with a legal name and a seat in France."""
    base = {
        "id": ident,
        "kind": "company",
        "names": [{"text": f"{ident} Ltd.", "kind": "legal", "verified": False}],
        "jurisdictions": [seat("FR")],
    }
    return base | changes


def seat(country: str, basis: str = "registered", **dates: str) -> dict[str, Any]:
    return {"country": country, "basis": basis, "verified": False, "sources": SOURCE, **dates}


def parent(ident: str, kind: str = "direct", **dates: str) -> dict[str, Any]:
    return {"id": ident, "kind": kind, "verified": False, "sources": SOURCE, **dates}


def name(text: str, kind: str = "legal", **more: Any) -> dict[str, Any]:
    return {"text": text, "kind": kind, "verified": False, **more}


def namespace(text: str) -> dict[str, Any]:
    return {"name": text, "verified": False}


def document(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "organisations": list(entries)}
