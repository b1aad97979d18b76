"""What a Dask cluster costs: many short runs on two workers, beside the same in two plain processes.

    cargo xtask wheel
    pip install pkg/flatland-*.whl distributed
    python python/bench/cluster.py

The plain processes compute the same parts of the grid, every second one each, from when both are ready to when both
have ended; they keep the rows. The cluster is one of this machine with a thread for each worker, scheduler and client
being a third process that wants a core, too. Its time is that of all of `flatland.sweep`: asking for versions,
measuring a point, tasks, results, and with a folder its files. Times are medians of alternating calls.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from typing import Any

import flatland
from flatland import Experiment, spec
from flatland._work import Cores, Work, parts

FIELDS = ("runs[0].policy.eta", "start[1]")


def experiment(steps: int) -> Experiment:
    stop = {"gradient_norm": 0}
    return Experiment("river", spec("constant", eta=0.5), start=[0.001, 1], steps=steps, stop=stop)


def over(points: int) -> dict[str, str]:
    rows = 100
    return {FIELDS[0]: f"log:0.01:0.5:{points // rows}", FIELDS[1]: f"lin:-2:2:{rows}"}


def compute_share(work: Work, size: int, number: int, processes: int, ready: Any, ends: Any) -> None:
    """A plain process: its parts, one after the other."""
    grid = work.grid()
    mine = parts(len(grid), size)[number::processes]
    ready.wait()
    begun = time.perf_counter()
    kept = [grid.part(part.first, part.count, True) for part in mine]
    ends.put((begun, time.perf_counter(), len(kept)))


def directly(work: Work, size: int, processes: int) -> float:
    context = multiprocessing.get_context("spawn")
    ready, ends = context.Barrier(processes), context.Queue()
    arguments = [(work, size, number, processes, ready, ends) for number in range(processes)]
    started = [context.Process(target=compute_share, args=each) for each in arguments]
    for process in started:
        process.start()
    times = [ends.get() for _ in started]
    for process in started:
        process.join()
    return max(end for _, end, _ in times) - min(begun for begun, _, _ in times)


def main() -> None:
    import distributed

    parser = argparse.ArgumentParser(description="flatland.sweep on a cluster beside plain processes")
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    whole, fields = experiment(options.steps), over(options.points)
    work = Work.of(whole, list(fields.items()))
    seconds = work.grid().seconds_per_point(0.5)
    size = -(-len(work.grid()) // (16 * options.workers))
    print(
        f"{os.cpu_count()} cores, {options.workers} workers, {options.points} points of {options.steps} steps, ", end=""
    )
    print(f"{1e6 * seconds:.1f} µs each; medians of {options.repeats}")
    times: dict[str, list[float]] = {
        "plain processes": [],
        "one process, all cores": [],
        "cluster": [],
        "… with files": [],
    }
    with (
        distributed.LocalCluster(
            n_workers=options.workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(options.workers)
        flatland.sweep(whole, fields, client=client)
        for _ in range(options.repeats):
            times["plain processes"].append(directly(work, size, options.workers))
            begun = time.perf_counter()
            Cores(work)._grid.table()
            times["one process, all cores"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            flatland.sweep(whole, fields, client=client)
            times["cluster"].append(time.perf_counter() - begun)
            with tempfile.TemporaryDirectory() as folder:
                begun = time.perf_counter()
                flatland.sweep(whole, fields, client=client, out=folder)
                times["… with files"].append(time.perf_counter() - begun)
    base = statistics.median(times["plain processes"])
    print(f"{'':<24}{'seconds':>9}{'µs a point more':>17}{'percent':>9}")
    for name, measured in times.items():
        median = statistics.median(measured)
        more = 1e6 * (median - base) * options.workers / len(work.grid())
        print(f"{name:<24}{median:>9.3f}{more:>17.2f}{100 * (median / base - 1):>9.1f}")


if __name__ == "__main__":
    main()
