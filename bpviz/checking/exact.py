"""The exact derivative at a point: sympy differentiates each gate's formula, mpmath multiplies along the paths.

The local gradients are carried forward from a name to the output (dual numbers, the opposite way to backpropagation),
at fifty digits or many more. The work grows with the gates as bpviz's own does. One closed form of the whole program
would not: every shared value is written out wherever it is used, and sympy, which rearranges what it is given, may
take minutes over one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any

import mpmath

from bpviz.checking import formulas
from bpviz.graph import Graph, Node

DIGITS = 50
MANY_DIGITS = formulas.MANY_DIGITS
METHOD = "sympy's derivative of each gate, multiplied along the paths"
SMALLEST = 2.0**-1022  # below it floats have few digits
Tape = tuple[Node, ...]  # all of a graph's nodes, at hand
BEYOND = (ZeroDivisionError, ValueError, OverflowError, TypeError)  # TypeError: mpmath compares no complex numbers


def gradients(graph: Graph, inputs: Sequence[float], nodes: Sequence[int], digits: int) -> dict[int, float | None]:
    """Return the derivatives of the output by these nodes, inputs in the graph's order; None where there is none."""
    with mpmath.workdps(digits):
        try:
            tape = tuple(graph.nodes)
            values = _values(tape, dict(zip(graph.inputs, map(mpmath.mpf, inputs), strict=True)))
            slopes = [_slopes(tape, i, values) for i in range(len(tape))]
        except BEYOND:
            return dict.fromkeys(nodes)

        def tangent(i: int, tangents: Mapping[int, Any]) -> Any:
            return _carried(tape[i], values, slopes[i], tangents)

        return {node: _finite(partial(_set_out, tape, graph.output, node, 1, tangent)) for node in nodes}


def sides(graph: Graph, values: Sequence[float], node: int) -> tuple[float | None, float | None]:
    """Return the derivatives of the output by a node to its left and to its right.

    At the floats that bpviz computed with, a gate that sits on a kink there changes as its formula does when its
    operands set out that way. None where a gate jumps, or has no finite slope.
    """

    tape = tuple(graph.nodes)

    def tangent(i: int, tangents: Mapping[int, Any]) -> Any:
        gate, operands = tape[i].gate, tape[i].operands
        if gate and gate.kink and gate.kink(values[i], *(values[operand] for operand in operands)):
            moving = [tangents.get(operand, mpmath.mpf(0)) for operand in operands]
            return formulas.change(gate, [exact[operand] for operand in operands], moving)
        return _carried(tape[i], exact, _slopes(tape, i, exact), tangents)

    with mpmath.workdps(DIGITS):
        exact = [mpmath.mpf(x) for x in values]
        left, right = (_finite(partial(_set_out, tape, graph.output, node, way, tangent)) for way in (-1, 1))
        return None if left is None else -left, right


def quotient(graph: Graph, values: Sequence[float], node: int, ends: tuple[float, float]) -> float | None:
    """Return the difference quotient of the output between two values of a node, without any rounding."""

    def output(end: float) -> Any:
        moved = _values(tuple(graph.nodes), {node: mpmath.mpf(end)}, [mpmath.mpf(x) for x in values])
        return moved[graph.output]

    with mpmath.workdps(MANY_DIGITS):
        left, right = ends
        return _finite(lambda: (output(right) - output(left)) / (mpmath.mpf(right) - mpmath.mpf(left)))


def is_computed(graph: Graph, values: Sequence[float], node: int, tolerance: float) -> bool:
    """Say whether a gate's value is what its formula gives for the values of its operands."""
    gate = graph.nodes[node].gate
    assert gate
    for digits in (DIGITS, MANY_DIGITS):
        with mpmath.workdps(digits):
            operands = [mpmath.mpf(values[operand]) for operand in graph.nodes[node].operands]
            exact = _finite(partial(formulas.value, gate, operands))
        if exact is not None and _is_near(values[node], exact, tolerance):
            return True
    return False


def is_derived(graph: Graph, values: Sequence[float], node: int, tolerance: float) -> bool:
    """Say whether a gate's local gradients are those of its formula, for the values of its operands.

    On a kink, and where the formula has none, there is nothing to compare; nor for a gate of many operands.
    """
    gate, tape = graph.nodes[node].gate, graph.nodes
    assert gate
    operands = [values[operand] for operand in tape[node].operands]
    if gate.kink and gate.kink(values[node], *operands):
        return True
    with mpmath.workdps(MANY_DIGITS):
        constants = tuple([tape[operand].constant for operand in tape[node].operands])
        found = formulas.slopes(gate, [mpmath.mpf(x) for x in operands], constants) or ()
        exact = [_float(slope) for slope in found]
    local = gate.slopes(values[node], *operands)
    return all(
        slope is None or slot == gate.parameter or _is_near(local[slot], slope, tolerance)
        for slot, slope in enumerate(exact)
    )


def _is_near(x: float, exact: float, tolerance: float) -> bool:
    return x == exact or (isfinite(exact) and abs(x - exact) <= tolerance * abs(exact) + SMALLEST)


def _values(tape: Tape, given: Mapping[int, Any], held: Sequence[Any] = ()) -> list[Any]:
    """Return every value by the gates' formulas, some being given; what does not depend on these is as held."""
    values: list[Any] = list(held) or [mpmath.mpf(node.constant or 0.0) for node in tape]
    moved = set(given)
    for i, node in enumerate(tape):
        if i in given:
            values[i] = given[i]
        elif node.gate and (not held or not moved.isdisjoint(node.operands)):
            moved.add(i)
            values[i] = formulas.value(node.gate, [values[operand] for operand in node.operands])
    return values


def _slopes(tape: Tape, node: int, values: Sequence[Any]) -> tuple[Any, ...] | None:
    gate, operands = tape[node].gate, tape[node].operands
    if gate is None:
        return ()
    constants = tuple([tape[operand].constant for operand in operands])
    return formulas.slopes(gate, [values[operand] for operand in operands], constants)


def _carried(node: Node, values: Sequence[Any], slopes: tuple[Any, ...] | None, tangents: Mapping[int, Any]) -> Any:
    """Return a gate's tangent: the sum of local gradients times tangents, or its change along them."""
    if slopes is None:
        assert node.gate
        moving = [tangents.get(operand, mpmath.mpf(0)) for operand in node.operands]
        return formulas.change(node.gate, [values[operand] for operand in node.operands], moving)
    pairs = zip(node.operands, slopes, strict=True)
    return sum(slope * tangents[operand] for operand, slope in pairs if operand in tangents)


def _set_out(tape: Tape, output: int, node: int, way: int, tangent: Callable[[int, Mapping[int, Any]], Any]) -> Any:
    """Return the output's tangent when a node sets out one way: forward through the gates that it reaches."""
    tangents: dict[int, Any] = {node: mpmath.mpf(way)}
    for i in range(node + 1, output + 1):
        if not tangents.keys().isdisjoint(tape[i].operands):
            tangents[i] = tangent(i, tangents)
    return tangents.get(output, mpmath.mpf(0))


def _finite(compute: Callable[[], Any]) -> float | None:
    """Return a number of mpmath's as a float, infinite where it is beyond float64; None where there is none."""
    try:
        return _float(compute())
    except BEYOND:
        return None


def _float(number: Any) -> float | None:
    return float(number) if mpmath.isfinite(number) and not mpmath.im(number) else None
