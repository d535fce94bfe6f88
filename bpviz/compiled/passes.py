"""A graph's two passes as straight-line code, operation by operation those of autodiff, which stays the definition.

A node's gradient is the sum of its wires in the order in which they are drawn. Left out is only what changes no bit:
a local gradient of 1 is not multiplied with, and of the 0 that a sum starts with there is one at the inputs alone,
where −0 would be seen. What two gates or the two passes have in common is computed once.
"""

from __future__ import annotations

from functools import partial, reduce
from types import MappingProxyType

from bpviz.compiled.formulas import call, emit
from bpviz.compiled.instructions import Formulas, Instructions
from bpviz.gates import Gate
from bpviz.graph import Graph
from bpviz.records import NamedTuple

NONE: Formulas = MappingProxyType({})


class Passes(NamedTuple):
    """The instructions, and which of them are the value and the inputs' gradients.

    Every number is finite if those in finite are, forward, and those in ends, backward: one that is not makes
    another so, down to these.
    """

    code: Instructions
    value: int
    gradients: tuple[int, ...]
    finite: tuple[int, ...]
    ends: tuple[int, ...]


def straight_line(graph: Graph, formulas: Formulas = NONE) -> Passes:
    """Return the passes of a graph, with formulas in the place of calls of some functions."""
    code = Instructions(formulas)
    values = _forward(graph, code)
    gradients, ends = _backward(graph, code, values)
    return Passes(
        code,
        values[graph.output],
        tuple([gradients[i] for i in graph.inputs]),
        tuple(dict.fromkeys(values[i] for i in _to_be_checked(graph))),
        tuple(dict.fromkeys(gradients[i] for i in ends)),
    )


def _forward(graph: Graph, code: Instructions) -> list[int]:
    """Return the value of every node."""
    columns = graph.columns
    place = {node: k for k, node in enumerate(graph.inputs)}
    values: list[int] = []
    for i, gate in enumerate(columns.gates):
        if gate is None:
            number = columns.numbers.get(i)
            values.append(code.input(place[i]) if number is None else code.constant(number))
        else:
            operands = [values[operand] for operand in columns.operands(i)]
            inline = gate.inline
            values.append(emit(inline, operands, code) if inline else call(gate.forward, operands, code))
    return values


def _backward(graph: Graph, code: Instructions, values: list[int]) -> tuple[list[int], list[int]]:
    """Return the gradient of every node, and the nodes at which gradients end."""
    columns = graph.columns
    zero, one = code.constant(0.0), code.constant(1.0)
    gradients = [zero] * len(values)
    brought: list[list[int]] = [[] for _ in values]  # by the wires that leave each node, the last wire first
    ends = []
    for i in range(len(values) - 1, -1, -1):
        gate, terms = columns.gates[i], brought[i][::-1]
        if i == graph.output:
            terms.insert(0, one)
        elif gate is None or not terms:
            terms.insert(0, zero)
        gradients[i] = reduce(partial(code.add, "+"), terms)
        wires = _visible(graph, i)
        if brought[i] and not wires:
            ends.append(i)
        if gate is not None:
            operands = columns.operands(i)
            slopes = _slopes(gate, values[i], [values[operand] for operand in operands], code)
            for slot in reversed(wires):
                brought[operands[slot]].append(code.add("*", slopes[slot], gradients[i]))
    return gradients, ends


def _visible(graph: Graph, node: int) -> list[int]:
    """Return the slots of a gate into which a wire leads: a folded constant has none."""
    columns = graph.columns
    gate, numbers = columns.gates[node], columns.numbers
    parameter = gate.parameter if gate is not None else None
    slots = enumerate(columns.operands(node))
    return [slot for slot, each in slots if each not in numbers or (graph.constants and slot != parameter)]


def _slopes(gate: Gate, value: int, operands: list[int], code: Instructions) -> list[int]:
    formulas = gate.inline_slopes
    if not formulas:
        return [call(gate.slopes, [value, *operands], code, slot) for slot in range(len(operands))]
    if len(formulas) < len(operands):
        return [emit(formulas[0], operands, code, value, meant=slot) for slot in range(len(operands))]
    return [emit(formula, operands, code, value) for formula in formulas]


def _to_be_checked(graph: Graph) -> list[int]:
    """Return the nodes that must be checked, so that one which is not finite is seen there or in what is made of it.

    From the last node back: what a checked gate spreads is seen in it, and so on down. A gate that is finite wherever
    its operands are needs no check of its own, but then nothing is seen in it either.
    """
    columns = graph.columns
    seen = bytearray(len(columns.gates))
    checked = []
    for i in range(len(seen) - 1, -1, -1):
        gate = columns.gates[i]
        if i in columns.numbers:
            continue
        if not seen[i] and (gate is None or not gate.finite or gate.domain):
            checked.append(i)
            seen[i] = 1
        if seen[i] and gate is not None and gate.spreads:
            for operand in columns.operands(i):
                seen[operand] = 1
    return checked[::-1]
