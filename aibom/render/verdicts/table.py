"""The verdict for a person at a terminal. Texts are never read as markup."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from aibom.formats.text import clean
from aibom.model import Outcome, Result, Verdict
from aibom.render.verdicts.words import about, counted, headline, places, scores, sides, state, worst_first
from aibom.render.words import place, plural

SHOWN_PLACES = 3
SHOWN_UNKNOWNS = 3
_STYLES = {
    Outcome.PASS: "green",
    Outcome.WAIVED: "yellow",
    Outcome.UNDETERMINED: "yellow",
    Outcome.FAIL: "red",
}


def verdict_tree(verdict: Verdict) -> Group:
    """Headline, counts, score; then every rule, the worst first, with what it rests on."""
    style = _STYLES[verdict.outcome]
    head = [Text(headline(verdict), style=f"bold {style}"), Text(counted(verdict))]
    if verdict.title:
        head.append(Text(clean(verdict.title, 1000)))
    head += [Text(line) for line in scores(verdict)]
    if verdict.notes:
        head.append(Text(clean(verdict.notes, 2000), style="dim"))
    if not verdict.results:
        return Group(*head)
    root = Tree(Text("Rules" if verdict.kind == "check" else "Results", style="bold"))
    for result in worst_first(verdict.results):
        _add(root, result, verdict)
    return Group(*head, Text(), root)


def _add(node: Tree, result: Result, verdict: Verdict) -> None:
    line = Text(state(result, verdict), style=_STYLES[result.outcome])
    where = about(result)
    line.append(f"  {clean(result.rule)}", style="bold default").append(f" ({where})" if where else "")
    line.append(f"  {clean(result.statement, 2000)}", style="not bold default")
    branch = node.add(line)
    if result.outcome is not Outcome.PASS:
        for text in _evidence(result):
            branch.add(text)
    for item in result.results:
        _add(branch, item, verdict)


def _evidence(result: Result) -> Iterator[Text]:
    for word, text in sides(result):
        yield Text(f"{word}: {text}")
    found = places(result)
    for at in found[:SHOWN_PLACES]:
        line = Text(f"at {place(at)}")
        yield line.append(f'  "{clean(at.quote, 160)}"', style="italic") if at.quote else line
    if len(found) > SHOWN_PLACES:
        yield Text(f"and {plural(len(found) - SHOWN_PLACES, 'more place')}", style="dim")
    for alternative in dict.fromkeys(clean(item.alternative) for item in result.findings if item.alternative):
        yield Text(f"or else: {alternative}")
    for unknown in result.unknowns[:SHOWN_UNKNOWNS]:
        yield Text(f"not seen: {clean(unknown.path)}: {clean(unknown.reason)}", style="dim")
    if len(result.unknowns) > SHOWN_UNKNOWNS:
        yield Text(f"and {plural(len(result.unknowns) - SHOWN_UNKNOWNS, 'more unknown')}", style="dim")
    ids = [result.id, *(item.id for item in result.findings)]
    yield Text(f"id {', '.join(dict.fromkeys(clean(each) for each in ids))}", style="dim")
