"""Write Graphviz's HTML-like labels: the label of an edge, a box with ports for many edges, and the legend.

The label of an edge is a table of three cells: number, line, number. The middle cell is filled, and it IS the edge
there; the two halves of the edge end at its port. What the numbers say comes from figure/node_texts.py.

Lengths in this module are points of the finished figure; in the DOT all are MAGNIFICATION times as large.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from math import fsum
from typing import NamedTuple

from bpviz.figure.diagram import (
    ABSENT,
    FILLED,
    FOLD,
    GRADIENT,
    HIDDEN,
    LOCAL,
    NEW,
    RULED,
    SOLID,
    VALUE,
    Diagram,
    Edge,
    Label,
    Legend,
    LineStyle,
)
from bpviz.figure.grid_labels import RULE, measure_label, write_grid
from bpviz.figure.html_text import CLEAR, INVISIBLE, escape_html, points
from bpviz.figure.lettering import LINE, width
from bpviz.figure.theme import DOWN, RIGHT, UP, Appearance, Theme
from bpviz.fonts import ITALIC, MAGNIFICATION

GRID_GAP = 4.5  # points between the bracket of a grid and its wire
GAP = 2.5  # points between a number and its wire, and around the two
LEADING_GAP = 0.5  # points so, where the number is over or under its wire: a line of text is taller than its digits
BLANK = "−0.000"  # an empty label has space for this, in every figure
LEAST_LINE = 12.0  # points of line where nothing stands at an edge that runs across
LAP = 0.5  # points by which edges reach into the line in a label: ends that only touch show as gaps on a screen
ON_OFF = {"dashed": (7.0, 4.0), "dotted": (1.6, 3.0)}  # points of ink and of none
MOST_DASHES = 150  # of one line
SAMPLE = 34.0  # points: the length of an edge in the legend
LEGEND_SHARE = 0.8  # of the numbers
COLUMN_GAP, LEADING = 4.0, 1.0  # points between columns of the legend, and above and below its lines
PORT_DEPTH = 1.0  # points: the depth of the cells at which edges end, next to the border of a box


def make_table(rows: str, padding: float = GAP) -> str:
    """Make a table without borders."""
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{points(padding)}">{rows}</TABLE>'


def join_cells(cells: Sequence[str], along: str) -> str:
    """Join cells to the rows of a table: one under another (along is HEIGHT), or side by side (along is WIDTH)."""
    return "".join(f"<TR>{cell}</TR>" for cell in cells) if along == "HEIGHT" else f"<TR>{''.join(cells)}</TR>"


# The label of an edge


def make_edge_label(edge: Edge, appearance: Appearance, widest: float) -> str:
    """Make the table of an edge: number, line, number.

    widest is the width of the figure's widest label, in points. It matters where edges run across and local gradients
    stand at their gates' ends of the lines: those lines are all as long, since a rank has its labels in its middle.
    """
    theme, before, after = appearance.theme, edge.before, edge.after
    if appearance.direction in (UP, DOWN):
        is_ruled = any(label.state in (RULED, FILLED) for label in (before, after))
        grids = [measure_label(label, theme)[1] for label in (before, after) if label.grid]
        height = max(theme.number_size * LINE, theme.slot if is_ruled else 0.0, *grids) + 2 * (
            GRID_GAP if grids else GAP
        )
        line = _draw_line(edge.line_style, height, "HEIGHT", theme)
        cells = (_write_cell(before, theme, "RIGHT"), line, _write_cell(after, theme, "LEFT"))
        return make_table(join_cells(cells, "WIDTH"))

    texts = [label.text or ("" if label.state == ABSENT else BLANK) for label in (before, after) if not label.grid]
    grids = [measure_label(label, theme)[0] for label in (before, after) if label.grid]
    length = max([*(width(text, theme.number_size) for text in texts), *grids]) + 2 * (GRID_GAP if grids else GAP)
    align = ""
    if after.role == LOCAL:
        length, align = widest + 2 * GAP, "RIGHT" if appearance.direction == RIGHT else "LEFT"
    line = _draw_line(edge.line_style, max(length, LEAST_LINE), "WIDTH", theme)
    cells = (_write_cell(before, theme, "", LEADING_GAP), line, _write_cell(after, theme, align, LEADING_GAP))
    return make_table(join_cells(cells, "HEIGHT"), LEADING_GAP)


def _write_cell(label: Label, theme: Theme, align: str, above: float = GAP) -> str:
    """Write the cell of a label: its number in the colour and the style of its role, or space to write in by hand.

    above is the room over and under it in points; beside it there is GAP.
    """
    if label.grid:
        return _write_grid_cell(label, theme, align)
    is_ruled = label.state in (RULED, FILLED)
    text = escape_html(label.text) if label.state != RULED else ""  # nobody is to copy an answer from its clear ink
    if text:
        colour = _find_label_colour(label, theme)
        face = f' FACE="{ITALIC}"' if label.role == GRADIENT else ""
        text = f'<FONT COLOR="{INVISIBLE if label.state == HIDDEN else colour}"{face}>{text}</FONT>'
    blank = width(BLANK, theme.number_size)
    if is_ruled:  # a line to write on has sides; it is no less than the number: a sheet and its key lie on each other
        wide = max(blank, width(label.text, theme.number_size) + 2)
        tall = max(theme.number_size * LINE + 2, theme.slot)
        space = f'VALIGN="BOTTOM" WIDTH="{points(wide)}" HEIGHT="{points(tall)}"'
        rule = f'BORDER="{points(RULE)}" SIDES="B" COLOR="{theme.ink}"'
        text = make_table(f"<TR><TD {rule} {space}>{text}</TD></TR>", 0)

    attributes = f' ALIGN="{align}"' if align else ""
    if label.text and label.state == NEW:
        attributes += f' BGCOLOR="{theme.highlight}"'
    elif label.state != ABSENT and (is_ruled or not label.text):
        attributes += f' WIDTH="{points(blank + 2 * GAP)}" HEIGHT="{points(theme.number_size * LINE + 2 * above)}"'
    if label.role == LOCAL:  # at the end of its line it needs room beside it
        attributes += f' CELLPADDING="{points(GAP)}"'
    return f"<TD{attributes}>{text}</TD>"


def _write_grid_cell(label: Label, theme: Theme, align: str) -> str:
    assert label.grid
    attributes = f' ALIGN="{align}"' if align else ""
    attributes += f' BGCOLOR="{theme.highlight}"' if label.state == NEW else ""
    grid = write_grid(label.grid, theme, _find_label_colour(label, theme), label)
    return f'<TD{attributes} CELLPADDING="{points(GRID_GAP)}">{grid}</TD>'


def _find_label_colour(label: Label, theme: Theme) -> str:
    return {VALUE: theme.value, GRADIENT: theme.gradient, LOCAL: theme.faint}[label.role]


# The line of an edge, whole or broken. Graphviz's own style=dashed does not serve: its dashes are 6 units long, however
# large the units are, so in a magnified PDF or PNG they are 0.75 points and look like dots; and it never dashes a cell.
# A colour list breaks an edge by shares of its length, cells break a line in a table. Both begin and end with ink,
# where they meet.


def find_colour(style: LineStyle, theme: Theme) -> str:
    """Return the colour of a line in a theme."""
    colour: str = getattr(theme, style.colour)
    return colour


def split_line(length: float, pattern: str) -> list[float]:
    """Return the lengths of ink, gap, ink, ... ink that come nearest to a pattern and add up to a length.

    >>> split_line(29.0, "dashed")
    [7.0, 4.0, 7.0, 4.0, 7.0]
    """
    on, off = ON_OFF[pattern]
    count = min(MOST_DASHES, max(2, round((length + off) / (on + off))))
    scale = length / (count * on + (count - 1) * off)
    return [(off if k % 2 else on) * scale for k in range(2 * count - 1)]


def make_colour_list(style: LineStyle, length: float, theme: Theme) -> str:
    """Write the colour of an edge whose length is in points.

    That of a broken edge is a list of its ink and of none in turn, each with its share of the length.
    """
    colour = find_colour(style, theme)
    if style.pattern == SOLID:
        return colour
    parts = split_line(length, style.pattern)[:-1]  # the last is what remains
    return ":".join([*(f"{CLEAR if k % 2 else colour};{part / length:.6f}" for k, part in enumerate(parts)), colour])


def _draw_line(style: LineStyle, length: float, along: str, theme: Theme) -> str:
    """Draw the cell that is an edge: a strip of three cells, up or down (HEIGHT) or across (WIDTH)."""
    ink = f' BGCOLOR="{find_colour(style, theme)}"'
    whole, broken = (ink, "") if style.pattern == SOLID else ("", ink)  # a whole line has its ink behind all its parts
    parts = _split_in_units(style, length - 2 * LAP)
    cells = [f'<TD {along}="{part}"{broken if is_ink else ""}></TD>' for part, is_ink in parts]
    end = f'<TD {along}="{points(LAP)}"{broken}></TD>'
    inside = make_table(join_cells(cells, along), 0) if cells else ""
    port = f'<TD PORT="w" {along}="{points(length - 2 * LAP)}">{inside}</TD>'
    across = "WIDTH" if along == "HEIGHT" else "HEIGHT"
    rows = join_cells((end, port, end), along)
    return f'<TD CELLPADDING="0" {across}="{points(style.width)}"{whole}>{make_table(rows, 0)}</TD>'


def _split_in_units(style: LineStyle, length: float) -> list[tuple[str, bool]]:
    """Split a broken line into whole units, which add up to its length; say of each part whether it is ink."""
    if style.pattern == SOLID:
        return []
    ends = accumulate(split_line(length, style.pattern), initial=0.0)
    rounded = [round(end * MAGNIFICATION) for end in ends]
    return [(f"{b - a}", k % 2 == 0) for k, (a, b) in enumerate(pairwise(rounded))]


# Boxes with ports: Graphviz keeps edges that end at ports apart, and in the order of the ports.


class PortedBox(NamedTuple):
    """How many edges come into a box and leave it, and how far apart their ports are, in points."""

    coming: int
    leaving: int
    pitch: float

    @property
    def length(self) -> float:
        """How long the box is along the side that the edges come in by."""
        return max(self.coming, self.leaving) * self.pitch


class Ports(NamedTuple):
    """The boxes with several edges on a side, by their ids, and the ports at which edges begin and end, by theirs."""

    boxes: Mapping[str, PortedBox]
    tails: Mapping[str, str]
    heads: Mapping[str, str]

    def find_start(self, edge: Edge, side: str) -> str:
        """Return where an edge begins, in DOT; side is that of its port, n, s, w or e."""
        port = self.tails.get(edge.id)
        return f"{edge.source}:{port}:{side}" if port else edge.source

    def sort(self, edges: Iterable[Edge]) -> list[Edge]:
        """Sort edges so that those that come into a box stand in the order of their ports."""
        return sorted(edges, key=lambda edge: int(self.heads.get(edge.id, "i-1")[1:]))

    def find_end(self, edge: Edge, side: str) -> str:
        """Return where an edge ends, in DOT, with the side of its port."""
        port = self.heads.get(edge.id)
        return f"{edge.target}:{port}:{side}" if port else edge.target


def plan_ports(diagram: Diagram, appearance: Appearance) -> Ports:
    """Give every edge of a box that has several on a side a port of its own, in the order of a row of inputs."""
    boxes: dict[str, PortedBox] = {}
    tails: dict[str, str] = {}
    heads: dict[str, str] = {}
    folds = [shape.id for shape in diagram.shapes if shape.kind == FOLD]
    if not folds:
        return Ports(boxes, tails, heads)
    positions, pitch = _estimate_positions(diagram), _choose_pitch(diagram, folds, appearance)
    for box in folds:
        coming = [edge for edge in diagram.edges if edge.target == box]
        if diagram.floating:  # as typed, but a chain of boxes is straight
            inside = [edge for edge in coming if edge.source not in diagram.floating]
            if len(inside) == 1:
                coming.remove(inside[0])
                coming.insert(len(coming) // 2, inside[0])
        else:
            coming.sort(key=lambda edge: positions[edge.source])
        leaving = [edge for edge in diagram.edges if edge.source == box]
        if len(coming) > 1 or len(leaving) > 1:
            boxes[box] = PortedBox(len(coming), len(leaving), pitch)
            heads |= {edge.id: f"i{k}" for k, edge in enumerate(coming)}
            tails |= {edge.id: f"o{k}" for k, edge in enumerate(leaving)}
    return Ports(boxes, tails, heads)


def _estimate_positions(diagram: Diagram) -> dict[str, float]:
    """Estimate where each shape stands in the order of the inputs: in the middle of what comes into it."""
    positions = {id_: float(k) for k, id_ in enumerate(diagram.inputs)}
    sources: dict[str, list[str]] = {}
    for edge in diagram.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    waiting = [edge.source for edge in diagram.edges]
    while waiting:
        shape = waiting[-1]
        unknown = [each for each in sources.get(shape, ()) if each not in positions]
        if shape in positions or not unknown:
            waiting.pop()
            known = [positions[each] for each in sources.get(shape, ())]
            positions.setdefault(shape, fsum(known) / len(known) if known else float(len(diagram.inputs)))
        waiting += unknown
    return positions


def _choose_pitch(diagram: Diagram, boxes: Collection[str], appearance: Appearance) -> float:
    """Choose how far apart edges must stand for their numbers to have space side by side."""
    theme = appearance.theme
    edges = [edge for edge in diagram.edges if edge.source in boxes or edge.target in boxes]
    has_grids = any(edge.before.grid for edge in edges)
    is_upright = appearance.direction in (UP, DOWN)
    gap = 4 * (GRID_GAP if has_grids else GAP if is_upright else LEADING_GAP) + theme.node_gap
    if not is_upright:
        heights = [measure_label(label, theme)[1] for edge in edges for label in (edge.before, edge.after)]
        return 2 * max(heights) + 1 + gap
    widths = [measure_label(edge.before, theme)[0] + measure_label(edge.after, theme)[0] for edge in edges]
    return (max(widths) if has_grids else sorted(widths)[len(widths) // 2]) + gap  # a few numbers may be wider


def make_ported_label(box: PortedBox, words: str, size: tuple[float, float], direction: str) -> str:
    """Make the table of a box: words in the middle, in a cell of a width and height, and ports along two sides."""
    along, across = ("WIDTH", "HEIGHT") if direction in (UP, DOWN) else ("HEIGHT", "WIDTH")
    sides = _draw_ports("i", box.coming, box, along), _draw_ports("o", box.leaving, box, along)
    first, last = sides if direction in (DOWN, RIGHT) else sides[::-1]
    middle = f'<TD WIDTH="{points(size[0])}" HEIGHT="{points(size[1])}">{words}</TD>'
    rows = join_cells((first, middle, last), across)
    return f'<TABLE BORDER="{points(1)}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" STYLE="ROUNDED">{rows}</TABLE>'


def _draw_ports(letter: str, count: int, box: PortedBox, along: str) -> str:
    if not count:
        return f'<TD {along}="{points(box.length)}"></TD>'
    across = "HEIGHT" if along == "WIDTH" else "WIDTH"
    size = f'{along}="{points(box.length / count)}" {across}="{points(PORT_DEPTH)}"'
    cells = [f'<TD PORT="{letter}{k}" {size}></TD>' for k in range(count)]
    return f"<TD>{make_table(join_cells(cells, along), 0)}</TD>"


# The legend. Graphviz stretches a table in a table, and every cell of it alike, so each has a size of its own.

LegendRow = Sequence[LineStyle | str]


def make_legend(legend: Legend, theme: Theme) -> str:
    """Make the table of a legend: its lines, each a table of its own, and its rows in columns."""
    parts = [_make_grid((line,), theme) for line in legend.lines if line]
    if legend.rows:
        parts.append(_make_grid(legend.rows, theme))
    return make_table("".join(f"<TR><TD>{part}</TD></TR>" for part in parts), 2)


def measure_legend_letters(theme: Theme) -> float:
    """Return how large the letters of a legend are: in a figure with large numbers its sums are to be read, too."""
    return max(theme.operation_size, LEGEND_SHARE * theme.number_size)


def _make_grid(rows: Sequence[LegendRow], theme: Theme) -> str:
    size = measure_legend_letters(theme)
    columns = zip(*rows, strict=True)
    widths = [max(width(p, size) * 1.04 if isinstance(p, str) else SAMPLE for p in column) for column in columns]
    high = size * LINE + 2 * LEADING
    cells = ""
    for row in rows:
        cells += "<TR>"
        for part, wide in zip(row, widths, strict=True):
            drawn = _write_words(part, theme) if isinstance(part, str) else _draw_sample(part, theme)
            fixed = f'FIXEDSIZE="TRUE" WIDTH="{points(wide)}" HEIGHT="{points(high)}"'
            cells += f'<TD ALIGN="LEFT" {fixed}>{drawn}</TD>'
        cells += "</TR>"
    gap = round(COLUMN_GAP * MAGNIFICATION)
    wide = sum(round(each * MAGNIFICATION) for each in widths) + gap * (len(widths) + 1)
    tall = round(high * MAGNIFICATION) * len(rows) + gap * (len(rows) + 1)
    size_ = f'FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{tall}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="{gap}" {size_}>{cells}</TABLE>'


def _write_words(text: str, theme: Theme) -> str:
    if not text:
        return ""  # Graphviz takes no FONT without letters
    return f'<FONT POINT-SIZE="{points(measure_legend_letters(theme))}" COLOR="{theme.ink}">{escape_html(text)}</FONT>'


def _draw_sample(style: LineStyle, theme: Theme) -> str:
    """Draw a piece of an edge: cells with ink and without, or one with ink."""
    high, cells = points(style.width), ""
    for length, is_ink in _split_in_units(style, SAMPLE) or [(points(SAMPLE), True)]:
        ink = f' BGCOLOR="{find_colour(style, theme)}"' if is_ink else ""
        cells += f'<TD WIDTH="{length}" HEIGHT="{high}" FIXEDSIZE="TRUE"{ink}></TD>'
    size = f'FIXEDSIZE="TRUE" WIDTH="{points(SAMPLE)}" HEIGHT="{high}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" {size}><TR>{cells}</TR></TABLE>'
