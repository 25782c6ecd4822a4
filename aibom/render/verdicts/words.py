"""What every form of a verdict says in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from aibom.formats.text import clean
from aibom.model import Locator, Outcome, Result, Score, Severity, Verdict

_SENTENCES = {
    ("check", Outcome.PASS): "passes",
    ("check", Outcome.FAIL): "fails",
    ("check", Outcome.UNDETERMINED): "is undetermined: too little is known, and that is no pass",
    ("verify", Outcome.PASS): "the BOM agrees with the model",
    ("verify", Outcome.FAIL): "the model contradicts the BOM",
    ("verify", Outcome.UNDETERMINED): "the BOM is not contradicted, and not all of it could be checked",
    ("signature", Outcome.PASS): "the signature is good",
    ("signature", Outcome.FAIL): "not as it was signed",
    ("signature", Outcome.UNDETERMINED): "the signature is good, and not all that was signed could be seen",
    ("diff", Outcome.PASS): "no regression",
    ("diff", Outcome.FAIL): "a regression",
    ("diff", Outcome.UNDETERMINED): "too little is known to rule out a regression",
}
_ORDER = (Outcome.FAIL, Outcome.UNDETERMINED, Outcome.WAIVED, Outcome.PASS)


def headline(verdict: Verdict) -> str:
    """`org/name against kr-independent: fails`."""
    against = f" against {clean(verdict.against, 100)}" if verdict.against else ""
    return f"{clean(verdict.subject, 200)}{against}: {_SENTENCES[verdict.kind, verdict.outcome]}"


def counted(verdict: Verdict) -> str:
    """`2 fail, 1 undetermined, 7 pass`; notes and what a baseline knows are told apart."""
    counts = Counter(state(item, verdict).partition(" ")[0] for item in verdict.results)
    words = (*(outcome.value for outcome in _ORDER), "note", "known")
    told = [f"{counts[word]} {word}" for word in words if counts[word]]
    return ", ".join(told).replace("known", "known from the baseline") or "no results"


def points(score: Score) -> str:
    """`level 0/E0, 11.3 to 92.7 of 100 under kr of 2026-11-24`."""
    profile = f"under {clean(score.profile)} of {clean(score.profile_date)}"
    if score.level is None:
        return f"no level, {score.coverage:.1f} of 100 known {profile}"
    return (
        f"level {score.level}/{score.evidence.name}, {score.lower:.1f} to {score.upper:.1f} of 100 {profile}"
    )


def scores(verdict: Verdict) -> Iterator[str]:
    """The score, and beside it the one with every open contest granted."""
    if verdict.score:
        yield points(verdict.score)
    if verdict.granted:
        yield f"with open contests granted: {points(verdict.granted)}"


def about(result: Result) -> str:
    """`vision-encoder, weights`, or nothing where the whole model is meant."""
    return ", ".join(clean(each) for each in (result.part, result.layer and result.layer.value) if each)


def state(result: Result, verdict: Verdict) -> str:
    """`fail (high)`, `undetermined`, `known` to the baseline, `note` where it fails no gate."""
    if result.id in verdict.known:
        return "known"
    if result.severity is Severity.INFO and result.outcome is not Outcome.PASS:
        return "note"
    failed = result.outcome is Outcome.FAIL
    return f"{result.outcome.value} ({result.severity.value})" if failed else result.outcome.value


def sides(result: Result) -> Iterator[tuple[str, str]]:
    """Both sides, the remedy and the waiver, each with its word."""
    for word, text in (("claimed", result.claimed), ("found", result.found), ("to settle it", result.remedy)):
        if text:
            yield word, clean(text, 1000)
    waiver = result.waiver
    if waiver:
        word = "waiver, expired" if waiver.expired else "waived"
        yield word, clean(f"until {waiver.expires} by {waiver.approver}: {waiver.reason}", 1000)


def places(result: Result) -> tuple[Locator, ...]:
    """Where to look: of the result itself, of its findings, of the rules within it; each once."""
    own = (*result.locators, *(at for finding in result.findings for at in finding.locators))
    inner = (at for item in result.results for at in places(item))
    return tuple(dict.fromkeys((*own, *inner)))


def worst_first(results: Iterable[Result]) -> list[Result]:
    """By outcome, then by severity; those that are alike stay in their order."""
    severities = list(Severity)
    return sorted(results, key=lambda item: (_ORDER.index(item.outcome), -severities.index(item.severity)))
