"""Find the paths from a node to the output, and what each contributes: the products that add up to ∂f/∂x.

There are exponentially many (60 squarings by x*x have 2⁶⁰), so they are never all listed. One pass from the output
back counts them and keeps, at each node, the few that contribute most. That suffices: one more factor in front
changes the products behind it all alike, so the best paths through a wire are those that are best behind it.
"""

from __future__ import annotations

from heapq import nsmallest
from math import fsum, isfinite, isnan
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.diagram import GATE, INPUT, Diagram, Legend, LineStyle
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Graph, Wire

MOST_LISTED = 8  # paths: what a person reads, and what stands under a figure
MOST_NODES_SHOWN = 12  # of a path under a figure; the middle of a longer one is left out
EXACT_COUNT = 2**53  # a greater count of paths is rounded
ON_A_PATH = LineStyle(width=2.5)


class GraphPath(NamedTuple):
    """The wires from a node to the output, and the product of their local gradients; None without numbers."""

    wires: tuple[Wire, ...]
    contribution: float | None


class Paths(NamedTuple):
    """All paths from a node: how many there are, those listed, and what the others contribute together."""

    node: int
    how_many: int
    listed: tuple[GraphPath, ...]
    others: float | None


def find_paths(graph: Graph, trace: Trace | None, name: str, limit: int = MOST_LISTED) -> Paths:
    """Find the paths from an input or gate to the output, and list those that contribute most, the largest first.

    Without a trace they come in the order of their wires. Raises UsageError when nothing has that name.
    """
    start = graph.find(name)
    counts = [0] * len(graph.nodes)
    best: list[list[GraphPath]] = [[] for _ in graph.nodes]
    counts[graph.output], best[graph.output] = 1, [GraphPath((), 1.0 if trace else None)]
    for i in range(graph.output - 1, start - 1, -1):
        wires = graph.wires_from[i]
        counts[i] = sum(counts[wire.target] for wire in wires)
        longer = []
        for wire in wires:
            for path in best[wire.target]:
                product = None
                if trace and path.contribution is not None:
                    product = trace.local[wire.target][wire.slot] * path.contribution
                longer.append(GraphPath((wire, *path.wires), product))
        best[i] = nsmallest(limit, longer, key=_rank)
    listed = tuple(best[start])
    others = None
    if trace and counts[start] > len(listed):  # what the listed paths lack of the gradient
        terms = [trace.gradients[start], *(-path.contribution for path in listed if path.contribution is not None)]
        others = fsum(terms) if all(map(isfinite, terms)) else None
    return Paths(start, counts[start], listed, others)


def _rank(path: GraphPath) -> float:
    """Rank a path so that the largest contribution comes first, and one that is not defined (0 × ∞) last."""
    if path.contribution is None:
        return 0.0
    return 1.0 if isnan(path.contribution) else -abs(path.contribution)


def highlight_paths(
    diagram: Diagram, graph: Graph, trace: Trace | None, name: str, rounding: Rounding = THREE_DIGITS
) -> Diagram:
    """Make the paths from an input or gate to the output stand out, and list them in a legend."""
    paths = find_paths(graph, trace, name)
    nodes, wires = graph.find_on_paths(paths.node)
    edges = tuple(
        edge._replace(line_style=ON_A_PATH)
        if edge.wire in wires or (edge.wire is None and edge.node in nodes)
        else edge
        for edge in diagram.edges
    )
    shapes = tuple(
        shape._replace(highlighted=True) if shape.node in nodes and shape.kind in (GATE, INPUT) else shape
        for shape in diagram.shapes
    )
    rows = tuple(_write_rows(graph, trace, paths, rounding, MOST_NODES_SHOWN))
    legend = Legend(((_write_heading(graph, trace, paths, rounding),),), rows)
    return diagram._replace(shapes=shapes, edges=edges, legend=legend)


def list_paths(graph: Graph, trace: Trace | None, paths: Paths, rounding: Rounding = THREE_DIGITS) -> list[str]:
    """Write paths as lines for a terminal: a heading, each path with its product, and a line for all others."""
    rows = _write_rows(graph, trace, paths, rounding, len(graph.nodes) + 1)
    width = max((len(path) for path, _ in rows), default=0)
    lines = [f"  {path:<{width}}   {product}".rstrip() for path, product in rows]
    return [_write_heading(graph, trace, paths, rounding), *lines]


def _write_heading(graph: Graph, trace: Trace | None, paths: Paths, rounding: Rounding) -> str:
    """Write what the list is about: "3 paths from x to f; what they contribute adds up to ∂f/∂x = 2.06"."""
    name, output = subscript(graph.nodes[paths.node].name), subscript(graph.output_name)
    if paths.how_many == 0:
        return f"no path leads from {name} to {output}"
    count = (
        f"{paths.how_many:,}"
        if paths.how_many < EXACT_COUNT
        else f"about {number(float(min(paths.how_many, 10**300)))}"
    )
    counted = f"{count} path{'s' if paths.how_many != 1 else ''} from {name} to {output}"
    if trace is None:
        return counted
    total = f"∂{output}/∂{name} = {number(trace.gradients[paths.node], rounding)}"
    return f"{counted}; {'what they contribute adds up to' if paths.how_many != 1 else 'it makes'} {total}"


def _write_rows(
    graph: Graph, trace: Trace | None, paths: Paths, rounding: Rounding, longest: int
) -> list[tuple[str, str]]:
    """Write each listed path with its product, and a row for the others; longest is the most nodes of a path."""
    routes = [tuple((wire.source, wire.target) for wire in path.wires) for path in paths.listed]
    tell_operands = len(set(routes)) < len(routes)  # two paths pass the same nodes by different operands: x*x
    rows = [
        (_write_path(graph, paths.node, path, longest, tell_operands), _write_product(trace, path, rounding, longest))
        for path in paths.listed
        if path.wires
    ]
    left = paths.how_many - len(paths.listed)
    if left > 0:
        together = f"{number(paths.others, rounding)} together" if paths.others is not None else ""
        rows.append((f"and {left:,} more" if left < EXACT_COUNT else "and all the others", together))
    return rows


def _write_path(graph: Graph, start: int, path: GraphPath, longest: int, tell_operands: bool) -> str:
    names = [subscript(graph.nodes[start].name)]
    for wire in path.wires:
        several = graph.nodes[wire.target].operands.count(wire.source) > 1
        name = subscript(graph.nodes[wire.target].name)
        names.append(f"{name} (operand {wire.slot + 1})" if tell_operands and several else name)
    return " → ".join(_leave_out_middle(names, longest))


def _write_product(trace: Trace | None, path: GraphPath, rounding: Rounding, longest: int) -> str:
    """Write the product of a path's local gradients from its node on: "0.2 × 3 = 0.6"."""
    from bpviz.formula.tree import Atom, Term
    from bpviz.text.printed_arithmetic import holds_as_printed  # late: only a list with numbers needs it

    if trace is None or path.contribution is None:
        return ""
    if isnan(path.contribution):
        return "not defined (0 × ∞)"
    slopes = [trace.local[wire.target][wire.slot] for wire in path.wires]
    factors = [Atom(number(slope, rounding), slope) for slope in slopes]
    result = Atom(number(path.contribution, rounding), path.contribution)
    if len(factors) == 1:
        return result.text
    sign = "=" if holds_as_printed(Term("*", tuple(factors)), result, rounding) else "≈"
    return f"{' × '.join(_leave_out_middle([factor.text for factor in factors], longest))} {sign} {result.text}"


def _leave_out_middle(words: list[str], longest: int) -> list[str]:
    return words if len(words) <= longest else [*words[: longest - 3], "…", *words[-2:]]
