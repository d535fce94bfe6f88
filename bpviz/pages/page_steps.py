"""The steps of a page: the numbers appear in the order of a deck, and each step has its lines of the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bpviz.figure.lettering import subscript
from bpviz.graph import Graph
from bpviz.lecture.slides import BACKWARD, FORWARD
from bpviz.pages.page_numbers import name_downstream, name_gradient, name_local, name_sum, name_value

SEED = "seed"  # the key of the line that says that the output's own gradient is 1


class PageStep(NamedTuple):
    """A step: its pass, its title, the keys of the numbers that it shows, those of its lines, and the node it is at."""

    part: str
    title: str
    shows: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    node: int | None = None


def list_steps(graph: Graph) -> list[PageStep]:
    """List the steps of a graph: the blank figure, the inputs, each gate forward, and back with the branches' sums."""
    given = tuple(name_value(i) for i, node in enumerate(graph.nodes) if node.gate is None)
    steps = [PageStep(FORWARD, "The graph, without a number"), PageStep(FORWARD, "Forward: the inputs", given)]
    count = len(graph.gate_ids)
    for k, i in enumerate(graph.gate_ids, start=1):
        value = name_value(i)
        steps.append(PageStep(FORWARD, f"Forward, step {k} of {count}: {_name(graph, i)}", (value,), (value,), i))
    seed = (name_gradient(graph.output),)
    steps.append(PageStep(BACKWARD, f"The turn: {_name(graph, graph.output)} itself", seed, (SEED,), graph.output))
    return steps + list(_list_backward(graph))


def _list_backward(graph: Graph) -> Iterator[PageStep]:
    missing = [len(wires) for wires in graph.wires_from]
    count = len(graph.gate_ids)
    for i in reversed(graph.gate_ids):
        wires = [*graph.wires_into(i)]
        if not wires:
            continue
        shows = [name for wire in wires for name in (name_local(wire), name_downstream(wire))]
        shows += [name_gradient(wire.source) for wire in wires if len(graph.wires_from[wire.source]) == 1]
        title = f"Backward, step {graph.step_of[i]} of {count}: {_name(graph, i)}"
        yield PageStep(BACKWARD, title, tuple(shows), tuple(map(name_downstream, wires)), i)
        for wire in wires:
            missing[wire.source] -= 1
        for source in dict.fromkeys(wire.source for wire in wires):
            if not missing[source] and len(graph.wires_from[source]) > 1:
                title = f"Backward, the branch of {_name(graph, source)}"
                shown = (name_gradient(source), name_sum(source))
                yield PageStep(BACKWARD, title, shown, (name_sum(source),), source)


def _name(graph: Graph, node: int) -> str:
    return subscript(graph.output_name if node == graph.output else graph.nodes[node].name)
