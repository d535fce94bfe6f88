"""The derivation: the equations and sentences of each step, forward and backward, before any notation is chosen.

An equation is a chain: left side = in symbols = with the numbers put in = result. Its last sign is = only if the
numbers as printed give the result as printed, and ≈ otherwise; full precision is carried all along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import isfinite, isinf, prod
from typing import NamedTuple

from bpviz.autodiff import Trace, is_at_pole, is_underflow
from bpviz.formula.numerals import ABOUT, ORDINARY, Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate, fill_formula, fill_slope
from bpviz.graph import Wire, leaf, write_derivative
from bpviz.noise import clear_noise

BRACKETS = "Square brackets are 1 where what they hold is true, and 0 where it is not."
CONDITIONS = ("<", ">", "==", "above", "below")  # of local gradients such as [x > 0]
TIMES = {1: "", 2: " twice", 3: " three times"}


class Equation(NamedTuple):
    """left = symbols = numbers = result, or ≈ result if it is not exact.

    via names the wire that a gradient comes along, where there are several. symbols are None in a sum of
    contributions, numbers are None where they would only repeat the symbols or the result. is_noise says that the
    result is 0 only to rounding.
    """

    left: Formula
    via: str
    symbols: Formula | None
    numbers: Formula | None
    is_exact: bool
    result: Atom
    is_noise: bool = False


class Sentence(NamedTuple):
    """A remark on a step. The names in it are atoms, so that each notation writes them as it writes names."""

    parts: tuple[str | Atom, ...]


class DerivationStep(NamedTuple):
    """One gate, forward or backward: its number and name, what it computes, its equations and remarks.

    number is 0 for the output's own gradient, which stands before the first step of the backward pass.
    """

    number: int
    name: str
    formula: Formula | None
    lines: tuple[Equation | Sentence, ...]


class Derivation(NamedTuple):
    """Both passes at a point, which is given as names and printed values."""

    output: str
    point: tuple[tuple[str, str], ...]
    forward: tuple[DerivationStep, ...]
    backward: tuple[DerivationStep, ...]
    warnings: tuple[str, ...]


def derive(trace: Trace, rounding: Rounding, only: str | None = None) -> Derivation:
    """Derive a trace, forward and backward; with only, what concerns that input or gate.

    Raises UsageError if nothing has that name.
    """
    trace, graph = clear_noise(trace), trace.graph
    deriver = _Deriver(trace, rounding, None if only is None else graph.find(only))
    point = tuple((graph.nodes[i].name, number(trace.values[i], rounding)) for i in graph.inputs)
    forward_steps = tuple(deriver.derive_forward(i) for i in graph.gate_ids if deriver.is_wanted(i))
    return Derivation(graph.output_name, point, forward_steps, deriver.derive_backward(), graph.warnings)


def drop_repetitions(derivation: Derivation) -> Derivation:
    """Remove the sentences that an earlier step has already said: a derivation is read from top to bottom."""
    known: set[Sentence] = set()
    backward = []
    for step in derivation.backward:
        lines = tuple(line for line in step.lines if isinstance(line, Equation) or line not in known)
        known.update(line for line in lines if isinstance(line, Sentence))
        backward.append(step._replace(lines=lines))
    return derivation._replace(backward=tuple(backward))


@dataclass(frozen=True)
class _Deriver:
    """Makes the lines of a derivation; only is the node that they must concern, or None for all."""

    trace: Trace
    rounding: Rounding
    only: int | None

    def is_wanted(self, *nodes: int) -> bool:
        return self.only is None or self.only in nodes

    @property
    def _computed(self) -> Trace:
        return self.trace.unrounded or self.trace

    def derive_forward(self, node: int) -> DerivationStep:
        graph, values = self.trace.graph, self.trace.values
        gate, operands = self._gate(node), [graph.nodes[i] for i in graph.nodes[node].operands]
        numbers = [
            self._number(values[i]) if operand.constant is None else leaf(operand)
            for i, operand in zip(graph.nodes[node].operands, operands, strict=True)
        ]
        output, result = Atom(graph.nodes[node].name), self._number(values[node])
        with_numbers = fill_formula(gate, numbers, result, mathematics=True)
        computed = _compute(with_numbers)
        if computed is None:
            computed = _evaluate_rounded(gate, [_read_printed(each) for each in numbers])
        is_exact = computed is not None and _rounds_to(computed, result, self.rounding)
        is_exact &= bool(self._computed.values[node]) or not is_underflow(
            gate, 0.0, [values[i] for i in graph.nodes[node].operands]
        )
        in_symbols = fill_formula(gate, [leaf(each, self.rounding) for each in operands], output, mathematics=True)
        # f = 3 + 4 = 7 and negx = −x = −1 need no third side
        repeats = show(with_numbers, TEXT) in (show(in_symbols, TEXT), result.text)
        numbers_given = None if repeats else with_numbers
        is_noise = values[node] != self._computed.values[node]
        equation = Equation(output, "", in_symbols, numbers_given, is_exact, result, is_noise)
        return DerivationStep(graph.step_of[node], graph.nodes[node].name, None, (equation,))

    def derive_backward(self) -> tuple[DerivationStep, ...]:
        """Derive the steps from the output to the inputs; a node's sum follows its last contribution."""
        graph = self.trace.graph
        missing = [len(wires) for wires in graph.wires_from]
        steps = [self._begin_backward()] if self.is_wanted(graph.output) else []
        for node in reversed(graph.gate_ids):
            wires = tuple(graph.wires_into(node))
            products = [self._write_chain_rule(wire) for wire in wires if self.is_wanted(node, wire.source)]
            lines: list[Equation | Sentence] = [*products, *(self._remark_on(node, products) if products else ())]
            for wire in wires:
                missing[wire.source] -= 1
            for source in dict.fromkeys(wire.source for wire in wires):
                if not missing[source] and len(graph.wires_from[source]) > 1 and self.is_wanted(source):
                    lines += self._add_contributions(source)
            if lines:
                leaves = [leaf(graph.nodes[i], self.rounding) for i in graph.nodes[node].operands]
                formula = fill_formula(self._gate(node), leaves, Atom(""), mathematics=True)
                steps.append(DerivationStep(graph.step_of[node], graph.nodes[node].name, formula, tuple(lines)))
        return tuple(steps)

    def _begin_backward(self) -> DerivationStep:
        f = Atom(self.trace.graph.output_name)
        why = (
            "The output's own gradient is 1: ",
            f,
            " changes by as much as ",
            f,
            " does. Every other starts from it.",
        )
        one = Equation(self._derivative(self.trace.graph.output), "", None, None, True, self._number(1.0))
        return DerivationStep(0, f.text, None, (one, Sentence(why)))

    def _write_chain_rule(self, wire: Wire) -> Equation:
        """Write the chain rule along one wire: downstream gradient = local gradient × upstream gradient."""
        trace = self.trace
        local, upstream = self._number(trace.local[wire.target][wire.slot]), self._number(trace.gradients[wire.target])
        result = self._number(trace.downstream[wire.target][wire.slot])
        symbols = Term("*", (self._write_slope(wire), self._derivative(wire.target)))
        numbers = Term("*", (local, upstream))
        is_exact = holds_as_printed(numbers, result, self.rounding)
        is_noise = trace.downstream[wire.target][wire.slot] != self._computed.downstream[wire.target][wire.slot]
        return Equation(
            self._derivative(wire.source), self._name_wire(wire), symbols, numbers, is_exact, result, is_noise
        )

    def _write_slope(self, wire: Wire) -> Formula:
        """Write the local gradient in symbols, or at a kink the number that the rule takes."""
        graph = self.trace.graph
        if graph.is_at_kink(wire.target, self.trace.values):
            return self._number(self.trace.local[wire.target][wire.slot])
        leaves = [leaf(graph.nodes[i], self.rounding) for i in graph.nodes[wire.target].operands]
        return fill_slope(self._gate(wire.target), wire.slot, leaves, Atom(graph.nodes[wire.target].name))

    def _name_wire(self, wire: Wire) -> str:
        """Say by which gate a wire leaves its source, if several wires leave it."""
        graph = self.trace.graph
        if len(graph.wires_from[wire.source]) < 2:
            return ""
        name = graph.nodes[wire.target].name
        same = [each for each in graph.wires_into(wire.target) if each.source == wire.source]
        return name if len(same) == 1 else f"{name}, operand {wire.slot + 1}"

    def _remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        remarks = []
        slopes = [product.symbols.parts[0] for product in products if isinstance(product.symbols, Term)]
        if self.trace.graph.is_at_kink(node, self.trace.values):
            rule = self._gate(node).rule
            remarks.append(Sentence((f"This is a kink, where no derivative exists: {rule}.",)))
        elif any(isinstance(slope, Term) and slope.head in CONDITIONS for slope in slopes):
            remarks.append(Sentence((BRACKETS,)))
        if any(isinf(self.trace.local[node][wire.slot]) for wire in self.trace.graph.wires_into(node)):
            is_pole = is_at_pole(self.trace.graph, node, self.trace.values)
            remarks.append(Sentence((f"The local gradient {'is infinite' if is_pole else 'overflows'} here.",)))
        return remarks

    def _add_contributions(self, node: int) -> list[Equation | Sentence]:
        """Write a node's gradient as the sum of what its wires bring, and why they add up."""
        graph, trace = self.trace.graph, self.trace
        wires, total = graph.wires_from[node], self._number(trace.gradients[node])
        numbers = Term("terms", tuple(self._number(trace.downstream[wire.target][wire.slot]) for wire in wires))
        is_exact = holds_as_printed(numbers, total, self.rounding)
        is_noise = trace.gradients[node] != self._computed.gradients[node]
        name, f = Atom(graph.nodes[node].name), Atom(graph.output_name)
        counts = Counter(wire.target for wire in wires)
        users: list[str | Atom] = []
        for k, (user, count) in enumerate(counts.items(), start=1):
            joint = "" if k == len(counts) else " and " if k == len(counts) - 1 else ", "
            users += [Atom(graph.nodes[user].name), TIMES.get(count, f" {count} times") + joint]
        why = (": a change of ", name, " reaches ", f, " along each of these wires, so what they bring adds up.")
        return [
            Equation(self._derivative(node), "", None, numbers, is_exact, total, is_noise),
            Sentence((name, " feeds ", *users, *why)),
        ]

    def _gate(self, node: int) -> Gate:
        gate = self.trace.graph.nodes[node].gate
        assert gate
        return gate

    def _derivative(self, node: int) -> Formula:
        return write_derivative(self.trace.graph, node)

    def _number(self, value: float) -> Atom:
        return Atom(number(value, self.rounding), value)


# arithmetic with printed numbers


def read_numeral(numeral: str) -> Decimal:
    """Return the number that a numeral shows, exactly.

    >>> read_numeral("−0.262"), read_numeral("3.0×10⁻⁶")
    (Decimal('-0.262'), Decimal('0.0000030'))
    """
    mantissa, _, exponent = numeral.replace("−", "-").partition("×10")
    return Decimal(mantissa) * (Decimal(10) ** int(exponent.translate(ORDINARY) or 0))


def _read_printed(atom: Atom) -> Decimal:
    """Return the number that an atom shows; one that is no decimal numeral (−π, ½, 10⁻⁹) shows just its value."""
    try:
        return read_numeral(atom.text.removeprefix(ABOUT))
    except InvalidOperation:
        return Decimal(atom.value or 0.0)


def holds_as_printed(formula: Formula, result: Atom, rounding: Rounding) -> bool:
    """Say whether the printed numbers of a formula give the printed result: whether = stands between them, or ≈.

    True where one of them is infinite, and where the formula is no arithmetic.
    """
    computed = _compute(formula)
    return computed is None or _rounds_to(computed, result, rounding)


def _compute(formula: Formula) -> Decimal | None:
    """Compute a formula with its printed numbers; None if it is no arithmetic, or one of them is infinite."""
    if isinstance(formula, Atom):
        return None if "∞" in formula.text else _read_printed(formula)
    parts = [part for part in map(_compute, formula.parts) if part is not None]
    if len(parts) < len(formula.parts):
        return None
    match formula.head:
        case "+" | "terms":
            return sum(parts, Decimal(0))
        case "-":
            return parts[0] - parts[1]
        case "*":
            return prod(parts, start=Decimal(1))
        case "/" if parts[1]:
            return parts[0] / parts[1]
    return None


def _rounds_to(computed: Decimal, result: Atom, rounding: Rounding) -> bool:
    """Say whether a number, rounded as the result is, is the printed result; one that underflows is not 0.

    778.0 × 778.0 is 605284, which is short enough to be whole; a result of numbers about 778 has its digits rounded.
    """
    if "∞" in result.text:
        return True
    shown, value = read_numeral(result.text), float(computed)
    if computed and not value:
        return False
    if rounding.decimals is None and Decimal(f"{value:.{rounding.digits - 1}e}") == shown:
        return True
    return read_numeral(number(value, rounding)) == shown


def _evaluate_rounded(gate: Gate, operands: Sequence[Decimal]) -> Decimal | None:
    """Compute a gate's value at printed numbers in floating point; None outside its domain."""
    try:
        value = gate.forward(*map(float, operands))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return Decimal(value) if isfinite(value) else None
