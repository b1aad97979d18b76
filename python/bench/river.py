"""How long a million steps on the river take: in Python with all columns, and on the command line.

    cargo build --release --package flatland-cli
    cargo xtask wheel
    pip install pkg/flatland-*.whl
    python python/bench/river.py target/release/flatland

The command line's engine time is that of a sweep over one point, which computes every row and prints
one; what the same command takes for no steps is taken off. The second time of Python includes a look
at every column: columns that go on as they began get their memory only then. Times are medians of
alternating calls. Rows are kept by a second thread, so that a busy machine shows larger ratios.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from typing import Any

import flatland

#: Columns on request that cost little beside a step, so that the time is that of keeping rows.
MORE = ["threshold", "l_approx", "l_bb1", "l_bb2", "l_bb3"]


def experiment(steps: int, columns: list[str]) -> flatland.Experiment:
    policy = flatland.spec("constant", eta=0.5)
    stop = {"gradient_norm": 0}
    return flatland.Experiment("river", policy, start=[0.001, 1], steps=steps, stop=stop, columns=columns)


def command(program: str, document: dict[str, Any]) -> float:
    """Seconds that the command line takes for one point of a sweep."""
    arguments = [program, "sweep", "-", "--over", "runs[0].policy.eta=0.5"]
    begun = time.perf_counter()
    subprocess.run(arguments, input=json.dumps(document), text=True, check=True, capture_output=True)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description="flatland.run beside the command line's engine")
    parser.add_argument("command", help="the release build of the command flatland")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    print(f"{'columns':<20}{'command line':>14}{'flatland.run':>14}{'ratio':>7}{'all looked at':>16}{'ratio':>7}")
    for name, columns in (("the usual ones", []), ("5 more on request", MORE)):
        whole, none = experiment(options.steps, columns), experiment(0, columns)
        engine, package, looked = [], [], []
        for _ in range(options.repeats):
            engine.append(command(options.command, whole.document) - command(options.command, none.document))
            begun = time.perf_counter()
            run = flatland.run(whole)
            package.append(time.perf_counter() - begun)
            assert all(len(run[column]) == options.steps + 1 for column in run.columns)
            looked.append(time.perf_counter() - begun)
            del run
        there, here, all_of_it = (statistics.median(times) for times in (engine, package, looked))
        print(
            f"{name:<20}{there:>12.3f} s{here:>12.3f} s{here / there:>7.2f}"
            f"{all_of_it:>14.3f} s{all_of_it / there:>7.2f}"
        )


if __name__ == "__main__":
    main()
