"""Describe a graph as a diagram: its shapes, its edges, and the usual labels beside them, a value and a gradient."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.autodiff import Trace
from bpviz.figure.diagram import (
    BRANCH,
    CONTRIBUTION,
    GATE,
    INPUT,
    OUTPUT,
    STUB,
    TRUNK,
    WIRE,
    Diagram,
    Edge,
    Shape,
    strip_kind,
)
from bpviz.figure.lettering import subscript
from bpviz.figure.node_texts import NodeTexts, make_ids
from bpviz.figure.vector_texts import VectorTexts
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph
from bpviz.grouping import group


def describe(graph: Graph, trace: Trace | None, rounding: Rounding, *, labels: str, branch: bool) -> Diagram:
    """Describe a graph as a diagram, with the numbers of a trace or blank; one with vectors by its vector nodes.

    labels is what stands in a circle: "name", "op" or "both". With branch, a value that feeds several wires branches
    at a dot; otherwise its wires all begin at its own shape.
    """
    texts = write_texts(graph, trace, rounding, branch=branch)
    shapes, edges = _describe_shapes(texts, labels), _describe_edges(texts)
    return Diagram(tuple(shapes), tuple(edges), tuple(texts.ids[i] for i in texts.graph.inputs))


def write_texts(graph: Graph, trace: Trace | None, rounding: Rounding, *, branch: bool = True) -> NodeTexts:
    """Return what writes the texts of a graph: with vectors it is their own graph."""
    graph = group(graph)
    ids = make_ids(graph)
    dots = {i: f"branch-{strip_kind(ids[i])}" for i, wires in enumerate(graph.wires_from) if branch and len(wires) > 1}
    return (VectorTexts if graph.vectors else NodeTexts)(graph, trace, rounding, ids, dots)


def _describe_shapes(texts: NodeTexts, labels: str) -> Iterator[Shape]:
    """Yield the inputs, the constants that are drawn, the gates in step order, the branch dots and the output."""
    graph, output = texts.graph, texts.graph.output
    for i in graph.inputs:
        yield Shape(texts.ids[i], INPUT, texts.name(i), "", texts.title(i), i)
    for i, node in enumerate(graph.nodes):
        if node.constant is not None and (graph.wires_from[i] or i == output):
            yield texts.draw_constant(i)
    for i in graph.gate_ids:
        name = "" if labels == "op" else texts.name(i)
        symbol = "" if labels == "name" else texts.operation(i)
        yield Shape(texts.ids[i], GATE, name, symbol, texts.title(i), i, ordered=texts.is_ordered(i))
    for i, dot in texts.dots.items():
        terms = " + ".join(map(texts.say_contribution, graph.wires_from[i])).replace("+ −", "− ")
        title = f"branch of {texts.name(i)}" + (f": gradient {texts.say_gradient(i)} = {terms}" if texts.trace else "")
        yield Shape(dot, BRANCH, "", "", title, i)
    name = subscript(graph.output_name)
    title = f"output {name}" + (f" = {texts.say_value(output)}" if texts.trace else "")
    yield Shape("output", OUTPUT, name, "", title, output)


def _describe_edges(texts: NodeTexts) -> Iterator[Edge]:
    """Yield the trunks, an edge for every operand of every gate, and the stub."""
    graph, ids = texts.graph, texts.ids
    for i, dot in texts.dots.items():  # a trunk carries the whole gradient
        title = texts.edge_title(i, "", texts.say_gradient(i)) + (" in all" if texts.trace else "")
        yield Edge(f"trunk-{strip_kind(ids[i])}", TRUNK, ids[i], dot, *texts.write_labels(i), title, i)
    for wire in graph.wires():  # a wire carries its own contribution
        i, target = wire.source, ids[wire.target]
        kind = CONTRIBUTION if len(graph.wires_from[i]) > 1 else WIRE
        title = texts.edge_title(i, f" → {texts.name(wire.target)}", texts.say_contribution(wire))
        id_ = f"wire-{strip_kind(target)}-{wire.slot}"
        yield Edge(id_, kind, texts.dots.get(i, ids[i]), target, *texts.write_labels(i, wire), title, i, wire)
    i, gradient = graph.output, texts.gradient(graph.output)  # the 1 that the backward pass starts from
    title = texts.edge_title(i, f" → {subscript(graph.output_name)}", gradient)
    yield Edge("wire-output", STUB, ids[i], "output", *texts.write_labels(i), title, i)
