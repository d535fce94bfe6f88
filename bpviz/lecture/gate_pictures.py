"""The gate template: one large gate, what flows through it both ways, and the chain rule written along.

Inputs stand at the left and the output at the right, as in every lecture, whatever the theme; each wire is two
arrows, forward with its value above, backward with its gradient below. Nothing here is left to Graphviz's layout: the
places are computed from the widths of the words (a circle as small as what stands in it allows) and pinned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.cells import INCH, escaped, inches
from bpviz.figure.digraph import Digraph
from bpviz.figure.dot import Page
from bpviz.figure.lettering import LINE, subscripted, width
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import Sketch
from bpviz.figure.theme import RIGHT, Theme, theme_called
from bpviz.fonts import FAMILY, ITALIC, MAGNIFICATION
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.gates import Gate
from bpviz.graph import Graph
from bpviz.lecture.gate_lessons import (
    FAINT,
    GRADIENT,
    INK,
    LEADING,
    VALUE,
    Block,
    Lesson,
    Line,
    described,
    downstream,
    equation,
    footnotes,
    lesson_of,
    local,
    result_of,
    upstream_of,
    value_of,
)

SYMBOL_SIZE, LEAST_SYMBOL = 34.0, 20.0  # points
WIDEST_SYMBOL = 76.0  # points: a longer one is made smaller
APART = 4.0  # points from the middle of a wire to each of its arrows
GAP = 5.0  # points between an arrow and its words
PAD = 9.0  # points between the circle and what stands in it
LEAST_RADIUS, STEEPEST = 74.0, 0.72  # a port is at most so many radii above or below the middle
LEAST_WIRE = 96.0
ROW_GAP = 16.0  # points between the words of two wires
MARGIN = 10.0
TAIL = 12.0  # points of a wire beyond its words
HEAD = 6.0  # points that an arrowhead is long


class Template(NamedTuple):
    """The graph of one gate, its trace where it has values, and the template as text."""

    graph: Graph
    trace: Trace | None
    picture: Picture


@dataclass
class Sheet:
    """The DOT text as it grows, with the titles of what is in it."""

    dot: Digraph
    theme: Theme
    titles: dict[str, str] = field(default_factory=dict)


def template(
    gate: Gate,
    values: Mapping[str, float] | None = None,
    upstream: float | None = None,
    *,
    theme: str | Theme = "drawio",
    rounding: Rounding = THREE_DIGITS,
    width: float | None = None,
    transparent: bool = False,
) -> Template:
    """Return a gate's template.

    values name the operands and give their values, in order; without them they are x, y, or x₁, x₂, x₃. upstream is
    the gradient that arrives. width is in inches. Raises UsageError for too few or too many values, EvaluationError
    outside the gate's domain.
    """
    lesson = lesson_of(gate, values or {}, upstream, rounding)
    look = theme_called(theme)
    sheet = Sheet(_page(look, width, transparent), look)
    _draw(sheet, lesson)
    title = f"the {gate.name} gate: {equation(lesson)}, upstream, local and downstream gradients"
    page = Page(look, RIGHT, title, width, transparent)
    nothing = Sketch((), (), ())  # no writer but this one can draw a template
    picture = Picture(sheet.dot.source, title, described(lesson), sheet.titles, nothing, page)
    return Template(lesson.graph, lesson.trace, picture)


# -- where it stands ---------------------------------------------------------------------------------------------------


def _draw(sheet: Sheet, lesson: Lesson) -> None:
    """Write the whole template: the circle at the origin, wires to the left and to the right of it."""
    slots = lesson.slots
    locals_ = [local(lesson, slot) for slot in slots]
    values, downstreams = [value_of(lesson, slot) for slot in slots], [downstream(lesson, slot) for slot in slots]
    heights = _rows(locals_, values, downstreams)
    symbol = _symbol(lesson.gate.symbol)
    radius = _radius(locals_, heights, symbol)
    _circle(sheet, lesson, radius)
    for i, block in enumerate(locals_):
        _put_local(sheet, lesson, i, block, heights[i], radius)
    left, right = _symbol_room(radius, symbol, locals_, heights)
    middle = 0.0 if left <= -right else (left + right) / 2
    _text(sheet, "symbol", Block((symbol,)), middle, 0.0, lesson.gate.name)
    long = max([LEAST_WIRE, *(block.width for block in (*values, *downstreams))]) + 2 * TAIL
    for i, slot in enumerate(slots):
        _input_wire(sheet, lesson, slot, heights[i], radius, long, values[i], downstreams[i])
    result, upstream = result_of(lesson), upstream_of(lesson)
    _output_wire(sheet, lesson, radius, max(LEAST_WIRE, result.width, upstream.width) + 2 * TAIL, result, upstream)
    lowest = min(-radius, heights[-1] - APART - GAP - downstreams[-1].height)
    notes = footnotes(lesson)
    _text(sheet, "chain-rule", notes, 0.0, lowest - 2 * GAP - notes.height / 2, "the chain rule")


def _symbol(symbol: str) -> Line:
    """Return a gate's symbol, a whole word in smaller letters."""
    size = min(SYMBOL_SIZE, max(LEAST_SYMBOL, SYMBOL_SIZE * WIDEST_SYMBOL / width(symbol, SYMBOL_SIZE)))
    return Line(symbol, INK, size)


def _rows(locals_: Sequence[Block], values: Sequence[Block], downstreams: Sequence[Block]) -> list[float]:
    """Return how high each input's wire is: far enough apart for their words, symmetrically about the middle."""
    above = max(block.height for block in values) + APART + GAP
    below = max(block.height for block in downstreams) + APART + GAP
    pitch = max(above + below, *(block.height for block in locals_)) + ROW_GAP
    top = pitch * (len(values) - 1) / 2
    return [top - pitch * i for i in range(len(values))]


def _radius(locals_: Sequence[Block], heights: Sequence[float], symbol: Line) -> float:
    """Return the smallest radius of a circle in which nothing touches anything."""
    radius = max(LEAST_RADIUS, max(map(abs, heights)) / STEEPEST)
    while not _fits(radius, locals_, heights, symbol):
        radius += 2.0
    return radius


def _fits(radius: float, locals_: Sequence[Block], heights: Sequence[float], symbol: Line) -> bool:
    left, right = _symbol_room(radius, symbol, locals_, heights)
    if right - left < width(symbol.text, symbol.size):
        return False
    return all(
        abs(y) + block.height / 2 < radius - 1 and _start(radius, block, y) + block.width <= -_start(radius, block, y)
        for block, y in zip(locals_, heights, strict=True)
    )


def _start(radius: float, block: Block, y: float) -> float:
    """Return where a block begins whose corners are to stay in the circle."""
    reach = abs(y) + block.height / 2
    return -sqrt(max(0.0, radius * radius - reach * reach)) + PAD


def _symbol_room(
    radius: float, symbol: Line, locals_: Sequence[Block], heights: Sequence[float]
) -> tuple[float, float]:
    """Return between what the symbol may stand: the local gradients beside it and the circle's right side."""
    half = symbol.size * LINE / 2
    right = sqrt(radius * radius - half * half) - PAD
    beside = [
        _start(radius, block, y) + block.width + PAD
        for block, y in zip(locals_, heights, strict=True)
        if abs(y) - block.height / 2 < half
    ]
    return max(beside, default=-right), right


def _circle(sheet: Sheet, lesson: Lesson, radius: float) -> None:
    sheet.dot.node(
        "gate", label="", shape="circle", fixedsize="true", width=inches(2 * radius), pos="0,0", **{"class": "gate"}
    )
    sheet.titles["gate"] = result_of(lesson).lines[0].text


def _put_local(sheet: Sheet, lesson: Lesson, i: int, block: Block, y: float, radius: float) -> None:
    name = subscripted(lesson.names[lesson.slots[i]])
    start = _start(radius, block, y)
    _text(sheet, f"local-{i}", block, start + block.width / 2, y, f"local gradient of {name}", left=True)


def _input_wire(
    sheet: Sheet, lesson: Lesson, slot: int, y: float, radius: float, long: float, value: Block, gradient: Block
) -> None:
    name = subscripted(lesson.names[slot])
    far, middle = -radius - long, -radius - long / 2
    _point(sheet, f"input-{slot}", far, y)
    port = -sqrt(radius * radius - (y + APART) ** 2)
    _arrow(sheet, f"forward-{slot}", f"input-{slot}", "gate", (far, port), y + APART, VALUE, f"value of {name}")
    port = -sqrt(radius * radius - (y - APART) ** 2)
    _arrow(sheet, f"backward-{slot}", "gate", f"input-{slot}", (port, far), y - APART, GRADIENT, f"gradient of {name}")
    _text(sheet, f"value-{slot}", value, middle, y + APART + GAP + value.height / 2, f"value of {name}")
    title = f"downstream gradient of {name}"
    _text(sheet, f"gradient-{slot}", gradient, middle, y - APART - GAP - gradient.height / 2, title)


def _output_wire(sheet: Sheet, lesson: Lesson, radius: float, long: float, value: Block, gradient: Block) -> None:
    near, far, name = sqrt(radius * radius - APART * APART), radius + long, lesson.output
    _point(sheet, "output", far, 0.0)
    _arrow(sheet, "forward-output", "gate", "output", (near, far), APART, VALUE, f"value of {name}")
    _arrow(sheet, "backward-output", "output", "gate", (far, near), -APART, GRADIENT, f"gradient of {name}")
    middle = radius + long / 2
    _text(sheet, "value-output", value, middle, APART + GAP + value.height / 2, f"value of {name}")
    title = f"upstream gradient of {name}"
    _text(sheet, "gradient-output", gradient, middle, -APART - GAP - gradient.height / 2, title)


# -- how it is written -------------------------------------------------------------------------------------------------


def _page(theme: Theme, width: float | None, transparent: bool) -> Digraph:
    attributes = {
        "layout": "nop2",
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "pad": inches(MARGIN),
        "bgcolor": "transparent" if transparent else theme.background,
        "fontname": FAMILY,
    }
    if width:
        attributes["size"] = f"{width * MAGNIFICATION:g},{1000 * MAGNIFICATION}!"
    dot = Digraph(attributes)
    dot.attr(
        "node", id=r"\N", shape="plain", fontname=FAMILY, color=theme.ink, fontcolor=theme.ink, penwidth=_points(1.5)
    )
    dot.attr("edge", penwidth=_points(1.25), arrowsize=_points(HEAD / 10))
    return dot


def _text(sheet: Sheet, id_: str, block: Block, x: float, y: float, title: str, *, left: bool = False) -> None:
    """Write lines with their middle at a place."""
    usual = block.lines[0].size  # as an attribute: Graphviz takes no more than 255 from a FONT
    align = ' ALIGN="LEFT"' if left else ""
    rows = "".join(f"<TR><TD{align}>{_styled(line, sheet.theme, usual)}</TD></TR>" for line in block.lines)
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="{_points(LEADING)}">{rows}</TABLE>'
    sheet.dot.node(id_, label=f"<{table}>", pos=_place(x, y), fontsize=_points(usual), **{"class": "text"})
    sheet.titles[id_] = title


def _styled(line: Line, theme: Theme, usual: float) -> str:
    colours = {VALUE: theme.value, GRADIENT: theme.gradient, FAINT: theme.faint, INK: theme.ink}
    face = f' FACE="{ITALIC}"' if line.role == GRADIENT else ""
    size = f'POINT-SIZE="{_points(line.size)}" ' if line.size != usual else ""
    return f'<FONT {size}COLOR="{colours[line.role]}"{face}>{escaped(line.text)}</FONT>'


def _point(sheet: Sheet, id_: str, x: float, y: float) -> None:
    sheet.dot.node(id_, label="", shape="point", width="0", style="invis", pos=_place(x, y))


def _arrow(
    sheet: Sheet, id_: str, tail: str, head: str, along: tuple[float, float], y: float, role: str, title: str
) -> None:
    """Write a straight arrow: Graphviz takes a curve that ends where the arrowhead begins, and the arrowhead's tip."""
    start, tip = along
    back = HEAD if tip < start else -HEAD
    stops = [start + (tip + back - start) * share for share in (0, 1 / 3, 2 / 3, 1)]
    curve = " ".join(_place(x, y) for x in stops)
    colour = sheet.theme.value if role == VALUE else sheet.theme.gradient
    sheet.dot.edge(tail, head, id=id_, pos=f"e,{_place(tip, y)} {curve}", color=colour, **{"class": role})
    sheet.titles[id_] = title


def _place(x: float, y: float) -> str:
    return f"{x * MAGNIFICATION:.2f},{y * MAGNIFICATION:.2f}"


def _points(size: float) -> str:
    return f"{size * MAGNIFICATION:g}"
