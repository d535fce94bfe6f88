"""A sketch as DOT text that a person can read.

A wire is source -> label node -> target, the label node being a table of three cells: number, line, number. The
middle cell, one point wide and filled, IS the wire there; the edges end at its port, at points that Graphviz computes
from the same cell, so that there is no seam whatever the numbers measure. Graphviz keeps nodes and what passes by
apart, and so every number from every other thing: labels of edges have no such promise.

Lengths here are points of the finished figure; in the DOT all are MAGNIFICATION times as large, and dpi takes it back,
since Graphviz measures large letters exactly and small ones to the point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from bpviz.figure.bars import Bar, Bars, bar_label, bars
from bpviz.figure.cells import GAP as GAP  # the TikZ writer has it from here
from bpviz.figure.cells import (
    INCH,
    dashes,
    escaped,
    inches,
    legend_label,
    level_line,
    points,
    table,
    upright_line,
)
from bpviz.figure.digraph import Digraph
from bpviz.figure.geometry import Point
from bpviz.figure.lettering import LINE, Line, diameter, fit, width
from bpviz.figure.sketch import (
    ABSENT,
    AGAIN,
    BRANCH,
    CONSTANT,
    CONTRIBUTION,
    FILLED,
    FOLD,
    GATE,
    GRADIENT,
    HIDDEN,
    INK,
    INPUT,
    LOCAL,
    NEW,
    PLAIN,
    RULED,
    STACK,
    VALUE,
    WIRE,
    Legend,
    Mark,
    Sketch,
    Spot,
    Strand,
)
from bpviz.figure.theme import DOWN, LEFT, RIGHT, UP, Theme
from bpviz.fonts import FAMILY, ITALIC, MAGNIFICATION

RANKDIR = {UP: "BT", DOWN: "TB", RIGHT: "LR", LEFT: "RL"}
# The sides of the line cell where a wire comes in and goes out, by direction.
ENTRY = {UP: ("s", "n"), DOWN: ("n", "s"), RIGHT: ("w", "e"), LEFT: ("e", "w")}
BLANK = "−0.000"  # an empty slot has room for this, in every figure
INVISIBLE = "transparent"
# How much shorter and straighter the two halves of a wire want to be than the edges (weight 1) that order the inputs.
# A number stands at its source; a contribution stands at the gate that it comes from.
LIGHT, MEDIUM, HEAVY = "8", "16", "64"
WEIGHTS = {WIRE: (MEDIUM, LIGHT), CONTRIBUTION: (LIGHT, MEDIUM)}
MARGIN = 7.0  # points around the figure
PEN = 1.0  # points: how thick a wire, a circle and a box are drawn
RULE = 0.75  # points: the line to write on
ARROW = 0.5  # of Graphviz's arrowhead, which is 10 points long
DOT = 5.0  # points across a branch dot
BOX_HEIGHT = 24.0
BOX_WIDTH = 36.0
LEAST_LINE = 12.0  # points of line where nothing stands at a wire that runs across
ROOM = 1.6  # points more between ranks for each that the widest wire is wider: curves turn close to what they pass
USUAL = tuple(Point(10.0 * k, 0.0) for k in range(4))  # an edge, where nobody has seen it
Curves = Mapping[str, Sequence[Point]]
SHARPER = 0.05  # of an arrowhead, for each point that its wire is wider
TITLE_GAP = 8.0  # points under a title, besides those few that Graphviz leaves
MANY = 600  # gates: more take a hurry
DEEP, ROUNDS, FEWER = 300, 1500, 300  # in how many rounds their places are bettered; each takes longer in a deep figure
FEW, CROWDED = 6, 0.125  # inputs that need no more room, and for each of as many more the share of it that they take
BOX_MARGIN = 9.0  # points between a name and the sides of its box


class Page(NamedTuple):
    """What is said of the figure as a whole: width in inches, None for its own."""

    theme: Theme
    direction: str
    title: str
    width: float | None
    transparent: bool


def write(sketch: Sketch, page: Page, curves: Curves | None = None) -> str:
    """Return the DOT text of a sketch; curves, by the ids of edges, make their dashes as long."""
    dot = Digraph(_graph_attributes(sketch, page))
    dot.attr("node", id=r"\N", shape="circle", fixedsize="true", penwidth=points(PEN), **_text(page.theme))
    edges = {"penwidth": points(PEN), "arrowsize": points(ARROW), "arrowhead": "none", "weight": LIGHT}
    dot.attr("edge", color=page.theme.ink, **edges)
    across = _diameter(sketch, page.theme)
    long = bars(sketch, page.theme, page.direction)
    _write_inputs(dot, sketch, page)
    for spot in sketch.spots:
        if spot.id in long.boxes:
            dot.node(spot.id, **_bar(spot, long.boxes[spot.id], page))
        elif spot.kind != INPUT or spot.id in sketch.afloat:
            dot.node(spot.id, **_spot(spot, page.theme, across))
    dot.attr("node", shape="plain", fixedsize="false", fontsize=points(page.theme.number_size))
    gates = {spot.id for spot in sketch.spots if spot.kind == GATE}
    widest = _widest_mark(sketch, page.theme) if page.direction in (LEFT, RIGHT) else 0.0  # of no use to the others
    for strand in sketch.strands:
        _write_strand(dot, strand, page, strand.target in gates, curves or {}, widest, long)
    return dot.source


def _graph_attributes(sketch: Sketch, page: Page) -> dict[str, str]:
    theme = page.theme
    widest = _widest(sketch)
    attributes = {
        "rankdir": RANKDIR[page.direction],
        "splines": "true",
        "nodesep": inches(theme.node_gap + widest - PEN),
        "ranksep": inches(theme.rank_gap * _crowd(sketch) + ROOM * (widest - PEN)),
        "pad": inches(MARGIN),
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "bgcolor": "transparent" if page.transparent else theme.background,
        "fontname": FAMILY,
        "fontsize": points(theme.title_size),
        "fontcolor": theme.ink,
    }
    if page.title:
        attributes |= {"label": f"<{_titled(page.title)}>", "labelloc": "t"}
    if sketch.legend:
        where = "t" if page.title else "b"  # a graph has one label, and a title stands over its figure
        attributes |= {"label": f"<{_captioned(sketch.legend, page)}>", "labelloc": where, "outputorder": "edgesfirst"}
    if is_hurried(sketch):  # Graphviz counts its rounds by its nodes, a wire's label being one
        rounds = ROUNDS if sketch.deep < DEEP else FEWER
        attributes["nslimit"] = f"{rounds / (len(sketch.spots) + len(sketch.strands)):.4f}"
    if page.width:
        attributes["size"] = f"{page.width * MAGNIFICATION:g},{1000 * MAGNIFICATION}!"
    return attributes


def is_hurried(sketch: Sketch) -> bool:
    """Say whether a figure is so large that Graphviz is told to take what place it finds soon for everything.

    The time that it takes to find the best grows with the square of the gates: 4 to 8 s for 1,000.
    """
    return sum(spot.kind == GATE for spot in sketch.spots) > MANY


def _titled(title: str) -> str:
    """Return a title with room between it and the figure under it."""
    room = f'<TR><TD HEIGHT="{points(TITLE_GAP)}"></TD></TR>'
    return table(f"<TR><TD>{escaped(title)}</TD></TR>{room}", 0)


def _crowd(sketch: Sketch) -> float:
    """Return how many times as far ranks stand apart where many inputs send their wires past each other."""
    return 1 + CROWDED * min(max(0, len(sketch.inputs) - FEW), FEW)


def _captioned(legend: Legend, page: Page) -> str:
    """Return a legend, and over it the title where there is one, then with room under both."""
    explained = f"<TR><TD>{legend_label(legend, page.theme)}</TD></TR>"
    if not page.title:
        return table(explained, 2)
    room = f'<TR><TD HEIGHT="{points(TITLE_GAP)}"></TD></TR>'
    return table(f"<TR><TD>{escaped(page.title)}</TD></TR>{explained}{room}", 2)


def _widest(sketch: Sketch) -> float:
    return max([PEN, *(strand.course.width for strand in sketch.strands)])


def _text(theme: Theme) -> dict[str, str]:
    return {
        "fontname": FAMILY,
        "fontsize": points(theme.name_size),
        "fontcolor": theme.ink,
        "color": theme.ink,
    }


def _write_inputs(dot: Digraph, sketch: Sketch, page: Page) -> None:
    """Write the inputs on one rank, in their order, which edges that are not drawn keep."""
    row = [id_ for id_ in sketch.inputs if id_ not in sketch.afloat]
    with dot.subgraph() as rank:
        # were it the lowest rank, Graphviz would pull what stands in the place of each cut wire up from it, one by one
        rank.attr(rank="same" if is_hurried(sketch) else "source")
        for spot in sketch.spots:
            if spot.id in row:
                rank.node(spot.id, **_spot(spot, page.theme, 0.0))
        widest = _widest(sketch)
        if widest > PEN:  # wires turn close over the boxes: a taller one that is not drawn keeps wide ones off
            deep = inches(max(BOX_WIDTH, BOX_HEIGHT) + widest)
            wide, tall = ("0", deep) if page.direction in (UP, DOWN) else (deep, "0")
            rank.node("room", label="", shape="box", width=wide, height=tall, style="invis")
        for before, after in pairwise(row):
            rank.edge(before, after, style="invis", weight="1")


def _spot(spot: Spot, theme: Theme, across: float) -> dict[str, str]:
    """Return the attributes of a dot, a circle or a box."""
    if spot.kind == BRANCH:
        look = {"shape": "point", "width": inches(DOT), "label": "", "style": "filled", "fillcolor": theme.ink}
    elif spot.kind == GATE:
        look = {"width": inches(across), "label": _html(fit(lines(spot, theme), across), spot, theme)}
        look |= {"ordering": "in"} if spot.ordered else {}
    else:
        look = _box(spot, theme)
    lit = {"style": "filled", "fillcolor": theme.lit} if spot.lit and spot.kind != BRANCH else {}
    return {"class": spot.kind, **look, **lit}


def _box(spot: Spot, theme: Theme) -> dict[str, str]:
    """Return the attributes of a name in a box, or of a bare name where the theme or the spot has none."""
    words = box_lines(spot, theme)
    wide = max(width(line.text, line.size) for line in words)
    is_boxed = theme.boxes and spot.kind not in (CONSTANT, AGAIN, STACK)
    return {
        "shape": "box" if is_boxed or spot.kind == FOLD else "plaintext",
        "width": inches(max(BOX_WIDTH, wide + 2 * BOX_MARGIN) if is_boxed else wide + BOX_MARGIN),
        "height": inches(_height(words)),
        "label": _html(words, spot, theme),
        **({"style": "rounded"} if spot.kind == FOLD else {}),
    }


def _bar(spot: Spot, bar: Bar, page: Page) -> dict[str, str]:
    """Return the attributes of a box that has a place for each of its wires."""
    words = box_lines(spot, page.theme)
    room = {"WIDTH": 2 * BOX_MARGIN + max(width(line.text, line.size) for line in words), "HEIGHT": _height(words)}
    label = bar_label(bar, _html(words, spot, page.theme)[1:-1], room, page.direction)
    return {"class": spot.kind, "shape": "plain", "fixedsize": "false", "label": f"<{label}>"}


def _height(words: Sequence[Line]) -> float:
    return BOX_HEIGHT + sum(line.size * LINE for line in words[1:])


def box_lines(spot: Spot, theme: Theme) -> tuple[Line, ...]:
    """Return the lines of a box: a name, and under that of several gates or inputs how many there are."""
    name = Line(spot.name, theme.name_size)
    return (name, Line(spot.operation, theme.operation_size)) if spot.operation else (name,)


def lines(spot: Spot, theme: Theme) -> tuple[Line, ...]:
    """Return the lines of a circle: its name with its operation small under it, or the one that is there, large."""
    above = (Line(spot.step, theme.operation_size),) if spot.step else ()
    if spot.name and spot.operation:
        return *above, Line(spot.name, theme.name_size), Line(spot.operation, theme.operation_size)
    if spot.name:
        return *above, Line(spot.name, theme.name_size)
    return *above, Line(spot.operation, theme.symbol_size)


def _diameter(sketch: Sketch, theme: Theme) -> float:
    """Return the diameter of all circles of the figure: one size, so that none looks more important."""
    gates = [spot for spot in sketch.spots if spot.kind == GATE]
    named = any(spot.name for spot in gates)
    least = theme.diameter if named else theme.symbol_diameter
    return diameter((lines(spot, theme) for spot in gates), least)


def _html(lines: tuple[Line, ...], spot: Spot, theme: Theme) -> str:
    texts = [_sized(line, theme) for line in lines]
    if spot.name and spot.operation:
        texts[-1] = f'<FONT COLOR="{theme.faint}">{texts[-1]}</FONT>'
    return f"<{'<BR/>'.join(texts)}>"


def _sized(line: Line, theme: Theme) -> str:
    text = escaped(line.text)
    return text if line.size == theme.name_size else f'<FONT POINT-SIZE="{points(line.size)}">{text}</FONT>'


def _widest_mark(sketch: Sketch, theme: Theme) -> float:
    """Return how wide the widest mark of a figure is."""
    marks = (mark for strand in sketch.strands for mark in (strand.before, strand.after, strand.port))
    return max((width(mark.text, theme.number_size) for mark in marks), default=0.0)


def _write_strand(
    dot: Digraph, strand: Strand, page: Page, into_gate: bool, curves: Curves, widest: float, long: Bars
) -> None:
    """Write a wire: its label node, and the edges to and from the line in it; a port is one more, next to the gate."""
    entry, leave = ENTRY[page.direction]
    kind = {"class": strand.kind}
    stops = [(long.start(strand, leave), ""), (strand.id, f":w:{leave}")]
    dot.node(strand.id, label=f"<{_label(strand, page, widest)}>", **kind)
    before, after = WEIGHTS.get(strand.kind, (HEAVY, HEAVY))
    ways = [("in", before), ("out", after)]
    if strand.after.role == LOCAL:
        ways = [("in", LIGHT), ("out", HEAVY)]
    if strand.port.text:
        stops.append((f"{strand.id}-port", f":w:{leave}"))
        dot.node(stops[-1][0], label=f"<{_label(at_port(strand), page, widest)}>", **{"class": f"{strand.kind} port"})
        # the way between its number and its port is long where a wire is, but a contribution's number is at its gate
        ways = [("in", before), ("on", MEDIUM if before == LIGHT else LIGHT), ("out", HEAVY)]
    has_arrow = page.theme.arrows and into_gate and strand.course.tone == INK
    for (tail, side), (head, _), (part, weight) in zip(
        stops, [*stops[1:], (long.end(strand, entry), "")], ways, strict=True
    ):
        arrow = {"arrowhead": "normal"} if has_arrow and part == "out" else {}
        look = _way(strand, curves.get(f"{strand.id}-{part}", USUAL), page.theme)
        into = head if part == "out" else f"{head}:w:{entry}"
        dot.edge(f"{tail}{side}", into, id=f"{strand.id}-{part}", weight=weight, **kind, **arrow, **look)


def at_port(strand: Strand) -> Strand:
    """Return a wire that carries only what stands at its port."""
    return strand._replace(before=Mark("", VALUE, ABSENT), after=strand.port)


def _label(strand: Strand, page: Page, widest: float) -> str:
    return _row(strand, page) if page.direction in (UP, DOWN) else _column(strand, page, widest)


def _way(strand: Strand, curve: Sequence[Point], theme: Theme) -> dict[str, str]:
    """Return how an edge along this curve is drawn where it is not as all others are."""
    if strand.course == PLAIN:
        return {}
    width = strand.course.width
    arrow = points(ARROW - SHARPER * (width - PEN))  # the pen goes round an arrowhead, too, and makes it larger
    return {"penwidth": points(width), "color": dashes(strand.course, curve, theme), "arrowsize": arrow}


def _row(strand: Strand, page: Page) -> str:
    """Return the table for a wire that runs up or down: number, line, number."""
    theme = page.theme
    is_slot = RULED in (strand.before.state, strand.after.state) or FILLED in (strand.before.state, strand.after.state)
    height = max(theme.number_size * LINE, theme.slot if is_slot else 0.0) + 2 * GAP
    before = f'<TD ALIGN="RIGHT"{_slot(strand.before, theme)}>{_number(strand.before, theme)}</TD>'
    after = f'<TD ALIGN="LEFT"{_slot(strand.after, theme)}>{_number(strand.after, theme)}</TD>'
    return table(f"<TR>{before}{upright_line(strand.course, height, theme)}{after}</TR>")


def _column(strand: Strand, page: Page, widest: float) -> str:
    """Return the table for a wire that runs across: number, line, number, one over the other.

    What stands at a port stands at its gate's end of a line as wide as any, since a rank has its labels in its middle.
    """
    theme = page.theme
    wide = max(width(_room(mark), theme.number_size) for mark in (strand.before, strand.after)) + 2 * GAP
    side = ""
    if strand.after.role == LOCAL:
        wide, side = widest + 2 * GAP, f' ALIGN="{"RIGHT" if page.direction == RIGHT else "LEFT"}"'
    before = f"<TR><TD{_slot(strand.before, theme)}>{_number(strand.before, theme)}</TD></TR>"
    after = f"<TR><TD{side}{_slot(strand.after, theme)}>{_number(strand.after, theme)}</TD></TR>"
    return table(f"{before}<TR>{level_line(strand.course, max(wide, LEAST_LINE), theme)}</TR>{after}")


def _room(mark: Mark) -> str:
    return mark.text or ("" if mark.state == ABSENT else BLANK)


def _slot(mark: Mark, theme: Theme) -> str:
    """Return the room of a number that is to be written in by hand, or the highlighter behind one that is new."""
    if mark.text and mark.state == NEW:
        return f' BGCOLOR="{theme.lit}"'
    if mark.state == ABSENT or (mark.text and mark.state not in (RULED, FILLED)):
        return ""
    wide = width(BLANK, theme.number_size) + 2 * GAP
    return f' WIDTH="{points(wide)}" HEIGHT="{points(theme.number_size * LINE + 2 * GAP)}"'


def _number(mark: Mark, theme: Theme) -> str:
    """Return a number in the colour and the style of what it is, or as clear as glass, or on a line to write on."""
    text = escaped(mark.text) if mark.state != RULED else ""  # nobody is to copy an answer from its clear ink
    if text:
        shown = {VALUE: theme.value, GRADIENT: theme.gradient, LOCAL: theme.faint}[mark.role]
        face = f' FACE="{ITALIC}"' if mark.role == GRADIENT else ""
        text = f'<FONT COLOR="{INVISIBLE if mark.state == HIDDEN else shown}"{face}>{text}</FONT>'
    if mark.state not in (RULED, FILLED):
        return text
    wide = max(width(BLANK, theme.number_size), width(mark.text, theme.number_size) + 2)  # the rule has sides
    # no less than the number: a sheet and its key are to lie on each other
    tall = max(theme.number_size * LINE + 2, theme.slot)
    room = f'VALIGN="BOTTOM" WIDTH="{points(wide)}" HEIGHT="{points(tall)}"'
    rule = f'BORDER="{points(RULE)}" SIDES="B" COLOR="{theme.ink}"'
    return table(f"<TR><TD {rule} {room}>{text}</TD></TR>", 0)
