"""What a figure writes for the nodes of a program with vectors: grids beside its wires, lists in its tooltips."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from bpviz.autodiff import Trace
from bpviz.figure.diagram import ABSENT, CONSTANT, GRADIENT, VALUE, Label, Shape
from bpviz.figure.grids import is_cut, make_grid, write_list
from bpviz.figure.node_texts import NodeTexts
from bpviz.formula.numerals import Rounding
from bpviz.graph import Wire
from bpviz.grouping import GroupedGraph
from bpviz.vectors import Shape as VectorShape
from bpviz.vectors import VectorNumbers, VectorOperation, VectorWire, write_shape
from bpviz.vectors.vector_row import write_symbol

NOTHING = Label("", VALUE, ABSENT), Label("", GRADIENT, ABSENT)


class VectorTexts(NodeTexts):
    """The texts for a vector node. Its graph is that of the vector nodes, its trace that of their scalars."""

    @property
    def numbers(self) -> VectorNumbers | None:
        """The numbers of the vector nodes, or None in a blank figure."""
        return self.trace.vectors if self.trace else None

    @property
    def grouped(self) -> GroupedGraph:
        """The graph of the vector nodes."""
        assert isinstance(self.graph, GroupedGraph)
        return self.graph

    def shape(self, node: int) -> VectorShape:
        """Return the shape of a node."""
        return self.grouped.grid.nodes[node].shape

    def value(self, node: int) -> str:
        """Return the value of a node in one line."""
        return write_list(self.numbers.value(node), self.shape(node), self.rounding) if self.numbers else ""

    def gradient(self, node: int) -> str:
        """Return the gradient of a node in one line."""
        return write_list(self.numbers.gradient(node), self.shape(node), self.rounding) if self.numbers else ""

    def summarize_gradient(self, node: int) -> str:
        """Return the end of a summary that began with ∂f/∂W: " = [1, 2]", or the shape where entries are left out."""
        shape = self.shape(node)
        return f": {write_shape(shape)}" if is_cut(shape) else super().summarize_gradient(node)

    def contribution(self, wire: Wire) -> str:
        """Return what one wire adds to its source's gradient, in one line."""
        if not self.numbers:
            return ""
        return write_list(self.numbers.contribution(VectorWire(*wire)), self.shape(wire.source), self.rounding)

    def say_value(self, node: int) -> str:
        """Return a node's value as tooltips tell it."""
        return self.value(node)

    def say_gradient(self, node: int) -> str:
        """Return a node's gradient as tooltips tell it."""
        return self.gradient(node)

    def say_contribution(self, wire: Wire) -> str:
        """Return what a wire adds to its source's gradient as tooltips tell it."""
        return self.contribution(wire)

    def operation(self, node: int) -> str:
        """Return what an operation does, as it stands in its circle."""
        own = self.grouped.grid.nodes[node]
        if isinstance(own.operation, VectorOperation):
            return write_symbol(own.operation, own.arguments)
        return super().operation(node)

    def is_ordered(self, node: int) -> bool:
        """Say whether the order of an operation's wires matters."""
        if isinstance(self.grouped.grid.nodes[node].operation, VectorOperation):
            return len(self.grouped.grid.nodes[node].operands) > 1
        return super().is_ordered(node)

    def draw_constant(self, node: int) -> Shape:
        """Make the shape of a constant: for a vector that was typed its grid, which is not blank in a blank figure."""
        own = self.grouped.grid.nodes[node]
        if not own.shape:
            return super().draw_constant(node)
        numbers = self.grouped.list_constants(node)
        text = write_list(numbers, own.shape, self.rounding)
        grid = make_grid(numbers, own.shape, self.rounding, is_row=node in self.grouped.rows)
        return Shape(self.ids[node], CONSTANT, "", "", f"the constant {text}", node, grid=grid)

    def edge_title(self, node: int, target: str, gradient: str) -> str:
        """Return an edge's tooltip, without a gradient for what was typed."""
        if self.graph.nodes[node].constant is not None and self.shape(node):
            return f"{self.draw_constant(node).title}{target}"
        return super().edge_title(node, target, gradient)

    def write_labels(self, node: int, wire: Wire | None = None) -> tuple[Label, Label]:
        """Write the labels of an edge: grids for a vector, numbers for one number, nothing for what was typed."""
        if self.graph.nodes[node].constant is not None and self.shape(node):
            return NOTHING
        if not self.numbers:
            return self._label(node, VALUE, None), self._label(node, GRADIENT, None)
        gradient = self.numbers.contribution(VectorWire(*wire)) if wire else self.numbers.gradient(node)
        return self._label(node, VALUE, self.numbers.value(node)), self._label(node, GRADIENT, gradient)

    def _label(self, node: int, role: str, numbers: Sequence[float] | None) -> Label:
        return label_vector(self.grouped, node, role, numbers, self.rounding)


def label_vector(
    graph: GroupedGraph, node: int, role: str, numbers: Sequence[float] | None, rounding: Rounding
) -> Label:
    """Make the label for numbers of a node: a grid, or one number; without numbers it is blank."""
    shape = graph.grid.nodes[node].shape
    text = write_list(numbers, shape, rounding) if numbers is not None else ""
    return Label(text, role, grid=make_grid(numbers, shape, rounding, is_row=node in graph.rows) if shape else None)


def add_gradients(graph: GroupedGraph, trace: Trace | None, wires: Sequence[Wire], rounding: Rounding) -> Label:
    """Add up what wires bring back that carry one value, as the label of an edge."""
    sums: list[float] | None = None
    if trace and trace.vectors:
        parts = [trace.vectors.contribution(VectorWire(*wire)) for wire in wires]
        sums = [fsum(each) for each in zip(*parts, strict=True)]
    return label_vector(graph, wires[0].source, GRADIENT, sums, rounding)
