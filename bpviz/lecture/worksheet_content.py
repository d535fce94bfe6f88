"""What a worksheet says: the program, the table to fill in, the rules of its gates, and which numbers are left blank.

A sheet and its key have the same content. Each number knows whether it is left blank on the sheet, and nothing else
differs between the two, so that one can be laid over the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import FILLED, GRADIENT, RULED, SHOWN, TRUNK, VALUE, WIRE, Diagram, Stage
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import LETTERS, Gate, fill_formula, fill_slope
from bpviz.graph import Graph, Wire, leaf
from bpviz.lecture.slides import Equality, list_equalities

ROLES: Mapping[str, tuple[str, ...]] = {"values": (VALUE,), "gradients": (GRADIENT,), "both": (VALUE, GRADIENT)}
NOISE = 1e-12  # relative, of float64: 0.1 · 3 counts as 0.3
MOST_RULE_OPERANDS = 3  # that the rule of max(a, b, c, ...) names
WORDED = ("above", "below", "<", ">", "==", "where")  # heads of formulas for which a rule uses the gate's own words


class KeyNumber(NamedTuple):
    """A number of the key, and whether it is left blank on the sheet."""

    text: str
    is_blank: bool


class LocalGradient(NamedTuple):
    """The derivative of a row's value by that of an operand."""

    by: Atom
    answer: KeyNumber


class TableRow(NamedTuple):
    """A row of the table. An input has step 0 and no formula."""

    step: int
    name: Atom
    formula: Formula | None
    value: KeyNumber
    locals: tuple[LocalGradient, ...]
    gradient: KeyNumber


class GateRule(NamedTuple):
    """What a kind of gate computes, and its local gradients by operand, each as a formula or in words."""

    formula: Formula
    slopes: tuple[tuple[Atom, Formula | str], ...]


class SheetContent(NamedTuple):
    """All that a sheet says besides its figure. Its label tells it from the other sheets of a class.

    student is whose sheet it is, if that is known; else there is a line for the name.
    """

    title: str
    label: str
    student: str
    equalities: tuple[Equality, ...]
    point: tuple[tuple[Atom, str], ...]
    output: Atom
    rows: tuple[TableRow, ...]
    rules: tuple[GateRule, ...]
    has_branches: bool
    notes: tuple[str, ...]


class Blanks(NamedTuple):
    """Which numbers are left blank: those of some roles, but for the numbers, by node and role, that are given."""

    roles: tuple[str, ...]
    given: Collection[tuple[int, str]]

    def is_blank(self, node: int, role: str) -> bool:
        """Say whether a node's value or gradient is left blank."""
        return role in self.roles and (node, role) not in self.given

    def write_answer(self, trace: Trace, node: int, role: str, rounding: Rounding) -> KeyNumber:
        """Write a node's value or gradient, and say whether it is blank."""
        value = (trace.values if role == VALUE else trace.gradients)[node]
        return KeyNumber(number(value, rounding), self.is_blank(node, role))


def find_blanks(graph: Graph, blank: str, given: Sequence[str]) -> Blanks:
    """Find what is left blank on a sheet.

    blank is values, gradients or both. given names the numbers that are filled in as a start: f stands for both
    numbers of f, f.value and f.gradient for one of them. Raises UsageError for anything else.
    """
    if blank not in ROLES:
        raise UsageError(f"{blank} cannot be left blank", hint=f"choose one of {', '.join(ROLES)}")
    found: dict[tuple[int, str], None] = {}
    for word in given:
        name, dot, role = word.partition(".")
        if dot and role not in (VALUE, GRADIENT):
            raise UsageError(f"{word} names no number", hint=f"write {name}, {name}.{VALUE} or {name}.{GRADIENT}")
        node = graph.find(name)
        found |= dict.fromkeys([(node, role)] if dot else [(node, VALUE), (node, GRADIENT)])
    return Blanks(ROLES[blank], tuple(found))


def mark_blanks(diagram: Diagram, blanks: Blanks, *, key: bool) -> Stage:
    """Say which numbers of the figure are lines to write on; in the key the numbers stand on these lines."""
    states: dict[tuple[str, str], str] = {}
    for edge in diagram.edges:
        carries_total = edge.kind in (TRUNK, WIRE) or edge.wire is None
        for role in (VALUE, GRADIENT):
            is_given = (edge.node, role) in blanks.given and (role == VALUE or carries_total)
            blank = FILLED if key or is_given else RULED
            states[edge.id, role] = blank if role in blanks.roles else SHOWN
    return Stage(states, steps=True)


def describe_sheet(
    trace: Trace, blanks: Blanks, rounding: Rounding, title: str, label: str, student: str = ""
) -> SheetContent:
    """Gather what a worksheet on a trace says besides its figure."""
    graph = trace.graph
    return SheetContent(
        title or "Forward and backward",
        label,
        student,
        list_equalities(graph, rounding),
        tuple((Atom(graph.nodes[i].name), number(trace.values[i], rounding)) for i in graph.inputs),
        Atom(graph.output_name),
        tuple(_list_rows(trace, blanks, rounding)),
        tuple(_list_rules(graph)),
        any(len(wires) > 1 for wires in graph.wires_from),
        (*trace.warnings, *_say_how_rounded(trace, rounding)),
    )


def _say_how_rounded(trace: Trace, rounding: Rounding) -> Iterator[str]:
    """Yield the sentence that tells how numbers are rounded, if some number of the trace is."""
    digits, decimals = rounding.digits, rounding.decimals
    graph = trace.graph
    numbers = [number for i in (*graph.inputs, *graph.gate_ids) for number in (trace.values[i], trace.gradients[i])]
    numbers += [each for wire in graph.wires() for each in _read_slopes(trace, wire)]
    form = f".{digits - 1}e" if decimals is None else f".{decimals}f"
    fractions = [x for x in numbers if isfinite(x) and x != int(x)]  # whole numbers are shown as they are
    if any(abs(float(format(x, form)) - x) > NOISE * abs(x) for x in fractions):
        precision = f"{digits} significant digits" if decimals is None else f"{decimals} decimals"
        yield f"The numbers are rounded to {precision}: calculate with more of them, and round what you write."


def _read_slopes(trace: Trace, wire: Wire) -> tuple[float, float]:
    return trace.local[wire.target][wire.slot], trace.downstream[wire.target][wire.slot]


def _list_rows(trace: Trace, blanks: Blanks, rounding: Rounding) -> Iterator[TableRow]:
    graph = trace.graph
    for step, i in [*((0, i) for i in graph.inputs), *enumerate(graph.gate_ids, start=1)]:
        node, name = graph.nodes[i], Atom(graph.nodes[i].name)
        value, gradient = (blanks.write_answer(trace, i, role, rounding) for role in (VALUE, GRADIENT))
        operands = [leaf(graph.nodes[operand], rounding) for operand in node.operands]
        formula = fill_formula(node.gate, operands, name, mathematics=True) if node.gate else None
        locals_ = tuple(
            LocalGradient(
                Atom(graph.nodes[wire.source].name),
                KeyNumber(number(trace.local[i][wire.slot], rounding), GRADIENT in blanks.roles),
            )
            for wire in graph.wires_into(i)
        )
        yield TableRow(step, name, formula, value, locals_, gradient)


def _list_rules(graph: Graph) -> Iterator[GateRule]:
    """Yield a rule for every kind of gate, in the order in which they occur."""
    kinds: dict[Gate, int] = {}
    for i in graph.gate_ids:
        node = graph.nodes[i]
        assert node.gate
        kinds[node.gate] = max(kinds.get(node.gate, 0), len(node.operands))
    for gate, count in kinds.items():
        most = max(MOST_RULE_OPERANDS, 2 * gate.groups, gate.arity[0])
        yield _state_rule(gate, min(count, most - most % gate.groups))


def _state_rule(gate: Gate, count: int) -> GateRule:
    letters = [Atom("n" if slot == gate.parameter else LETTERS[slot]) for slot in range(count)]
    if gate.parameter == 0:
        letters = [Atom("c"), Atom("a")]
    output = Atom("z")
    slots = [slot for slot in range(count) if slot != gate.parameter]
    if len(gate.local) == 1:  # one formula is that of all the operands
        slots = slots[:1]
    slopes: list[tuple[Atom, Formula | str]] = []
    for slot in slots:
        formula = fill_slope(gate, slot, letters, output)
        words = gate.board_local[min(slot, len(gate.board_local) - 1)]
        slopes.append((letters[slot], words if _is_worded(formula) else formula))
    return GateRule(fill_formula(gate, letters, output, mathematics=True), tuple(slopes))


def _is_worded(formula: Formula) -> bool:
    return isinstance(formula, Term) and (formula.head in WORDED or any(map(_is_worded, formula.parts)))
