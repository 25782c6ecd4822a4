"""What users install is the wheel: build it, install it in a clean environment, and run a scan."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_wheel_contents", "--config", str(ROOT / "pyproject.toml"), str(wheel)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name == "aibom/py.typed" for name in names)
    assert any(name.startswith("aibom/catalog/data/") for name in names)
    assert any(name.startswith("aibom_schemas/") and name.endswith(".schema.json") for name in names)
    assert not any(name.startswith(("plugins/", "schemas/", "tests/")) for name in names)


def test_the_installed_wheel_scans_with_a_third_party_plug_in(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    zipfile.ZipFile(wheel).extractall(site)  # a wheel is installed by unpacking it
    # Dependencies come from this environment, by path only: its editable install stays out of sight.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (site / "aibom_toy.py").write_text(
        "from aibom.model import Part, Role\n"
        "class Toy:\n"
        "    ident, summary, globs, api = 'toy', 'Toys.', ('*.toy',), 1\n"
        "    def inspect(self, view):\n"
        "        yield Part('toy', Role.OTHER, 'toy', files=view.glob('*.toy'), present=True)\n"
    )
    info = site / "aibom_toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: aibom-toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[aibom.inspectors]\ntoy = aibom_toy:Toy\n")

    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    (model / "x.toy").write_text("toy")
    code = (
        "import aibom, json, sys\n"
        f"report = aibom.generate({str(model)!r}, offline=True)\n"
        "print(json.dumps({'from': aibom.__file__, 'parts': sorted(p.id for p in report.parts),\n"
        "  'tools': [t.name for t in report.analysis.tools],\n"
        "  'spec': report.to_cyclonedx()['specVersion']}))\n"
    )
    done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert Path(answer["from"]).is_relative_to(site)
    assert {"decoder-core", "toy"} <= set(answer["parts"])
    assert "aibom-toy" in answer["tools"]
    assert answer["spec"] == "1.7"
