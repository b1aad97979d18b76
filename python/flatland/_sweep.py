"""Sweeps: an experiment on every point of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine, _progress
from ._cluster import Cluster
from ._errors import FieldError
from ._experiment import Experiment, ExperimentLike
from ._folder import Folder
from ._progress import Bar, Report
from ._work import Cores, Part, Work, parts


class Sweep:
    """One row for each run of each point of a grid.

    The columns are the swept fields, ``run``, ``policy``, ``outcome``, ``end_step``, ``final_loss``,
    ``best_loss``, ``final_sharpness``, ``flattest_sharpness``, ``share_beyond_edge`` and the
    evaluations, as the command line's; with several starts also quartiles. Rows come in the grid's
    order, the last field varying fastest. All of it is an Arrow stream, as a run is. Rows in a folder
    are read when somebody first looks at them.
    """

    def __init__(self, experiment: Experiment, fields: tuple[str, ...], rows: _engine.Table | Folder) -> None:
        self.experiment = experiment
        #: The fields that vary, the last one fastest.
        self.fields = fields
        #: The folder with the rows; None where they are in memory alone.
        self.folder: Path | None = rows.path if isinstance(rows, Folder) else None
        self._rows = rows
        self._columns: dict[str, NDArray[Any]] = {}

    @property
    def _table(self) -> _engine.Table:
        if isinstance(self._rows, Folder):
            self._rows = _engine.read_parts(self._rows.files())
        return self._rows

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
        return len(self._rows)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Sweep over {', '.join(self.fields)}: {len(self)} rows>"


def sweep(
    experiment: ExperimentLike,
    over: Mapping[str, str | ArrayLike],
    *,
    client: Any = None,
    out: str | PathLike[str] | None = None,
    points_per_task: int | None = None,
    progress: bool | Report | None = None,
) -> Sweep:
    """Computes an experiment on every combination of some fields' values, on all cores or on a cluster.

    ::

        flatland.sweep(experiment, {"runs[0].policy.eta": "log:0.01:2:50", "start[0]": [0.1, 0.2]})
        flatland.sweep(experiment, fields, client=distributed.Client(cluster), out="sweep")

    The rows are the same to the last bit wherever they are computed.

    Args:
        experiment: As for :func:`flatland.run`. Files of data are sent to the workers.
        over: For each field its values, or a range ``lin:LOW:HIGH:COUNT`` or ``log:LOW:HIGH:COUNT``.
        client: A Client of Dask distributed, whose workers compute: each thread has tasks of
            consecutive points, on one core. A worker that dies costs no more than its task.
        out: A folder for the rows, as Parquet files that are whole or not there. The same sweep asked
            for again computes only the parts that are missing.
        points_per_task: The points of a task and of a file; measured where it is left out, so that
            handing them out costs less than a tenth.
        progress: True shows how far it is: Dask's own view for a client in a notebook, else tqdm where
            that is installed. A function is called with the points that are there, and with all.

    Raises:
        FieldError: If a field or a value is not valid, or ``out`` holds another sweep; nothing is
            computed then.
        ClusterError: If the cluster cannot compute it: the scheduler has gone, or a worker has another
            version of flatland, or none.
        OSError: If a file cannot be read or written, such as on a full disk.
    """
    experiment = Experiment.of(experiment)
    needs_catalogue(experiment, "a sweep")
    _progress.check(progress)
    if not over:
        raise FieldError("over", "fields with their values", "none", 'give {"runs[0].policy.eta": "log:0.01:2:50"}')
    if points_per_task is not None and (not isinstance(points_per_task, int) or points_per_task < 1):
        raise FieldError("points_per_task", "a whole number above 0", repr(points_per_task)[:40], "leave it out")
    axes = [(field, values if isinstance(values, str) else _values(field, values)) for field, values in over.items()]
    work = Work.of(experiment, axes)
    fields = tuple(over)
    if client is None and out is None and progress in (None, False):
        return Sweep(experiment, fields, work.grid().table())
    folder = None if out is None else Folder(out, work)
    size = points_per_task if folder is None else folder.agreed(points_per_task)
    computer: Cores | Cluster = Cores(work) if client is None else Cluster(client, work, progress is True)
    points = len(work.grid())
    if size is None:
        size = computer.size_of_parts(points)
    missing = parts(points, size)
    if folder is not None:
        folder.begin(size)
        missing = folder.missing()
    contents: dict[Part, bytes] = {}
    shown = None if computer.shows_progress else progress
    done = points - sum(part.count for part in missing)
    with Bar(shown, done, points) as bar, closing(computer.compute(missing)) as results:
        for part, content in results:
            if folder is None:
                contents[part] = content
            else:
                folder.write(part, content)
            bar.add(part.count)
    if folder is not None:
        return Sweep(experiment, fields, folder)
    return Sweep(experiment, fields, _engine.read_parts([contents[part] for part in missing]))


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
