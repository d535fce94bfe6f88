"""Write the shapes of vectors: beside the names in a figure, or in place of the numbers on its wires."""

from __future__ import annotations

from collections.abc import Collection

from bpviz.errors import UsageError
from bpviz.figure.diagram import ABSENT, GATE, GRADIENT, INPUT, NO_PORT, VALUE, Diagram, Edge, Label, Shape
from bpviz.figure.lettering import subscript
from bpviz.figure.wire_labels import GRADIENTS, SHAPES, VALUES, parse_show
from bpviz.graph import Graph
from bpviz.grouping import GroupedGraph
from bpviz.vectors import write_shape


def show_shapes(diagram: Diagram, graph: Graph, show: str | Collection[str]) -> Diagram:
    """Write the shapes if show asks for them: behind the names where wires have numbers, otherwise on the wires.

    Raises UsageError for a program without vectors.
    """
    words = parse_show(show)
    if SHAPES not in words:
        return diagram
    if not isinstance(graph, GroupedGraph):
        raise UsageError("a program without vectors has no shapes to show", hint="leave shapes out")
    grouped = graph

    def name_shape(name: str, node: int) -> str:
        shape = grouped.grid.nodes[node].shape
        return f"{name}: {write_shape(shape)}" if name and shape else name

    def write_on(edge: Edge) -> Edge:
        if edge.before.state == edge.after.state == ABSENT and grouped.nodes[edge.node].constant is not None:
            return edge
        own = grouped.output_name if edge.node == grouped.output else grouped.nodes[edge.node].name
        name = name_shape(subscript(own), edge.node)
        return edge._replace(before=Label(name, VALUE), after=Label("", GRADIENT, ABSENT), port=NO_PORT)

    def write_in(shape: Shape) -> Shape:
        is_named = shape.kind in (INPUT, GATE)
        return shape._replace(name=name_shape(shape.name, shape.node)) if is_named else shape

    if VALUES in words or GRADIENTS in words:
        return diagram._replace(shapes=tuple(map(write_in, diagram.shapes)))
    return diagram._replace(edges=tuple(map(write_on, diagram.edges)))
