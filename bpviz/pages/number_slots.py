"""The numbers of a page: each has a key, by which the places where it stands are found.

v3 and g3 are the value and the gradient of node 3, and l5.0 and d5.0 are the local and the downstream gradient of the
first wire into node 5. s3 is the sum that the gradient of node 3 is, where it branches.
"""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.figure.diagram import STUB, Edge
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Wire
from bpviz.noise import clear_noise
from bpviz.text.trace_report import join_terms


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
    texts: dict[str, str] = {}
    for i in range(len(trace.graph.nodes)):
        texts[name_value(i)] = number(trace.values[i], rounding)
        texts[name_gradient(i)] = number(trace.gradients[i], rounding)
    for i, wires in enumerate(trace.graph.wires_from):
        if wires[1:]:
            terms = [number(trace.downstream[wire.target][wire.slot], rounding) for wire in wires]
            texts[name_sum(i)] = join_terms(terms)
    for wire in trace.graph.wires():
        texts[name_local(wire)] = number(trace.local[wire.target][wire.slot], rounding)
        texts[name_downstream(wire)] = number(trace.downstream[wire.target][wire.slot], rounding)
    return texts
