"""Gradient steps: from a point along or against the gradient, until there is a reason to stop, which is told.

The gradient counts as zero where, relative to the sizes of the point and of the value, it is: |g|·max(|x|, 1) is at
most tolerance·max(|f|, 1) for every parameter (Dennis and Schnabel, Numerical Methods for Unconstrained Optimization,
1983, section 7.2). The length of a step would not do: it is also short where the rate is small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import NamedTuple

from bpviz.autodiff import bind, run
from bpviz.errors import EvaluationError, TooLargeError, UsageError
from bpviz.explore.objective import objective
from bpviz.explore.samples import Sampler, sampler
from bpviz.graph import Graph
from bpviz.limits import DEFAULT, raise_by

# Why a descent stops.
CONVERGED, DIVERGED, LEFT, CYCLES, STALLED, STEPS = "converged", "diverged", "left", "cycles", "stalled", "steps"
WORSE_IN_A_ROW = 10  # steps, each to a worse value: no overshooting of a valley lasts so long
FARTHEST = 1e9  # times the size of the start
RATE, TOLERANCE, MOST_STEPS = 0.1, 1e-4, 50


class Step(NamedTuple):
    """A point of the path, and the value and the gradients there; gradients are of the parameters only."""

    point: tuple[float, ...]
    value: float
    gradients: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class Descent:
    """A path of gradient steps; the first entry of path is the start.

    graph is the program up to the objective; params are the inputs that move, fixed the others. reason is why it
    stopped, detail says more of it in words, period is how many steps a cycle takes.
    """

    graph: Graph
    params: tuple[str, ...]
    fixed: Mapping[str, float]
    rate: float
    maximizes: bool
    path: tuple[Step, ...]
    reason: str
    detail: str = ""
    period: int = 0

    def __repr__(self) -> str:
        """Return a line that tells which path it is, and how it ended."""
        return f"<Descent of {self.name} over {', '.join(self.params)}: {self.reason} after {self.steps} steps>"

    @property
    def steps(self) -> int:
        """Return how many steps were taken."""
        return len(self.path) - 1

    @property
    def name(self) -> str:
        """Return the objective's name."""
        return self.graph.output_name


class Asked(NamedTuple):
    """How to step."""

    rate: float = RATE
    steps: int = MOST_STEPS
    tolerance: float = TOLERANCE
    maximizes: bool = False


class Stop(NamedTuple):
    """Why a path ends, and with which details."""

    reason: str
    detail: str = ""
    period: int = 0


def descend(
    graph: Graph,
    point: Mapping[str, float] | None = None,
    *,
    goal: str | None = None,
    params: Sequence[str] | None = None,
    asked: Asked | None = None,
    most: int = DEFAULT.points,
    tell: Callable[[int, int], None] | None = None,
) -> Descent:
    """Return the path of gradient steps from a point; inputs that it leaves out start at the program's own values.

    goal is the gate to minimize or maximize, the output if there is none; params are the inputs that move, all of
    the goal's if there are none. tell is told after each step how many of them are done. Raises UsageError for what
    does not fit the program, EvaluationError where there is no gradient at the start.
    """
    asked = asked or Asked()
    _check(asked, most)
    target = objective(graph, goal)
    bound = bind(graph, point or {})
    own = {graph.nodes[i].name for i in graph.inputs} & {target.nodes[i].name for i in target.inputs}
    start = {name: value for name, value in bound.items() if name in own}
    moving = _params(graph, target, params)
    run(target, start)  # raises where there is no value or gradient to begin with
    fixed = {name: value for name, value in start.items() if name not in moving}
    begin = tuple(start[name] for name in moving)
    path, stop = _path(sampler(target, moving, fixed), begin, asked, tell)
    if stop.reason == LEFT:
        stop = _left(target, {**fixed, **dict(zip(moving, _next(path[-1], asked), strict=True))})
    return Descent(target, moving, fixed, asked.rate, asked.maximizes, tuple(path), *stop)


def _check(asked: Asked, most: int) -> None:
    if not 0 < asked.rate <= 1e300:
        raise UsageError(f"a rate of {asked.rate:g} goes nowhere", hint="give a positive one, such as 0.1")
    if not 0 <= asked.tolerance < 1:
        raise UsageError(f"a tolerance of {asked.tolerance:g} is none", hint="give one from 0 to 1, such as 1e-4")
    if asked.steps < 1:
        raise UsageError(f"{asked.steps} steps lead nowhere", hint="give 1 or more")
    if asked.steps > most:
        raise UsageError(f"{asked.steps:,} steps are more than {most:,}", hint=raise_by("points", asked.steps))


def _params(graph: Graph, target: Graph, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the inputs that move, in the order asked for; raise UsageError for what cannot move."""
    own = [target.nodes[i].name for i in target.inputs]
    if not own:
        raise UsageError(f"{target.output_name} has no inputs, so nothing can move")
    names = [graph.nodes[i].name for i in graph.inputs]
    for name in wanted or ():
        if name not in names:
            raise UsageError(f"no input is called {name}", hint=f"the inputs are {', '.join(names)}")
        if name not in own:
            raise UsageError(f"{target.output_name} does not depend on {name}", hint=f"choose among {', '.join(own)}")
    return tuple(dict.fromkeys(wanted or own))


def _path(
    at: Sampler, begin: tuple[float, ...], asked: Asked, tell: Callable[[int, int], None] | None
) -> tuple[list[Step], Stop]:
    """Take the steps; return them, and why there are no more."""
    path = [Step(begin, *at(*begin))]
    seen = {begin: 0}
    worse = 0
    while not (stop := _reached(path, worse, asked)):
        here, point = path[-1], _next(path[-1], asked)
        if point in seen:
            period = len(path) - seen[point]
            return path, Stop(STALLED) if point == here.point else Stop(CYCLES, period=period)
        if not all(map(isfinite, point)):
            return path, Stop(DIVERGED, "the gradient is infinite there")
        step = Step(point, *at(*point))
        if any(map(isnan, (step.value, *step.gradients))):
            return path, Stop(LEFT)
        seen[point] = len(path)
        path.append(step)
        worse = worse + 1 if _is_worse(step.value, here.value, asked) else 0
        if tell:
            tell(len(path), asked.steps)
    return path, stop


def _reached(path: Sequence[Step], worse: int, asked: Asked) -> Stop | None:
    """Return why the last step is one; None while it is not."""
    here = path[-1]
    if _is_flat(here, asked.tolerance):
        return Stop(CONVERGED)
    if worse >= WORSE_IN_A_ROW:
        return Stop(DIVERGED, f"{worse} steps in a row each made it worse")
    if max(map(abs, here.point)) > FARTHEST * max(1.0, *map(abs, path[0].point)):
        return Stop(DIVERGED, "the path runs away without end")
    return Stop(STEPS) if len(path) > asked.steps else None


def _next(here: Step, asked: Asked) -> tuple[float, ...]:
    """Return the point one step on."""
    rate = asked.rate if asked.maximizes else -asked.rate
    return tuple(x + rate * gradient for x, gradient in zip(here.point, here.gradients, strict=True))


def _is_flat(here: Step, tolerance: float) -> bool:
    least = tolerance * max(abs(here.value), 1.0)
    return all(abs(g) * max(abs(x), 1.0) <= least for x, g in zip(here.point, here.gradients, strict=True))


def _is_worse(value: float, before: float, asked: Asked) -> bool:
    return value < before if asked.maximizes else value > before


def _left(target: Graph, point: Mapping[str, float]) -> Stop:
    """Return what the program says at the point that a path could not reach: it left the domain, or overflowed."""
    try:
        run(target, point)
    except TooLargeError as error:
        return Stop(DIVERGED, error.what)
    except EvaluationError as error:
        return Stop(LEFT, error.what)
    return Stop(LEFT)
