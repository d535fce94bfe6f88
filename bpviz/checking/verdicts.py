"""Backpropagation against two answers that are not its own: the difference quotient and sympy's exact derivative.

The verdict on a name says whether the three agree, or why they need not: on a kink there is no derivative to agree
on, at a pole it is infinite. Where the difference cannot tell (its step crosses a kink, leaves the domain, or float64
rounds too coarsely) the exact derivative decides alone, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, isinf
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.differences import EPSILON, Difference, dependents_of, difference
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.symbolic import DIGITS, exact_gradients

TOLERANCE = 1e-6
MORE_DIGITS = 1600  # where 1 − tanh² cancels in float64's whole range, fifty are not enough
MOST_WORK = 300_000  # gates times names to check
ROUNDING = 1000 * EPSILON  # of the sum of a gradient's paths in absolute value: what rounding may leave of a zero
USEFUL = 1e-2  # a difference with a larger relative error says nothing

AGREES, KINK, POLE, OPEN, DIFFERS = "agrees", "kink", "pole", "open", "differs"


class Row(NamedTuple):
    """One name: its gradient by backpropagation, the two others, the kinks it sits on, and the verdict."""

    node: int
    gradient: float
    difference: Difference | None
    exact: float | None
    kinks: tuple[int, ...]
    verdict: str

    @property
    def is_useful(self) -> bool:
        """Say whether the difference is good enough to mean something."""
        scale = max(abs(self.gradient), abs(self.difference.slope)) if self.difference else 0.0
        return not scale or (self.difference is not None and self.difference.error <= USEFUL * scale)


class Report(NamedTuple):
    """The verdicts at a point: rows, and how the exact derivative was found (empty if it could not be)."""

    trace: Trace
    rows: tuple[Row, ...]
    method: str
    tolerance: float

    @property
    def is_right(self) -> bool:
        """Say whether no row differs."""
        return all(row.verdict != DIFFERS for row in self.rows)


def compare(trace: Trace, *, every: bool = False, tolerance: float = TOLERANCE) -> Report:
    """Return the verdict on every input, and with every on each gate as well: the graph is cut open behind it.

    tolerance is relative. Raises UsageError where that would take minutes.
    """
    graph = trace.graph
    nodes = (*graph.inputs, *graph.steps) if every else graph.inputs
    if len(nodes) * len(graph.nodes) > MOST_WORK:
        raise UsageError(
            f"{len(nodes):,} names of a program of {len(graph.steps):,} gates are too many to check",
            hint="leave --all out" if every and len(graph.inputs) * len(graph.nodes) <= MOST_WORK else "check a part",
        )
    method, exact = _exact(trace, nodes, tolerance)
    flows = _flows(trace)
    at_kinks = _at_kinks(trace)
    rows = []
    for node in nodes:
        kinks = tuple(i for i in dependents_of(graph, node) if i in at_kinks) if at_kinks else ()
        found = difference(graph, trace.values, trace.gradients, node)
        row = Row(node, trace.gradients[node], found, exact.get(node), kinks, "")
        rows.append(row._replace(verdict=_verdict(row, tolerance, ROUNDING * flows[node])))
    return Report(trace, tuple(rows), method, tolerance)


def relative(a: float, b: float) -> float:
    """Return how far two numbers are apart, in parts of the larger."""
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def _exact(trace: Trace, nodes: Sequence[int], tolerance: float) -> tuple[str, dict[int, float | None]]:
    """Return the exact derivatives; those that seem to differ with so many digits that cancelling cannot be why."""
    graph = trace.graph
    found = exact_gradients(graph, [trace.values[i] for i in graph.inputs], nodes)
    if found is None:
        return "", {}
    exact = found.evaluate(DIGITS)
    if all(each is not None and relative(each, trace.gradients[node]) <= tolerance for node, each in exact.items()):
        return found.method, exact
    return found.method, found.evaluate(MORE_DIGITS)


def _flows(trace: Trace) -> list[float]:
    """Return for every node the sum over the paths to the output of their products' absolute values."""
    flows = [0.0] * len(trace.values)
    flows[trace.graph.output] = 1.0
    for i in reversed(trace.graph.steps):
        for operand, slope in zip(trace.graph.nodes[i].operands, trace.local[i], strict=True):
            flow = abs(slope) * flows[i]
            flows[operand] += flow if isfinite(flow) else 0.0
    return flows


def _at_kinks(trace: Trace) -> frozenset[int]:
    return frozenset(_kinks(trace.graph, trace.values))


def _kinks(graph: Graph, values: Sequence[float]) -> Iterator[int]:
    for i in graph.steps:
        gate = graph.nodes[i].gate
        if gate and gate.kink and gate.kink(values[i], *[values[operand] for operand in graph.nodes[i].operands]):
            yield i


def _verdict(row: Row, tolerance: float, rounding: float) -> str:
    """Return the verdict on a row; rounding is what float64 may leave of a gradient that is zero."""
    if isinf(row.gradient):
        return POLE if row.exact is None else DIFFERS
    exact_agrees = row.exact is not None and _is_close(row.gradient, row.exact, tolerance, rounding)
    found = row.difference
    slope_agrees = found is not None and _is_close(row.gradient, found.slope, tolerance, rounding + 3 * found.error)
    if row.kinks and not (exact_agrees and slope_agrees and found and _is_straight(found)):
        return KINK
    decides = found is not None and row.is_useful and not found.kinks
    if row.exact is None:
        return (AGREES if slope_agrees else DIFFERS) if decides else OPEN
    return AGREES if exact_agrees and (slope_agrees or not decides) else DIFFERS


def _is_straight(found: Difference) -> bool:
    """Say whether the slopes to either side are the same, as far as a difference can say."""
    return abs(found.left - found.right) <= 1e-3 * max(abs(found.left), abs(found.right)) + 3 * found.error


def _is_close(a: float, b: float, tolerance: float, slack: float) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b)) + slack
