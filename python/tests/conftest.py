"""What the tests share: the command line, whose numbers are the ones to meet."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

#: Where the command `flatland` lies.
COMMAND = os.environ.get("FLATLAND_COMMAND")

#: The repository.
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def command() -> Callable[..., str]:
    """Runs the command line on a document and returns what it prints."""
    if COMMAND is None:
        pytest.skip("FLATLAND_COMMAND does not name the command line")
    program = COMMAND

    def run(verb: str, document: Any, *arguments: str) -> str:
        done = subprocess.run(
            [program, verb, "-", *arguments], input=json.dumps(document), capture_output=True, text=True, check=True
        )
        return done.stdout

    return run


def columns_of(text: str) -> dict[str, list[str]]:
    """The columns of a table in CSV, as texts."""
    head, *rows = csv.reader(io.StringIO(text))
    return {name: [row[i] for row in rows] for i, name in enumerate(head)}


def bits(numbers: Any) -> list[str]:
    """Numbers with all their bits; NaN is like NaN."""
    return [float(number).hex() for number in numbers]


def as_numbers(cells: list[str]) -> list[float]:
    """Cells of the command line's tables: nothing stands for NaN."""
    return [float(cell) if cell else np.nan for cell in cells]
