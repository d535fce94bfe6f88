"""Backpropagation against two other answers: the difference quotient and sympy's exact derivative.

The verdict on a name says whether the three agree, or why they need not: on a kink there is no derivative to agree
on, at a pole it is infinite. The difference cannot always tell: its step may cross a kink, leave the domain or be
too wide for what bends within it, and float64 may round too coarsely. Where it contradicts the two others, every gate
is compared with its formula at both ends of the step. If all of them are right there, so is the gradient, and a note
says why the difference is not.
"""

from __future__ import annotations

from math import isfinite, isinf
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.differences import EPSILON, Difference, Variation, central_difference, find_jump, vary
from bpviz.checking.exact_derivatives import (
    DIGITS,
    MANY_DIGITS,
    SMALLEST,
    are_slopes_right,
    difference_quotient,
    differentiate,
    differentiate_at_kink,
    is_value_right,
)
from bpviz.errors import UsageError
from bpviz.limits import DEFAULT, raise_by

TOLERANCE = 1e-6
ROUNDING = 1000 * EPSILON  # of the sum of a gradient's paths in absolute value: what rounding may leave of a zero
USEFUL_ERROR = 1e-2  # a difference with a larger relative error says nothing
COMPUTED_ERROR = 1e-10  # a gate whose value is nearer to its formula's is computed right
SAME_SLOPE = 1e-9
FEW_OPERANDS = 2  # of a gate with more, each counts as a gate

AGREES, KINK, POLE, OPEN, DIFFERS = "agrees", "kink", "pole", "open", "differs"
EDGE, CROSSES, ROUNDS, BENDS = "edge", "crosses", "rounds", "bends"  # why a difference says nothing


class Verdict(NamedTuple):
    """One name: its gradient by backpropagation, the two others, and the verdict.

    doubt       why the difference says nothing, if so
    kinks       the gates with a kink that the name sits on
    sides       the slopes to both sides of these kinks
    jump        the output just below and just above them, if it jumps there
    misvalued   the gates whose value is wrong, where the verdict is that a gradient differs
    misderived  the gates whose local gradients are wrong; if none are, float64 rounds on the way
    """

    node: int
    gradient: float
    difference: Difference | None
    exact: float | None
    verdict: str = ""
    doubt: str = ""
    kinks: tuple[int, ...] = ()
    sides: tuple[float | None, float | None] = (None, None)
    jump: tuple[float, float] | None = None
    misvalued: tuple[int, ...] = ()
    misderived: tuple[int, ...] = ()

    @property
    def is_smooth(self) -> bool:
        """Say whether the slopes on both sides of a kink are the same: there is a derivative all the same."""
        left, right = self.sides
        return not self.jump and left is not None and right is not None and _is_close(left, right, SAME_SLOPE)


class Verdicts(NamedTuple):
    """The verdicts at a point; digits are those of the exact derivatives."""

    trace: Trace
    rows: tuple[Verdict, ...]
    tolerance: float
    digits: int

    @property
    def is_right(self) -> bool:
        """Say whether no gradient differs."""
        return all(row.verdict != DIFFERS for row in self.rows)


def compare(
    trace: Trace, *, every: bool = False, tolerance: float = TOLERANCE, limit: int = DEFAULT.checked
) -> Verdicts:
    """Compare the gradient of every input with two other answers; with `every`, that of every gate as well.

    tolerance is relative, above 0 and at most 1. Raises UsageError for another, and for a program whose size times
    names is beyond `limit`.
    """
    if not 0 < tolerance <= 1:
        raise UsageError(f"a tolerance of {tolerance} tells nothing", hint="give one above 0 and at most 1, as 1e-6")
    graph = trace.graph
    nodes = (*graph.inputs, *graph.gate_ids) if every else graph.inputs
    size = sum(1 + max(0, len(node.operands) - FEW_OPERANDS) for node in graph.nodes)
    if len(nodes) * size > limit:
        instead = "leave --all out, or " if every and len(graph.inputs) * size <= limit else ""
        raise UsageError(
            f"{len(nodes):,} names of a program of {len(graph.gate_ids):,} gates are too many to check",
            hint=f"{instead}{raise_by('checked', len(nodes) * size)}",
        )
    at_kinks, flows = {i for i in graph.gate_ids if graph.is_at_kink(i, trace.values)}, _measure_flows(trace)
    values, gradients = list(trace.values), list(trace.gradients)
    variations = [vary(graph, values, gradients, node) for node in nodes]
    kinks = [tuple(i for i in variation.dependents if i in at_kinks) for variation in variations]
    smooth = [node for node, found in zip(nodes, kinks, strict=True) if not found]
    inputs, digits = [values[i] for i in graph.inputs], DIGITS
    exact = differentiate(graph, inputs, smooth, digits)
    if not all(each is not None and _is_close(each, gradients[node], tolerance) for node, each in exact.items()):
        digits = MANY_DIGITS  # so many that cancelling cannot be why one differs
        exact = differentiate(graph, inputs, smooth, digits)
    rows = []
    for variation, found in zip(variations, kinks, strict=True):
        row = _compare_three(variation, found, exact.get(variation.node))
        row = row._replace(verdict=_judge(row, tolerance, ROUNDING * flows[row.node] + SMALLEST))
        rows.append(_examine(variation, row, tolerance) if row.verdict == DIFFERS else row)
    return Verdicts(trace, tuple(rows), tolerance, digits)


def relative_difference(a: float, b: float) -> float:
    """Return how far two numbers are apart, in parts of the larger."""
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def _measure_flows(trace: Trace) -> list[float]:
    """Return for every node the sum over its paths to the output of the absolute products of local gradients."""
    flows = [0.0] * len(trace.values)
    flows[trace.graph.output] = 1.0
    for i in reversed(trace.graph.gate_ids):
        for operand, slope in zip(trace.graph.nodes[i].operands, trace.local[i], strict=True):
            flow = abs(slope) * flows[i]
            flows[operand] += flow if isfinite(flow) else 0.0
    return flows


def _compare_three(variation: Variation, kinks: tuple[int, ...], exact: float | None) -> Verdict:
    """Return a row without its verdict; on a kink the exact derivative is the slope on both sides, if they agree."""
    gradient, found = variation.gradients[variation.node], central_difference(variation)
    doubt = ""  # why the difference says nothing
    if found is None:
        doubt = EDGE
    elif found.kinks:
        doubt = CROSSES
    elif scale := max(abs(gradient), abs(found.slope)):
        doubt = "" if found.error <= USEFUL_ERROR * scale else ROUNDS
    row = Verdict(variation.node, gradient, found, exact, doubt=doubt, kinks=kinks)
    if not kinks:
        return row
    sides = differentiate_at_kink(variation.graph, variation.values, variation.node)
    row = row._replace(sides=sides, jump=find_jump(variation))
    return row._replace(exact=sides[0] if row.is_smooth else None)


def _judge(row: Verdict, tolerance: float, rounding: float) -> str:
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


def _examine(variation: Variation, row: Verdict, tolerance: float) -> Verdict:
    """Return a row that differs with the reason: the gates that are wrong, or else what a difference cannot tell."""
    found, graph = row.difference, variation.graph
    runs = [variation.values, *filter(None, map(variation.move, found.ends if found else ()))]
    misvalued = tuple(
        i for i in variation.dependents if not all(is_value_right(graph, values, i, COMPUTED_ERROR) for values in runs)
    )
    misderived = tuple(
        i for i in variation.dependents if not are_slopes_right(graph, variation.values, i, COMPUTED_ERROR)
    )
    row = row._replace(misvalued=misvalued, misderived=misderived)
    if found is None or misvalued or row.exact is None or not _is_close(row.gradient, row.exact, tolerance):
        return row
    true = difference_quotient(graph, variation.values, row.node, found.ends)
    far = USEFUL_ERROR * relative_difference(found.slope, row.exact)
    bends = true is not None and not _is_close(true, row.exact, far)
    return row._replace(verdict=AGREES, doubt=BENDS if bends else ROUNDS)


def _is_close(a: float, b: float, tolerance: float, slack: float = 0.0) -> bool:
    return a == b or (isfinite(a - b) and abs(a - b) <= tolerance * max(abs(a), abs(b)) + slack)
