"""Gradient descent with large step sizes, and what the sharpness does.

::

    import flatland

    run = flatland.run(flatland.Experiment("river", flatland.spec("constant", eta=0.5)))
    run.sharpness, run.threshold      # NumPy arrays, one number a step
    run.plot("river.png")

The engine is that of Flatland's page and command line, and gives the same bits.
"""

from typing import TYPE_CHECKING, Any

from ._atlas import OUTCOMES, Map, atlas, catalogue
from ._diagram import Diagram, bifurcation
from ._engine import __version__
from ._errors import ClusterError, FieldError, ObjectiveError
from ._experiment import Experiment, spec
from ._objective import Objective
from ._plot import plot
from ._run import Event, Outcome, Run, Runs, run, runs
from ._sweep import Sweep, sweep
from ._vega_lite import vega_lite

if TYPE_CHECKING:
    from ._lab import Lab as Lab

__all__ = [
    "OUTCOMES",
    "ClusterError",
    "Diagram",
    "Event",
    "Experiment",
    "FieldError",
    "Map",
    "Objective",
    "ObjectiveError",
    "Outcome",
    "Run",
    "Runs",
    "Sweep",
    "__version__",
    "atlas",
    "bifurcation",
    "catalogue",
    "plot",
    "run",
    "runs",
    "spec",
    "sweep",
    "vega_lite",
]


def __getattr__(name: str) -> Any:
    # Lab needs anywidget, which not everybody has: it is no part of `__all__` either.
    if name == "Lab":
        from ._lab import Lab

        return Lab
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), "Lab"])
