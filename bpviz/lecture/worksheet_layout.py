"""Where things stand on a worksheet: all on one page if its numbers stay legible there, or on as few as can be.

Every height is fixed here, in points, so that the sheet and its key cannot differ. A figure that is too wide is cut
between its ranks into strips, one below the other as lines of a text are. It is never printed with numbers smaller
than SMALLEST, nor with less room to write one in than SLOT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.figure.lettering import width
from bpviz.figure.theme import RIGHT, THEMES, UP
from bpviz.lecture.slides import Equality
from bpviz.lecture.worksheet_content import Row, Sheet
from bpviz.lecture.worksheet_strips import Figure, Strip, divisions, filled, legible

PAPERS: Mapping[str, tuple[float, float]] = {"a4": (595.28, 841.89), "letter": (612.0, 792.0), "a3": (841.89, 1190.55)}
LOOK = THEMES["print"]._replace(
    name="worksheet",
    gradient="#000000",
    diameter=44.0,
    name_size=12.0,
    operation_size=9.0,
    slot=19.0,
)
GAPS = (LOOK.rank_gap, 15.0)  # between ranks: the second where fewer pages do with it
SMALLEST = 9.0  # points: the numbers of the figure in print
SLOT = 14.2  # points, 5 mm: the room to write one in; its width is that of a number of SMALLEST, 10 mm
LEAST = max(SMALLEST / LOOK.number_size, SLOT / LOOK.slot)
LARGEST = 1.2  # a small figure is enlarged by so much at most
MARGIN = 28.0
HEAD = 34.0  # the title, with a line for the student's name
STATEMENT = 24.0  # a formula; TALL with a fraction
TALL = 38.0
LINE = 15.0  # what to do, and a note
GAP = 8.0
SPARE = 2.0  # a page that is full to the last point runs over
BETWEEN = 14.0  # two strips
ROW = 14.5  # of the table, and of its head
SHARES = (4, 22, 10, 34, 10)  # the widths of the table's columns
LOCAL = 40.0  # the line for a local gradient
LETTERS = 10.0  # of the table
CROWDED = 0.64  # how much smaller a row's local gradients are made at most: their lines stay 9 mm long
TALLEST_ROW = 24.0  # of a table that has a page of its own
RULE = 24.0  # the local gradients of a gate
SIDE = 165.0  # the column of rules beside a slim figure
COLUMNS = {False: 2, True: 3}  # of rules, on a page that stands and on one that lies
MOST_STRIPS = 4  # that are tried: of more each is as long as there is room
NAME = 29.0  # points beside a strip, in which wires that are cut go on, with their names
STEPS = 12  # of halving, to find how large a figure can be


class Size(NamedTuple):
    """A width and a height in points."""

    width: float
    height: float


class Plan(NamedTuple):
    """Where a sheet's parts go: the page, whether it lies, and the figure: its direction, gap, scale and strips.

    pages has the strips of each page. The table stands below the last of them, or apart; beside says that the rules
    stand beside the figure.
    """

    page: Size
    lies: bool
    direction: str
    gap: float
    scale: float
    pages: tuple[tuple[Strip, ...], ...]
    table_apart: bool = False
    beside: bool = False

    @property
    def body(self) -> Size:
        """Return the room between the margins."""
        return Size(self.page.width - 2 * MARGIN, self.page.height - 2 * MARGIN)

    @property
    def page_count(self) -> int:
        """Return how many pages it takes."""
        return len(self.pages) + self.table_apart

    @property
    def is_whole(self) -> bool:
        """Return whether all is on one page, and the figure in one piece."""
        return self.page_count == 1 and len(self.pages[0]) == 1

    @property
    def upright(self) -> Plan:
        """Return the plan of the page that the table has to itself, which stands."""
        return self._replace(page=Size(*sorted(self.page)), lies=False)


def paper_called(paper: str) -> Size:
    """Return the size of a paper; raise UsageError if it is none."""
    try:
        return Size(*PAPERS[paper])
    except KeyError:
        raise UsageError(f"no paper is called {paper}", hint=f"choose one of {', '.join(PAPERS)}") from None


def plan(
    sheet: Sheet, drawn: Callable[[str, float], Figure], paper: str, only: tuple[str, float] | None = None
) -> Plan:
    """Return the best way to set a sheet; drawn lays its figure out in a direction and with a gap between ranks.

    only is the one direction and gap to be tried first: those of the other sheets of a class.

    Best is on one page with the figure whole, the page rather standing than lying and with the wider gap; then on one
    page with the figure in strips, few of them; and then on as few pages as can be, the figure as large as can be.
    """
    found: list[Plan] = []
    for gap in (only[1],) if only else GAPS:
        for direction in (only[0],) if only else DIRECTIONS:
            figure = drawn(direction, gap)
            for lies in (False, True):
                found += Way(sheet, figure, paper_called(paper), lies, direction, gap).plans()
        if not found:
            return plan(sheet, drawn, paper)
        best = min(found, key=_rank)
        if best.is_whole and not best.lies:
            break
    return best


def _rank(plan: Plan) -> tuple[float, ...]:
    """Return how a plan stands among others: the least is the best."""
    if plan.page_count == 1:
        return (1, len(plan.pages[0]), plan.lies, -plan.scale)
    return (plan.page_count, -round(plan.scale, 2), plan.lies, sum(map(len, plan.pages)), -plan.gap)


class Way(NamedTuple):
    """A sheet on a paper that stands or lies, its figure drawn in one direction."""

    sheet: Sheet
    figure: Figure
    paper: Size
    lies: bool
    direction: str
    gap: float

    @property
    def page(self) -> Size:
        """Return the page as it is turned."""
        return Size(*reversed(self.paper)) if self.lies else self.paper

    @property
    def room(self) -> Size:
        """Return the room below the head."""
        high = self.page.height - 2 * MARGIN - SPARE - head_height(self.sheet)
        return Size(self.page.width - 2 * MARGIN, high)

    def plans(self) -> Iterator[Plan]:
        """Yield the ways to set it: whole, in strips on one page, in strips on several; at least one of them."""
        yield from filter(None, (self.whole(beside=beside) for beside in (True, False)))
        if self.direction == RIGHT:
            for count in range(1, MOST_STRIPS + 1):
                for strips in divisions(self.figure, count):
                    if legible(strips):
                        yield from filter(None, (self.in_strips(strips), self.on_pages(strips)))
            yield self.tiled()

    def whole(self, *, beside: bool) -> Plan | None:
        """Return the plan with all on one page, the figure as large as it gets, if that is legible."""
        foot = foot_height(self.sheet, lies=self.lies, beside=beside)
        high, wide = self.room.height - foot, self.room.width - (SIDE + GAP if beside else 0)
        if beside and rules_height(self.sheet, 1) > high:
            return None
        scale = min(LARGEST, wide / self.figure.width, high / self.figure.height)
        return self._plan(scale, ((self.figure.whole,),), beside=beside) if scale >= LEAST else None

    def in_strips(self, strips: tuple[Strip, ...]) -> Plan | None:
        """Return the plan with all on one page, the figure in strips."""
        high = self.room.height - foot_height(self.sheet, lies=self.lies) - BETWEEN * (len(strips) - 1)
        scale = min(self._widest(strips), high / sum(strip.height for strip in strips))
        return self._plan(scale, (strips,)) if scale >= LEAST else None

    def on_pages(self, strips: tuple[Strip, ...]) -> Plan | None:
        """Return the plan with the strips on as few pages as can be, and there as large."""
        small, large = LEAST, self._widest(strips)
        count = len(self._shared_out(strips, small))
        if large < LEAST or not count:
            return None
        for _ in range(STEPS):
            middle = (small + large) / 2
            fits = len(self._shared_out(strips, middle)) == count
            small, large = (middle, large) if fits else (small, middle)
        return self._with_table(small, self._shared_out(strips, small))

    def tiled(self) -> Plan:
        """Return the plan with the figure as small as it may be, cut to the size of the pages."""
        strips = filled(self.figure, (self.room.width - 2 * NAME) / LEAST, self.room.height / LEAST)
        return self._with_table(LEAST, self._shared_out(strips, LEAST))

    def _widest(self, strips: Sequence[Strip]) -> float:
        """Return how large strips can be on this page, for their width."""
        room = self.room.width
        return min([LARGEST, *((room - names_width(strip)) / strip.width for strip in strips)])

    def _shared_out(self, strips: Sequence[Strip], scale: float) -> tuple[tuple[Strip, ...], ...]:
        """Return strips page by page; none if one is higher than a page."""
        pages: list[list[Strip]] = [[]]
        left = self.room.height
        for strip in strips:
            high = strip.height * scale + BETWEEN * bool(pages[-1])
            if high > left and pages[-1]:
                pages.append([])
                left, high = self.page.height - 2 * MARGIN - SPARE - HEAD, strip.height * scale
            if high > left + 0.01:
                return ()
            pages[-1].append(strip)
            left -= high
        return tuple(map(tuple, pages))

    def _with_table(self, scale: float, pages: tuple[tuple[Strip, ...], ...]) -> Plan:
        """Return the plan with the table below the last strip if there is room, and else on its own page."""
        head = HEAD if len(pages) > 1 else head_height(self.sheet)
        figure = sum(strip.height * scale for strip in pages[-1]) + BETWEEN * (len(pages[-1]) - 1)
        left = self.page.height - 2 * MARGIN - SPARE - head - figure
        return self._plan(scale, pages, table_apart=foot_height(self.sheet, lies=self.lies) > left)

    def _plan(
        self, scale: float, pages: tuple[tuple[Strip, ...], ...], *, table_apart: bool = False, beside: bool = False
    ) -> Plan:
        return Plan(self.page, self.lies, self.direction, self.gap, scale, pages, table_apart, beside)


def names_width(strip: Strip) -> float:
    """Return the room that the names of cut wires take beside a strip."""
    return NAME * (bool(strip.entering) + bool(strip.leaving))


def head_height(sheet: Sheet) -> float:
    """Return the height of what stands above the figure."""
    return HEAD + sum(map(line_height, statement_lines(sheet))) + LINE + GAP


def statement_lines(sheet: Sheet) -> list[tuple[Equality, ...]]:
    """Return the statements as they stand side by side, two on a line, the output's by itself with the point."""
    *others, output = sheet.statements
    return [*(tuple(others[i : i + 2]) for i in range(0, len(others), 2)), (output,)]


def line_height(statements: Sequence[Equality]) -> float:
    """Return the height of a line of statements."""
    return TALL if any(has_fraction(each.formula) for each in statements) else STATEMENT


def foot_height(sheet: Sheet, *, lies: bool, beside: bool = False) -> float:
    """Return the height of what stands below the figure: the table, the notes, and the rules if not beside it."""
    table = GAP + ROW * table_lines(sheet.rows) + LINE * len(sheet.notes)
    return table if beside else table + GAP + rules_height(sheet, COLUMNS[lies])


def row_height(sheet: Sheet, plan: Plan) -> float:
    """Return the height of the table's rows: more where it has a page of its own, for larger handwriting."""
    if not plan.table_apart:
        return ROW
    others = HEAD + SPARE + foot_height(sheet, lies=plan.lies) - ROW * table_lines(sheet.rows)
    return max(ROW, min(TALLEST_ROW, (plan.upright.body.height - others) / table_lines(sheet.rows)))


def table_lines(rows: Sequence[Row]) -> int:
    """Return how many lines the table has, its head among them."""
    return 1 + sum(map(row_lines, rows))


def row_lines(row: Row) -> int:
    """Return on how many lines a row stands: a gate of many operands has room to write each local gradient."""
    wide = (PAPERS["a4"][0] - 2 * MARGIN) * SHARES[3] / sum(SHARES)
    need = sum(width(f"∂{each.of.text}/∂{each.by.text} = ", LETTERS) + LOCAL + LETTERS for each in row.locals)
    return max(1, min(len(row.locals), ceil(need * CROWDED / wide)))


def table_rows(sheet: Sheet, plan: Plan) -> list[int]:
    """Return how many rows of the table stand on each page that it takes."""
    if not plan.table_apart:
        return [len(sheet.rows)]
    body = plan.upright.body.height - HEAD - SPARE
    rest = foot_height(sheet, lies=False) - ROW * table_lines(sheet.rows)
    pages, lines = [0], 1
    for row in sheet.rows:
        if lines + row_lines(row) > int((body - GAP) / ROW):
            pages.append(0)
            lines = 1
        pages[-1] += 1
        lines += row_lines(row)
    return pages if ROW * lines + rest <= body else [*pages, 0]


def rules_height(sheet: Sheet, columns: int) -> float:
    """Return the height of the rules."""
    return RULE * ceil((len(sheet.rules) + sheet.branches) / columns)


def has_fraction(formula: object) -> bool:
    """Return whether a formula is taller than a line."""
    parts: Iterable[object] = getattr(formula, "parts", ())
    return getattr(formula, "head", "") == "/" or any(map(has_fraction, parts))


DIRECTIONS = (UP, RIGHT)
