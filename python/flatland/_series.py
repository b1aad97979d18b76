"""What pictures of runs have in common, whatever draws them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import _engine
from ._errors import FieldError
from ._experiment import Experiment
from ._run import Run

Numbers = NDArray[np.float64]

#: The titles of the panels, as on the page.
TITLES = {
    "loss": "Loss f",
    "sharpness": "Sharpness λ₁ and threshold 2/η",
    "product": "Product η·λ₁",
}

#: The product at which plain steps are at the edge of stability.
EDGE = 2.0

#: What is larger leaves a picture: axes beyond would overflow.
FAR = 1e100

#: A run that diverges is shown up to this many times what the picture has otherwise, on a
#: logarithmic axis and on a linear one.
_FOLLOWED = 1e4
_FOLLOWED_LINEARLY = 2.0


def listed(runs: Iterable[Run]) -> list[Run]:
    """The runs of a picture; there is none of nothing."""
    listed = list(runs)
    if not listed:
        raise FieldError("runs", "one run or several", "none", "give what flatland.runs returns")
    return listed


def title(experiment: Experiment) -> str:
    """The objective's title, as the catalogue has it."""
    objective = experiment.objective
    if not isinstance(objective, dict):
        return objective.name
    catalogue = json.loads(_engine.catalogue())
    entries = {entry["name"]: entry["title"] for entry in catalogue["objectives"] + catalogue["networks"]}
    return str(entries[objective["name"]])


def setting(runs: Sequence[Run]) -> str:
    """The start and the budget in a line, for a picture's head."""
    run = runs[0]
    steps = run.experiment.document["steps"]
    start = ""
    if 0 < run.x.shape[1] <= 4:
        start = f"start ({', '.join(f'{x:.12g}' for x in run.x[0])}), "
    return f"{start}{steps} steps at the most"


def product_of(run: Run) -> Numbers:
    """2λ₁/threshold, which is ηλ₁ for plain steps: at 2 every method is at its own edge."""
    return EDGE * run.sharpness / run.threshold


def is_constant(values: Numbers) -> bool:
    """Whether a column has one value, as the threshold of a constant step size."""
    finite = values[np.isfinite(values)]
    return finite.size > 0 and bool(np.all(finite == finite[0]))


@dataclass(frozen=True)
class Panel:
    """A series of each run, and the axis it is drawn on."""

    title: str
    values: Sequence[Numbers]
    is_logarithmic: bool
    low: float
    high: float


def panels(runs: Sequence[Run]) -> dict[str, Panel]:
    """The three panels of a picture, from the top."""
    losses = [run.loss for run in runs]
    known = _shown(losses)
    positive = known[known > 0.0]
    # A loss of 0 is reached at a minimum; a negative one has no logarithm.
    is_logarithmic = bool(np.all(known >= 0.0)) and positive.size > 0 and bool(positive.max() >= 10.0 * positive.min())
    # Thresholds of step sizes that change would leave a flat line of everything else.
    thresholds = [run.threshold for run in runs if is_constant(run.threshold)]
    products = [product_of(run) for run in runs]
    has_products = bool(np.any(_shown(products) > 0.0))
    return {
        "loss": _panel("loss", runs, losses, is_logarithmic, []),
        "sharpness": _panel("sharpness", runs, [run.sharpness for run in runs], False, [np.zeros(1), *thresholds]),
        "product": _panel("product", runs, products, has_products, [np.full(1, 1.1 * EDGE)]),
    }


def _panel(
    name: str, runs: Sequence[Run], values: Sequence[Numbers], is_logarithmic: bool, more: Sequence[Numbers]
) -> Panel:
    """A panel with all numbers on its axis, and those in ``more``.

    A run that diverges may leave it at the top: it is followed up to a multiple of what the others
    reach and of what the picture begins with, as on the page.
    """
    has_diverged = [run.outcome.kind == "diverged" for run in runs]
    settled = [value for value, has in zip(values, has_diverged, strict=False) if not has]
    diverging = _shown([value for value, has in zip(values, has_diverged, strict=False) if has])
    inner = _shown([*settled, *more, *(value[:1] for value in values)])
    everything = np.concatenate([inner, diverging])
    if is_logarithmic:
        inner, everything = inner[inner > 0.0], everything[everything > 0.0]
    if not everything.size:
        return Panel(TITLES[name], values, is_logarithmic, 0.0, 1.0)
    most = float(inner.max()) if inner.size else float(everything.max())
    low, high = float(everything.min()), float(everything.max())
    if most > 0.0:
        high = max(most, min(high, most * (_FOLLOWED if is_logarithmic else _FOLLOWED_LINEARLY)))
    else:
        high = most
    if is_logarithmic:
        low, high = min(low, high) / 1.5, 1.5 * high
    else:
        # A falling loss may start below 0 on the way to no bound.
        low, high = low - 0.02 * (high - low) if low < 0.0 else low, high + 0.05 * (high - low or 1.0)
    return Panel(TITLES[name], values, is_logarithmic, low, high)


def _shown(values: Sequence[Numbers]) -> Numbers:
    """The numbers that a picture can show."""
    return np.concatenate([np.empty(0), *(value[np.abs(value) < FAR] for value in values)])


def thinned(values: Numbers, bins: int) -> NDArray[np.int64]:
    """The rows that a picture of ``bins`` columns needs: the first, least, greatest and last of each.

    No spike and no oscillation is lost, as on the page. All rows, where these would be as many.
    """
    count = len(values)
    if count <= 4 * bins:
        return np.arange(count)
    edges = np.linspace(0, count, bins + 1).astype(np.int64)
    rows: set[int] = set()
    for first, end in zip(edges[:-1], edges[1:], strict=False):
        rows |= {int(first), int(end) - 1}
        part = values[first:end]
        if not np.all(np.isnan(part)):
            rows |= {int(first + np.nanargmin(part)), int(first + np.nanargmax(part))}
    return np.array(sorted(rows), dtype=np.int64)
