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
from bpviz.graph import Graph, leaf
from bpviz.grouping import group
from bpviz.lecture.slides import Equality, Words, list_equalities

ROLES: Mapping[str, tuple[str, ...]] = {"values": (VALUE,), "gradients": (GRADIENT,), "both": (VALUE, GRADIENT)}
NOISE = 1e-12  # relative, of float64: 0.1 · 3 counts as 0.3
MOST_RULE_OPERANDS = 3  # that the rule of max(a, b, c, ...) names
ANSWER_WIDTH = 40.0  # points: of the line for a local gradient
RESULT = Atom("z")  # of a rule
WORDED = ("above", "below", "<", ">", "==", "where")  # heads of formulas for which a rule uses the gate's own words


class KeyAnswer(NamedTuple):
    """An answer of the key, a number as text or a formula, and whether it is left blank on the sheet."""

    answer: str | Formula
    is_blank: bool


class AskedDerivative(NamedTuple):
    """A derivative by an operand: of a row's value or, between vectors, of the output, which is then a formula."""

    of: Atom
    by: Atom
    answer: KeyAnswer


class TableForm(NamedTuple):
    """The heads of a table's columns, their shares of its width, and how wide the line for a derivative is."""

    heads: tuple[Words, ...]
    shares: tuple[int, ...]
    answer_width: float


class TableRow(NamedTuple):
    """A row of the table. An input has step 0 and no formula.

    answer is its value, or of a vector its shape, whose gradient stands on its wire only.
    """

    step: int
    name: Atom
    formula: Formula | None
    answer: KeyAnswer
    derivatives: tuple[AskedDerivative, ...]
    gradient: KeyAnswer | None = None


class GateRule(NamedTuple):
    """What a kind of gate computes, and what its derivatives by its operands are, each as a formula or in words."""

    formula: Formula
    slopes: tuple[tuple[Term, Formula | str], ...]


class SheetContent(NamedTuple):
    """All that a sheet says besides its figure. Its label tells it from the other sheets of a class.

    student is whose sheet it is, if that is known; else there is a line for the name. general_rules are those that no
    gate has for itself.
    """

    title: str
    label: str
    student: str
    equalities: tuple[Equality, ...]
    point: tuple[Equality, ...]
    output: Atom
    form: TableForm
    rows: tuple[TableRow, ...]
    rules: tuple[GateRule, ...]
    general_rules: tuple[str, ...]
    notes: tuple[str, ...]


class Blanks(NamedTuple):
    """Which numbers are left blank: those of some roles, but for the numbers, by node and role, that are given."""

    roles: tuple[str, ...]
    given: Collection[tuple[int, str]]

    def is_blank(self, node: int, role: str) -> bool:
        """Say whether a node's value or gradient is left blank."""
        return role in self.roles and (node, role) not in self.given


def find_blanks(graph: Graph, blank: str, given: Sequence[str]) -> Blanks:
    """Find what is left blank on a sheet.

    blank is values, gradients or both. given names the numbers that are filled in as a start: f stands for both
    numbers of f, f.value and f.gradient for one of them. Raises UsageError for anything else.
    """
    if blank not in ROLES:
        raise UsageError(f"{blank} cannot be left blank", hint=f"choose one of {', '.join(ROLES)}")
    graph = group(graph)
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


def write_number_rule(gate: Gate, count: int) -> GateRule:
    """State what a gate of so many operands computes, and its local gradients."""
    letters = [Atom("n" if slot == gate.parameter else LETTERS[slot]) for slot in range(count)]
    if gate.parameter == 0:
        letters = [Atom("c"), Atom("a")]
    slots = [slot for slot in range(count) if slot != gate.parameter]
    if len(gate.local) == 1:  # one formula is that of all the operands
        slots = slots[:1]
    slopes: list[tuple[Term, Formula | str]] = []
    for slot in slots:
        formula = fill_slope(gate, slot, letters, RESULT)
        words = gate.board_local[min(slot, len(gate.board_local) - 1)]
        slopes.append((Term("partial", (RESULT, letters[slot])), words if _is_worded(formula) else formula))
    return GateRule(fill_formula(gate, letters, RESULT, mathematics=True), tuple(slopes))


def _is_worded(formula: Formula) -> bool:
    return isinstance(formula, Term) and (formula.head in WORDED or any(map(_is_worded, formula.parts)))


class SheetWriter:
    """Writes what a worksheet on a trace says besides its figure."""

    def __init__(self, trace: Trace, blanks: Blanks, rounding: Rounding) -> None:
        self.trace, self.blanks, self.rounding = trace, blanks, rounding
        self.graph: Graph = group(trace.graph)
        self.output = Atom(self.graph.output_name)

    def describe(self, title: str, label: str, student: str = "") -> SheetContent:
        """Gather all that the sheet says; label tells it from the other sheets of a class."""
        return SheetContent(
            title or "Forward and backward",
            label,
            student,
            list_equalities(self.graph, self.rounding),
            tuple(Equality(self.name(i), (), self.write_value(i)) for i in self.graph.inputs),
            self.output,
            self.form,
            tuple(self.write_row(i) for i in (*self.graph.inputs, *self.graph.gate_ids)),
            tuple(self.list_rules()),
            tuple(self.list_general_rules()),
            (*self.trace.warnings, *self.say_how_rounded()),
        )

    @property
    def form(self) -> TableForm:
        """The columns of the table."""
        heads: tuple[Words, ...] = (("step",), ("name",), ("value",), ("local gradients",))
        return TableForm((*heads, ("gradient of ", self.output)), (4, 22, 10, 34, 10), ANSWER_WIDTH)

    def name(self, node: int) -> Atom:
        """Return the name of a node as a leaf of a formula."""
        return Atom(self.graph.nodes[node].name)

    def write_value(self, node: int) -> Formula:
        """Write the value of a node."""
        value = self.trace.values[node]
        return Atom(number(value, self.rounding), value)

    def write_row(self, node: int) -> TableRow:
        """Write the row of an input or a gate: its formula, and the numbers that are asked for."""
        graph, trace, own = self.graph, self.trace, self.graph.nodes[node]
        operands = [leaf(graph.nodes[operand], self.rounding) for operand in own.operands]
        name = self.name(node)
        formula = fill_formula(own.gate, operands, name, mathematics=True) if own.gate else None
        derivatives = tuple(
            AskedDerivative(
                name,
                self.name(wire.source),
                KeyAnswer(number(trace.local[node][wire.slot], self.rounding), GRADIENT in self.blanks.roles),
            )
            for wire in graph.wires_into(node)
        )
        value, gradient = (
            KeyAnswer(number(numbers[node], self.rounding), self.blanks.is_blank(node, role))
            for role, numbers in ((VALUE, trace.values), (GRADIENT, trace.gradients))
        )
        return TableRow(graph.step_of.get(node, 0), name, formula, value, derivatives, gradient)

    def list_rules(self) -> Iterator[GateRule]:
        """Yield a rule for every kind of gate, in the order in which they occur."""
        kinds: dict[Gate, int] = {}
        for i in self.graph.gate_ids:
            node = self.graph.nodes[i]
            assert node.gate
            kinds[node.gate] = max(kinds.get(node.gate, 0), len(node.operands))
        for gate, count in kinds.items():
            most = max(MOST_RULE_OPERANDS, 2 * gate.groups, gate.arity[0])
            yield write_number_rule(gate, min(count, most - most % gate.groups))

    def list_general_rules(self) -> Iterator[str]:
        """Yield what holds at branches, if there are any."""
        if any(len(wires) > 1 for wires in self.graph.wires_from):
            yield "branch: what comes back along its wires is added"

    def say_how_rounded(self) -> Iterator[str]:
        """Yield the sentence that tells how numbers are rounded, if some number of the trace is."""
        digits, decimals, graph, trace = self.rounding.digits, self.rounding.decimals, self.trace.graph, self.trace
        numbers = [each for i in (*graph.inputs, *graph.gate_ids) for each in (trace.values[i], trace.gradients[i])]
        for wire in graph.wires():
            numbers += [trace.local[wire.target][wire.slot], trace.downstream[wire.target][wire.slot]]
        form = f".{digits - 1}e" if decimals is None else f".{decimals}f"
        fractions = [x for x in numbers if isfinite(x) and x != int(x)]  # whole numbers are shown as they are
        if any(abs(float(format(x, form)) - x) > NOISE * abs(x) for x in fractions):
            precision = f"{digits} significant digits" if decimals is None else f"{decimals} decimals"
            rounded = f"The numbers are rounded to {precision}{self.in_grids}"
            yield f"{rounded}: calculate with more of them, and round what you write."

    @property
    def in_grids(self) -> str:
        """What is to be added to how numbers are rounded."""
        return ""
