"""What any process needs to compute points of a sweep, and parts of a sweep's grid."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from . import _engine
from ._errors import ClusterError
from ._experiment import Experiment

#: A swept field with its values, one by one or as a range.
Axis = tuple[str, str | list[float]]

#: A part takes at least this long, beside which what a task costs does not count. Seconds.
SHORTEST = 0.1

#: A part takes at most this long, or this long for each thread: the one process that hands parts out
#: and takes them in shall have time for each. Seconds.
LONGEST, LONGEST_PER_THREAD = 1.0, 0.02

#: The fewest parts for each thread, so that all end at about the same time.
PARTS_PER_THREAD = 8

#: The most parts, each of which is a file.
MAX_PARTS = 10_000

#: How long points are computed to learn how long one takes. Seconds.
MEASURED = 0.2


@dataclass(frozen=True)
class Part:
    """Consecutive points of a grid."""

    index: int
    first: int
    count: int


def parts(points: int, size: int) -> list[Part]:
    """All parts of a grid, each with ``size`` points but the last."""
    return [Part(i, first, min(size, points - first)) for i, first in enumerate(range(0, points, size))]


def size_of_parts(points: int, seconds: float, threads: int) -> int:
    """How many points a part has, where a point takes a thread some seconds."""
    seconds = max(seconds, 1e-9)
    longest = max(LONGEST, LONGEST_PER_THREAD * threads) / seconds
    shared = points / (PARTS_PER_THREAD * threads)
    size = math.ceil(max(min(longest, shared), SHORTEST / seconds, points / MAX_PARTS))
    return min(max(size, 1), points)


@dataclass(frozen=True)
class Work:
    """A sweep as it travels to other machines: all that its points need, files of data included."""

    version: str
    document: str
    axes: tuple[Axis, ...]
    files: tuple[tuple[str, bytes], ...]
    digest: str

    @classmethod
    def of(cls, experiment: Experiment, axes: Sequence[Axis]) -> Work:
        """The work of a sweep, checked.

        Raises:
            FieldError: If a field or a value is not valid.
            OSError: If a file of data cannot be read.
        """
        document, files = _engine.sealed(experiment.to_json(), experiment._folder)
        grid = _engine.Grid(document, axes, False)
        work = cls(_engine.__version__, document, tuple(axes), tuple(files), grid.digest())
        _keep(work.digest, grid)
        return work

    def grid(self) -> _engine.Grid:
        """The grid in this process."""
        with _LOCK:
            grid = _GRIDS.get(self.digest)
        if grid is None:
            if self.version != _engine.__version__:
                expected, found = f"flatland {self.version}, as the client has", f"flatland {_engine.__version__}"
                raise ClusterError(place(), expected, found, "install one version everywhere")
            for name, content in self.files:
                _engine.put_file(name, content)
            grid = _engine.Grid(self.document, list(self.axes), True)
            _keep(self.digest, grid)
        return grid


#: The grids of this process by their digests, the last used at the end. To make one may take as long
#: as many points.
_GRIDS: dict[str, _engine.Grid] = {}
_LOCK = threading.Lock()
_MOST_GRIDS = 4


def _keep(digest: str, grid: _engine.Grid) -> None:
    with _LOCK:
        _GRIDS.pop(digest, None)
        _GRIDS[digest] = grid
        while len(_GRIDS) > _MOST_GRIDS:
            del _GRIDS[next(iter(_GRIDS))]


def place() -> str:
    """This process, as people find it again."""
    return f"process {os.getpid()} on {os.uname().nodename}" if hasattr(os, "uname") else f"process {os.getpid()}"


class Cores:
    """This process with all its cores, each of which has points of the same part."""

    #: Whether something else than the caller shows how far it is.
    shows_progress = False

    def __init__(self, work: Work) -> None:
        self._grid = work.grid()
        self._cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def size_of_parts(self, points: int) -> int:
        # A few for each core even where a point takes long: a part ends when its last point does.
        together = 4 * self._cores
        size = size_of_parts(points, self._grid.seconds_per_point(MEASURED) / self._cores, 1)
        return min(math.ceil(size / together) * together, points)

    def compute(self, parts: Sequence[Part]) -> Generator[tuple[Part, bytes], None, None]:
        for part in parts:
            yield part, self._grid.part(part.first, part.count, False)
