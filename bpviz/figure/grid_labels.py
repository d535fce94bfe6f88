"""Write the grids of vectors as tables of Graphviz's, with thin brackets at their sides, and measure labels.

A bracket is a narrow cell beside all rows, with a border on three sides. The points of a column are aligned by what is
invisible behind its entries. Every cell has a size, so that the table is exactly as large as was measured, and
Graphviz, which would stretch it, leaves it as it is. Lengths are points of the finished figure.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import NamedTuple

from bpviz.figure.diagram import DOTS, EMPTY, FILLED, GRADIENT, HIDDEN, RULED, Entry, EntryGrid, Label
from bpviz.figure.html_text import INVISIBLE, escape_html, points
from bpviz.figure.lettering import LINE, width
from bpviz.figure.theme import Theme
from bpviz.fonts import ITALIC, MAGNIFICATION

BRACKET, PEN = 3.0, 1.0  # points: how wide a bracket is, and its line
COLUMN_GAP = 7.0  # points between two columns
INSIDE = 2.0  # points between a bracket and the entries
RULE = 0.75  # points: the line to write on
SPARE = 2.0  # points by which that is longer than its number
ROW = 1.2  # em: from one row to the next
ENTRY_BLANK = "−0.00"  # an empty entry has space for this
FLAT = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'


class EntryStyle(NamedTuple):
    """How the entries of a grid are written: their colour and that of the brackets, how high a row is, and their face.

    is_ruled says whether each is on a line to write on.
    """

    ink: str
    bracket: str
    row: float
    face: str
    is_ruled: bool


def measure_label(label: Label, theme: Theme) -> tuple[float, float]:
    """Measure how wide and how high a label is with its number or its grid."""
    if label.grid:
        return measure_grid(label.grid, theme, is_ruled=label.state in (RULED, FILLED))
    return width(label.text, theme.number_size), theme.number_size * LINE


def measure_grid(grid: EntryGrid, theme: Theme, *, is_ruled: bool = False) -> tuple[float, float]:
    """Measure how wide and how high a grid is."""
    wide = sum(map(_in_units, _list_widths(grid, theme, is_ruled=is_ruled))) / MAGNIFICATION
    high = _in_units(_measure_row(theme, is_ruled=is_ruled)) * len(grid.rows) / MAGNIFICATION
    caption = _in_units(theme.operation_size * ROW) / MAGNIFICATION if grid.caption else 0.0
    return max(wide, width(grid.caption, theme.operation_size)), high + caption


def write_grid(grid: EntryGrid, theme: Theme, colour: str, label: Label | None = None) -> str:
    """Write a grid as a table; label is what it belongs to, which may hide its entries or have them written by hand."""
    state = label.state if label else ""
    face = f' FACE="{ITALIC}"' if label and label.role == GRADIENT else ""
    is_ruled = state in (RULED, FILLED)
    bracket = INVISIBLE if state == HIDDEN else colour
    ink = INVISIBLE if state in (HIDDEN, EMPTY, RULED) else colour
    style = EntryStyle(ink, bracket, _measure_row(theme, is_ruled=is_ruled), face, is_ruled)
    columns = _measure_columns(grid, theme, is_ruled=style.is_ruled)
    count = len(grid.rows)

    def write_side(sides: str) -> str:
        space = f'ROWSPAN="{count}" WIDTH="{points(BRACKET)}"'
        return f'<TD BORDER="{points(PEN)}" SIDES="{sides}" COLOR="{bracket}" {space}></TD>'

    def write_gap(length: float) -> str:
        return f'<TD ROWSPAN="{count}" WIDTH="{points(length)}"></TD>'

    rows = [[_write_entry(*each, theme, style) for each in zip(row, columns, strict=True)] for row in grid.rows]
    inside = write_gap(COLUMN_GAP).join(rows[0])
    first = f"{write_side('LTB')}{write_gap(INSIDE)}{inside}{write_gap(INSIDE)}{write_side('RTB')}"
    if grid.prefix:
        words = f'<FONT COLOR="{colour}"{face}>{escape_html(grid.prefix)}</FONT>'
        first = f'<TD ROWSPAN="{count}" WIDTH="{points(_measure_prefix(grid, theme))}">{words}</TD>{first}'
    table = "".join(f"<TR>{''.join(row)}</TR>" for row in ([first], *rows[1:]))
    if not grid.caption:
        return _fix(table, *measure_grid(grid, theme, is_ruled=style.is_ruled))
    size = measure_grid(grid._replace(caption=""), theme, is_ruled=style.is_ruled)
    font = f'COLOR="{theme.faint}" POINT-SIZE="{points(theme.operation_size)}"'
    caption = f'<TD HEIGHT="{points(theme.operation_size * ROW)}"><FONT {font}>{escape_html(grid.caption)}</FONT></TD>'
    whole = f"<TR>{caption}</TR><TR><TD>{_fix(table, *size)}</TD></TR>"
    return _fix(whole, *measure_grid(grid, theme, is_ruled=style.is_ruled))


def _fix(rows: str, wide: float, high: float) -> str:
    """Make a table of a fixed size, so that it stands in the middle of its cell and is not stretched."""
    size = f'FIXEDSIZE="TRUE" WIDTH="{points(wide)}" HEIGHT="{points(high)}"'
    return f"<TABLE {FLAT} {size}>{rows}</TABLE>"


def _list_widths(grid: EntryGrid, theme: Theme, *, is_ruled: bool) -> list[float]:
    """List how wide all that stands beside one another is: the prefix, the brackets, the columns and the gaps."""
    columns = _measure_columns(grid, theme, is_ruled=is_ruled)
    spaced = [*chain.from_iterable(zip(columns, repeat(COLUMN_GAP), strict=False))][:-1]
    return [_measure_prefix(grid, theme), BRACKET, INSIDE, *spaced, INSIDE, BRACKET]


def _measure_prefix(grid: EntryGrid, theme: Theme) -> float:
    return width(grid.prefix, theme.number_size)


def _measure_columns(grid: EntryGrid, theme: Theme, *, is_ruled: bool) -> list[float]:
    """Measure how wide each column is; on lines there is room to write a number of usual size by hand.

    A line is wider than its number, which would stretch it on the key.
    """
    least = width(ENTRY_BLANK, theme.number_size)
    spare = SPARE * is_ruled
    return [
        max(
            [
                least * is_ruled,
                *(width(each.text + each.padding, theme.number_size) + spare or least for each in column),
            ]
        )
        for column in zip(*grid.rows, strict=True)
    ]


def _measure_row(theme: Theme, *, is_ruled: bool) -> float:
    return max(theme.number_size * ROW + 2, theme.slot) if is_ruled else theme.number_size * ROW


def _in_units(length: float) -> int:
    return int(points(length))


def _write_entry(entry: Entry, wide: float, theme: Theme, style: EntryStyle) -> str:
    """Write the cell of an entry: its number, and the invisible digits behind it."""
    if entry.text in DOTS:  # stand for what is left out: nothing is to be written there
        style = style._replace(is_ruled=False, ink=style.bracket)
    align = "CENTER" if entry.text in DOTS else "RIGHT"
    has_text = entry.text and not (style.is_ruled and style.ink == INVISIBLE)  # nobody is to copy an answer
    text = f'<FONT COLOR="{style.ink}"{style.face}>{escape_html(entry.text)}</FONT>' if has_text else ""
    if entry.padding and text:
        text += f'<FONT COLOR="{INVISIBLE}"{style.face}>{escape_html(entry.padding)}</FONT>'
    size = f'WIDTH="{points(wide)}" HEIGHT="{points(style.row)}"'
    rule = f' BORDER="{points(RULE)}" SIDES="B" COLOR="{theme.ink}" VALIGN="BOTTOM"' if style.is_ruled else ""
    return f'<TD ALIGN="{align}" {size}{rule}>{text}</TD>'
