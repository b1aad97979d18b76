"""Pictures of runs as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ._palette import DARK, LIGHT, Palette, dashes
from ._run import Run
from ._series import EDGE, FAR, Numbers, listed, panels, setting, thinned, title

#: Bins of a line: about as many as the picture has pixels.
_BINS = 600


def vega_lite(runs: Iterable[Run], *, dark: bool = False) -> dict[str, Any]:
    """The picture of :func:`flatland.plot` as a Vega-Lite specification (version 5), as a mapping.

    The numbers lie in it. Of long runs it has the first, least, greatest and last of each of some
    hundred bins, so that it looks like all rows.
    """
    runs = listed(runs)
    palette = DARK if dark else LIGHT
    names = {run.index: f"{run.index + 1}: {run.title}" for run in runs}
    color: dict[str, Any] = {
        "field": "run",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names.values()), "range": [palette.run(index) for index in names]},
    }
    # Solid lines are those without gaps.
    patterns = [list(dashes(index) or (1.0, 0.0)) for index in names]
    dash = {
        "field": "run",
        "type": "nominal",
        "title": None,
        "scale": {"domain": color["scale"]["domain"], "range": patterns},
    }
    thresholds = _rows(runs, [run.threshold for run in runs], names)
    charts = []
    for name, panel in panels(runs).items():
        scale = {
            "type": "log" if panel.is_logarithmic else "linear",
            "domain": [panel.low, panel.high],
            "nice": False,
        }
        layers = [_layer(_rows(runs, panel.values, names), color, scale, {})]
        layers[0]["encoding"]["strokeDash"] = dash
        if name == "sharpness":
            layers.append(_layer(thresholds, color, scale, {"strokeDash": [5, 3], "strokeWidth": 1}))
        if name == "product":
            layers.append(_edge(palette, scale))
        charts.append({"title": panel.title, "width": 600, "height": 180, "layer": layers})
    text = {
        "labelColor": palette.muted,
        "titleColor": palette.muted,
        "gridColor": palette.grid,
        "domainColor": palette.muted,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title(runs[0].experiment), "subtitle": setting(runs)},
        "background": palette.page,
        "config": {
            "axis": text,
            "title": {"color": palette.ink, "subtitleColor": palette.muted, "anchor": "start"},
            "legend": {"labelColor": palette.ink},
            "view": {"stroke": None},
        },
        "vconcat": charts,
    }


def _layer(rows: list[dict[str, Any]], color: Any, scale: Any, mark: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 1.5, "clip": True, **mark},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "title": "step k", "scale": {"nice": False}},
            "y": {"field": "value", "type": "quantitative", "title": None, "scale": scale},
            "color": color,
        },
    }


def _edge(palette: Palette, scale: Any) -> dict[str, Any]:
    return {
        "data": {"values": [{"value": EDGE}]},
        "mark": {"type": "rule", "color": palette.ink},
        "encoding": {"y": {"field": "value", "type": "quantitative", "scale": scale}},
    }


def _rows(runs: Sequence[Run], series: Sequence[Numbers], names: dict[int, str]) -> list[dict[str, Any]]:
    """Rows of some series; what cannot be shown is null, as JSON has it, and interrupts a line."""
    rows = []
    for run, values in zip(runs, series, strict=False):
        for row in thinned(values, _BINS):
            value = float(values[row])
            shown = value if abs(value) < FAR else None
            rows.append({"run": names[run.index], "step": int(run.step[row]), "value": shown})
    return rows
