"""The paths from a node to the output, and what each contributes: the products of local gradients that add up to ∂f/∂x.

There are exponentially many (60 squarings by x*x have 2⁶⁰), so none is enumerated. One pass from the output back
counts them and keeps, at each node, the few that contribute most: a product only shrinks or grows with its last
factor, so the best paths through a wire are those that are best behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import chain
from math import fsum, isfinite
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.lettering import subscripted
from bpviz.figure.sketch import GATE, INPUT, Course, Legend, Sketch
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Graph, Wire

SHOWN = 8  # paths that are listed: what a person reads, and what stands under a figure
LONGEST = 12  # nodes of a path under a figure; the middle of a longer one is left out
EXACT = 2**53  # from here on a count of paths is told in digits that nobody counts
BOLD = Course(width=2.5)  # a wire on a path


class Path(NamedTuple):
    """The wires from a node to the output, and the product of their local gradients; None without numbers."""

    wires: tuple[Wire, ...]
    contribution: float | None


class Paths(NamedTuple):
    """All paths from a node: how many, those that contribute most, and what the others come to together."""

    node: int
    ways: int
    shown: tuple[Path, ...]
    others: float | None


def paths(graph: Graph, trace: Trace | None, name: str, most: int = SHOWN) -> Paths:
    """Return the paths from an input or gate to the output, the largest contributions first.

    Without a trace they come in the order of their wires. Raises UsageError when nothing has that name.
    """
    start = graph.find(name)
    counts = [0] * len(graph.nodes)
    best: list[list[Path]] = [[] for _ in graph.nodes]
    counts[graph.output], best[graph.output] = 1, [Path((), 1.0 if trace else None)]
    for i in range(graph.output - 1, start - 1, -1):
        wires = graph.wires_from[i]
        counts[i] = sum(counts[wire.target] for wire in wires)
        longer = chain.from_iterable(_through(wire, trace, best[wire.target]) for wire in wires)
        best[i] = nsmallest(most, longer, key=_rank)
    shown = tuple(best[start])
    return Paths(start, counts[start], shown, _rest(trace, start, shown, counts[start]))


def on_paths(graph: Graph, start: int) -> tuple[frozenset[int], frozenset[Wire]]:
    """Return the nodes and the wires that lie on some path from a node to the output."""
    reached = {start}
    for wire in graph.wires():
        if wire.source in reached:
            reached.add(wire.target)
    leading = {graph.output}
    for i in range(graph.output - 1, start - 1, -1):
        if any(wire.target in leading for wire in graph.wires_from[i]):
            leading.add(i)
    nodes = frozenset(reached & leading)
    return nodes, frozenset(w for i in sorted(nodes) for w in graph.wires_from[i] if w.target in nodes)


def sentences(graph: Graph, trace: Trace | None, found: Paths, rounding: Rounding = THREE_DIGITS) -> list[str]:
    """Return the list as lines for a terminal: what they are, each path with its product, and the rest."""
    rows = rows_of(graph, trace, found, rounding, longest=len(graph.nodes) + 1)
    width = max((len(path) for path, _ in rows), default=0)
    lines = [f"  {path:<{width}}   {product}".rstrip() for path, product in rows]
    return [heading(graph, trace, found, rounding), *lines]


def heading(graph: Graph, trace: Trace | None, found: Paths, rounding: Rounding = THREE_DIGITS) -> str:
    """Return what the list is about: "3 paths from x to f; what they contribute adds up to ∂f/∂x = 2.06"."""
    name, output = subscripted(graph.nodes[found.node].name), subscripted(graph.output_name)
    if found.ways == 0:
        return f"no path leads from {name} to {output}"
    count = f"{found.ways:,}" if found.ways < EXACT else f"about {number(float(min(found.ways, 10**300)))}"
    ways = f"{count} path{'s' if found.ways != 1 else ''} from {name} to {output}"
    if trace is None:
        return ways
    total = f"∂{output}/∂{name} = {number(trace.gradients[found.node], rounding)}"
    return f"{ways}; {'what they contribute adds up to' if found.ways != 1 else 'it makes'} {total}"


def rows_of(
    graph: Graph, trace: Trace | None, found: Paths, rounding: Rounding, longest: int = LONGEST
) -> list[tuple[str, str]]:
    """Return each path that is listed with its product, and a row for those that are not."""
    twins = _twins(found.shown)
    rows = [
        (_walk(graph, found.node, path, longest, twins), _product(trace, path, rounding, longest))
        for path in found.shown
        if path.wires
    ]
    left = found.ways - len(found.shown)
    if left > 0:
        together = f"{number(found.others, rounding)} together" if found.others is not None else ""
        rows.append((f"and {left:,} more" if left < EXACT else "and all the others", together))
    return rows


def _through(wire: Wire, trace: Trace | None, further: Sequence[Path]) -> Iterator[Path]:
    for path in further:
        share = (
            trace.local[wire.target][wire.slot] * path.contribution if trace and path.contribution is not None else 0
        )
        yield Path((wire, *path.wires), share if trace else None)


def _rank(path: Path) -> float:
    """Return what sorts the largest contribution first; one that is not defined (0 × ∞) comes last."""
    if path.contribution is None:
        return 0.0
    return -abs(path.contribution) if path.contribution == path.contribution else 1.0


def _rest(trace: Trace | None, start: int, shown: Sequence[Path], count: int) -> float | None:
    """Return what the paths that are not shown contribute together: what is missing from the gradient."""
    if trace is None or count == len(shown):
        return None
    terms = [trace.gradients[start], *(-path.contribution for path in shown if path.contribution is not None)]
    return fsum(terms) if all(map(isfinite, terms)) else None


def _twins(shown: Sequence[Path]) -> bool:
    """Say whether two of the paths pass the same nodes, by different operands of one gate: x*x."""
    walks = [tuple((wire.source, wire.target) for wire in path.wires) for path in shown]
    return len(set(walks)) < len(walks)


def _walk(graph: Graph, start: int, path: Path, longest: int, twins: bool) -> str:
    names = [subscripted(graph.nodes[start].name)]
    for wire in path.wires:
        several = graph.nodes[wire.target].operands.count(wire.source) > 1
        name = subscripted(graph.nodes[wire.target].name)
        names.append(f"{name} (operand {wire.slot + 1})" if twins and several else name)
    return " → ".join(_shortened(names, longest))


def _product(trace: Trace | None, path: Path, rounding: Rounding, longest: int) -> str:
    """Return the local gradients of a path from its node on, multiplied out."""
    from bpviz.formula.tree import Atom, Term
    from bpviz.text.derivation import agrees, exact  # 10 ms, and only a list with numbers needs it

    if trace is None or path.contribution is None:
        return ""
    if path.contribution != path.contribution:
        return "not defined (0 × ∞)"
    slopes = [trace.local[wire.target][wire.slot] for wire in path.wires]
    factors = [Atom(number(slope, rounding), slope) for slope in slopes]
    result = Atom(number(path.contribution, rounding), path.contribution)
    if len(factors) == 1:
        return result.text
    sign = "=" if agrees(exact(Term("*", tuple(factors))), result, rounding) else "≈"
    return f"{' × '.join(_shortened([factor.text for factor in factors], longest))} {sign} {result.text}"


def _shortened(words: list[str], longest: int) -> list[str]:
    return words if len(words) <= longest else [*words[: longest - 3], "…", *words[-2:]]


def highlighted(
    said: Sketch, graph: Graph, trace: Trace | None, name: str, rounding: Rounding = THREE_DIGITS
) -> Sketch:
    """Return a sketch in which the paths from a node to the output stand out, and are listed under it."""
    found = paths(graph, trace, name)
    nodes, wires = on_paths(graph, found.node)
    strands = tuple(
        strand._replace(course=BOLD)
        if strand.wire in wires or (strand.wire is None and strand.node in nodes)
        else strand
        for strand in said.strands
    )
    spots = tuple(
        spot._replace(lit=True) if spot.node in nodes and spot.kind in (GATE, INPUT) else spot for spot in said.spots
    )
    rows = tuple(rows_of(graph, trace, found, rounding))
    return said._replace(
        spots=spots, strands=strands, legend=Legend(((heading(graph, trace, found, rounding),),), rows)
    )
