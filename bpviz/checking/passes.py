"""Both passes over a graph with one thing done wrong in all of it, or at one gate, as somebody does it by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from math import nan, pi
from operator import add

from bpviz.autodiff import Trace
from bpviz.gates import Gate
from bpviz.graph import Node

MOST_NEWTON_STEPS, NEWTON_ERROR = 60, 1e-13  # towards σ = 1 each step adds one digit
OUTPUT_LETTER = re.compile(r"\bz\b")  # in the formula of a local gradient
NO_NUMBER = (ValueError, ZeroDivisionError, OverflowError)


@dataclass(frozen=True, kw_only=True)
class WrongPass:
    """What is done wrong; as it stands, nothing.

    in_degrees       gates that take their angle in degrees, in the backward pass only unless forward
    rounding         the format of every value, and with round_gradients of every gradient
    winner           the one contribution that counts at every branch
    given            a node and its value
    gates            other gates that are taken for those of some nodes, in the backward pass only unless forward
    functions        other functions of the operands that give the values of some nodes
    """

    in_degrees: frozenset[int] = frozenset()
    forward: bool = True
    rounding: str = ""
    round_gradients: bool = False
    winner: int | None = None
    given: tuple[int, float] | None = None
    gates: dict[int, Gate] = field(default_factory=dict)
    functions: dict[int, Callable[..., float]] = field(default_factory=dict)

    def value(self, trace: Trace, node: int) -> float:
        """Return the value of a node in this pass; NaN where it leaves a domain."""
        try:
            return self._run_forward(trace, node + 1)[node]
        except NO_NUMBER:
            return nan

    def gradient(self, trace: Trace, node: int) -> float:
        """Return the gradient of a node in this pass; NaN where it leaves a domain."""
        graph, nodes = trace.graph, trace.graph.nodes
        downstream: list[tuple[float, ...]] = [()] * len(nodes)
        gradients = [0.0] * len(nodes)
        try:
            values = self._run_forward(trace, len(nodes) if self.forward else 0)
            for i in range(len(nodes) - 1, node - 1, -1):
                terms = [downstream[wire.target][wire.slot] for wire in graph.wires_from[i]]
                terms = [terms[self.winner]] if terms and self.winner is not None else terms
                gradient = reduce(add, terms, 1.0 if i == graph.output else 0.0)
                is_rounded = self.rounding and self.round_gradients
                gradients[i] = float(format(gradient, self.rounding)) if is_rounded else gradient
                if gate := self.gates.get(i, nodes[i].gate):
                    slopes = differentiate_by_hand(gate, values[i], self._read_operands(nodes[i], values, i))
                    downstream[i] = tuple([slope * gradients[i] for slope in slopes])
        except NO_NUMBER:
            return nan
        return gradients[node]

    def _run_forward(self, trace: Trace, stop: int) -> list[float]:
        nodes, values = trace.graph.nodes, list(trace.values)
        first = 0
        if self.given:
            node, values[node] = self.given
            first = node + 1
        for i in range(first, stop):
            if gate := self.gates.get(i, nodes[i].gate):
                compute = self.functions.get(i, gate.forward)
                value = compute(*self._read_operands(nodes[i], values, i))
                values[i] = float(format(value, self.rounding)) if self.rounding else value
        return values

    def _read_operands(self, node: Node, values: list[float], i: int) -> list[float]:
        operands = [values[operand] for operand in node.operands]
        return [operand * (pi / 180) for operand in operands] if i in self.in_degrees else operands


def differentiate_by_hand(gate: Gate, z: float, operands: Sequence[float]) -> tuple[float, ...]:
    """Return the local gradients as one computes them by hand: σ·(1 − σ) of the σ that was written down.

    The rows of the gate table compute them from the operand, so the operand that gives this output is found, by
    Newton's method.
    """
    if len(operands) > 1 or not uses_output(gate):
        return gate.slopes(z, *operands)
    (a,) = operands
    for _ in range(MOST_NEWTON_STEPS):
        error = gate.forward(a) - z
        if abs(error) <= NEWTON_ERROR * abs(z):
            break
        a -= error / gate.slopes(z, a)[0]
    return gate.slopes(z, a)


@cache
def uses_output(gate: Gate) -> bool:
    """Say whether the local gradient is written with the gate's output z."""
    return bool(OUTPUT_LETTER.search(gate.local[0]))
