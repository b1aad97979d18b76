"""The Lab itself in a notebook's cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError(
        "flatland.Lab needs anywidget, which is not installed; "
        'install it with: pip install "flatland[notebook]" (or: pip install anywidget)',
        name=error.name,
    ) from error

from . import _page
from ._errors import FieldError
from ._experiment import Experiment, ExperimentLike


def _to_json(experiment: Experiment, _: Lab) -> dict[str, Any]:
    return experiment.document


def _from_json(document: Mapping[str, Any], lab: Lab) -> Experiment:
    # The page knows no folders.
    return Experiment.from_document(document, lab.experiment._folder)


class Lab(anywidget.AnyWidget):
    """Flatland's Lab in a notebook's cell, with charts, scene and fields.

    ::

        lab = flatland.Lab(experiment)        # or a document, or a link
        lab                                   # shows it
        lab.experiment                        # as it is now, with what was changed in the page
        lab.experiment = Experiment("double-well", spec("constant", eta=1.1))
        lab.step = 120                        # stops at this step

    It runs in the browser, from files of this package alone. The traits can be observed, as those of
    all widgets: ``lab.observe(handler, "phase")``.

    Args:
        experiment: What the Lab shows; see :func:`flatland.run`.
        step: The step that it shows at first.
        show: The parts of the page: ``"controls"`` for all with the fields, ``""`` for all without
            them, or some of ``chart1``, ``chart2``, ``chart3``, ``scene`` and ``controls``, with
            commas.
        height: The height of the cell in CSS pixels.

    Raises:
        FieldError: If the experiment is not valid, or one that no page can hold, such as one with
            Python functions. What is shown stays as it is then.
        RuntimeError: If the package was built without the page.

    Attributes:
        experiment: The experiment. An edit in the page arrives here.
        step: The step that is shown, which moves while time runs in the page.
        phase: What each run is doing at that step, such as ``"edge of stability"``.
        height: The height of the cell in CSS pixels.
    """

    _esm = Path(__file__).with_name("_cell.js").read_text("utf-8")

    experiment = traitlets.Any().tag(sync=True, to_json=_to_json, from_json=_from_json)
    step = traitlets.Int(0).tag(sync=True)
    phase = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    height = traitlets.Int(600).tag(sync=True)
    show = traitlets.Unicode("controls").tag(sync=True)
    _build = traitlets.Unicode().tag(sync=True)

    # Whether what changes comes from the page, and whether the page has still to go to a step.
    _hears = False
    _is_awaited = False

    def __init__(self, experiment: ExperimentLike, *, step: int = 0, show: str = "controls", height: int = 600) -> None:
        if not _page.is_there():
            raise RuntimeError(
                "this flatland was built without the page that Lab shows; "
                "build the package with `cargo xtask wheel`, and install that wheel"
            )
        super().__init__(experiment=experiment, step=step, show=show, height=height, _build=_page.build())
        # The page begins there by itself.
        self._is_awaited = False
        self.on_msg(self._answer)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the page tells."""
        if self._is_awaited and "step" in sync_data:
            # It was told on the way.
            sync_data = {**sync_data, "step": self.step}
        self._hears = True
        try:
            super().set_state(sync_data)
        finally:
            self._hears = False

    @traitlets.observe("step")
    def _go(self, change: Mapping[str, Any]) -> None:
        # A message besides the trait, which the steps that the page tells may overtake.
        if not self._hears:
            self._is_awaited = True
            self.send({"type": "goto", "step": change["new"]})

    def play(self) -> None:
        """Lets time run in the cells that show the Lab."""
        self.send({"type": "play"})

    def pause(self) -> None:
        """Lets time rest there."""
        self.send({"type": "pause"})

    @traitlets.validate("experiment")
    def _checked(self, proposal: Mapping[str, Any]) -> Experiment:
        experiment = Experiment.of(proposal["value"])
        experiment._needs_document("the Lab")
        return experiment

    @traitlets.validate("step")
    def _not_negative(self, proposal: Mapping[str, Any]) -> int:
        step: int = proposal["value"]
        if step < 0:
            raise FieldError("step", "a step, which is 0 or more", str(step), "count from the first iterate on")
        return step

    @traitlets.validate("height")
    def _tall_enough(self, proposal: Mapping[str, Any]) -> int:
        height: int = proposal["value"]
        if height < 120:
            raise FieldError("height", "120 CSS pixels or more", str(height), "600 shows all of the Lab")
        return height

    @traitlets.validate("show")
    def _known_parts(self, proposal: Mapping[str, Any]) -> str:
        show: str = proposal["value"]
        known = ("chart1", "chart2", "chart3", "scene", "controls")
        for part in filter(None, show.split(",")):
            if part not in known:
                raise FieldError("show", f"some of {', '.join(known)}, with commas", repr(part), "name one of these")
        return show

    def _answer(self, _: Lab, message: Any, __: list[Any]) -> None:
        """Sends a file of the page that the cell asks for, or notes that it has gone to a step."""
        kind = message.get("type") if isinstance(message, Mapping) else None
        if kind == "at":
            self._is_awaited = False
            self.set_state({"step": message["step"]})
        if kind != "file":
            return
        name = message.get("name")
        found = _page.read(name) if isinstance(name, str) else None
        if found is None:
            self.send({"type": "file", "name": name, "error": "it is not in the Python package"})
        else:
            content, encoding = found
            self.send({"type": "file", "name": name, "encoding": encoding}, buffers=[content])


Lab.__module__ = "flatland"
