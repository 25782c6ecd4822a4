"""The gate: a model or anyone's BOM held against a policy, a BOM against its model, a BOM against another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from aibom import api, differences, documents, sovereignty, verification
from aibom.contests import ContestState, apply, read_log
from aibom.contests import states as contest_states
from aibom.documents.limits import MAX_BYTES
from aibom.errors import FormatError, LimitError, UsageError
from aibom.formats.files import read_up_to
from aibom.model import Dossier, Outcome, Verdict
from aibom.policy import evaluate, load_policy, load_waivers

_HEAD = 4096
_VERDICT = "urn:aibom:schema:verdict:1"


@dataclass(frozen=True, slots=True)
class Verified:
    """A BOM held against its model: the verdict, and both sides."""

    verdict: Verdict
    claimed: Dossier
    found: Dossier

    def attestation(self) -> dict[str, Any]:
        """The result as a CycloneDX document: claims with evidence and counter-evidence."""
        return verification.attestation(self.verdict, self.claimed, self.found)


def check(
    target: str,
    *,
    policy: str,
    waivers: Path | None = None,
    baseline: Path | None = None,
    contests: Path | None = None,
    today: date | None = None,
    **options: Any,
) -> Verdict:
    """Hold a model, or what a BOM says of one, against a policy. What is unknown is never a pass.

    Args:
        target: a target as for `aibom.generate`, or the file of a BOM or of a JSON report.
        policy: id of a shipped policy, or the path of a policy file.
        waivers: file of failures that somebody answers for until a day.
        baseline: JSON verdict of an earlier check; what it knew does not count.
        contests: log of contests; what was accepted is applied, and the score with all that is open granted
            stands beside the other.
        today: the day that waivers are held against; else that of the clock.
        options: as for `aibom.generate`; a BOM needs none.

    Raises:
        UsageError: no such policy.
        DataError: the policy, the waivers or the log of contests break their schema.
        FormatError: the baseline is no verdict.
        AibomError: the target cannot be read.
    """
    chosen = load_policy(policy)
    waived = load_waivers(waivers) if waivers else ()
    known = _known(baseline) if baseline else ()
    found, states, granted = dossier(target, **options), dict[str, str](), None
    if contests:
        log = read_log(contests)
        contested = apply(found, log, chosen.profile)
        found, states = contested.dossier, dict(contest_states(log, found.subject))
        granted = contested.granted if ContestState.OPEN in states.values() else None
    verdict = evaluate(
        found,
        chosen,
        today=today or datetime.now(UTC).date(),
        waivers=waived,
        baseline=known,
        contests=states,
    )
    return replace(verdict, granted=granted)


def verify(bom: Path, target: str, **options: Any) -> Verified:
    """Hold anyone's BOM of a model against the model itself.

    Raises:
        FormatError: the file is no BOM that is read.
        AibomError: the target cannot be read.
    """
    claimed = read_bom(bom)
    found = Dossier.of(api.generate(target, **options).analysis)
    return Verified(verification.verify(claimed, found), claimed, found)


def diff(
    old: str, new: str, *, profile: str | None = None, home: str | None = None, **options: Any
) -> Verdict:
    """What changed between two BOMs, reports or models; it fails on a regression only.

    Args:
        old, new: targets as for `aibom.generate`, or files of BOMs or JSON reports.
        profile: judge both sides under this one, its deny set included; else under those that they state.
        home: country that replaces the profile's home set.
        options: as for `aibom.generate`; a BOM needs none.

    Raises:
        UsageError: no such profile, or a home without one.
        AibomError: one of them cannot be read.
    """
    if home and not profile:
        raise UsageError("a home needs a profile to stand in", advice="Name it with --profile.")
    chosen = sovereignty.load_profile(profile, home) if profile else None
    return differences.diff(dossier(old, **options), dossier(new, **options), profile=chosen)


def dossier(target: str, **options: Any) -> Dossier:
    """What a BOM or report says, where `target` is the file of one; else what a scan finds."""
    path = Path(target)
    if is_bom(path):
        return read_bom(path)
    return Dossier.of(api.generate(target, **options).analysis)


def read_bom(path: Path) -> Dossier:
    """What anyone's BOM, or a report of ours, says of a model.

    Raises:
        InputError: the file cannot be read.
        LimitError: it is larger than a BOM may be.
        FormatError: it is none that is read.
    """
    return documents.read(read_up_to(path, MAX_BYTES), str(path))


def is_bom(path: Path) -> bool:
    """Whether it is the file of a BOM or report, rather than of a model."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return documents.is_document(stream.read(_HEAD))
    except OSError:
        return False


def _known(path: Path) -> tuple[str, ...]:
    """Ids of what did not pass in an earlier verdict."""
    from aibom.formats.text import as_dict, as_list, as_str, parse_json

    data = read_up_to(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise LimitError(f"{path}: larger than {MAX_BYTES:,} bytes", limit="file size")
    document = as_dict(parse_json(data, str(path)))
    if document.get("schema") != _VERDICT:
        raise FormatError(
            f"{path}: no verdict of aibom", advice="Write one with `aibom check … -f json -o FILE`."
        )
    pending, known = as_list(document.get("results")), set[str]()
    while pending:
        item = as_dict(pending.pop())
        pending += as_list(item.get("results"))
        ident = as_str(item.get("id"))
        if ident and item.get("outcome") != Outcome.PASS.value:
            known.add(ident)
    return tuple(sorted(known))
