"""Sweeps, maps and catalogues against the command line; tables as other libraries take them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import COMMAND, as_numbers, bits, columns_of

import flatland
from flatland import Experiment, FieldError, spec

TWO = Experiment("river", [spec("constant", eta=0.5), "polyak"], start=[0.001, 1], steps=40)


def test_a_sweep_is_the_command_lines_to_the_last_bit(command: Callable[..., str]) -> None:
    fields = {"runs[0].policy.eta": "log:0.01:2:7", "start[1]": "1,2,0.5"}
    arguments = [part for field, values in fields.items() for part in ("--over", f"{field}={values}")]
    for document in (TWO.document, TWO.document | {"ensemble": {"size": 3, "spread": 0.01}}):
        table = columns_of(command("sweep", document, *arguments))
        sweep = flatland.sweep(document, fields)
        assert sweep.columns == tuple(table) and len(sweep) == 7 * 3 * 2
        for name, cells in table.items():
            if name in ("policy", "outcome"):
                assert sweep[name].tolist() == cells
            else:
                assert bits(sweep[name]) == bits(as_numbers(cells)), name


def test_a_sweep_takes_arrays() -> None:
    by_text = flatland.sweep(TWO, {"start[0]": "0.1,0.2"})
    by_array = flatland.sweep(TWO, {"start[0]": np.array([0.1, 0.2])})
    assert bits(by_text["final_loss"]) == bits(by_array["final_loss"])


@pytest.mark.parametrize(
    ("field", "over"),
    [
        ("start[2]", {"start[2]": [1.0]}),
        ("start[0]", {"start[0]": [1.0, np.nan]}),
        ("start[0]", {"start[0]": []}),
        ("start[0]", {"start[0]": "log:0:1:5"}),
        ("start[0]", {"start[0]": [[1.0]]}),
        ("start[0]", {"start[0]": ["a"]}),
        ("runs[0].policy.eta", {"runs[0].policy.eta": [-1.0]}),
        ("over", {}),
    ],
)
def test_what_cannot_be_swept_is_named(field: str, over: Any) -> None:
    with pytest.raises(FieldError) as caught:
        flatland.sweep(TWO, over)
    assert caught.value.field == field


def test_a_map_is_the_command_lines(tmp_path: Path) -> None:
    if COMMAND is None:
        pytest.skip("FLATLAND_COMMAND does not name the command line")
    experiment = Experiment("double-well", "constant", steps=200)
    axes = ("runs[0].policy.eta=log:0.05:2", "start[0]=lin:-2:2")
    for measure in ("outcome", "sharpness", "minimizer"):
        drawn = flatland.atlas(experiment, *axes, measure=measure, size=(70, 50))
        prefix = tmp_path / measure
        subprocess.run(
            [
                COMMAND,
                "atlas",
                "-",
                "--x",
                axes[0],
                "--y",
                axes[1],
                "--measure",
                measure,
                "--size",
                "70x50",
                "--out",
                prefix,
            ],
            input=experiment.to_json(),
            text=True,
            check=True,
            capture_output=True,
        )
        expected = np.load(f"{prefix}.npy")
        assert expected.shape == (50, 70, 4) and drawn.codes.shape == (50, 70)
        np.testing.assert_array_equal(drawn.codes, expected[..., 0])
        np.testing.assert_array_equal(drawn.numbers, expected[..., 1])
        np.testing.assert_array_equal(drawn.last, expected[..., 2:])
        assert sum(drawn.census().values()) == 50 * 70


def test_a_pixel_is_the_run_at_its_place() -> None:
    experiment = Experiment("double-well", "constant", steps=300)
    drawn = flatland.atlas(
        experiment, "runs[0].policy.eta=lin:0.1:0.9", "start[0]=lin:0.2:1.4", size=(9, 7), measure="loss"
    )
    assert np.all(np.diff(drawn.x) > 0) and np.all(np.diff(drawn.y) < 0)
    for i, j in ((0, 0), (6, 8), (3, 5)):
        run = flatland.run(Experiment("double-well", spec("constant", eta=drawn.x[j]), start=[drawn.y[i]], steps=300))
        assert flatland.OUTCOMES[drawn.codes[i, j]] == run.outcome.kind == "converged"
        # Maps keep single precision, and may sum in another order.
        np.testing.assert_allclose(drawn.last[i, j, 0], run.iterate[0], rtol=1e-6)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("measure", {"measure": "beauty"}),
        ("size", {"size": (0, 5)}),
        ("size", {"size": (9000, 5)}),
        ("start[5]", {"x": "start[5]=lin:0:1"}),
        ("start[0]", {"x": "start[0]=lin:1:0"}),
    ],
)
def test_what_cannot_be_drawn_is_named(field: str, change: Any) -> None:
    arguments: dict[str, Any] = {"x": "start[0]=lin:0:1", "y": "runs[0].policy.eta=lin:0.1:1"} | change
    with pytest.raises(FieldError) as caught:
        flatland.atlas(Experiment("double-well", "constant"), **arguments)
    assert caught.value.field == field


def test_the_catalogue_is_the_command_lines() -> None:
    if COMMAND is None:
        pytest.skip("FLATLAND_COMMAND does not name the command line")
    listed = subprocess.run([COMMAND, "list", "--format", "json"], capture_output=True, text=True, check=True).stdout
    assert flatland.catalogue() == json.loads(listed)


def test_every_entry_of_the_catalogue_runs() -> None:
    catalogue = flatland.catalogue()
    for objective in catalogue["objectives"]:
        assert len(flatland.run(Experiment(objective["name"], "constant", steps=2))) >= 1
    for policy in catalogue["policies"]:
        assert len(flatland.run(Experiment("river", policy["name"], steps=2))) >= 1


def test_pyarrow_reads_the_same_memory() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    run = flatland.run(TWO, 0)
    table = pyarrow.table(run)
    assert tuple(table.column_names) == run.columns and table.num_rows == len(run)
    for name in run.columns:
        chunk = table[name].chunk(0)
        assert bits(chunk.to_numpy()) == bits(run[name])
        assert chunk.buffers()[1].address == run[name].__array_interface__["data"][0]
        assert table.schema.field(name).type == (pyarrow.int64() if run[name].dtype == np.int64 else pyarrow.float64())
    expected = run.loss.copy()
    del run
    assert bits(table["loss"].to_numpy()) == bits(expected)


def test_polars_reads_all_runs_in_one_table(command: Callable[..., str]) -> None:
    polars = pytest.importorskip("polars")
    runs = flatland.runs(TWO)
    frame = polars.DataFrame(runs)
    table = columns_of(command("run", TWO.document))
    assert frame.columns[0] == "run" and len(frame) == len(table["run"])
    for name, cells in table.items():
        assert bits(frame[name].to_numpy()) == bits(as_numbers(cells)), name
    sweep = polars.DataFrame(flatland.sweep(TWO, {"start[0]": [0.1, 0.2]}))
    assert sweep["outcome"].to_list() == ["budget"] * 4 or len(sweep) == 4


def test_a_stream_may_be_taken_again_and_left_alone() -> None:
    run = flatland.run(TWO, 0)
    for _ in range(3):
        capsule = run.__arrow_c_stream__()
        assert "arrow_array_stream" in repr(capsule)
        del capsule
