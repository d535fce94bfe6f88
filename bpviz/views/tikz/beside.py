"""What stands beside a wire: its numbers, or what a figure has been asked to show in their place.

Each is hung on its place by the side that faces the wire, so that another font's widths move nothing onto anything: a
value ends where its wire is, and a gradient begins there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bpviz.views import latex
from bpviz.views.dot import BESIDE, BETWEEN, BLANK, GAP, RULE
from bpviz.views.lettering import HANG, LINE, width
from bpviz.views.sketch import FILLED, GRADIENT, HIDDEN, NEW, RULED, Mark, Strand
from bpviz.views.theme import RIGHT, UP
from bpviz.views.tikz.canvas import Canvas, decimal, lit, place

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
    middle, scale = canvas.geometry.routes[strand.id].middle, canvas.geometry.scale
    size = canvas.page.theme.number_size
    for mark, anchor, right, up, rule in _upright(strand, canvas) if canvas.is_upright else _level(strand, canvas):
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
    """Yield the marks of a wire that runs up or down: the value to the left, the others to the right."""
    size, half = canvas.page.theme.number_size, strand.course.width / 2
    room = max(width(BLANK, size), width(strand.after.text, size)) / 2 + GAP
    yield Hung(strand.before, "base east", -half, -FALL * size, -half - room)
    marks = (strand.port, strand.after) if canvas.page.direction == UP else (strand.after, strand.port)
    there = [mark for mark in marks if mark.text or mark.state in (RULED, FILLED)]
    for k, mark in enumerate(there):
        up = ((len(there) - 1) / 2 - k) * (size * LINE + BETWEEN)
        yield Hung(mark, "base west", half, up - FALL * size, half + room)


def _level(strand: Strand, canvas: Canvas) -> Iterator[Hung]:
    """Yield the marks of a wire that runs across: the value over it, the others under it, side by side."""
    size, half = canvas.page.theme.number_size, strand.course.width / 2
    yield Hung(strand.before, "base", 0, half + GAP + (LINE - HANG) * size, 0)
    marks = (strand.after, strand.port) if canvas.page.direction == RIGHT else (strand.port, strand.after)
    there = [mark for mark in marks if mark.text or mark.state in (RULED, FILLED)]
    under = -half - GAP - HANG * size
    if len(there) == 1:
        yield Hung(there[0], "base", 0, under, 0)
    elif there:
        wide = [width(mark.text, size) for mark in there]
        between = (wide[0] - wide[1]) / 2
        apart = BESIDE / 2 - GAP  # the room in the two nodes takes GAP of it on either side
        yield Hung(there[0], "base east", between - apart, under, between - BESIDE / 2 - wide[0] / 2)
        yield Hung(there[1], "base west", between + apart, under, between + BESIDE / 2 + wide[1] / 2)


def _number(strand: Strand, mark: Mark, anchor: str, at: str, canvas: Canvas) -> str:
    """Return a mark, from the slide on where it appears."""
    place_ = (strand.id, mark.role)
    seen, fresh = canvas.overlays.numbers.get(place_, ""), canvas.overlays.fresh.get(place_, "")
    wide = width(mark.text, canvas.page.theme.number_size) * (ITALIC if mark.role == GRADIENT else 1)
    room = canvas.room(wide + GAP)  # of the gap on either side of it, one may be used up
    words = latex.marked(mark.text, is_italic=mark.role == GRADIENT)
    node = rf"\node[bpviz {mark.role}, {anchor}{room}{lit(mark.state == NEW, fresh)}] at {at} {{${words}$}};"
    return rf"\uncover<{seen}>{{{node}}}" if seen else node
