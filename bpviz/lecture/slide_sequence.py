"""The slides of a lecture in their order: what each of them says, and which numbers its figure shows.

A lecture has the program and the blank graph first, then the forward pass, the turn at the output, the backward pass,
and the results. All slides show the same figure in different stages, so that nothing moves from one to the next. The
equations are those of the derivation that bpviz steps prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import GRADIENT, HIDDEN, NEW, SHOWN, STUB, TRUNK, VALUE, Diagram, Stage
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.lecture.slide_layout import Item, share_evenly, split_over_slides
from bpviz.lecture.slide_nodes import choose_slide_nodes
from bpviz.lecture.slides import (
    BACKWARD,
    FORWARD,
    RESULT,
    TITLE,
    Equality,
    Line,
    NumberTable,
    Remark,
    Slide,
    Words,
    abbreviate,
    list_equalities,
)
from bpviz.text.derivation import DerivationStep, Equation, Sentence
from bpviz.text.deriving import derive

BY = ("step", "gate", "pass")
MOST_LINES = 6  # equations on a slide: more go on to the next
MOST_ROWS = 14  # of a table that stands with the figure; a longer one has slides of its own


def write_slides(
    trace: Trace, diagram: Diagram, rounding: Rounding = THREE_DIGITS, *, by: str = "step", title: str = ""
) -> tuple[Slide, ...]:
    """Write the lecture on a trace; diagram is its figure with all numbers.

    by is "step" for a slide for each step and each sum at a branch, "gate" for a slide for each gate, where a sum
    stands on the slide of the gate that completes it, or "pass" for as few slides as hold the equations of a pass.
    Raises UsageError for another word.
    """
    if by not in BY:
        raise UsageError(f"no deck goes by {by}", hint=f"choose one of {', '.join(BY)}")
    writer = SlideWriter(trace, Board(diagram), rounding)
    slides = [writer.write_title(title), writer.write_blank_graph()]
    if by == "pass":
        slides += [*writer.write_pass(FORWARD), *writer.write_pass(BACKWARD)]
    else:
        slides += [*writer.write_inputs(), *map(writer.write_forward_step, writer.graph.gate_ids), writer.write_turn()]
        slides += writer.write_backward_steps(sums_apart=by == "step")
    return (*slides, *writer.write_results())


class Board:
    """The figure as it fills up in the lecture: every number is hidden at first, and each slide shows some more.

    Each method returns the stage in which the figure is drawn next. In it the numbers that the method has just shown
    are new; on the following slide they look like all the others. A number is known by its edge's id and its role.
    """

    def __init__(self, diagram: Diagram) -> None:
        self.edges, self.shapes = diagram.edges, diagram.shapes
        self.states = {(edge.id, role): HIDDEN for edge in self.edges for role in (VALUE, GRADIENT)}

    def show_values(self, nodes: Collection[int], highlighted: int | None = None) -> Stage:
        """Show the values of some nodes on every wire that carries them; no nodes show nothing more."""
        return self._show([(edge.id, VALUE) for edge in self.edges if edge.node in nodes], highlighted)

    def show_seed(self) -> Stage:
        """Show the gradient 1 that the backward pass starts with at the output."""
        stub = next(edge for edge in self.edges if edge.kind == STUB)
        return self._show([(stub.id, GRADIENT)], stub.node)

    def show_gradients(self, gate: int, branches: Collection[int] = ()) -> Stage:
        """Show the gradients on the wires into a gate, and the sums of the branches that these complete."""
        into = [(edge.id, GRADIENT) for edge in self.edges if edge.wire and edge.wire.target == gate]
        return self._show([*into, *self._find_trunks(branches)], gate)

    def show_sum(self, node: int) -> Stage:
        """Show the sum of a branch on the wire that carries it."""
        return self._show(self._find_trunks([node]), node)

    def show_all(self, *roles: str) -> Stage:
        """Show every value, every gradient or both, none of them as new."""
        self.states.update(((edge, role), SHOWN) for edge, role in self.states if role in roles)
        return self._show((), None)

    def _find_trunks(self, nodes: Collection[int]) -> list[tuple[str, str]]:
        return [(edge.id, GRADIENT) for edge in self.edges if edge.kind == TRUNK and edge.node in nodes]

    def _show(self, numbers: Collection[tuple[str, str]], highlighted: int | None) -> Stage:
        self.states = {number: HIDDEN if state == HIDDEN else SHOWN for number, state in self.states.items()}
        self.states.update((number, NEW) for number in numbers if self.states[number] == HIDDEN)
        shapes = () if highlighted is None else tuple(shape.id for shape in self.shapes if shape.node == highlighted)
        return Stage(dict(self.states), shapes)


class SlideWriter:
    """Writes the slides of a trace one after another; the board remembers which numbers they have shown."""

    def __init__(self, trace: Trace, board: Board, rounding: Rounding) -> None:
        self.trace, self.board, self.rounding = trace, board, rounding
        self.nodes = choose_slide_nodes(trace, rounding)
        self.graph = self.nodes.graph
        self.output = Atom(self.graph.output_name)
        derivation = derive(trace, rounding)
        self.forward = derivation.forward
        self.backward = {step.number: step for step in derivation.backward}

    def write_title(self, title: str) -> Slide:
        """Write the first slide: the program as mathematics, and the point."""
        heading: Words = (title,) if title else ("The backpropagation of ", self.output)
        equalities = list_equalities(self.graph, self.rounding)
        lines: list[Line] = [each._replace(formula=abbreviate(each.formula)) for each in equalities]
        if self.graph.inputs:
            lines.append(Remark(("at ", *self._write_point())))
        what = self._count_gates_and_inputs(" and ")
        after = " forward, and then its derivative by every input, backward."
        return Slide(TITLE, heading, tuple(lines), (f"We take {what}, compute ", self.output, after))

    def write_blank_graph(self) -> Slide:
        """Write the slide of the figure without numbers."""
        what = self._count_gates_and_inputs(", ")
        line = Remark((f"{what}: every circle is {self.nodes.circle}, every line carries {self.nodes.carried}.",))
        lines = (line, *map(Remark, self.nodes.write_shapes()))
        note = (f"Each circle computes {self.nodes.circle} of what its wires bring. No number is known yet.",)
        return Slide(FORWARD, ("The graph of ", self.output), lines, note, self.board.show_values(()))

    def write_inputs(self) -> Iterator[Slide]:
        """Write the slide on which the inputs get their values, if there are any; constants are shown with them."""
        given = [i for i, node in enumerate(self.graph.nodes) if node.gate is None]
        stage = self.board.show_values(given)
        if self.graph.inputs:
            note = ("The forward pass begins with what is given: the values of the inputs.",)
            yield Slide(FORWARD, ("Forward: the inputs",), (Remark(self._write_point()),), note, stage)

    def write_forward_step(self, node: int) -> Slide:
        """Write the slide of a forward step: its number appears on the wires that carry it."""
        step = self.forward[self.graph.step_of[node] - 1]
        heading = (f"Forward, step {step.number} of {len(self.graph.gate_ids)}: ", Atom(step.name))
        operands = [i for i in dict.fromkeys(self.graph.nodes[node].operands) if self.graph.nodes[i].constant is None]
        taken: Words = (" is ",)
        if operands:
            taken = (" takes ", *_join([self._equate(i) for i in operands], last=" and "), " and gives ")
        note = (self._name(node), *taken, self.nodes.write_value(node), ".")
        return Slide(FORWARD, heading, _take_lines(step), note, self.board.show_values([node], highlighted=node))

    def write_turn(self) -> Slide:
        """Write the slide on which the forward pass ends at the output and the backward pass begins with 1."""
        note = ("Now the other way: we ask of every wire by how much ", self.output, " changes when its value does.")
        heading = ("The turn: ", self._equate_output())
        return Slide(BACKWARD, heading, _take_lines(self.backward[0]), note, self.board.show_seed())

    def write_backward_steps(self, *, sums_apart: bool) -> Iterator[Slide]:
        """Write the slides of the backward steps: gradients appear on the wires into a gate.

        A branch whose last gradient has come is summed on a slide of its own, or else on that of the step.
        """
        missing = [len(wires) for wires in self.graph.wires_from]
        for node in reversed(self.graph.gate_ids):
            sources = [wire.source for wire in self.graph.wires_into(node)]
            for source in sources:
                missing[source] -= 1
            completed = [i for i in dict.fromkeys(sources) if not missing[i] and len(self.graph.wires_from[i]) > 1]
            step = self.backward.get(self.graph.step_of[node])
            lines = _take_lines(step) if step else ()
            # The lines of the chain rule come first, and then those of each branch, which begin with its sum.
            starts = [k for k, line in enumerate(lines) if isinstance(line, Equation) and line.symbols is None]
            bounds = [*starts, len(lines)]
            products, sums = lines[: bounds[0]], [lines[start:end] for start, end in pairwise(bounds)]
            if sums_apart:
                yield from self._write_backward_step(node, products)
                for branch, its_lines in zip(completed, sums, strict=True):
                    yield self._write_sum(branch, its_lines)
            else:
                yield from self._write_backward_step(node, (*products, *(each[0] for each in sums)), completed)

    def _write_backward_step(self, node: int, lines: Sequence[Line], branches: Sequence[int] = ()) -> Iterator[Slide]:
        if not lines:
            return
        step = self.backward[self.graph.step_of[node]]
        assert step.formula
        of = len(self.graph.gate_ids)
        upstream, what = self.nodes.write_gradient(node), self.nodes.unit
        note = ("From above comes ", upstream, f". The {what} ", Atom(step.name), f" {self.nodes.say_effect(node)}.")
        stage = self.board.show_gradients(node, branches)
        formula = abbreviate(step.formula)
        for count, group in _number_parts(share_evenly(lines, MOST_LINES)):
            heading = (f"Backward, step {step.number} of {of}{count}: ", Atom(step.name))
            yield Slide(BACKWARD, heading, group, note, stage, formula)

    def _write_sum(self, node: int, lines: tuple[Line, ...]) -> Slide:
        total, wires = self.nodes.write_gradient(node), len(self.graph.wires_from[node])
        note = (f"{wires} wires leave ", self._name(node), "; what they bring back adds up to ", total, ".")
        heading = ("Backward, the branch of ", self._name(node))
        return Slide(BACKWARD, heading, lines, note, self.board.show_sum(node))

    def write_pass(self, part: str) -> Iterator[Slide]:
        """Write the whole forward or backward pass, on as few slides as its equations need."""
        steps, roles, note = self.forward, [VALUE], self.nodes.pass_notes[part]
        if part == BACKWARD:
            steps, roles = tuple(self.backward.values()), [VALUE, GRADIENT]
        equations = [line for step in steps for line in _take_lines(step) if isinstance(line, Equation)]
        stage = self.board.show_all(*roles)
        for count, group in _number_parts(share_evenly(equations, MOST_LINES)):
            yield Slide(part, (f"{part.capitalize()} pass{count}",), group, (note,), stage)

    def write_results(self) -> Iterator[Slide]:
        """Write the slide with every number, and with a short table of them; a longer table follows on its own."""
        table = self._write_table()
        is_short = 0 < len(table.rows) <= MOST_ROWS and self.nodes.table_stands_with_figure
        gradients = [
            Equality(Term("partial", (self.output, self._name(i))), (), self.nodes.write_gradient(i))
            for i in self.graph.inputs
        ]
        results = _join([self._equate_output(), *gradients])
        warnings = [Remark((f"Note: {warning}.",)) for warning in self.trace.warnings]
        lines = warnings if is_short else [Remark(results), *warnings]
        heading = ("Every value and every gradient",)
        note = ("Two passes, one forward and one back, and every derivative is known: ", *results, ".")
        stage = self.board.show_all(VALUE, GRADIENT)
        yield Slide(RESULT, heading, tuple(lines), note, stage, table=table if is_short else None)
        if is_short or not table.rows:  # a program that is a constant has no rows
            return
        note = ("The same numbers as a table, to look up.",)
        for count, part in _number_parts(split_over_slides(table)):
            yield Slide(RESULT, (f"In numbers{count}",), (), note, table=part)

    def _write_table(self) -> NumberTable:
        rows: list[tuple[Words, ...]] = []
        for node in self.graph.inputs:
            rows.append(((), (self._name(node),), ("input",), *self.nodes.write_cells(node)))
        for step, node in zip(self.forward, self.graph.gate_ids, strict=True):
            equation = step.lines[0]
            assert isinstance(equation, Equation)
            assert equation.symbols
            first_cells = ((str(step.number),), (Atom(step.name),), (abbreviate(equation.symbols),))
            rows.append((*first_cells, *self.nodes.write_cells(node)))
        return NumberTable(self.nodes.columns, tuple(rows))

    def _count_gates_and_inputs(self, between: str) -> str:
        gates, inputs, unit = len(self.graph.gate_ids), len(self.graph.inputs), self.nodes.unit
        return f"{gates} {unit}{'' if gates == 1 else 's'}{between}{inputs} input{'' if inputs == 1 else 's'}"

    def _write_point(self) -> Words:
        return _join([self._equate(i) for i in self.graph.inputs])

    def _equate(self, node: int) -> Equality:
        return Equality(self._name(node), (), self.nodes.write_value(node))

    def _equate_output(self) -> Equality:
        return Equality(self.output, (), self.nodes.write_value(self.graph.output))

    def _name(self, node: int) -> Atom:
        return Atom(self.graph.nodes[node].name)


def _take_lines(step: DerivationStep) -> tuple[Line, ...]:
    """Take the equations and sentences of a step as lines of a slide."""
    lines: list[Line] = []
    for line in step.lines:
        if isinstance(line, Sentence):
            lines.append(Remark(line.parts))
        else:
            symbols, numbers = (side and abbreviate(side) for side in (line.symbols, line.numbers))
            lines.append(line._replace(symbols=symbols, numbers=numbers))
    return tuple(lines)


def _number_parts(parts: Sequence[Item]) -> list[tuple[str, Item]]:
    """Number parts that go over several slides: " (1 of 2)" for the heading of the first, and "" for a single part."""
    if len(parts) == 1:
        return [("", parts[0])]
    return [(f" ({k} of {len(parts)})", part) for k, part in enumerate(parts, start=1)]


def _join(items: Sequence[Equality], last: str = ", ") -> Words:
    """Join items with commas, as in "x = 3, y = −4", or with another word before the last."""
    words: list[str | Formula | Equality] = []
    for k, item in enumerate(items):
        if k:
            words.append(last if k == len(items) - 1 else ", ")
        words.append(item)
    return tuple(words)
