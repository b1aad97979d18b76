"""A folder with the rows of a sweep in parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from . import _engine
from ._errors import FieldError
from ._experiment import write_whole
from ._work import Part, Work, parts

#: What the parts are parts of. Readers of whole folders pass over names that begin like this.
MANIFEST = "_sweep.json"


class Folder:
    """The parts of one sweep: Parquet files that are whole or not there, and a manifest."""

    def __init__(self, path: str | PathLike[str], work: Work) -> None:
        """Looks at a folder, which need not exist yet.

        Raises:
            FieldError: If it holds another sweep.
            OSError: If it cannot be read or made.
        """
        self.path = Path(path)
        self._work = work
        self._points, self._rows = len(work.grid()), work.grid().runs
        self._make()
        #: The points of each part; None in a new folder.
        self.size: int | None = self._read()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise FieldError("out", "a folder", f"a file, {self.path}", "name another one") from error

    def _read(self) -> int | None:
        try:
            manifest: Any = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if next(self.path.glob("*.parquet"), None) is None:
                return None
            raise self._other(f"Parquet files, but no {MANIFEST} that says what they are of") from None
        except ValueError:
            raise self._other(f"a {MANIFEST} that cannot be read") from None
        try:
            version, digest, size = manifest["version"], manifest["digest"], manifest["points_per_part"]
        except (KeyError, TypeError):
            raise self._other(f"a {MANIFEST} without version, digest and points_per_part") from None
        if version != self._work.version:
            raise self._other(f"a sweep that flatland {version} has computed; this is {self._work.version}")
        if digest != self._work.digest:
            raise self._other("another sweep")
        if not isinstance(size, int) or size < 1:
            raise self._other(f"a {MANIFEST} with parts of {size!r} points")
        return size

    def _other(self, found: str) -> FieldError:
        remedy = "name another folder, or delete this one"
        return FieldError(
            "out", "a new folder, or one with parts of this very sweep", f"{found} in {self.path}", remedy
        )

    def __len__(self) -> int:
        """The number of rows of all parts."""
        return self._points * self._rows

    def agreed(self, size: int | None) -> int | None:
        """The points of a part: those asked for, or those that the parts have which are there.

        Raises:
            FieldError: If these differ.
        """
        if self.size is not None and size not in (None, self.size):
            expected = f"{self.size}, as the parts in {self.path} have"
            raise FieldError("points_per_task", expected, str(size), "leave it out, or name another folder")
        return self.size or size

    def begin(self, size: int) -> None:
        """Says what the parts are of, once it is known how many points each has."""
        if self.size is None:
            manifest = {
                "version": self._work.version,
                "digest": self._work.digest,
                "experiment": json.loads(self._work.document),
                "over": dict(self._work.axes),
                "points": self._points,
                "points_per_part": size,
            }
            write_whole(self.path / MANIFEST, (json.dumps(manifest, ensure_ascii=False) + "\n").encode())
            self.size = size

    def missing(self) -> list[Part]:
        """The parts that are not there; one that has been cut off counts as such."""
        return [part for part in self._parts() if _engine.count_rows(self._file(part)) != part.count * self._rows]

    def write(self, part: Part, content: bytes) -> None:
        """Writes a part's file: all of it, or none."""
        write_whole(self._file(part), content)

    def files(self) -> Sequence[Path]:
        """The files of all parts, in the grid's order."""
        return [self._file(part) for part in self._parts()]

    def _parts(self) -> list[Part]:
        return parts(self._points, self.size or self._points)

    def _file(self, part: Part) -> Path:
        return self.path / f"part-{part.index:05}.parquet"
