"""Fold a diagram: gates become one box, and only the wires across the box's boundary stay, with their numbers.

A value that enters a box by several wires enters it by one edge, whose gradient is the sum of theirs. Where more edges
enter a box than a slide holds, inputs of one kind that only this box uses, such as the weights of a layer, are drawn as
one stack; if that is not enough, so are the edges from another box.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.diagram import (
    BRANCH,
    CONSTANT,
    CONTRIBUTION,
    FOLD,
    GATE,
    GRADIENT,
    INPUT,
    STACK,
    VALUE,
    WIRE,
    Diagram,
    Edge,
    Label,
    Shape,
    strip_kind,
)
from bpviz.figure.fold_groups import Group
from bpviz.figure.lettering import subscript
from bpviz.figure.node_texts import write_operation
from bpviz.figure.vector_texts import add_gradients
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph, write_operand
from bpviz.grouping import GroupedGraph
from bpviz.noise import ErrorBounds, add_contributions, bound_errors

MOST_EDGES_IN = 12  # into a box, each with numbers of its own
LONGEST_FORMULA_IN_BOX = 20  # characters
DIGIT = re.compile(r"[\d_]")  # inputs of one kind have the same name up to it: the "w" of w_12


def fold(diagram: Diagram, graph: Graph, trace: Trace | None, rounding: Rounding, groups: Sequence[Group]) -> Diagram:
    """Draw each group of gates as one box."""
    boxes = _name_boxes(diagram, graph, trace, rounding, groups)
    edges, stacks = _thin_out(_reroute(diagram, boxes), boxes)
    stacked = [_draw_stack(stack, boxes) for stack in stacks]
    drawn = (*edges, *(edge for _, edge in stacked))
    ends = {edge.source for edge in drawn} | {edge.target for edge in drawn}
    return diagram._replace(
        shapes=(
            *(shape for shape in diagram.shapes if shape.id in ends),
            *(_draw_box(id_, boxes) for id_ in boxes.groups),
            *(shape for shape, _ in stacked),
        ),
        edges=drawn,
        inputs=tuple(each for each in diagram.inputs if each in ends),
    )


class Boxes(NamedTuple):
    """The boxes of a figure: groups by the ids of their boxes, home the box that a node is in, ids for other nodes.

    bounds are those of the errors of the trace's numbers.
    """

    graph: Graph
    trace: Trace | None
    bounds: ErrorBounds | None
    rounding: Rounding
    groups: Mapping[str, Group]
    home: Mapping[int, str]
    ids: Mapping[int, str]

    def find_shape(self, node: int) -> str:
        """Return the id of the shape that stands for a node: its box, or its own."""
        return self.home.get(node) or self.ids[node]

    def name(self, id_: str) -> str:
        """Return the name of a box: that of its last gate, or those of the first and the last of them."""
        roots = [subscript(self.graph.nodes[i].name) for i in self.groups[id_].roots]
        return ", ".join(roots) if len(roots) < 3 else f"{roots[0]} … {roots[-1]}"

    def add_gradients(self, edges: Sequence[Edge]) -> Label:
        """Add up what the wires of edges bring back, which carry one value; in a blank figure the label has no text."""
        wires = [edge.wire for edge in edges if edge.wire]
        if isinstance(self.graph, GroupedGraph):
            return edges[0].after if not wires[1:] else add_gradients(self.graph, self.trace, wires, self.rounding)
        if not self.trace or not self.bounds:
            return Label("", GRADIENT)
        return Label(number(add_contributions(self.trace, self.bounds, wires), self.rounding), GRADIENT)


def _name_boxes(
    diagram: Diagram, graph: Graph, trace: Trace | None, rounding: Rounding, groups: Sequence[Group]
) -> Boxes:
    ids = {shape.node: shape.id for shape in diagram.shapes if shape.kind in (INPUT, CONSTANT, GATE)}
    named = {f"fold-{strip_kind(ids[group.roots[0]])}": group for group in groups}
    home = {i: id_ for id_, group in named.items() for i in group.members}
    for i, node in enumerate(graph.nodes):  # a constant is part of the box that it is used in
        users = {home.get(wire.target) for wire in graph.wires_from[i]}
        if node.constant is not None and len(users) == 1 and (box := users.pop()):
            home[i] = box
    bounds = bound_errors(trace.unrounded or trace) if trace and not graph.vectors else None
    return Boxes(graph, trace, bounds, rounding, named, home, ids)


def _reroute(diagram: Diagram, boxes: Boxes) -> list[Edge]:
    """Drop the edges inside boxes, join those that carry one value into one box, and move the ends of the others."""
    bundles: dict[tuple[int, str], list[Edge]] = {}
    for edge in diagram.edges:
        target = boxes.home.get(edge.wire.target) if edge.wire else None
        if target is None:
            bundles[edge.node, edge.id] = [edge]
        elif target != boxes.home.get(edge.node):
            bundles.setdefault((edge.node, target), []).append(edge)
    joined = [_join(edges, key[1], boxes) if key[1] in boxes.groups else edges[0] for key, edges in bundles.items()]

    uses = Counter(edge.node for edge in joined if edge.kind in (WIRE, CONTRIBUTION))
    dots = {shape.node: shape.id for shape in diagram.shapes if shape.kind == BRANCH}
    rerouted = []
    for edge in joined:
        if edge.target == dots.get(edge.node) and uses[edge.node] < 2:
            continue  # a trunk to a branch of which one edge is left
        if edge.kind not in (WIRE, CONTRIBUTION):
            rerouted.append(edge._replace(source=boxes.find_shape(edge.node)))
        elif uses[edge.node] > 1:
            source = dots.get(edge.node) or boxes.find_shape(edge.node)
            rerouted.append(edge._replace(source=source, kind=CONTRIBUTION))
        else:
            rerouted.append(edge._replace(source=boxes.find_shape(edge.node), kind=WIRE))
    return rerouted


def _join(edges: Sequence[Edge], box: str, boxes: Boxes) -> Edge:
    """Join the edges by which one value enters one box."""
    first, share = edges[0], boxes.add_gradients(edges)
    numbers = f": value {first.before.text}, gradient {share.text}" if boxes.trace else ""
    return first._replace(
        id=f"wire-{strip_kind(box)}-{strip_kind(boxes.ids[first.node])}",
        kind=WIRE,
        target=box,
        after=share,
        title=f"{subscript(boxes.graph.nodes[first.node].name)} → {boxes.name(box)}{numbers}",
        wire=None,
    )


def _thin_out(edges: Sequence[Edge], boxes: Boxes) -> tuple[list[Edge], list[list[Edge]]]:
    """Reduce the edges into each box to what a slide holds; return those that stay, and the stacks of the others."""
    graph, inputs, uses = boxes.graph, set(boxes.graph.inputs), Counter(edge.node for edge in edges)
    kept = {edge.id: edge for edge in edges}
    stacks = []
    for box in boxes.groups:
        into = [edge for edge in edges if edge.target == box]

        # Inputs of one kind become a stack: the kind with most edges first, then the one that is used least.
        from_inputs = [edge for edge in into if edge.node in inputs and uses[edge.node] == 1]
        by_kind = _group_by(from_inputs, lambda edge: DIGIT.split(graph.nodes[edge.node].name)[0])
        kinds = [kind for kind in by_kind.values() if len(kind) > 1]
        kinds.sort(key=lambda kind: (-len(kind), sum(len(graph.wires_from[edge.node]) for edge in kind)))
        while len(into) > MOST_EDGES_IN and kinds:
            stacks.append(kinds.pop(0))
            for edge in stacks[-1]:
                del kept[edge.id]
            into = [edge for edge in into if edge.id in kept]

        # Edges from one box become one edge, which says how many they are.
        by_box = _group_by(into, lambda edge: boxes.home.get(edge.node, "") if uses[edge.node] == 1 else "")
        for source in (source for source in by_box if source and len(into) > MOST_EDGES_IN):
            first, *others = by_box[source]
            title = f"{boxes.name(source)} → {boxes.name(box)}: {1 + len(others)} values"
            bundle = _count_labels(first, 1 + len(others))
            kept[first.id] = bundle._replace(id=f"wire-{strip_kind(box)}-{strip_kind(source)}", title=title)
            for edge in others:
                del kept[edge.id]
    return list(kept.values()), stacks


def _group_by(edges: Iterable[Edge], key: Callable[[Edge], str]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(key(edge), []).append(edge)
    return groups


def _draw_stack(edges: Sequence[Edge], boxes: Boxes) -> tuple[Shape, Edge]:
    """Draw several inputs as one shape with one edge."""
    first, last, target = edges[0], edges[-1], edges[0].target
    name = " … ".join(subscript(boxes.graph.nodes[edge.node].name) for edge in (first, last))
    id_ = f"stack-{strip_kind(target)}-{strip_kind(first.source)}"
    title = f"{len(edges)} inputs, {name}"
    shape = Shape(id_, STACK, name, f"{len(edges)} inputs", title, first.node)
    counted = _count_labels(first, len(edges))
    return shape, counted._replace(id=f"wire-{id_}", source=id_, title=f"{title} → {boxes.name(target)}")


def _count_labels(edge: Edge, count: int) -> Edge:
    """Label an edge with how many numbers it carries; a blank figure may say so, too."""
    return edge._replace(before=Label(f"{count} values", VALUE), after=Label(f"{count} gradients", GRADIENT))


def _draw_box(id_: str, boxes: Boxes) -> Shape:
    """Draw the box of a group, with its name and what it computes, or how many gates are in it."""
    group, name = boxes.groups[id_], boxes.name(id_)
    cells, gates = len(group.roots), len(group.members)
    each = f"{gates // cells} gate{'' if gates == cells else 's'}"
    count = each if cells == 1 else f"{cells} × {each}"
    operation = _write_operation_of(group, boxes) if cells == 1 else ""
    return Shape(id_, FOLD, name, operation or count, f"{name}: {count}, folded", group.roots[-1])


def _write_operation_of(group: Group, boxes: Boxes) -> str:
    """Write what a box computes: its formula if that is short, or else the function that it ends with, such as σ."""
    graph, root = boxes.graph, group.roots[-1]
    inside = [i for i in group.members if i == root or i not in graph.named]
    formulas: dict[int, str] = {}  # those that are short
    for i in inside:
        gate, operands = graph.nodes[i].gate, graph.nodes[i].operands
        if gate and all(each in formulas or each not in inside for each in operands):
            usual = [subscript(write_operand(graph.nodes[each], gate.written, boxes.rounding)) for each in operands]
            written = [formulas.get(each, name) for each, name in zip(operands, usual, strict=True)]
            formula = graph.write_with(i, written)
            if gate.commutative and graph.nodes[operands[0]].gate == gate:
                formula = formula.replace(f"({written[0]})", written[0], 1)  # a + b + c
            if len(formula) <= LONGEST_FORMULA_IN_BOX:
                formulas[i] = formula
    operation = write_operation(graph, root, boxes.rounding)
    return formulas.get(root) or (operation if operation.isalpha() and len(graph.nodes[root].operands) == 1 else "")
