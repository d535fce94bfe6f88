"""The numbers of vector nodes and their wires, entry by entry, read from the passes over the scalar graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bpviz.vectors.vector_graph import MOVED, VectorGraph, VectorWire


@dataclass(frozen=True, repr=False)
class VectorNumbers:
    """The numbers of a vector graph: made of the values, the gradients and the contributions of a trace.

    values and gradients are by scalar node, downstream by scalar node and slot, as a Trace has them.
    """

    graph: VectorGraph
    values: Sequence[float]
    gradients: Sequence[float]
    downstream: Sequence[Sequence[float]]

    def value(self, node: int) -> list[float]:
        """Return the value of every entry of a node, row by row."""
        return [self.values[entry] for entry in self.graph.nodes[node].entries]

    def gradient(self, node: int) -> list[float]:
        """Return the gradient of every entry of a node; of one without gates, what comes back to it."""
        return self._gradients[node]

    def contribution(self, wire: VectorWire) -> list[float]:
        """Return what one wire adds to the gradient of every entry of its source."""
        return self._contribute(wire, self._gradients)

    @cached_property
    def _gradients(self) -> list[list[float]]:
        found: list[list[float]] = [[] for _ in self.graph.nodes]
        for i in range(len(self.graph.nodes) - 1, -1, -1):
            node = self.graph.nodes[i]
            found[i] = [self.gradients[entry] for entry in node.entries]
            has_no_gate = not node.members and (node.operation or node.is_constant)  # its entries are those of others
            if has_no_gate and i != self.graph.output:
                found[i] = [0.0] * len(node.entries)
                for wire in self.graph.wires_from[i]:
                    added = self._contribute(wire, found)
                    found[i] = [a + b for a, b in zip(found[i], added, strict=True)]
        return found

    def _contribute(self, wire: VectorWire, gradients: Sequence[Sequence[float]]) -> list[float]:
        source, target = self.graph.nodes[wire.source], self.graph.nodes[wire.target]
        added = [0.0] * len(source.entries)
        for entry, gate, slot in target.uses[wire.slot]:
            added[entry] += gradients[wire.target][gate] if slot == MOVED else self.downstream[gate][slot]
        return added
