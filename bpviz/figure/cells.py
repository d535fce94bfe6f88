"""Pieces of Graphviz's tables: lengths, escaped words, and the line of a wire, whole or broken.

Graphviz breaks lines itself, but by units that do not grow with a magnified figure, and never the side of a cell. So
an edge is broken by its list of colours, and a line in a table into cells; both begin and end with ink, where they
meet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from bpviz.figure.dashes import shares, stripes
from bpviz.figure.geometry import Point
from bpviz.figure.lettering import LINE, width
from bpviz.figure.sketch import SOLID, Course, Legend
from bpviz.figure.theme import Theme
from bpviz.fonts import MAGNIFICATION

INCH = 72.0  # points
GAP = 4  # points between a number and its wire, and around the two
LAP = 0.5  # points by which edges reach into the line in a label: ends that only touch show as gaps on a screen
ON_OFF = {"dashed": (7.0, 4.0), "dotted": (1.6, 3.0)}  # points of ink and of none
SAMPLE = 34.0  # points: a wire in the legend
COLUMN_GAP = 4.0  # points
LEADING = 1.0  # points above and below a line of the legend
CLEAR = "#ffffff00"
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"  # in XML


def escaped(text: str) -> str:
    """Return text for an HTML label: what is markup to Graphviz escaped, what XML forbids replaced."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\\", "\\\\")
    if text.isprintable():
        return text
    return re.sub(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}", text).replace("\r\n", "\n").replace("\n", "<BR/>")


def inches(points: float) -> str:
    """Return a length as Graphviz takes most: in inches, magnified."""
    return f"{points * MAGNIFICATION / INCH:.3f}"


def points(size: float) -> str:
    """Return a length as Graphviz takes sizes of letters, of pens and of cells: in points, magnified and whole."""
    return f"{round(size * MAGNIFICATION)}"


def table(rows: str, padding: float = GAP, spacing: float = 0) -> str:
    """Return a table without ink of its own."""
    room = f'CELLSPACING="{points(spacing)}" CELLPADDING="{points(padding)}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" {room}>{rows}</TABLE>'


def colour(course: Course, theme: Theme) -> str:
    """Return the colour of a wire."""
    shade: str = getattr(theme, course.tone)
    return shade


def upright_line(course: Course, height: float, theme: Theme) -> str:
    """Return the cell that is a wire running up or down: a table of three, the port in the middle one."""
    end = f'<TR><TD HEIGHT="{points(LAP)}"{_ink(course, theme)}></TD></TR>'
    rows = "".join(
        f'<TR><TD HEIGHT="{length}"{_ink(course, theme) if is_ink else ""}></TD></TR>'
        for length, is_ink in _stripes(course, height - 2 * LAP)
    )
    port = f'<TR><TD PORT="w" HEIGHT="{points(height - 2 * LAP)}">{table(rows, 0) if rows else ""}</TD></TR>'
    return _line(f"{end}{port}{end}", "WIDTH", course, theme)


def level_line(course: Course, wide: float, theme: Theme) -> str:
    """Return the cell that is a wire running across."""
    end = f'<TD WIDTH="{points(LAP)}"{_ink(course, theme)}></TD>'
    cells = "".join(
        f'<TD WIDTH="{length}"{_ink(course, theme) if is_ink else ""}></TD>'
        for length, is_ink in _stripes(course, wide - 2 * LAP)
    )
    inside = table(f"<TR>{cells}</TR>", 0) if cells else ""
    port = f'<TD PORT="w" WIDTH="{points(wide - 2 * LAP)}">{inside}</TD>'
    return _line(f"<TR>{end}{port}{end}</TR>", "HEIGHT", course, theme)


def dashes(course: Course, curve: Sequence[Point], theme: Theme) -> str:
    """Return the colour of an edge along a curve: of a broken one a list of shares with ink and without."""
    shade = colour(course, theme)
    if course.pattern == SOLID:
        return shade
    parts = shares(curve, *ON_OFF[course.pattern])
    return ":".join([*(f"{CLEAR if k % 2 else shade};{part:.6f}" for k, part in enumerate(parts)), shade])


def legend_label(legend: Legend, theme: Theme) -> str:
    """Return a legend as the label of the graph.

    Graphviz stretches a table in a table, and every cell of it alike: so each has a size of its own.
    """
    parts = [_spaced(_grid((line,), theme), theme) for line in legend.lines if line]
    if legend.rows:
        parts.append(_spaced(_grid(legend.rows, theme), theme))
    return table("".join(f"<TR><TD>{part}</TD></TR>" for part in parts), 2)


def _grid(rows: Sequence[Sequence[Course | str]], theme: Theme) -> tuple[Sequence[Sequence[Course | str]], list[float]]:
    """Return rows with the widths of their columns."""
    return rows, [max(_wide(part, theme) for part in column) for column in zip(*rows, strict=True)]


def _spaced(grid: tuple[Sequence[Sequence[Course | str]], list[float]], theme: Theme) -> str:
    rows, widths = grid
    high = theme.operation_size * LINE + 2 * LEADING
    cells = "".join(
        "<TR>"
        + "".join(
            f'<TD ALIGN="LEFT" FIXEDSIZE="TRUE" WIDTH="{points(wide)}" HEIGHT="{points(high)}">'
            f"{_words(part, theme) if isinstance(part, str) else _sample(part, theme)}</TD>"
            for part, wide in zip(row, widths, strict=True)
        )
        + "</TR>"
        for row in rows
    )
    wide = sum(map(round, (w * MAGNIFICATION for w in widths))) + round(COLUMN_GAP * MAGNIFICATION) * (len(widths) + 1)
    tall = round(high * MAGNIFICATION) * len(rows) + round(COLUMN_GAP * MAGNIFICATION) * (len(rows) + 1)
    size = f'FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{tall}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="{points(COLUMN_GAP)}" {size}>{cells}</TABLE>'


def _wide(part: Course | str, theme: Theme) -> float:
    return width(part, theme.operation_size) * 1.04 if isinstance(part, str) else SAMPLE


def _words(text: str, theme: Theme) -> str:
    if not text:
        return ""  # Graphviz takes no FONT without letters
    return f'<FONT POINT-SIZE="{points(theme.operation_size)}" COLOR="{theme.ink}">{escaped(text)}</FONT>'


def _sample(course: Course, theme: Theme) -> str:
    cells = "".join(
        f'<TD WIDTH="{length}" HEIGHT="{points(course.width)}" FIXEDSIZE="TRUE"'
        f"{_background(course, theme) if is_ink else ''}></TD>"
        for length, is_ink in _stripes(course, SAMPLE) or [(points(SAMPLE), True)]
    )
    size = f'FIXEDSIZE="TRUE" WIDTH="{points(SAMPLE)}" HEIGHT="{points(course.width)}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" {size}><TR>{cells}</TR></TABLE>'


def _line(rows: str, thin: str, course: Course, theme: Theme) -> str:
    whole = _background(course, theme) if course.pattern == SOLID else ""
    return f'<TD CELLPADDING="0" {thin}="{points(course.width)}"{whole}>{table(rows, 0)}</TD>'


def _background(course: Course, theme: Theme) -> str:
    return f' BGCOLOR="{colour(course, theme)}"'


def _ink(course: Course, theme: Theme) -> str:
    """Return the ink of a part of a broken line; a whole one has it behind all its parts."""
    return "" if course.pattern == SOLID else _background(course, theme)


def _stripes(course: Course, length: float) -> list[tuple[str, bool]]:
    """Return the parts of a broken line, in whole units that add up to its length: ink first and last."""
    if course.pattern == SOLID:
        return []
    ends = accumulate(stripes(length, *ON_OFF[course.pattern]), initial=0.0)
    marks = [round(end * MAGNIFICATION) for end in ends]
    return [(f"{b - a}", k % 2 == 0) for k, (a, b) in enumerate(pairwise(marks))]
