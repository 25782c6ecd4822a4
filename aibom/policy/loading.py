"""Policies out of files: checked against the schema, then against what a schema cannot state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from aibom.errors import DataError, UsageError
from aibom.formats.licences import spdx, spdx_ids
from aibom.formats.lines import meant
from aibom.model import Evidence, Severity
from aibom.policy.policy import Check, Policy, Rule
from aibom.policy.reading import Document, read_bytes, read_document
from aibom.policy.rules import RULES
from aibom.policy.rules.expression import compiled
from aibom.sovereignty import Profile, load_profile, profile_document, profile_of

_NAMES = ("eu-floor", "kr-independent", "open-licence", "strict-no-unknown", "us-public")
MAX_DEPTH = 8
"""How deep all_of and any_of nest."""
MAX_RULES = 200
"""Rules of a policy, nested ones included."""
_MERGED = ("layers", "unknown_share", "grades")
_NEEDS_HOME = frozenset({"minimum_level", "minimum_score", "maximum_interval_width"})
_DEFAULT_SEVERITY = Severity.MEDIUM

_Path = tuple[str | int, ...]


def shipped() -> tuple[Policy, ...]:
    """The policies that come with aibom, by id. None is official."""
    return tuple(load_policy(name) for name in _NAMES)


def load_policy(name_or_path: str) -> Policy:
    """A shipped policy by its id, or one from a YAML or JSON file.

    Raises:
        UsageError: no policy of that name is shipped and no such file exists; or it has expressions and the
            library for them is not installed.
        InputError: the file cannot be read.
        DataError: it breaks `policy.schema.json` or contradicts itself; with file, line, and the word that
            was meant where one is close.
    """
    if name_or_path in _NAMES:
        data, name = (files(__package__) / "data" / f"{name_or_path}.yaml").read_bytes(), name_or_path
    else:
        data, name = _file(name_or_path), name_or_path
    document = read_document(data, name, "policy")
    profile = _profile(document)
    _check(document, profile)
    value = document.value
    return Policy(
        id=value["id"],
        version=value["version"],
        date=value["date"],
        name=value["name"],
        official=value["official"],
        digest=_digest(value, profile),
        profile=profile,
        rules=_rules(document, ("rules",)),
        notes=value.get("notes", ""),
        sources=tuple(value.get("sources", ())),
    )


def _file(name_or_path: str) -> bytes:
    path = Path(name_or_path)
    if path.is_file():
        return read_bytes(path, "policy")
    close = get_close_matches(name_or_path, _NAMES, 3, 0.5)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(
        f"no policy is called {name_or_path!r}, and no such file exists",
        advice=f"Shipped policies: {', '.join(_NAMES)}.{hint}",
    )


def _digest(value: dict[str, Any], profile: Profile) -> str:
    body = value | {"profile": profile.digest}
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _profile(document: Document) -> Profile:
    """The named profile, or the policy's own: the one that it extends with its values put over it."""
    stated = document.value["profile"]
    if isinstance(stated, str):
        return load_profile(stated)
    own = dict(stated)
    base = profile_document(own.pop("extends")) if "extends" in own else {}
    merged = (
        base | {key: document.value[key] for key in ("id", "version", "date", "name")} | {"notes": ""} | own
    )
    for key in _MERGED:
        if key in base:
            merged[key] = base[key] | own.get(key, {})
    try:
        return profile_of(merged)
    except DataError as error:
        raise document.fault(("profile",), f"profile: {error.message}") from None


def _check(document: Document, profile: Profile) -> None:
    """What a schema cannot state: ids, depth, number, and rules that the profile makes void."""
    seen: dict[str, _Path] = {}
    for path, rule in _walk(document, ("rules",), document.value["rules"], 1):
        if rule["id"] in seen:
            first = document.lines.of(seen[rule["id"]])
            raise document.fault((*path, "id"), f'the id "{rule["id"]}" stands at line {first} too')
        seen[rule["id"]] = (*path, "id")
        if len(seen) > MAX_RULES:
            raise document.fault(path, f"more than {MAX_RULES} rules")
        if rule["rule"] in _NEEDS_HOME and not profile.home:
            raise document.fault(
                path, f'{rule["rule"]} needs a profile with a home set; "{profile.id}" has none'
            )
        if rule["rule"] == "no_denied_origin" and not profile.deny:
            raise document.fault(
                path, f'no_denied_origin needs a profile with a deny set; "{profile.id}" has none'
            )
        _check_words(document, path, rule)


def _walk(
    document: Document, path: _Path, rules: list[dict[str, Any]], depth: int
) -> Iterator[tuple[_Path, dict[str, Any]]]:
    if depth > MAX_DEPTH:
        raise document.fault(path, f"all_of and any_of nest more than {MAX_DEPTH} deep")
    for index, rule in enumerate(rules):
        yield (*path, index), rule
        if "rules" in rule:
            yield from _walk(document, (*path, index, "rules"), rule["rules"], depth + 1)


def _check_words(document: Document, path: _Path, rule: dict[str, Any]) -> None:
    """Licences exist, and expressions are sound."""
    for index, licence in enumerate(rule.get("licences", ())):
        written = licence if licence.endswith("*") else spdx(licence)
        if written != licence:
            hint = f"; SPDX writes {written!r}" if written else meant(licence, sorted(spdx_ids()))
            raise document.fault((*path, "licences", index), f'unknown licence "{licence}"{hint}')
    if "expression" in rule:
        compiled(rule["expression"], document.place((*path, "expression")))


def _rules(document: Document, path: _Path) -> tuple[Rule, ...]:
    value: Any = document.value
    for step in path:
        value = value[step]
    return tuple(_rule(document, (*path, index), item) for index, item in enumerate(value))


def _rule(document: Document, path: _Path, item: dict[str, Any]) -> Rule:
    return Rule(
        id=item["id"],
        name=item["rule"],
        severity=Severity(item.get("severity", _DEFAULT_SEVERITY)),
        check=_check_of(document, path, item),
        why=item.get("why", ""),
    )


def _check_of(document: Document, path: _Path, item: dict[str, Any]) -> Check:
    """The named rule with its parameters; the schema has checked them."""
    kind: Any = RULES[item["rule"]]
    parameters = {key: value for key, value in item.items() if key not in ("id", "rule", "severity", "why")}
    if "rules" in parameters:
        return kind(_rules(document, (*path, "rules")))  # type: ignore[no-any-return]
    if "expression" in parameters:
        return kind(parameters["expression"], document.place((*path, "expression")))  # type: ignore[no-any-return]
    if "evidence" in parameters:
        parameters["evidence"] = Evidence[parameters["evidence"]].value
    return msgspec.convert(parameters, kind)  # type: ignore[no-any-return]
