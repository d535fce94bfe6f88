"""The derivation: the equations and sentences of each step, forward and backward, before any notation is chosen.

An equation is a chain: left side = in symbols = with the numbers put in = result. Its last sign is = only if the
numbers as printed give the result as printed, and ≈ otherwise; full precision is carried all along. Of a graph, which
has no numbers, the chain ends with the symbols. Here are the symbols; number_derivation.py puts the numbers in,
vector_derivation.py derives programs with vectors, and deriving.py chooses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bpviz.formula.numerals import Rounding, number
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate, fill_formula, fill_slope
from bpviz.graph import Graph, Wire, leaf, write_derivative

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
    result: Formula | None
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
    """Both passes at a point, which is given as names and printed values; in symbols there are no values.

    remarks stand before the first step: what of the derivation is left out.
    """

    output: str
    point: tuple[tuple[str, Formula | None], ...]
    remarks: tuple[Sentence, ...]
    forward: tuple[DerivationStep, ...]
    backward: tuple[DerivationStep, ...]
    warnings: tuple[str, ...]

    @property
    def has_numbers(self) -> bool:
        """Say whether the numbers are put in."""
        return all(value is not None for _, value in self.point)


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


def choose_scope(graph: Graph, only: str | None, for_: str | None) -> DerivationScope:
    """Choose what is derived: what concerns one node, or the steps on the paths from one."""
    nodes, wires = (None, None) if for_ is None else graph.find_on_paths(graph.find(for_))
    return DerivationScope(None if only is None else graph.find(only), nodes, wires)


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
class Deriver:
    """Makes the lines of a derivation in symbols."""

    graph: Graph
    rounding: Rounding
    scope: DerivationScope

    def compose(self, program: Graph, for_: str | None) -> Derivation:
        """Make the whole derivation of a program."""
        graph, scope = self.graph, self.scope
        remarks = () if for_ is None else self.remark_on_paths(graph.find(for_))
        return Derivation(
            output=graph.output_name,
            point=tuple((graph.nodes[i].name, self.write_number(i)) for i in graph.inputs),
            remarks=(*self.remark_on_missing(program), *remarks),
            forward=tuple(self.derive_forward(i) for i in graph.gate_ids if scope.has_node(i)),
            backward=self.derive_backward(),
            warnings=program.warnings,
        )

    def derive_forward(self, node: int) -> DerivationStep:
        """Derive the value of a gate."""
        return DerivationStep(self.graph.step_of[node], self.graph.nodes[node].name, None, (self.write_value(node),))

    def derive_backward(self) -> tuple[DerivationStep, ...]:
        """Derive the steps from the output to the inputs; a node's sum follows its last contribution."""
        graph = self.graph
        missing = [len(wires) for wires in graph.wires_from]
        steps = [self._begin_backward()] if self.scope.has_node(graph.output) else []
        for node in reversed(graph.gate_ids):
            wires = self.list_wires(node)
            products = [self.write_chain_rule(wire) for wire in wires if self.scope.has_wire(wire)]
            lines: list[Equation | Sentence] = [*products, *(self.remark_on(node, products) if products else ())]
            for wire in wires:
                missing[wire.source] -= 1
            for source in dict.fromkeys(wire.source for wire in wires):
                if not missing[source] and len(graph.wires_from[source]) > 1 and self.scope.has_node(source):
                    lines += [self.write_sum(source), self._explain_sum(source)]
            if lines:
                formula = self.write_formula(node)
                steps.append(DerivationStep(graph.step_of[node], graph.nodes[node].name, formula, tuple(lines)))
        return tuple(steps)

    def list_wires(self, node: int) -> tuple[Wire, ...]:
        """List the wires into a gate along which a gradient is derived."""
        return tuple(self.graph.wires_into(node))

    def remark_on_missing(self, program: Graph) -> tuple[Sentence, ...]:
        """Say why there are no numbers, where the program itself has some of its values."""
        missing = program.missing_inputs(()) if program.defaults else []
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
        others = [i for i in dict.fromkeys(operands) if i not in nodes and i in graph.step_of]
        name, f = Atom(graph.nodes[start].name), Atom(graph.output_name)
        words: list[str | Atom] = ["Only the steps on the paths from ", name, " to ", f, "."]
        if not others:
            return (Sentence(tuple(words)),)
        words.append(" ")
        for k, other in enumerate(others, start=1):
            value = self.write_number(other)
            words.append(Atom(graph.nodes[other].name))
            if isinstance(value, Atom):
                words += [" = ", value]
            words.append(_join_behind(k, len(others)))
        verb = " does" if len(others) == 1 else " do"
        return (Sentence((*words, verb, " not depend on ", name, ".")),)

    def write_number(self, node: int) -> Formula | None:
        """Write the value of a node, which has none in symbols."""
        return None

    def write_formula(self, node: int) -> Formula:
        """Write what a gate computes."""
        output = Atom(self.graph.nodes[node].name)
        return fill_formula(self.get_gate(node), self.get_leaves(node), output, mathematics=True)

    def write_value(self, node: int) -> Equation:
        """Write how the value of a gate is computed."""
        return Equation(Atom(self.graph.nodes[node].name), "", self.write_formula(node), None, True, None)

    def write_chain_rule(self, wire: Wire) -> Equation:
        """Write the chain rule along one wire: downstream gradient = local gradient × upstream gradient."""
        left, via = self.write_derivative(wire.source), self.name_wire(wire)
        return Equation(left, via, self.write_product(wire), None, True, None)

    def write_sum(self, node: int) -> Equation:
        """Write a node's gradient as the sum of what its wires bring."""
        terms = tuple(simplify(self.write_product(wire)) for wire in self.graph.wires_from[node])
        return Equation(self.write_derivative(node), "", Term("terms", terms), None, True, None)

    def write_product(self, wire: Wire) -> Formula:
        """Write local gradient × upstream gradient in symbols."""
        return Term("*", (self.write_slope(wire), self.write_derivative(wire.target)))

    def write_slope(self, wire: Wire) -> Formula:
        """Write the local gradient in symbols."""
        output = Atom(self.graph.nodes[wire.target].name)
        return fill_slope(self.get_gate(wire.target), wire.slot, self.get_leaves(wire.target), output)

    def remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        """Explain square brackets, and say what holds at a kink, if the gate has one."""
        remarks = [Sentence((BRACKETS,))] if has_conditions(products) else []
        if rule := self.get_gate(node).rule:
            remarks.append(Sentence((f"At a kink no derivative exists: {rule}.",)))
        return remarks

    def get_gate(self, node: int) -> Gate:
        """Return what a node is an occurrence of."""
        gate = self.graph.nodes[node].gate
        assert gate
        return gate

    def get_leaves(self, node: int) -> list[Atom]:
        """Return the operands of a gate as leaves of a formula."""
        return [leaf(self.graph.nodes[i], self.rounding) for i in self.graph.nodes[node].operands]

    def write_derivative(self, node: int) -> Formula:
        """Write the derivative of the output by a node."""
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

    def name_wire(self, wire: Wire) -> str:
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


def has_conditions(products: Sequence[Equation]) -> bool:
    """Say whether the local gradient of some product is a condition in square brackets."""
    slopes = [product.symbols.parts[0] for product in products if isinstance(product.symbols, Term)]
    return any(isinstance(slope, Term) and slope.head in CONDITIONS for slope in slopes)


def _join_behind(k: int, count: int) -> str:
    """Return what stands behind item k of a list: ", ", before the last " and ", behind that nothing."""
    return "" if k == count else " and " if k == count - 1 else ", "
