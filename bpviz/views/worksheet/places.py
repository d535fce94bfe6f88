"""Where things stand on a worksheet: all on one page if its numbers stay legible there, or else the figure by itself.

Every height is fixed here, in points, so that the sheet and its key cannot differ. A long figure is cut into strips,
one below the other as lines of a text are, and one too large for a page into tiles on several; both overlap, so that a
circle or a slot is whole in one of them. It is never printed with numbers smaller than SMALLEST.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.views.deck.statements import Statement
from bpviz.views.theme import RIGHT, THEMES, UP
from bpviz.views.worksheet.records import Sheet

PAPERS: Mapping[str, tuple[float, float]] = {"a4": (595.28, 841.89), "letter": (612.0, 792.0), "a3": (841.89, 1190.55)}
LOOK = THEMES["print"]._replace(
    name="worksheet",
    gradient="#000000",
    diameter=44.0,
    name_size=13.0,
    operation_size=10.0,
)
RANK_GAPS = (LOOK.rank_gap, 15.0)  # the second where all stands on one page only with it
SMALLEST = 9.0  # points: the numbers of the figure in print
LEAST = SMALLEST / LOOK.number_size
LARGEST = 1.2  # a small figure is enlarged by so much at most
MARGIN = 30.0
HEAD = 34.0  # the title, with a line for the student's name
STATEMENT = 24.0  # a formula; TALL with a fraction
TALL = 38.0
LINE = 15.0  # what to do, and a note
GAP = 8.0
ROW = 14.5  # of the table, and of its head
TALLEST_ROW = 24.0  # of a table that has a page of its own
RULE = 24.0  # the local gradients of a gate
SIDE = 165.0  # the column of rules beside a slim figure
COLUMNS = {False: 2, True: 3}  # of rules, on a page that stands and on one that lies
OVERLAP = 44.0  # of strips and tiles: as wide as a slot is
MOST_STRIPS = 4


class Size(NamedTuple):
    """A width and a height in points."""

    width: float
    height: float


class Plan(NamedTuple):
    """Where a sheet's parts go: the page, whether it lies, the figure's direction, its scale, and its tiles.

    one_page says that everything stands on one, beside that the rules stand beside the figure; strips are how many
    lines the figure is cut into, tiles how many pages it takes, across and down.
    """

    page: Size
    lies: bool
    direction: str
    scale: float
    one_page: bool
    beside: bool = False
    strips: int = 1
    tiles: tuple[int, int] = (1, 1)

    @property
    def body(self) -> Size:
        """Return the room between the margins."""
        return Size(self.page.width - 2 * MARGIN, self.page.height - 2 * MARGIN)

    @property
    def is_tiled(self) -> bool:
        """Return whether the figure takes several pages: then all the rest stands before it."""
        return self.tiles != (1, 1)

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


def plan(sheet: Sheet, figures: Mapping[str, Size], paper: str) -> Plan:
    """Return the best way to set a sheet, given its figure's size in each direction.

    In the order of preference: everything on one page that stands, on one that lies, with the figure in strips, then
    the figure on a page of its own, and at last on several.
    """
    ways = [Way(sheet, figures[way], paper_called(paper), lies, way) for lies in (False, True) for way in figures]
    for choices in _preferred(ways):
        best = max(choices, key=lambda each: each.scale)
        if best.scale >= LEAST:
            return best
    return min((way.tiled() for way in ways), key=lambda each: (each.tiles[0] * each.tiles[1], -each.scale))


def _preferred(ways: Sequence[Way]) -> Iterator[list[Plan]]:
    """Yield plans that are as good as each other, the best first."""
    for lies in (False, True):
        yield [way.whole(beside=beside) for way in ways if way.lies is lies for beside in (True, False)]
    for one_page in (True, False):
        for strips in range(1 + one_page, MOST_STRIPS + 1):
            yield [way.whole(strips=strips, one_page=one_page) for way in ways]


class Way(NamedTuple):
    """A sheet on a paper that stands or lies, its figure drawn in one direction."""

    sheet: Sheet
    figure: Size
    paper: Size
    lies: bool
    direction: str

    @property
    def page(self) -> Size:
        """Return the page as it is turned."""
        return Size(*reversed(self.paper)) if self.lies else self.paper

    @property
    def room(self) -> Size:
        """Return the room below the head."""
        body = Size(self.page.width - 2 * MARGIN, self.page.height - 2 * MARGIN)
        return Size(body.width, body.height - head_height(self.sheet))

    def whole(self, *, beside: bool = False, strips: int = 1, one_page: bool = True) -> Plan:
        """Return the plan with the figure on one page, as large as it gets; its scale is 0 where that cannot be."""
        foot = foot_height(self.sheet, lies=self.lies, beside=beside) if one_page else 0.0
        high = self.room.height - foot - GAP * (strips - 1)
        wide = _reach(strips, self.room.width - (SIDE + GAP if beside else 0))
        scale = min(LARGEST, wide / self.figure.width, high / (strips * self.figure.height))
        fits = (self.direction == RIGHT or strips == 1) and not (beside and rules_height(self.sheet, 1) > high)
        return Plan(self.page, self.lies, self.direction, scale if fits else 0.0, one_page, beside, strips)

    def tiled(self) -> Plan:
        """Return the plan with the figure on as many pages as it takes, under their titles only."""
        room = Size(self.room.width, self.page.height - 2 * MARGIN - HEAD)
        tiles = (_tiles(self.figure.width, room.width), _tiles(self.figure.height, room.height))
        wide, high = _reach(tiles[0], room.width), _reach(tiles[1], room.height)
        scale = min(LARGEST, wide / self.figure.width, high / self.figure.height)
        return Plan(self.page, self.lies, self.direction, scale, False, tiles=tiles)


def head_height(sheet: Sheet) -> float:
    """Return the height of what stands above the figure."""
    return HEAD + sum(map(line_height, statement_lines(sheet))) + LINE + GAP


def statement_lines(sheet: Sheet) -> list[tuple[Statement, ...]]:
    """Return the statements as they stand side by side, two on a line, the output's by itself with the point."""
    *others, output = sheet.statements
    return [*(tuple(others[i : i + 2]) for i in range(0, len(others), 2)), (output,)]


def line_height(statements: Sequence[Statement]) -> float:
    """Return the height of a line of statements."""
    return TALL if any(has_fraction(each.formula) for each in statements) else STATEMENT


def foot_height(sheet: Sheet, *, lies: bool, beside: bool = False) -> float:
    """Return the height of what stands below the figure: the table, the notes, and the rules if not beside it."""
    table = GAP + ROW * (1 + len(sheet.rows)) + LINE * len(sheet.notes)
    return table if beside else table + GAP + rules_height(sheet, COLUMNS[lies])


def row_height(sheet: Sheet, plan: Plan) -> float:
    """Return the height of the table's rows: more where it has a page of its own, for larger handwriting."""
    if plan.one_page:
        return ROW
    head = head_height(sheet) if plan.is_tiled else HEAD
    others = head + foot_height(sheet, lies=plan.lies) - ROW * (1 + len(sheet.rows))
    return max(ROW, min(TALLEST_ROW, (plan.body.height - others) / (1 + len(sheet.rows))))


def rules_height(sheet: Sheet, columns: int) -> float:
    """Return the height of the rules."""
    return RULE * ceil((len(sheet.rules) + sheet.branches) / columns)


def has_fraction(formula: object) -> bool:
    """Return whether a formula is taller than a line."""
    parts: Iterable[object] = getattr(formula, "parts", ())
    return getattr(formula, "head", "") == "/" or any(map(has_fraction, parts))


def _tiles(length: float, room: float) -> int:
    """Return how many rooms a length of the figure takes at its smallest."""
    return max(1, ceil((length * LEAST - OVERLAP) / (room - OVERLAP)))


def _reach(tiles: int, room: float) -> float:
    return tiles * room - (tiles - 1) * OVERLAP


DIRECTIONS = (UP, RIGHT)
