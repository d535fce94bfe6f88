"""The derivative of a program by difference quotients: two runs forward a little to either side, without any calculus.

The central difference (f(x+h) − f(x−h)) / 2h errs by about h²f'''/6, because it is a difference, and by ε|f|/h, because
float64 rounds; h = ∛ε·max(|x|, 1) balances the two for a function that varies as slowly as its argument (Press et
al., Numerical Recipes, 5.7). Not every function does, so a ladder of steps around that one is tried. The first whose
estimated error is small is taken, or else the best of all. A step that leaves a gate's domain counts as none, and one
with a kink between its ends is taken only where every step has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from sys import float_info
from typing import NamedTuple

from bpviz.gates import Gate
from bpviz.graph import Graph

EPSILON = float_info.epsilon
BALANCED = EPSILON ** (1 / 3)
FACTORS = (1.0, 10.0, 0.1, 100.0, 0.01, 1e-3, 1e4, 1e-4)  # of the balanced step: for x as it is, and for max(|x|, 1)
GOOD_ERROR = 1e-8  # an estimated relative error below this ends the search
FAIR_ERROR = 1e-3  # below this it ends after three worse steps
MOST_WORSE, MOST_DROWNED = 3, 5  # steps: worse than a fair one, and drowned by rounding
LONG_PROGRAM = 10_000  # gates, from which a fair difference is taken at once
SMOOTH_CHANGE = 0.75  # halving a step halves the change of a smooth slope; a jump stays
MUCH_CLOSER = 1e-6  # a step so many times shorter: where the output still changes half as much, it jumps


Runs = tuple[Sequence[float], Sequence[float]]  # the values of two runs forward, one to each side


class Difference(NamedTuple):
    """A central difference: its slope, its step, its estimated error, the kinks inside its step, and its two ends."""

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
        """Return a key that is larger for a worse difference: kinks, then relative error, then error."""
        return len(self.kinks), self.relative_error, self.error


@dataclass(frozen=True)
class Variation:
    """A node that is varied while the inputs and its own operands are held.

    dependents are the gates that it reaches, in tape order, and gates are their rows with their operands. The gradients
    serve only to estimate how the rounding of every gate reaches the output.
    """

    graph: Graph
    values: Sequence[float]
    gradients: Sequence[float]
    node: int
    dependents: tuple[int, ...]
    gates: tuple[tuple[Gate, tuple[int, ...]], ...]

    def move(self, x: float) -> list[float] | None:
        """Return every value with the node's moved to x, or None outside a domain."""
        values = list(self.values)
        values[self.node] = x
        try:
            for i, (gate, operands) in zip(self.dependents, self.gates, strict=True):
                values[i] = gate.forward(*[values[operand] for operand in operands])
                if not isfinite(values[i]):
                    return None
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
        return values

    def noise(self, *runs: Sequence[float]) -> float:
        """Estimate how far rounding may move the output, in the worst of these runs."""
        worst = 0.0
        for values in runs:
            total = abs(values[self.graph.output])
            for i in self.dependents:  # no built-in sum: its last digit depends on the release of Python
                term = abs(values[i] * self.gradients[i])
                total += term if isfinite(term) else 0.0
            worst = max(worst, total)
        return EPSILON * worst


def vary(graph: Graph, values: Sequence[float], gradients: Sequence[float], node: int) -> Variation:
    """Prepare to vary one node of a trace: find the gates that depend on it."""
    reached = bytearray(len(graph.nodes))
    reached[node] = 1
    for i in range(node + 1, len(graph.nodes)):
        reached[i] = any(reached[operand] for operand in graph.nodes[i].operands)
    dependents = tuple(i for i in range(node + 1, len(graph.nodes)) if reached[i])
    gates = tuple((gate, graph.nodes[i].operands) for i in dependents if (gate := graph.nodes[i].gate))
    return Variation(graph, values, gradients, node, dependents, gates)


def central_difference(variation: Variation) -> Difference | None:
    """Return the difference quotient of the output in a node; None if no step stays inside the domain on both sides."""
    best, worse, drowned = None, 0, 0
    most_worse = MOST_WORSE if len(variation.dependents) < LONG_PROGRAM else 0
    x = variation.values[variation.node]
    scales = (max(abs(x), 1.0), abs(x) or 1.0)
    for step in dict.fromkeys(BALANCED * scale * factor for factor in FACTORS for scale in scales):  # each once
        found = _compute_difference(variation, step)
        if found and (best is None or found.badness < best.badness):
            best, worse = found, 0
        elif found:
            worse += 1
        drowned += bool(best and best.relative_error == 1)
        enough = GOOD_ERROR if worse < most_worse else FAIR_ERROR
        if drowned > MOST_DROWNED or (best and not best.kinks and best.relative_error <= enough):
            break
    return best


def find_jump(variation: Variation) -> tuple[float, float] | None:
    """Return the output just below and just above a node's value if the output jumps there; None if it does not."""
    x, output = variation.values[variation.node], variation.graph.output
    step = BALANCED * max(abs(x), 1.0)
    runs = [variation.move(x + part * step) for part in (-1, -MUCH_CLOSER, MUCH_CLOSER, 1)]
    ends = [run[output] if run else nan for run in runs]
    far_left, left, right, far_right = (abs(end - variation.values[output]) for end in ends)
    least = 1 / MUCH_CLOSER * variation.noise(variation.values, *filter(None, runs))
    jumps = any(near > least and near > far / 2 for near, far in ((left, far_left), (right, far_right)))
    return (ends[1], ends[2]) if jumps and isfinite(ends[1] + ends[2]) else None


def _compute_difference(variation: Variation, step: float) -> Difference | None:
    """Compute the central difference with half this step; the one with the whole step shows how good it is."""
    x, output = variation.values[variation.node], variation.graph.output
    runs = [run for part in (-step, -step / 2, step / 2, step) if (run := variation.move(x + part))]
    if len(runs) < 4 or x + step / 2 == x:
        return None
    far_left, left, right, far_right = runs
    slope = (right[output] - left[output]) / ((x + step / 2) - (x - step / 2))
    wide_slope = (far_right[output] - far_left[output]) / ((x + step) - (x - step))
    error = abs(slope - wide_slope) + 2 * variation.noise(left, right) / step
    kinks = tuple(_find_kinks(variation, (left, right), (far_left, far_right)))
    return Difference(slope, step / 2, error, kinks, (x - step / 2, x + step / 2)) if isfinite(error) else None


def _find_kinks(variation: Variation, near: Runs, far: Runs) -> Iterator[int]:
    """Yield the gates whose local gradient jumps inside the step: it changes as much over half of it."""
    for i, (gate, operands) in zip(variation.dependents, variation.gates, strict=True):
        if gate.kink:
            change = _measure_slope_change(gate, i, operands, near)
            if change > EPSILON**0.5 and change > SMOOTH_CHANGE * _measure_slope_change(gate, i, operands, far):
                yield i


def _measure_slope_change(gate: Gate, node: int, operands: tuple[int, ...], runs: Runs) -> float:
    slopes = [gate.slopes(values[node], *[values[operand] for operand in operands]) for values in runs]
    return max([abs(a - b) for a, b in zip(*slopes, strict=True)], default=nan)
