"""A sketch as DOT text that a person can read.

A wire is source -> label node -> target, the label node being a table of three cells: number, line, number. The
middle cell, one point wide and filled, IS the wire there; the edges end at its port, at points that Graphviz computes
from the same cell, so that there is no seam whatever the numbers measure. Graphviz keeps nodes and what passes by
apart, and so every number from every other thing: labels of edges have no such promise.

Lengths here are points of the finished figure; in the DOT all are MAGNIFICATION times as large, and dpi takes it back,
since Graphviz measures large letters exactly and small ones to the point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphviz import Digraph

from bpviz.fonts import FAMILY, MAGNIFICATION
from bpviz.views.lettering import LINE, Line, diameter, fit, width
from bpviz.views.sketch import (
    BRANCH,
    CONSTANT,
    CONTRIBUTION,
    FILLED,
    GATE,
    HIDDEN,
    INPUT,
    NEW,
    RULED,
    VALUE,
    WIRE,
    Mark,
    Sketch,
    Spot,
    Strand,
)
from bpviz.views.theme import DOWN, LEFT, RIGHT, UP, Theme

INCH = 72.0  # points
RANKDIR = {UP: "BT", DOWN: "TB", RIGHT: "LR", LEFT: "RL"}
# The sides of the line cell where a wire comes in and goes out, by direction.
ENTRY = {UP: ("s", "n"), DOWN: ("n", "s"), RIGHT: ("w", "e"), LEFT: ("e", "w")}
BLANK = "−0.000"  # an empty slot has room for this, in every figure
INVISIBLE = "transparent"
GAP = 4  # points between a number and its wire, and around the two
LAP = 0.5  # points by which edges reach into the line in a label: ends that only touch show as gaps on a screen
# How much shorter and straighter the two halves of a wire want to be than the edges (weight 1) that order the inputs.
# A number stands at its source; a contribution stands at the gate that it comes from.
LIGHT, MEDIUM, HEAVY = "8", "16", "64"
WEIGHTS = {WIRE: (MEDIUM, LIGHT), CONTRIBUTION: (LIGHT, MEDIUM)}
NODE_GAP = 12.0  # points between neighbours on a rank
RANK_GAP = 20.0  # points between ranks, where wires turn: much less, and Graphviz gives up bending them
MARGIN = 7.0  # points around the figure
PEN = 1.0  # points: how thick a wire, a circle and a box are drawn
RULE = 0.75  # points: the line to write on
ARROW = 0.5  # of Graphviz's arrowhead, which is 10 points long
DOT = 5.0  # points across a branch dot
BOX_HEIGHT = 24.0
BOX_WIDTH = 36.0
BOX_MARGIN = 9.0  # points between a name and the sides of its box
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML


@dataclass(frozen=True)
class Page:
    """What is said of the figure as a whole: width in inches, None for its own."""

    theme: Theme
    direction: str
    title: str
    width: float | None
    transparent: bool


def write(sketch: Sketch, page: Page) -> str:
    """Return the DOT text of a sketch."""
    dot = Digraph(name=None, graph_attr=_graph_attributes(page))
    dot.attr("node", id=r"\N", shape="circle", fixedsize="true", penwidth=_points(PEN), **_text(page.theme))
    edges = {"penwidth": _points(PEN), "arrowsize": _points(ARROW), "arrowhead": "none", "weight": LIGHT}
    dot.attr("edge", color=page.theme.ink, **edges)
    across = _diameter(sketch, page.theme)
    _write_inputs(dot, sketch, page)
    for spot in sketch.spots:
        if spot.kind != INPUT:
            dot.node(spot.id, **_spot(spot, page.theme, across))
    dot.attr("node", shape="plain", fixedsize="false", fontsize=_points(page.theme.number_size))
    gates = {spot.id for spot in sketch.spots if spot.kind == GATE}
    for strand in sketch.strands:
        _write_strand(dot, strand, page, strand.target in gates)
    return str(dot.source)


def _graph_attributes(page: Page) -> dict[str, str]:
    theme = page.theme
    attributes = {
        "rankdir": RANKDIR[page.direction],
        "splines": "true",
        "nodesep": _inches(NODE_GAP),
        "ranksep": _inches(RANK_GAP),
        "pad": _inches(MARGIN),
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "bgcolor": "transparent" if page.transparent else theme.background,
        "fontname": FAMILY,
        "fontsize": _points(theme.title_size),
        "fontcolor": theme.ink,
    }
    if page.title:
        attributes |= {"label": f"<{escaped(page.title)}>", "labelloc": "t"}
    if page.width:
        attributes["size"] = f"{page.width * MAGNIFICATION:g},{1000 * MAGNIFICATION}!"
    return attributes


def _text(theme: Theme) -> dict[str, str]:
    return {
        "fontname": FAMILY,
        "fontsize": _points(theme.name_size),
        "fontcolor": theme.ink,
        "color": theme.ink,
    }


def _write_inputs(dot: Digraph, sketch: Sketch, page: Page) -> None:
    """Write the inputs on one rank, in their order, which edges that are not drawn keep."""
    with dot.subgraph() as rank:
        rank.attr(rank="source")
        for spot in sketch.spots:
            if spot.kind == INPUT:
                rank.node(spot.id, **_spot(spot, page.theme, 0.0))
        for before, after in zip(sketch.inputs, sketch.inputs[1:], strict=False):
            rank.edge(before, after, style="invis", weight="1")


def _spot(spot: Spot, theme: Theme, across: float) -> dict[str, str]:
    """Return the attributes of a circle, a box or a dot."""
    if spot.kind == BRANCH:
        return {
            "class": spot.kind,
            "shape": "point",
            "width": _inches(DOT),
            "label": "",
            "style": "filled",
            "fillcolor": theme.ink,
        }
    lit = {"style": "filled", "fillcolor": theme.lit} if spot.lit else {}
    if spot.kind == GATE:
        return {
            "class": spot.kind,
            "width": _inches(across),
            "label": _html(fit(lines(spot, theme), across), spot, theme),
            **lit,
        }
    wide = max(BOX_WIDTH, width(spot.name, theme.name_size) + 2 * BOX_MARGIN)
    if not theme.boxes or spot.kind == CONSTANT:
        wide = width(spot.name, theme.name_size) + BOX_MARGIN
    shape = "box" if theme.boxes and spot.kind != CONSTANT else "plaintext"
    size = {"width": _inches(wide), "height": _inches(BOX_HEIGHT)}
    return {
        "class": spot.kind,
        "shape": shape,
        **size,
        "label": _html((Line(spot.name, theme.name_size),), spot, theme),
        **lit,
    }


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
    return text if line.size == theme.name_size else f'<FONT POINT-SIZE="{_points(line.size)}">{text}</FONT>'


def _write_strand(dot: Digraph, strand: Strand, page: Page, into_gate: bool) -> None:
    """Write a wire: its label node, and the edges to and from the line in it."""
    entry, leave = ENTRY[page.direction]
    table = _row(strand, page.theme) if page.direction in (UP, DOWN) else _column(strand, page.theme)
    kind = {"class": strand.kind}
    dot.node(strand.id, label=f"<{table}>", **kind)
    before, after = WEIGHTS.get(strand.kind, (HEAVY, HEAVY))
    dot.edge(strand.source, f"{strand.id}:w:{entry}", id=f"{strand.id}-in", weight=before, **kind)
    arrow = {"arrowhead": "normal"} if page.theme.arrows and into_gate else {}
    dot.edge(f"{strand.id}:w:{leave}", strand.target, id=f"{strand.id}-out", weight=after, **kind, **arrow)


def _row(strand: Strand, theme: Theme) -> str:
    """Return the table for a wire that runs up or down: number, line, number."""
    height = theme.number_size * LINE + 2 * GAP
    before = f'<TD ALIGN="RIGHT"{_slot(strand.before, theme)}>{_number(strand.before, theme)}</TD>'
    after = f'<TD ALIGN="LEFT"{_slot(strand.after, theme)}>{_number(strand.after, theme)}</TD>'
    end = f'<TR><TD HEIGHT="{_points(LAP)}"></TD></TR>'
    line = f'{end}<TR><TD PORT="w" HEIGHT="{_points(height - 2 * LAP)}"></TD></TR>{end}'
    return _table(f"<TR>{before}{_line(line, 'WIDTH', theme)}{after}</TR>")


def _column(strand: Strand, theme: Theme) -> str:
    """Return the table for a wire that runs across: number, line, number, one over the other."""
    marks = (strand.before, strand.after)
    wide = max(width(mark.text or BLANK, theme.number_size) for mark in marks) + 2 * GAP
    before, after = (f"<TR><TD{_slot(mark, theme)}>{_number(mark, theme)}</TD></TR>" for mark in marks)
    end = f'<TD WIDTH="{_points(LAP)}"></TD>'
    line = f'<TR>{end}<TD PORT="w" WIDTH="{_points(wide - 2 * LAP)}"></TD>{end}</TR>'
    return _table(f"{before}<TR>{_line(line, 'HEIGHT', theme)}</TR>{after}")


def _line(rows: str, thin: str, theme: Theme) -> str:
    """Return the cell that is the wire: a table of three without ink of its own, the port in the middle one."""
    return f'<TD CELLPADDING="0" {thin}="{_points(PEN)}" BGCOLOR="{theme.ink}">{_table(rows, 0)}</TD>'


def _table(rows: str, padding: float = GAP) -> str:
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{_points(padding)}">{rows}</TABLE>'


def _slot(mark: Mark, theme: Theme) -> str:
    """Return the room of a number that is to be written in by hand, or the highlighter behind one that is new."""
    if mark.text and mark.state == NEW:
        return f' BGCOLOR="{theme.lit}"'
    if mark.text and mark.state not in (RULED, FILLED):
        return ""
    wide = width(BLANK, theme.number_size) + 2 * GAP
    return f' WIDTH="{_points(wide)}" HEIGHT="{_points(theme.number_size * LINE + 2 * GAP)}"'


def _number(mark: Mark, theme: Theme) -> str:
    """Return a number in the colour and the style of what it is, or as clear as glass, or on a line to write on."""
    text = escaped(mark.text) if mark.state != RULED else ""  # nobody is to copy an answer from its clear ink
    if text:
        shown = theme.value if mark.role == VALUE else theme.gradient
        styled = text if mark.role == VALUE else f"<I>{text}</I>"
        text = f'<FONT COLOR="{INVISIBLE if mark.state == HIDDEN else shown}">{styled}</FONT>'
    if mark.state not in (RULED, FILLED):
        return text
    wide = max(width(BLANK, theme.number_size), width(mark.text, theme.number_size) + 1)
    room = f'WIDTH="{_points(wide)}" HEIGHT="{_points(theme.number_size * LINE)}"'
    rule = f'BORDER="{_points(RULE)}" SIDES="B" COLOR="{theme.ink}"'
    return _table(f"<TR><TD {rule} {room}>{text}</TD></TR>", 0)


def escaped(text: str) -> str:
    """Return text for an HTML label: what is markup to Graphviz escaped, what XML forbids replaced."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\\", "\\\\")
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r\n", "\n").replace("\n", "<BR/>")


def _inches(points: float) -> str:
    """Return a length as Graphviz takes most: in inches, magnified."""
    return f"{points * MAGNIFICATION / INCH:.3f}"


def _points(size: float) -> str:
    """Return a length as Graphviz takes sizes of letters, of pens and of cells: in points, magnified and whole."""
    return f"{round(size * MAGNIFICATION)}"
