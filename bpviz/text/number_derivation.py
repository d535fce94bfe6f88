"""The derivation with the numbers put in: every line of it is arithmetic that holds as it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from bpviz.autodiff import Trace, is_at_pole, is_underflow
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate, fill_formula
from bpviz.graph import Graph, Wire, leaf
from bpviz.text.derivation import BRACKETS, Deriver, Equation, Sentence, has_conditions
from bpviz.text.printed_arithmetic import compute, evaluate_rounded, holds_as_printed, read_printed, rounds_to


@dataclass(frozen=True)
class NumberDeriver(Deriver):
    """Makes the lines of a derivation with the numbers put in."""

    trace: Trace

    def remark_on_missing(self, program: Graph) -> tuple[Sentence, ...]:
        """Say nothing: there are numbers."""
        return ()

    def write_number(self, node: int) -> Formula | None:
        """Write the value of a node."""
        return self._number(self.trace.values[node])

    def write_value(self, node: int) -> Equation:
        """Write how the value of a gate is computed of those of its operands."""
        graph, values = self.graph, self.trace.values
        gate, operands = self.get_gate(node), graph.nodes[node].operands
        numbers = [
            self._number(values[i]) if graph.nodes[i].constant is None else leaf(graph.nodes[i]) for i in operands
        ]
        result = self._number(values[node])
        with_numbers = fill_formula(gate, numbers, result, mathematics=True)
        is_exact = gives_as_printed(gate, numbers, result, self.rounding)
        is_exact &= bool(self._computed.values[node]) or not is_underflow(gate, 0.0, [values[i] for i in operands])
        equation = super().write_value(node)
        assert equation.symbols
        # f = 3 + 4 = 7 and negx = −x = −1 need no third side
        repeats = show(with_numbers, TEXT) in (show(equation.symbols, TEXT), result.text)
        return equation._replace(
            numbers=None if repeats else with_numbers,
            is_exact=is_exact,
            result=result,
            is_noise=values[node] != self._computed.values[node],
        )

    def write_chain_rule(self, wire: Wire) -> Equation:
        """Write the chain rule along a wire, in symbols and in numbers."""
        trace, (target, slot) = self.trace, (wire.target, wire.slot)
        numbers = Term("*", (self._number(trace.local[target][slot]), self._number(trace.gradients[target])))
        result = self._number(trace.downstream[target][slot])
        is_noise = trace.downstream[target][slot] != self._computed.downstream[target][slot]
        return self._put_in(super().write_chain_rule(wire), numbers, result, is_noise=is_noise)

    def write_sum(self, node: int) -> Equation:
        """Write a node's gradient as the sum of the numbers that its wires bring."""
        trace, wires = self.trace, self.graph.wires_from[node]
        numbers = Term("terms", tuple(self._number(trace.downstream[wire.target][wire.slot]) for wire in wires))
        is_noise = trace.gradients[node] != self._computed.gradients[node]
        equation = Equation(self.write_derivative(node), "", None, None, True, None)
        return self._put_in(equation, numbers, self._number(trace.gradients[node]), is_noise=is_noise)

    def write_slope(self, wire: Wire) -> Formula:
        """Write the local gradient in symbols, or at a kink the number that the rule takes."""
        if self.graph.is_at_kink(wire.target, self.trace.values):
            return self._number(self.trace.local[wire.target][wire.slot])
        return super().write_slope(wire)

    def remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        """Say which rule was taken at a kink, or explain square brackets; and tell of a local gradient of ∞."""
        remarks = []
        if self.graph.is_at_kink(node, self.trace.values):
            rule = self.get_gate(node).rule
            remarks.append(Sentence((f"This is a kink, where no derivative exists: {rule}.",)))
        elif has_conditions(products):
            remarks.append(Sentence((BRACKETS,)))
        if any(isinf(self.trace.local[node][wire.slot]) for wire in self.graph.wires_into(node)):
            is_pole = is_at_pole(self.graph, node, self.trace.values)
            remarks.append(Sentence((f"The local gradient {'is infinite' if is_pole else 'overflows'} here.",)))
        return remarks

    @property
    def _computed(self) -> Trace:
        return self.trace.unrounded or self.trace

    def _put_in(self, equation: Equation, numbers: Term, result: Atom, *, is_noise: bool) -> Equation:
        """Put numbers and their result into an equation."""
        is_exact = holds_as_printed(numbers, result, self.rounding)
        return equation._replace(numbers=numbers, is_exact=is_exact, result=result, is_noise=is_noise)

    def _number(self, value: float) -> Atom:
        return Atom(number(value, self.rounding), value)


def gives_as_printed(gate: Gate, operands: Sequence[Atom], result: Atom, rounding: Rounding) -> bool:
    """Say whether a gate's printed operands give its printed result."""
    computed = compute(fill_formula(gate, operands, result, mathematics=True))
    if computed is None:
        computed = evaluate_rounded(gate, [read_printed(each) for each in operands])
    return computed is not None and rounds_to(computed, result, rounding)
