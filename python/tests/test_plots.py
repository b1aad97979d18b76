"""Pictures: the page's colors, labels and lines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

import flatland
from flatland import Experiment, FieldError, spec
from flatland._palette import DARK, LIGHT, dashes
from flatland._series import thinned

RUNS = Experiment(
    "river",
    [spec("constant", eta=0.5), spec("constant", eta=0.35), "nonmonotone-line-search"],
    start=[0.001, 1],
    steps=250,
)


def test_colors_are_the_pages() -> None:
    source = (ROOT / "src/chart/palette.rs").read_text()

    def colors(text: str) -> tuple[str, ...]:
        return tuple(f"#{color}" for color in re.findall(r"rgb\(0x([0-9a-f]{6})\)", text))

    for name, palette in (("ON_LIGHT", LIGHT), ("ON_DARK", DARK)):
        found = re.search(rf"const {name}: \[RGBColor; 8\] = \[(.*?)\];", source, re.S)
        assert found and colors(found[1]) == palette.runs
    for tone, palette in (("Light", LIGHT), ("Dark", DARK)):
        found = re.search(rf"Tone::{tone} => Self \{{(.*?)tone,", source, re.S)
        assert found and colors(found[1]) == (palette.ink, palette.muted, palette.grid, palette.page, palette.beyond)
    assert [dashes(i) for i in range(8)] == [None] * 4 + [(9.0, 3.0)] * 2 + [(3.0, 2.5)] * 2
    assert "4 | 5 => Some((9.0, 3.0))" in source and "_ => Some((3.0, 2.5))" in source


@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_the_pages_panels_lines_and_labels(dark: bool) -> None:
    pytest.importorskip("matplotlib")
    from matplotlib.colors import to_hex

    palette = DARK if dark else LIGHT
    runs = flatland.runs(RUNS)
    figure = runs.plot(dark=dark)
    loss, sharpness, product = figure.axes
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert titles == ["Loss f", "Sharpness λ₁ and threshold 2/η", "Product η·λ₁"]
    assert product.get_xlabel() == "step k"
    assert [to_hex(line.get_color()) for line in loss.lines] == list(palette.runs[:3])
    np.testing.assert_array_equal(loss.lines[1].get_ydata(), runs[1].loss)
    dashed = [line for line in sharpness.lines if line.get_linestyle() == "--"]
    for line, eta, color in zip(dashed, (0.5, 0.35), palette.runs, strict=False):
        values = np.asarray(line.get_ydata(), dtype=float)
        assert to_hex(line.get_color()) == color
        np.testing.assert_array_equal(values[np.isfinite(values)], 2 / eta)
    texts = [text.get_text() for text in sharpness.texts]
    assert "2/η = 4" in texts and "2/η = 5.71" in texts
    edge = [line for line in product.lines if to_hex(line.get_color()) == palette.ink]
    assert len(edge) == 1 and set(edge[0].get_ydata()) == {2.0}
    assert [text.get_text() for text in loss.texts] and {text.get_text() for text in loss.texts} == set(RUNS.titles)
    assert to_hex(figure.get_facecolor()) == palette.page


def test_labels_do_not_lie_on_top_of_one_another() -> None:
    pytest.importorskip("matplotlib")
    same = Experiment("river", [spec("constant", eta=0.5 + i / 1000) for i in range(8)], steps=100)
    figure = flatland.runs(same).plot()
    for axis in figure.axes[:2]:
        heights = sorted(text.get_position()[1] for text in axis.texts)
        assert len(heights) == 8 and min(np.diff(heights)) > 0.06
        assert 0 <= heights[0] + 0.07 and heights[-1] <= 1


def test_momentum_has_its_own_edge() -> None:
    pytest.importorskip("matplotlib")
    run = flatland.run(Experiment("river", spec("heavy-ball", eta=0.2), steps=50))
    sharpness = run.plot().axes[1]
    assert [text.get_text() for text in sharpness.texts] == [f"edge = {run.threshold[0]:.3g}"]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_is_written(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"river.{ending}"
    flatland.runs(RUNS).plot(path)
    first = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert path.read_bytes().startswith(first) and [file.name for file in tmp_path.iterdir()] == [path.name]


def test_pictures_of_what_has_no_finite_numbers_are_drawn() -> None:
    pytest.importorskip("matplotlib")
    diverged = flatland.run(Experiment("quadratic", spec("constant", eta=1e150), start=[1, 1]))
    flat = flatland.run(Experiment(flatland.Objective(lambda x: x @ x, lambda x: 2 * x), "armijo", start=[1, 2]))
    for run in (diverged, flat):
        run.plot().canvas.draw()
        json.dumps(run.vega_lite(), allow_nan=False)
    with pytest.raises(FieldError, match="one run or several"):
        flatland.plot([])


def test_a_map_is_drawn_with_its_axes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    drawn = flatland.atlas(
        Experiment("double-well", "constant"), "runs[0].policy.eta=log:0.05:2", "start[0]=lin:-2:2", size=(40, 30)
    )
    axis = drawn.plot(tmp_path / "map.png").axes[0]
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "linear")
    assert (axis.get_xlabel(), axis.get_ylabel()) == drawn.fields
    np.testing.assert_allclose(axis.get_xlim(), (0.05, 2), rtol=1e-9)
    assert [text.get_text() for text in axis.get_legend().get_texts()] == list(drawn.census())


def test_a_vega_lite_specification_has_the_same_lines() -> None:
    runs = flatland.runs(RUNS)
    chart: Any = json.loads(json.dumps(runs.vega_lite(), allow_nan=False))
    assert chart["$schema"].endswith("vega-lite/v5.json")
    loss, sharpness, product = chart["vconcat"]
    assert [panel["title"] for panel in chart["vconcat"]][1] == "Sharpness λ₁ and threshold 2/η"
    color = loss["layer"][0]["encoding"]["color"]["scale"]
    assert color["range"] == list(LIGHT.runs[:3]) and color["domain"][0] == "1: constant η=0.5"
    values = [row["value"] for row in loss["layer"][0]["data"]["values"] if row["run"] == color["domain"][1]]
    assert values == runs[1].loss.tolist()
    dashed = sharpness["layer"][1]
    assert dashed["mark"]["strokeDash"]
    assert {row["value"] for row in dashed["data"]["values"] if row["run"] == color["domain"][0]} == {4.0, None}
    assert product["layer"][1]["data"]["values"] == [{"value": 2.0}]


def test_thinning_loses_no_spike() -> None:
    values = np.sin(np.arange(1e6) / 1e5)
    values[123_456], values[765_432], values[500_000:500_100] = 50.0, -50.0, np.nan
    rows = thinned(values, 100)
    assert len(rows) <= 400 and {0, 123_456, 765_432, 999_999} <= set(rows.tolist())
    assert np.all(np.diff(rows) > 0)
    assert thinned(values[:300], 100).tolist() == list(range(300))
    assert len(thinned(np.full(1000, np.nan), 10)) == 20


def test_a_run_that_diverges_leaves_room_for_the_others() -> None:
    pytest.importorskip("matplotlib")
    policies = [spec("constant", eta=eta) for eta in (2.2, 0.9, 1.1)]
    runs = flatland.runs(Experiment("double-well", policies, start=[1.3], steps=100))
    assert [run.outcome.kind for run in runs] == ["diverged", "converged", "budget"]
    others = max(runs[1].loss.max(), runs[2].loss.max(), runs[0].loss[0])
    assert runs[0].loss.max() > 1e6 * others
    loss, sharpness, product = runs.plot().axes
    # The page follows such a run up to 10⁴ times the rest; half of that more is the axis's margin.
    assert others < loss.get_ylim()[1] < 2e4 * others
    assert loss.get_ylim()[0] < runs[1].loss.min()
    assert runs[2].sharpness.max() < sharpness.get_ylim()[1] < 3 * runs[2].sharpness[0]
    assert product.get_yscale() == "log" and product.get_ylim()[1] > 2
