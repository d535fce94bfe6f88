"""Where a figure and what is said about it stand on a slide: the same place on every slide of a deck.

A wide figure stands above its equations, a tall one beside them: whichever leaves it larger. Lengths are points.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.figure.theme import Theme

PAPERS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"16:9": (960.0, 540.0), "4:3": (800.0, 600.0), "a4": (842.0, 595.0)}
)
MARGIN = 40.0  # beside what is said on a slide
SIDE = 18.0  # beside a figure, which has a margin of its own
HEAD, FOOT = 58.0, 28.0  # what the heading takes above, and the page number below
GAP = 14.0  # between the figure and the text
BELOW = (70.0, 14.0, 140.0)  # height under a wide figure, at least: for one equation, for each further one, at most
USUAL = 36.0  # what more a further equation takes, where there is room
BESIDE = 350.0  # width for the equations beside a tall figure, at least
MOST_MAGNIFIED = 1.5  # a small figure is not blown up further than this
# How a theme's figure is proportioned for a slide, times its own: the numbers large, all else as small as it may be.
ROOMY = {"number_size": 4 / 3, "name_size": 0.93, "operation_size": 0.91, "diameter": 0.7, "rank_gap": 0.7}
TIGHT = {"number_size": 4 / 3, "name_size": 0.86, "operation_size": 0.82, "diameter": 0.6, "rank_gap": 0.6}
LEGIBLE = 12.0  # points of a number on a slide: where a roomy figure's are smaller, it may be a tight one


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

    @property
    def is_beside(self) -> bool:
        """Say whether the words stand beside the figure, not below it."""
        return self.text.y <= self.figure.y


def paper_called(paper: str) -> tuple[float, float]:
    """Return the size of a paper by name; raise UsageError for one that is none."""
    try:
        return PAPERS[paper.lower()]
    except KeyError:
        raise UsageError(f"no paper is called {paper}", hint=f"choose one of {', '.join(PAPERS)}") from None


def looks(theme: Theme) -> tuple[Theme, Theme]:
    """Return a theme in the proportions of a slide: with room for its wires to turn, and with less."""
    roomy, tight = (
        theme._replace(**{name: getattr(theme, name) * share for name, share in shares.items()})
        for shares in (ROOMY, TIGHT)
    )
    return roomy, tight


def places(paper: str, figure: tuple[float, float], lines: int = 3, least: float = 0.0) -> Places:
    """Return where things stand on a paper, for a figure of this width and height and at most so many equations.

    least is the height that something else needs under a wide figure.
    """
    width, height = paper_called(paper)
    wide, tall = width - 2 * SIDE, height - HEAD - FOOT
    below = max(min(BELOW[0] + (lines - 1) * BELOW[1], BELOW[2]), least)
    above = min(wide / figure[0], (tall - below - GAP) / figure[1], MOST_MAGNIFIED)
    beside = min((width - SIDE - 2 * GAP - BESIDE - MARGIN) / figure[0], tall / figure[1], MOST_MAGNIFIED)
    scale = max(above, beside)
    across, up = figure[0] * scale, figure[1] * scale
    if above >= beside:
        left_over = tall - up - GAP - min(below + (lines - 1) * (USUAL - BELOW[1]), tall - up - GAP)
        box = Box((width - across) / 2, HEAD + left_over / 4, across, up)
        top = box.y + up + GAP + left_over / 6
        return Places(width, height, box, Box(MARGIN, top, width - 2 * MARGIN, height - FOOT - top), scale)
    box = Box(SIDE, HEAD + (tall - up) / 2, across, up)
    left = SIDE + across + 2 * GAP
    return Places(width, height, box, Box(left, HEAD, width - MARGIN - left, tall), scale)
