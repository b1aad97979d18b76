"""Bifurcation diagrams, which are those of the command line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import COMMAND

import flatland
from flatland import Experiment, FieldError, spec

X = "runs[0].policy.eta=lin:0.5:1.4"
WELL = Experiment("double-well", spec("constant", eta=1.1), start=[0.3], steps=400)


@pytest.mark.parametrize(("quantity", "low", "high"), [("x0", -1.5, 1.5), ("sharpness", -2.0, 6.0)])
def test_a_diagram_is_the_command_lines(tmp_path: Path, quantity: str, low: float, high: float) -> None:
    if COMMAND is None:
        pytest.skip("FLATLAND_COMMAND does not name the command line")
    drawn = flatland.bifurcation(WELL, X, quantity, low, high, iterates=200, size=(60, 40))
    axes = ["--x", X, "--bifurcation", quantity, "--from", str(low), "--to", str(high), "--iterates", "200"]
    command = [COMMAND, "atlas", "-", *axes, "--size", "60x40", "--out", str(tmp_path / "diagram")]
    subprocess.run(command, input=WELL.to_json(), text=True, check=True, capture_output=True)
    expected = np.load(tmp_path / "diagram.npy")
    np.testing.assert_array_equal(drawn.hits, expected[..., 0] if expected.ndim == 3 else expected)
    assert drawn.hits.shape == (40, 60) and drawn.hits.max() > 0


def test_a_column_is_where_the_run_goes() -> None:
    drawn = flatland.bifurcation(WELL, X, "x0", -1.5, 1.5, iterates=100, size=(9, 300))
    assert np.all(np.diff(drawn.x) > 0) and np.all(np.diff(drawn.y) < 0)
    quiet, loud = 0, 8
    # A step size below the threshold leads to a minimum, at ±1, for all iterates.
    (row,) = np.nonzero(drawn.hits[:, quiet])[0]
    assert abs(abs(drawn.y[row]) - 1) < 0.01 and drawn.hits[row, quiet] == 100
    assert np.count_nonzero(drawn.hits[:, loud]) > 2 or drawn.diverged[loud]


def test_a_diagram_is_drawn_with_its_axes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    drawn = flatland.bifurcation(WELL, X, "x0", -1.5, 1.5, iterates=50, size=(40, 30))
    axis = drawn.plot(tmp_path / "diagram.png").axes[0]
    assert (axis.get_xlabel(), axis.get_ylabel()) == (drawn.field, "x0") == ("runs[0].policy.eta", "x0")
    np.testing.assert_allclose(axis.get_ylim(), (-1.5, 1.5), rtol=1e-9)
    assert np.array_equal(drawn.rgba()[..., 3] > 0, drawn.hits > 0)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("quantity", {"quantity": "beauty"}),
        ("iterates", {"iterates": -1}),
        ("size", {"size": (0, 5)}),
        ("start[5]", {"x": "start[5]=lin:0:1"}),
        ("x0", {"low": 1.0, "high": -1.0}),
        ("run", {"run": 3}),
    ],
)
def test_what_cannot_be_drawn_is_named(field: str, change: Any) -> None:
    arguments: dict[str, Any] = {"x": X, "quantity": "x0", "low": -1.0, "high": 1.0} | change
    with pytest.raises(FieldError) as caught:
        flatland.bifurcation(WELL, **arguments)
    assert caught.value.field == field
