"""A program as people write it, for mypy --strict alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

import flatland


def value(x: NDArray[np.float64]) -> float:
    return float(x @ x)


def gradient(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * x


experiment = flatland.Experiment(
    flatland.Objective(value, gradient), ["constant", flatland.spec("polyak")], start=[1.0]
)
run = flatland.run(experiment, 0)
assert_type(run, flatland.Run)
assert_type(run.loss, NDArray[np.float64])
assert_type(run.outcome.kind, str)
runs = flatland.runs({"version": 1})
assert_type(runs[0], flatland.Run)
assert_type(runs[1:], flatland.Runs)
assert_type([each.title for each in runs], list[str])
sweep = flatland.sweep(experiment, {"start[0]": np.linspace(0, 1, 5), "steps": "1,2"})
assert_type(len(sweep), int)
drawn = flatland.atlas(experiment, "start[0]=lin:0:1", "steps=lin:1:9", size=(3, 4))
assert_type(drawn.census(), dict[str, int])
try:
    flatland.Experiment.from_link("…")
except flatland.FieldError as error:
    assert_type(error.field, str)
diagram = flatland.bifurcation(experiment, "start[0]=lin:0:1", "x0", -1, 1, iterates=10)
assert_type(diagram.x, NDArray[np.float64])
lab = flatland.Lab("river")
assert_type(lab, flatland.Lab)
lab.step = 3
lab.play()
