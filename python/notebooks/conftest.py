"""The notebooks are tests of their own: each is executed from its first cell to its last."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> NotebookFile | None:
    return NotebookFile.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None


class NotebookFile(pytest.File):
    """A notebook; what a cell raises is a failure that shows the cell."""

    def collect(self) -> list[NotebookRun]:
        return [NotebookRun.from_parent(self, name="executed")]


class NotebookRun(pytest.Item):
    def runtest(self) -> None:
        notebook = nbformat.read(self.path, as_version=4)
        nbformat.validate(notebook)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        # Pictures would be in every history of the repository.
        assert not any(cell.outputs for cell in cells), "commit the notebook without outputs"
        client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(self.path.parent)}})
        client.execute()

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.path.name
