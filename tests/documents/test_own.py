"""What we write comes back: a gate says the same of a BOM, of a report and of the scan itself."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import aibom
from aibom.api import Report
from aibom.bom import build, serialise
from aibom.compliance import spdx
from aibom.documents import read
from aibom.errors import FormatError
from aibom.formats.values import clean
from aibom.model import Dossier, Finding, Part
from aibom.render import json_bytes, report_json
from aibom.sovereignty import assess, shipped
from tests import samples

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples"))

from build import build as build_examples  # noqa: E402
from repositories import EXAMPLES  # noqa: E402

NAMES = {example.name: example.repository for example in EXAMPLES}
FORMS = ("1.7", "1.6", "report")


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folders = build_examples(tmp_path_factory.mktemp("examples"))

    @cache
    def run(name: str) -> Report:
        return aibom.generate(
            str(folders[name]),
            alias=NAMES[name],
            organisations=ROOT / "examples" / "organisations.json",
            profile="kr",
            offline=True,
        )

    return run


def written(report: Report, form: str) -> Dossier:
    if form == "report":
        return read(json_bytes(report.to_json()), "report.json")
    return read(serialise(report.to_cyclonedx(form)), "bom.json")


def told(finding: Finding) -> tuple[Any, ...]:
    """All of a finding but the digits of its statistic and how its organisations were resolved."""
    return (
        finding.id, finding.rule, finding.signal, finding.layer, finding.part, finding.severity,
        finding.confidence, finding.statement, finding.alternative, finding.contest, finding.locators,
        [(who.id, who.name, who.jurisdiction, who.ultimate_jurisdiction) for who in finding.organisations],
        finding.statistic and (finding.statistic.name, finding.statistic.detail),
    )  # fmt: skip


def seen(part: Part) -> tuple[Any, ...]:
    """All of a part but its facts, which come back as text, and its locators."""
    return (
        part.id, part.role, part.name, tuple(sorted(part.files)), part.parameters, part.tensors,
        part.declared, part.present, part.alternative, part.dtypes,
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_score_of_the_document_is_the_score_of_the_scan(scan: Any, name: str, form: str) -> None:
    ours = Dossier.of(scan(name).analysis)
    read_back = written(scan(name), form)
    for profile in shipped():
        expected = assess(ours.parts, ours.origins, profile)
        assert assess(read_back.parts, read_back.origins, profile) == expected, profile.id


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_findings_come_back(scan: Any, name: str, form: str) -> None:
    ours = sorted(map(told, Dossier.of(scan(name).analysis).findings), key=lambda item: str(item[0]))
    assert list(map(told, written(scan(name), form).findings)) == ours


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_everything_else_comes_back(scan: Any, name: str, form: str) -> None:
    ours, back = Dossier.of(scan(name).analysis), written(scan(name), form)
    assert {seen(part) for part in back.parts} == {seen(part) for part in ours.parts}
    for attribute in ("subject", "revision", "tools", "depth", "publisher", "task", "files"):
        assert getattr(back, attribute) == getattr(ours, attribute), attribute
    assert set(back.origins) == set(ours.origins)
    assert set(back.unknowns) == set(ours.unknowns)
    assert set(back.ancestors) == set(ours.ancestors)
    assert {(each.ident, each.purpose) for each in back.datasets} == {
        (each.ident, each.purpose) for each in ours.datasets
    }
    assert {(each.expression, each.carried, each.part) for each in back.licences} == {
        (each.expression, each.carried, each.part) for each in ours.licences
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_stated_score_comes_back_to_two_decimals(scan: Any, name: str, form: str) -> None:
    ours, back = scan(name).analysis.score, written(scan(name), form).score
    assert back is not None
    for attribute in ("profile", "profile_digest", "profile_date", "level", "ceiling", "evidence", "home"):
        assert getattr(back, attribute) == getattr(ours, attribute), attribute
    for attribute in ("lower", "upper", "coverage"):
        assert getattr(back, attribute) == pytest.approx(getattr(ours, attribute), abs=0.006)
    assert set(back.reasons) == set(ours.reasons)
    for left, right in zip(ours.layers, back.layers, strict=True):
        assert (left.layer, left.weight) == (right.layer, right.weight)
        assert right.lower == pytest.approx(left.lower, abs=0.0006)
        assert right.coverage == pytest.approx(left.coverage, abs=0.0006)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["minimal", "rich", "finetune"])
def test_samples_with_everything_in_them_keep_their_score(name: str, form: str) -> None:
    analysis = samples.ALL[name]()
    ours = Dossier.of(analysis)
    if form == "report":
        back = read(json_bytes(report_json(analysis)), "report.json")
    else:
        back = read(serialise(build(analysis, spec=form, reproducible=True)), "bom.json")
    for profile in shipped():
        expected = assess(ours.parts, ours.origins, profile)
        found = assess(back.parts, back.origins, profile)
        assert (found.level, found.ceiling, found.lower, found.upper, found.coverage, found.evidence) == (
            expected.level, expected.ceiling, expected.lower, expected.upper, expected.coverage,
            expected.evidence,
        ), profile.id  # fmt: skip
    assert {(each.path, each.sha256, each.size) for each in back.files} == {
        (each.path, each.sha256, each.size) for each in ours.files
    }


@pytest.mark.parametrize("name", NAMES)
def test_spdx_gives_what_spdx_can_carry(scan: Any, name: str) -> None:
    analysis = scan(name).analysis
    ours = Dossier.of(analysis)
    back = read(json.dumps(spdx(analysis, reproducible=True)).encode(), "model.spdx3.json")
    assert (back.form, back.subject, back.revision) == ("SPDX 3.0.1", ours.subject, ours.revision)
    assert {(file.path, file.sha256) for file in back.files} == {
        (file.path, file.sha256) for file in ours.files
    }
    assert {part.role for part in back.parts} >= {part.role for part in ours.parts if part.role.trained}
    assert {each.name for each in back.ancestors} <= {each.name for each in ours.ancestors}
    assert {each.ident for each in back.datasets} == {each.ident for each in ours.datasets}
    assert back.origins == back.findings == ()


@pytest.mark.parametrize("form", ["1.7", "1.6"])
def test_hostile_names_come_back_clean(form: str) -> None:
    analysis = samples.hostile()
    back = read(serialise(build(analysis, spec=form, reproducible=True)), "bom.json")
    assert len(back.parts) == len(analysis.inspected.parts)
    assert all(clean(part.name, 10**6) == part.name for part in back.parts)


def test_a_report_that_holds_half_a_character_is_refused_in_one_line() -> None:
    with pytest.raises(FormatError, match="surrogate") as caught:
        read(json_bytes(report_json(samples.hostile())), "report.json")
    assert "\n" not in caught.value.message
