"""Tell which numbers of a trace are rounding error and nothing else: 0.5·1 − 0.3·2 + 0.1 is 2.8·10⁻¹⁷ in float64.

Beside every number goes a bound of its error, to first order (a running error analysis: Higham, Accuracy and Stability
of Numerical Algorithms, section 3.3). A gate adds its own rounding to what its operands bring. A number that is no
larger than its bound has no correct digit, and people are shown 0. A true small number, such as 10⁻⁹ × 10⁻⁹, has a
bound that is smaller still, and stays. So does what is large only because it was divided by noise: tan(π/2) is unknown,
which is another thing than 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from math import inf, isfinite, isinf
from typing import NamedTuple

from bpviz.autodiff import NodeNumbers, Trace
from bpviz.formula.tree import Atom, Term, read
from bpviz.gates import Gate
from bpviz.graph import Node, Wire

HALF_UNIT = 2.0**-53  # the largest relative error of one rounding
GATE_ERROR = 8 * HALF_UNIT  # of a gate's value and slopes: four units in the last place, which tests/accuracy holds
ARITHMETIC = ("+", "-", "*", "/")
STEP = 2.0**-26  # relative; of the differences of slopes, which need few digits
FEW_OPERANDS = 8  # of more, the errors of all are tried together and not one by one
BESIDE_KINK = "is at a kink to rounding, where its slope is that of one side"
UNCERTAIN = "is so close to a pole that no digit is certain"
MOST_UNCERTAIN = 1e-2  # of the largest number of a trace; an error beyond it is no noise but a pole


class ErrorBounds(NamedTuple):
    """How far each number of a trace may be from the true one, in the shapes of the trace's own numbers."""

    values: list[float]
    gradients: list[float]
    local: list[tuple[float, ...]]
    downstream: list[tuple[float, ...]]


def clear_noise(trace: Trace) -> Trace:
    """Return the trace as people read it: each number that is nothing but rounding error is 0.

    Its `unrounded` is the trace as it was computed. A gate that is at a kink only once its operand is 0 is warned of.
    """
    if trace.unrounded is not None:
        return trace
    bounds = bound_errors(trace)
    limit = MOST_UNCERTAIN * _find_largest(trace, bounds)
    values = _clear(trace.values, bounds.values, limit)
    cleared = replace(
        trace,
        values=NodeNumbers(trace.graph, values),
        gradients=NodeNumbers(trace.graph, _clear(trace.gradients, bounds.gradients, limit)),
        local=tuple(_clear(*each, limit) for each in zip(trace.local, bounds.local, strict=True)),
        downstream=tuple(_clear(*each, limit) for each in zip(trace.downstream, bounds.downstream, strict=True)),
        unrounded=trace,
    )
    warnings = (*trace.warnings, *_list_hidden_kinks(cleared), *_list_unknown(cleared, bounds))
    return replace(cleared, warnings=warnings)


def add_contributions(trace: Trace, bounds: ErrorBounds, wires: Iterable[Wire]) -> float:
    """Add up what wires bring back; the sum is 0 if it is nothing but rounding error."""
    total = bound = largest = 0.0  # no sum(), which rounds otherwise from Python 3.12 on
    for wire in wires:
        contribution = trace.downstream[wire.target][wire.slot]
        total += contribution
        bound += bounds.downstream[wire.target][wire.slot] + HALF_UNIT * abs(total)
        largest = max(largest, abs(contribution))
    return 0.0 if abs(total) <= bound <= MOST_UNCERTAIN * largest else total


def is_known(trace: Trace, node: int) -> bool:
    """Say whether a value has a correct digit or is 0, and is not all error as tan(π/2) is."""
    return not _is_unknown(clear_noise(trace).values[node], bound_errors(trace).values[node])


def say_if_noise(shown: float, computed: float) -> str:
    """Return what a text adds to a 0 that float64 has computed as something else."""
    return " to rounding" if computed and not shown else ""


def bound_errors(trace: Trace) -> ErrorBounds:
    """Bound the error of every number of a trace.

    A number that was typed is off by what its decimals lose in float64.
    """
    graph = trace.graph
    values = _bound_values(trace)
    gradients = [0.0] * len(graph.nodes)
    local: list[tuple[float, ...]] = [()] * len(graph.nodes)
    downstream: list[tuple[float, ...]] = [()] * len(graph.nodes)
    for i in range(len(graph.nodes) - 1, -1, -1):
        node, upstream = graph.nodes[i], trace.gradients[i]
        partial_sum = 0.0
        for number, wire in enumerate(graph.wires_from[i]):
            gradients[i] += downstream[wire.target][wire.slot]
            partial_sum += trace.downstream[wire.target][wire.slot]
            gradients[i] += HALF_UNIT * abs(partial_sum) if number else 0.0
        if node.gate:
            local[i] = _bound_slopes(trace, i, node.gate, values)
            downstream[i] = tuple(
                abs(slope) * gradients[i] + error * abs(upstream) + HALF_UNIT * abs(slope * upstream)
                for slope, error in zip(trace.local[i], local[i], strict=True)
            )
    return ErrorBounds(values, gradients, local, downstream)


def _bound_values(trace: Trace) -> list[float]:
    bounds: list[float] = []
    for i, node in enumerate(trace.graph.nodes):
        value = trace.values[i]
        if node.gate is None:
            bounds.append(bound_leaf(node, value))
            continue
        bound = abs(value) * (HALF_UNIT if is_one_operation(node.gate) else GATE_ERROR)
        operands = [trace.values[operand] for operand in node.operands]
        for slot, operand in enumerate(node.operands):
            if bounds[operand]:  # 0 × ∞ is no error
                bound += _bound_change(node.gate, value, operands, slot, bounds[operand], trace.local[i][slot])
        bounds.append(bound)
    return bounds


def _bound_change(gate: Gate, value: float, operands: Sequence[float], slot: int, error: float, slope: float) -> float:
    """Bound how far a gate's value moves with an error of one operand.

    That is by the slope, unless the operand is all error, or the slope too large for a float: then the gate is tried
    where the operand may truly be.
    """
    is_all_error = abs(operands[slot]) <= error
    change = abs(slope) * error if isfinite(slope) else 0.0
    if isfinite(slope) and not is_all_error:
        return change
    zero = (0.0,) if is_all_error else ()  # where √ is steepest
    for operand in (operands[slot] - error, *zero, operands[slot] + error):
        try:
            change = max(change, abs(gate.forward(*operands[:slot], operand, *operands[slot + 1 :]) - value))
        except (ValueError, ArithmeticError):
            change = inf if not operand else change  # 0 may be what the operand truly is
    return change


def bound_leaf(node: Node, value: float) -> float:
    """Bound the error of an input or a constant: none, if the decimal that was typed is the float."""
    is_exact = Decimal(repr(value)) == Decimal(value)
    as_typed = node.constant is None or _reads_as(node.name, value)  # else it was worked out of several
    return 0.0 if is_exact else abs(value) * (HALF_UNIT if as_typed else GATE_ERROR)


def _reads_as(text: str, value: float) -> bool:
    try:
        return float(text) == value
    except ValueError:  # π
        return False


def is_one_operation(gate: Gate) -> bool:
    """Say whether a gate is one operation of arithmetic, which is rounded once."""
    formula = read(gate.formula)
    return (
        isinstance(formula, Term)
        and formula.head in ARITHMETIC
        and all(isinstance(each, Atom) for each in formula.parts)
    )


def _bound_slopes(trace: Trace, node: int, gate: Gate, bounds: Sequence[float]) -> tuple[float, ...]:
    """Bound the errors of a gate's slopes: their own rounding, and how they change with the errors of its operands."""
    errors = [abs(slope) * GATE_ERROR for slope in trace.local[node]]
    operands = [trace.values[operand] for operand in trace.graph.nodes[node].operands]
    bounds_here = [bounds[operand] for operand in trace.graph.nodes[node].operands]
    uncertain = [slot for slot, bound in enumerate(bounds_here) if bound]
    for pole in gate.poles:
        if abs(operands[0] - pole) <= bounds_here[0] and _is_infinite_at(gate, [pole, *operands[1:]]):
            return (inf,) * len(errors)
    groups = [uncertain] if len(uncertain) > FEW_OPERANDS else [[slot] for slot in uncertain]
    for group in groups:
        changes = [0.0] * len(errors)
        for least in (0.0, STEP):  # a step as small as the error, for poles; and one that is not lost in rounding
            moved, share = list(operands), 0.0
            for slot in group:
                step = max(bounds_here[slot], least * abs(operands[slot]))
                moved[slot] += step if operands[slot] >= 0 else -step  # away from 0, where many gates have a kink
                share = max(share, bounds_here[slot] / step)
            try:
                slopes = gate.slopes(gate.forward(*moved), *moved)
            except (ValueError, ArithmeticError):
                continue  # at the end of a gate's domain the other errors must do
            for slot, slope in enumerate(slopes):
                changes[slot] = max(changes[slot], abs(slope - trace.local[node][slot]) * share)
        errors = [error + change for error, change in zip(errors, changes, strict=True)]
    return tuple(errors)


def _is_infinite_at(gate: Gate, operands: Sequence[float]) -> bool:
    try:
        return any(map(isinf, gate.slopes(gate.forward(*operands), *operands)))
    except (ValueError, ArithmeticError):
        return True


def _find_largest(trace: Trace, bounds: ErrorBounds) -> float:
    """Find the largest number of a trace of which some digits are certain."""
    largest = 0.0
    for numbers, errors in ((trace.values, bounds.values), (trace.gradients, bounds.gradients)):
        for number, error in zip(numbers, errors, strict=True):
            if isfinite(number) and error <= MOST_UNCERTAIN * abs(number):
                largest = max(largest, abs(number))
    return largest


def _clear(numbers: Sequence[float], bounds: Sequence[float], limit: float) -> tuple[float, ...]:
    return tuple([0.0 if abs(x) <= bound <= limit else x for x, bound in zip(numbers, bounds, strict=True)])


def _list_hidden_kinks(trace: Trace) -> list[str]:
    """Warn of the gates that have no derivative where noise is taken for 0, though their floats are beside the kink."""
    graph, computed = trace.graph, trace.unrounded
    return [
        f"{graph.nodes[i].name} = {graph.expression(i)} {BESIDE_KINK}"
        for i in graph.gate_ids
        if computed is not None and graph.is_at_kink(i, trace.values) and not graph.is_at_kink(i, computed.values)
    ]


def _list_unknown(trace: Trace, bounds: ErrorBounds) -> list[str]:
    """Warn of the gates whose value or slope is all error and yet no zero, such as 1/c where c is 0 to rounding."""
    graph = trace.graph
    values = [_is_unknown(*each) for each in zip(trace.values, bounds.values, strict=True)]
    slopes = [any(map(_is_unknown, *each)) for each in zip(trace.local, bounds.local, strict=True)]
    return [
        f"{graph.nodes[i].name} = {graph.expression(i)} {UNCERTAIN}"
        for i in graph.gate_ids
        if (values[i] or slopes[i]) and not any(values[operand] for operand in graph.nodes[i].operands)
    ]


def _is_unknown(number: float, bound: float) -> bool:
    return number != 0 and isfinite(number) and not bound < abs(number)
