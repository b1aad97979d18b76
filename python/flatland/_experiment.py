"""Experiments: what to minimize, from where, how, and for how long."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Union

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._errors import FieldError
from ._objective import Adapter, Objective

#: An entry of the catalogue: its name, or its name with parameters.
Spec = str | Mapping[str, Any]

#: What can stand for an experiment: one, its document as a mapping or as JSON, or a link.
ExperimentLike = Union["Experiment", Mapping[str, Any], str]


def spec(name: str, **parameters: Any) -> dict[str, Any]:
    """An entry of the catalogue with parameters: ``spec("constant", eta=0.9)``."""
    return {"name": name, **parameters}


class Experiment:
    """An objective, a start, and up to eight runs, each with a policy for its step sizes.

    Everything is checked at once; what is left out has the catalogue's default::

        Experiment("river", "constant", steps=400)
        Experiment(spec("river", a=0.1), [spec("constant", eta=0.5), "polyak"], start=[0.001, 1])
        Experiment(spec("formula", expression="x^2 + y^4"), "armijo", start=[1, 1])
        Experiment(Objective(value, gradient, hvp), "nonmonotone-line-search", start=np.ones(10))

    Args:
        objective: A name of the catalogue, one with parameters (see :func:`spec`), or an
            :class:`Objective`.
        runs: One policy or several: a name, a name with parameters, or a run such as
            ``{"policy": {"name": "constant"}, "label": "GD", "changes": [...]}``.
        start: The first iterate. An :class:`Objective` needs one.
        steps: The number of steps after which every run stops.
        stop: When runs stop earlier: ``{"gradient_norm": …, "loss": …, "calls": …}``.
        ensemble: Several starts: ``{"size": 16, "spread": 0.05}``.
        seed: The seed of everything random.
        columns: What to record beyond the usual, such as ``["segment", "lambda2"]``.
        spectrum: How well eigenvalues are known that are found by products:
            ``{"count": …, "tolerance": …, "every": …}``.
        window: How many steps the column ``large`` looks back.
        folder: Where files of data are looked for.

    Raises:
        FieldError: If something is not valid; its ``field`` says where.
    """

    def __init__(
        self,
        objective: Spec | Objective,
        runs: Spec | Sequence[Spec],
        *,
        start: ArrayLike | None = None,
        steps: int | None = None,
        stop: Mapping[str, Any] | None = None,
        ensemble: Mapping[str, Any] | None = None,
        seed: int | None = None,
        columns: Sequence[str] | None = None,
        spectrum: Mapping[str, Any] | None = None,
        window: int | None = None,
        folder: str | os.PathLike[str] = ".",
    ) -> None:
        several = [runs] if isinstance(runs, (str, Mapping)) else list(runs)
        document: dict[str, Any] = {"version": 1, "runs": [_run(run) for run in several]}
        numbers = None if start is None else _start(start)
        if isinstance(objective, Objective):
            if numbers is None:
                remedy = "give start=[…], one number for each variable"
                raise FieldError("start", "the first iterate of an Objective", "nothing", remedy)
        else:
            document["objective"] = _named(objective)
            if numbers is not None:
                document["start"] = numbers
                numbers = None
        rest = {
            "steps": steps,
            "stop": stop,
            "ensemble": ensemble,
            "seed": seed,
            "columns": columns,
            "spectrum": spectrum,
            "window": window,
        }
        document |= {key: value for key, value in rest.items() if value is not None}
        self._finish(_to_json(document), objective if isinstance(objective, Objective) else None, numbers, Path(folder))

    def _finish(self, text: str, objective: Objective | None, start: list[float] | None, folder: Path) -> None:
        self._objective = objective
        self._start = start
        self._folder = folder
        self._json = _engine.check(text, start)
        if objective is not None:
            # These stand beside the document, which cannot hold the first and may be too long for
            # the second.
            checked = self.document
            del checked["objective"], checked["start"]
            self._json = json.dumps(checked)
        self._titles = tuple(_engine.titles(self._json, start))

    @property
    def _adapter(self) -> Adapter | None:
        return None if self._objective is None else Adapter(self._objective)

    @classmethod
    def of(cls, experiment: ExperimentLike) -> Experiment:
        """The experiment that a mapping, a JSON document or a link stands for."""
        if isinstance(experiment, Experiment):
            return experiment
        if isinstance(experiment, Mapping):
            return cls.from_document(experiment)
        if not isinstance(experiment, str):
            found = f"a value of type {type(experiment).__name__}"
            raise FieldError("", "an Experiment, a mapping, JSON or a link", found, "give one of these")
        return (
            cls.from_json(experiment)
            if experiment.lstrip("\ufeff \t\r\n").startswith("{")
            else cls.from_link(experiment)
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any], folder: str | os.PathLike[str] = ".") -> Experiment:
        """The experiment of a document, as the page saves it under Export."""
        return cls.from_json(_to_json(document), folder)

    @classmethod
    def from_json(cls, text: str, folder: str | os.PathLike[str] = ".") -> Experiment:
        """The experiment of a document's text."""
        experiment = cls.__new__(cls)
        experiment._finish(text, None, None, Path(folder))
        return experiment

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Experiment:
        """The experiment in a file; files of data are looked for beside it.

        Raises:
            FieldError: If the file does not hold a valid experiment.
            OSError: If it, or a file of data that it names, cannot be read.
        """
        path = Path(path)
        return cls.from_json(_engine.read(path), path.parent)

    @classmethod
    def from_link(cls, link: str) -> Experiment:
        """The experiment of a link, as the page's “Copy link” makes it, whatever stands around it.

        What the link holds and nobody knows is ignored with a warning.
        """
        document, notices = _engine.decode_link(link)
        for notice in notices:
            warnings.warn(notice, stacklevel=2)
        return cls.from_json(document)

    def link(self, page: str = "") -> str:
        """A link to the experiment at the address of a page; the part from ``#`` on without one.

        Raises:
            FieldError: If the objective is a Python function, which no link can hold.
        """
        self._needs_document("a link")
        return f"{page.split('#')[0]}#{_engine.encode_link(self._json)}"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the document to a file: all of it, or nothing.

        Raises:
            FieldError: If the objective is a Python function, which no document can hold.
            OSError: If the file cannot be written.
        """
        self._needs_document("a file")
        write_whole(path, (json.dumps(self.document, indent=2, ensure_ascii=False) + "\n").encode())

    @property
    def document(self) -> dict[str, Any]:
        """The document, without what equals its default; of an :class:`Objective` also without it and
        the start.
        """
        document: dict[str, Any] = json.loads(self._json)
        return document

    def to_json(self) -> str:
        """The document on one line, without what equals its default."""
        return self._json

    @property
    def objective(self) -> dict[str, Any] | Objective:
        """What is minimized."""
        return self._objective or self.document["objective"]

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the runs, as legends show them."""
        return self._titles

    def __len__(self) -> int:
        """The number of runs."""
        return len(self._titles)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Experiment):
            return NotImplemented
        return (self._json, self._objective, self._start) == (other._json, other._objective, other._start)

    def __hash__(self) -> int:
        return hash(self._json)

    def __repr__(self) -> str:
        return f"Experiment.from_json({self._json!r})" if self._objective is None else f"<Experiment {self._json}>"

    def _needs_document(self, what: str) -> None:
        if self._objective is not None:
            remedy = 'keep the script, or type f as a formula: spec("formula", expression=…)'
            raise FieldError("objective", f"one that {what} can hold", "Python functions", remedy)


def _named(entry: Spec) -> Mapping[str, Any]:
    return {"name": entry} if isinstance(entry, str) else entry


def _run(run: Spec) -> Mapping[str, Any]:
    named = _named(run)
    return named if "policy" in named or "name" not in named else {"policy": named}


def _start(start: ArrayLike) -> list[float]:
    try:
        array = np.asarray(start, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise FieldError("start", "a list of numbers", repr(start)[:40], "give one for each variable") from error
    if array.ndim != 1:
        found = f"an array of shape {array.shape}"
        raise FieldError("start", "one number for each variable, in one dimension", found, "flatten it")
    numbers: list[float] = array.tolist()
    return numbers


def _to_json(document: Mapping[str, Any]) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, (np.ndarray, np.generic)):
            return value.tolist()
        if isinstance(value, Mapping):
            return dict(value)
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        found = f"a value of type {type(value).__name__}"
        raise FieldError("", "numbers, texts, lists and mappings", found, "change it to one of these")

    return json.dumps(document, default=plain)


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Writes a file that has all of its content or does not come to be; an old one stays till then."""
    path = Path(path)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise OSError(error.errno, f"cannot write {path}: {error.strerror}", str(path)) from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
