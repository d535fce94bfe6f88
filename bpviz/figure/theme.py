"""Themes: what a figure looks like, one row each, and no code.

Every colour that carries text has a contrast of at least 4.5 : 1 with its background, and value and gradient differ
in hue for the colour-blind; tests/test_theme.py measures both. Lengths are points, 72 to the inch.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.errors import UsageError

UP, DOWN, RIGHT, LEFT = "up", "down", "right", "left"

DIRECTIONS = (UP, DOWN, RIGHT, LEFT)  # where the values flow to
LABELS = ("name", "op", "both")  # what stands in a circle: the gate's name, its operation, or both


class Theme(NamedTuple):
    """One row: how a figure looks, and the direction and labels it has when nothing else is asked for.

    ink       lines and names
    faint     the operation under a name
    boxes     inputs and output stand in boxes
    arrows    wires end in arrowheads at their gates
    positive, negative, dry   a river by its gradient's sign; they carry no letters, and differ in grey too
    lit       behind a gate or a number that is highlighted
    diameter  of a circle with a name in it; symbol_diameter of one with its operation only
    rank_gap  between ranks, where wires turn: much less than 15, and Graphviz gives up bending them
    node_gap  between neighbours on a rank
    slot      how high the room over a line to write on is, at least
    """

    name: str
    value: str
    gradient: str
    direction: str = UP
    labels: str = "both"
    background: str = "#ffffff"
    ink: str = "#000000"
    faint: str = "#595959"
    lit: str = "#ffeaa3"
    positive: str = "#4a86c5"
    negative: str = "#d9822b"
    dry: str = "#8a8a8a"
    boxes: bool = True
    arrows: bool = False
    diameter: float = 58.0
    symbol_diameter: float = 40.0
    name_size: float = 14.0
    operation_size: float = 11.0
    symbol_size: float = 16.0
    number_size: float = 12.0
    title_size: float = 16.0
    rank_gap: float = 20.0
    node_gap: float = 12.0
    slot: float = 0.0


# fmt: off
TABLE: tuple[Theme, ...] = (
    Theme(name="drawio", value="#00697a", gradient="#b93a0b"),
    Theme(name="cs231n", value="#006b54", gradient="#dc2a10", lit="#ffff90",
          direction=RIGHT, labels="op", boxes=False, arrows=True),
    Theme(name="print", value="#000000", gradient="#555555", lit="#e2e2e2", positive="#333333", negative="#999999"),
    Theme(name="dark", value="#5fd3e0", gradient="#ff9e64",
          background="#16181d", ink="#f2f2f2", faint="#b4b8c0", lit="#4d4419",
          positive="#5b9ee0", negative="#e08a3c", dry="#8f949e"),
)
# fmt: on

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in TABLE})


def theme_called(theme: str | Theme) -> Theme:
    """Return a theme by name, or the theme itself; raise UsageError for a name that is none."""
    if isinstance(theme, Theme):
        return theme
    return THEMES[_one_of("theme", theme, tuple(THEMES))]


def direction_called(direction: str) -> str:
    """Return a direction if it is one of up, down, right and left; raise UsageError if not."""
    return _one_of("direction", direction, DIRECTIONS)


def labels_called(labels: str) -> str:
    """Return what stands in a circle if it is one of name, op and both; raise UsageError if not."""
    return _one_of("labels", labels, LABELS)


def _one_of(what: str, given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise UsageError(f"no {what} is called {given}", hint=f"choose one of {', '.join(known)}")
    return given
