"""What aibom brings along: `plugins`, `policies`, `profiles` and `organisations`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.options import format_option
from aibom.cli.output import show, write_stdout
from aibom.cli.program import debug_option
from aibom.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from aibom.catalog import Organisation, Registry, RegistryProblem

OVERLAY = click.Path(exists=True, dir_okay=False, path_type=Path)


def _show_rows(form: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The same rows as a table, or as JSON objects with lower-case keys."""
    if form == "json":
        keys = [heading.lower().replace(" ", "_") for heading in headings]
        _show_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    from aibom.cli.tables import table

    show(table(headings, rows))


def _show_json(document: Any) -> None:
    from aibom.render import json_bytes

    write_stdout(json_bytes(document))


@click.group()
def plugins() -> None:
    """Inspectors, which read the files of a model."""


@plugins.command("list")
@format_option("table", "json")
@debug_option
def list_plugins(form: str) -> None:
    """Every inspector that is installed; one that cannot serve is shown with the reason."""
    from aibom import registry

    loaded, unknowns = registry.load()
    rows = [
        (
            each.inspector.ident,
            "ready",
            f"{each.distribution.name} {each.distribution.version}",
            each.inspector.summary,
        )
        for each in loaded
    ]
    rows += [(each.path.removeprefix("plugin:"), "set aside", "", each.reason) for each in unknowns]
    _show_rows(form, ("Name", "State", "Distribution", "Summary"), rows)


@click.group()
def policies() -> None:
    """Policies, which `aibom check` holds a model against."""


@policies.command("list")
@format_option("table", "json")
@debug_option
def list_policies(form: str) -> None:
    """Every policy that is shipped; none of them is official."""
    from aibom import policy

    rows = [
        (
            each.id,
            each.name,
            each.date,
            each.profile.id,
            "yes" if each.official else "no",
            each.digest if form == "json" else each.digest[:12],
        )
        for each in policy.shipped()
    ]
    _show_rows(form, ("Name", "About", "Date", "Profile", "Official", "Digest"), rows)


@click.group()
def profiles() -> None:
    """Profiles, which say what a sovereignty score is for."""


@profiles.command("list")
@format_option("table", "json")
@debug_option
def list_profiles(form: str) -> None:
    """Every profile that is shipped, with its date, home set and digest."""
    from aibom import sovereignty

    rows = [
        (
            each.id,
            each.name,
            each.date,
            ", ".join(each.home) or "none",
            each.digest if form == "json" else each.digest[:12],
        )
        for each in sovereignty.shipped()
    ]
    _show_rows(form, ("Name", "About", "Date", "Home", "Digest"), rows)


@click.group()
def organisations() -> None:
    """Organisations, with their names, countries and parents."""


@organisations.command("show")
@click.argument("query", required=False)
@click.option(
    "--organisations", "overlay", type=OVERLAY, help="Your own registry file, laid over the shipped one."
)
@format_option("table", "json")
@debug_option
def show_organisations(query: str | None, overlay: Path | None, form: str) -> None:
    """One organisation in full, or all of them in short.

    QUERY is an id, a Hub namespace, or a name as it stands in copyright notices.
    """
    from aibom import catalog

    known = catalog.load(overlay).organisations
    if query is None:
        _show_all(known, form)
        return
    found = _find(known, query)
    if found is None:
        raise UsageError(
            f"the registry has no organisation {query}",
            advice="`aibom organisations show` lists all; add your own with --organisations.",
        )
    _show_one(known, found, form)


def _find(known: Registry, query: str) -> Organisation | None:
    hit = known.by_namespace(query) or known.by_name(query)
    return known.get(query) or (known.get(hit.id) if hit else None)


def _show_all(known: Registry, form: str) -> None:
    from aibom.render.words import country

    rows = [(each.id, each.name, each.kind.value, country(known.ref(each.id))) for each in known.all]
    _show_rows(form, ("Id", "Name", "Kind", "Country"), rows)


def _show_one(known: Registry, entry: Organisation, form: str) -> None:
    """Every claim of the entry with its sources; `unverified` where nobody has checked it."""
    rows = [
        ("id", entry.id, "", ""),
        ("kind", entry.kind.value, "", ""),
        *((f"name ({each.kind.value})", each.text, *_basis(each)) for each in entry.names),
        *(("Hub namespace", each.name, *_basis(each)) for each in entry.hub_namespaces),
        *(("GitHub", each.name, *_basis(each)) for each in entry.github),
        *((f"identifier ({each.scheme})", each.value, *_basis(each)) for each in entry.identifiers),
        *(
            (f"country ({each.basis.value})", f"{each.country}{_period(each)}", *_basis(each))
            for each in entry.jurisdictions
        ),
        *((f"parent ({each.kind})", f"{each.id}{_period(each)}", *_basis(each)) for each in entry.parents),
        ("ultimate parent's country", known.ref(entry.id).ultimate_jurisdiction or "unknown", "", ""),
        *((("note", entry.note, "", ""),) if entry.note else ()),
    ]
    _show_rows(form, ("Field", "Value", "Checked", "Sources"), rows)


def _basis(claim: Any) -> tuple[str, str]:
    return "verified" if claim.verified else "unverified", "; ".join(claim.sources)


def _period(claim: Any) -> str:
    start = f" from {claim.start}" if claim.start else ""
    return f"{start} to {claim.end}" if claim.end else start


@organisations.command("lint")
@click.argument("file", required=False, type=OVERLAY)
@format_option("table", "json")
@debug_option
@click.pass_context
def lint_organisations(ctx: click.Context, /, file: Path | None, form: str) -> None:
    """Check your own registry file laid over the shipped registry, or the shipped one alone.

    Exits with code 1 if there is a problem.
    """
    from aibom import catalog
    from aibom.catalog.lint import schema_problems

    document: Any = catalog.shipped_registry()
    problems: tuple[RegistryProblem, ...] = ()
    if file is not None:
        overlay = catalog.read_registry(file)
        problems = schema_problems(overlay)
        document = document if problems else catalog.merge(document, overlay)
    problems = problems or catalog.lint_organisations(document)
    if problems or form == "json":
        _show_rows(form, ("Organisation", "Problem"), [(each.id, each.message) for each in problems])
    else:
        click.echo("no problems")
    ctx.exit(ExitCode.GATE_FAILED if problems else ExitCode.PASS)
