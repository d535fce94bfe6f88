"""A program at one point after another: its value and gradients there, or that it has none.

Everything that explores a program asks here, so that every number is the one that a figure at that point shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import nan
from typing import NamedTuple

from bpviz.autodiff import backward, forward
from bpviz.errors import EvaluationError
from bpviz.graph import Graph


class Sample(NamedTuple):
    """The value at a point, and the gradients there, in the order asked for; NaN where there is none."""

    value: float
    gradients: tuple[float, ...]


Sampler = Callable[..., Sample]  # of the inputs that move, by position


def sampler(
    graph: Graph, moving: Sequence[str], fixed: Mapping[str, float], wanted: Sequence[str] | None = None
) -> Sampler:
    """Return the program as a function of some of its inputs, in this order, the others held still.

    wanted are the inputs whose gradients are wanted, those that move if there are none. Outside the program's domain
    the function returns NaN; it never raises.
    """
    places = [graph.find(name) for name in wanted or moving]
    outside = Sample(nan, (nan,) * len(places))

    def sample(*point: float) -> Sample:
        try:
            values, told = forward(graph, {**fixed, **dict(zip(moving, point, strict=True))})
        except EvaluationError:
            return outside
        try:
            trace = backward(graph, values, told)
        except EvaluationError:
            return Sample(values[graph.output], outside.gradients)
        return Sample(values[graph.output], tuple([trace.gradients[i] for i in places]))

    return sample
