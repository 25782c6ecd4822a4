"""The result of one scan for a person at a terminal. Texts are never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from aibom.formats.text import clean
from aibom.model import (
    WHOLE_MODEL,
    Analysis,
    Evidence,
    Finding,
    Inspected,
    Layer,
    Origin,
    Part,
    Relation,
    Role,
    Score,
    Severity,
    Unknown,
)
from aibom.render.words import (
    amount,
    country,
    evidence_words,
    origin_words,
    place,
    plural,
    size,
    verdict,
    weightiest,
)

BAR_CELLS = 40
SHOWN_UNKNOWNS = 20
SHOWN_REASONS = 8
SHOWN_PLACES = 3
SHOWN_COUNTRIES = 4
"""More than these stand in the JSON report, and the text says how many."""

_STYLES = {
    Relation.ORIGINAL: "green",
    Relation.INSPIRED: "green",
    Relation.ADAPTED: "yellow",
    Relation.DERIVED: "yellow",
    Relation.VERBATIM: "yellow",
    Relation.UNKNOWN: "dim",
}


def tree(analysis: Analysis) -> Group:
    """Header and verdict, parts with their origins, findings, unknowns, organisations, what was read."""
    provenance, inspected = analysis.provenance, analysis.inspected
    return Group(
        _header(analysis),
        Text(),
        *_verdict(analysis.score),
        Text(),
        _parts(inspected, provenance.origins),
        *_findings(provenance.findings, inspected.parts),
        *_unknowns(analysis.unknowns),
        *_organisations(analysis),
        Text(),
        _read(analysis),
    )


def _header(analysis: Analysis) -> Text:
    target, score = analysis.target, analysis.score
    line = Text(clean(target.repository or target.name), style="bold")
    if target.revision:
        line.append(f" @ {clean(target.revision)[:12]}", style="dim")
    publisher = analysis.provenance.publisher
    by = f"publisher {clean(publisher.name)} ({country(publisher)})" if publisher else "publisher unknown"
    home = f", home {_countries(score.home)}" if score.home else ""
    profile = f"profile {clean(score.profile)} of {clean(score.profile_date)}{home}"
    return line.append(f"\n{by} · {profile}", style="not bold")


def _countries(codes: Sequence[str]) -> str:
    shown = ", ".join(clean(each) for each in codes[:SHOWN_COUNTRIES])
    return shown if len(codes) <= SHOWN_COUNTRIES else f"{shown} and {len(codes) - SHOWN_COUNTRIES} more"


def _verdict(score: Score) -> Iterator[Text]:
    yield Text(verdict(score), style="bold")
    for reason in score.reasons[:SHOWN_REASONS]:
        yield Text(f"  {clean(reason)}")
    if len(score.reasons) > SHOWN_REASONS:
        yield Text(f"  and {plural(len(score.reasons) - SHOWN_REASONS, 'more reason')}", style="dim")
    if score.level is None:
        yield Text(f"  {score.coverage:.1f} of 100 known")
    else:
        yield _bar(score)


def _bar(score: Score) -> Text:
    """The interval as a bar: known home, unknown, known outside."""
    start, end = round(score.lower / 100 * BAR_CELLS), round(score.upper / 100 * BAR_CELLS)
    if start == end and score.upper > score.lower:  # an unknown share is always visible
        start, end = (start, end + 1) if end < BAR_CELLS else (start - 1, end)
    bar = Text("  ")
    bar.append("█" * start, style="green").append("░" * (end - start), style="yellow")
    bar.append("·" * (BAR_CELLS - end), style="dim")
    bar.append(f"  {score.lower:.1f} to {score.upper:.1f} of 100; {score.coverage:.1f} known\n")
    return bar.append("  █ known, ░ unknown, · ruled out", style="dim")


def _parts(inspected: Inspected, origins: Sequence[Origin]) -> Tree:
    root = Tree(Text(f"Parts ({len(inspected.parts)})", style="bold"))
    for part in _ordered(inspected.parts):
        node = root.add(_part_line(part))
        own = [origin for origin in origins if origin.part == part.id]
        for line in _origin_lines(own, weights=part.role.trained):
            node.add(line)
    whole = [origin for origin in origins if origin.part == WHOLE_MODEL]
    lines = [*_origin_lines(whole, weights=False), *_statements(inspected)]
    if lines:
        node = root.add(Text("whole model", style="bold"))
        for line in lines:
            node.add(line)
    return root


def _ordered(parts: Iterable[Part]) -> list[Part]:
    """The core first, tokenizer and code last: the order of `Role`."""
    return sorted(parts, key=lambda part: (part.alternative, list(Role).index(part.role)))


def _part_line(part: Part) -> Text:
    line = Text(clean(part.id), style="bold")
    if clean(part.name).lower() not in (part.id.lower(), part.role.replace("-", " ")):
        line.append(f"  {clean(part.name)}", style="not bold")
    about: list[str] = []
    if not part.id.startswith(part.role):
        about.append(part.role.value)
    if part.parameters is not None:
        about.append(f"{amount(part.parameters)} parameters")
    elif part.role.trained:
        about.append("parameters not counted")
    if part.declared and not part.present:
        about.append("declared, not present")
    if part.present and not part.declared and part.role.trained:
        about.append("present, not declared")
    if part.alternative:
        about.append("another serialisation, not counted twice")
    return line.append("".join(f" · {each}" for each in about), style="not bold dim")


def _origin_lines(origins: Sequence[Origin], *, weights: bool) -> Iterator[Text]:
    """One line per layer that something is known of; weights of a trained part always."""
    ordered = sorted(origins, key=lambda origin: list(Layer).index(origin.layer))
    if weights and not any(origin.layer is Layer.WEIGHTS for origin in ordered):
        yield Text("weights       unknown", style="dim")
    for origin in ordered:
        line = Text(f"{origin.layer.value:<12}  ").append(origin_words(origin), _STYLES[origin.relation])
        if origin.evidence > Evidence.E0:
            line.append(f"  {evidence_words(origin.evidence)}", style="dim")
        if origin.in_question:
            line.append("  not tested", style="yellow")
        yield line
    if not ordered and not weights:
        yield Text("origin        unknown", style="dim")


def _statements(inspected: Inspected) -> Iterator[Text]:
    licences = dict.fromkeys(clean(each.expression or each.name, 60) for each in inspected.licences)
    if licences:
        yield Text(f"licences      {', '.join(licences)}")
    datasets = dict.fromkeys(clean(each.ident or each.name, 60) for each in inspected.datasets)
    if datasets:
        yield Text(f"datasets      {', '.join(datasets)}")


def _findings(findings: Sequence[Finding], parts: Sequence[Part]) -> Iterator[Text | Tree]:
    yield Text()
    if not findings:
        yield Text("No findings", style="bold")
        return
    root = Tree(Text(f"Findings ({len(findings)})", style="bold"))
    order = [*(part.id for part in _ordered(parts)), None]
    places = sorted({finding.part for finding in findings} - set(order), key=str)
    for place_ in (*order, *places):
        group = weightiest(finding for finding in findings if finding.part == place_)
        if group:
            node = root.add(Text(clean(place_) if place_ else "whole model", style="bold"))
            for finding in group:
                _add_finding(node, finding)
    yield root


def _add_finding(node: Tree, finding: Finding) -> None:
    severity = finding.severity.value if finding.severity is not Severity.INFO else ""
    marks = dict.fromkeys((finding.signal.value, finding.confidence.value, severity))
    head = Text(", ".join(mark for mark in marks if mark), style="cyan")
    branch = node.add(head.append(f"  {clean(finding.statement)}", style="default"))
    for line in _evidence_lines(finding):
        branch.add(line)


def _evidence_lines(finding: Finding) -> Iterator[Text]:
    for locator in finding.locators[:SHOWN_PLACES]:
        line = Text(f"at {place(locator)}")
        if locator.quote:
            line.append(f'  "{clean(locator.quote, 160)}"', style="italic")
        yield line
    if len(finding.locators) > SHOWN_PLACES:
        yield Text(f"and {plural(len(finding.locators) - SHOWN_PLACES, 'more place')}", style="dim")
    if finding.statistic is not None:
        measured = finding.statistic
        null = f", without a relation {measured.null:g}" if measured.null is not None else ""
        second = f", runner-up {measured.runner_up:g}" if measured.runner_up is not None else ""
        yield Text(f"{clean(measured.name)} {measured.value:g}{null}{second}")
    if finding.alternative:
        yield Text(f"or else: {clean(finding.alternative)}")
    yield Text(f"id {clean(finding.id)}", style="dim")


def _unknowns(unknowns: Sequence[Unknown]) -> Iterator[Text | Tree]:
    if not unknowns:
        return
    yield Text()
    root = Tree(Text(f"Unknown ({len(unknowns)})", style="bold"))
    for unknown in unknowns[:SHOWN_UNKNOWNS]:
        line = Text(clean(unknown.path) or unknown.stage.value)
        root.add(line.append(f"  {clean(unknown.reason)}", style="dim"))
    if len(unknowns) > SHOWN_UNKNOWNS:
        root.add(Text(f"and {len(unknowns) - SHOWN_UNKNOWNS} more, listed in the JSON report", style="dim"))
    yield root


def _organisations(analysis: Analysis) -> Iterable[Text | Tree]:
    """A country never stands without its source."""
    organisations = analysis.provenance.organisations
    if not organisations:
        return
    yield Text()
    root = Tree(Text("Organisations", style="bold"))
    for each in organisations:
        line = Text(f"{clean(each.name)}: {country(each)}")
        root.add(line.append(f"  {clean(each.source) or 'no source'}", style="dim"))
    yield root


def _read(analysis: Analysis) -> Text:
    read = analysis.read
    cost = f"{size(read.bytes)} from {plural(read.files, 'file')} of {len(analysis.files):,}"
    requests = f" in {plural(read.requests, 'request')}" if read.requests else ""
    return Text(f"Read {cost}{requests}; depth {analysis.depth.value}.", style="dim")
