"""Experiments: built, read, linked, saved, and refused with the field's name."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import flatland
from flatland import Experiment, FieldError, spec


def test_keywords_make_the_document() -> None:
    experiment = Experiment(
        spec("river", a=0.1),
        [spec("constant", eta=0.5), {"policy": {"name": "polyak"}, "label": "P"}],
        start=np.array([0.001, 1]),
        steps=np.int64(40),
        stop={"gradient_norm": 0},
        columns=["threshold"],
        seed=3,
    )
    assert experiment.document == {
        "version": 1,
        "objective": {"name": "river", "a": 0.1},
        "start": [0.001, 1],
        "runs": [{"policy": {"name": "constant", "eta": 0.5}}, {"policy": {"name": "polyak"}, "label": "P"}],
        "steps": 40,
        "stop": {"gradient_norm": 0},
        "columns": ["threshold"],
        "seed": 3,
    } | {"stop": experiment.document["stop"]}
    assert experiment.document["stop"]["gradient_norm"] == 0
    assert experiment.titles == ("constant η=0.5", "P") and len(experiment) == 2


def test_all_forms_are_the_same_experiment() -> None:
    experiment = Experiment("river", "constant", steps=40)
    document = {"version": 1, "objective": {"name": "river"}, "steps": 40, "runs": [{"policy": {"name": "constant"}}]}
    for form in (experiment, document, json.dumps(document), experiment.link("https://example.org/x#old")):
        assert Experiment.of(form) == experiment
    assert hash(Experiment.of(document)) == hash(experiment)
    assert eval(repr(experiment), {"Experiment": Experiment}) == experiment


def test_links_are_found_in_sentences_and_say_what_they_ignore() -> None:
    experiment = Experiment(spec("formula", expression="f(x) = x^2 + 3"), "constant", start=[1])
    link = experiment.link("https://example.org/")
    assert link.startswith("https://example.org/#lab={'version':1")
    assert Experiment.from_link(f"see <{link}>.") == experiment
    spoiled = link.replace("'version':1", "'version':1,'colour':2")
    with pytest.warns(UserWarning, match="colour"):
        assert Experiment.from_link(spoiled) == experiment
    for broken in ("https://example.org/", link[:60], "#lab=%ff"):
        with pytest.raises(FieldError):
            Experiment.from_link(broken)


def test_files_hold_experiments(tmp_path: Path) -> None:
    experiment = Experiment("river", spec("constant", eta=0.3), steps=7)
    path = tmp_path / "river.json"
    experiment.save(path)
    assert Experiment.read(path) == experiment
    assert [file.name for file in tmp_path.iterdir()] == ["river.json"]
    with pytest.raises(FileNotFoundError) as caught:
        Experiment.read(tmp_path / "none.json")
    assert "none.json" in str(caught.value)
    path.write_text("x,y\n1,2\n")
    with pytest.raises(FieldError, match="a table"):
        Experiment.read(path)


def test_data_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    rows = [f"{x / 7},{x % 3},{x % 2}" for x in range(40)]
    (tmp_path / "table.csv").write_text("a,b,label\n" + "\n".join(rows) + "\n")
    network = {"name": "network", "hidden": [3], "data": {"name": "file", "path": "table.csv"}}
    experiment = Experiment(network, "constant", steps=3)
    experiment.save(tmp_path / "e.json")
    assert len(flatland.run(Experiment.read(tmp_path / "e.json"))) == 4
    assert len(flatland.run(Experiment.from_document(experiment.document, folder=tmp_path))) == 4


BAD: list[tuple[str, dict[str, Any]]] = [
    ("objective.name", {"objective": "rivr"}),
    ("objective.a", {"objective": spec("river", a=-1)}),
    ("runs[0].policy.name", {"runs": "constnat"}),
    ("runs[1].policy.eta", {"runs": ["constant", spec("constant", eta=0)]}),
    ("runs[0].policy.etta", {"runs": spec("constant", etta=1)}),
    ("runs", {"runs": []}),
    ("start[1]", {"start": [1, math.nan]}),
    ("start[0]", {"start": [-math.inf, 1]}),
    ("start", {"start": [1, 2, 3]}),
    ("start", {"start": [[1, 2]]}),
    ("start", {"start": ["a", "b"]}),
    ("steps", {"steps": -1}),
    ("steps", {"steps": 1.5}),
    ("steps", {"steps": 10**9}),
    ("columns[0]", {"columns": ["lamda2"]}),
    ("stop.loss", {"stop": {"loss": 0}}),
    ("ensemble.size", {"ensemble": {"size": 1, "spread": 1}}),
    ("seed", {"seed": 2**60}),
    ("", {"objective": {"name": "river", "a": {1, 2}}}),
]


@pytest.mark.parametrize(("field", "change"), BAD)
def test_what_is_not_valid_is_named(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(FieldError) as caught:
        Experiment(**({"objective": "river", "runs": "constant"} | change))
    error = caught.value
    assert isinstance(error, ValueError) and error.field == field
    assert error.expected and error.found and error.remedy
    assert str(error).startswith(f"{field or 'the experiment'}: expected {error.expected}, found ")


def test_errors_can_be_pickled() -> None:
    with pytest.raises(FieldError) as caught:
        Experiment("river", "constant", steps=-1)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.field) == (FieldError, str(caught.value), "steps")


def test_what_is_no_experiment_is_refused() -> None:
    with pytest.raises(FieldError, match="expected an Experiment"):
        flatland.run(3)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
@pytest.mark.parametrize("what", ["experiment.save(path)", "flatland.run(experiment).plot(path)"])
def test_a_full_disk_leaves_no_partial_file(tmp_path: Path, what: str) -> None:
    if "plot" in what:
        pytest.importorskip("matplotlib")
    path = tmp_path / "river.png"
    script = f"""
import pathlib, resource, flatland
path = pathlib.Path({str(path)!r})
experiment = flatland.Experiment("river", "constant", steps=50)
{what.replace("(path)", "(str(path) + '.warm.png')")}  # fonts and caches are written before
pathlib.Path(str(path) + ".warm.png").unlink()
path.write_text("old")
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    {what}
except OSError as error:
    print(error.filename, error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert str(path) in done.stdout and "cannot write" in done.stdout, done
    assert path.read_text() == "old" and [file.name for file in tmp_path.iterdir()] == ["river.png"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Experiment("river", "constant").save(tmp_path / "nowhere" / "river.json")
