"""The entries of vectors as people name them: W[0, 1], where the graph of scalars has W_01."""

from __future__ import annotations

import re
from dataclasses import replace

from bpviz.autodiff import NodeNumbers, Trace
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.vectors import Shape, VectorGraph, say_shape
from bpviz.vectors.shapes import list_indices

# W[0, 1] and W[0][1], with the name and the indices
ENTRY = re.compile(r"(?<![\w.])(?P<name>[^\W\d]\w*)(?P<place>(?:\s?\[\s*\d+\s*(?:,\s*\d+\s*)?\])+)")
WORD = re.compile(r"[^\W\d]\w*")
INDEX = re.compile(r"\d+")


def write_index(index: tuple[int, ...]) -> str:
    """Write where an entry stands: "[0, 1]"."""
    return f"[{', '.join(map(str, index))}]"


def name_entries_of(vectors: VectorGraph) -> dict[int, str]:
    """Name the scalar nodes that are entries of a vector, by id; an entry that was only moved has its first name."""
    names: dict[int, str] = {}
    for node in vectors.nodes:
        if node.shape and not node.is_constant:
            for entry, index in zip(node.entries, list_indices(node.shape), strict=True):
                names.setdefault(entry, f"{node.name}{write_index(index)}")
    return names


def label_entries(trace: Trace) -> Trace:
    """Return the trace of the scalars, whose entries of vectors are called as people call them."""
    vectors = trace.graph.vectors
    assert vectors
    names = name_entries_of(vectors)
    nodes = tuple(node._replace(name=names.get(i, node.name)) for i, node in enumerate(trace.graph.nodes))
    defaults = {
        nodes[i].name: trace.graph.defaults[trace.graph.nodes[i].name]
        for i in trace.graph.inputs
        if trace.graph.nodes[i].name in trace.graph.defaults
    }
    graph = replace(trace.graph, nodes=nodes, defaults=defaults, vectors=None, vector_inputs={})
    values, gradients = NodeNumbers(graph, trace.values), NodeNumbers(graph, trace.gradients)
    return replace(trace, graph=graph, values=values, gradients=gradients)


def spell_entries(graph: Graph, text: str) -> str:
    """Write the names of the scalars in a text for the entries that are named in it: W_01 for W[0, 1].

    Raises UsageError for an entry that there is not.
    """

    def spell(found: re.Match[str]) -> str:
        assert graph.vectors
        node = graph.vectors.find(found["name"])
        if node is None or not graph.vectors.nodes[node].shape:
            return found[0]
        own = graph.vectors.nodes[node]
        index = tuple(map(int, INDEX.findall(found["place"])))
        places = list_indices(own.shape)
        if index not in places:
            raise UsageError(
                f"{own.name} is {say_shape(own.shape)}, and has no entry {write_index(index)}",
                hint=f"write one such as {own.name}{write_index(_find_last(own.shape))}, which is the last",
            )
        return graph.nodes[own.entries[places.index(index)]].name

    return ENTRY.sub(spell, text)


def show_entries(graph: Graph, text: str) -> str:
    """Write the entries in a text as people name them: W[0, 1] for W_01."""
    assert graph.vectors
    names = {graph.nodes[i].name: name for i, name in name_entries_of(graph.vectors).items()}
    return WORD.sub(lambda found: names.get(found[0], found[0]), text)


def _find_last(shape: Shape) -> tuple[int, ...]:
    return tuple(size - 1 for size in shape)
