"""The sources: types by mypy --strict, and form by ruff."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_a_program_passes_strict_checks_and_mistakes_do_not(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api")
    sample = HERE / "typed_sample.py"
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import flatland\nflatland.run(3)\nflatland.Experiment('river')\nflatland.run('x').los\n")
    options = ["--strict", "--cache-dir", str(tmp_path / "cache")]
    out, _, status = api.run([*options, str(sample)])
    assert status == 0, out
    out, _, status = api.run([*options, str(wrong)])
    assert status == 1 and out.count("error:") == 3, out


def test_the_package_itself_passes_strict_checks(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api")
    out, _, status = api.run(["--strict", "--cache-dir", str(tmp_path / "cache"), "-p", "flatland"])
    assert status == 0, out


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=["check", "format"])
def test_sources_have_the_usual_form(arguments: list[str]) -> None:
    pytest.importorskip("ruff")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--no-cache", str(HERE.parent)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
