"""Where things stand on a slide, and how large: the figure, what is said about it, and the table of all numbers.

The figure stands in the same place on every slide of a deck. A wide figure stands above its equations and a tall one
beside them, whichever leaves it larger. A table is cut into parts side by side, as many as make its letters largest.
Lengths are points, 72 to the inch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple, TypeVar

from bpviz.figure.fitting import Room
from bpviz.figure.lettering import width
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding
from bpviz.lecture.papers import SLIDES, find_paper
from bpviz.lecture.slides import NumberTable, Slide, format_words

MARGIN = 40.0  # beside what is said on a slide
FIGURE_MARGIN = 18.0  # beside a figure, which has a margin of its own
HEADING_HEIGHT, FOOTER_HEIGHT = 58.0, 28.0  # for the heading above, and for the page number below
GAP = 14.0  # between the figure and the text
LEAST_TEXT_HEIGHT = 70.0  # under a wide figure, for one equation
LEAST_LINE_HEIGHT = 14.0  # and so much more for each further one,
MOST_RESERVED_HEIGHT = 140.0  # up to this: then equations are made smaller, not the figure
LINE_HEIGHT = 36.0  # for each further one where there is room
LEAST_TEXT_WIDTH = 350.0  # for the equations beside a tall figure
MOST_MAGNIFIED = 1.5  # a small figure is not blown up further than this, to numbers of 24 points

# On a slide numbers are larger than in a figure of its own, times so much, and ranks are closer.
LARGER_NUMBERS, CLOSER_RANKS = 4 / 3, 0.7
LEGIBLE = 12.0  # points: where numbers are so large, names stand in the circles and each input stands once

ROW_HEIGHT, COLUMN_GAP, PART_GAP = 1.61, 0.78, 1.8  # of a table, in em
WIDEST_CELL = 18.0  # em: a cell of more words is wrapped, or made smaller
MOST_PARTS = 4  # of a table, side by side
TABLE_SLIDE = (880.0, 420.0)  # the room for a table that has a slide to itself
LEAST_LETTERS, LARGEST_LETTERS = 11.0, 18.0  # of such a table
SMALL_LETTERS, USUAL_PARTS = 9.0, 3  # of a table under a figure
TABLE_NOTE = 18.0  # the height of a line of words over a table
FEW_ROWS = 13  # of a table that stays on one slide however small its letters are

Item = TypeVar("Item")


class DeckOptions(NamedTuple):
    """How a deck looks; it chooses among directions, labels and, where inputs is None, where shared inputs stand."""

    theme: Theme
    labels: tuple[str, ...]
    directions: tuple[str, ...]
    inputs: str | None
    branch: bool
    rounding: Rounding
    paper: str
    notes: bool
    handout: bool
    engine: str


class Area(NamedTuple):
    """A rectangle on a slide, from the slide's upper left corner."""

    x: float
    y: float
    width: float
    height: float


class SlideLayout(NamedTuple):
    """The size of a slide and where the figure and the text stand on it; scale is how much the figure is magnified."""

    width: float
    height: float
    figure: Area
    text: Area
    scale: float

    @property
    def is_beside(self) -> bool:
        """Whether the text stands beside the figure, not below it."""
        return self.text.y <= self.figure.y


def enlarge_numbers(theme: Theme) -> Theme:
    """Give a theme the proportions of a slide, which is read from further away than a page."""
    return theme._replace(
        number_size=theme.number_size * LARGER_NUMBERS,
        rank_gap=theme.rank_gap * CLOSER_RANKS,
    )


def measure_rooms(paper: str, lines: int = 3, table_height: float = 0.0) -> list[Room]:
    """Measure the rooms that a figure may have on a slide: above what is said about it, and beside that.

    lines is how many lines the text has on the fullest slide, table_height what a table needs under a wide figure.
    Raises UsageError for a paper that is none.
    """
    width, height = find_paper(paper, SLIDES)
    tall = height - HEADING_HEIGHT - FOOTER_HEIGHT
    reserved = max(min(LEAST_TEXT_HEIGHT + (lines - 1) * LEAST_LINE_HEIGHT, MOST_RESERVED_HEIGHT), table_height)
    above = width - 2 * FIGURE_MARGIN, tall - reserved - GAP
    beside = width - FIGURE_MARGIN - 2 * GAP - LEAST_TEXT_WIDTH - MARGIN, tall
    return [above, beside]


def lay_out_slide(paper: str, figure: tuple[float, float], lines: int = 3, table_height: float = 0.0) -> SlideLayout:
    """Place a figure of this width and height on a slide, and the text under it or beside it, as in measure_rooms."""
    width, height = find_paper(paper, SLIDES)
    rooms = measure_rooms(paper, lines, table_height)
    scale_above, scale_beside = (min(room[0] / figure[0], room[1] / figure[1], MOST_MAGNIFIED) for room in rooms)
    scale = max(scale_above, scale_beside)
    across, up = figure[0] * scale, figure[1] * scale
    tall = height - HEADING_HEIGHT - FOOTER_HEIGHT
    if scale_above >= scale_beside:
        comfortable = tall - GAP - rooms[0][1] + (lines - 1) * (LINE_HEIGHT - LEAST_LINE_HEIGHT)
        left_over = tall - up - GAP - min(comfortable, tall - up - GAP)
        above = Area((width - across) / 2, HEADING_HEIGHT + left_over / 4, across, up)
        top = above.y + up + GAP + left_over / 6
        text = Area(MARGIN, top, width - 2 * MARGIN, height - FOOTER_HEIGHT - top)
        return SlideLayout(width, height, above, text, scale)
    beside = Area(FIGURE_MARGIN, HEADING_HEIGHT + (tall - up) / 2, across, up)
    left = FIGURE_MARGIN + across + 2 * GAP
    return SlideLayout(width, height, beside, Area(left, HEADING_HEIGHT, width - MARGIN - left, tall), scale)


def reserve_table_height(slide: Slide) -> float:
    """Work out how high the room under a figure must be, so that a slide's table and its lines can be read there."""
    if not slide.table or not slide.table.rows:
        return 0.0
    rows = 1 + -(-len(slide.table.rows) // USUAL_PARTS)
    return rows * ROW_HEIGHT * SMALL_LETTERS + TABLE_NOTE * len(slide.lines)


def split_over_slides(table: NumberTable) -> list[NumberTable]:
    """Cut a table into as few parts as can be read, each of which has a slide to itself."""
    slides = 1
    while -(-len(table.rows) // slides) > FEW_ROWS and _fit_table(table, TABLE_SLIDE, slides)[0] < LEAST_LETTERS:
        slides += 1
    return _cut_table(table, slides)


def split_side_by_side(table: NumberTable, room: tuple[float, float]) -> list[NumberTable]:
    """Cut a table into the parts that have the largest letters side by side, in a room of this width and height."""
    return _cut_table(table, _fit_table(table, room)[1])


def measure_letters(table: NumberTable, room: tuple[float, float]) -> float:
    """Work out how large the letters of a table are when it is split side by side, in points."""
    return _fit_table(table, room)[0]


def _fit_table(table: NumberTable, room: tuple[float, float], slides: int = 1) -> tuple[float, int]:
    """Find the largest letters of a table that is spread over so many slides, each of which has this room.

    Returns their size, and into how many parts side by side the table is cut on each slide; of equal ones the fewest.
    """
    cells = zip(*(map(format_words, row) for row in table.rows), strict=True)
    columns = [(head.head, *column) for head, column in zip(table.columns, cells, strict=True)]
    wide = fsum(min(max(width(cell, 1.0) for cell in column), WIDEST_CELL) + COLUMN_GAP for column in columns)
    found = []
    for count in range(1, MOST_PARTS + 1):
        rows = 1 + -(-len(table.rows) // (slides * count))
        size = min(room[0] / (count * wide + (count - 1) * PART_GAP), room[1] / (rows * ROW_HEIGHT), LARGEST_LETTERS)
        found.append((size, -count))
    size, count = max(found)
    return size, -count


def _cut_table(table: NumberTable, count: int) -> list[NumberTable]:
    return [table._replace(rows=rows) for rows in share_evenly(table.rows, -(-len(table.rows) // count))]


def share_evenly(items: Sequence[Item], limit: int) -> list[tuple[Item, ...]]:
    """Put items into groups as even as can be, with at most so many in one; no items are one empty group.

    >>> share_evenly("abcdefg", 3)
    [('a', 'b'), ('c', 'd'), ('e', 'f', 'g')]
    """
    count = max(1, -(-len(items) // max(1, limit)))
    bounds = [len(items) * k // count for k in range(count + 1)]
    return [tuple(items[start:end]) for start, end in pairwise(bounds)]
