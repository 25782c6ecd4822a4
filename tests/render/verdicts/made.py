"""A verdict with every outcome and every field, and one of hostile texts."""

from __future__ import annotations

from aibom.model import (
    Confidence,
    Evidence,
    Finding,
    Layer,
    Locator,
    Outcome,
    Result,
    Score,
    Severity,
    Signal,
    Stage,
    Unknown,
    Verdict,
    Waiver,
    overall,
)

NOTICE = Finding(
    id="F-00000000000a",
    rule="code.notice",
    signal=Signal.CODE,
    confidence=Confidence.OBSERVED,
    statement="modeling.py, line 5 names Another Org.",
    part="remote-code",
    layer=Layer.CODE,
    alternative="Attribution is what an open licence asks for.",
    contest="Show the file's history.",
    locators=(
        Locator("modeling.py", line=5, quote="Copyright 2025 Another Org."),
        Locator("a b/ü.py", line=7),
    ),
)
RESULTS = (
    Result("R-1", "level", Outcome.PASS, Severity.HIGH, "Level 3 is reached."),
    Result(
        "R-2",
        "no-denied-origin",
        Outcome.FAIL,
        Severity.HIGH,
        "remote-code: code adapted from Another Org (CN).",
        part="remote-code",
        layer=Layer.CODE,
        findings=(NOTICE,),
        remedy="Write the code anew, or show that the notice is wrong.",
    ),
    Result(
        "R-3",
        "weights-known",
        Outcome.UNDETERMINED,
        Severity.MEDIUM,
        "vision-encoder: nothing is known of its weights.",
        part="vision-encoder",
        layer=Layer.WEIGHTS,
        unknowns=(Unknown("model.safetensors", Stage.INSPECTION, "not sampled"),),
        locators=(Locator("model.safetensors", offset=100, length=20),),
        claimed="original",
        found="unknown",
    ),
    Result(
        "R-4",
        "licence",
        Outcome.WAIVED,
        Severity.LOW,
        "The licence is not on the list.",
        waiver=Waiver("R-4", "agreed by counsel", "A. Person", "2027-01-31"),
    ),
    Result(
        "R-5",
        "either",
        Outcome.FAIL,
        Severity.LOW,
        "Neither holds.",
        results=(
            Result("R-5a", "one", Outcome.FAIL, Severity.LOW, "One does not hold."),
            Result("R-5b", "other", Outcome.UNDETERMINED, Severity.LOW, "The other is not known."),
        ),
    ),
    Result("R-6", "told", Outcome.FAIL, Severity.INFO, "Something is worth telling."),
)
SCORE = Score("kr", "0" * 64, "2026-11-24", 0, 3, Evidence.E0, 11.3, 92.7, 18.7)


def verdict(*results: Result, known: tuple[str, ...] = ()) -> Verdict:
    chosen = results or RESULTS
    return Verdict(
        "check",
        "org/name",
        overall(chosen, known),
        chosen,
        against="kr-independent",
        against_digest="1" * 64,
        revision="a" * 40,
        title="Example policy",
        notes="Not official.",
        score=SCORE,
        known=known,
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "]]><x/>",
    "| cell | `code` **bold** [link](https://evil.example) ![i](x)",
    "www.evil.example and https://evil.example and @someone #12 &lt; <!-- -->",
    "\x1b[31mred\x1b[0m \x00 \u202e reversed \ud800",
    "# heading\n- list\n1. item\n```\ncode",
    "</details><h1>x</h1>",
    "{{7*7}} ${x} %s %n",
    "=cmd()",
    "- not a list",
    "12) not a list",
)


def hostile(text: str) -> Verdict:
    finding = Finding(
        id="F-0123456789ab",
        rule="code.notice",
        signal=Signal.CODE,
        confidence=Confidence.OBSERVED,
        statement=text,
        part=text,
        layer=Layer.CODE,
        alternative=text,
        contest=text,
        locators=(Locator(text, line=3, quote=text, key=text),),
    )
    result = Result(
        id=text,
        rule=text,
        outcome=Outcome.FAIL,
        severity=Severity.HIGH,
        statement=text,
        part=text,
        layer=Layer.CODE,
        claimed=text,
        found=text,
        findings=(finding,),
        unknowns=(Unknown(text, Stage.SOURCE, text),),
        locators=(Locator(text),),
        remedy=text,
        waiver=Waiver(text, text, text, text),
        results=(Result(text, text, Outcome.FAIL, Severity.LOW, text),),
    )
    return Verdict(
        kind="verify",
        subject=text,
        outcome=Outcome.FAIL,
        results=(result,),
        against=text,
        against_digest=text,
        revision=text,
        title=text,
        notes=text,
        score=SCORE,
    )
