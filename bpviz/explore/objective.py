"""A part of a program as a program of its own: what one of its names needs, that name being the output."""

from __future__ import annotations

from dataclasses import replace

from bpviz.errors import UsageError
from bpviz.graph import Graph


def objective(graph: Graph, name: str | None) -> Graph:
    """Return the graph whose output is the gate of a name; the graph as it is for None.

    Its inputs are those that the gate depends on. Raises UsageError for an unknown name, and for an input.

    >>> from bpviz.lang import parse
    >>> [node.name for node in objective(parse("q = x + y; f = q*z"), "q").nodes]
    ['x', 'y', 'q']
    """
    node = graph.output if name is None else graph.find(name)
    if node in graph.inputs:
        gates = ", ".join(graph.nodes[i].name for i in graph.gate_ids)
        raise UsageError(f"{graph.nodes[node].name} is an input", hint=f"choose one of the gates: {gates}")
    if node == graph.output:
        return graph
    return _up_to(graph, node)


def _up_to(graph: Graph, output: int) -> Graph:
    """Return the nodes that one of them needs, in their order, with their ids counted anew."""
    needed = [False] * (output + 1)
    needed[output] = True
    for i in range(output, -1, -1):
        if needed[i]:
            for operand in graph.nodes[i].operands:
                needed[operand] = True
    kept = [i for i in range(output + 1) if needed[i]]
    new = {old: i for i, old in enumerate(kept)}
    nodes = (graph.nodes[i] for i in kept)
    names = {graph.nodes[i].name for i in kept}
    return replace(
        graph,
        nodes=tuple(node._replace(operands=tuple(new[operand] for operand in node.operands)) for node in nodes),
        inputs=tuple(new[i] for i in graph.inputs if i in new),
        output=new[output],
        output_name=graph.nodes[output].name,
        defaults={name: value for name, value in graph.defaults.items() if name in names},
        warnings=(),
    )
