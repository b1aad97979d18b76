"""The page's colors, of ``src/chart/palette.rs``; a test compares both."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """What a picture is drawn with."""

    ink: str
    muted: str
    grid: str
    page: str
    beyond: str
    runs: tuple[str, ...]

    def run(self, index: int) -> str:
        """The color of a run, by its number in the experiment."""
        return self.runs[index % len(self.runs)]


LIGHT = Palette(
    ink="#16191d",
    muted="#5b626b",
    grid="#e9ebee",
    page="#ffffff",
    beyond="#0b5cad",
    runs=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7a5c1e", "#5b6270"),
)
DARK = Palette(
    ink="#e9ecf0",
    muted="#9aa3ae",
    grid="#272c33",
    page="#14171b",
    beyond="#5fb0ff",
    runs=("#56a9e0", "#f0883a", "#2dc79b", "#df9cc2", "#8fd0f5", "#f2bd4a", "#c7a768", "#a5adba"),
)


def dashes(index: int) -> tuple[float, float] | None:
    """The dash pattern of a run's line; None where it is solid, as the first four are."""
    place = index % 8
    if place < 4:
        return None
    return (9.0, 3.0) if place < 6 else (3.0, 2.5)
