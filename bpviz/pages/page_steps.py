"""The steps of a page: the numbers appear in the order of a deck, and each step has its lines of the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bpviz.graph import Graph
from bpviz.lecture.slides import BACKWARD, FORWARD
from bpviz.pages.page_numbers import name_downstream, name_gradient, name_sum, name_value

SEED = "seed"  # the key of the line that says that the output's own gradient is 1


class PageStep(NamedTuple):
    """A step: its pass, the keys of the numbers that it shows, those of its lines, and the node it is at.

    With what comes down a wire its local gradient is shown.
    """

    part: str
    shows: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    node: int | None = None


def list_steps(graph: Graph) -> list[PageStep]:
    """List the steps of a graph: the blank figure, the inputs, each gate forward, and back with the branches' sums."""
    given = tuple(name_value(i) for i, node in enumerate(graph.nodes) if node.gate is None)
    steps = [PageStep(FORWARD), PageStep(FORWARD, given)]
    steps += [PageStep(FORWARD, (name_value(i),), (name_value(i),), i) for i in graph.gate_ids]
    steps.append(PageStep(BACKWARD, (name_gradient(graph.output),), (SEED,), graph.output))
    return steps + list(_list_backward(graph))


def _list_backward(graph: Graph) -> Iterator[PageStep]:
    missing = [len(wires) for wires in graph.wires_from]
    for i in reversed(graph.gate_ids):
        wires = [*graph.wires_into(i)]
        if not wires:
            continue
        shows = [name_downstream(wire) for wire in wires]
        shows += [name_gradient(wire.source) for wire in wires if len(graph.wires_from[wire.source]) == 1]
        yield PageStep(BACKWARD, tuple(shows), tuple(map(name_downstream, wires)), i)
        for wire in wires:
            missing[wire.source] -= 1
        for source in dict.fromkeys(wire.source for wire in wires):
            if not missing[source] and len(graph.wires_from[source]) > 1:
                yield PageStep(BACKWARD, (name_gradient(source), name_sum(source)), (name_sum(source),), source)
