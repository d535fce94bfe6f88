"""A program at one point after another: its value and gradients there, or that it has none.

Everything that explores a program asks here, so that every number is the one that a figure at that point shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import nan
from typing import NamedTuple

from bpviz.autodiff import forward, run
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
    the function returns NaN; it never raises for finite numbers.
    """
    wanted = wanted or moving

    def sample(*point: float) -> Sample:
        inputs = {**dict.fromkeys(graph.input_names, 0.0), **fixed, **dict(zip(moving, point, strict=True))}
        try:
            trace = run(graph, inputs)
        except EvaluationError:
            return Sample(_value(graph, inputs), (nan,) * len(wanted))
        return Sample(trace.values[graph.output], tuple([trace.gradients[name] for name in wanted]))

    return sample


def _value(graph: Graph, point: Mapping[str, float]) -> float:
    """Return the value of a point that has no gradients, perhaps; NaN if it has none either."""
    try:
        return forward(graph, point)[0][graph.output]
    except EvaluationError:
        return nan
