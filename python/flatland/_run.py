"""Runs, and their rows as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from . import _engine
from ._errors import FieldError
from ._experiment import Experiment, ExperimentLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Column = NDArray[Any]
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        kind: ``converged``, ``diverged``, ``unbounded``, ``stalled`` or ``budget``.
        limit: What a converged run has converged to: ``minimum``, ``flat minimum``, ``saddle``,
            ``maximum``, ``plateau`` or ``unknown``; None for others.
        step: The index of the last iterate.
        sentence: All of it in words.
    """

    kind: str
    limit: str | None
    step: int
    sentence: str


@dataclass(frozen=True)
class Event:
    """A crossing of the threshold or a change of phase, with what was known at its step."""

    step: int
    event: str
    loss: float
    sharpness: float
    step_size: float | None
    product: float | None


class Run:
    """One run: a row for each iterate xₖ, everything in it measured there.

    Columns are NumPy arrays that lie in the engine's memory and cannot be written to: ``run.loss``,
    ``run["x0"]``. What does not exist, such as the step size of a last row, is NaN. All of them
    together are an Arrow stream, which polars, pandas, pyarrow and DuckDB take as it is:
    ``polars.DataFrame(run)``.
    """

    def __init__(self, experiment: Experiment, index: int, recorded: _engine.Recorded) -> None:
        self.experiment = experiment
        #: Its number among the experiment's runs.
        self.index = index
        #: Its label, or its policy with what distinguishes it.
        self.title = experiment.titles[index]
        #: How it ended.
        self.outcome = Outcome(*recorded.outcome)
        #: Crossings of the threshold and changes of phase.
        self.events = tuple(Event(**event) for event in recorded.events)
        #: The last iterate: all variables, or all weights and biases of a network.
        self.iterate: Numbers = np.asarray(recorded.iterate)
        self._table = recorded.table
        self._columns: dict[str, Column] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns: those of the command line's table, and what was asked for."""
        return tuple(self._table.names)

    def __getitem__(self, name: str) -> Column:
        """The column with this name."""
        if name not in self._columns:
            self._columns[name] = np.asarray(self._table.column(name))
        return self._columns[name]

    def __len__(self) -> int:
        """The number of rows: one more than steps were taken."""
        return len(self._table)

    @property
    def step(self) -> Counts:
        """k, the index of the iterate."""
        return self["step"]

    @property
    def loss(self) -> Numbers:
        """f(xₖ)."""
        return self["loss"]

    @property
    def gradient_norm(self) -> Numbers:
        """‖∇f(xₖ)‖."""
        return self["gradient_norm"]

    @property
    def sharpness(self) -> Numbers:
        """λ₁(xₖ), the largest eigenvalue of the Hessian."""
        return self["sharpness"]

    @property
    def step_size(self) -> Numbers:
        """ηₖ, with which xₖ is left."""
        return self["step_size"]

    @property
    def threshold(self) -> Numbers:
        """The sharpness above which the method is unstable: 2/ηₖ for gradient descent."""
        return self["threshold"]

    @property
    def product(self) -> Numbers:
        """ηₖ·λ₁(xₖ)."""
        return self["product"]

    @property
    def x(self) -> Numbers:
        """The iterates, one a row: a copy of the columns ``x0``, ``x1``, … side by side.

        There are none of networks, nor of more than 64 variables.
        """
        names = [name for name in self.columns if name[0] == "x" and name[1:].isdigit()]
        return np.column_stack([self[name] for name in names]) if names else np.empty((len(self), 0))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Run {self.title!r}: {len(self)} rows; {self.outcome.sentence}>"

    def plot(self, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
        """Loss, sharpness with 2/η, and product over the steps; see :func:`flatland.plot`."""
        from ._plot import plot

        return plot([self], path, dark=dark)

    def vega_lite(self, *, dark: bool = False) -> dict[str, Any]:
        """The same picture as a Vega-Lite specification; see :func:`flatland.vega_lite`."""
        from ._vega_lite import vega_lite

        return vega_lite([self], dark=dark)


class Runs:
    """All runs of an experiment, in its order.

    Together they are an Arrow stream with a first column ``run``, the table of ``flatland run``.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = tuple(runs)

    @overload
    def __getitem__(self, index: int) -> Run: ...

    @overload
    def __getitem__(self, index: slice) -> Runs: ...

    def __getitem__(self, index: int | slice) -> Run | Runs:
        return Runs(self._runs[index]) if isinstance(index, slice) else self._runs[index]

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __len__(self) -> int:
        """The number of runs."""
        return len(self._runs)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        tables = [run._table for run in self._runs]
        return _engine.Table.stacked("run", tables).__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Runs: {', '.join(repr(run.title) for run in self._runs)}>"

    def plot(self, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
        """Loss, sharpness with each run's 2/η, and product; see :func:`flatland.plot`."""
        from ._plot import plot

        return plot(self, path, dark=dark)

    def vega_lite(self, *, dark: bool = False) -> dict[str, Any]:
        """The same picture as a Vega-Lite specification; see :func:`flatland.vega_lite`."""
        from ._vega_lite import vega_lite

        return vega_lite(self, dark=dark)


def run(experiment: ExperimentLike, index: int | None = None) -> Run:
    """Computes one run of an experiment to its end.

    Other Python threads go on meanwhile, and Ctrl+C ends it.

    Args:
        experiment: An :class:`Experiment`, its document as a mapping or as JSON, or a link.
        index: The number of the run; may be left out where the experiment has one.

    Raises:
        FieldError: If the experiment is not valid, has no such run, or has several and none is
            named.
        OSError: If a file of data cannot be read.
    """
    experiment = Experiment.of(experiment)
    if index is None:
        if len(experiment) > 1:
            remedy = "name one, as in run(experiment, 0), or compute all with flatland.runs"
            raise FieldError("runs", "one run", f"{len(experiment)}", remedy)
        index = 0
    if not 0 <= index < len(experiment):
        remedy = "runs are counted from 0"
        raise FieldError(f"runs[{index}]", f"a run among the experiment's {len(experiment)}", "nothing there", remedy)
    recorded = _engine.run(experiment.to_json(), index, experiment._folder, experiment._adapter, experiment._start)
    return Run(experiment, index, recorded)


def runs(experiment: ExperimentLike) -> Runs:
    """Computes all runs of an experiment to their ends; as :func:`run`."""
    experiment = Experiment.of(experiment)
    return Runs(run(experiment, index) for index in range(len(experiment)))
