"""Make a graph of the vector nodes of a program: it says what leads where and how all is called, and has no numbers.

What draws a figure asks a graph for names, operands, wires and statements. A program with vectors answers with its
vector nodes in place of its scalars, so that whatever works on one kind of graph works on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan

from bpviz.formula.tree import Atom
from bpviz.gates import Gate
from bpviz.graph import Graph, Node, Wire
from bpviz.vectors import VectorGraph, VectorNode, VectorOperation
from bpviz.vectors.lying_rows import find_rows
from bpviz.vectors.vector_row import write_call

TURNED = "ᵀ"


@dataclass(frozen=True, repr=False)
class GroupedGraph(Graph):
    """A graph of vector nodes: node i is vector node i. A row of either table takes a gate's place.

    scalars is the graph of their entries.
    """

    scalars: Graph | None = None

    @property
    def grid(self) -> VectorGraph:
        """The vector nodes themselves."""
        assert self.vectors
        return self.vectors

    @cached_property
    def rows(self) -> frozenset[int]:
        """The vectors that lie as rows."""
        return find_rows(self.grid)

    def list_constants(self, node: int) -> list[float]:
        """List the entries of a vector that was typed."""
        assert self.scalars
        found = (self.scalars.nodes[entry].constant for entry in self.grid.nodes[node].entries)
        return [each for each in found if each is not None]

    def wires_into(self, target: int) -> Iterator[Wire]:
        """Yield the visible wires into one operation: a vector that is typed has one, a number only among constants."""
        own = self.grid.nodes[target]
        for slot, source in enumerate(own.operands):
            is_parameter = isinstance(own.operation, Gate) and slot == own.operation.parameter
            is_number = self.nodes[source].constant is not None and not self.grid.nodes[source].shape
            if not is_number or (self.constants and not is_parameter):
                yield Wire(source, target, slot)

    def write_with(self, node: int, operands: Sequence[str]) -> str:
        """Return an operation with texts put in for its operands: "W @ x", "wᵀ @ x", "xpy²"."""
        own = self.grid.nodes[node]
        if not isinstance(own.operation, VectorOperation):
            return super().write_with(node, operands)
        turned = own.transposed or (False,) * len(operands)
        texts = [text + TURNED * is_turned for text, is_turned in zip(operands, turned, strict=True)]
        return write_call(own.operation, texts, own.arguments)


def group(graph: Graph) -> Graph:
    """Return the graph of a program's vector nodes; a graph that has none, or is one, as it is."""
    vectors = graph.vectors
    if vectors is None or isinstance(graph, GroupedGraph):
        return graph
    return GroupedGraph(
        graph.source,
        tuple(_make_node(graph, each) for each in vectors.nodes),
        vectors.inputs,
        vectors.output,
        graph.output_name,
        graph.defaults,
        constants=graph.constants,
        warnings=graph.warnings,
        named=vectors.named,
        vectors=vectors,
        scalars=graph,
    )


def _make_node(graph: Graph, own: VectorNode) -> Node:
    """Make a node of a vector node. A typed number is a constant; so is a typed vector, which is drawn."""
    constant, typed = None, None
    if own.is_constant and own.shape:
        constant, typed = nan, Atom(own.text, nan)
    elif own.is_constant:
        scalar = graph.nodes[own.entries[0]]
        constant, typed = scalar.constant, scalar.typed
    gate: Gate | VectorOperation | None = own.operation
    return Node(own.name, gate, own.operands, own.span, constant, typed)  # type: ignore[arg-type]  # a row has its names
