"""A graph's two passes as straight-line code, operation by operation those of autodiff, which stays the definition.

A node's gradient is the sum of its wires in the order in which they are drawn. Left out is only what changes no bit:
a local gradient of 1 is not multiplied with, and of the 0 that a sum starts with there is one at the inputs alone,
where −0 would be seen. What two gates or the two passes have in common is computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bpviz.compiled.formulas import call, emit
from bpviz.compiled.instructions import Formulas, Instructions
from bpviz.gates import Gate
from bpviz.graph import Graph

NONE: Formulas = MappingProxyType({})


@dataclass(frozen=True)
class Passes:
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
    gradients = _backward(graph, code, values)
    ends = [i for i, node in enumerate(graph.nodes) if graph.wires_from[i] and not any(graph.wires_into(i))]
    return Passes(
        code,
        values[graph.output],
        tuple(gradients[i] for i in graph.inputs),
        tuple(dict.fromkeys(values[i] for i in _unseen(graph))),
        tuple(dict.fromkeys(gradients[i] for i in ends)),
    )


def _forward(graph: Graph, code: Instructions) -> list[int]:
    place = {node: k for k, node in enumerate(graph.inputs)}
    values: list[int] = []
    for i, node in enumerate(graph.nodes):
        if node.constant is not None:
            values.append(code.constant(node.constant))
        elif node.gate is None:
            values.append(code.input(place[i]))
        else:
            operands = [values[operand] for operand in node.operands]
            inline = node.gate.inline
            values.append(emit(inline, operands, code) if inline else call(node.gate.forward, operands, code))
    return values


def _backward(graph: Graph, code: Instructions, values: list[int]) -> list[int]:
    """Return the gradient of every node."""
    zero, one = code.constant(0.0), code.constant(1.0)
    gradients = [zero] * len(values)
    downstream: dict[tuple[int, int], int] = {}
    for i in range(len(values) - 1, -1, -1):
        node = graph.nodes[i]
        terms = [downstream[wire.target, wire.slot] for wire in graph.wires_from[i]]
        if i == graph.output:
            terms.insert(0, one)
        elif node.gate is None or not terms:
            terms.insert(0, zero)
        total = terms[0]
        for term in terms[1:]:
            total = code.add("+", total, term)
        gradients[i] = total
        if node.gate:
            slopes = _slopes(node.gate, values[i], [values[operand] for operand in node.operands], code)
            for wire in graph.wires_into(i):
                downstream[i, wire.slot] = code.add("*", slopes[wire.slot], total)
    return gradients


def _slopes(gate: Gate, value: int, operands: list[int], code: Instructions) -> list[int]:
    formulas = gate.inline_slopes
    if not formulas:
        return [call(gate.slopes, [value, *operands], code, slot) for slot in range(len(operands))]
    if len(formulas) < len(operands):
        return [emit(formulas[0], operands, code, value, meant=slot) for slot in range(len(operands))]
    return [emit(formula, operands, code, value) for formula in formulas]


def _unseen(graph: Graph) -> list[int]:
    """Return the nodes of which nothing else tells that they are not finite."""
    told = bytearray(len(graph.nodes))
    for i, node in enumerate(graph.nodes):
        if node.gate and node.gate.finite and not node.gate.domain:
            told[i] = 1  # by its operands
        if node.gate and node.gate.spreads:
            for operand in node.operands:
                told[operand] = 1
    return [i for i in range(len(graph.nodes)) if not told[i] and graph.nodes[i].constant is None]
