"""Sweeps: an experiment on every point of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine
from ._errors import FieldError
from ._experiment import Experiment, ExperimentLike


class Sweep:
    """One row for each run of each point of a grid.

    The columns are the swept fields, ``run``, ``policy``, ``outcome``, ``end_step``, ``final_loss``,
    ``best_loss``, ``final_sharpness``, ``flattest_sharpness``, ``share_beyond_edge`` and the
    evaluations, as the command line's; with several starts also quartiles. Rows come in the grid's
    order, the last field varying fastest. All of it is an Arrow stream, as a run is.
    """

    def __init__(self, experiment: Experiment, fields: tuple[str, ...], table: _engine.Table) -> None:
        self.experiment = experiment
        #: The fields that vary, the last one fastest.
        self.fields = fields
        self._table = table
        self._columns: dict[str, NDArray[Any]] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._table.names)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column with this name: numbers in the engine's memory, or texts."""
        if name not in self._columns:
            column = self._table.column(name)
            texts = column.texts()
            self._columns[name] = np.asarray(column) if texts is None else np.array(texts)
        return self._columns[name]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self._table)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Sweep over {', '.join(self.fields)}: {len(self)} rows>"


def sweep(experiment: ExperimentLike, over: Mapping[str, str | ArrayLike]) -> Sweep:
    """Computes an experiment on every combination of some fields' values, on all cores.

    ::

        flatland.sweep(experiment, {"runs[0].policy.eta": "log:0.01:2:50", "start[0]": [0.1, 0.2]})

    Args:
        experiment: As for :func:`flatland.run`.
        over: For each field its values, or a range ``lin:LOW:HIGH:COUNT`` or ``log:LOW:HIGH:COUNT``.

    Raises:
        FieldError: If a field or a value is not valid; nothing is computed then.
    """
    experiment = Experiment.of(experiment)
    needs_catalogue(experiment, "a sweep")
    if not over:
        raise FieldError("over", "fields with their values", "none", 'give {"runs[0].policy.eta": "log:0.01:2:50"}')
    axes = [(field, values if isinstance(values, str) else _values(field, values)) for field, values in over.items()]
    table = _engine.sweep(experiment.to_json(), axes, experiment._folder)
    return Sweep(experiment, tuple(over), table)


def needs_catalogue(experiment: Experiment, what: str) -> None:
    """Refuses an objective that is a Python function, which one core at a time can call."""
    if experiment._objective is not None:
        remedy = "call flatland.run in a loop, or type f as a formula"
        raise FieldError("objective", f"one of the catalogue for {what}", "Python functions", remedy)


def _values(field: str, values: ArrayLike) -> list[float]:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise FieldError(field, "numbers, or a range such as log:0.01:2:50", repr(values)[:40], "give these") from error
    if array.ndim != 1:
        raise FieldError(field, "values in one dimension", f"an array of shape {array.shape}", "flatten it")
    numbers: list[float] = array.tolist()
    return numbers
