"""Choose the points of a class so that it meets all that the gates can do.

A class that only ever sees the open side of a relu, or every σ at 0, learns nothing of the other side and of the other
points. From more points than are needed those are chosen that have been seen least: which side of each kink they are
on, at which operands every σ is, and which number every input has. Sheets on which all gradients are 0, since a relu
is shut, are instructive once and soon filled in: they are few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence

from bpviz.autodiff import Trace
from bpviz.gates.gate import SEVERAL
from bpviz.graph import Graph
from bpviz.lecture.short_numbers import is_rational

SIDE, POINT, INPUT = "side", "point", "input"  # the kinds of features
SHEETS_A_DEAD_ONE = 5  # of so many sheets one may have no gradient but 0
SHEETS_A_TWIN = 4  # a pair of equal inputs weighs as much as a feature that every fourth sheet has


class Variety:
    """What may differ between the points of a program.

    moving are the nodes that depend on a number that is drawn: a gate that always has the same operands is not asked
    for more. kinked are the gates with two sides or more, curved those that make no fractions of fractions.
    """

    def __init__(self, graph: Graph, moving: Collection[int]) -> None:
        self.graph = graph
        steps = [(i, gate) for i in graph.gate_ids if i in moving and (gate := graph.nodes[i].gate)]
        self.kinked = [i for i, gate in steps if gate.side]
        self.curved = [i for i, gate in steps if not is_rational(gate)]

    def find_side(self, node: int, values: Sequence[float]) -> int:
        """Find the side of its kink that a gate is on."""
        gate = self.graph.nodes[node].gate
        assert gate
        assert gate.side
        return gate.side(*self._read_operands(node, values))

    def find_one_sided(self, traces: Sequence[Trace]) -> dict[int, set[int]]:
        """Find the gates that are not on every side of their kinks in some trace, and the sides that they are on."""
        seen = {i: {self.find_side(i, trace.values) for trace in traces} for i in self.kinked}
        return {i: sides for i, sides in seen.items() if len(sides) < self._count_sides(i)}

    def _count_sides(self, node: int) -> int:
        gate, operands = self.graph.nodes[node].gate, self.graph.nodes[node].operands
        assert gate
        return len(operands) if gate.arity == SEVERAL else gate.sides

    def find_stuck(self, traces: Sequence[Trace]) -> list[int]:
        """Find the curved gates that have the same operands in all the traces, where there are several."""
        points = {i: {self._read_operands(i, trace.values) for trace in traces} for i in self.curved}
        return [i for i, seen in points.items() if len(seen) == 1 < len(traces)]

    def choose(self, traces: Sequence[Trace], count: int) -> list[Trace]:
        """Choose so many traces, one after the other: each time the one that shows most that is new.

        Sides of kinks that nobody has seen come first, then the features that have been chosen least. Traces without a
        gradient are held back, and those with equal inputs, in which two swapped operands are not found out.
        """
        features = [self._list_features(trace) for trace in traces]
        is_dead = [not has_gradient(trace) for trace in traces]
        twins = [count_twins(trace) for trace in traces]
        seen: Counter[Hashable] = Counter()
        dead = 0

        def rate(k: int) -> tuple[int, int]:
            unseen = sum(kind == SIDE and not seen[kind, i, value] for kind, i, value in features[k])
            return -unseen, sum(seen[feature] for feature in features[k]) + twins[k] * (1 + count // SHEETS_A_TWIN)

        chosen: list[Trace] = []
        left = list(range(len(traces)))
        while left and len(chosen) < count:
            is_last = len(chosen) == count - 1
            may_be_dead = dead < (count_dead(count) if is_last else (len(chosen) + 1) // SHEETS_A_DEAD_ONE)
            best = min([k for k in left if may_be_dead or not is_dead[k]] or left, key=rate)
            left.remove(best)
            dead += is_dead[best]
            seen.update(features[best])
            chosen.append(traces[best])
        return chosen

    def _list_features(self, trace: Trace) -> list[tuple[str, int, Hashable]]:
        values = trace.values
        sides = [(SIDE, i, self.find_side(i, values)) for i in self.kinked]
        points = [(POINT, i, self._read_operands(i, values)) for i in self.curved]
        return [*sides, *points, *((INPUT, i, values[i]) for i in self.graph.inputs)]

    def _read_operands(self, node: int, values: Sequence[float]) -> tuple[float, ...]:
        return tuple(values[operand] for operand in self.graph.nodes[node].operands)


def count_dead(count: int) -> int:
    """Return how many sheets of a class may have no gradient."""
    return max(1, count // SHEETS_A_DEAD_ONE)


def count_twins(trace: Trace) -> int:
    """Count the inputs that have the number of another one."""
    values = [trace.values[i] for i in trace.graph.inputs]
    return len(values) - len(set(values))


def has_gradient(trace: Trace) -> bool:
    """Check that the gradient of some input is not 0."""
    return any(trace.gradients[i] for i in trace.graph.inputs)


def is_shut(trace: Trace) -> bool:
    """Check that a gate stops all of the gradient that arrives at it, as a relu does."""
    return any(trace.gradients[i] and is_flat(trace, i) for i in trace.graph.gate_ids)


def is_flat(trace: Trace, node: int) -> bool:
    """Check that a node is a gate with a kink that passes nothing on here: a shut relu, or max(0, x) left of 0."""
    graph = trace.graph
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    if not (gate and gate.kink):
        return False
    return not any(
        slope for slope, i in zip(trace.local[node], operands, strict=True) if graph.nodes[i].constant is None
    )
