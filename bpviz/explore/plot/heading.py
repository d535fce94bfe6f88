"""The lines above a page's panels: a title, the program in the colour of its value, and what is to be known besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bpviz.explore.plot.page import HEIGHT, POINTS_PER_INCH, WIDTH, Words
from bpviz.figure.lettering import cut, width
from bpviz.figure.theme import Theme

EDGE = 0.3  # inches from the page's edge to the words, left, right and above
LINE = 0.29  # inches from one line to the next
APART = 0.4  # inches at least between the program and the details on its line
BELOW = 0.17  # inches from the last line to the panels


class Heading(NamedTuple):
    """The words, how much of the page's height they take, and how wide a page shows all of them."""

    words: tuple[Words, ...]
    depth: float
    width: float


def heading(
    title: str,
    program: str,
    details: Sequence[str],
    theme: Theme,
    page: tuple[float, float] = (WIDTH, HEIGHT),
    *,
    stacked: bool = False,
) -> Heading:
    """Return the lines above the panels; the details stand right of the program, or under it.

    They do so if there is no room, or if stacked says it: then the depth is the same for every width of the page. The
    program is what labels the curve below, so its colour is that of values.
    """
    room = page[0] - 2 * EDGE
    told = "    ".join(details)
    lines = [[(title, theme.ink, theme.title_size, "left")]] if title else []
    beside, under = (program, theme.value, theme.name_size, "left"), (told, theme.faint, theme.number_size)
    if not stacked and _wide(program, theme.name_size) + _wide(told, theme.number_size) + APART <= room:
        lines.append([beside, (*under, "right")])
    else:
        lines += [[beside], *([[(*under, "left")]] if told else [])]
    words, y = [], page[1] - EDGE / 2
    for line in lines:
        y -= LINE
        for text, colour, size, align in line:
            x = EDGE if align == "left" else page[0] - EDGE
            words.append(Words(x, y, cut(text, room * POINTS_PER_INCH, size), colour, size, align=align))
    wide = max(_wide(text, size) for line in lines for text, _, size, _ in line)
    return Heading(tuple(words), page[1] - y + BELOW, wide + 2 * EDGE)


def _wide(text: str, size: float) -> float:
    return width(text, size) / POINTS_PER_INCH
