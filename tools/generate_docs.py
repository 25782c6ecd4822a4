"""Write the pages, and the outputs in README.md, that the program itself can tell, so none goes stale.

python tools/generate_docs.py            write them
python tools/generate_docs.py --check    exit 1 if one is not current
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from aibom.cli import main as program
from comparison_page import comparison_page
from compliance_page import compliance_page
from library_page import library_page
from readme_output import readme

ROOT = Path(__file__).parent.parent
WIDTH = 100

_CLI_HEAD = """\
# Command line

Written by `tools/generate_docs.py` from the program's own help.

Results go to standard output, progress, warnings and errors to standard error. A failure is two
lines, `error: …` and `advice: …`, and an exit code; `--debug` adds the trace.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a gate failed, or `lint` found errors |
| 2 | the command was used wrongly, or a file of your own (profile, registry) breaks its schema |
| 3 | too little is known: `--strict` or `--on-unknown fail`, and something is unknown |
| 4 | the target cannot be read, is no model, or the network failed; nothing was written |
| 70 | internal error |
| 130, 141 | interrupted; the reader of the output went away |

With a list of targets (`aibom generate - -o folder`) one that fails does not stop the others, and the
highest code counts.
"""


def cli_page() -> str:
    """docs/cli.md: the help of every command."""
    sections = [f"## `{path}`\n\n```text\n{text}\n```\n" for path, text in _helps(program, "aibom", None)]
    return "\n".join((_CLI_HEAD, *sections))


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    settings = command.context_settings | {"terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context.command_path, command.get_help(context).rstrip()
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, child, context)


_PROPERTIES_HEAD = """\
# Properties

Written by `tools/generate_docs.py` from `aibom/bom/properties.py`. `<name>` and `<layer>` stand for
what a property is about.
"""

_RULES_HEAD = """\
# Rules of provenance

Written by `tools/generate_docs.py` from `aibom/provenance/rules/`. A rule speaks of one layer only;
what it cannot show stands beside what it concludes. Relations and evidence are those of
[report.md](report.md).
"""

_LICENCES_HEAD = """\
# Licence duties

Written by `tools/generate_docs.py` from `aibom/catalog/data/licences.json` and
`aibom/provenance/rules/duties.py`. The table of licences is **unverified working knowledge** and no legal
advice: read the licence. A duty says what is asked, what was found, and what is not known; it never says
that a licence was broken, gives no origin, and moves no grade of any layer.

A parent's licence is the one that its repository declares on the Hub, where the target is read from there (or
from a snapshot of such a scan); else the one that the catalogue says of well-known parents, and the finding
then says that it is unverified. Only an outside `base_model` or adapter base counts: a publisher may license
its own work anew, and a path left in a configuration shows no derivation. A licence that the table lacks, a
choice (`OR`) and an exception (`WITH`) give no duty: what they ask is then not known. Of data, only training
sets that the card names and the catalogue knows are judged, and only where every licence of the model is
known.

The error of these rules is not measured: there is no set of repositories with judged duties.

Attribution is asked for only of code that `code.print` leads to another holder, and only where the notices of
the reference name that holder. Code that is imported from a library is not in the target, so nothing is asked
of its notices here.
"""

_LINT_HEAD = """\
# Lint

Written by `tools/generate_docs.py` from `aibom/bom/rules/`. `aibom lint` holds a document against the
strict CycloneDX schema of its version (rule `schema`) and against these. An error gives exit code 1,
a warning does not.
"""


def properties_page() -> str:
    """docs/properties.md: the taxonomy of the properties that aibom writes."""
    from aibom.bom.properties import Property

    rows = [(f"`{each.value}`", each.where, each.meaning) for each in Property]
    return _PROPERTIES_HEAD + "\n" + _table(("property", "stands on", "meaning"), rows)


def rules_page() -> str:
    """docs/rules.md: what each rule reads, concludes and cannot show."""
    from aibom.provenance.rules import RULES

    sections = []
    for rule in RULES.values():
        layer = f"layer {rule.layer}" if rule.layer else "no layer"
        origin = f"relation {rule.relation}, evidence {rule.evidence.name}"
        rows = [
            ("reads", rule.reads),
            ("concludes", rule.concludes),
            ("cannot show", rule.cannot_show),
            ("gives", f"{layer}, {origin}, confidence {rule.confidence}, severity {rule.severity}"),
            ("or else", rule.alternative),
            ("refuted by", rule.contest),
        ]
        sections.append(f"## `{rule.id}`\n\n" + _table(("signal", f"{rule.signal}"), rows))
    return "\n".join((_RULES_HEAD, *sections))


def licences_page() -> str:
    """docs/licences.md: what the known licences ask."""
    from aibom.catalog import load
    from aibom.provenance.rules import RULES

    catalog = load()
    rows = [
        (
            f"`{each.id}`",
            each.name,
            f"{each.kind}",
            catalog.organisations.ref(each.owner).name if each.owner else "",
            ", ".join(each.asks),
            "; ".join(each.limits),
        )
        for each in catalog.licences.all
    ]
    rules = [
        (f"`{rule.id}`", f"{rule.severity}", rule.concludes)
        for rule in RULES.values()
        if rule.id.startswith("licence.duty-")
    ]
    return "\n".join(
        (
            _LICENCES_HEAD,
            _table(("rule", "severity", "concludes"), rules),
            "## What licences ask\n",
            _table(("licence", "name", "class", "own terms of", "asks", "limits"), rows),
        )
    )


def lint_page() -> str:
    """docs/lint.md: the semantic rules for anyone's BOM."""
    from aibom.bom.rules import RULES

    rows = [
        (f"`{each.ident}`", f"{each.severity}", each.summary, _one_line(each.reason))
        for each in RULES.values()
    ]
    return _LINT_HEAD + "\n" + _table(("rule", "severity", "what is wrong", "why it matters"), sorted(rows))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/cli.md": cli_page,
    "docs/comparison.md": comparison_page,
    "docs/compliance.md": compliance_page,
    "docs/library.md": library_page,
    "docs/licences.md": licences_page,
    "docs/lint.md": lint_page,
    "docs/properties.md": properties_page,
    "docs/rules.md": rules_page,
}
"""Path of each generated page, and what writes it."""


def main() -> int:
    """Write every page, or tell which ones are not current."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is not current")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} {'is not current' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
