"""Sweeps on a cluster of real worker processes, and in folders: nothing lost, nothing twice, and errors that
name the thing."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT, as_numbers, bits, columns_of

import flatland
from flatland import ClusterError, Experiment, FieldError, spec
from flatland._work import parts, size_of_parts

distributed = pytest.importorskip("distributed")
pyarrow_parquet = pytest.importorskip("pyarrow.parquet")
polars = pytest.importorskip("polars")

#: Of its own processes and sockets the cluster tells, when it is told to end in the middle of something.
pytestmark = pytest.mark.filterwarnings("ignore")

EXPERIMENT = Experiment("river", [spec("constant", eta=0.5), "polyak"], start=[0.001, 1], steps=2000)
FIELDS = {"runs[0].policy.eta": "log:0.01:2:20", "start[1]": np.linspace(-2, 2, 10)}
POINTS = 200


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    with distributed.Client(cluster) as client:
        client.wait_for_workers(2)
        yield client


@pytest.fixture(scope="module")
def expected() -> flatland.Sweep:
    return flatland.sweep(EXPERIMENT, FIELDS)


def assert_same(sweep: flatland.Sweep, expected: flatland.Sweep) -> None:
    assert sweep.columns == expected.columns and len(sweep) == len(expected)
    for name in expected.columns:
        if expected[name].dtype.kind in "if":
            assert bits(sweep[name]) == bits(expected[name]), name
        else:
            assert sweep[name].tolist() == expected[name].tolist()


def assert_each_point_once(folder: Path, points: int = POINTS, runs: int = 2) -> None:
    table = polars.read_parquet(folder / "*.parquet")
    assert table["point"].to_list() == [point for point in range(points) for _ in range(runs)]


class Counts(list[tuple[int, int]]):
    """What a sweep says of its progress; at some point something may happen."""

    def __init__(self, then: Callable[[], Any] = lambda: None, at: int = POINTS + 1) -> None:
        self._then, self._at = then, at

    def __call__(self, done: int, points: int) -> None:
        self.append((done, points))
        if done >= self._at:
            self._at = points + 1
            self._then()


def test_a_cluster_has_the_rows_of_this_process(client: Any, expected: flatland.Sweep) -> None:
    counts = Counts()
    sweep = flatland.sweep(EXPERIMENT, FIELDS, client=client, progress=counts)
    assert sweep.folder is None
    assert_same(sweep, expected)
    assert counts[0] == (0, POINTS) and counts[-1] == (POINTS, POINTS) and sorted(counts) == counts


def test_a_worker_that_is_killed_costs_nothing(client: Any, tmp_path: Path, expected: flatland.Sweep) -> None:
    pids = set(client.run(os.getpid).values())
    assert len(pids) == 2
    counts = Counts(lambda: os.kill(min(pids), signal.SIGKILL), at=20)
    sweep = flatland.sweep(
        EXPERIMENT, FIELDS, client=client, out=tmp_path / "parts", points_per_task=2, progress=counts
    )
    assert_same(sweep, expected)
    assert_each_point_once(tmp_path / "parts")
    assert len(counts) == 1 + POINTS // 2 and min(pids) not in client.run(os.getpid).values()
    client.wait_for_workers(2)


def test_a_sweep_goes_on_after_a_client_that_died(client: Any, tmp_path: Path, expected: flatland.Sweep) -> None:
    out = tmp_path / "parts"
    script = """
import os, signal, sys
import distributed, flatland, numpy
experiment, out, address = sys.argv[1:]
die = lambda done, points: done >= 60 and os.kill(os.getpid(), signal.SIGKILL)
fields = {"runs[0].policy.eta": "log:0.01:2:20", "start[1]": numpy.linspace(-2, 2, 10)}
flatland.sweep(experiment, fields, client=distributed.Client(address), out=out, points_per_task=5, progress=die)
"""
    arguments = [sys.executable, "-c", script, EXPERIMENT.to_json(), out, client.scheduler.address]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    there = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert len(there) == 12
    counts = Counts()
    # The size of the parts is known from the folder.
    sweep = flatland.sweep(EXPERIMENT, FIELDS, client=client, out=out, progress=counts)
    assert_same(sweep, expected)
    assert_each_point_once(out)
    assert counts[0] == (60, POINTS) and len(counts) == 1 + 28
    assert all(path.stat().st_mtime_ns == when for path, when in there.items())
    # All is there, and nothing is computed.
    assert_same(flatland.sweep(EXPERIMENT, FIELDS, out=out, progress=(again := Counts())), expected)
    assert again == [(POINTS, POINTS)]
    assert_same(flatland.sweep(EXPERIMENT, FIELDS, out=out, client=client), expected)


def test_a_scheduler_that_dies_is_named(tmp_path: Path, expected: flatland.Sweep) -> None:
    out, file = tmp_path / "parts", tmp_path / "scheduler.json"
    quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file], **quiet
    )
    worker = subprocess.Popen(
        [*dask, "worker", "--scheduler-file", file, "--no-nanny", "--no-dashboard", "--nthreads", "1"], **quiet
    )
    while not file.exists() and scheduler.poll() is None:
        time.sleep(0.05)
    client = distributed.Client(scheduler_file=str(file))
    try:
        address = client.scheduler.address
        counts = Counts(scheduler.kill, at=20)
        with pytest.raises(ClusterError) as caught:
            flatland.sweep(EXPERIMENT, FIELDS, client=client, out=out, points_per_task=4, progress=counts)
        assert caught.value.place == f"scheduler {address}" and "no connection" in str(caught.value)
        with pytest.raises(ClusterError):
            flatland.sweep(EXPERIMENT, FIELDS, client=client, out=out)
        there = len(list(out.glob("*.parquet")))
        assert 5 <= there < 50
        # What is missing can be computed anywhere.
        assert_same(flatland.sweep(EXPERIMENT, FIELDS, out=out, progress=(again := Counts())), expected)
        assert again[0][0] == 4 * there
    finally:
        # What it has to say of a scheduler that is gone is known.
        with contextlib.suppress(TimeoutError):
            client.close(0)
        for process in (scheduler, worker):
            process.kill()
            process.wait()


def test_a_worker_that_has_another_version_or_none_is_named(client: Any) -> None:
    address = next(iter(client.scheduler_info()["workers"]))

    def pretend(version: str) -> str:
        import flatland._engine as engine

        before, engine.__version__ = engine.__version__, version
        return before

    def hide(name: str) -> Any:
        return sys.modules.update({name: None})  # type: ignore[dict-item]

    def show(name: str) -> Any:
        return sys.modules.pop(name, None) and None

    client.run(pretend, "0.0.9", workers=[address])
    with pytest.raises(ClusterError) as caught:
        flatland.sweep(EXPERIMENT, FIELDS, client=client)
    assert caught.value.place == f"worker {address}" and caught.value.found == "flatland 0.0.9"
    client.run(pretend, flatland.__version__, workers=[address])
    client.run(hide, "flatland._cluster", workers=[address])
    with pytest.raises(ClusterError) as caught:
        flatland.sweep(EXPERIMENT, FIELDS, client=client)
    assert caught.value.place == f"worker {address}" and "flatland._cluster" in caught.value.found
    client.run(show, "flatland._cluster", workers=[address])
    assert len(flatland.sweep(EXPERIMENT, {"start[1]": [1.0]}, client=client)) == 2


def test_files_of_data_travel_to_the_workers(client: Any, tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    table = random.normal(size=(60, 3))
    np.savetxt(tmp_path / "table.csv", table, delimiter=",", header="a,b,c", comments="")
    document = {
        "version": 1,
        "objective": {"name": "network", "hidden": [4], "data": {"name": "file", "path": "table.csv"}},
        "runs": [{"policy": {"name": "constant", "eta": 0.1}}],
        "steps": 5,
    }
    experiment = Experiment.from_document(document, tmp_path)
    fields = {"seed": "lin:0:3:4"}
    expected = flatland.sweep(experiment, fields)
    out = tmp_path / "parts"
    assert_same(flatland.sweep(experiment, fields, client=client, out=out, points_per_task=1), expected)
    # Another table under the same name is another sweep.
    np.savetxt(tmp_path / "table.csv", table + 1, delimiter=",", header="a,b,c", comments="")
    with pytest.raises(FieldError, match="another sweep"):
        flatland.sweep(experiment, fields, out=out)
    (tmp_path / "table.csv").unlink()
    with pytest.raises(OSError, match=r"table\.csv"):
        flatland.sweep(experiment, fields, client=client)


def test_what_does_not_go_together_is_named_from_afar(client: Any) -> None:
    policy = spec("cyclic", eta_min=0.1, eta_max=0.3)
    fields = {"runs[0].policy.eta_min": [0.1, 0.5], "runs[0].policy.eta_max": [0.4, 0.6]}
    with pytest.raises(FieldError) as caught:
        flatland.sweep(Experiment("double-well", policy, steps=5), fields, client=client)
    with pytest.raises(FieldError) as here:
        flatland.sweep(Experiment("double-well", policy, steps=5), fields)
    assert str(caught.value) == str(here.value)


@pytest.mark.parametrize("given", [3, "tcp://localhost:8786"])
def test_what_is_no_client_is_refused(given: Any) -> None:
    with pytest.raises(FieldError) as caught:
        flatland.sweep(EXPERIMENT, FIELDS, client=given)
    assert caught.value.field == "client"


def test_a_folder_of_anything_else_is_refused(tmp_path: Path) -> None:
    small = {"start[1]": [1.0, 2.0, 3.0]}
    out = tmp_path / "parts"
    sweep = flatland.sweep(EXPERIMENT, small, out=out, points_per_task=2)
    assert sweep.folder == out and len(sweep) == 6
    names = {path.name for path in out.iterdir()}
    assert names == {"_sweep.json", "part-00000.parquet", "part-00001.parquet"}
    before = {path: path.read_bytes() for path in out.iterdir()}

    def refused(field: str, part: str, experiment: Experiment = EXPERIMENT, **given: Any) -> None:
        arguments = {"out": out} | given
        with pytest.raises(FieldError) as caught:
            flatland.sweep(experiment, arguments.pop("over", small), **arguments)
        assert caught.value.field == field and part in str(caught.value), caught.value

    refused("out", "another sweep", over={"start[1]": [1.0, 2.0, 3.5]})
    refused("out", "another sweep", Experiment("river", "constant", steps=9))
    refused("points_per_task", "2, as the parts", points_per_task=3)
    refused("points_per_task", "above 0", points_per_task=0)
    refused("progress", "True, or a function", progress=3)
    assert before == {path: path.read_bytes() for path in out.iterdir()}
    # The same values, written otherwise, are the same sweep.
    assert len(flatland.sweep(EXPERIMENT, {"start[1]": "lin:1:3:3"}, out=out)) == 6
    manifest = json.loads((out / "_sweep.json").read_text())
    assert manifest["experiment"]["steps"] == 2000 and manifest["over"] == small and manifest["points"] == 3
    (out / "_sweep.json").write_text(json.dumps(manifest | {"version": "0.0.9"}))
    refused("out", "flatland 0.0.9")
    (out / "_sweep.json").write_text("{")
    refused("out", "cannot be read")
    (out / "_sweep.json").unlink()
    refused("out", "no _sweep.json")
    (tmp_path / "file").write_text("mine")
    refused("out", "a file", out=tmp_path / "file")


def test_a_part_that_is_cut_off_is_computed_again(tmp_path: Path, expected: flatland.Sweep) -> None:
    flatland.sweep(EXPERIMENT, FIELDS, out=tmp_path, points_per_task=50)
    part = tmp_path / "part-00002.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[:-100])
    assert_same(flatland.sweep(EXPERIMENT, FIELDS, out=tmp_path, progress=(counts := Counts())), expected)
    assert counts == [(150, POINTS), (POINTS, POINTS)] and part.read_bytes() == whole


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="files have no limits here")
def test_a_full_disk_is_named_and_leaves_whole_parts(tmp_path: Path) -> None:
    script = """
import resource, sys
import flatland
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    flatland.sweep(sys.argv[1], {"start[1]": "lin:1:2:40"}, out=sys.argv[2], points_per_task=10)
except OSError as error:
    print(error)
"""
    out = tmp_path / "parts"
    done = subprocess.run([sys.executable, "-c", script, EXPERIMENT.to_json(), out], capture_output=True, text=True)
    assert f"cannot write {out}/part-00000.parquet: File too large" in done.stdout, done.stderr
    assert [path.name for path in out.iterdir()] == ["_sweep.json"]
    sweep = flatland.sweep(EXPERIMENT, {"start[1]": "lin:1:2:40"}, out=out, progress=(counts := Counts()))
    assert counts[0] == (0, 40) and len(sweep) == 80
    assert_each_point_once(out, points=40)


def test_parts_are_read_by_other_libraries(tmp_path: Path, command: Callable[..., str]) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    out = tmp_path / "parts"
    sweep = flatland.sweep(EXPERIMENT, FIELDS, out=out, points_per_task=30)
    read = dataset.dataset(out).to_table().sort_by([("point", "ascending"), ("run", "ascending")])
    frame = polars.scan_parquet(out / "*.parquet").collect()
    table = columns_of(command("sweep", EXPERIMENT.document, *over_of(FIELDS)))
    assert tuple(read.column_names) == tuple(frame.columns) == ("point", *sweep.columns)
    for name in sweep.columns:
        if name not in ("policy", "outcome"):
            assert bits(sweep[name]) == bits(read[name].to_numpy()) == bits(as_numbers(table[name])), name
            assert bits(frame[name].to_numpy()) == bits(sweep[name])
    metadata = pyarrow_parquet.read_schema(out / "part-00000.parquet")
    assert metadata.field("end_step").metadata[b"unit"] == b"steps"
    assert json.loads(metadata.metadata[b"flatland.experiment"])["steps"] == 2000


def over_of(fields: dict[str, Any]) -> list[str]:
    """The command line's arguments for a sweep over some fields."""
    texts = {field: values if isinstance(values, str) else ",".join(map(repr, map(float, values)))
             for field, values in fields.items()}  # fmt: skip
    return [part for field, text in texts.items() for part in ("--over", f"{field}={text}")]


def test_the_command_lines_files_are_read_by_other_libraries(tmp_path: Path, command: Callable[..., str]) -> None:
    over = over_of(FIELDS)
    document = EXPERIMENT.document
    table = columns_of(command("sweep", document, *over))
    command("sweep", document, *over, "--out", str(tmp_path / "whole.parquet"))
    for shard in range(1, 4):
        command("sweep", document, *over, "--out", str(tmp_path / f"shard-{shard}.parquet"), "--shard", f"{shard}/3")
    whole = pyarrow_parquet.read_table(tmp_path / "whole.parquet")
    shards = polars.read_parquet(tmp_path / "shard-*.parquet").sort("point", "run")
    for name, cells in table.items():
        if name in ("policy", "outcome"):
            assert whole[name].to_pylist() == shards[name].to_list() == cells
        else:
            assert bits(whole[name].to_numpy()) == bits(shards[name].to_numpy()) == bits(as_numbers(cells)), name


def test_progress_is_a_line_where_there_is_no_tqdm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    flatland.sweep(EXPERIMENT, {"start[1]": [1.0, 2.0]}, out=tmp_path, points_per_task=1, progress=True)
    assert capsys.readouterr().err == "\r0 of 2 points\r1 of 2 points\r2 of 2 points\n"


def test_parts_are_large_beside_a_tasks_cost_and_small_beside_the_sweep() -> None:
    # Some short points on few threads: as many tasks as keep all busy to the end.
    assert size_of_parts(100_000, 50e-6, 2) == 6250
    # Many more: a second each.
    assert size_of_parts(10_000_000, 50e-6, 2) == 20_000
    # What is done at once is one task.
    assert size_of_parts(100, 50e-6, 8) == 100
    # Where a point takes minutes, each is a task.
    assert size_of_parts(100, 120.0, 8) == 1
    # On a thousand threads tasks are longer, so that one process can hand them out.
    assert size_of_parts(10_000_000, 0.1, 1000) == 1000
    for points, size in ((1, 1), (10, 3), (10, 10)):
        assert [point for part in parts(points, size) for point in range(part.first, part.first + part.count)] == list(
            range(points)
        )


def test_the_sources_name_the_version_that_the_tests_have() -> None:
    assert f"distributed=={distributed.__version__}" in (ROOT / "python/requirements.txt").read_text()
