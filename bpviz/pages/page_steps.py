"""The steps of a page: the numbers appear in the order of a deck, and each step has its lines of the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bpviz.graph import Graph, Wire
from bpviz.grouping import GroupedGraph
from bpviz.pages.page_numbers import name_downstream, name_sum, name_value

BLANK, GIVEN, SEED = "blank", "given", "seed"  # the figure without a number, the inputs, and the output's gradient of 1


class PageStep(NamedTuple):
    """A step by its key, and the keys of its lines of the derivation.

    v5 is forward to node 5, d5 back from it along its wires, s5 the sum of what has come back to it. What a step shows
    follows from its key: page.js.
    """

    key: str
    lines: tuple[str, ...] = ()


def list_steps(graph: Graph) -> list[PageStep]:
    """List the steps of a graph: the blank figure, the inputs, each gate forward, and back with the branches' sums."""
    steps = [PageStep(BLANK), PageStep(GIVEN)]
    steps += [PageStep(name_value(i), (name_value(i),)) for i in graph.gate_ids]
    steps.append(PageStep(SEED, (SEED,)))
    return steps + list(_list_backward(graph))


def _list_backward(graph: Graph) -> Iterator[PageStep]:
    missing = [len(wires) for wires in graph.wires_from]
    for i in reversed(graph.gate_ids):
        wires = list_derived(graph, i)
        if not wires:
            continue
        yield PageStep(f"d{i}", tuple(map(name_downstream, wires)))
        for wire in wires:
            missing[wire.source] -= 1
        for source in dict.fromkeys(wire.source for wire in wires):
            if not missing[source] and len(graph.wires_from[source]) > 1:
                yield PageStep(name_sum(source), (name_sum(source),))


def list_derived(graph: Graph, node: int) -> list[Wire]:
    """List the wires into a gate along which a gradient comes: a typed vector, which is drawn, needs none."""
    is_grouped = isinstance(graph, GroupedGraph)
    return [wire for wire in graph.wires_into(node) if not is_grouped or graph.nodes[wire.source].constant is None]
