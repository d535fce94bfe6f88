"""What is on a worksheet: the program, the table to fill, the rules at the foot, and which numbers are asked for.

The sheet and its key are one record: each number knows whether it is asked for, and only what is asked for differs
between the two, so that one can be laid over the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.sketch import FILLED, GRADIENT, RULED, SHOWN, TRUNK, VALUE, Sketch, Stage
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.formula.printing import leaf
from bpviz.formula.tree import Atom, Formula, Term, forward, slope
from bpviz.gates import LETTERS, Gate
from bpviz.graph import Graph
from bpviz.lecture.slides import Equality, list_equalities

BLANKS: Mapping[str, tuple[str, ...]] = {
    "values": (VALUE,),
    "gradients": (GRADIENT,),
    "both": (VALUE, GRADIENT),
}
MOST_OPERANDS = 3  # of max(a, b, c, ...) that a rule names
WORDED = ("above", "below", "<", ">", "==", "where")  # what a rule says in words, not in brackets


class Number(NamedTuple):
    """A number, and whether it is asked for: then the sheet has a line for it."""

    text: str
    asked: bool


class Local(NamedTuple):
    """A local gradient: of what, by what."""

    of: Atom
    by: Atom
    number: Number


class Row(NamedTuple):
    """A line of the table: an input has no step and no formula."""

    step: int
    name: Atom
    formula: Formula | None
    value: Number
    locals: tuple[Local, ...]
    gradient: Number


class Slope(NamedTuple):
    """A local gradient of a rule, as a formula or in words."""

    by: Atom
    formula: Formula | None
    words: str


class Rule(NamedTuple):
    """What a kind of gate computes, and its local gradients."""

    formula: Formula
    slopes: tuple[Slope, ...]


class Sheet(NamedTuple):
    """All that a sheet says besides its figure; label tells it from the other sheets, branches that gradients add."""

    title: str
    label: str
    statements: tuple[Equality, ...]
    point: tuple[tuple[Atom, str], ...]
    output: Atom
    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    branches: bool
    notes: tuple[str, ...]


class Asked(NamedTuple):
    """What is asked for: the roles that are blank, and what is given nonetheless, by node and role."""

    blank: tuple[str, ...]
    given: Collection[tuple[int, str]]

    def wants(self, node: int, role: str) -> bool:
        """Return whether a node's number is asked for."""
        return role in self.blank and (node, role) not in self.given


def asked_for(graph: Graph, blank: str, given: Sequence[str]) -> Asked:
    """Return what is asked for: blank is values, gradients or both; given names what is filled in as a start.

    f gives both numbers of f, f.value or f.gradient one of them. Raises UsageError for a name or a word that is none.
    """
    if blank not in BLANKS:
        raise UsageError(f"{blank} cannot be left blank", hint=f"choose one of {', '.join(BLANKS)}")
    found: dict[tuple[int, str], None] = {}
    for word in given:
        name, dot, role = word.partition(".")
        if dot and role not in (VALUE, GRADIENT):
            raise UsageError(f"{word} names no number", hint=f"write {name}, {name}.{VALUE} or {name}.{GRADIENT}")
        node = graph.find(name)
        found |= dict.fromkeys([(node, role)] if dot else [(node, VALUE), (node, GRADIENT)])
    return Asked(BLANKS[blank], tuple(found))


def sheet(trace: Trace, asked: Asked, *, title: str = "", label: str = "", rounding: Rounding = THREE_DIGITS) -> Sheet:
    """Return what a worksheet on a trace says."""
    graph = trace.graph
    return Sheet(
        title or "Forward and backward",
        label,
        list_equalities(graph, rounding),
        tuple((Atom(graph.nodes[i].name), number(trace.values[i], rounding)) for i in graph.inputs),
        Atom(graph.output_name),
        tuple(_rows(trace, asked, rounding)),
        tuple(_rules(graph)),
        any(len(wires) > 1 for wires in graph.wires_from),
        trace.warnings,
    )


def stage(said: Sketch, asked: Asked, *, key: bool) -> Stage:
    """Return which numbers of the figure are ruled lines; in the key they stand on these lines."""
    marks: dict[tuple[str, str], str] = {}
    for strand in said.strands:
        is_total = strand.kind == TRUNK or strand.wire is None or strand.kind == "wire"
        for role in (VALUE, GRADIENT):
            given = (strand.node, role) in asked.given and (role == VALUE or is_total)
            blank = RULED if not key and not given else FILLED
            marks[strand.id, role] = blank if role in asked.blank else SHOWN
    return Stage(marks, steps=True)


def _rows(trace: Trace, asked: Asked, rounding: Rounding) -> Iterator[Row]:
    graph = trace.graph

    def shown(node: int, role: str) -> Number:
        numbers = trace.values if role == VALUE else trace.gradients
        return Number(number(numbers[node], rounding), asked.wants(node, role))

    for i in graph.inputs:
        yield Row(0, Atom(graph.nodes[i].name), None, shown(i, VALUE), (), shown(i, GRADIENT))
    for step, i in enumerate(graph.gate_ids, start=1):
        node = graph.nodes[i]
        assert node.gate
        name = Atom(node.name)
        operands = [leaf(graph.nodes[operand], rounding) for operand in node.operands]
        locals_ = tuple(
            Local(
                name,
                Atom(graph.nodes[wire.source].name),
                Number(number(trace.local[i][wire.slot], rounding), GRADIENT in asked.blank),
            )
            for wire in graph.wires_into(i)
        )
        formula = forward(node.gate, operands, name, mathematics=True)
        yield Row(step, name, formula, shown(i, VALUE), locals_, shown(i, GRADIENT))


def _rules(graph: Graph) -> Iterator[Rule]:
    """Yield a rule for every kind of gate, in the order in which they come."""
    kinds: dict[str, tuple[Gate, int]] = {}
    for i in graph.gate_ids:
        node = graph.nodes[i]
        assert node.gate
        _, most = kinds.get(node.gate.name, (node.gate, 0))
        kinds[node.gate.name] = (node.gate, max(most, len(node.operands)))
    for gate, count in kinds.values():
        most = max(MOST_OPERANDS, 2 * gate.groups)
        yield _rule(gate, min(count, most - most % gate.groups))


def _rule(gate: Gate, count: int) -> Rule:
    letters = [Atom("n" if slot == gate.parameter else LETTERS[slot]) for slot in range(count)]
    if gate.parameter == 0:
        letters = [Atom("c"), Atom("a")]
    output = Atom("z")
    wanted = [slot for slot in range(count) if slot != gate.parameter]
    if len(gate.code_slopes) == 1:
        wanted = wanted[:1]
    slopes = []
    for slot in wanted:
        formula = slope(gate, slot, letters, output)
        words = gate.local[min(slot, len(gate.local) - 1)] if _is_worded(formula) else ""
        slopes.append(Slope(letters[slot], None if words else formula, words))
    return Rule(forward(gate, letters, output, mathematics=True), tuple(slopes))


def _is_worded(formula: Formula) -> bool:
    return isinstance(formula, Term) and (formula.head in WORDED or any(map(_is_worded, formula.parts)))
