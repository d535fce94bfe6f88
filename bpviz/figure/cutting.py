"""Cut a large diagram: keep what is near one gate, or cut the longest wires and write their value's name at the gate.

Nobody's eye follows a wire past fifty gates, and for each rank that it passes Graphviz places one more node, in a time
that grows with the square of their number: 100 gates in a chain with six inputs took 11 s, 300 more than nine minutes.
So the longest wires are cut until the rest is quick to place, and a name stands for the wire, as in a circuit diagram.
Each value keeps the wire to its nearest gate, so nothing falls apart; an input that has none near the row of inputs
stands by its gate. What is cut follows from the graph alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bpviz.errors import UsageError
from bpviz.figure.diagram import AGAIN, BRANCH, FOLD, GATE, INPUT, Diagram, Edge, Shape
from bpviz.figure.fold_groups import Group
from bpviz.figure.lettering import subscript
from bpviz.graph import Graph

FOCUS_STEPS = 2  # gates that are seen each way from the one in focus
FURTHER = "…"
RANKS_TIMES_DEPTH = 20_000  # ranks that all wires may pass on their way to further gates, times the ranks there are
LEAST_RANKS = 200  # ranks that they may pass however many there are


def focus_on(diagram: Diagram, graph: Graph, name: str, groups: Sequence[Group] = ()) -> Diagram:
    """Keep what is within a few steps of the gate or input of a name, or of the box that it is in.

    A wire that leads further ends in the name of what is there. Raises UsageError for an unknown name, and for an
    input that is drawn as one of a stack.
    """
    node = graph.find(name)
    shown = next((group.roots[-1] for group in groups if node in group.members), node)
    middle = next((each.id for each in diagram.shapes if each.node == shown and each.kind in (GATE, INPUT, FOLD)), None)
    if middle is None:
        raise UsageError(f"{name} is not drawn by itself in the folded figure", hint="leave the folding out")
    dots = {shape.id for shape in diagram.shapes if shape.kind == BRANCH}
    forward: dict[str, list[str]] = {}
    backward: dict[str, list[str]] = {}
    for edge in diagram.edges:
        forward.setdefault(edge.source, []).append(edge.target)
        backward.setdefault(edge.target, []).append(edge.source)
    near = {*_reach(middle, backward, dots), *_reach(middle, forward, dots)}

    names = {shape.id: shape.name or shape.operation or FURTHER for shape in diagram.shapes}
    edges: list[Edge] = []
    sources: list[Shape] = []
    targets: list[Shape] = []
    for edge in diagram.edges:
        if edge.source in near or edge.target in near:
            if edge.source not in near:
                source_name = subscript(graph.nodes[edge.node].name)
                sources.append(Shape(f"again-{edge.id}", AGAIN, source_name, "", edge.title, edge.node))
                edges.append(edge._replace(source=sources[-1].id))
            elif edge.target not in near:
                targets.append(Shape(f"further-{edge.id}", AGAIN, names[edge.target], "", edge.title, edge.node))
                edges.append(edge._replace(target=targets[-1].id))
            else:
                edges.append(edge)
    return diagram._replace(
        shapes=(*(shape for shape in diagram.shapes if shape.id in near), *sources, *targets),
        edges=tuple(edges),
        inputs=tuple(each for each in diagram.inputs if each in near),
    )


def _reach(middle: str, neighbours: dict[str, list[str]], dots: set[str]) -> Iterator[str]:
    """Yield the shapes within a few steps; a branch dot on the way is no step."""
    frontier = [middle]
    yield middle
    for _ in range(FOCUS_STEPS):
        found = [end for each in frontier for end in neighbours.get(each, ())]
        yield from found
        frontier = [end for each in found for end in (neighbours.get(each, ()) if each in dots else (each,))]
        yield from frontier


def cut_long_wires(diagram: Diagram, graph: Graph) -> Diagram:
    """Cut the longest wires, if they are many, and write the name of their value where they end."""
    depths = _measure_depths(diagram.edges)
    deepest = max(depths.values())
    # An input floats beside its gate when its shortest wire would be cut, too.
    passed_by_input = {id_: deepest - depths.get(id_, 0) + 1 for id_ in diagram.inputs}
    spans = {edge.id: depths[edge.source] - depths[edge.target] for edge in diagram.edges}
    room = max(LEAST_RANKS, RANKS_TIMES_DEPTH // deepest)
    longest = _find_longest_span([*spans.values(), *passed_by_input.values()], room)

    edges: list[Edge] = []
    tags: list[Shape] = []
    for edge in diagram.edges:
        if spans[edge.id] > longest:
            name = subscript(graph.nodes[edge.node].name)
            tags.append(Shape(f"again-{edge.id}", AGAIN, name, "", f"{name} again: {edge.title}", edge.node))
            edges.append(edge._replace(source=tags[-1].id))
        else:
            edges.append(edge)
    named = {tag.node for tag in tags}
    shapes = []
    for shape in diagram.shapes:
        if shape.node in named and shape.kind == GATE and not shape.name:  # a circle with its operation only
            shapes.append(shape._replace(step=f"{shape.step} {subscript(graph.nodes[shape.node].name)}".strip()))
        else:
            shapes.append(shape)
    return diagram._replace(
        shapes=(*shapes, *tags),
        edges=tuple(edges),
        floating=frozenset(diagram.floating).union(id_ for id_, passed in passed_by_input.items() if passed > longest),
        wires_cut=len(tags),
        depth=deepest,
    )


def _measure_depths(edges: Iterable[Edge]) -> dict[str, int]:
    """Measure the longest path from each shape to the output: how far from it the shape must stand."""
    sources: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for edge in edges:
        sources.setdefault(edge.target, []).append(edge.source)
        waiting[edge.source] = waiting.get(edge.source, 0) + 1
    ready = [target for target in sources if target not in waiting]
    depths = dict.fromkeys((*sources, *waiting), 0)
    while ready:
        target = ready.pop()
        for source in sources.get(target, ()):
            depths[source] = max(depths[source], depths[target] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    return depths


def _find_longest_span(spans: list[int], room: int) -> int:
    """Find the greatest span up to which all wires together pass no more ranks than there is room for."""
    longest = 1
    for span, same in groupby(sorted(spans)):
        room -= sum(1 for _ in same) * (span - 1)
        if room < 0:
            break
        longest = span
    return longest
