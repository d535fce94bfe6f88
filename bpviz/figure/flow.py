"""The river: every wire as wide as its gradient is large, on a scale on which four decades can be told apart.

The width grows with the fourth root: ten thousand times the gradient is ten times the width, and no gradient is no
river. What flows is the 1 that enters at the output; the sign is told by colour and by dashes, and a wire through
which nothing flows is dotted and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, isfinite, log10

from bpviz.autodiff import Trace
from bpviz.figure.geometry import Geometry
from bpviz.figure.lettering import subscripted
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import DASHED, DOTTED, DRY, NEGATIVE, POSITIVE, SOLID, Course, Legend, Sketch, Strand
from bpviz.formula.numerals import number

WIDEST, THINNEST = 10.0, 1.0  # points
DRY_WIDTH = 1.5
DECADES = 4
NAMED = 6  # dry wires that the legend names
SAMPLE = 4.0  # points: how wide the samples of sign are


def flowing(said: Sketch, trace: Trace) -> Sketch:
    """Return a sketch as a river, with the legend that explains it."""
    flows = [_flow(strand, trace) for strand in said.strands]
    largest = max((abs(flow) for flow in flows if isfinite(flow)), default=1.0) or 1.0
    strands = tuple(
        strand._replace(course=course_of(flow, largest)) for strand, flow in zip(said.strands, flows, strict=True)
    )
    return said._replace(strands=strands, legend=_legend(said, trace, flows, largest))


def evenly_dashed(picture: Picture, geometry: Geometry) -> Picture:
    """Return a picture whose broken wires have dashes of one length, now that it is known where the wires run."""
    from bpviz.figure.dot import write  # late: graphviz is 20 ms of import

    seen = geometry.scaled(1 / geometry.scale)
    curves = {
        f"{id_}-{part}": curve
        for id_, route in seen.routes.items()
        for part, curve in (("in", route.arriving), ("on", route.on), ("out", route.leaving))
        if curve
    }
    return picture._replace(dot=write(picture.said, picture.page, curves))


def course_of(flow: float, largest: float) -> Course:
    """Return how a wire with this gradient is drawn, in a figure whose largest gradient is that."""
    if flow == 0:
        return Course(DRY_WIDTH, DRY, DOTTED)
    share = min(1.0, abs(flow) / largest)
    width = max(THINNEST, WIDEST * share**0.25)
    return Course(width, POSITIVE, SOLID) if flow > 0 else Course(width, NEGATIVE, DASHED)


def _flow(strand: Strand, trace: Trace) -> float:
    if strand.wire:
        return trace.downstream[strand.wire.target][strand.wire.slot]
    return trace.gradients[strand.node]


def _legend(said: Sketch, trace: Trace, flows: Sequence[float], largest: float) -> Legend:
    top = floor(log10(largest))
    scale: list[Course | str] = ["width = size of the gradient:"]
    for exponent in range(top, top - DECADES - 1, -1):
        size = 10.0**exponent
        if size > 0 and WIDEST * min(1.0, size / largest) ** 0.25 >= THINNEST:
            scale += [Course(course_of(size, largest).width), number(size)]
    signs: list[Course | str] = []
    if any(flow > 0 for flow in flows):
        signs += [Course(SAMPLE, POSITIVE, SOLID), "positive"]
    if any(flow < 0 for flow in flows):
        signs += [Course(SAMPLE, NEGATIVE, DASHED), "negative"]
    dry = [_named(strand, trace) for strand, flow in zip(said.strands, flows, strict=True) if flow == 0]
    if dry:
        more = f" and {len(dry) - NAMED} more" if len(dry) > NAMED else ""
        signs += [Course(DRY_WIDTH, DRY, DOTTED), f"dry, gradient 0: {', '.join(dry[:NAMED])}{more}"]
    output = subscripted(trace.graph.output_name)
    story = f"the gradient 1 enters at {output}, splits at gates and merges at branches"
    if inf in map(abs, flows):
        story += "; an infinite one is as wide as the widest"
    return Legend((tuple(scale), tuple(signs), (story,)))


def _named(strand: Strand, trace: Trace) -> str:
    nodes = trace.graph.nodes
    source = subscripted(nodes[strand.node].name)
    return f"{source} → {subscripted(nodes[strand.wire.target].name)}" if strand.wire else source
