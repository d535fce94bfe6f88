"""Draw one gate: what flows through it both ways, and the chain rule along the way.

The inputs are at the left and the output is at the right, as in every lecture, whatever the theme. Each wire is two
arrows: forward with the value above it, and backward with the gradient below it. Graphviz does not lay this out: all
positions are computed from the widths of the words, and the circle is as small as the words in it allow. Lengths are
points; the circle's middle is the origin, and y grows upward.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import sqrt

import graphviz

from bpviz.errors import UsageError
from bpviz.figure.diagram import Diagram
from bpviz.figure.drawing import Figure
from bpviz.figure.fitting import read_length
from bpviz.figure.html_text import INCH, escape_html, inches
from bpviz.figure.lettering import LINE, width
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import DPI
from bpviz.figure.svg import FONT, check_text
from bpviz.figure.theme import RIGHT, Appearance, find_theme
from bpviz.fonts import FAMILY, ITALIC, MAGNIFICATION
from bpviz.formula.numerals import rounding_to
from bpviz.lecture.gate_words import (
    FAINT,
    GRADIENT,
    INK,
    LEADING,
    VALUE,
    GateUse,
    TextBlock,
    TextLine,
    use_gate,
)
from bpviz.vectors import find_scalar_gate

SYMBOL_SIZE, SMALLEST_SYMBOL_SIZE = 34.0, 20.0
WIDEST_SYMBOL = 76.0  # a longer one has smaller letters
ARROW_GAP = 4.0  # from the middle of a wire to each of its arrows
WORD_GAP = 5.0  # between an arrow and its words
PADDING = 9.0  # between the circle and the words in it
SMALLEST_RADIUS = 74.0
HIGHEST_PORT = 0.72  # radii above or below the middle
SHORTEST_WIRE = 96.0
ROW_GAP = 16.0  # between the words of two wires
MARGIN = 10.0
WIRE_END = 12.0  # of a wire, beyond its words
ARROWHEAD = 6.0
MOST_INCHES_HIGH = 1000  # Graphviz wants a height with a width


class GateFigure(Figure):
    """The figure of one gate; its graph has that gate alone."""

    @property
    def tex(self) -> str:
        """Refuse TeX, since the positions are not those of a program's figure."""
        raise UsageError("a gate's template is not written as .tex", hint="include the .pdf in your document")


def draw_gate(
    gate: str,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's word for values by name
    upstream: float | None = None,
    theme: str = "drawio",
    digits: int = 3,
    decimals: int | None = None,
    width: str | None = None,
    transparent: bool = False,
    text: str = FONT,
    engine: str = "bundled",
    dpi: float = DPI,
    **operands: float,
) -> GateFigure:
    """Draw a gate with what flows through it, forward and backward; with values for its operands it has numbers.

    The operands may have any names: x and y, or w and x. upstream is the gradient that arrives at the output, and width
    is a length with its unit, such as "12cm". text says how an SVG has its letters: font or outline. Raises UsageError
    for an option or a number of operands that is wrong, and EvaluationError outside the gate's domain.

    >>> draw_gate("multiply", x=2, y=3, upstream=5).trace.local[-1]
    (3.0, 2.0)
    """
    row = find_scalar_gate(gate, "a template", f"bpviz gates {gate} prints where its rule comes from")
    use = use_gate(row, {**(set or {}), **operands}, upstream, rounding_to(digits, decimals))
    look = find_theme(theme)
    in_inches = read_length(width) if width is not None else None
    title = f"the {use.gate.name} gate: {use.equation}, upstream, local and downstream gradients"
    appearance = Appearance(look, RIGHT, title, in_inches, transparent)
    drawing = GateDrawing(use, appearance)
    drawing.draw()
    no_diagram = Diagram((), (), ())  # only Graphviz draws it
    picture = Picture(drawing.dot.source, title, use.describe(), drawing.titles, no_diagram, appearance)
    return GateFigure(use.graph, use.trace, picture, engine, dpi, text=check_text(text))


class GateDrawing:
    """The positions of everything in the figure of a gate, and its DOT text as it grows."""

    def __init__(self, use: GateUse, appearance: Appearance) -> None:
        self.use, self.theme = use, appearance.theme
        self.titles: dict[str, str] = {}
        self.dot = _begin_dot(appearance)
        self.local_blocks = [use.describe_local(slot) for slot in use.slots]
        self.value_blocks = [use.describe_value(slot) for slot in use.slots]
        self.downstream_blocks = [use.describe_downstream(slot) for slot in use.slots]
        symbol = use.gate.symbol
        size = min(SYMBOL_SIZE, max(SMALLEST_SYMBOL_SIZE, SYMBOL_SIZE * WIDEST_SYMBOL / width(symbol, SYMBOL_SIZE)))
        self.symbol = TextLine(symbol, INK, size)

    # -- positions

    @cached_property
    def heights(self) -> list[float]:
        """How high each input's wire is: symmetrical about the middle, with room for the words of the wires."""
        above = max(block.height for block in self.value_blocks) + ARROW_GAP + WORD_GAP
        below = max(block.height for block in self.downstream_blocks) + ARROW_GAP + WORD_GAP
        distance = max(above + below, *(block.height for block in self.local_blocks)) + ROW_GAP
        top = distance * (len(self.value_blocks) - 1) / 2
        return [top - distance * i for i in range(len(self.value_blocks))]

    @cached_property
    def radius(self) -> float:
        """The smallest radius of a circle in which nothing touches anything."""
        radius = max(SMALLEST_RADIUS, max(map(abs, self.heights)) / HIGHEST_PORT)
        while not self._fits(radius):
            radius += 2.0
        return radius

    def _fits(self, radius: float) -> bool:
        left, right = self._find_symbol_room(radius)
        return right - left >= width(self.symbol.text, self.symbol.size) and all(
            abs(y) + block.height / 2 < radius - 1
            and _find_left(radius, block, y) + block.width <= -_find_left(radius, block, y)
            for block, y in zip(self.local_blocks, self.heights, strict=True)
        )

    def _find_symbol_room(self, radius: float) -> tuple[float, float]:
        """Find where the symbol's room begins and ends, between the local gradients and the circle's right side."""
        half = self.symbol.size * LINE / 2
        right = sqrt(radius * radius - half * half) - PADDING
        beside = [
            _find_left(radius, block, y) + block.width + PADDING
            for block, y in zip(self.local_blocks, self.heights, strict=True)
            if abs(y) - block.height / 2 < half
        ]
        return max(beside, default=-right), right

    # -- the parts

    def draw(self) -> None:
        """Write the circle, the wires to the left and to the right of it, and their words."""
        use, radius = self.use, self.radius
        diameter = inches(2 * radius)
        self.dot.node(
            "gate", label="", shape="circle", fixedsize="true", width=diameter, pos="0,0", **{"class": "gate"}
        )
        self.titles["gate"] = use.describe_result().lines[0].text
        for i, (slot, block, y) in enumerate(zip(use.slots, self.local_blocks, self.heights, strict=True)):
            x, title = _find_left(radius, block, y) + block.width / 2, f"local gradient of {use.write_name(slot)}"
            self._write(f"local-{i}", block, x, y, title, align_left=True)
        left, right = self._find_symbol_room(radius)
        middle = 0.0 if left <= -right else (left + right) / 2
        self._write("symbol", TextBlock((self.symbol,)), middle, 0.0, use.gate.name)
        self._draw_input_wires()
        self._draw_output_wire()
        lowest = min(-radius, self.heights[-1] - ARROW_GAP - WORD_GAP - self.downstream_blocks[-1].height)
        notes = use.write_footnotes()
        self._write("chain-rule", notes, 0.0, lowest - 2 * WORD_GAP - notes.height / 2, "the chain rule")

    def _draw_input_wires(self) -> None:
        widths = [block.width for block in (*self.value_blocks, *self.downstream_blocks)]
        length = max([SHORTEST_WIRE, *widths]) + 2 * WIRE_END
        start, middle = -self.radius - length, -self.radius - length / 2
        for slot, y, value, gradient in zip(
            self.use.slots, self.heights, self.value_blocks, self.downstream_blocks, strict=True
        ):
            name = self.use.write_name(slot)
            far, above, below = (f"input-{slot}", start), y + ARROW_GAP, y - ARROW_GAP
            self._place_point(*far, y)
            self._draw_arrow(f"forward-{slot}", far, ("gate", -self._find_port(above)), above, f"value of {name}")
            self._draw_arrow(f"backward-{slot}", ("gate", -self._find_port(below)), far, below, f"gradient of {name}")
            self._write(f"value-{slot}", value, middle, above + WORD_GAP + value.height / 2, f"value of {name}")
            top, title = below - WORD_GAP, f"downstream gradient of {name}"
            self._write(f"gradient-{slot}", gradient, middle, top - gradient.height / 2, title)

    def _draw_output_wire(self) -> None:
        value, gradient = self.use.describe_result(), self.use.describe_upstream()
        length = max(SHORTEST_WIRE, value.width, gradient.width) + 2 * WIRE_END
        near, far = ("gate", self._find_port(ARROW_GAP)), ("output", self.radius + length)
        middle, name = self.radius + length / 2, self.use.output
        self._place_point(*far, 0.0)
        self._draw_arrow("forward-output", near, far, ARROW_GAP, f"value of {name}")
        self._draw_arrow("backward-output", far, near, -ARROW_GAP, f"gradient of {name}")
        above = ARROW_GAP + WORD_GAP
        self._write("value-output", value, middle, above + value.height / 2, f"value of {name}")
        self._write("gradient-output", gradient, middle, -above - gradient.height / 2, f"upstream gradient of {name}")

    def _find_port(self, y: float) -> float:
        """Compute how far right of the middle the circle is at a height."""
        return sqrt(self.radius * self.radius - y * y)

    # -- DOT

    def _write(self, id_: str, block: TextBlock, x: float, y: float, title: str, *, align_left: bool = False) -> None:
        """Write lines with their middle at a position."""
        usual = block.lines[0].size  # an attribute of the node, since Graphviz takes no more than 255 from a FONT
        align = ' ALIGN="LEFT"' if align_left else ""
        rows = "".join(f"<TR><TD{align}>{self._style(line, usual)}</TD></TR>" for line in block.lines)
        table = f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="{_magnify(LEADING)}">{rows}</TABLE>'
        self.dot.node(id_, label=f"<{table}>", pos=_pin(x, y), fontsize=_magnify(usual), **{"class": "text"})
        self.titles[id_] = title

    def _style(self, line: TextLine, usual: float) -> str:
        theme = self.theme
        colours = {VALUE: theme.value, GRADIENT: theme.gradient, FAINT: theme.faint, INK: theme.ink}
        face = f' FACE="{ITALIC}"' if line.role == GRADIENT else ""
        size = f'POINT-SIZE="{_magnify(line.size)}" ' if line.size != usual else ""
        return f'<FONT {size}COLOR="{colours[line.role]}"{face}>{escape_html(line.text)}</FONT>'

    def _place_point(self, id_: str, x: float, y: float) -> None:
        self.dot.node(id_, label="", shape="point", width="0", style="invis", pos=_pin(x, y))

    def _draw_arrow(self, id_: str, tail: tuple[str, float], head: tuple[str, float], y: float, title: str) -> None:
        """Draw a straight arrow from one node to another, each with its x; a value goes right, a gradient left.

        Graphviz takes the arrowhead's tip and a curve that ends where the arrowhead begins.
        """
        (source, start), (target, tip) = tail, head
        role, shaft_end = (VALUE, tip - ARROWHEAD) if start < tip else (GRADIENT, tip + ARROWHEAD)
        curve = " ".join(_pin(start + (shaft_end - start) * share, y) for share in (0, 1 / 3, 2 / 3, 1))
        colour = self.theme.value if role == VALUE else self.theme.gradient
        self.dot.edge(source, target, id=id_, pos=f"e,{_pin(tip, y)} {curve}", color=colour, **{"class": role})
        self.titles[id_] = title


def _find_left(radius: float, block: TextBlock, y: float) -> float:
    """Compute where a block begins whose corners must stay in the circle."""
    reach = abs(y) + block.height / 2
    return -sqrt(max(0.0, radius * radius - reach * reach)) + PADDING


def _begin_dot(appearance: Appearance) -> graphviz.Digraph:
    theme = appearance.theme
    graph = {
        "layout": "nop2",
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "pad": inches(MARGIN),
        "bgcolor": "transparent" if appearance.transparent else theme.background,
        "fontname": FAMILY,
    }
    if appearance.width:
        graph["size"] = f"{appearance.width * MAGNIFICATION:g},{MOST_INCHES_HIGH * MAGNIFICATION}!"
    node = {"id": r"\N", "shape": "plain", "fontname": FAMILY, "penwidth": _magnify(1.5)}
    node |= {"color": theme.ink, "fontcolor": theme.ink}
    edge = {"penwidth": _magnify(1.25), "arrowsize": _magnify(ARROWHEAD / 10)}
    return graphviz.Digraph(graph_attr=graph, node_attr=node, edge_attr=edge)


def _pin(x: float, y: float) -> str:
    return f"{x * MAGNIFICATION:.2f},{y * MAGNIFICATION:.2f}"


def _magnify(size: float) -> str:
    return f"{size * MAGNIFICATION:g}"
