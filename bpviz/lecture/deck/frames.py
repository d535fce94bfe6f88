"""A deck as frames: what is said and what is to be seen on each slide, before any notation or layout is chosen.

Each frame's figure is the same sketch in another stage, so that nothing moves from slide to slide; its equations are
the derivation's own. Every writer (Typst, HTML, TeX, pictures) takes the same frames, one slide a frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.lettering import cut
from bpviz.figure.sketch import GRADIENT, VALUE, Stage
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.graph import Graph, Node
from bpviz.lecture.deck.board import Board
from bpviz.lecture.deck.elision import elided
from bpviz.lecture.deck.records import BACKWARD, FORWARD, RESULT, TITLE, Frame, Line, Remark, Words
from bpviz.lecture.deck.statements import Statement, statements
from bpviz.lecture.deck.tables import pages, shared_out, table_of
from bpviz.text.derivation.records import Equation, Sentence, Step, derive

BY = ("step", "gate", "pass")
MOST_LINES = 6  # equations on a slide: more go on to the next
MOST_ROWS = 14  # of the table that stands with the figure
LONGEST_NAME = 24  # characters: a longer name is cut in the middle, since no slide holds it


def frames(
    trace: Trace,
    board: Board,
    rounding: Rounding = THREE_DIGITS,
    *,
    by: str = "step",
    title: str = "",
) -> tuple[Frame, ...]:
    """Return the slides of a trace; UsageError for a by that is none.

    by is step, gate (the sum of a branch stands on the slide of the gate that completes it) or pass.
    """
    if by not in BY:
        raise UsageError(f"no deck goes by {by}", hint=f"choose one of {', '.join(BY)}")
    tell = Teller(trace, board, rounding)
    passes = {"step": tell.by_step, "gate": tell.by_gate, "pass": tell.by_pass}[by]
    return (tell.title(title), tell.graph(), *passes(), *tell.results())


def shortened(trace: Trace) -> Trace:
    """Return a trace whose names are short enough for a slide."""

    def short(node: Node) -> Node:
        return node if len(node.name) <= LONGEST_NAME else node._replace(name=cut(node.name, LONGEST_NAME / 2, 1.0))

    graph = trace.graph
    nodes = tuple(map(short, graph.nodes))
    output = graph.output_name
    if nodes == graph.nodes and len(output) <= LONGEST_NAME:
        return trace
    output = output if len(output) <= LONGEST_NAME else cut(output, LONGEST_NAME / 2, 1.0)
    return replace(trace, graph=replace(graph, nodes=nodes, output_name=output))


class Teller:
    """Tells a trace frame by frame, and keeps what has been shown on the board so far."""

    def __init__(self, trace: Trace, board: Board, rounding: Rounding) -> None:
        self.trace, self.board, self.rounding = trace, board, rounding
        derivation = derive(trace, rounding)
        self.forward = derivation.forward
        self.backward = {step.number: step for step in derivation.backward}

    @property
    def of(self) -> Graph:
        """The graph."""
        return self.trace.graph

    def name(self, node: int) -> Atom:
        """Return a node's name."""
        return Atom(self.of.nodes[node].name)

    def value(self, x: float) -> Atom:
        """Return a number, rounded."""
        return Atom(number(x, self.rounding), x)

    def title(self, title: str) -> Frame:
        """Return the first slide: the program as mathematics, and the point."""
        f, inputs = self.of.output_name, self.of.inputs
        heading: Words = (title,) if title else ("The backpropagation of ", Atom(f))
        point = self.point()
        lines: list[Line] = [each._replace(formula=elided(each.formula)) for each in statements(self.of, self.rounding)]
        if point:
            lines.append(Remark(("at ", *point)))
        count = f"{_count(len(self.of.gate_ids), 'gate')} and {_count(len(inputs), 'input')}"
        note = (f"We take {count}, compute ", Atom(f), " forward, and then its derivative by every input, backward.")
        return Frame(TITLE, heading, tuple(lines), note)

    def point(self) -> Words:
        """Return "x = 3, y = −4"."""
        return _listed([self.equals(i) for i in self.of.inputs])

    def equals(self, node: int) -> Statement:
        """Return "x = 3"."""
        return Statement(self.name(node), (), self.value(self.trace.values[node]))

    def graph(self) -> Frame:
        """Return the blank graph."""
        what = f"{_count(len(self.of.gate_ids), 'gate')}, {_count(len(self.of.inputs), 'input')}"
        line = Remark((f"{what}: every circle is one elementary function, every line carries one number.",))
        note = ("Each circle computes one elementary function of what its wires bring. No number is known yet.",)
        return Frame(FORWARD, ("The graph of ", Atom(self.of.output_name)), (line,), note, self.board.blank())

    def inputs(self) -> Iterator[Frame]:
        """Yield the slide on which the inputs get their values."""
        given = [i for i, node in enumerate(self.of.nodes) if node.gate is None]
        if not self.of.inputs:
            self.board.show_values(given)
            return
        line = Remark(self.point())
        note = ("The forward pass begins with what is given: the values of the inputs.",)
        yield Frame(FORWARD, ("Forward: the inputs",), (line,), note, self.board.show_values(given))

    def by_step(self) -> Iterator[Frame]:
        """Yield a frame a step, a branch's sum on its own."""
        yield from self.inputs()
        yield from map(self.forward_step, self.of.gate_ids)
        yield self.turn()
        for node, sources in self.undone():
            chains, sums = _parted(self.backward.get(self.of.step_of[node]))
            yield from self.backward_step(node, chains)
            for source, lines in zip(sources, sums, strict=True):
                yield self.branch_sum(source, lines)

    def by_gate(self) -> Iterator[Frame]:
        """Yield a frame a gate: the sum of a branch stands on the slide of the gate that completes it."""
        yield from self.inputs()
        yield from map(self.forward_step, self.of.gate_ids)
        yield self.turn()
        for node, sources in self.undone():
            chains, sums = _parted(self.backward.get(self.of.step_of[node]))
            yield from self.backward_step(node, (*chains, *(lines[0] for lines in sums)), sources)

    def by_pass(self) -> Iterator[Frame]:
        """Yield the forward pass and the backward pass, each on as few slides as its equations need."""
        equations = [line for step in self.forward for line in _lines(step)]
        note: Words = ("Forward, every gate computes its value from those before it.",)
        yield from self.parts(FORWARD, ("Forward pass",), equations, note, self.board.show_all(VALUE))
        equations = [line for step in self.backward.values() for line in _lines(step) if isinstance(line, Equation)]
        note = ("Backward, every gate multiplies what comes from above by its local gradients; at branches they add.",)
        yield from self.parts(BACKWARD, ("Backward pass",), equations, note, self.board.show_all(VALUE, GRADIENT))

    def parts(
        self,
        part: str,
        heading: Words,
        lines: Sequence[Line],
        note: Words,
        stage: Stage,
        defined: Statement | None = None,
    ) -> Iterator[Frame]:
        """Yield one frame, or several where the lines are too many for one."""
        groups = shared_out(lines, MOST_LINES)
        for k, group in enumerate(groups, start=1):
            which = (f" ({k} of {len(groups)})",) if len(groups) > 1 else ()
            yield Frame(part, (*heading, *which), group, note, stage, defined)

    def forward_step(self, node: int) -> Frame:
        """Return the slide of a forward step: its number appears on its wires."""
        step = self.forward[self.of.step_of[node] - 1]
        stage = self.board.show_values([node], lit=node)
        heading = (f"Forward, step {step.number} of {len(self.of.gate_ids)}: ", Atom(step.name))
        operands = [i for i in dict.fromkeys(self.of.nodes[node].operands) if self.of.nodes[i].constant is None]
        taken = (
            (" takes ", *_listed([self.equals(i) for i in operands], " and "), " and gives ") if operands else (" is ",)
        )
        note = (self.name(node), *taken, self.value(self.trace.values[node]), ".")
        return Frame(FORWARD, heading, _lines(step), note, stage)

    def turn(self) -> Frame:
        """Return the slide on which the pass turns round: the output, and the gradient 1."""
        f = Atom(self.of.output_name)
        value = Statement(f, (), self.value(self.trace.values[self.of.output]))
        seed = _lines(self.backward[0])
        heading = ("The turn: ", value)
        note = ("Now the other way: we ask of every wire by how much ", f, " changes when its value does.")
        return Frame(BACKWARD, heading, seed, note, self.board.show_seed())

    def undone(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the gates in backward order, each with the branching nodes whose gradient it completes."""
        missing = [len(wires) for wires in self.of.wires_from]
        for node in reversed(self.of.gate_ids):
            sources = [wire.source for wire in self.of.wires_into(node)]
            for source in sources:
                missing[source] -= 1
            branching = (i for i in dict.fromkeys(sources) if not missing[i] and len(self.of.wires_from[i]) > 1)
            yield node, tuple(branching)

    def backward_step(self, node: int, lines: Sequence[Line], sums: Sequence[int] = ()) -> Iterator[Frame]:
        """Yield the slide of a backward step: the gradients appear on the wires into its gate."""
        if not lines:
            return
        step = self.backward[self.of.step_of[node]]
        gate = self.of.nodes[node].gate
        assert gate
        assert step.formula
        stage = self.board.show_step(node, sums)
        heading = (f"Backward, step {step.number} of {len(self.of.gate_ids)}: ", Atom(step.name))
        upstream = self.value(self.trace.gradients[node])
        note = ("From above comes ", upstream, ". The gate ", Atom(step.name), f" {gate.does}.")
        yield from self.parts(
            BACKWARD, heading, lines, note, stage, Statement(Atom(step.name), (), elided(step.formula))
        )

    def branch_sum(self, node: int, lines: Sequence[Line]) -> Frame:
        """Return the slide on which the gradients of a branch are added."""
        total = self.value(self.trace.gradients[node])
        several = len(self.of.wires_from[node])
        heading = ("Backward, the branch of ", self.name(node))
        note = (f"{several} wires leave ", self.name(node), "; what they bring back adds up to ", total, ".")
        return Frame(BACKWARD, heading, tuple(lines), note, self.board.show_sum(node))

    def results(self) -> Iterator[Frame]:
        """Yield the slide that shows every number, with the table where it is short, and else the table's own."""
        table = table_of(self.trace, self.forward, self.rounding)
        is_short = 0 < len(table.rows) <= MOST_ROWS
        results = self.result()
        warnings = [Remark((f"Note: {warning}.",)) for warning in self.trace.warnings]
        heading: Words = ("Every value and every gradient",)
        note = ("Two passes, one forward and one back, and every derivative is known: ", *results, ".")
        lines = warnings if is_short else [Remark(results), *warnings]
        stage = self.board.show_all(VALUE, GRADIENT)
        yield Frame(RESULT, heading, tuple(lines), note, stage, table=table if is_short else None)
        if is_short or not table.rows:  # a program that is a constant has none
            return
        note = ("The same numbers as a table, to look up.",)
        groups = pages(table)
        for k, group in enumerate(groups, start=1):
            which = f" ({k} of {len(groups)})" if len(groups) > 1 else ""
            yield Frame(RESULT, (f"In numbers{which}",), (), note, table=group)

    def result(self) -> Words:
        """Return "f = 1.55, ∂f/∂x = 2.06, ∂f/∂y = 1.59"."""
        f = Atom(self.of.output_name)
        results = [Statement(f, (), self.value(self.trace.values[self.of.output]))]
        results += [
            Statement(Term("partial", (f, self.name(i))), (), self.value(self.trace.gradients[i]))
            for i in self.of.inputs
        ]
        return _listed(results)


def _parted(step: Step | None) -> tuple[tuple[Line, ...], list[tuple[Line, ...]]]:
    """Return the lines of a backward step that follow the chain rule, and those of each sum at a branch."""
    lines = _lines(step) if step else ()
    starts = [k for k, line in enumerate(lines) if isinstance(line, Equation) and line.symbols is None]
    bounds = [*starts, len(lines)]
    return lines[: bounds[0]], [lines[start:end] for start, end in pairwise(bounds)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _lines(step: Step) -> tuple[Line, ...]:
    return tuple(Remark(line.parts) if isinstance(line, Sentence) else _elided(line) for line in step.lines)


def _elided(line: Equation) -> Equation:
    symbols, numbers = (side and elided(side) for side in (line.symbols, line.numbers))
    return line._replace(symbols=symbols, numbers=numbers)


def _listed(items: Sequence[Statement], last: str = ", ") -> Words:
    """Return items as a list does: x = 3, y = −4, or with " and " before the last."""
    words: list[str | Formula | Statement] = []
    for k, item in enumerate(items):
        words += ([last if k == len(items) - 1 else ", "] if k else []) + [item]
    return tuple(words)
