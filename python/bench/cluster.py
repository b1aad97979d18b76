"""What a Dask cluster costs: many short runs on two workers, beside the same in two plain processes.

    cargo xtask wheel
    pip install pkg/flatland-*.whl distributed
    python python/bench/cluster.py

The plain processes compute the same parts of the grid, every second one each, from when both are ready to when both
have ended; they keep the rows. The cluster is one of this machine with a thread for each worker, scheduler and client
being a third process that wants a core, too. Its time is that of all of `flatland.sweep`: asking for versions,
measuring a point, tasks, results, and with a folder its files. Times are medians of alternating calls. Seconds of
processors, of all these processes together and without what Dask's take while they do nothing, say more where others
use the machine too.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import flatland
from flatland import Experiment, spec
from flatland._work import Work, parts

#: How long the cluster is watched doing nothing. Seconds.
IDLE = 5.0

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
    begun, worked = time.perf_counter(), time.process_time()
    kept = [grid.part(part.first, part.count, True) for part in mine]
    ends.put((begun, time.perf_counter(), time.process_time() - worked, len(kept)))


def directly(work: Work, size: int, processes: int) -> tuple[float, float]:
    """Seconds, and seconds of processors, that plain processes take."""
    context = multiprocessing.get_context("spawn")
    ready, ends = context.Barrier(processes), context.Queue()
    arguments = [(work, size, number, processes, ready, ends) for number in range(processes)]
    started = [context.Process(target=compute_share, args=each) for each in arguments]
    for process in started:
        process.start()
    times = [ends.get() for _ in started]
    for process in started:
        process.join()
    elapsed = max(end for _, end, _, _ in times) - min(begun for begun, _, _, _ in times)
    return elapsed, sum(worked for _, _, worked, _ in times)


def of_processors(client: Any) -> float:
    """Seconds of processors so far of this process, where the scheduler is too, and of the workers."""
    workers: dict[str, float] = client.run(time.process_time)
    return time.process_time() + sum(workers.values())


def on_cluster(client: Any, idle: float, call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds, and seconds of processors, that a call takes; of these, more than the cluster takes idle."""
    before, begun = of_processors(client), time.perf_counter()
    call()
    elapsed = time.perf_counter() - begun
    return elapsed, of_processors(client) - before - idle * elapsed


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
    points, size = len(work.grid()), -(-len(work.grid()) // (16 * options.workers))
    print(f"{os.cpu_count()} cores, {options.workers} workers, {points} points of {options.steps} steps")
    plain, memory, files = "plain processes", "cluster", "cluster, with files"
    times: dict[str, list[tuple[float, float]]] = {plain: [], memory: [], files: []}
    with (
        distributed.LocalCluster(
            n_workers=options.workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(options.workers)
        flatland.sweep(whole, fields, client=client)
        before = of_processors(client)
        time.sleep(IDLE)
        idle = (of_processors(client) - before) / IDLE
        print(f"the cluster takes {idle:.3f} of a processor when it does nothing")
        for _ in range(options.repeats):
            times[plain].append(directly(work, size, options.workers))
            times[memory].append(on_cluster(client, idle, lambda: flatland.sweep(whole, fields, client=client)))
            with tempfile.TemporaryDirectory() as folder:
                sweep = partial(flatland.sweep, whole, fields, client=client, out=folder)
                times[files].append(on_cluster(client, idle, sweep))
    print(f"{f'medians of {options.repeats}':<22}{'seconds':>9}{'µs more a point':>17}{'%':>7}", end="")
    print(f"{'of processors':>15}{'µs more a point':>17}{'%':>7}")
    base = [statistics.median(each) for each in zip(*times[plain], strict=True)]
    for name, measured in times.items():
        elapsed, worked = (statistics.median(each) for each in zip(*measured, strict=True))
        more = 1e6 * (elapsed - base[0]) * options.workers / points, 1e6 * (worked - base[1]) / points
        print(f"{name:<22}{elapsed:>9.2f}{more[0]:>17.2f}{100 * (elapsed / base[0] - 1):>7.1f}", end="")
        print(f"{worked:>15.2f}{more[1]:>17.2f}{100 * (worked / base[1] - 1):>7.1f}")


if __name__ == "__main__":
    main()
