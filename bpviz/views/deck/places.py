"""Where a figure and what is said about it stand on a slide: the same place on every slide of a deck.

A wide figure stands above its equations, a tall one beside them: whichever leaves it larger. Lengths are points.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.errors import UsageError

PAPERS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"16:9": (960.0, 540.0), "4:3": (800.0, 600.0), "a4": (842.0, 595.0)}
)
MARGIN = 40.0  # beside what is on a slide
HEAD, FOOT = 72.0, 30.0  # what the heading takes above, and the page number below
GAP = 20.0  # between the figure and the text
BELOW = (70.0, 35.0, 140.0)  # height under a wide figure: for one equation, for each further one, at most
BESIDE = 400.0  # width for the equations beside a tall figure, at least
MOST_MAGNIFIED = 1.6  # a small figure is not blown up further than this


class Box(NamedTuple):
    """A rectangle, from the slide's upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Places(NamedTuple):
    """The size of the slide, and where the figure and the text stand on it; scale is that of the figure."""

    width: float
    height: float
    figure: Box
    text: Box
    scale: float


def paper_called(paper: str) -> tuple[float, float]:
    """Return the size of a paper by name; raise UsageError for one that is none."""
    try:
        return PAPERS[paper.lower()]
    except KeyError:
        raise UsageError(f"no paper is called {paper}", hint=f"choose one of {', '.join(PAPERS)}") from None


def places(paper: str, figure: tuple[float, float], lines: int = 3) -> Places:
    """Return where things stand on a paper, for a figure of this width and height and at most so many equations."""
    width, height = paper_called(paper)
    wide, tall = width - 2 * MARGIN, height - HEAD - FOOT
    below = min(BELOW[0] + (lines - 1) * BELOW[1], BELOW[2])
    above = min(wide / figure[0], (tall - below - GAP) / figure[1], MOST_MAGNIFIED)
    beside = min((wide - BESIDE - GAP) / figure[0], tall / figure[1], MOST_MAGNIFIED)
    scale = max(above, beside)
    across, up = figure[0] * scale, figure[1] * scale
    if above >= beside:
        left_over = tall - up - GAP - below
        box = Box((width - across) / 2, HEAD + left_over / 4, across, up)
        top = box.y + up + GAP + left_over / 6
        return Places(width, height, box, Box(MARGIN, top, wide, height - FOOT - top), scale)
    box = Box(MARGIN, HEAD + (tall - up) / 2, across, up)
    left = MARGIN + across + 2 * GAP
    return Places(width, height, box, Box(left, HEAD, width - MARGIN - left, tall), scale)
