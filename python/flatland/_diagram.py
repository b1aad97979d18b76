"""Bifurcation diagrams."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from . import _engine
from ._experiment import Experiment, ExperimentLike
from ._sweep import needs_catalogue

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = NDArray[np.float64]


class Diagram:
    """A bifurcation diagram: where the last iterates are, over one number of an experiment.

    Attributes:
        quantity: What stands upwards.
        field: The field across.
        x: The values across, from the left.
        y: The middles of the rows, from the top down.
        hits: How many of the last iterates are in each row and column, from the top; those outside
            of the range are nowhere.
        diverged: Whether the run of each column diverged.
    """

    def __init__(self, experiment: Experiment, quantity: str, field: str, rows: int, diagram: _engine.Diagram) -> None:
        self.experiment = experiment
        self.quantity = quantity
        self.field = field
        self.x: Numbers = np.asarray(diagram.across())
        low, high = diagram.range
        edges = np.linspace(high, low, rows + 1)
        self.y: Numbers = np.asarray((edges[:-1] + edges[1:]) / 2, dtype=np.float64)
        self.hits: NDArray[np.int64] = np.asarray(diagram.hits()).astype(np.int64).reshape(rows, len(self.x))
        self.diverged: NDArray[np.bool_] = np.array(diagram.diverged(), dtype=np.bool_)
        self._diagram = diagram

    def rgba(self, *, dark: bool = False) -> NDArray[np.uint8]:
        """The picture in the page's colors: rows × columns × 4, from the top; transparent where no
        iterate is.
        """
        return np.frombuffer(self._diagram.rgba(dark), dtype=np.uint8).reshape(*self.hits.shape, 4)

    def plot(self, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
        """The diagram with its axes, with matplotlib; written to ``path`` if given."""
        from ._plot import plot_diagram

        return plot_diagram(self, path, dark=dark)

    def __repr__(self) -> str:
        rows, columns = self.hits.shape
        return f"<Diagram of {self.quantity} over {self.field}: {columns} × {rows}>"


def bifurcation(
    experiment: ExperimentLike,
    x: str,
    quantity: str,
    low: float,
    high: float,
    *,
    iterates: int = 500,
    size: tuple[int, int] = (800, 600),
    run: int = 0,
) -> Diagram:
    """Computes a bifurcation diagram on all cores: each column is a run.

    The run takes the experiment's steps unseen, and then ``iterates`` more, each of which counts where
    it is; one that has come to rest stays there. ::

        flatland.bifurcation(experiment, "runs[0].policy.eta=lin:0.5:1.4", "x0", -1.5, 1.5)

    Args:
        experiment: As for :func:`flatland.run`.
        x: The axis across, ``FIELD=lin:FROM:TO`` or ``FIELD=log:FROM:TO``.
        quantity: What stands upwards: ``x0``, ``x1``, …, ``loss`` or ``sharpness``.
        low: The lower end of the axis up.
        high: Its higher end.
        iterates: How many iterates of each column are counted.
        size: Columns and rows.
        run: Which run of the experiment is drawn.

    Raises:
        FieldError: If something is not valid; nothing is computed then.
    """
    experiment = Experiment.of(experiment)
    needs_catalogue(experiment, "a diagram")
    drawn = _engine.bifurcation(
        experiment.to_json(), run, x, quantity, (low, high), max(iterates, 0), size, experiment._folder
    )
    return Diagram(experiment, quantity, x.split("=")[0].strip(), size[1], drawn)
