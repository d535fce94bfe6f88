"""What the pieces of a TikZ picture need: lengths and places as TikZ reads them, beamer overlays, labels, the legend.

Each label hangs on its place by the side that faces its wire, so that another font's widths move nothing onto
anything: a value ends where its wire is, and a gradient begins there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bpviz.figure.diagram import FILLED, GRADIENT, HIDDEN, LOCAL, NEW, RULED, Edge, Label, Legend, LineStyle
from bpviz.figure.dot import keep_port_label
from bpviz.figure.geometry import Geometry, Point
from bpviz.figure.grid_labels import RULE, measure_grid
from bpviz.figure.html_labels import BLANK, GAP, LEADING_GAP, ON_OFF, SAMPLE
from bpviz.figure.lettering import HANG, LINE, width
from bpviz.figure.theme import DOWN, UP, Appearance
from bpviz.figure.tikz_grids import write_matrix
from bpviz.formula import latex

UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
FALL = HANG - LINE / 2  # em: from the middle of a line of text down to its baseline
ITALIC_WIDTH = 0.965  # of the width of upright letters
LEGEND_SPACE = 4.0  # points between words and samples


class Overlays(NamedTuple):
    """On which slides of a beamer frame a thing is to be seen, as overlay specifications say it: "3-5,7-".

    numbers and fresh (new ones, highlighted) are by the id of an edge and the role of its label, highlighted is by
    the id of a shape. A number that is not named is always there. The document must define the key of
    tikz.ON_SOME_SLIDES.
    """

    numbers: Mapping[tuple[str, str], str]
    fresh: Mapping[tuple[str, str], str]
    highlighted: Mapping[str, str]


NO_OVERLAYS = Overlays({}, {}, {})


class Canvas(NamedTuple):
    """A page to draw on. It multiplies lengths of the theme by the scale of the figure."""

    geometry: Geometry
    appearance: Appearance
    overlays: Overlays = NO_OVERLAYS

    def length(self, points: float) -> str:
        """Write a length of the theme as it is in this figure."""
        return f"{write_decimal(points * self.geometry.scale)}bp"

    def font(self, size: float) -> str:
        """Write the font of a size of the theme, as an option."""
        return rf"font=\fontsize{{{self.length(size)}}}{{{self.length(size * LINE)}}}\selectfont"

    def room(self, points: float) -> str:
        """Write the option that makes a text smaller, should LaTeX's font set it wider than so many points."""
        return f", bpviz room={self.length(points)}"


def highlight(is_highlighted: bool, slides: str) -> str:
    """Write the option that highlights a node, on all slides or on some."""
    return f", bpviz on={{<{slides}>{{bpviz lit}}}}" if slides else ", bpviz lit" if is_highlighted else ""


def name_node(id_: str) -> str:
    """Return the name of a shape in TikZ, for arrows of the paper's own: its id, in letters that TikZ allows.

    >>> name_node("gate-num"), name_node("input-θ")
    ('gate-num', 'input-u3b8-')
    """
    return UNSAFE.sub(lambda found: f"u{ord(found[0]):x}-", id_)


def place(point: Point) -> str:
    """Write a place in points."""
    return f"({write_decimal(point.x)},{write_decimal(point.y)})"


def write_decimal(length: float) -> str:
    """Write a length to a hundredth of a point, with no digit more than it needs.

    >>> write_decimal(58.0), write_decimal(-0.001)
    ('58', '0')
    """
    text = f"{length:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# The labels of edges


class HungLabel(NamedTuple):
    """A label, the anchor that it hangs by, and how far that is from the middle of the edge's line, in points.

    rule is how far to the right the middle of its ruled line would be.
    """

    label: Label
    anchor: str
    right: float
    up: float
    rule: float


def draw_labels(edge: Edge, canvas: Canvas) -> Iterator[str]:
    """Yield the labels of an edge, and the lines to write on."""
    route = canvas.geometry.routes[edge.id]
    yield from _draw_labels_at(route.middle, edge, canvas)
    if route.on:
        yield from _draw_labels_at(route.port, keep_port_label(edge), canvas)


def _draw_labels_at(middle: Point, edge: Edge, canvas: Canvas) -> Iterator[str]:
    scale, size = canvas.geometry.scale, canvas.appearance.theme.number_size
    for label, anchor, right, up, rule in _hang_labels(middle, edge, canvas):
        if label.grid:
            yield from _draw_grid(edge, label, middle, canvas)
            continue
        if label.state in (RULED, FILLED):
            wide = max(width(BLANK, size), width(label.text, size) + 1)
            start = middle.shift((rule - wide / 2) * scale, (up - (LINE - HANG) * size) * scale)
            pen = f"bpvizink, line width={canvas.length(RULE)}"
            yield rf"\draw[{pen}] {place(start)} -- +({write_decimal(wide * scale)},0);"
            anchor, right = "base", rule
        if label.text and label.state not in (HIDDEN, RULED):
            at = place(middle.shift(right * scale, up * scale))
            yield _draw_number(edge, label, f"anchor={anchor}", at, canvas)


def _hang_labels(middle: Point, edge: Edge, canvas: Canvas) -> Iterator[HungLabel]:
    size, half = canvas.appearance.theme.number_size, edge.line_style.width / 2
    if canvas.appearance.direction in (UP, DOWN):  # one label to the left of the line, the other to the right
        room = max(width(BLANK, size), width(edge.after.text, size)) / 2 + GAP
        yield HungLabel(edge.before, "base east", -half, -FALL * size, -half - room)
        yield HungLabel(edge.after, "base west", half, -FALL * size, half + room)
        return
    over = half + LEADING_GAP + (LINE - HANG) * size
    yield HungLabel(edge.before, "base", 0, over, 0)
    under = -half - (GAP if edge.after.role == LOCAL else LEADING_GAP) - HANG * size
    if edge.after.role == LOCAL:  # by the end of the line at the gate
        end = (canvas.geometry.routes[edge.id].leaving[0].x - middle.x) / canvas.geometry.scale
        yield HungLabel(edge.after, "base east" if end > 0 else "base west", end, under, 0)
    else:
        yield HungLabel(edge.after, "base", 0, under, 0)


def _draw_number(edge: Edge, label: Label, anchor: str, at: str, canvas: Canvas) -> str:
    """Draw a label, from the slide on where it appears."""
    key = (edge.id, label.role)
    seen, fresh = canvas.overlays.numbers.get(key, ""), canvas.overlays.fresh.get(key, "")
    is_italic = label.role == GRADIENT
    wide = width(label.text, canvas.appearance.theme.number_size) * (ITALIC_WIDTH if is_italic else 1)
    room = canvas.room(wide + GAP)  # of the gap on either side of it, one may be used up
    words = latex.write_wire_label(label.text, is_italic=is_italic)
    options = f"bpviz {label.role}, {anchor}{room}{highlight(label.state == NEW, fresh)}"
    node = rf"\node[{options}] at {at} {{${words}$}};"
    return rf"\uncover<{seen}>{{{node}}}" if seen else node


def _draw_grid(edge: Edge, label: Label, middle: Point, canvas: Canvas) -> Iterator[str]:
    """Yield the grid of a label, beside the line or over or under it, from the slide on where it appears."""
    if label.state == HIDDEN or not label.grid:
        return
    is_first, half = label is edge.before, edge.line_style.width / 2 * canvas.geometry.scale
    if canvas.appearance.direction in (UP, DOWN):
        anchor, at = ("east", middle.shift(-half, 0)) if is_first else ("west", middle.shift(half, 0))
    else:
        anchor, at = ("south", middle.shift(0, half)) if is_first else ("north", middle.shift(0, -half))
    matrix = write_matrix(label.grid, label.state, canvas.geometry.scale, is_italic=label.role == GRADIENT)
    room = canvas.room(measure_grid(label.grid, canvas.appearance.theme)[0] + GAP)
    key = (edge.id, label.role)
    seen, fresh = canvas.overlays.numbers.get(key, ""), canvas.overlays.fresh.get(key, "")
    options = f"bpviz grid, text=bpviz{label.role}, anchor={anchor}{room}{highlight(label.state == NEW, fresh)}"
    node = rf"\node[{options}] at {place(at)} {{${matrix}$}};"
    yield rf"\uncover<{seen}>{{{node}}}" if seen else node


# The legend under a figure


def write_legend(legend: Legend, canvas: Canvas) -> list[str]:
    """Write a legend as lines of text, smaller than the title over them."""
    font = canvas.font(canvas.appearance.theme.operation_size).removeprefix("font=")
    space = rf"\hskip{canvas.length(LEGEND_SPACE)}\relax "
    rows = [space.join(_write_part(part, canvas) for part in line) for line in legend.lines if line]
    if legend.rows:
        columns = "l" * max(map(len, legend.rows))
        table = r" \\ ".join(" & ".join(map(latex.text, row)) for row in legend.rows)
        rows.append(rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}{table}\end{{tabular}}")
    return [f"{font} {row}" for row in rows]


def _write_part(part: LineStyle | str, canvas: Canvas) -> str:
    """Write words, or a sample of an edge: rules, since a picture in a picture would take over its options."""
    if isinstance(part, str):
        return latex.text(part)
    on, off = ON_OFF.get(part.pattern, (SAMPLE, 0.0))
    high = canvas.length(part.width)
    low = f"\\dimexpr 0.35em-{canvas.length(part.width / 2)}\\relax"
    count = max(1, round((SAMPLE + off) / (on + off)))
    dash = rf"\rule[{low}]{{{canvas.length(on)}}}{{{high}}}"
    dashes = rf"\kern{canvas.length(off)}".join([dash] * count)
    return rf"{{\color{{bpviz{part.colour}}}{dashes}}}"
