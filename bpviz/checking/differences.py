"""The derivative of a program by difference quotients: two runs forward a little to either side, nothing of calculus.

The central difference (f(x+h) − f(x−h)) / 2h errs by about h²f'''/6, because it is a difference, and by ε|f|/h, because
float64 rounds; h = ∛ε·max(|x|, 1) balances the two for a function that varies as slowly as its argument (Press et
al., Numerical Recipes, 5.7). Not every function does, so a ladder of steps around that one is tried. The first whose
estimated error is small is taken, or else the best of all. A step that leaves a gate's domain is none, and one with a
kink between its ends is taken only where every step has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan
from sys import float_info
from typing import NamedTuple

from bpviz.gates import Gate
from bpviz.graph import Graph

EPSILON = float_info.epsilon
BALANCED = EPSILON ** (1 / 3)
FACTORS = (1.0, 10.0, 0.1, 100.0, 0.01, 1e-3, 1e4, 1e-4)  # of the balanced step: for x as it is, and for max(|x|, 1)
GOOD = 1e-8  # an estimated relative error below this ends the search
FAIR = 1e-3  # and so do three worse steps after one below this, and six that rounding drowns
SAME = 0.75  # halving a step halves the change of a smooth slope; a jump stays
CLOSER = 1e-6  # a step so many times shorter: what changes still half as much does not change but leap
LONG = 10_000  # gates, of which a fair difference will do


class Difference(NamedTuple):
    """A central difference: the slope, its step, its estimated error, the kinks that lie inside its step, its ends."""

    slope: float
    step: float
    error: float
    kinks: tuple[int, ...]
    ends: tuple[float, float]

    @property
    def relative_error(self) -> float:
        """Return the estimated error in parts of the slope, 1 at most."""
        return self.error / abs(self.slope) if self.error < abs(self.slope) else 1.0

    @property
    def badness(self) -> tuple[int, float, float]:
        """Return what makes one difference worse than another: kinks, relative error, and error."""
        return len(self.kinks), self.relative_error, self.error


class Walk(NamedTuple):
    """What varying one node needs: the node, what depends on it in tape order, and every gradient.

    The gradients serve only to estimate how the rounding of every gate reaches the output. gates are those of the
    dependents, with their operands.
    """

    graph: Graph
    values: Sequence[float]
    gradients: Sequence[float]
    node: int
    dependents: tuple[int, ...]
    gates: tuple[tuple[Gate, tuple[int, ...]], ...]

    def noise(self, *runs: Sequence[float]) -> float:
        """Return how far the output of the worst of these runs errs by rounding."""
        return EPSILON * max(sum(filter(isfinite, self._terms(values))) for values in runs)

    def _terms(self, values: Sequence[float]) -> Iterator[float]:
        yield abs(values[self.graph.output])
        for i in self.dependents:
            yield abs(values[i] * self.gradients[i])


def walk(graph: Graph, values: Sequence[float], gradients: Sequence[float], node: int) -> Walk:
    """Return what varying a node of a trace needs."""
    tape, dependents = tuple(graph.nodes), tuple(dependents_of(graph, node))
    gates = tuple([(gate, tape[i].operands) for i in dependents if (gate := tape[i].gate)])
    return Walk(graph, values, gradients, node, dependents, gates)


def difference(walk: Walk) -> Difference | None:
    """Return the difference quotient of the output in one node, all other inputs and its own operands held.

    None: no step stays inside the domain on both sides.
    """
    best, worse, hopeless = None, 0, 0
    patience = 3 if len(walk.dependents) < LONG else 0
    for step in _ladder(walk.values[walk.node]):
        found = _at(walk, step)
        if found and (best is None or found.badness < best.badness):
            best, worse = found, 0
        elif found:
            worse += 1
        hopeless += bool(best and best.relative_error == 1)
        if hopeless > 5 or (best and not best.kinks and best.relative_error <= (GOOD if worse < patience else FAIR)):
            break
    return best


def leap(walk: Walk) -> tuple[float, float] | None:
    """Return the output just below and just above a node's value if the output jumps there; None if it does not."""
    x, out = walk.values[walk.node], walk.graph.output
    step = BALANCED * max(abs(x), 1.0)
    runs = [moved(walk, x + part * step) for part in (-1, -CLOSER, CLOSER, 1)]
    ends = [run[out] if run else nan for run in runs]
    far_left, left, right, far_right = (abs(end - walk.values[out]) for end in ends)
    least = 1 / CLOSER * walk.noise(walk.values, *filter(None, runs))
    leaps = any(near > least and near > far / 2 for near, far in ((left, far_left), (right, far_right)))
    return (ends[1], ends[2]) if leaps and isfinite(ends[1] + ends[2]) else None


def dependents_of(graph: Graph, node: int) -> Iterator[int]:
    """Yield the gates that a node reaches, in tape order."""
    reached = bytearray(len(graph.nodes))
    reached[node] = 1
    for i, each in enumerate(graph.nodes):
        if i > node and any(map(reached.__getitem__, each.operands)):
            reached[i] = 1
            yield i


def _ladder(x: float) -> dict[float, None]:
    """Return the steps to try, the balanced one first, each once."""
    scales = (max(abs(x), 1.0), abs(x) or 1.0)
    return dict.fromkeys(BALANCED * scale * factor for factor in FACTORS for scale in scales)


def _at(walk: Walk, step: float) -> Difference | None:
    """Return the difference with half this step; the whole step tells how good it is."""
    x, out = walk.values[walk.node], walk.graph.output
    ends = [moved(walk, x + part) for part in (-step, -step / 2, step / 2, step)]
    if any(end is None for end in ends) or x + step / 2 == x:
        return None
    far_left, left, right, far_right = (end for end in ends if end is not None)
    slope = (right[out] - left[out]) / ((x + step / 2) - (x - step / 2))
    wide = (far_right[out] - far_left[out]) / ((x + step) - (x - step))
    error = abs(slope - wide) + 2 * walk.noise(left, right) / step
    kinks = tuple(_jumps(walk, (far_left, left), (right, far_right)))
    return Difference(slope, step / 2, error, kinks, (x - step / 2, x + step / 2)) if isfinite(error) else None


def moved(walk: Walk, x: float) -> list[float] | None:
    """Return every value with the node's moved to x, or None outside a domain."""
    values = list(walk.values)
    values[walk.node] = x
    try:
        for i, (gate, operands) in zip(walk.dependents, walk.gates, strict=True):
            values[i] = gate.forward(*[values[operand] for operand in operands])
            if not isfinite(values[i]):
                return None
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return values


def _jumps(
    walk: Walk, lefts: tuple[list[float], list[float]], rights: tuple[list[float], list[float]]
) -> Iterator[int]:
    """Yield the gates whose local gradient jumps inside the step: it changes as much over half of it."""
    for i, (gate, operands) in zip(walk.dependents, walk.gates, strict=True):
        if gate.kink:
            near = _change(gate, i, operands, (lefts[1], rights[0]))
            if near > EPSILON**0.5 and near > SAME * _change(gate, i, operands, (lefts[0], rights[1])):
                yield i


def _change(gate: Gate, node: int, operands: tuple[int, ...], runs: tuple[list[float], list[float]]) -> float:
    slopes = [gate.slopes(values[node], *[values[operand] for operand in operands]) for values in runs]
    return max([abs(a - b) for a, b in zip(*slopes, strict=True)], default=nan)
