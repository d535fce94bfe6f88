"""Backpropagation against two answers that are not its own: the difference quotient and sympy's exact derivative.

The verdict on a name says whether the three agree, or why they need not: on a kink there is no derivative to agree
on, at a pole it is infinite. The difference cannot always tell: its step may cross a kink, leave the domain or be
too wide for what bends within it, and float64 may round too coarsely. Where it says something else than the two
others, every gate is compared with its formula at both ends of the step. If all of them are right there, so is the
gradient, and a note says why the difference is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, isinf
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking import differences, exact
from bpviz.checking.differences import EPSILON, Difference, Walk
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.limits import DEFAULT, raise_by

TOLERANCE = 1e-6
SMALLEST = 2.0**-1022  # below it floats have few digits
ROUNDING = 1000 * EPSILON  # of the sum of a gradient's paths in absolute value: what rounding may leave of a zero
USEFUL = 1e-2  # a difference with a larger relative error says nothing
COMPUTED = 1e-10  # a gate whose value is nearer to its formula's is computed right
SAME_SLOPE = 1e-9
FEW_OPERANDS = 2  # of more, each counts as a gate

AGREES, KINK, POLE, OPEN, DIFFERS = "agrees", "kink", "pole", "open", "differs"
EDGE, CROSSES, ROUNDS, BENDS = "edge", "crosses", "rounds", "bends"  # why the difference says nothing
Sides = tuple[float | None, float | None]


class Row(NamedTuple):
    """One name: its gradient by backpropagation, the two others, and the verdict.

    doubt says why the difference tells nothing, if so. kinks are those that the name sits on: with them come the
    slopes to its sides, and if the output jumps there its values on them. misvalued and misderived are gates whose
    value or local gradients are wrong, in a row that differs; with none of these it is rounding on the way.
    """

    node: int
    gradient: float
    difference: Difference | None
    exact: float | None
    verdict: str = ""
    doubt: str = ""
    kinks: tuple[int, ...] = ()
    sides: Sides = (None, None)
    leap: tuple[float, float] | None = None
    misvalued: tuple[int, ...] = ()
    misderived: tuple[int, ...] = ()

    @property
    def is_smooth(self) -> bool:
        """Say whether the slopes on both sides of a kink are the same: there is a derivative all the same."""
        left, right = self.sides
        return not self.leap and left is not None and right is not None and _is_close(left, right, SAME_SLOPE, 0.0)


class Verdicts(NamedTuple):
    """The verdicts at a point: rows, and the digits of the exact derivatives."""

    trace: Trace
    rows: tuple[Row, ...]
    tolerance: float
    digits: int

    @property
    def is_right(self) -> bool:
        """Say whether no row differs."""
        return all(row.verdict != DIFFERS for row in self.rows)


def compare(
    trace: Trace, *, every: bool = False, tolerance: float = TOLERANCE, most: int = DEFAULT.checked
) -> Verdicts:
    """Return the verdict on every input, and with every on each gate as well: the graph is cut open behind it.

    tolerance is relative. most is the limit "checked"; raises UsageError beyond it, and for no tolerance.
    """
    if not 0 < tolerance <= 1:
        raise UsageError(f"a tolerance of {tolerance} tells nothing", hint="give one above 0 and at most 1, as 1e-6")
    graph = trace.graph
    nodes = (*graph.inputs, *graph.gate_ids) if every else graph.inputs
    _refuse_much(graph, len(nodes), every, most)
    flows, at_kinks = _flows(trace), frozenset(_kinks(graph, trace.values))
    walks = [differences.walk(graph, trace.values, trace.gradients, node) for node in nodes]
    kinked = {walk.node: tuple(i for i in walk.dependents if i in at_kinks) if at_kinks else () for walk in walks}
    digits, known = _exact(trace, [node for node in nodes if not kinked[node]], tolerance)
    rows = (_row(walk, kinked[walk.node], known.get(walk.node)) for walk in walks)
    judged = (row._replace(verdict=_verdict(row, tolerance, ROUNDING * flows[row.node] + SMALLEST)) for row in rows)
    examined = (_examined(walk, row, tolerance) for walk, row in zip(walks, judged, strict=True))
    return Verdicts(trace, tuple(examined), tolerance, digits)


def relative(a: float, b: float) -> float:
    """Return how far two numbers are apart, in parts of the larger."""
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def _refuse_much(graph: Graph, names: int, every: bool, most: int) -> None:
    size = sum(1 + max(0, len(node.operands) - FEW_OPERANDS) for node in graph.nodes)
    if names * size <= most:
        return
    instead = "leave --all out, or " if every and len(graph.inputs) * size <= most else ""
    raise UsageError(
        f"{names:,} names of a program of {len(graph.gate_ids):,} gates are too many to check",
        hint=f"{instead}{raise_by('checked', names * size)}",
    )


def _exact(trace: Trace, nodes: Sequence[int], tolerance: float) -> tuple[int, Mapping[int, float | None]]:
    """Return the exact derivatives; those that seem to differ with so many digits that cancelling cannot be why."""
    graph = trace.graph
    inputs = [trace.values[i] for i in graph.inputs]
    found = exact.gradients(graph, inputs, nodes, exact.DIGITS)
    if all(each is not None and _is_close(each, trace.gradients[node], tolerance, 0.0) for node, each in found.items()):
        return exact.DIGITS, found
    return exact.MANY_DIGITS, exact.gradients(graph, inputs, nodes, exact.MANY_DIGITS)


def _row(walk: Walk, kinks: tuple[int, ...], known: float | None) -> Row:
    """Return a row without its verdict; on a kink the exact derivative is the slope on both sides, if they agree."""
    gradient, found = walk.gradients[walk.node], differences.difference(walk)
    row = Row(walk.node, gradient, found, known, doubt=_doubt(gradient, found), kinks=kinks)
    if not kinks:
        return row
    row = row._replace(sides=exact.sides(walk.graph, walk.values, walk.node), leap=differences.leap(walk))
    return row._replace(exact=row.sides[0] if row.is_smooth else None)


def _doubt(gradient: float, found: Difference | None) -> str:
    """Return why a difference tells nothing; empty if it does."""
    if found is None:
        return EDGE
    scale = max(abs(gradient), abs(found.slope))
    if found.kinks:
        return CROSSES
    return ROUNDS if scale and not found.error <= USEFUL * scale else ""


def _flows(trace: Trace) -> list[float]:
    """Return for every node the sum over the paths to the output of their products' absolute values."""
    flows = [0.0] * len(trace.values)
    flows[trace.graph.output] = 1.0
    tape, local = tuple(trace.graph.nodes), tuple(trace.local)
    for i in reversed(trace.graph.gate_ids):
        for operand, slope in zip(tape[i].operands, local[i], strict=True):
            flow = abs(slope) * flows[i]
            flows[operand] += flow if isfinite(flow) else 0.0
    return flows


def _kinks(graph: Graph, values: Sequence[float]) -> Iterator[int]:
    for i in graph.gate_ids:
        gate = graph.nodes[i].gate
        if gate and gate.kink and gate.kink(values[i], *[values[operand] for operand in graph.nodes[i].operands]):
            yield i


def _verdict(row: Row, tolerance: float, rounding: float) -> str:
    """Return the verdict on a row; rounding is what float64 may leave of a gradient that is zero."""
    if isinf(row.gradient):
        return POLE if row.exact in (None, row.gradient) else DIFFERS
    exact_agrees = row.exact is not None and _is_close(row.gradient, row.exact, tolerance, rounding)
    if row.kinks and not exact_agrees:
        return KINK
    found = row.difference
    slope_agrees = found is not None and _is_close(row.gradient, found.slope, tolerance, rounding + 3 * found.error)
    if row.exact is None:
        return (AGREES if slope_agrees else DIFFERS) if not row.doubt else OPEN
    return AGREES if exact_agrees and (slope_agrees or row.doubt) else DIFFERS


def _examined(walk: Walk, row: Row, tolerance: float) -> Row:
    """Return a row that differs with the reason: the gates that are wrong, or else what a difference cannot tell."""
    if row.verdict != DIFFERS:
        return row
    found = row.difference
    misvalued, misderived = tuple(_misvalued(walk, found)), tuple(_misderived(walk))
    row = row._replace(misvalued=misvalued, misderived=misderived)
    if found is None or row.exact is None or not _is_close(row.gradient, row.exact, tolerance, 0.0):
        return row
    if misvalued:
        return row
    true = exact.quotient(walk.graph, walk.values, row.node, found.ends)
    bends = true is not None and not _is_close(true, row.exact, USEFUL * relative(found.slope, row.exact), 0.0)
    return row._replace(verdict=AGREES, doubt=BENDS if bends else ROUNDS)


def _misvalued(walk: Walk, found: Difference | None) -> Iterator[int]:
    """Yield the gates whose value is not their formula's, at the point or at an end of the difference's step."""
    ends = found.ends if found else ()
    runs = [walk.values, *filter(None, (differences.moved(walk, end) for end in ends))]
    for i in walk.dependents:
        if not all(exact.is_computed(walk.graph, values, i, COMPUTED) for values in runs):
            yield i


def _misderived(walk: Walk) -> Iterator[int]:
    """Yield the gates whose local gradients are not their formula's, at the point."""
    return (i for i in walk.dependents if not exact.is_derived(walk.graph, walk.values, i, COMPUTED))


def _is_close(a: float, b: float, tolerance: float, slack: float) -> bool:
    return a == b or (isfinite(a - b) and abs(a - b) <= tolerance * max(abs(a), abs(b)) + slack)
