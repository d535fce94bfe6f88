"""Decide where things stand on a worksheet: all on one page if the numbers are legible there, else on few pages.

Every height is fixed here, in points, so that the sheet and its key cannot differ. A figure that is too wide is cut
between its ranks into strips, one below the other like lines of text. Its numbers are never smaller than
SMALLEST_NUMBER, and the room to write one in is never less than SMALLEST_SLOT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, fsum
from operator import attrgetter
from typing import NamedTuple

from bpviz.figure.arrangement import BESIDE, ONCE
from bpviz.figure.lettering import width
from bpviz.figure.theme import RIGHT, THEMES, UP
from bpviz.formula.tree import Atom, Formula
from bpviz.lecture.papers import SHEETS, find_paper
from bpviz.lecture.slides import Equality, count_grid_rows
from bpviz.lecture.worksheet_content import SheetContent, TableForm, TableRow
from bpviz.lecture.worksheet_strips import Strip, StripFigure, cut_evenly, cut_to_size, has_legible_names

LOOK = THEMES["print"]._replace(
    name="worksheet",
    gradient="#000000",
    diameter=44.0,
    name_size=12.0,
    operation_size=9.0,
    rank_gap=20.0,  # there is room to write between the ranks
    node_gap=12.0,
    slot=19.0,
)
DIRECTIONS = (UP, RIGHT)
RANK_GAPS = (LOOK.rank_gap, 15.0)  # the second is taken where it saves pages
SMALLEST_NUMBER = 9.0  # of the figure in print
SMALLEST_SLOT = 14.2  # 5 mm: the room to write a number in; its width is that of a SMALLEST_NUMBER, 10 mm
SMALLEST_SCALE = max(SMALLEST_NUMBER / LOOK.number_size, SMALLEST_SLOT / LOOK.slot)
LARGEST_SCALE = 1.2
MARGIN = 28.0
TITLE_HEIGHT = 34.0  # with a line for the student's name
EQUALITY_HEIGHT, FRACTION_HEIGHT = 24.0, 38.0
LINE_HEIGHT = 15.0  # of the task and of a note
GRID_ROW_HEIGHT = 13.0  # of a matrix among the values of the inputs
GAP = 8.0
SPARE = 2.0  # a page that is full to the last point runs over
STRIP_GAP = 14.0
DERIVATIVES = 3  # the column of the table with the local gradients
ROW_HEIGHT, TALLEST_ROW = 14.5, 24.0  # of the table; rows are taller where the table has a page of its own
TABLE_LETTERS = 10.0
SMALLEST_LETTERS = 0.64  # of TABLE_LETTERS, in a row of many local gradients: their lines stay 9 mm long
RULE_HEIGHT = 24.0
RULES_WIDTH = 165.0  # of the column of rules beside a slim figure
RULE_COLUMNS = {False: 2, True: 3}  # by whether the page is landscape
MOST_EVEN_STRIPS = 4  # of about the same width; more strips are each as wide as the page
NAME_WIDTH = 29.0  # beside a strip, where wires that are cut go on, with their names
HALVINGS = 12  # to find how large a figure can be


class PageSize(NamedTuple):
    """A width and a height in points."""

    width: float
    height: float

    @property
    def is_landscape(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height

    @property
    def body(self) -> PageSize:
        """The room between the margins."""
        return PageSize(self.width - 2 * MARGIN, self.height - 2 * MARGIN)


class SheetArrangement(NamedTuple):
    """How the figure of a sheet is drawn: its direction, inputs once or beside their gates, the gap between ranks."""

    direction: str
    inputs: str
    gap: float


class SheetPlan(NamedTuple):
    """Where the parts of a sheet go: its page, and the arrangement, the scale and the strips of its figure.

    strips has those of each page. The table stands below the last strip, or on pages of its own (table_apart); the
    rules stand below the table, or beside the figure (rules_beside).
    """

    page: PageSize
    arrangement: SheetArrangement
    scale: float
    strips: tuple[tuple[Strip, ...], ...]
    table_apart: bool = False
    rules_beside: bool = False

    @property
    def cost(self) -> tuple[float, ...]:
        """How a plan is compared with others: the least is the best."""
        if self.page_count == 1:
            return (1, len(self.strips[0]), self.page.is_landscape, -self.scale)
        return (
            self.page_count,
            -round(self.scale, 2),
            self.page.is_landscape,
            sum(map(len, self.strips)),
            -self.arrangement.gap,
        )

    @property
    def page_count(self) -> int:
        """How many pages the sheet has."""
        return len(self.strips) + self.table_apart

    @property
    def is_ideal(self) -> bool:
        """Whether all is on one portrait page, with the figure in one piece."""
        return [len(strips) for strips in self.strips] == [1] and not self.table_apart and not self.page.is_landscape

    @property
    def table_page(self) -> PageSize:
        """The page that the table has to itself, which is portrait."""
        return PageSize(*sorted(self.page))


def plan_sheet(
    content: SheetContent,
    lay_out: Callable[[SheetArrangement], StripFigure],
    paper: str,
    *,
    has_shared_inputs: bool,
    first: SheetPlan | None = None,
) -> SheetPlan:
    """Find the best plan for a sheet.

    Best is one page with the figure in one piece, portrait rather than landscape and with the wider gap; then one page
    with the figure in few strips; then few pages with the figure as large as possible. lay_out draws the figure. Inputs
    stand beside their gates only where the sheet would otherwise have more than a page: else students add up at
    branches. first is the plan of the first sheet of a class, whose arrangement is tried alone before all others.
    """
    portrait = PageSize(*find_paper(paper, SHEETS))

    def plan_all(*arrangements: SheetArrangement) -> Iterator[SheetPlan]:
        for arrangement in arrangements:
            figure = lay_out(arrangement)
            for page in (portrait, PageSize(*reversed(portrait))):
                yield from PlanMaker(content, figure, page, arrangement).list_plans()

    if first and (plans := [*plan_all(first.arrangement)]):
        return min(plans, key=attrgetter("cost"))
    plans = []
    for inputs in (ONCE, BESIDE) if has_shared_inputs else (ONCE,):
        for gap in RANK_GAPS:
            plans += plan_all(*(SheetArrangement(direction, inputs, gap) for direction in DIRECTIONS))
            if min(plans, key=attrgetter("cost")).is_ideal:
                break
        if min(plans, key=attrgetter("cost")).page_count == 1:
            break
    return min(plans, key=attrgetter("cost"))


@dataclass(frozen=True, eq=False)
class PlanMaker:
    """What is planned: a sheet on a page, with its figure drawn in one arrangement."""

    content: SheetContent
    figure: StripFigure
    page: PageSize
    arrangement: SheetArrangement

    @cached_property
    def room(self) -> PageSize:
        """The room below the head of the first page."""
        body = self.page.body
        return PageSize(body.width, body.height - SPARE - measure_head(self.content))

    @cached_property
    def foot(self) -> float:
        """The height below the figure, if the rules stand there."""
        return measure_foot(self.content, is_landscape=self.page.is_landscape)

    def list_plans(self) -> Iterator[SheetPlan]:
        """Yield the possible plans; a figure that runs to the right has one at least."""
        yield from filter(None, (self._plan_one_piece(beside=beside) for beside in (True, False)))
        if self.arrangement.direction == RIGHT:
            for count in range(1, MOST_EVEN_STRIPS + 1):
                for strips in cut_evenly(self.figure, count):
                    if has_legible_names(strips):
                        yield from filter(None, (self._plan_one_page(strips), self._plan_pages(strips)))
            widest, highest = (self.room.width - 2 * NAME_WIDTH) / SMALLEST_SCALE, self.room.height / SMALLEST_SCALE
            smallest = cut_to_size(self.figure, widest, highest)
            yield self._place_table(SMALLEST_SCALE, self._share_out(smallest, SMALLEST_SCALE))

    def _plan_one_piece(self, *, beside: bool) -> SheetPlan | None:
        foot = measure_foot(self.content, is_landscape=self.page.is_landscape, beside=beside)
        high, wide = self.room.height - foot, self.room.width - (RULES_WIDTH + GAP if beside else 0)
        if beside and measure_rules(self.content, 1) > high:
            return None
        scale = min(LARGEST_SCALE, wide / self.figure.width, high / self.figure.height)
        if scale < SMALLEST_SCALE:
            return None
        return SheetPlan(self.page, self.arrangement, scale, ((self.figure.whole,),), rules_beside=beside)

    def _plan_one_page(self, strips: tuple[Strip, ...]) -> SheetPlan | None:
        high = self.room.height - self.foot - STRIP_GAP * (len(strips) - 1)
        scale = min(self._find_largest_scale(strips), high / fsum(strip.height for strip in strips))
        return SheetPlan(self.page, self.arrangement, scale, (strips,)) if scale >= SMALLEST_SCALE else None

    def _plan_pages(self, strips: tuple[Strip, ...]) -> SheetPlan | None:
        """Put strips on as few pages as possible, and there as large as possible."""
        small, large = SMALLEST_SCALE, self._find_largest_scale(strips)
        page_count = len(self._share_out(strips, small))
        if large < SMALLEST_SCALE or not page_count:
            return None
        for _ in range(HALVINGS):
            middle = (small + large) / 2
            fits = len(self._share_out(strips, middle)) == page_count
            small, large = (middle, large) if fits else (small, middle)
        return self._place_table(small, self._share_out(strips, small))

    def _find_largest_scale(self, strips: Sequence[Strip]) -> float:
        """Find how large strips can be for their width, with the names of cut wires beside them."""
        scales = [(self.room.width - NAME_WIDTH * strip.cut_sides) / strip.width for strip in strips]
        return min([LARGEST_SCALE, *scales])

    def _share_out(self, strips: Sequence[Strip], scale: float) -> tuple[tuple[Strip, ...], ...]:
        """Share strips out over pages; there are none if a strip is higher than its page."""
        pages: list[list[Strip]] = [[]]
        left = self.room.height
        for strip in strips:
            high = strip.height * scale + STRIP_GAP * bool(pages[-1])
            if high > left and pages[-1]:
                pages.append([])
                left, high = self.page.height - 2 * MARGIN - SPARE - TITLE_HEIGHT, strip.height * scale
            if high > left + 0.01:
                return ()
            pages[-1].append(strip)
            left -= high
        return tuple(map(tuple, pages))

    def _place_table(self, scale: float, pages: tuple[tuple[Strip, ...], ...]) -> SheetPlan:
        """Put the table below the last strip if there is room, else on a page of its own."""
        head = TITLE_HEIGHT if len(pages) > 1 else measure_head(self.content)
        figure = fsum(strip.height * scale for strip in pages[-1]) + STRIP_GAP * (len(pages[-1]) - 1)
        left = self.page.height - 2 * MARGIN - SPARE - head - figure
        return SheetPlan(self.page, self.arrangement, scale, pages, table_apart=self.foot > left)


# -- heights -----------------------------------------------------------------------------------------------------------


def measure_head(content: SheetContent) -> float:
    """Add up the heights of what stands above the figure."""
    above = TITLE_HEIGHT + fsum(map(measure_equalities, pair_equalities(content))) + LINE_HEIGHT + GAP
    return above + measure_point(content)


def pair_equalities(content: SheetContent) -> list[tuple[Equality, ...]]:
    """Put the equalities on lines: two on each, the last one by itself, beside which the point stands."""
    *others, output = content.equalities
    return [*(tuple(others[i : i + 2]) for i in range(0, len(others), 2)), (output,)]


def measure_point(content: SheetContent) -> float:
    """Work out the height of the line that a point with grids has to itself; 0 where there are none."""
    rows = max((count_grid_rows(each.formula) for each in content.point), default=0)
    return rows * GRID_ROW_HEIGHT + GAP if rows else 0.0


def measure_equalities(line: Sequence[Equality]) -> float:
    """Look up the height of a line of equalities, which is more if one of them has a fraction."""
    return FRACTION_HEIGHT if any(_has_fraction(each.formula) for each in line) else EQUALITY_HEIGHT


def _has_fraction(formula: Formula) -> bool:
    return not isinstance(formula, Atom) and (formula.head == "/" or any(map(_has_fraction, formula.parts)))


def measure_foot(content: SheetContent, *, is_landscape: bool, beside: bool = False) -> float:
    """Add up the heights below the figure: of the table, the notes, and the rules if they are not beside."""
    table = GAP + ROW_HEIGHT * count_table_lines(content) + LINE_HEIGHT * len(content.notes)
    return table if beside else table + GAP + measure_rules(content, RULE_COLUMNS[is_landscape])


def measure_rules(content: SheetContent, columns: int) -> float:
    """Work out the height of the rules in so many columns."""
    return RULE_HEIGHT * ceil((len(content.rules) + len(content.general_rules)) / columns)


def choose_row_height(content: SheetContent, plan: SheetPlan) -> float:
    """Choose the height of the table's rows: more where it has a page of its own, for larger handwriting."""
    if not plan.table_apart:
        return ROW_HEIGHT
    lines = count_table_lines(content)
    others = TITLE_HEIGHT + SPARE + measure_foot(content, is_landscape=False) - ROW_HEIGHT * lines
    return max(ROW_HEIGHT, min(TALLEST_ROW, (plan.table_page.body.height - others) / lines))


def count_table_lines(content: SheetContent) -> int:
    """Count the lines of the table, with its head."""
    return 1 + sum(count_row_lines(row, content.form) for row in content.rows)


def count_row_lines(row: TableRow, form: TableForm) -> int:
    """Count the lines on which a row stands, so that each derivative by many operands has room to write."""
    narrowest = PageSize(*SHEETS["a4"]).body.width
    wide = narrowest * form.shares[DERIVATIVES] / sum(form.shares)
    needed = fsum(
        width(f"∂{each.of.text}/∂{each.by.text} = ", TABLE_LETTERS) + form.answer_width + TABLE_LETTERS
        for each in row.derivatives
    )
    return max(1, min(len(row.derivatives), ceil(needed * SMALLEST_LETTERS / wide)))


def share_out_rows(content: SheetContent, plan: SheetPlan) -> list[int]:
    """Work out how many rows of the table stand on each page that it has to itself."""
    body = plan.table_page.body.height - TITLE_HEIGHT - SPARE
    below = measure_foot(content, is_landscape=False) - ROW_HEIGHT * count_table_lines(content)
    pages, lines = [0], 1
    for row in content.rows:
        if lines + count_row_lines(row, content.form) > int((body - GAP) / ROW_HEIGHT):
            pages.append(0)
            lines = 1
        pages[-1] += 1
        lines += count_row_lines(row, content.form)
    return pages if ROW_HEIGHT * lines + below <= body else [*pages, 0]
