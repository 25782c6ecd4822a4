"""A folder that holds only a pickled checkpoint, through the whole pipeline."""

from __future__ import annotations

from pathlib import Path

import aibom
from aibom.model import Severity, Signal
from tests.archives.samples import TABLE
from tests.builders import pickles as build


def test_a_checkpoint_and_its_danger_reach_the_report(tmp_path: Path) -> None:
    hostile = build.mapping(
        {"w": build.tensor("0", (2, 3)), "x": build.call(build.name("os", "system"), build.text("true"))}
    )
    (tmp_path / "pytorch_model.bin").write_bytes(build.torch_zip(build.pickled(hostile), {"0": bytes(24)}))
    (tmp_path / "config.json").write_text('{"model_type": "bert", "architectures": ["BertModel"]}')
    report = aibom.generate(str(tmp_path))
    assert sum(part.parameters or 0 for part in report.parts if not part.alternative) == 6
    assert any("pytorch_model.bin" in part.files for part in report.parts)
    (finding,) = [item for item in report.findings if item.rule == "archives.pickle-dangerous-import"]
    assert (finding.signal, finding.severity) == (Signal.SECURITY, Severity.HIGH)
    assert "os.system (called)" in finding.statement
    assert "archives.pickle-dangerous-import" in str(report.to_cyclonedx("1.6"))


def test_a_clean_checkpoint_gives_no_security_finding(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(build.checkpoint(TABLE))
    report = aibom.generate(str(tmp_path))
    assert [item for item in report.findings if item.signal is Signal.SECURITY] == []
