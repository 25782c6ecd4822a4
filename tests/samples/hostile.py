"""An analysis whose every text is hostile."""

from __future__ import annotations

from dataclasses import replace

from aibom.model import (
    Analysis,
    CardFacts,
    Confidence,
    Dataset,
    Declaration,
    DeclarationKind,
    Depth,
    Evidence,
    Fact,
    FileEntry,
    Finding,
    Inspected,
    Layer,
    Licence,
    Locator,
    Metric,
    Notice,
    OrganisationRef,
    Origin,
    Part,
    Provenance,
    ReadStats,
    Relation,
    Role,
    Signal,
    Stage,
    Statistic,
    Target,
    TargetKind,
    ToolPart,
    Unknown,
)
from tests.samples.common import score

NASTY = "\x1b[31m\u202eevil\x00\ud800 </script> \ud800' \" %00 ../../x?y#z \n\r\t😀" + "A" * 3000


def hostile() -> Analysis:
    """Every text that comes from outside is hostile, or a placeholder."""
    here = Locator(NASTY, line=1, offset=0, key=NASTY, quote=NASTY)
    nobody = OrganisationRef(f"hub:{NASTY}", "unknown", "KR", "KR", "")
    loud = OrganisationRef(NASTY, NASTY, NASTY, NASTY, NASTY)
    part = Part(
        NASTY,
        Role.DECODER_CORE,
        NASTY,
        (NASTY, "gone.bin"),
        0,
        0,
        declared=True,
        dtypes=((NASTY, 1),),
        facts=(Fact(NASTY, NASTY), Fact("hyperparameter:", float("nan")), Fact("x", "")),
        locators=(here, here),
    )
    finding = Finding(
        NASTY,
        NASTY,
        Signal.DECLARED,
        Confidence.CONTRADICTED,
        NASTY,
        part="nowhere",
        layer=Layer.WEIGHTS,
        alternative=NASTY,
        contest=NASTY,
        organisations=(loud, nobody),
        statistic=Statistic(NASTY, float("nan"), float("inf"), float("-inf"), NASTY),
        locators=(here,),
    )
    return Analysis(
        tools=(ToolPart("aibom", "0.1.0", NASTY),),
        target=Target(NASTY, TargetKind.FOLDER, NASTY),
        depth=Depth.METADATA,
        files=(FileEntry(NASTY), FileEntry("2026-01-01T00:00:00Z/events", 0, None), FileEntry("unknown")),
        inspected=Inspected(
            parts=(part, Part("none", Role.REMOTE_CODE, "unknown", (NASTY,))),
            declarations=(
                Declaration(DeclarationKind.BASE_MODEL, NASTY, here, relation=NASTY),
                Declaration(DeclarationKind.NAME_OR_PATH, "", here),
            ),
            notices=(Notice((NASTY,), NASTY, here, "none"), Notice((), "", here)),
            licences=(
                Licence(NASTY, here),
                Licence("unknown", here, None, True),
                Licence("mit", here, "MIT"),
                Licence("both", here, "MIT OR Apache-2.0"),
            ),
            datasets=(Dataset(NASTY, here, NASTY, NASTY), Dataset("unknown", here)),
            card=CardFacts(
                title=NASTY,
                description="No description available.",
                task="TODO",
                library=NASTY,
                languages=("", NASTY, "KO"),
                tags=(NASTY, "", "arxiv:1234.56789"),
                inputs=(NASTY, "n/a"),
                metrics=(Metric("", "", None, None), Metric(NASTY, NASTY, NASTY, NASTY)),
                facts=(Fact("co2" + NASTY, NASTY), Fact("transformers_version", "")),
            ),
        ),
        provenance=Provenance(
            loud,
            (finding, finding),
            (
                Origin(
                    "model",
                    Layer.WEIGHTS,
                    Relation.VERBATIM,
                    Evidence.E4,
                    (loud, nobody),
                    NASTY,
                    (NASTY, "f?"),
                ),
                Origin("nowhere", Layer.CODE, Relation.UNKNOWN, Evidence.E0, (nobody,)),
            ),
        ),
        score=replace(score(), lower=-1e-9, upper=100.00000001, reasons=(NASTY,)),
        unknowns=(Unknown(NASTY, Stage.SOURCE, NASTY), Unknown(NASTY, Stage.SOURCE, NASTY)),
        read=ReadStats(),
    )
