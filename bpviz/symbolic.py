"""The exact derivative, by sympy: the only module that imports it, and only where it is asked for.

sympy never sees a user's text. Expressions are built from the tape by the gate table's own rows, over symbols made
here; numbers of the tape enter as the exact fractions that they are. Two ways lead to the derivative:

- in closed form: the whole expression, differentiated by sympy, evaluated by mpmath;
- gate by gate: sympy differentiates each gate's formula, and the local gradients are carried forward from the input
  to the output (dual numbers, the opposite way to backpropagation). This serves where the closed form, in which every
  shared value is written out wherever it is used, would grow too large.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bpviz.errors import UsageError
from bpviz.gates import Gate
from bpviz.graph import Graph

DIGITS = 50
LARGEST_TREE = 400  # gates of the closed form, shared ones counted wherever they are written out
DEEPEST_TREE = 50  # sympy recurses over its expressions: sin(sin(...)) of 200 ends in a RecursionError
MOST_TREES = 4000  # the same for all closed forms together
WIDEST_GATE = 40  # operands; sympy compares those of Max pair by pair
LARGEST_NUMBER = 1000.0  # in absolute value; sympy writes (2*x)^n as 2^n * x^n, and computes 2^n
LARGEST_INTEGER = 2**4096  # beyond it, sympy is computing a number instead of keeping a formula
SIMPLE_TREE = 120  # gates that simplify is asked to think about

CLOSED_FORM = "sympy's closed form"
GATE_BY_GATE = "sympy's derivative of each gate, multiplied along the paths"


class Exact(NamedTuple):
    """Derivatives that are not ours: how they were found, and a function of the digits that gives them, by node.

    A derivative is None where the formula has no finite value.
    """

    method: str
    evaluate: Callable[[int], dict[int, float | None]]


class TooComplexError(Exception):
    """A closed form that sympy would not finish."""


def exact_gradients(graph: Graph, inputs: Sequence[float], nodes: Sequence[int]) -> Exact | None:
    """Return the derivatives of the output by these nodes at a point, inputs in the graph's order.

    None: a gate has too many operands for sympy.
    """
    if any(len(node.operands) > WIDEST_GATE for node in graph.nodes):
        return None
    size, depth = tree_size(graph)
    if size <= LARGEST_TREE and size * len(nodes) <= MOST_TREES and depth <= DEEPEST_TREE:
        try:
            return Exact(CLOSED_FORM, _closed_forms(graph, inputs, nodes))
        except (TooComplexError, RecursionError):
            pass
    return Exact(GATE_BY_GATE, _gate_by_gate(graph, inputs, nodes))


def tree_size(graph: Graph) -> tuple[int, int]:
    """Return how many gates the output has when every shared one is written out, and how deep they nest."""
    sizes, depths = [0] * len(graph.nodes), [0] * len(graph.nodes)
    for i in graph.steps:
        operands = graph.nodes[i].operands
        sizes[i] = min(1 + sum(sizes[operand] for operand in operands), 10**18)
        depths[i] = 1 + max(depths[operand] for operand in operands)
    return sizes[graph.output], depths[graph.output]


def simplified_gradients(graph: Graph) -> dict[int, Any]:
    """Return the derivative of the output by each input as sympy simplifies it; symbols are called as the inputs.

    Raises UsageError where that would take too long.
    """
    import sympy

    size, depth = tree_size(graph)
    hint = "leave --simplify out"
    if size > SIMPLE_TREE or depth > DEEPEST_TREE or any(len(node.operands) > WIDEST_GATE for node in graph.nodes):
        raise UsageError(f"a formula of {size:,} gates, {depth:,} deep, is too large to simplify", hint=hint)
    symbols = {i: sympy.Symbol(graph.nodes[i].name, real=True) for i in graph.inputs}
    try:
        output = _expression(sympy, graph, symbols, _decimal)
        found = {i: _simplified(sympy, sympy.diff(output, symbols[i])) for i in graph.inputs}
    except (TooComplexError, RecursionError) as error:
        raise UsageError("sympy does not finish with this formula", hint=hint) from error
    if any(each.has(sympy.nan, sympy.zoo) for each in found.values()):
        raise UsageError(f"{graph.output_name} has no derivative anywhere, as sympy sees it", hint=hint)
    return found


def _simplified(sympy: Any, expression: Any) -> Any:
    """Return an expression simplified, its signs, steps and maxima left as they are instead of split into cases."""
    kinked = sorted(expression.atoms(sympy.sign, sympy.Heaviside, sympy.Max, sympy.Min), key=str)
    masks = {each: sympy.Symbol(f"_{k}", real=True) for k, each in enumerate(kinked)}
    return sympy.simplify(expression.xreplace(masks)).xreplace({mask: each for each, mask in masks.items()})


def _closed_forms(
    graph: Graph, inputs: Sequence[float], nodes: Sequence[int]
) -> Callable[[int], dict[int, float | None]]:
    """Return the function that evaluates the closed forms; each node is cut loose and becomes a symbol of its own."""
    import sympy

    symbols = {i: sympy.Symbol(f"v{i}", real=True) for i in graph.inputs}
    free = list(symbols.values())
    formulas: dict[int, tuple[Any, Any]] = {}
    for node in nodes:
        own = symbols.get(node) or sympy.Symbol(f"v{node}", real=True)
        slope = sympy.diff(_expression(sympy, graph, {**symbols, node: own}, _fraction), own)
        value = own if node in symbols else _expression(sympy, graph, symbols, _fraction, node)
        letters = free if node in symbols else [*free, own]
        formulas[node] = _numeric(sympy, free, value), _numeric(sympy, letters, slope)

    def derivative(node: int, at: list[Any]) -> Any:
        value, slope = formulas[node]
        return slope(*at) if node in symbols else slope(*at, value(*at))

    def evaluate(digits: int) -> dict[int, float | None]:
        import mpmath

        with mpmath.workdps(digits):
            at = [mpmath.mpf(x) for x in inputs]
            return {node: _finite(derivative, node, at) for node in formulas}

    return evaluate


def _expression(
    sympy: Any,
    graph: Graph,
    symbols: dict[int, Any],
    number: Callable[[Any, float], Any],
    until: int | None = None,
) -> Any:
    """Return a node (the output, if none is named) as one expression in these symbols.

    Raises TooComplexError where sympy would compute with numbers that the program does not compute with.
    """
    built: list[Any] = []
    last = graph.output if until is None else until
    for i, node in enumerate(graph.nodes[: last + 1]):
        if i in symbols:
            built.append(symbols[i])
        elif node.gate is None:
            constant = node.constant or 0.0
            if abs(constant) > LARGEST_NUMBER:
                raise TooComplexError
            built.append(number(sympy, constant))
        else:
            operands = [built[operand] for operand in node.operands]
            if all(operand.is_number for operand in operands) and not graph.constants:
                raise TooComplexError
            built.append(node.gate.symbolic(sympy, *operands))
            _refuse_large_numbers(sympy, built[i])
    return built[last]


def _refuse_large_numbers(sympy: Any, expression: Any) -> None:
    for integer in expression.atoms(sympy.Rational):
        if max(abs(integer.p), integer.q) > LARGEST_INTEGER:
            raise TooComplexError


def _fraction(sympy: Any, x: float) -> Any:
    """Return a float as the fraction that it is."""
    return sympy.Rational(*x.as_integer_ratio())


def _decimal(sympy: Any, x: float) -> Any:
    """Return a float as the decimal fraction, or the fraction of π, that was most likely typed."""
    from fractions import Fraction
    from math import pi

    turns = Fraction(x / pi).limit_denominator(360)
    if turns and float(turns) * pi == x:
        return sympy.Rational(turns.numerator, turns.denominator) * sympy.pi
    fraction = Fraction(repr(x))
    return sympy.Rational(fraction.numerator, fraction.denominator)


class Local(NamedTuple):
    """A gate's formula and its derivatives by each operand, as functions for mpmath."""

    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]


def _gate_by_gate(
    graph: Graph, inputs: Sequence[float], nodes: Sequence[int]
) -> Callable[[int], dict[int, float | None]]:
    """Return the function that carries each node's derivative forward through the tape."""

    def evaluate(digits: int) -> dict[int, float | None]:
        import mpmath

        with mpmath.workdps(digits):
            slopes = _local_slopes(graph, dict(zip(graph.inputs, inputs, strict=True)))
            return {node: _finite(_carry, graph, slopes, node) for node in nodes}

    return evaluate


def _local_slopes(graph: Graph, inputs: dict[int, float]) -> list[tuple[Any, ...]]:
    """Return every local gradient, by node and slot, in mpmath's numbers; nan where the formula has none."""
    import mpmath

    known: dict[tuple[Gate, int], Local] = {}
    values: list[Any] = []
    slopes: list[tuple[Any, ...]] = []
    for i, node in enumerate(graph.nodes):
        if node.gate is None:
            values.append(mpmath.mpf(inputs[i] if node.constant is None else node.constant))
            slopes.append(())
            continue
        key = (node.gate, len(node.operands))
        if key not in known:
            known[key] = _differentiated(node.gate, [None] * len(node.operands))
        operands = [values[operand] for operand in node.operands]
        values.append(known[key].value(*operands))
        try:
            local = tuple(slope(*operands) for slope in known[key].slopes)
        except (ZeroDivisionError, ValueError):  # x^n at 0, whose slope sympy writes n·xⁿ/x until it knows n
            local = _slopes_at_constants(graph, i, operands)
        slopes.append(local)
    return slopes


def _slopes_at_constants(graph: Graph, node: int, operands: list[Any]) -> tuple[Any, ...]:
    import mpmath

    gate, ids = graph.nodes[node].gate, graph.nodes[node].operands
    assert gate
    local = []
    for slope in _differentiated(gate, [graph.nodes[i].constant for i in ids]).slopes:
        try:
            local.append(slope(*operands))
        except (ZeroDivisionError, ValueError):
            local.append(mpmath.nan)
    return tuple(local)


def _differentiated(gate: Gate, constants: Sequence[float | None]) -> Local:
    """Return a gate's formula and derivatives; an operand that is a constant stands as its number."""
    import sympy

    letters = [sympy.Symbol(f"v{slot}", real=True) for slot in range(len(constants))]
    operands = [
        letter if constant is None else _fraction(sympy, constant)
        for letter, constant in zip(letters, constants, strict=True)
    ]
    formula = gate.symbolic(sympy, *operands)
    return Local(
        _numeric(sympy, letters, formula),
        tuple(_numeric(sympy, letters, sympy.diff(formula, letter)) for letter in letters),
    )


def _carry(graph: Graph, slopes: list[tuple[Any, ...]], node: int) -> Any:
    """Return the derivative of the output by a node: tangents, from the node on."""
    import mpmath

    tangents: dict[int, Any] = {node: mpmath.mpf(1)}
    for i in range(node + 1, graph.output + 1):
        pairs = zip(graph.nodes[i].operands, slopes[i], strict=True)
        terms = [slope * tangents[operand] for operand, slope in pairs if operand in tangents]
        if terms:
            tangents[i] = sum(terms[1:], terms[0])
    return tangents.get(graph.output, mpmath.mpf(0))


def _numeric(sympy: Any, symbols: list[Any], expression: Any) -> Callable[..., Any]:
    """Return an expression as a function for mpmath, which has no steps of its own."""
    import mpmath

    known = {
        "Heaviside": lambda a, at_zero=None: (mpmath.sign(a) + 1) / 2,
        "DiracDelta": lambda a, order=0: mpmath.mpf(0) if a else mpmath.nan,
    }
    function: Callable[..., Any] = sympy.lambdify(symbols, expression, [known, "mpmath"])
    return function


def _finite(compute: Callable[..., Any], *operands: Any) -> float | None:
    """Return a number of mpmath's as a float, or None where there is none."""
    import mpmath

    try:
        value = compute(*operands)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return float(value) if mpmath.isfinite(value) and not mpmath.im(value) else None
