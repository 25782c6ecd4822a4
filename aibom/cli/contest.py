"""`aibom contest`: a vendor's objection to a finding, from its filing to what it changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.documents import read_document
from aibom.cli.keys import private_key, public_key
from aibom.cli.options import format_option
from aibom.cli.output import destination, show, write_result, write_stdout
from aibom.cli.program import debug_option
from aibom.errors import ExitCode, InputError, UsageError

if TYPE_CHECKING:
    from aibom.contests import Contested, Log

FILE = click.Path(dir_okay=False, path_type=Path)
_RELATIONS = ("original", "inspired", "adapted", "derived", "verbatim")
"""By the grade that each has where the origin is outside: 4 to 0."""

date_option = click.option("--date", metavar="YYYY-MM-DD", help="Day of the entry. Default: today, in UTC.")


@click.group()
def contest() -> None:
    """Object to a finding, judge objections, and show both sides. Nothing is ever deleted."""


@contest.command("file")
@click.argument("document", metavar="REPORT|BOM", type=FILE)
@click.argument("finding")
@click.option("--claim", required=True, help="What is said instead of the finding.")
@click.option(
    "--evidence",
    "places",
    multiple=True,
    required=True,
    metavar="PATH|URL#sha256=…",
    help="What the claim rests on: a file, whose digest is taken, or a URL with its digest. May be repeated.",
)
@click.option("--requested-relation", type=click.Choice(_RELATIONS), help="The relation that is claimed.")
@click.option("--requested-grade", type=click.IntRange(0, 4), help="The same by its grade: 4 is original.")
@click.option("--by", "filed_by", required=True, metavar="NAME", help="The organisation that files it.")
@click.option("--contact", help="How it can be reached.")
@date_option
@click.option("-o", "--output", metavar="FILE", help="File to write, `-` for standard output.")
@click.option("--key", type=FILE, metavar="PEM", help="Private key to sign it with: writes a DSSE envelope.")
@click.option(
    "--passphrase-env", metavar="NAME", help="Environment variable that holds the key's passphrase."
)
@click.option("--log", type=FILE, help="Enter it in this log, as open.")
@debug_option
def file_(
    document: Path,
    finding: str,
    claim: str,
    places: tuple[str, ...],
    requested_relation: str | None,
    requested_grade: int | None,
    filed_by: str,
    contact: str | None,
    date: str | None,
    output: str | None,
    key: Path | None,
    passphrase_env: str | None,
    log: Path | None,
) -> None:
    """Contest FINDING of a BOM or report: write contest.json.

    Without a requested relation or grade the contest asks that the finding be withdrawn. The same contest
    always has the same id and the same bytes; with --key it is signed.
    """
    from aibom import contests, gate, signing

    if requested_relation and requested_grade is not None:
        raise UsageError("a relation and a grade are requested", advice="Give one of the two.")
    if requested_grade is not None:
        requested_relation = _RELATIONS[4 - requested_grade]
    target = destination(output)
    made = contests.file_contest(
        gate.read_bom(document),
        finding,
        claim=claim,
        evidence=map(contests.exhibit, places),
        filed_by=filed_by,
        contact=contact,
        requested=_relation(requested_relation),
        date=_day(date),
    )
    signer = private_key(key, passphrase_env) if key else None
    data = signing.seal(made.to_bytes(), contests.PAYLOAD, signer) if signer else made.to_bytes()
    if log:
        contests.register(log, made, signer.public_key.keyid if signer else None)
    write_result(target, data)
    if target:
        click.echo(f"{made.id} contests {made.finding}, which rests on {made.strength.name}")


@contest.command()
@click.argument("filed", metavar="CONTEST", type=FILE)
@click.option(
    "--state",
    type=click.Choice(["open", "accepted", "rejected", "superseded"]),
    required=True,
    help="What becomes of it.",
)
@click.option("--assessor", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@click.option(
    "--evidence-level",
    type=click.Choice(["E1", "E2", "E3", "E4"]),
    help="How strong its evidence is; to be accepted at least that of the finding.",
)
@click.option("--superseded-by", metavar="C-…", help="The contest in the log that takes its place.")
@click.option("--signer", type=FILE, metavar="PEM", help="Public key of who must have signed the contest.")
@click.option("--log", type=FILE, required=True, help="The log to add to; made where it is not there.")
@date_option
@debug_option
def assess(
    filed: Path,
    state: str,
    assessor: str,
    reason: str,
    evidence_level: str | None,
    superseded_by: str | None,
    signer: Path | None,
    log: Path,
    date: str | None,
) -> None:
    """Enter in a log what becomes of a contest, as it was filed or in the envelope that it was signed in."""
    from aibom import contests
    from aibom.model import Evidence

    data, key = _filed(filed, signer)
    made = contests.parse(data, str(filed))
    entry = contests.assess(
        log,
        made,
        contests.ContestState(state),
        assessor=assessor,
        reason=reason,
        date=_day(date),
        evidence_level=Evidence[evidence_level] if evidence_level else None,
        superseded_by=superseded_by,
        signer=key,
    )
    _tell_torn(entry.torn is not None, log)
    click.echo(f"{made.id} {state}; entry {entry.number}, digest {entry.digest}")


@contest.command("log")
@click.argument("log", type=FILE)
@click.option(
    "--head", metavar="DIGEST", help="What the digest of an entry is known to be: shows cut-off ends."
)
@format_option("table", "json")
@debug_option
@click.pass_context
def log_(ctx: click.Context, /, log: Path, head: str | None, form: str) -> None:
    """Verify a log and list its entries; the last digest tells a later reader that none was cut off."""
    from aibom import contests

    found = contests.read_log(log)
    if form == "json":
        from aibom.render import json_bytes

        write_stdout(json_bytes(_plain(found)))
    else:
        _show(found)
    _tell_torn(found.torn is not None, log)
    if head and all(entry.digest != head for entry in found.entries):
        click.echo(f"error: no entry has the digest {head}: the log was cut off or replaced", err=True)
        ctx.exit(ExitCode.GATE_FAILED)


@contest.command("apply")
@click.argument("document", metavar="BOM", type=FILE)
@click.argument("log", type=FILE)
@click.option("-o", "--output", metavar="FILE", help="BOM to write, `-` for standard output.")
@click.option(
    "--profile", default="kr", show_default=True, metavar="NAME|FILE", help="Profile of the scores."
)
@click.option("--home", metavar="CC", help="Country code that replaces the profile's home set.")
@debug_option
def apply_(document: Path, log: Path, output: str | None, profile: str, home: str | None) -> None:
    """Lay the contests of a log over a BOM, and show the scores with and without them.

    Each contest becomes a claim, with our finding as its counter-evidence. Accepted ones are applied to the
    score; open ones are shown as if they were granted.
    """
    from aibom import api, bom, contests, gate, sovereignty
    from aibom.errors import InternalError
    from aibom.render import escaped

    target = destination(output)
    found = contests.apply(
        gate.read_bom(document), contests.read_log(log), sovereignty.load_profile(profile, home)
    )
    source = read_document(str(document))
    laid = contests.lay(source, found)
    known = frozenset(api.lint(source))
    fresh = [item for item in api.lint(laid) if item.severity == "error" and item not in known]
    if fresh:
        raise InternalError(f"the BOM breaks {fresh[0].rule} at {fresh[0].pointer}: {fresh[0].message}")
    data = escaped(bom.serialise(laid))
    write_result(target, data)
    _tell_scores(found, err=target is None)


def _tell_scores(found: Contested, *, err: bool) -> None:
    from aibom.contests import score_words
    from aibom.formats.text import clean

    click.echo(f"without contests      {score_words(found.unapplied)}", err=err)
    click.echo(f"accepted applied      {score_words(found.score)}", err=err)
    click.echo(f"open ones granted too {score_words(found.granted)}", err=err)
    for standing, reason in found.left_out:
        click.echo(f"warning: {standing.contest.id} is not applied: {clean(reason)}", err=True)


def _plain(found: Log) -> dict[str, Any]:
    return {
        "head": found.head,
        "torn": {"bytes": found.torn.size, "sha256": found.torn.sha256} if found.torn else None,
        "entries": [
            {
                "number": entry.number,
                "digest": entry.digest,
                "date": entry.draft.date,
                "contest": entry.draft.contest.id,
                "finding": entry.draft.contest.finding,
                "model": entry.draft.contest.model,
                "state": entry.draft.state.value,
                "assessor": entry.draft.assessor,
                "reason": entry.draft.reason,
                "evidence_level": entry.draft.evidence_level.name if entry.draft.evidence_level else None,
                "signer": entry.draft.signer,
            }
            for entry in found.entries
        ],
    }


def _show(found: Log) -> None:
    from aibom.cli.tables import table

    rows = [
        (
            str(entry.number),
            entry.draft.date,
            entry.draft.contest.id,
            entry.draft.contest.finding,
            entry.draft.state.value
            + (f" {entry.draft.evidence_level.name}" if entry.draft.evidence_level else ""),
            f"{entry.draft.assessor}: {entry.draft.reason}",
        )
        for entry in found.entries
    ]
    show(table(("No", "Day", "Contest", "Finding", "State", "By whom, and why"), rows))
    click.echo(f"{len(found.entries)} entries, the chain holds; last digest {found.head}")


def _tell_torn(torn: bool, log: Path) -> None:
    if torn:
        click.echo(
            f"warning: {log}: an unfinished entry, left by a crash, is kept and says nothing", err=True
        )


def _day(text: str | None) -> str:
    from aibom.contests import day

    return day(text) if text else datetime.now(UTC).date().isoformat()


def _relation(name: str | None) -> Any:
    from aibom.model import Relation

    return Relation(name) if name else None


def _filed(path: Path, signer: Path | None) -> tuple[bytes, str | None]:
    """The bytes of a contest, out of its envelope where it was signed; and the id of the key, if checked."""
    from aibom import signing
    from aibom.contests import PAYLOAD
    from aibom.contests.filing import MAX_BYTES
    from aibom.formats.files import read_up_to

    data = read_up_to(path, 2 * MAX_BYTES)
    if b'"payloadType"' not in data:
        if signer:
            raise InputError(f"{path} is not signed", advice="Ask for the contest as its vendor signed it.")
        return data, None
    envelope = signing.read_envelope(data, str(path))
    if envelope.payload_type != PAYLOAD:
        raise InputError(f"{path}: what was signed is no contest", advice="Give what `contest file` wrote.")
    if signer is None:
        click.echo(f"warning: {path} is signed, and nobody checked by whom: name the key, --signer", err=True)
        return envelope.payload, None
    key = public_key(signer)
    if not signing.signed_by(envelope, key):
        raise InputError(
            f"{path} was not signed with the key of {signer}, or was changed since",
            advice="Ask the vendor for its key by another way, and for the contest again.",
        )
    return envelope.payload, key.keyid
