"""What every piece of a TikZ picture needs: where things stand, lengths and places as TikZ reads them, and overlays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bpviz.figure.dot import Page
from bpviz.figure.geometry import Geometry, Point
from bpviz.figure.lettering import LINE
from bpviz.figure.theme import DOWN, UP

UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


class Overlays(NamedTuple):
    """On which slides of a beamer frame a thing is to be seen, as overlay specifications say it: "3-5,7-".

    numbers and fresh (new ones, highlighted) are by strand and role, lit by spot; what is not named in numbers is
    always there. The document must have the key picture.ON.
    """

    numbers: Mapping[tuple[str, str], str]
    fresh: Mapping[tuple[str, str], str]
    lit: Mapping[str, str]


NONE = Overlays({}, {}, {})


class Canvas(NamedTuple):
    """A page to draw on: lengths of its theme are as much larger or smaller as the figure is."""

    geometry: Geometry
    page: Page
    overlays: Overlays = NONE

    def length(self, points: float) -> str:
        """Return a length of the theme as it is in this figure."""
        return f"{decimal(points * self.geometry.scale)}bp"

    def font(self, size: float) -> str:
        """Return the font of a size of the theme, as an option."""
        return rf"font=\fontsize{{{self.length(size)}}}{{{self.length(size * LINE)}}}\selectfont"

    def room(self, points: float) -> str:
        """Return the option that makes a text smaller, should LaTeX's font set it wider than so many points."""
        return f", bpviz room={self.length(points)}"

    @property
    def is_upright(self) -> bool:
        """Say whether wires run up or down, their numbers beside them."""
        return self.page.direction in (UP, DOWN)


def lit(is_lit: bool, slides: str) -> str:
    """Return the option that highlights a node, on all slides or on some."""
    return f", bpviz on={{<{slides}>{{bpviz lit}}}}" if slides else ", bpviz lit" if is_lit else ""


def node_name(id_: str) -> str:
    """Return what a spot is called in TikZ, for arrows of the paper's own: its id, in letters that TikZ allows.

    >>> node_name("gate-num"), node_name("input-θ")
    ('gate-num', 'input-u3b8-')
    """
    return UNSAFE.sub(lambda found: f"u{ord(found[0]):x}-", id_)


def place(point: Point) -> str:
    """Return a place in points."""
    return f"({decimal(point.x)},{decimal(point.y)})"


def decimal(length: float) -> str:
    """Return a length to a hundredth of a point, no digit more than it needs.

    >>> decimal(58.0), decimal(-0.001)
    ('58', '0')
    """
    text = f"{length:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
