"""`aibom index`: reference records of known models, and models held against them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from aibom.cli.options import (
    KNOWLEDGE_OPTIONS,
    SAMPLING_OPTIONS,
    format_option,
    quiet_option,
    source_arguments,
)
from aibom.cli.output import check_destination, progress, show, write_file, write_stdout
from aibom.cli.program import debug_option, tell
from aibom.errors import ExitCode
from aibom.index import LIMIT

INDEX = click.option(
    "--index",
    "directory",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the index.",
)


@click.group()
def index() -> None:
    """Reference records of known models: samples of their weights, about 2 MiB each."""


@index.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@INDEX
@SAMPLING_OPTIONS
@KNOWLEDGE_OPTIONS
@quiet_option
@debug_option
@click.pass_context
def add(ctx: click.Context, /, targets: tuple[str, ...], directory: Path, quiet: bool, **chosen: Any) -> None:
    """Add models to an index, which is made where it is not there.

    A TARGET is one of `aibom generate`, or a record file of `index export`, which is checked and added. Only
    headers and samples are read, a few MiB of a large model. A record that is there already stays as it is;
    another commit is a further record. Of several targets one that fails does not stop the others, and the
    highest code counts.
    """
    from aibom import indexing
    from aibom.formats.text import clean

    arguments = source_arguments(chosen)
    worst = 0
    for target in targets:
        try:
            with progress(quiet=quiet) as tell_step:
                added = indexing.index_add(target, directory, on_progress=tell_step, **arguments)
        except Exception as error:  # every failure is told, and the next target tried
            if len(targets) == 1:
                raise
            worst = max(worst, tell(error, target))
            continue
        state = "added" if added.new else "already there"
        click.echo(f"{added.digest[:12]} {clean(added.model.name)}: {state}")
    ctx.exit(worst)


@index.command()
@click.argument("target")
@INDEX
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=LIMIT,
    show_default=True,
    help="Most models that are tested in full; the others are judged by their sketches.",
)
@format_option("table", "json")
@SAMPLING_OPTIONS
@KNOWLEDGE_OPTIONS
@quiet_option
@debug_option
@click.pass_context
def search(
    ctx: click.Context, /, target: str, directory: Path, limit: int, form: str, quiet: bool, **chosen: Any
) -> None:
    """Hold the weights of a model against the models of an index.

    Sketches give a shortlist; every part of TARGET is tested against each model of it. What became of all
    other records is told. Exits with code 3 if nothing could be tested; else the code says nothing of the
    verdicts.
    """
    from aibom import indexing
    from aibom.render import json_bytes
    from aibom.render.index import search_json, search_table

    arguments = source_arguments(chosen)
    with progress(quiet=quiet) as tell_step:
        found = indexing.index_search(target, directory, limit=limit, on_progress=tell_step, **arguments)
    if form == "json":
        write_stdout(json_bytes(search_json(found)))
    else:
        show(search_table(found))
    ctx.exit(ExitCode.PASS if found.tested else ExitCode.UNDETERMINED)


@index.command()
@INDEX
@format_option("table", "json")
@debug_option
def info(directory: Path, form: str) -> None:
    """List the records of an index, and how many there are of each organisation."""
    from aibom.cli.tables import table
    from aibom.index import Store
    from aibom.render import json_bytes
    from aibom.render.index import entry_json
    from aibom.render.words import plural, size

    with Store.open(directory) as store:
        entries, lost = store.listed()
        digest = store.digest
    models = len({entry.model.id for entry in entries})
    organisations = Counter(entry.model.organisation or "unknown" for entry in entries)
    total = sum(entry.size for entry in entries)
    if form == "json":
        document = {
            "digest": digest,
            "models": models,
            "bytes": total,
            "organisations": dict(sorted(organisations.items())),
            "records": [entry_json(entry) for entry in entries],
            "damaged": list(lost),
        }
        write_stdout(json_bytes(document))
        return
    rows = [
        (
            entry.digest[:12],
            entry.model.id,
            (entry.model.commit or "")[:12],
            entry.model.organisation or "unknown",
            entry.model.released or "unknown",
            f"{entry.samples:,}",
            size(entry.size) + (", superseded" if entry.superseded else ""),
        )
        for entry in entries
    ]
    show(table(("Record", "Model", "Commit", "Organisation", "Date", "Matrices", "Size"), rows))
    show(table(("Organisation", "Records"), [(name, f"{n:,}") for name, n in sorted(organisations.items())]))
    click.echo(
        f"{plural(len(entries), 'record')} of {plural(models, 'model')}, {size(total)}, digest {digest[:12]}"
        + (f"; {len(lost):,} cannot be read" if lost else "")
    )


@index.command()
@click.argument("ident", metavar="ID")
@INDEX
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write.")
@debug_option
def export(ident: str, directory: Path, output: str) -> None:
    """Write a record to a file, which `index add` takes elsewhere.

    ID is a record's digest or its first 8 characters or more, or a model (`org/name`, `org/name@commit`), of
    which the latest record is written. The file is a safetensors file.
    """
    from aibom.index import Store

    file = Path(output)
    check_destination(file)
    with Store.open(directory) as store:
        entry = store.find(ident)
        store.load(entry)  # nothing damaged is handed on
        data = store.content(entry)
    write_file(file, data)
    click.echo(f"{entry.digest} {entry.name}: {file}")


@index.command()
@INDEX
@debug_option
@click.pass_context
def verify(ctx: click.Context, /, directory: Path) -> None:
    """Hold every record against its digest and its schema, and its sketches against the record.

    Exits with code 1 if one is damaged.
    """
    from aibom.index import Store

    sound = damaged = 0
    with Store.open(directory) as store:
        for _, error in store.verify():
            sound += error is None
            damaged += error is not None
            if error is not None:
                click.echo(error.message)
    click.echo(f"{sound:,} sound, {damaged:,} damaged")
    ctx.exit(ExitCode.GATE_FAILED if damaged else ExitCode.PASS)
