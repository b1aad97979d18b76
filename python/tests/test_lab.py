"""The widget without a notebook: its traits, and what it answers.

`tests/notebook` has it in a JupyterLab.
"""

from __future__ import annotations

import builtins
import gzip
import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

import flatland
from flatland import Experiment, FieldError, Objective, _page, spec

RIVER = Experiment("river", spec("constant", eta=0.5), steps=400)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package whose page is one file, and has a picture."""
    (tmp_path / "index.html.packed").write_bytes(gzip.compress(b"<!doctype html>"))
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "hill.png").write_bytes(b"picture")
    monkeypatch.setattr(_page, "_FOLDER", tmp_path)
    _page._files.cache_clear()
    _page.build.cache_clear()
    yield tmp_path
    _page._files.cache_clear()
    _page.build.cache_clear()


@pytest.fixture
def lab(page: Path) -> Any:
    pytest.importorskip("anywidget")
    return flatland.Lab(RIVER)


def sent(lab: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What it sends from now on."""
    messages: list[tuple[Any, Any]] = []
    monkeypatch.setattr(lab, "send", lambda content, buffers=None: messages.append((content, buffers)))
    return messages


def test_an_experiment_is_what_stands_for_one(lab: Any) -> None:
    assert lab.experiment == RIVER and (lab.step, lab.phase) == (0, [])
    lab.experiment = RIVER.document | {"steps": 7}
    assert lab.experiment.document["steps"] == 7
    lab.experiment = RIVER.link("https://example.org/")
    assert lab.experiment == RIVER


def test_what_is_broken_is_named_and_changes_nothing(lab: Any) -> None:
    document = RIVER.document
    document["runs"][0]["policy"]["eta"] = -1
    function = Experiment(Objective(lambda x: 0.0, lambda x: 0 * x), "constant", start=[1.0])
    for trait, value, field in [
        ("experiment", document, "runs[0].policy.eta"),
        ("experiment", function, "objective"),
        ("experiment", 3, ""),
        ("step", -1, "step"),
        ("height", 5, "height"),
        ("show", "chart2,beauty", "show"),
    ]:
        with pytest.raises(FieldError) as caught:
            setattr(lab, trait, value)
        assert caught.value.field == field
    with pytest.raises(Exception, match="read-only"):
        lab.phase = ["diverged"]
    assert lab.experiment == RIVER and (lab.step, lab.height, lab.show) == (0, 600, "controls")
    with pytest.raises(FieldError):
        flatland.Lab(document)


def test_what_the_page_tells_arrives_and_is_not_sent_back(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    messages, seen = sent(lab, monkeypatch), []
    lab.observe(lambda change: seen.append(change["name"]), ["experiment", "step", "phase"])
    document = RIVER.document | {"steps": 9}
    lab.set_state({"experiment": document, "step": 3, "phase": ["converging"]})
    assert lab.experiment.document == document and (lab.step, lab.phase) == (3, ["converging"])
    assert sorted(seen) == ["experiment", "phase", "step"] and messages == []
    assert lab.get_state(["experiment"])["experiment"] == document


def test_files_beside_an_experiment_are_still_found_after_an_edit(page: Path, tmp_path: Path) -> None:
    pytest.importorskip("anywidget")
    lab = flatland.Lab(Experiment("river", "constant", folder=tmp_path))
    lab.set_state({"experiment": RIVER.document})
    assert lab.experiment._folder == tmp_path


def test_a_step_and_what_time_does_are_messages(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = sent(lab, monkeypatch)
    lab.step = 12
    lab.play()
    lab.pause()
    assert [content for content, _ in messages] == [{"type": "goto", "step": 12}, {"type": "play"}, {"type": "pause"}]


def test_steps_on_the_way_to_one_that_was_set_do_not_count(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = sent(lab, monkeypatch)
    lab.set_state({"step": 20})
    lab.step = 30
    lab.set_state({"step": 21, "phase": ["stalled"]})
    assert (lab.step, lab.phase) == (30, ["stalled"])
    lab._answer(lab, {"type": "at", "step": 29}, [])
    assert lab.step == 29
    lab.set_state({"step": 31})
    assert lab.step == 31 and len(messages) == 1


def test_only_files_of_the_page_are_given_out(lab: Any, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = sent(lab, monkeypatch)
    for name in ("index.html", "lessons/hill.png", "../_lab.py", "/etc/passwd", "data/mnist", 3):
        lab._answer(lab, {"type": "file", "name": name}, [])
    lab._answer(lab, {"type": "other"}, [])
    lab._answer(lab, "file", [])
    (page_, buffers), picture, *rest = messages
    assert page_ == {"type": "file", "name": "index.html", "encoding": "gzip"}
    assert gzip.decompress(buffers[0]) == b"<!doctype html>"
    assert picture == ({"type": "file", "name": "lessons/hill.png", "encoding": ""}, [b"picture"])
    assert [content["name"] for content, _ in rest] == ["../_lab.py", "/etc/passwd", "data/mnist", 3]
    assert all("not in the Python package" in content["error"] and buffers is None for content, buffers in rest)


def test_another_page_has_another_name(page: Path) -> None:
    before = _page.build()
    (page / "index.html.packed").write_bytes(b"new")
    _page.build.cache_clear()
    assert _page.build() != before


def test_a_package_without_the_page_says_how_to_get_one(page: Path) -> None:
    pytest.importorskip("anywidget")
    (page / "index.html.packed").unlink()
    _page._files.cache_clear()
    with pytest.raises(RuntimeError, match="cargo xtask wheel"):
        flatland.Lab(RIVER)


def test_without_anywidget_the_rest_works_and_lab_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "anywidget":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return original(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "flatland._lab", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r'pip install "flatland\[notebook\]"') as caught:
        flatland.Lab  # noqa: B018
    assert caught.value.name == "anywidget"
    with pytest.raises(AttributeError, match="Laboratory"):
        flatland.Laboratory  # type: ignore[attr-defined]  # noqa: B018
    assert flatland.run(RIVER).outcome.step == 400
    monkeypatch.undo()
    importlib.import_module("flatland")
