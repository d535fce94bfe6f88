"""Draw the gradients as a river: every edge as wide as its gradient is large.

The width grows with the fourth root of the gradient, so that four decades can be told apart: ten thousand times the
gradient is ten times the width, and no gradient is no river. What flows is the 1 that enters at the output. Colour and
dashes tell the sign; an edge through which nothing flows is dotted, and the legend names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, isfinite, log10

from bpviz.autodiff import Trace
from bpviz.figure.diagram import DASHED, DOTTED, DRY, NEGATIVE, POSITIVE, SOLID, Diagram, Legend, LineStyle
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import number

WIDEST, THINNEST = 10.0, 1.0  # points
DRY_WIDTH = 1.5
DECADES = 4
MOST_DRY_NAMED = 6  # dry edges that the legend names
SAMPLE_WIDTH = 4.0  # points: how wide the legend's samples of signs are


def draw_flow(diagram: Diagram, trace: Trace) -> Diagram:
    """Make every edge as wide as its gradient is large, and add the legend that explains it."""
    flows = [
        trace.downstream[edge.wire.target][edge.wire.slot] if edge.wire else trace.gradients[edge.node]
        for edge in diagram.edges
    ]
    largest = max((abs(flow) for flow in flows if isfinite(flow)), default=1.0) or 1.0
    edges = tuple(
        edge._replace(line_style=choose_line_style(flow, largest))
        for edge, flow in zip(diagram.edges, flows, strict=True)
    )
    return diagram._replace(edges=edges, legend=_make_legend(diagram, trace, flows, largest))


def choose_line_style(gradient: float, largest: float) -> LineStyle:
    """Choose how an edge with this gradient is drawn in a figure whose largest gradient is `largest`."""
    if gradient == 0:
        return LineStyle(DRY_WIDTH, DRY, DOTTED)
    share = min(1.0, abs(gradient) / largest)
    width = max(THINNEST, WIDEST * share**0.25)
    return LineStyle(width, POSITIVE, SOLID) if gradient > 0 else LineStyle(width, NEGATIVE, DASHED)


def _make_legend(diagram: Diagram, trace: Trace, flows: Sequence[float], largest: float) -> Legend:
    top = floor(log10(largest))
    scale: list[LineStyle | str] = ["width = size of the gradient:"]
    for exponent in range(top, top - DECADES - 1, -1):
        size = 10.0**exponent
        if size > 0 and WIDEST * min(1.0, size / largest) ** 0.25 >= THINNEST:
            scale += [LineStyle(choose_line_style(size, largest).width), number(size)]

    signs: list[LineStyle | str] = []
    if any(flow > 0 for flow in flows):
        signs += [LineStyle(SAMPLE_WIDTH, POSITIVE, SOLID), "positive"]
    if any(flow < 0 for flow in flows):
        signs += [LineStyle(SAMPLE_WIDTH, NEGATIVE, DASHED), "negative"]
    names = [subscript(node.name) for node in trace.graph.nodes]
    dry = [
        f"{names[edge.node]} → {names[edge.wire.target]}" if edge.wire else names[edge.node]
        for edge, flow in zip(diagram.edges, flows, strict=True)
        if flow == 0
    ]
    if dry:
        more = f" and {len(dry) - MOST_DRY_NAMED} more" if len(dry) > MOST_DRY_NAMED else ""
        signs += [LineStyle(DRY_WIDTH, DRY, DOTTED), f"dry, gradient 0: {', '.join(dry[:MOST_DRY_NAMED])}{more}"]

    output = subscript(trace.graph.output_name)
    story = f"the gradient 1 enters at {output}, splits at gates and merges at branches"
    if inf in map(abs, flows):
        story += "; an infinite one is as wide as the widest"
    return Legend((tuple(scale), tuple(signs), (story,)))
