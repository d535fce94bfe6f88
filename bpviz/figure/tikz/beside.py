"""What stands beside a wire: its numbers, or what a figure has been asked to show in their place.

Each is hung on its place by the side that faces the wire, so that another font's widths move nothing onto anything: a
value ends where its wire is, and a gradient begins there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bpviz.figure.dot import BLANK, GAP, RULE, at_port
from bpviz.figure.geometry import Point
from bpviz.figure.lettering import HANG, LINE, width
from bpviz.figure.sketch import FILLED, GRADIENT, HIDDEN, LOCAL, NEW, RULED, Mark, Strand
from bpviz.figure.tikz.canvas import Canvas, decimal, lit, place
from bpviz.formula import latex

FALL = HANG - LINE / 2  # em: from the middle of a line of text down to its baseline
ITALIC = 0.965  # of the width of upright letters


class Hung(NamedTuple):
    """A mark, the anchor that it hangs by, and how far that is from the middle of the wire's line, in points.

    rule is how far to the right the middle of its ruled line would be.
    """

    mark: Mark
    anchor: str
    right: float
    up: float
    rule: float


def numbers(strand: Strand, canvas: Canvas) -> Iterator[str]:
    """Yield what stands beside a wire, and the lines to write on."""
    route = canvas.geometry.routes[strand.id]
    yield from _at(route.middle, strand, canvas)
    if route.on:
        yield from _at(route.port, at_port(strand), canvas)


def _end(middle: Point, strand: Strand, canvas: Canvas) -> float:
    """Return how far from the middle of a wire's line, in points of the figure, its end at the gate is."""
    return (canvas.geometry.routes[strand.id].leaving[0].x - middle.x) / canvas.geometry.scale


def _at(middle: Point, strand: Strand, canvas: Canvas) -> Iterator[str]:
    scale, size = canvas.geometry.scale, canvas.page.theme.number_size
    end = _end(middle, strand, canvas)
    for mark, anchor, right, up, rule in _upright(strand, canvas) if canvas.is_upright else _level(strand, canvas, end):
        if mark.state in (RULED, FILLED):
            wide = max(width(BLANK, size), width(mark.text, size) + 1)
            start = middle.moved((rule - wide / 2) * scale, (up - (LINE - HANG) * size) * scale)
            pen = f"bpvizink, line width={canvas.length(RULE)}"
            yield rf"\draw[{pen}] {place(start)} -- +({decimal(wide * scale)},0);"
            anchor, right = "base", rule
        if mark.text and mark.state not in (HIDDEN, RULED):
            at = place(middle.moved(right * scale, up * scale))
            yield _number(strand, mark, f"anchor={anchor}", at, canvas)


def _upright(strand: Strand, canvas: Canvas) -> Iterator[Hung]:
    """Yield the marks of a wire that runs up or down: one to the left, the other to the right."""
    size, half = canvas.page.theme.number_size, strand.course.width / 2
    room = max(width(BLANK, size), width(strand.after.text, size)) / 2 + GAP
    yield Hung(strand.before, "base east", -half, -FALL * size, -half - room)
    yield Hung(strand.after, "base west", half, -FALL * size, half + room)


def _level(strand: Strand, canvas: Canvas, end: float) -> Iterator[Hung]:
    """Yield the marks of a wire that runs across: one over it, the other under it, at a port by the end of the line."""
    size, half = canvas.page.theme.number_size, strand.course.width / 2
    yield Hung(strand.before, "base", 0, half + GAP + (LINE - HANG) * size, 0)
    under = -half - GAP - HANG * size
    if strand.after.role == LOCAL:
        yield Hung(strand.after, "base east" if end > 0 else "base west", end, under, 0)
    else:
        yield Hung(strand.after, "base", 0, under, 0)


def _number(strand: Strand, mark: Mark, anchor: str, at: str, canvas: Canvas) -> str:
    """Return a mark, from the slide on where it appears."""
    place_ = (strand.id, mark.role)
    seen, fresh = canvas.overlays.numbers.get(place_, ""), canvas.overlays.fresh.get(place_, "")
    wide = width(mark.text, canvas.page.theme.number_size) * (ITALIC if mark.role == GRADIENT else 1)
    room = canvas.room(wide + GAP)  # of the gap on either side of it, one may be used up
    words = latex.marked(mark.text, is_italic=mark.role == GRADIENT)
    node = rf"\node[bpviz {mark.role}, {anchor}{room}{lit(mark.state == NEW, fresh)}] at {at} {{${words}$}};"
    return rf"\uncover<{seen}>{{{node}}}" if seen else node
