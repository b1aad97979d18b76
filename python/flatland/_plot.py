"""Pictures of runs and maps with matplotlib, in the page's colors and conventions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ._atlas import OUTCOMES
from ._experiment import write_whole
from ._palette import DARK, LIGHT, Palette, dashes
from ._run import Run
from ._series import EDGE, FAR, Panel, is_constant, listed, panels, setting, thinned, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ._atlas import Map
    from ._diagram import Diagram

#: Inches.
_SIZE = (8.0, 9.0)

#: The height of a line of labels, as a part of a panel's.
_LINE = 0.065

#: Bins of a line: twice as many as a picture of that size has pixels.
_BINS = 2000


def plot(runs: Iterable[Run], path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
    """Draws runs as the page does: loss, sharpness with each run's threshold, and product.

    Each run has its color. In the second panel its threshold 2/η is dashed in the same color; in
    the third the line at 2 is the edge of stability, with a shade above it. Loss and product are
    logarithmic where that helps.

    Args:
        runs: Some runs, such as :func:`flatland.runs` gives.
        path: Where to write the picture: all of it, or nothing. Its ending says how (``.png``,
            ``.svg``, ``.pdf``).
        dark: For a dark page.

    Raises:
        ImportError: If matplotlib is not there.
        OSError: If the file cannot be written.
    """
    figure_class = _matplotlib()
    palette = DARK if dark else LIGHT
    runs = listed(runs)
    figure = figure_class(figsize=_SIZE, facecolor=palette.page, layout="constrained")
    axes = figure.subplots(3, 1, sharex=True)
    for axis, panel, draw in zip(
        axes, panels(runs).values(), (_draw_loss, _draw_sharpness, _draw_product), strict=False
    ):
        _dress(axis, panel.title, palette)
        if panel.is_logarithmic:
            axis.set_yscale("log", nonpositive="mask")
        axis.set_ylim(panel.low, panel.high)
        draw(axis, runs, panel, palette)
    axes[2].set_xlabel("step k", color=palette.muted)
    axes[2].set_xlim(0, max(1, max(int(run.step[-1]) for run in runs)))
    figure.suptitle(title(runs[0].experiment), color=palette.ink, fontweight="bold")
    axes[0].set_title(setting(runs), loc="right", color=palette.muted, fontsize="small")
    return _written(figure, path)


def plot_map(map_: Map, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
    """Draws a map with its axes; see :meth:`flatland.Map.plot`."""
    figure_class = _matplotlib()
    palette = DARK if dark else LIGHT
    figure = figure_class(figsize=(8.0, 6.0), facecolor=palette.page, layout="constrained")
    axis = figure.subplots()
    _dress(axis, f"{map_.measure.capitalize()}: {title(map_.experiment)}", palette)
    colors = map_.rgba(dark=dark)
    axis.pcolormesh(_edges(map_.x), _edges(map_.y), colors, rasterized=True)
    if map_.measure == "outcome":
        _label_outcomes(axis, map_, colors, palette)
    for values, set_scale, set_label, field in (
        (map_.x, axis.set_xscale, axis.set_xlabel, map_.fields[0]),
        (map_.y, axis.set_yscale, axis.set_ylabel, map_.fields[1]),
    ):
        if _is_geometric(values):
            set_scale("log")
        set_label(field, color=palette.muted)
    return _written(figure, path)


def plot_diagram(diagram: Diagram, path: str | PathLike[str] | None = None, *, dark: bool = False) -> Figure:
    """Draws a bifurcation diagram with its axes; see :meth:`flatland.Diagram.plot`."""
    figure_class = _matplotlib()
    palette = DARK if dark else LIGHT
    figure = figure_class(figsize=(8.0, 6.0), facecolor=palette.page, layout="constrained")
    axis = figure.subplots()
    _dress(axis, f"Last iterates: {title(diagram.experiment)}", palette)
    axis.grid(visible=False)
    axis.pcolormesh(_edges(diagram.x), _edges(diagram.y), diagram.rgba(dark=dark), rasterized=True)
    if _is_geometric(diagram.x):
        axis.set_xscale("log")
    axis.set_xlabel(diagram.field, color=palette.muted)
    axis.set_ylabel(diagram.quantity, color=palette.muted)
    return _written(figure, path)


def _label_outcomes(axis: Axes, map_: Map, colors: Any, palette: Palette) -> None:
    """A legend of the outcomes that occur, each with a color that its pixels have."""
    from matplotlib.patches import Patch

    patches = []
    for word in map_.census():
        is_it = map_.codes == OUTCOMES.index(word)
        # The colors of an outcome follow its number: the one in the middle stands for them.
        order = np.argsort(map_.numbers[is_it], kind="stable")
        patches.append(Patch(color=colors[is_it][order[len(order) // 2]] / 255, label=word))
    axis.legend(handles=patches, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, labelcolor=palette.ink)


def _matplotlib() -> type[Figure]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'flatland[plot]'") from error
    return Figure


def _dress(axis: Axes, name: str, palette: Palette) -> None:
    axis.set_facecolor(palette.page)
    axis.set_title(name, loc="left", color=palette.ink, fontsize="medium", fontweight="bold")
    axis.tick_params(colors=palette.muted, which="both")
    axis.grid(color=palette.grid, linewidth=0.8)
    axis.set_axisbelow(True)
    for side, spine in axis.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(palette.muted)


def _line(axis: Axes, run: Run, values: Any, palette: Palette, **style: Any) -> None:
    """A run's series, in its color and with its dashes."""
    rows = thinned(values, _BINS)
    pattern = dashes(run.index)
    style = {"linewidth": 1.4, "color": palette.run(run.index), **style}
    if "linestyle" not in style and pattern is not None:
        style["dashes"] = pattern
    shown = values[rows]
    axis.plot(run.step[rows], np.where(np.abs(shown) < FAR, shown, np.nan), **style)


def _draw_loss(axis: Axes, runs: Sequence[Run], panel: Panel, palette: Palette) -> None:
    labels = []
    for run, loss in zip(runs, panel.values, strict=False):
        _line(axis, run, loss, palette, label=run.title)
        labels.append((loss[-1], run.title, palette.run(run.index)))
    _label(axis, labels)


def _draw_sharpness(axis: Axes, runs: Sequence[Run], panel: Panel, palette: Palette) -> None:
    labels = []
    for run in runs:
        # A step size that changes leaves a threshold that would hide the rest.
        alpha = 1.0 if is_constant(run.threshold) else 0.4
        _line(axis, run, run.threshold, palette, linestyle="--", linewidth=1.0, alpha=alpha)
        if is_constant(run.threshold):
            threshold = run.threshold[np.isfinite(run.threshold)][0]
            name = "2/η" if _is_plain(run) else "edge"
            labels.append((threshold, f"{name} = {threshold:.3g}", palette.run(run.index)))
    for run, sharpness in zip(runs, panel.values, strict=False):
        _line(axis, run, sharpness, palette)
    _label(axis, labels)


def _draw_product(axis: Axes, runs: Sequence[Run], panel: Panel, palette: Palette) -> None:
    for run, product in zip(runs, panel.values, strict=False):
        _line(axis, run, product, palette)
    axis.axhspan(EDGE, panel.high, color=palette.beyond, alpha=0.08, linewidth=0)
    axis.axhline(EDGE, color=palette.ink, linewidth=1.0)
    axis.set_ylim(panel.low, panel.high)
    _label(axis, [(EDGE, "edge: 2", palette.ink)])


def _label(axis: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Texts in colors at the right end, each beside its value, but not on top of one another."""
    low, high = axis.get_ylim()
    scale = np.log if axis.get_yscale() == "log" else np.asarray
    placed = []
    for value, text, color in labels:
        with np.errstate(all="ignore"):
            share = (scale(value) - scale(low)) / (scale(high) - scale(low))
        placed.append((float(np.clip(np.nan_to_num(share, nan=1.0), 0.0, 1.0)), text, color))
    placed.sort(key=lambda label: label[0])
    shares = [share for share, _, _ in placed]
    for i in range(1, len(shares)):
        shares[i] = max(shares[i], shares[i - 1] + _LINE)
    # What does not fit below the top pushes down what is there.
    for i in reversed(range(len(shares))):
        limit = 1.0 if i == len(shares) - 1 else shares[i + 1] - _LINE
        shares[i] = min(shares[i], limit)
    for share, (_, text, color) in zip(shares, placed, strict=False):
        axis.text(1.01, share, text, transform=axis.transAxes, color=color, fontsize="small", va="center")


def _is_plain(run: Run) -> bool:
    """Whether the threshold is 2/η, as for plain steps."""
    known = np.isfinite(run.threshold)
    return bool(np.all(run.threshold[known] == 2.0 / run.step_size[known]))


def _edges(centers: Any) -> Any:
    """The borders of pixels around their centers."""
    if len(centers) == 1:
        return np.array([centers[0] - 0.5, centers[0] + 0.5])
    is_geometric = _is_geometric(centers)
    values = np.log(centers) if is_geometric else centers
    half = np.diff(values) / 2
    edges = np.concatenate([[values[0] - half[0]], values[:-1] + half, [values[-1] + half[-1]]])
    return np.exp(edges) if is_geometric else edges


def _is_geometric(centers: Any) -> bool:
    """Whether an axis is spaced evenly in the logarithm."""
    if len(centers) < 3 or np.any(centers <= 0.0):
        return False
    # Rounding of a few units in the last digit, against a part in the number of pixels.
    return bool(np.allclose(np.diff(np.log(centers)), np.log(centers[1] / centers[0]), rtol=1e-6))


def _written(figure: Figure, path: str | PathLike[str] | None) -> Figure:
    if path is not None:
        picture = io.BytesIO()
        figure.savefig(picture, format=Path(path).suffix[1:] or "png", dpi=150, facecolor=figure.get_facecolor())
        write_whole(path, picture.getvalue())
    return figure
