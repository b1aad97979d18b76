"""The files of the Lab's page that the wheel holds, for the widget."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_HERE = Path(__file__).parent
_FOLDER = _HERE / "_page"
#: The ending of a file that is stored with gzip; `xtask/src/notebook.rs` gives it.
_PACKED = ".packed"


@functools.cache
def _files() -> dict[str, Path]:
    """Where each file is, by its name in the page."""
    files = {"frame.js": _HERE / "_frame.js"}
    for path in _FOLDER.rglob("*"):
        if path.is_file():
            files[path.relative_to(_FOLDER).as_posix().removesuffix(_PACKED)] = path
    return files


def is_there() -> bool:
    """Whether this package has been built with the page."""
    return "index.html" in _files()


@functools.cache
def build() -> str:
    """A name for the content of all files."""
    digest = hashlib.sha256()
    for name, path in sorted(_files().items()):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read(name: str) -> tuple[bytes, str] | None:
    """The content of a file with its encoding, ``"gzip"`` or none.

    None for a file that is not in the package.
    """
    path = _files().get(name)
    if path is None:
        return None
    return path.read_bytes(), "gzip" if path.suffix == _PACKED else ""
