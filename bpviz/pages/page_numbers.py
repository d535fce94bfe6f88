"""The numbers of a page: each has a key, by which the page's script finds the places where it stands.

v3 and g3 are the value and the gradient of node 3, and l5.0 and d5.0 are the local and the downstream gradient of the
first wire into node 5. s3 is the sum that the gradient of node 3 is, where it branches. A number on a wire has a slot
of fixed width, which the longest number of the range fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from random import Random

from bpviz.autodiff import Trace
from bpviz.errors import BpvizError
from bpviz.figure.diagram import STUB, Edge
from bpviz.figure.lettering import width
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph, Wire
from bpviz.noise import clear_noise
from bpviz.pages.sliders import Slider
from bpviz.text.trace_report import join_terms

ALONG, AT_RANDOM = 40, 60  # points that are tried: along each slider, and with all sliders anywhere
NOISE = 1e-13  # of the largest number: what may be rounding error, which is shown as 0
MOST_TRIED = 20_000  # points times gates, or the page of a large program would take too long


def name_value(node: int) -> str:
    """Name the value of a node."""
    return f"v{node}"


def name_gradient(node: int) -> str:
    """Name the gradient of a node, summed over its wires."""
    return f"g{node}"


def name_local(wire: Wire) -> str:
    """Name the local gradient of a wire."""
    return f"l{wire.target}.{wire.slot}"


def name_downstream(wire: Wire) -> str:
    """Name what a wire adds to the gradient of its source."""
    return f"d{wire.target}.{wire.slot}"


def name_sum(node: int) -> str:
    """Name the sum that the gradient of a node is made of."""
    return f"s{node}"


def name_edge_numbers(edge: Edge, output: int) -> tuple[str, str]:
    """Name the value and the gradient that an edge of the figure carries."""
    if edge.kind == STUB:
        return name_value(output), name_gradient(output)
    return name_value(edge.node), name_downstream(edge.wire) if edge.wire else name_gradient(edge.node)


def write_numbers(trace: Trace, rounding: Rounding) -> dict[str, str]:
    """Write every number of a trace, rounded, by its key; what is nothing but rounding error is 0."""
    trace = clear_noise(trace)
    texts = {key: number(x, rounding) for key, x in _read_numbers(trace)}
    for i, wires in enumerate(trace.graph.wires_from):
        if wires[1:]:
            terms = [number(trace.downstream[wire.target][wire.slot], rounding) for wire in wires]
            texts[name_sum(i)] = join_terms(terms)
    return texts


def find_longest(trace: Trace, sliders: Sequence[Slider], rounding: Rounding) -> dict[str, str]:
    """Find the longest text of every number over the ranges, by its key, from a few hundred points of them."""
    longest = write_numbers(trace, rounding)
    last: dict[str, float] = {}  # most numbers stay as they are where one slider moves
    for point in list_points(trace.graph, trace.point, sliders):
        try:
            found = trace.graph.at(point)
        except BpvizError:  # outside a domain there are no numbers
            continue
        least = NOISE * max(map(abs, filter(isfinite, (*found.values, *found.gradients))))
        for key, x in _read_numbers(found):
            if x == last.get(key) or abs(x) <= least:
                continue
            last[key] = x
            text = number(x, rounding)
            if len(text) >= len(longest[key]) and width(text, 1.0) > width(longest[key], 1.0):
                longest[key] = text
    return longest


def _read_numbers(trace: Trace) -> Iterator[tuple[str, float]]:
    """Yield the numbers of a trace with their keys."""
    for i in range(len(trace.graph.nodes)):
        yield name_value(i), trace.values[i]
        yield name_gradient(i), trace.gradients[i]
    for wire in trace.graph.wires():
        yield name_local(wire), trace.local[wire.target][wire.slot]
        yield name_downstream(wire), trace.downstream[wire.target][wire.slot]


def list_points(graph: Graph, point: Mapping[str, float], sliders: Sequence[Slider]) -> Iterator[dict[str, float]]:
    """List points of the ranges: along each slider with the others where they are, and some that are drawn."""
    share = min(1.0, MOST_TRIED / (max(1, len(graph.gate_ids)) * (ALONG * len(sliders) + AT_RANDOM)))
    for slider in sliders:
        for k in range(round(ALONG * share) + 1):
            value = slider.start + (slider.stop - slider.start) * k / max(1, round(ALONG * share))
            yield {**point, slider.name: value}
    draw = Random(1)
    for _ in range(round(AT_RANDOM * share) if sliders else 0):
        steps = {each: draw.randint(0, int((each.stop - each.start) / each.step)) for each in sliders}
        yield {each.name: each.start + k * each.step for each, k in steps.items()}
