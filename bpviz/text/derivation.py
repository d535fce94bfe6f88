"""The derivation: the equations and sentences of each step, forward and backward, before any notation is chosen.

An equation is a chain: left side = in symbols = with the numbers put in = result. Its last sign is = only if the
numbers as printed give the result as printed, and ≈ otherwise; full precision is carried all along. Of a graph, which
has no numbers, the chain ends with the symbols.
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
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate, fill_formula, fill_slope
from bpviz.graph import Graph, Wire, leaf, write_derivative
from bpviz.noise import clear_noise

BRACKETS = "Square brackets are 1 where what they hold is true, and 0 where it is not."
CONDITIONS = ("<", ">", "==", "above", "below")  # of local gradients such as [x > 0]
TO_ROUNDING = "to rounding"  # stands after a 0 that float64 has computed as something else
TIMES = {1: "", 2: " twice", 3: " three times"}


class Equation(NamedTuple):
    """left = symbols = numbers = result, or ≈ result if it is not exact.

    via names the wire that a gradient comes along, where there are several. symbols are None in a sum of
    contributions that are numbers, numbers are None where they would only repeat the symbols or the result. In a
    derivation in symbols there are neither numbers nor a result. is_noise says that the result is 0 only to rounding.
    """

    left: Formula
    via: str
    symbols: Formula | None
    numbers: Formula | None
    is_exact: bool
    result: Atom | None
    is_noise: bool = False


class Sentence(NamedTuple):
    """A remark on a step. The names in it are atoms, so that each notation writes them as it writes names."""

    parts: tuple[str | Atom, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text if isinstance(part, Atom) else part for part in self.parts)


class DerivationStep(NamedTuple):
    """One gate, forward or backward: its number and name, what it computes, its equations and remarks.

    number is 0 for the output's own gradient, which stands before the first step of the backward pass.
    """

    number: int
    name: str
    formula: Formula | None
    lines: tuple[Equation | Sentence, ...]

    @property
    def runs(self) -> list[Sentence | list[Equation]]:
        """Its sentences, and between them the equations that follow one another, which are set as one display."""
        runs: list[Sentence | list[Equation]] = []
        for line in self.lines:
            if isinstance(line, Sentence):
                runs.append(line)
            elif runs and isinstance(runs[-1], list):
                runs[-1].append(line)
            else:
                runs.append([line])
        return runs


class Derivation(NamedTuple):
    """Both passes at a point, which is given as names and printed values; in symbols the values are empty.

    remarks stand before the first step: what of the derivation is left out.
    """

    output: str
    point: tuple[tuple[str, str], ...]
    remarks: tuple[Sentence, ...]
    forward: tuple[DerivationStep, ...]
    backward: tuple[DerivationStep, ...]
    warnings: tuple[str, ...]

    @property
    def has_numbers(self) -> bool:
        """Say whether the numbers are put in."""
        return all(value for _, value in self.point)


class DerivationScope(NamedTuple):
    """What is derived: only what concerns one node, or the nodes and wires on some paths; None stands for all."""

    only: int | None = None
    nodes: frozenset[int] | None = None
    wires: frozenset[Wire] | None = None

    def has_node(self, node: int) -> bool:
        """Say whether a node's value and the sum of its contributions are derived."""
        return self.only in (None, node) and (self.nodes is None or node in self.nodes)

    def has_wire(self, wire: Wire) -> bool:
        """Say whether the chain rule along a wire is written."""
        is_near = self.only in (None, wire.source, wire.target)
        return is_near and (self.wires is None or wire in self.wires)


def derive(what: Graph | Trace, rounding: Rounding, only: str | None = None, for_: str | None = None) -> Derivation:
    """Derive a trace with its numbers or a graph in symbols, forward and backward.

    only is the name of an input or gate: what concerns it. for_ is another: the steps on the paths from it to the
    output. Raises UsageError if nothing has that name.
    """
    graph = what if isinstance(what, Graph) else what.graph
    start = None if for_ is None else graph.find(for_)
    nodes, wires = (None, None) if start is None else graph.find_on_paths(start)
    scope = DerivationScope(None if only is None else graph.find(only), nodes, wires)
    deriver = _Deriver(graph, rounding, scope)
    if isinstance(what, Trace):
        deriver = _NumberDeriver(graph, rounding, scope, clear_noise(what))
    return Derivation(
        output=graph.output_name,
        point=tuple((graph.nodes[i].name, deriver.write_number(i)) for i in graph.inputs),
        remarks=(*deriver.remark_on_missing(), *(() if start is None else deriver.remark_on_paths(start))),
        forward=tuple(deriver.derive_forward(i) for i in graph.gate_ids if scope.has_node(i)),
        backward=deriver.derive_backward(),
        warnings=graph.warnings,
    )


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
    """Makes the lines of a derivation in symbols."""

    graph: Graph
    rounding: Rounding
    scope: DerivationScope

    def derive_forward(self, node: int) -> DerivationStep:
        return DerivationStep(self.graph.step_of[node], self.graph.nodes[node].name, None, (self.write_value(node),))

    def derive_backward(self) -> tuple[DerivationStep, ...]:
        """Derive the steps from the output to the inputs; a node's sum follows its last contribution."""
        graph = self.graph
        missing = [len(wires) for wires in graph.wires_from]
        steps = [self._begin_backward()] if self.scope.has_node(graph.output) else []
        for node in reversed(graph.gate_ids):
            wires = tuple(graph.wires_into(node))
            products = [self.write_chain_rule(wire) for wire in wires if self.scope.has_wire(wire)]
            lines: list[Equation | Sentence] = [*products, *(self.remark_on(node, products) if products else ())]
            for wire in wires:
                missing[wire.source] -= 1
            for source in dict.fromkeys(wire.source for wire in wires):
                if not missing[source] and len(graph.wires_from[source]) > 1 and self.scope.has_node(source):
                    lines += [self.write_sum(source), self._explain_sum(source)]
            if lines:
                formula = fill_formula(self.get_gate(node), self.get_leaves(node), Atom(""), mathematics=True)
                steps.append(DerivationStep(graph.step_of[node], graph.nodes[node].name, formula, tuple(lines)))
        return tuple(steps)

    def remark_on_missing(self) -> tuple[Sentence, ...]:
        """Say why there are no numbers, where the program itself has some of its values."""
        missing = self.graph.missing_inputs(()) if self.graph.defaults else []
        if not missing:
            return ()
        names: list[str | Atom] = []
        for k, name in enumerate(missing, start=1):
            names += [Atom(name), _join_behind(k, len(missing))]
        return (Sentence(("In symbols, since ", *names, " have no values." if missing[1:] else " has no value.")),)

    def remark_on_paths(self, start: int) -> tuple[Sentence, ...]:
        """Say that only the paths from a node are derived, and which other values the steps on them take."""
        nodes, graph = self.scope.nodes or frozenset(), self.graph
        operands = (i for node in graph.gate_ids if node in nodes - {start} for i in graph.nodes[node].operands)
        others = [i for i in dict.fromkeys(operands) if i not in nodes and graph.nodes[i].gate]
        name, f = Atom(graph.nodes[start].name), Atom(graph.output_name)
        words: list[str | Atom] = ["Only the steps on the paths from ", name, " to ", f, "."]
        if not others:
            return (Sentence(tuple(words)),)
        words.append(" ")
        for k, other in enumerate(others, start=1):
            numeral = self.write_number(other)
            words.append(Atom(graph.nodes[other].name))
            if numeral:
                words += [" = ", Atom(numeral, 0.0)]
            words.append(_join_behind(k, len(others)))
        verb = " does" if len(others) == 1 else " do"
        return (Sentence((*words, verb, " not depend on ", name, ".")),)

    def write_number(self, node: int) -> str:
        """Write the value of a node, which has none in symbols."""
        return ""

    def write_value(self, node: int) -> Equation:
        """Write how the value of a gate is computed."""
        output = Atom(self.graph.nodes[node].name)
        in_symbols = fill_formula(self.get_gate(node), self.get_leaves(node), output, mathematics=True)
        return Equation(output, "", in_symbols, None, True, None)

    def write_chain_rule(self, wire: Wire) -> Equation:
        """Write the chain rule along one wire: downstream gradient = local gradient × upstream gradient."""
        symbols = Term("*", (self.write_slope(wire), self.write_derivative(wire.target)))
        return Equation(self.write_derivative(wire.source), self._name_wire(wire), symbols, None, True, None)

    def write_sum(self, node: int) -> Equation:
        """Write a node's gradient as the sum of what its wires bring."""
        wires = self.graph.wires_from[node]
        products = [Term("*", (self.write_slope(wire), self.write_derivative(wire.target))) for wire in wires]
        return Equation(
            self.write_derivative(node), "", Term("terms", tuple(map(simplify, products))), None, True, None
        )

    def write_slope(self, wire: Wire) -> Formula:
        """Write the local gradient in symbols."""
        output = Atom(self.graph.nodes[wire.target].name)
        return fill_slope(self.get_gate(wire.target), wire.slot, self.get_leaves(wire.target), output)

    def remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        """Explain square brackets, and say what holds at a kink, if the gate has one."""
        remarks = [Sentence((BRACKETS,))] if _has_conditions(products) else []
        if rule := self.get_gate(node).rule:
            remarks.append(Sentence((f"At a kink no derivative exists: {rule}.",)))
        return remarks

    def get_gate(self, node: int) -> Gate:
        gate = self.graph.nodes[node].gate
        assert gate
        return gate

    def get_leaves(self, node: int) -> list[Atom]:
        return [leaf(self.graph.nodes[i], self.rounding) for i in self.graph.nodes[node].operands]

    def write_derivative(self, node: int) -> Formula:
        return write_derivative(self.graph, node)

    def _begin_backward(self) -> DerivationStep:
        f = Atom(self.graph.output_name)
        why = (
            "The output's own gradient is 1: ",
            f,
            " changes by as much as ",
            f,
            " does. Every other starts from it.",
        )
        result = Atom(number(1.0, self.rounding), 1.0)
        one = Equation(self.write_derivative(self.graph.output), "", None, None, True, result)
        return DerivationStep(0, f.text, None, (one, Sentence(why)))

    def _name_wire(self, wire: Wire) -> str:
        """Say by which gate a wire leaves its source, if several wires leave it."""
        graph = self.graph
        if len(graph.wires_from[wire.source]) < 2:
            return ""
        name = graph.nodes[wire.target].name
        same = [each for each in graph.wires_into(wire.target) if each.source == wire.source]
        return name if len(same) == 1 else f"{name}, operand {wire.slot + 1}"

    def _explain_sum(self, node: int) -> Sentence:
        """Say why the contributions of a node's wires add up."""
        name, f = Atom(self.graph.nodes[node].name), Atom(self.graph.output_name)
        counts = Counter(wire.target for wire in self.graph.wires_from[node])
        users: list[str | Atom] = []
        for k, (user, count) in enumerate(counts.items(), start=1):
            users += [
                Atom(self.graph.nodes[user].name),
                TIMES.get(count, f" {count} times") + _join_behind(k, len(counts)),
            ]
        why = (": a change of ", name, " reaches ", f, " along each of these wires, so what they bring adds up.")
        return Sentence((name, " feeds ", *users, *why))


@dataclass(frozen=True)
class _NumberDeriver(_Deriver):
    """Makes the lines of a derivation with the numbers put in."""

    trace: Trace

    def remark_on_missing(self) -> tuple[Sentence, ...]:
        return ()

    def write_number(self, node: int) -> str:
        return number(self.trace.values[node], self.rounding)

    def write_value(self, node: int) -> Equation:
        graph, values = self.graph, self.trace.values
        gate, operands = self.get_gate(node), graph.nodes[node].operands
        numbers = [
            self._number(values[i]) if graph.nodes[i].constant is None else leaf(graph.nodes[i]) for i in operands
        ]
        result = self._number(values[node])
        with_numbers = fill_formula(gate, numbers, result, mathematics=True)
        computed = _compute(with_numbers)
        if computed is None:
            computed = _evaluate_rounded(gate, [_read_printed(each) for each in numbers])
        is_exact = computed is not None and _rounds_to(computed, result, self.rounding)
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
        trace, (target, slot) = self.trace, (wire.target, wire.slot)
        numbers = Term("*", (self._number(trace.local[target][slot]), self._number(trace.gradients[target])))
        result = self._number(trace.downstream[target][slot])
        is_noise = trace.downstream[target][slot] != self._computed.downstream[target][slot]
        return self._put_in(super().write_chain_rule(wire), numbers, result, is_noise=is_noise)

    def write_sum(self, node: int) -> Equation:
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
        elif _has_conditions(products):
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


def _has_conditions(products: Sequence[Equation]) -> bool:
    """Say whether the local gradient of some product is a condition in square brackets."""
    slopes = [product.symbols.parts[0] for product in products if isinstance(product.symbols, Term)]
    return any(isinstance(slope, Term) and slope.head in CONDITIONS for slope in slopes)


def _join_behind(k: int, count: int) -> str:
    """Return what stands behind item k of a list: ", ", before the last " and ", behind that nothing."""
    return "" if k == count else " and " if k == count - 1 else ", "


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
