"""Sweeps on a cluster of Dask distributed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any, NoReturn
from uuid import uuid4

from . import _engine
from ._errors import ClusterError, FieldError
from ._progress import display, is_notebook
from ._work import MEASURED, PARTS_PER_THREAD, Part, Work, size_of_parts

_ONE_ENVIRONMENT = "install the same version on the client, the scheduler and all workers"


def _version() -> str:
    return _engine.__version__


def _receive(work: Work) -> Work:
    return work


def _measure(work: Work) -> float:
    return work.grid().seconds_per_point(MEASURED)


def _compute(first: int, count: int, work: Work) -> bytes:
    # On one core: a worker has a task for each of its threads.
    return work.grid().part(first, count, True)


class Cluster:
    """The workers of a client's cluster, each thread of which computes parts of its own."""

    def __init__(self, client: Any, work: Work, is_shown: bool) -> None:
        """Looks whether all that are there can compute.

        Raises:
            FieldError: If ``client`` is none of Dask distributed.
            ClusterError: If the scheduler does not answer, or it or a worker has another version of
                flatland, or none.
        """
        try:
            self._distributed = importlib.import_module("distributed")
            is_client = isinstance(client, self._distributed.Client) and not client.asynchronous
        except ImportError:
            is_client = False
        if not is_client:
            found = "an asynchronous one" if hasattr(client, "asynchronous") else f"a {type(client).__name__}"
            remedy = "give distributed.Client(cluster)"
            raise FieldError("client", "a Client of Dask distributed that waits for results", found, remedy)
        #: Whether a notebook shows the cluster's own view of the tasks.
        self.shows_progress = is_shown and is_notebook()
        self._client = client
        self._token = uuid4().hex[:12]
        self._check_versions()
        # A task, and no scattered data: should the worker that has it die, it is there again.
        self._work = self._ask(lambda: client.submit(_receive, work, key=f"flatland-work-{self._token}", pure=False))

    @property
    def _scheduler(self) -> str:
        scheduler = self._client.scheduler
        return f"scheduler {scheduler.address}" if scheduler is not None else "scheduler"

    def _check_versions(self) -> None:
        if not self._ask(self._client.nthreads):
            # A cluster that grows on demand has its first worker when there is something to do. One that
            # lacks flatland would go again at its first task, without a word to the client.
            self._result(self._client.submit(abs, 0, key=f"flatland-first-{self._token}", pure=False), "the first task")
        places = {self._scheduler: self._ask(lambda: self._or_error(self._client.run_on_scheduler))}
        answers = self._ask(lambda: self._client.run(_version, on_error="return"))
        places |= {f"worker {address}": answer for address, answer in answers.items()}
        for place, answer in places.items():
            if answer != _engine.__version__:
                found = f"flatland {answer}" if isinstance(answer, str) else _told(answer)
                raise ClusterError(place, f"flatland {_engine.__version__}, as here", found, _ONE_ENVIRONMENT)

    @staticmethod
    def _or_error(run: Callable[[Callable[[], str]], str]) -> str | Exception:
        try:
            return run(_version)
        except (CancelledError, OSError, TimeoutError):
            raise
        except Exception as error:  # whatever comes of a missing or broken package there
            return error

    def _ask(self, question: Callable[[], Any]) -> Any:
        """An answer from the cluster."""
        if self._client.status != "running":
            self._is_gone()
        try:
            return question()
        except (CancelledError, TimeoutError, OSError) as error:
            if isinstance(error, CancelledError) and self._client.status == "running":
                self._is_cancelled(error)
            self._is_gone(error)

    def _is_gone(self, error: BaseException | None = None) -> NoReturn:
        remedy = "start one and connect a new Client; with the same out= finished parts are not computed again"
        raise ClusterError(self._scheduler, "a scheduler that answers", "no connection", remedy) from error

    def _is_cancelled(self, error: BaseException | None = None) -> NoReturn:
        remedy = "call flatland.sweep again; with the same out= finished parts are not computed again"
        raise ClusterError(self._scheduler, "all tasks of the sweep", "some that somebody cancelled", remedy) from error

    def size_of_parts(self, points: int) -> int:
        threads = sum(self._ask(self._client.nthreads).values())
        if 0 < threads and points <= PARTS_PER_THREAD * threads:
            return 1
        future = self._client.submit(_measure, self._work, key=f"flatland-measure-{self._token}", pure=False)
        seconds = self._result(future, "a measured point")
        threads = sum(self._ask(self._client.nthreads).values())
        return size_of_parts(points, seconds, max(threads, 1))

    def _submit(self, parts: Sequence[Part]) -> dict[str, tuple[Part, Any]]:
        """A task for each part: parts and futures by the tasks' keys."""
        keys = [f"flatland-sweep-{self._token}-{part.index}" for part in parts]
        firsts, counts = [part.first for part in parts], [part.count for part in parts]
        submit = lambda: self._client.map(_compute, firsts, counts, work=self._work, key=keys, pure=False)  # noqa: E731
        return {future.key: (part, future) for part, future in zip(parts, self._ask(submit), strict=True)}

    def compute(self, parts: Sequence[Part]) -> Generator[tuple[Part, bytes], None, None]:
        tasks = self._submit(parts)
        if self.shows_progress and tasks:
            display(self._distributed.progress([future for _, future in tasks.values()], notebook=True))
        yield from self._results(tasks)

    def _results(self, tasks: dict[str, tuple[Part, Any]]) -> Iterator[tuple[Part, bytes]]:
        """What comes of the tasks, as it comes; they are forgotten one by one."""
        arriving = self._distributed.as_completed([future for _, future in tasks.values()], raise_errors=False)
        try:
            for batch in arriving.batches():
                for future in batch:
                    if future.status != "finished":
                        self._result(future, _named(tasks[future.key][0]))
                for future, content in zip(batch, self._gather(batch), strict=True):
                    part, _ = tasks.pop(future.key)
                    yield part, content
        finally:
            if tasks and self._client.status == "running":
                self._client.cancel([future for _, future in tasks.values()])

    def _gather(self, futures: list[Any]) -> list[bytes]:
        contents: list[bytes] = self._ask(lambda: self._client.gather(futures))
        return contents

    def _result(self, future: Any, what: str) -> Any:
        """A task's result, or an error that says what there is to be done."""
        try:
            return future.result()
        except CancelledError as error:
            if self._client.status != "running":
                self._is_gone(error)
            self._is_cancelled(error)
        except self._distributed.KilledWorker as error:
            remedy = "look into its log for what ended it, such as too little memory for a network"
            last = f"worker {error.last_worker.address}" if error.last_worker is not None else "workers"
            raise ClusterError(
                last, "a worker that lives", f"several that died while they had {what}", remedy
            ) from error
        except (ImportError, RuntimeError) as error:
            # A worker that came later, or the scheduler.
            if isinstance(error, ClusterError) or not _is_of_environment(error):
                raise
            raise ClusterError("a worker", f"flatland {_engine.__version__}", _told(error), _ONE_ENVIRONMENT) from error


def _is_of_environment(error: BaseException) -> bool:
    return isinstance(error, ImportError) or "deserialization" in str(error)


def _told(error: object) -> str:
    """What an error says, in one line."""
    text = str(error).strip()
    missing = re.search(r"No module named '([\w.]+)'", text)
    if missing:
        return f"no module {missing[1]}"
    return text.splitlines()[0] if text else type(error).__name__


def _named(part: Part) -> str:
    return f"points {part.first} to {part.first + part.count - 1}"
