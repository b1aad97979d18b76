"""Maps over whole runs."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import _engine
from ._experiment import Experiment, ExperimentLike
from ._sweep import needs_catalogue

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = NDArray[np.float64]

#: How a run of a map ended, by its code.
OUTCOMES = (
    "unknown",
    "converged",
    "periodic",
    "chaotic",
    "unsettled",
    "diverged",
    "stalled",
    "undefined",
)


class Map:
    """A map over two numbers of an experiment: each pixel is a run.

    Attributes:
        measure: What a pixel shows.
        fields: The fields across and up.
        x: The values across, from the left.
        y: The values up, from the top down, so that ``codes[i, j]`` is the run at ``x[j], y[i]``.
        codes: How each run ended, as an index into :data:`flatland.OUTCOMES`.
        numbers: What the measure says of each run, in single precision: the period of a periodic
            outcome, λ₁, the loss, the share of the steps beyond the edge, the Lyapunov exponent, or
            the least eigenvalue at a minimizer. NaN where it says nothing.
        last: The first two coordinates of each run's last iterate, along the last axis.
        minimizers: The points that the runs of a map of minimizers go to, the most frequent first.
    """

    def __init__(self, experiment: Experiment, measure: str, fields: tuple[str, str], map_: _engine.Map) -> None:
        self.experiment = experiment
        self.measure = measure
        self.fields = fields
        columns, rows = map_.size
        shape = (rows, columns)
        x, y = map_.axes()
        self.x: Numbers = np.asarray(x)
        self.y: Numbers = np.asarray(y)
        self.codes: NDArray[np.int64] = np.asarray(map_.codes()).astype(np.int64).reshape(shape)
        self.numbers: Numbers = np.asarray(map_.numbers()).reshape(shape)
        self.last: Numbers = np.stack([np.asarray(part).reshape(shape) for part in map_.last()], axis=-1)
        self.minimizers: Numbers = np.array(map_.minimizers(), dtype=np.float64).reshape(-1, 2)
        self._map = map_

    @property
    def range(self) -> tuple[float, float] | None:
        """The ends of the scale of colors; None where no pixel has a number."""
        return self._map.range()

    @property
    def steps(self) -> int:
        """The number of steps that all runs took."""
        return self._map.steps

    @property
    def reason(self) -> str | None:
        """Why the engine computed pixels one by one; None where it did many at once."""
        return self._map.reason

    def rgba(self, *, dark: bool = False) -> NDArray[np.uint8]:
        """The picture in the page's colors: rows × columns × 4, from the top."""
        rows, columns = self.codes.shape
        return np.frombuffer(self._map.rgba(dark), dtype=np.uint8).reshape(rows, columns, 4)

    def census(self) -> dict[str, int]:
        """How many runs ended in which way."""
        counts = np.bincount(self.codes.ravel(), minlength=len(OUTCOMES))
        return {word: int(count) for word, count in zip(OUTCOMES, counts, strict=False) if count}

    def plot(self, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
        """The map with its axes, with matplotlib, in the page's colors; written to ``path`` if given."""
        from ._plot import plot_map

        return plot_map(self, path, dark=dark)

    def __repr__(self) -> str:
        rows, columns = self.codes.shape
        return f"<Map of {self.measure} over {' and '.join(self.fields)}: {columns} × {rows}>"


def atlas(
    experiment: ExperimentLike,
    x: str,
    y: str,
    *,
    measure: str = "outcome",
    size: tuple[int, int] = (800, 600),
    run: int = 0,
) -> Map:
    """Computes a map over two numbers of an experiment, each pixel one run, on all cores.

    ::

        flatland.atlas(experiment, "runs[0].policy.eta=log:0.01:2", "start[0]=lin:-2:2")

    Args:
        experiment: As for :func:`flatland.run`.
        x: The axis across, ``FIELD=lin:FROM:TO`` or ``FIELD=log:FROM:TO``.
        y: The axis up.
        measure: ``outcome``, ``sharpness``, ``share``, ``lyapunov``, ``minimizer``, ``loss`` or
            ``accuracy``.
        size: Columns and rows.
        run: Which run of the experiment is drawn.

    Raises:
        FieldError: If something is not valid; nothing is computed then.
    """
    experiment = Experiment.of(experiment)
    needs_catalogue(experiment, "a map")
    drawn = _engine.atlas(experiment.to_json(), run, (x, y), measure, size, experiment._folder)
    fields = (x.split("=")[0].strip(), y.split("=")[0].strip())
    return Map(experiment, measure, fields, drawn)


def catalogue() -> dict[str, Any]:
    """What there is: objectives, networks, data sets and policies.

    Each entry has its name, title, formula (LaTeX), summary, source, and its parameters with
    defaults and bounds; the document is that of ``flatland list --format json``.
    """
    import json

    document: dict[str, Any] = json.loads(_engine.catalogue())
    return document
