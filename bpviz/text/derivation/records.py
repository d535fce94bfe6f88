"""The derivation as records: what is said at each step, forward and backward, before any notation is chosen.

An equation is a chain: left side = in symbols = with the numbers put in = result. Its last sign is = only if the
numbers as printed give the result as printed; full precision is carried all along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite, isinf, prod
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.formula.numerals import ORDINARY, Rounding, number
from bpviz.formula.printing import TEXT, leaf, show
from bpviz.formula.tree import Atom, Formula, Term, forward, slope
from bpviz.gates import Gate
from bpviz.graph import Wire

BRACKETS = "Square brackets are 1 where what they hold is true, and 0 where it is not."
CONDITIONS = ("<", ">", "==", "above", "below")
TIMES = {1: "", 2: " twice", 3: " three times"}


class Equation(NamedTuple):
    """left, along one wire if via is given, = symbols = numbers (= or ≈) result.

    symbols are missing in a sum of contributions, numbers where they would only say the symbols or the result again.
    """

    left: Formula
    via: str
    symbols: Formula | None
    numbers: Formula | None
    is_exact: bool
    result: Atom


class Sentence(NamedTuple):
    """What is said about a step, its names as atoms, so that each notation sets them as it sets names."""

    parts: tuple[str | Atom, ...]


class Step(NamedTuple):
    """One gate, forward or backward: what it computes, the equations it gives, and what to say about them.

    number is 0 for what stands before the first step of the backward pass.
    """

    number: int
    name: str
    formula: Formula | None
    lines: tuple[Equation | Sentence, ...]


class Derivation(NamedTuple):
    """The two passes at a point."""

    output: str
    point: tuple[tuple[str, str], ...]
    forward: tuple[Step, ...]
    backward: tuple[Step, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Deriver:
    """What is needed to write any line of a derivation; only is the node that it is asked for, or None for all."""

    trace: Trace
    rounding: Rounding
    only: int | None

    def number(self, value: float) -> Atom:
        """Return a number as it will be printed."""
        return Atom(number(value, self.rounding), value)

    def partial(self, node: int) -> Formula:
        """Return the derivative of the output by a node."""
        graph = self.trace.graph
        below = graph.output_name if node == graph.output else graph.nodes[node].name
        return Term("partial", (Atom(graph.output_name), Atom(below)))

    def is_wanted(self, *nodes: int) -> bool:
        """Say whether a line about these nodes is asked for."""
        return self.only is None or self.only in nodes


def derive(trace: Trace, rounding: Rounding, only: str | None = None) -> Derivation:
    """Return the derivation of a trace; with only, what concerns that input or gate. UsageError if there is none."""
    graph = trace.graph
    say = Deriver(trace, rounding, None if only is None else graph.find(only))
    point = tuple((graph.nodes[i].name, number(trace.values[i], rounding)) for i in graph.inputs)
    forward_steps = tuple(_forward(say, i) for i in graph.gate_ids if say.is_wanted(i))
    return Derivation(graph.output_name, point, forward_steps, _backward_steps(say), graph.warnings)


def read_through(derivation: Derivation) -> Derivation:
    """Return a derivation that is read from top to bottom: what a sentence has explained is not explained again."""
    told: set[Sentence] = set()
    backward = []
    for step in derivation.backward:
        lines = tuple(line for line in step.lines if isinstance(line, Equation) or line not in told)
        told.update(line for line in lines if isinstance(line, Sentence))
        backward.append(step._replace(lines=lines))
    return derivation._replace(backward=tuple(backward))


def _forward(say: Deriver, node: int) -> Step:
    graph, values = say.trace.graph, say.trace.values
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    assert gate
    symbols = [leaf(graph.nodes[i], say.rounding) for i in operands]
    numbers = [leaf(graph.nodes[i]) if graph.nodes[i].constant is not None else say.number(values[i]) for i in operands]
    output, result = Atom(graph.nodes[node].name), say.number(values[node])
    filled = forward(gate, numbers, result, mathematics=True)
    computed = exact(filled)
    if computed is None:
        computed = _value(gate, [printed(each.text) for each in numbers])
    is_exact = computed is not None and agrees(computed, result, say.rounding)
    formula = forward(gate, symbols, output, mathematics=True)
    says_it_again = show(filled, TEXT) in (show(formula, TEXT), result.text)  # f = 3 + 4 = 7, or negx = −x = −1
    equation = Equation(output, "", formula, None if says_it_again else filled, is_exact, result)
    return Step(graph.step_of[node], graph.nodes[node].name, None, (equation,))


def _backward_steps(say: Deriver) -> tuple[Step, ...]:
    graph = say.trace.graph
    missing = [len(wires) for wires in graph.wires_from]
    steps = [_seed(say)] if say.is_wanted(graph.output) else []
    for node in reversed(graph.gate_ids):
        wires = tuple(graph.wires_into(node))
        chains = [_downstream(say, wire) for wire in wires if say.is_wanted(node, wire.source)]
        lines: list[Equation | Sentence] = [*chains, *(_remarks(say, node, chains) if chains else ())]
        for wire in wires:
            missing[wire.source] -= 1
        for source in dict.fromkeys(wire.source for wire in wires):
            if not missing[source] and len(graph.wires_from[source]) > 1 and say.is_wanted(source):
                lines += _branch_sum(say, source)
        if lines:
            steps.append(Step(graph.step_of[node], graph.nodes[node].name, _forward_formula(say, node), tuple(lines)))
    return tuple(steps)


def _seed(say: Deriver) -> Step:
    f = Atom(say.trace.graph.output_name)
    why = ("The output's own gradient is 1: ", f, " changes by as much as ", f, " does. Every other starts from it.")
    equation = Equation(say.partial(say.trace.graph.output), "", None, None, True, say.number(1.0))
    return Step(0, f.text, None, (equation, Sentence(why)))


def _downstream(say: Deriver, wire: Wire) -> Equation:
    """Return the chain rule along one wire: downstream = local × upstream."""
    trace = say.trace
    upstream = say.number(trace.gradients[wire.target])
    local = say.number(trace.local[wire.target][wire.slot])
    result = say.number(trace.downstream[wire.target][wire.slot])
    numbers = Term("*", (local, upstream))
    return Equation(
        say.partial(wire.source),
        _via(say, wire),
        Term("*", (_local(say, wire), say.partial(wire.target))),
        numbers,
        agrees(exact(numbers), result, say.rounding),
        result,
    )


def _local(say: Deriver, wire: Wire) -> Formula:
    """Return the local gradient in symbols, or at a kink the number that the rule takes."""
    graph, values, slopes = say.trace.graph, say.trace.values, say.trace.local
    gate, operands = graph.nodes[wire.target].gate, graph.nodes[wire.target].operands
    assert gate
    if gate.kink and gate.kink(values[wire.target], *(values[i] for i in operands)):
        return say.number(slopes[wire.target][wire.slot])
    leaves = [leaf(graph.nodes[i], say.rounding) for i in operands]
    return slope(gate, wire.slot, leaves, Atom(graph.nodes[wire.target].name))


def _via(say: Deriver, wire: Wire) -> str:
    """Return by which wire a contribution comes, where a node has several."""
    graph = say.trace.graph
    if len(graph.wires_from[wire.source]) < 2:
        return ""
    name = graph.nodes[wire.target].name
    same = [each for each in graph.wires_into(wire.target) if each.source == wire.source]
    return name if len(same) == 1 else f"{name}, operand {wire.slot + 1}"


def _remarks(say: Deriver, node: int, lines: Sequence[Equation]) -> list[Sentence]:
    trace, graph = say.trace, say.trace.graph
    gate, values = graph.nodes[node].gate, [trace.values[i] for i in graph.nodes[node].operands]
    assert gate
    remarks = []
    if gate.kink and gate.kink(trace.values[node], *values):
        remarks.append(Sentence((f"This is a kink, where no derivative exists: {gate.rule}.",)))
    elif any(_is_bracket(line.symbols) for line in lines):
        remarks.append(Sentence((BRACKETS,)))
    if any(isinf(trace.local[node][wire.slot]) for wire in graph.wires_into(node)):
        remarks.append(Sentence(("The local gradient is infinite here.",)))
    return remarks


def _is_bracket(product: Formula | None) -> bool:
    """Say whether the local gradient of a product is a condition."""
    return isinstance(product, Term) and isinstance(product.parts[0], Term) and product.parts[0].head in CONDITIONS


def _branch_sum(say: Deriver, node: int) -> list[Equation | Sentence]:
    graph, trace = say.trace.graph, say.trace
    wires = graph.wires_from[node]
    terms = [say.number(trace.downstream[wire.target][wire.slot]) for wire in wires]
    total = say.number(trace.gradients[node])
    numbers = Term("terms", tuple(terms))
    equation = Equation(say.partial(node), "", None, numbers, agrees(exact(numbers), total, say.rounding), total)
    return [equation, _why_it_adds(say, node)]


def _why_it_adds(say: Deriver, node: int) -> Sentence:
    graph = say.trace.graph
    name, f = Atom(graph.nodes[node].name), Atom(graph.output_name)
    targets = [wire.target for wire in graph.wires_from[node]]
    counts: dict[int, int] = {}
    for target in targets:
        counts[target] = counts.get(target, 0) + 1
    users: list[str | Atom] = []
    for k, (user, count) in enumerate(counts.items(), start=1):
        joint = "" if k == len(counts) else " and " if k == len(counts) - 1 else ", "
        users += [Atom(graph.nodes[user].name), TIMES.get(count, f" {count} times") + joint]
    paths = (": a change of ", name, " reaches ", f, " along each of these wires, so what they bring adds up.")
    return Sentence((name, " feeds ", *users, *paths))


def _forward_formula(say: Deriver, node: int) -> Formula:
    graph = say.trace.graph
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    assert gate
    return forward(gate, [leaf(graph.nodes[i], say.rounding) for i in operands], Atom(""), mathematics=True)


def printed(numeral: str) -> Decimal:
    """Return the number that a numeral shows, exactly.

    >>> printed("−0.262"), printed("3.0×10⁻⁶")
    (Decimal('-0.262'), Decimal('0.0000030'))
    """
    mantissa, _, exponent = numeral.replace("−", "-").replace("π", "3.141592653589793").partition("×10")
    return Decimal(mantissa) * (Decimal(10) ** int(exponent.translate(ORDINARY) or 0))


def agrees(computed: Decimal | None, result: Atom, rounding: Rounding) -> bool:
    """Say whether a number computed from printed ones is, when rounded as it is, the printed result."""
    if computed is None or "∞" in result.text:
        return True
    return printed(number(float(computed), rounding)) == printed(result.text)


def exact(formula: Formula) -> Decimal | None:
    """Return what the printed numbers of a formula give, if it is arithmetic and none of them is infinite."""
    if isinstance(formula, Atom):
        return None if "∞" in formula.text else printed(formula.text or repr(formula.value))
    parts = [part for part in map(exact, formula.parts) if part is not None]
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


def _value(gate: Gate, operands: Sequence[Decimal]) -> Decimal | None:
    """Return a gate's value at printed numbers, in floating point."""
    try:
        value = gate.forward(*map(float, operands))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return Decimal(value) if isfinite(value) else None
