"""What the slides say of a node: its value and its gradient, its cells in the table, and what it does to a gradient.

A node is a gate over numbers or, in a program with vectors, an operation over vectors, whose numbers stand in grids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from bpviz.autodiff import Trace
from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula
from bpviz.graph import Graph
from bpviz.grouping import group
from bpviz.lecture.slides import BACKWARD, FORWARD, Column, Equality, Words
from bpviz.text.grid_formulas import make_numbers, shorten
from bpviz.vectors import VectorNode, VectorNumbers, VectorOperation, write_shape

MOST_LOCALS = 6  # local gradients in a row of the table
FIRST_COLUMNS = (Column("step", is_number=True), Column("name"), Column("is"))


class SlideNodes:
    """What the slides of a program of numbers say of its nodes.

    unit is what a step is called, circle what each circle of the figure stands for, and carried what is on a wire.
    """

    unit = "gate"
    circle = "one elementary function"
    carried = "one number"
    table_stands_with_figure = True
    pass_notes: ClassVar[Mapping[str, str]] = {
        FORWARD: "Forward, every gate computes its value from those before it.",
        BACKWARD: "Backward, every gate multiplies what comes from above by its local gradients; at branches they add.",
    }
    columns: tuple[Column, ...] = (
        *FIRST_COLUMNS,
        Column("value", is_number=True, role=VALUE),
        Column("local gradients"),
        Column("gradient", is_number=True, role=GRADIENT),
    )

    def __init__(self, trace: Trace, rounding: Rounding) -> None:
        self.trace, self.rounding = trace, rounding
        self.graph: Graph = group(trace.graph)

    def write_value(self, node: int) -> Formula:
        """Write the value of a node."""
        return self._round(self.trace.values[node])

    def write_gradient(self, node: int) -> Formula:
        """Write the gradient of a node."""
        return self._round(self.trace.gradients[node])

    def write_cells(self, node: int) -> tuple[Words, ...]:
        """Write what the table says of a node behind what it is: its value, its local gradients and its gradient."""
        locals_ = self._write_locals(node) if node in self.graph.step_of else ()
        return (self.write_value(node),), locals_, (self.write_gradient(node),)

    def write_shapes(self) -> list[Words]:
        """Write which shapes the nodes have; numbers have none."""
        return []

    def say_effect(self, node: int) -> str:
        """Say what a node does to a gradient."""
        gate = self.graph.nodes[node].gate
        assert gate
        return gate.words.does

    def _write_locals(self, node: int) -> Words:
        """Write the local gradients of a gate, each behind its operand's name: "x: 2, y: 3"."""
        wires = [*self.graph.wires_into(node)]
        words: list[str | Formula | Equality] = []
        for wire in wires[:MOST_LOCALS]:
            local = self._round(self.trace.local[node][wire.slot])
            if words:
                words.append(", ")
            words += [Atom(self.graph.nodes[wire.source].name), ":\N{NO-BREAK SPACE}", local]
        return (*words, ", …") if len(wires) > MOST_LOCALS else tuple(words)

    def _round(self, x: float) -> Atom:
        return Atom(number(x, self.rounding), x)


class VectorSlideNodes(SlideNodes):
    """What the slides of a program with vectors say of its operations."""

    unit = "operation"
    circle = "one operation"
    carried = "a vector, a matrix or a number"
    table_stands_with_figure = False  # its grids are those of the figure, and take more room than it leaves
    pass_notes: ClassVar[Mapping[str, str]] = {
        FORWARD: "Forward, every operation computes its value from those before it.",
        BACKWARD: "Backward, every operation turns the gradient of its result into those of its operands, each of the "
        "shape of its variable; at branches they add.",
    }
    columns = (*FIRST_COLUMNS, Column("shape"), Column("value", role=VALUE), Column("gradient", role=GRADIENT))

    @property
    def numbers(self) -> VectorNumbers:
        """The numbers of the vector nodes."""
        assert self.trace.vectors
        return self.trace.vectors

    def write_value(self, node: int) -> Formula:
        """Write the value of a node, of a large one the corners."""
        return self._make(node, self.numbers.value(node))

    def write_gradient(self, node: int) -> Formula:
        """Write the gradient of a node, of a large one the corners."""
        return self._make(node, self.numbers.gradient(node))

    def write_cells(self, node: int) -> tuple[Words, ...]:
        """Write what the table says of a node: its shape, its value and its gradient, in one line each."""
        shape = self._get_node(node).shape
        value, gradient = (show(each, TEXT) for each in (self.write_value(node), self.write_gradient(node)))
        return (write_shape(shape) if shape else "",), (value,), (gradient,)

    def write_shapes(self) -> list[Words]:
        """Write the shapes of inputs and statements, of those that are no numbers: "W: 2×2, x: 2"."""
        nodes = [self._get_node(i) for i in (*self.graph.inputs, *self.graph.named)]
        words: list[str | Formula | Equality] = []
        for node in [each for each in nodes if each.shape]:
            words += [", " if words else "", Atom(node.name), f":\N{NO-BREAK SPACE}{write_shape(node.shape)}"]
        return [("Shapes: ", *words)] if words else []

    def say_effect(self, node: int) -> str:
        """Say what an operation does to a gradient."""
        operation = self._get_node(node).operation
        assert operation
        return operation.does if isinstance(operation, VectorOperation) else operation.words.does

    def _get_node(self, node: int) -> VectorNode:
        assert self.graph.vectors
        return self.graph.vectors.nodes[node]

    def _make(self, node: int, numbers: Sequence[float]) -> Formula:
        return shorten(make_numbers(numbers, self._get_node(node).shape, self.rounding))


def choose_slide_nodes(trace: Trace, rounding: Rounding) -> SlideNodes:
    """Choose what is said of the nodes of a trace."""
    return (VectorSlideNodes if trace.graph.vectors else SlideNodes)(trace, rounding)
