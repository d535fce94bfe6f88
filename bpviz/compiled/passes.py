"""A graph's two passes as straight-line code, operation by operation those of autodiff, which stays the definition.

A node's gradient is the sum of its wires in the order in which they are drawn. Left out is only what changes no bit:
a local gradient of 1 is not multiplied with, and of the 0 that a sum starts with there is one at the inputs alone,
where −0 would be seen. What two gates or the two passes have in common is computed once.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.compiled.formulas import emit
from bpviz.compiled.instructions import Instructions
from bpviz.gates import LETTERS, Gate
from bpviz.graph import Graph


@dataclass(frozen=True)
class Passes:
    """The instructions, and which of them are the value, the inputs' gradients, and what must be finite.

    Everything is finite if those are: a number that is not finite makes another of them so.
    """

    code: Instructions
    value: int
    gradients: tuple[int, ...]
    finite: tuple[int, ...]


def straight_line(graph: Graph) -> Passes:
    """Return the passes of a graph."""
    code = Instructions()
    values = _forward(graph, code)
    gradients = _backward(graph, code, values)
    ends = [i for i, node in enumerate(graph.nodes) if graph.wires_from[i] and not any(graph.wires_into(i))]
    finite = [values[i] for i in _unseen(graph)] + [gradients[i] for i in ends]
    constant = {i for i, each in enumerate(code.all) if each.operation == "constant"}
    return Passes(
        code,
        values[graph.output],
        tuple(gradients[i] for i in graph.inputs),
        tuple(dict.fromkeys(i for i in finite if i not in constant)),
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
            names = dict(zip(LETTERS, operands, strict=False))
            inline = node.gate.inline
            values.append(emit(inline, names, code) if inline else code.add(node.gate.forward, *operands))
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
    if gate.inline_slopes:
        formulas = gate.inline_slopes
        if len(formulas) < len(operands):  # of several operands one is meant
            return [emit(formulas[0], {"a": operand, "z": value}, code) for operand in operands]
        names = {**dict(zip(LETTERS, operands, strict=False)), "z": value}
        return [emit(formula, names, code) for formula in formulas]
    whole = code.add(gate.slopes, value, *operands)
    return [code.part(whole, slot) for slot in range(len(operands))]


def _unseen(graph: Graph) -> list[int]:
    """Return the nodes of which nothing else tells that they are not finite."""
    told = bytearray(len(graph.nodes))
    for node in graph.nodes:
        if node.gate and node.gate.spreads:
            for operand in node.operands:
                told[operand] = 1
    return [i for i in range(len(graph.nodes)) if not told[i]]
