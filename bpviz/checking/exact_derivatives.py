"""The exact derivative at a point: sympy differentiates each gate's formula, mpmath multiplies along the paths.

The local gradients are carried forward from a name to the output (dual numbers, the opposite way to backpropagation),
with fifty digits or many more. The work grows with the number of gates. One closed form of the whole program would not
do: it writes out every shared value wherever it is used, and sympy may take minutes to rearrange one line of it.

A gate of many operands is not given to sympy, which compares those of Max pair by pair (20 of them take half a minute).
The formula of such a gate runs on mpmath's numbers, and the change along a step of 10⁻⁶⁰⁰ at 1,600 digits is the
derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from math import isfinite
from typing import Any, NamedTuple

import mpmath
import sympy

from bpviz.gates import Gate
from bpviz.graph import Graph, Node

METHOD = "sympy's derivative of each gate, multiplied along the paths"
DIGITS = 50
MANY_DIGITS = 1600  # where 1 − tanh² cancels in float64's whole range, fifty are not enough
STEP_EXPONENT = 600  # a step of 10⁻⁶⁰⁰ is short beside any difference of two floats
MOST_OPERANDS = 4  # by which sympy differentiates
SMALLEST = 2.0**-1022  # below it floats have few digits
NO_NUMBER = (ZeroDivisionError, ValueError, OverflowError, TypeError)  # TypeError: mpmath compares no complex numbers

Tape = tuple[Node, ...]
Numbers = Sequence[Any]  # mpmath's


def differentiate(graph: Graph, inputs: Sequence[float], nodes: Sequence[int], digits: int) -> dict[int, float | None]:
    """Return the derivatives of the output by these nodes; None where there is none.

    inputs are the values of the inputs in the graph's order; digits is the precision of the computation.
    """
    tape = graph.nodes
    with mpmath.workdps(digits):
        try:
            values = _compute_values(tape, dict(zip(graph.inputs, map(mpmath.mpf, inputs), strict=True)))
            slopes = [_compute_slopes(tape, i, values) for i in range(len(tape))]
        except NO_NUMBER:
            return dict.fromkeys(nodes)
        return {node: _differentiate_output(graph, node, 1, values, slopes.__getitem__) for node in nodes}


def differentiate_at_kink(graph: Graph, values: Sequence[float], node: int) -> tuple[float | None, float | None]:
    """Return the derivatives of the output by a node to its left and to its right.

    At the values that bpviz computed, a gate that sits on a kink changes as its formula does when its operands move
    that way. None where a gate jumps, or has no finite slope.
    """
    with mpmath.workdps(DIGITS):
        exact = [mpmath.mpf(x) for x in values]

        def compute_slopes(i: int) -> Numbers | None:
            return None if graph.is_at_kink(i, values) else _compute_slopes(graph.nodes, i, exact)

        left, right = (_differentiate_output(graph, node, sign, exact, compute_slopes) for sign in (-1, 1))
        return None if left is None else -left, right


def difference_quotient(graph: Graph, values: Sequence[float], node: int, ends: tuple[float, float]) -> float | None:
    """Return the difference quotient of the output between two values of a node, without any rounding."""

    def output(end: float) -> Any:
        return _compute_values(graph.nodes, {node: mpmath.mpf(end)}, [mpmath.mpf(x) for x in values])[graph.output]

    with mpmath.workdps(MANY_DIGITS):
        left, right = ends
        return _compute_float(lambda: (output(right) - output(left)) / (mpmath.mpf(right) - mpmath.mpf(left)))


def is_value_right(graph: Graph, values: Sequence[float], node: int, tolerance: float) -> bool:
    """Say whether a gate's value is what its formula gives for the values of its operands."""
    gate = graph.nodes[node].gate
    assert gate
    for digits in (DIGITS, MANY_DIGITS):
        with mpmath.workdps(digits):
            operands = [mpmath.mpf(values[operand]) for operand in graph.nodes[node].operands]
            exact = _compute_float(partial(_compute_value, gate, operands))
        if exact is not None and _is_near(values[node], exact, tolerance):
            return True
    return False


def are_slopes_right(graph: Graph, values: Sequence[float], node: int, tolerance: float) -> bool:
    """Say whether a gate's local gradients are those of its formula, for the values of its operands.

    True where there is nothing to compare: on a kink, where the formula has none, for a gate of many operands.
    """
    gate = graph.nodes[node].gate
    assert gate
    operands = [values[operand] for operand in graph.nodes[node].operands]
    if graph.is_at_kink(node, values):
        return True
    with mpmath.workdps(MANY_DIGITS):
        constants = tuple(graph.nodes[operand].constant for operand in graph.nodes[node].operands)
        exact = [_to_float(slope) for slope in _differentiate_gate(gate, [*map(mpmath.mpf, operands)], constants) or ()]
    local = gate.slopes(values[node], *operands)
    return all(
        slope is None or slot == gate.parameter or _is_near(local[slot], slope, tolerance)
        for slot, slope in enumerate(exact)
    )


def _is_near(x: float, exact: float, tolerance: float) -> bool:
    return x == exact or (isfinite(exact) and abs(x - exact) <= tolerance * abs(exact) + SMALLEST)


# a graph in mpmath's numbers


def _compute_values(tape: Tape, given: Mapping[int, Any], known: Sequence[Any] = ()) -> list[Any]:
    """Compute every value by the gates' formulas, some being given; what does not depend on these stays as known."""
    values: list[Any] = list(known) or [mpmath.mpf(node.constant or 0.0) for node in tape]
    moved = set(given)
    for i, node in enumerate(tape):
        if i in given:
            values[i] = given[i]
        elif node.gate and (not known or not moved.isdisjoint(node.operands)):
            moved.add(i)
            values[i] = _compute_value(node.gate, [values[operand] for operand in node.operands])
    return values


def _differentiate_output(
    graph: Graph, node: int, sign: int, values: Numbers, compute_slopes: Callable[[int], Numbers | None]
) -> float | None:
    """Return how fast the output changes when a node moves up (sign 1) or down (−1); None where that is no number.

    Every gate that moves gets its tangent, in tape order: the sum of its local gradients times the tangents of its
    operands. Where `compute_slopes` has no local gradients for a gate, its tangent is its change to that side.
    """
    tangents: dict[int, Any] = {node: mpmath.mpf(sign)}
    try:
        for i in range(node + 1, graph.output + 1):
            gate, operands = graph.nodes[i].gate, graph.nodes[i].operands
            if gate is None or tangents.keys().isdisjoint(operands):
                continue
            slopes = compute_slopes(i)
            if slopes is None:
                moving = [tangents.get(operand, mpmath.mpf(0)) for operand in operands]
                tangents[i] = _compute_change(gate, [values[operand] for operand in operands], moving)
            else:
                pairs = zip(operands, slopes, strict=True)
                tangents[i] = sum(slope * tangents[operand] for operand, slope in pairs if operand in tangents)
        return _to_float(tangents.get(graph.output, mpmath.mpf(0)))
    except NO_NUMBER:
        return None


def _compute_slopes(tape: Tape, node: int, values: Numbers) -> Numbers | None:
    gate, operands = tape[node].gate, tape[node].operands
    if gate is None:
        return ()
    constants = tuple(tape[operand].constant for operand in operands)
    return _differentiate_gate(gate, [values[operand] for operand in operands], constants)


def _compute_float(compute: Callable[[], Any]) -> float | None:
    """Return a computed number as a float, infinite where it is beyond float64; None where there is none."""
    try:
        return _to_float(compute())
    except NO_NUMBER:
        return None


def _to_float(number: Any) -> float | None:
    return float(number) if mpmath.isfinite(number) and not mpmath.im(number) else None


# a gate in mpmath's numbers


class FormulaFunctions(NamedTuple):
    """A gate's formula and its derivatives by each operand, as functions of mpmath's numbers."""

    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]


class MpmathAsSympy:
    """The names of sympy that the rows of gates of many operands use, for mpmath's numbers."""

    Max = staticmethod(max)
    Min = staticmethod(min)
    Integer = mpmath.mpf
    exp = staticmethod(mpmath.exp)
    log = staticmethod(mpmath.log)

    @staticmethod
    def Mul(*factors: Any) -> Any:  # noqa: N802  sympy's name
        """Return a product."""
        return mpmath.fprod(factors)


def _compute_value(gate: Gate, operands: Numbers) -> Any:
    if len(operands) > MOST_OPERANDS:
        return gate.symbolic(MpmathAsSympy, *operands)
    return _derive_functions(gate, (None,) * len(operands)).value(*operands)


def _differentiate_gate(gate: Gate, operands: Numbers, constants: tuple[float | None, ...]) -> Numbers | None:
    """Return a gate's local gradients by its formula, nan where that has none; None for a gate of many operands.

    constants are the values of the operands that are constants: sympy writes the slope of xⁿ as n·xⁿ/x, which is no
    number at 0, until it knows n.
    """
    if len(operands) > MOST_OPERANDS:
        return None
    try:
        return tuple(slope(*operands) for slope in _derive_functions(gate, (None,) * len(operands)).slopes)
    except (ZeroDivisionError, ValueError):
        return tuple(_call_or_nan(slope, operands) for slope in _derive_functions(gate, constants).slopes)


def _compute_change(gate: Gate, operands: Numbers, tangents: Numbers) -> Any:
    """Return how fast a gate's value changes when its operands move along tangents, to one side; nan where it jumps."""
    size = max(map(abs, tangents))
    if not size or not mpmath.isfinite(size):
        return size
    with mpmath.workdps(MANY_DIGITS):
        step = mpmath.mpf(10) ** -STEP_EXPONENT
        moved = [operand + step * tangent / size for operand, tangent in zip(operands, tangents, strict=True)]
        change = _compute_value(gate, moved) - _compute_value(gate, operands)
        return change / step * size if abs(change) < mpmath.sqrt(step) else mpmath.nan


@cache
def _derive_functions(gate: Gate, constants: tuple[float | None, ...]) -> FormulaFunctions:
    """Return a gate's formula and derivatives; an operand that is a constant is put in as its number."""
    letters = [sympy.Symbol(f"v{slot}", real=True) for slot in range(len(constants))]
    operands = [
        letter if constant is None else sympy.Rational(*constant.as_integer_ratio())
        for letter, constant in zip(letters, constants, strict=True)
    ]
    formula = gate.symbolic(sympy, *operands)
    derivatives = [sympy.diff(formula, letter) for letter in letters]
    return FormulaFunctions(_compile(letters, formula), tuple(_compile(letters, each) for each in derivatives))


def _compile(symbols: list[Any], expression: Any) -> Callable[..., Any]:
    """Return an expression as a function of mpmath's numbers, which know no step function."""
    steps = {
        "Heaviside": lambda a, at_zero=0.5: mpmath.mpf(a > 0) if a else mpmath.mpf(at_zero),  # a step's is 0 at 0
        "DiracDelta": lambda a, order=0: mpmath.mpf(0) if a else mpmath.nan,
    }
    function: Callable[..., Any] = sympy.lambdify(symbols, expression, [steps, "mpmath"])
    return function


def _call_or_nan(slope: Callable[..., Any], operands: Numbers) -> Any:
    try:
        return slope(*operands)
    except (ZeroDivisionError, ValueError):
        return mpmath.nan
