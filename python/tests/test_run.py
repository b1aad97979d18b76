"""Runs: the command line's numbers to the last bit, without copies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, as_numbers, bits, columns_of

import flatland

RIVER = {
    "version": 1,
    "objective": {"name": "river"},
    "start": [0.001, 1],
    "steps": 300,
    "columns": ["threshold", "segment", "lambda2", "trace", "projection"],
    "runs": [
        {"policy": {"name": "constant", "eta": 0.5}},
        {"policy": {"name": "nonmonotone-line-search"}, "label": "NLS, long"},
        {"policy": {"name": "heavy-ball"}},
        {
            "policy": {"name": "constant", "eta": 0.3},
            "changes": [{"step": 50, "policy": {"name": "constant", "eta": 0.4}}],
        },
    ],
}
STARTS = {
    "version": 1,
    "objective": {"name": "double-well"},
    "start": [0.4],
    "steps": 60,
    "seed": 5,
    "ensemble": {"size": 5, "spread": 0.3},
    "runs": [{"policy": {"name": "constant", "eta": 1.2}}],
}
NETWORK = {
    "version": 1,
    "objective": {"name": "network", "hidden": [6], "data": {"name": "moons", "samples": 40}},
    "steps": 25,
    "columns": ["accuracy", "lambda2"],
    "spectrum": {"count": 2},
    "runs": [{"policy": {"name": "constant", "eta": 0.4}}],
}
DIVERGES = {
    "version": 1,
    "objective": {"name": "quadratic"},
    "runs": [{"policy": {"name": "constant", "eta": 30}}],
}


@pytest.mark.parametrize("document", [RIVER, STARTS, NETWORK, DIVERGES], ids=["river", "starts", "network", "diverges"])
def test_every_column_is_the_command_lines_to_the_last_bit(command: Callable[..., str], document: Any) -> None:
    table = columns_of(command("run", document))
    runs = flatland.runs(document)
    for name, cells in table.items():
        if name == "run":
            numbers: Any = np.concatenate([np.full(len(run), run.index) for run in runs])
        else:
            numbers = np.concatenate([run[name] for run in runs])
        assert bits(numbers) == bits(as_numbers(cells)), name
    assert set(table) - {"run"} <= set(runs[0].columns)
    assert set(runs[0].columns) - set(table) <= {"threshold", "trials"}


def test_the_threshold_and_the_trials_are_there_unasked() -> None:
    run = flatland.run(flatland.Experiment("river", "nonmonotone-line-search", steps=50))
    steps = np.isfinite(run.step_size)
    assert steps.sum() == 50
    np.testing.assert_array_equal(run.threshold[steps], 2 / run.step_size[steps])
    assert run["trials"].sum() > 50


def test_columns_lie_in_the_engines_memory_and_cannot_be_written_to() -> None:
    run = flatland.run(flatland.Experiment("river", "constant", steps=100))
    loss = run.loss
    assert loss is run["loss"] and not loss.flags.owndata and not loss.flags.writeable
    again = np.asarray(run._table.column("loss"))
    assert np.shares_memory(loss, again)
    assert loss.__array_interface__["data"] == again.__array_interface__["data"]
    with pytest.raises(ValueError):
        loss[0] = 1
    expected = loss.copy()
    del run, again
    # The array alone keeps the memory.
    [np.ones(101) for _ in range(100)]
    np.testing.assert_array_equal(loss, expected)


def test_iterates_stand_side_by_side() -> None:
    run = flatland.run(flatland.Experiment("river", "constant", start=[0.001, 1], steps=10))
    assert run.x.shape == (11, 2)
    np.testing.assert_array_equal(run.x[0], [0.001, 1])
    np.testing.assert_array_equal(run.x[-1], run.iterate)


def test_a_network_has_its_weights_at_the_end_alone() -> None:
    run = flatland.run(NETWORK)
    # Two inputs, six hidden units, and the outputs that the data set has.
    assert run.x.shape == (26, 0) and run.iterate.size > 6 * 3
    assert np.all(np.isfinite(run.iterate))


def test_outcomes_and_events_are_told() -> None:
    run = flatland.run(flatland.Experiment("double-well", flatland.spec("constant", eta=0.9), start=[0.4]))
    assert (run.outcome.kind, run.outcome.limit) == ("converged", "minimum")
    assert run.outcome.step == len(run) - 1 == run.step[-1]
    assert run.outcome.sentence.startswith(f"converged at step {run.outcome.step}")
    assert run.events and all(run.loss[event.step] == event.loss for event in run.events)


def test_one_of_several_runs_is_named() -> None:
    experiment = flatland.Experiment("river", ["constant", "polyak"])
    with pytest.raises(flatland.FieldError) as caught:
        flatland.run(experiment)
    assert caught.value.field == "runs"
    assert flatland.run(experiment, 1).title == experiment.titles[1]
    for index in (2, -1):
        with pytest.raises(flatland.FieldError) as caught:
            flatland.run(experiment, index)
        assert caught.value.field == f"runs[{index}]"


def test_runs_are_counted_sliced_and_iterated() -> None:
    runs = flatland.runs(flatland.Experiment("river", ["constant", "polyak", "adgd"], steps=5))
    assert len(runs) == 3 and [run.index for run in runs] == [0, 1, 2]
    assert [run.index for run in runs[1:]] == [1, 2] and runs[-1].index == 2


def test_other_threads_go_on_while_the_engine_computes() -> None:
    experiment = flatland.Experiment(
        "river", flatland.spec("constant", eta=0.5), steps=300_000, stop={"gradient_norm": 0}
    )
    counted = 0
    is_over = threading.Event()

    def count() -> None:
        nonlocal counted
        while not is_over.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    begun = time.perf_counter()
    flatland.run(experiment)
    took = time.perf_counter() - begun
    during = counted - before
    is_over.set()
    thread.join()
    # With the interpreter held throughout, the thread would count once or twice. It asks for a turn
    # each millisecond, and a loaded machine may give it one in ten.
    assert during >= max(3, int(100 * took)), (during, took)


def test_an_interrupt_ends_a_run(tmp_path: Any) -> None:
    import signal
    import subprocess
    import sys

    script = (
        "import flatland\n"
        "policy = flatland.spec('constant', eta=0.5)\n"
        "e = flatland.Experiment('river', policy, steps=10_000_000, stop={'gradient_norm': 0})\n"
        "print('ready', flush=True)\n"
        "try:\n    flatland.run(e)\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert out == "interrupted\n"


def test_the_readmes_experiment_runs_from_its_file() -> None:
    run = flatland.runs(flatland.Experiment.read(ROOT / "docs/river.json"))[0]
    assert len(run) > 1
