"""Where the words beside a dot stand: on the side where least is in their way, and inside their panel."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.explore.curves import Point
from bpviz.explore.plot.page import POINTS_PER_INCH, Box, Words
from bpviz.figure.lettering import ASCENT, width

NEAR, FAR = 0.13, 0.34  # inches from a dot to its words
SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1))  # right and above first
AROUND = 0.05  # inches of air around words


def beside(
    place: Point, text: str, size: float, colour: str, box: Box, obstacles: Sequence[Point], *, italic: bool = False
) -> Words:
    """Return words beside a place on the page, clear of the box's edges, and of the obstacles as far as can be."""
    wide, tall = width(text, size) / POINTS_PER_INCH, ASCENT * size / POINTS_PER_INCH
    best, least = place, float("inf")
    for reach in (NEAR, FAR):
        for right, up in SIDES:
            x = _inside(place.x + right * reach - wide * (1 - right) / 2, box.left, box.right - wide)
            y = _inside(place.y + up * reach - tall * (1 - up) / 2, box.bottom, box.top - tall)
            cost = sum(
                x - AROUND < each.x < x + wide + AROUND and y - AROUND < each.y < y + tall + AROUND
                for each in (*obstacles, place)
            )
            if cost < least:
                best, least = Point(x, y), cost
    return Words(best.x, best.y, text, colour, size, italic, halo=True)


def _inside(value: float, low: float, high: float) -> float:
    return max(low + AROUND, min(high - AROUND, value))
