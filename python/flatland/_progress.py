"""How far a sweep has come, as the tools around it show it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from ._errors import FieldError

#: Is called with the points that are there, and with all.
Report = Callable[[int, int], Any]


def check(progress: object) -> None:
    """Refuses what cannot show how far something is."""
    if progress not in (None, False, True) and not callable(progress):
        found = f"a value of type {type(progress).__name__}"
        raise FieldError("progress", "True, or a function of two counts", found, "give progress=True")


class Bar:
    """A bar by tqdm, where that is installed, or a line on standard error."""

    def __init__(self, progress: bool | Report | None, done: int, points: int) -> None:
        self._done, self._points = done, points
        self._report: Report | None = None
        self._bar: Any = None
        if progress is True:
            try:
                tqdm = importlib.import_module("tqdm.auto").tqdm
                self._bar = tqdm(total=points, initial=done, unit="point", unit_scale=True)
            except ImportError:
                self._report = _line
        elif callable(progress):
            self._report = progress

    def __enter__(self) -> Bar:
        if self._report is not None:
            self._report(self._done, self._points)
        return self

    def add(self, points: int) -> None:
        """Says that some points more are there."""
        self._done += points
        if self._bar is not None:
            self._bar.update(points)
        if self._report is not None:
            self._report(self._done, self._points)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._report is _line:
            sys.stderr.write("\n")


def _line(done: int, points: int) -> None:
    sys.stderr.write(f"\r{done} of {points} points")
    sys.stderr.flush()


def is_notebook() -> bool:
    """Whether a notebook shows what is displayed."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def display(widget: Any) -> None:
    """Shows a widget in a notebook."""
    importlib.import_module("IPython.display").display(widget)
