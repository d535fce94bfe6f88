"""Themes: how a figure looks, one row of THEME_TABLE each, and no code.

To add a theme, add a row. Every colour that carries text must have a contrast of at least 4.5 : 1 with its background,
and value and gradient must differ in hue for the colour-blind; tests/figure/test_theme.py measures both. Lengths are
points, 72 to the inch.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.errors import UsageError

UP, DOWN, RIGHT, LEFT = "up", "down", "right", "left"

DIRECTIONS = (UP, DOWN, RIGHT, LEFT)  # where the values flow to
OPERATION = "op"
LABELS = ("name", OPERATION, "both")  # what stands in a circle: the gate's name, its operation, or both


class Theme(NamedTuple):
    """How a figure looks, and the direction and labels that it has when nothing else is asked for.

    value, gradient            colours of the numbers
    ink                        colour of lines and names
    faint                      colour of the operation under a name
    highlight                  colour behind a gate or a number that is highlighted
    positive, negative, dry    colours of wires by the sign of their gradients (dry: 0), which dashes tell in grey
    boxes                      whether inputs and the output stand in boxes
    arrows                     whether wires end in arrowheads at their gates
    diameter                   of a circle with a name in it; symbol_diameter of one with its operation only
    rank_gap                   between ranks, where wires turn; with much less than 15, Graphviz gives up bending them
    node_gap                   between neighbours on a rank
    slot                       least height of the room over a line to write on
    dark                       the theme whose colours an SVG takes where the reader's screen is dark, "" for none
    """

    name: str
    value: str
    gradient: str
    direction: str = UP
    labels: str = "both"
    background: str = "#ffffff"
    ink: str = "#000000"
    faint: str = "#595959"
    highlight: str = "#ffeaa3"
    positive: str = "#4a86c5"
    negative: str = "#d9822b"
    dry: str = "#8a8a8a"
    boxes: bool = True
    arrows: bool = False
    diameter: float = 44.0
    symbol_diameter: float = 28.0
    name_size: float = 14.0
    operation_size: float = 11.0
    symbol_size: float = 16.0
    number_size: float = 12.0
    title_size: float = 16.0
    rank_gap: float = 8.0
    node_gap: float = 6.0
    slot: float = 0.0
    dark: str = ""


# fmt: off
THEME_TABLE: tuple[Theme, ...] = (
    Theme(name="drawio", value="#00697a", gradient="#b93a0b"),
    Theme(name="cs231n", value="#006b54", gradient="#dc2a10", highlight="#ffff90",
          direction=RIGHT, labels="op", boxes=False, arrows=True),
    Theme(name="print", value="#000000", gradient="#555555", highlight="#e2e2e2",
          positive="#333333", negative="#999999"),
    Theme(name="dark", value="#5fd3e0", gradient="#ff9e64",
          background="#16181d", ink="#f2f2f2", faint="#b4b8c0", highlight="#4d4419",
          positive="#5b9ee0", negative="#e08a3c", dry="#8f949e"),
    Theme(name="auto", value="#00697a", gradient="#b93a0b", dark="dark"),
)
# fmt: on

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in THEME_TABLE})


class Appearance(NamedTuple):
    """How a figure as a whole looks: its theme, its direction, its title, its width in inches (None for its own)."""

    theme: Theme
    direction: str
    title: str = ""
    width: float | None = None
    transparent: bool = False


def find_theme(theme: str | Theme) -> Theme:
    """Return the theme of a name, or the theme itself; raise UsageError for an unknown name."""
    if isinstance(theme, Theme):
        return theme
    return THEMES[_check_choice("theme", theme, tuple(THEMES))]


def check_direction(direction: str) -> str:
    """Return the direction if it is one of up, down, right and left; raise UsageError if not."""
    return _check_choice("direction", direction, DIRECTIONS)


def check_labels(labels: str) -> str:
    """Return what stands in a circle if it is one of name, op and both; raise UsageError if not."""
    return _check_choice("labels", labels, LABELS)


def _check_choice(what: str, given: str, known: tuple[str, ...]) -> str:
    if given not in known:
        raise UsageError(f"no {what} is called {given}", hint=f"choose one of {', '.join(known)}")
    return given
