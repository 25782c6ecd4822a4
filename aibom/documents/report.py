"""aibom's own JSON report, back as a dossier. Its locators are places in the model, as in a scan."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.documents.dossier import assemble
from aibom.documents.limits import LONGEST_PATH, MAX_COMPONENTS
from aibom.documents.page import Page, Read, member, text
from aibom.formats.paths import is_safe
from aibom.formats.values import JsonValue, as_bool, as_dict, as_float, as_int, as_list, as_str, strings
from aibom.model import (
    DESCENT,
    WHOLE_MODEL,
    Ancestor,
    Confidence,
    Dataset,
    DeclarationKind,
    Depth,
    Dossier,
    Evidence,
    Fact,
    FileClass,
    FileEntry,
    Finding,
    Layer,
    LayerScore,
    Licence,
    Listing,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Score,
    Severity,
    Signal,
    Stage,
    Statistic,
    ToolPart,
    Unknown,
)

Object = dict[str, JsonValue]
SCHEMA = "urn:aibom:schema:report:1"
"""`$id` of the report's schema, version 1."""
_QUOTE = 2000
_SHA_256 = 64


def read_report(root: Object, page: Page, digest: str) -> Dossier:
    """What the report says; entries that cannot be read become unknowns."""
    target, card = as_dict(root.get("target")), as_dict(root.get("card"))
    hub = as_dict(target.get("hub"))
    return assemble(
        page,
        "aibom report 1",
        text(target.get("repository")) or text(target.get("name")),
        digest,
        _read(root, page),
        revision=text(target.get("revision")) or None,
        tools=tuple(
            ToolPart(text(each.get("name")), text(each.get("version")), text(each.get("summary")))
            for each in _objects(root.get("tools"))
        ),
        depth=member(Depth, root.get("depth")),
        publisher=_organisation(root.get("publisher")),
        task=text(card.get("task")) or text(hub.get("task")) or None,
        score=_score(as_dict(root.get("score"))),
    )


def _read(root: Object, page: Page) -> Iterator[Read]:
    for number, item in enumerate(_objects(root.get("parts"))):
        part = _part(item)
        if part is None:
            yield page.unknown("a part that cannot be read is left out", ("parts", number))
            continue
        yield part
        yield from _origins(part.id, item.get("origins"), page)
    yield from _origins(WHOLE_MODEL, as_dict(root.get("model")).get("origins"), page)
    readers = (
        ("files", _file),
        ("findings", _finding),
        ("licences", _licence),
        ("datasets", _dataset),
        ("unknowns", _unknown),
    )
    for key, reader in readers:
        for number, item in enumerate(_objects(root.get(key))):
            found = reader(item)
            yield found or page.unknown("an entry that cannot be read is left out", (key, number))
            if isinstance(found, FileEntry):
                yield Listing(found.path, page.at((key, number)))
    for item in _objects(root.get("declarations")):
        if member(DeclarationKind, item.get("kind")) in DESCENT and text(item.get("value")):
            relation = text(item.get("relation")) or None
            where = _locator(item.get("locator"))
            yield Ancestor(text(item.get("value")), _part_of(item), relation, Evidence.E1, where)


def _part(item: Object) -> Part | None:
    ident, role = text(item.get("id")), member(Role, item.get("role"))
    if not ident or role is None:
        return None
    return Part(
        id=ident,
        role=role,
        name=text(item.get("name")) or ident,
        files=tuple(strings(item.get("files"))),
        parameters=as_int(item.get("parameters")),
        tensors=as_int(item.get("tensors")),
        declared=as_bool(item.get("declared")) or False,
        present=as_bool(item.get("present")) or False,
        alternative=as_bool(item.get("alternative")) or False,
        dtypes=tuple(
            (text(each.get("dtype")), as_int(each.get("elements")) or 0)
            for each in _objects(item.get("dtypes"))
        ),
        facts=tuple(fact for each in _objects(item.get("facts")) if (fact := _fact(each))),
        locators=_locators(item.get("locators")),
    )


def _fact(item: Object) -> Fact | None:
    value = item.get("value")
    plain = isinstance(value, (str, int, float, bool))
    return Fact(text(item.get("name")), value, _locator(item.get("locator"))) if plain else None  # type: ignore[arg-type]


def _origins(part: str, value: JsonValue, page: Page) -> Iterator[Origin | Unknown]:
    for key, stated in sorted(as_dict(value).items()):
        item, layer = as_dict(stated), member(Layer, key)
        relation, evidence = member(Relation, item.get("relation")), _evidence(item.get("evidence"))
        if layer is None or relation is None or evidence is None:
            yield page.unknown(f"{part}: the origin of a layer cannot be read", ("parts",))
            continue
        yield Origin(
            part=part,
            layer=layer,
            relation=relation,
            evidence=evidence,
            organisations=_organisations(item.get("organisations")),
            upstream=text(item.get("upstream")) or None,
            findings=tuple(strings(item.get("findings"))),
            in_question=as_bool(item.get("in_question")) or False,
        )


def _file(item: Object) -> FileEntry | None:
    path, digest = as_str(item.get("path")) or "", text(item.get("sha256")).lower()
    if not is_safe(path) or len(path) > LONGEST_PATH:
        return None
    whole = len(digest) == _SHA_256 and not set(digest) - set("0123456789abcdef")
    return FileEntry(
        path=path,
        size=as_int(item.get("size")),
        sha256=digest if whole else None,
        kind=member(FileClass, item.get("kind")) or FileClass.OTHER,
        lfs_pointer=as_bool(item.get("lfs_pointer")) or False,
    )


def _finding(item: Object) -> Finding | None:
    ident, rule = text(item.get("id")), text(item.get("rule"))
    signal, confidence = member(Signal, item.get("signal")), member(Confidence, item.get("confidence"))
    severity = member(Severity, item.get("severity"))
    if not ident or not rule or signal is None or confidence is None or severity is None:
        return None
    return Finding(
        id=ident,
        rule=rule,
        signal=signal,
        confidence=confidence,
        statement=text(item.get("statement"), _QUOTE),
        part=_part_of(item),
        layer=member(Layer, item.get("layer")),
        severity=severity,
        alternative=text(item.get("alternative"), _QUOTE),
        contest=text(item.get("contest"), _QUOTE),
        organisations=_organisations(item.get("organisations")),
        statistic=_statistic(item.get("statistic")),
        locators=_locators(item.get("locators")),
    )


def _statistic(value: JsonValue) -> Statistic | None:
    item = as_dict(value)
    number = as_float(item.get("value"))
    if number is None:
        return None
    return Statistic(
        text(item.get("name")),
        number,
        as_float(item.get("null")),
        as_float(item.get("runner_up")),
        text(item.get("detail")),
    )


def _licence(item: Object) -> Licence | None:
    name, where = text(item.get("name")), _locator(item.get("locator"))
    if not name or where is None:
        return None
    expression = text(item.get("expression")) or None
    return Licence(name, where, expression, as_bool(item.get("carried")) or False, _part_of(item))


def _dataset(item: Object) -> Dataset | None:
    name, where = text(item.get("name")), _locator(item.get("locator"))
    if not name or where is None:
        return None
    return Dataset(name, where, text(item.get("ident")) or None, text(item.get("purpose")))


def _unknown(item: Object) -> Unknown | None:
    stage = member(Stage, item.get("stage"))
    return Unknown(text(item.get("path"), LONGEST_PATH), stage, text(item.get("reason"))) if stage else None


def _organisations(value: JsonValue) -> tuple[OrganisationRef, ...]:
    return tuple(found for each in as_list(value) if (found := _organisation(each)))


def _organisation(value: JsonValue) -> OrganisationRef | None:
    """A country only where its source stands."""
    item = as_dict(value)
    ident, source = text(item.get("id")), text(item.get("source"))
    if not ident:
        return None
    country, ultimate = text(item.get("jurisdiction")), text(item.get("ultimate_jurisdiction"))
    return OrganisationRef(
        ident,
        text(item.get("name")) or ident,
        (country or None) if source else None,
        (ultimate or None) if source else None,
        source,
    )


def _score(item: Object) -> Score | None:
    evidence, profile = _evidence(item.get("evidence")), text(item.get("profile"))
    lower, upper = as_float(item.get("lower")), as_float(item.get("upper"))
    coverage = as_float(item.get("coverage"))
    if not profile or evidence is None or lower is None or upper is None or coverage is None:
        return None
    return Score(
        profile=profile,
        profile_digest=text(item.get("profile_digest")),
        profile_date=text(item.get("profile_date")),
        level=as_int(item.get("level")),
        ceiling=as_int(item.get("ceiling")),
        evidence=evidence,
        lower=lower,
        upper=upper,
        coverage=coverage,
        layers=tuple(_layers(as_dict(item.get("layers")))),
        reasons=tuple(text(each, _QUOTE) for each in strings(item.get("reasons"))),
        home=tuple(map(text, strings(item.get("home")))),
    )


def _layers(value: Object) -> Iterator[LayerScore]:
    for layer in Layer:
        item = as_dict(value.get(layer.value))
        numbers = [as_float(item.get(key)) for key in ("weight", "lower", "upper", "coverage")]
        if None not in numbers:
            weight, lower, upper, coverage = (number or 0.0 for number in numbers)
            yield LayerScore(layer, weight, lower, upper, coverage)


def _locators(value: JsonValue) -> tuple[Locator, ...]:
    return tuple(found for each in as_list(value) if (found := _locator(each)))


def _locator(value: JsonValue) -> Locator | None:
    item = as_dict(value)
    path = text(item.get("path"), LONGEST_PATH)
    if not path:
        return None
    return Locator(
        path,
        as_int(item.get("line")),
        as_int(item.get("offset")),
        as_int(item.get("length")),
        text(item.get("key")) or None,
        text(item.get("quote")) or None,
    )


def _part_of(item: Object) -> str | None:
    return text(item.get("part")) or None


def _evidence(value: JsonValue) -> Evidence | None:
    return Evidence.__members__.get(value) if isinstance(value, str) else None


def _objects(value: JsonValue) -> list[Object]:
    """The objects of a list, within the bound."""
    return [item for item in as_list(value)[:MAX_COMPONENTS] if isinstance(item, dict)]
