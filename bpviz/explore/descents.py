"""Take gradient steps from a point, against the gradient or along it, until there is a reason to stop.

The gradient g counts as zero where it is, relative to the sizes of the point x and of the value f: |g|·max(|x|, 1) is
at most tolerance·max(|f|, 1) for every parameter (Dennis and Schnabel, Numerical Methods for Unconstrained
Optimization, 1983, section 7.2). The length of a step would not do: it is also short where the rate is small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import NamedTuple

from bpviz.autodiff import Trace, bind, list_inputs, run
from bpviz.errors import EvaluationError, TooLargeError, UsageError
from bpviz.explore.objective import make_sampler, take_objective
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Graph
from bpviz.limits import raise_by, set_limits
from bpviz.names import match_twins
from bpviz.outputs import ExploredOutputs

# Why a descent stops.
CONVERGED, DIVERGED, LEFT, CYCLES, STALLED, STEPS = "converged", "diverged", "left", "cycles", "stalled", "steps"
WORSE_IN_A_ROW = 10  # steps, each to a worse value: no overshooting of a valley lasts so long
FARTHEST = 1e9  # times the size of the start
RATE, TOLERANCE, MOST_STEPS = 0.1, 1e-4, 50


class DescentStep(NamedTuple):
    """A point of the path, with the value and the gradients there; both are of the parameters only."""

    point: tuple[float, ...]
    value: float
    gradients: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class Descent(ExploredOutputs):
    """A path of gradient steps; the first entry of `path` is the start.

    `graph` is the program up to the gate that is minimized or maximized. `params` are the inputs that move, `fixed`
    the others. `reason` says why the path ends, `detail` more of it in words; `period` is how many steps a cycle has.
    """

    graph: Graph
    params: tuple[str, ...]
    fixed: Mapping[str, float]
    rate: float
    maximizes: bool
    path: tuple[DescentStep, ...]
    reason: str
    detail: str = ""
    period: int = 0

    def __repr__(self) -> str:
        return f"<Descent of {self.name} over {', '.join(self.params)}: {self.reason} after {self.steps} steps>"

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.path) - 1

    @property
    def name(self) -> str:
        """The name of the gate that is minimized or maximized."""
        return self.graph.output_name

    def summarize(self, rounding: Rounding = THREE_DIGITS) -> str:
        """Say in a sentence how the path ended, after how many steps, and what to do about it."""
        steps = f"{self.steps} step{'' if self.steps == 1 else 's'}"
        end = self.path[-1]
        value = f"{self.name} = {number(end.value, rounding)}"
        detail = f": {self.detail}" if self.detail else ""
        steepest = number(max(map(abs, end.gradients)), rounding)
        smaller = "; a smaller --rate may help" if all(map(isfinite, end.gradients)) else ""
        best = "largest" if self.maximizes else "smallest"
        sentences = {
            CONVERGED: f"converged after {steps}: the gradient is as good as 0, {value}",
            DIVERGED: f"diverged after {steps}{detail}{smaller}",
            LEFT: f"left the domain after {steps}{detail}{smaller}",
            CYCLES: f"goes in circles after {steps}, back where it was every {self.period} steps, {value}{smaller}",
            STALLED: f"stands still after {steps}: at this --rate the steps are too small to change anything",
            STEPS: f"not at the {best} value after {steps}: {value}, and the gradient is still {steepest}; "
            "more --steps may help",
        }
        return sentences[self.reason]


class Stop(NamedTuple):
    """Why a path ends, and with which details."""

    reason: str
    detail: str = ""
    period: int = 0


def descend(
    what: Graph | Trace,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    rate: float = RATE,
    steps: int = MOST_STEPS,
    minimize: str | None = None,
    maximize: str | None = None,
    params: str | Sequence[str] | None = None,
    tolerance: float = TOLERANCE,
    limit: Mapping[str, int] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Descent:
    """Take gradient steps from a point, x ← x − rate·∂f/∂x, and say why they end.

    The start is the trace's point with the values of `set`, or the program's own. `minimize` or `maximize` names the
    gate that is to become small or large, the output if neither does. `params` names the inputs that move, such as
    "w,b" or ["w", "b"]; all of them if it is left out. `on_progress` is called after each step with how many are done,
    and how many there may be. Raises UsageError for what does not fit the program, EvaluationError if there is no
    gradient at the start.
    """
    graph, point = (what, {}) if isinstance(what, Graph) else (what.graph, what.point)
    most_steps = set_limits(limit).points
    if not 0 < rate <= 1e300:
        raise UsageError(f"a rate of {rate:g} goes nowhere", hint="give a positive one, such as 0.1")
    if not 0 <= tolerance < 1:
        raise UsageError(f"a tolerance of {tolerance:g} is none", hint="give one from 0 to 1, such as 1e-4")
    if steps < 1:
        raise UsageError(f"{steps} steps lead nowhere", hint="give 1 or more")
    if steps > most_steps:
        raise UsageError(f"{steps:,} steps are more than {most_steps:,}", hint=raise_by("points", steps))
    if minimize is not None and maximize is not None:
        raise UsageError("minimize and maximize exclude each other", hint="keep one of them")
    target = take_objective(graph, minimize if maximize is None else maximize)
    bound = bind(graph, {**point, **(set or {})})
    start = {name: bound[name] for name in target.input_names}
    moving = _choose_params(graph, target, params)
    run(target, start)  # raises where there is no value or gradient to begin with
    fixed = {name: value for name, value in start.items() if name not in moving}
    factor = rate if maximize is not None else -rate
    path, stop = _walk(target, moving, start, factor, steps, tolerance, on_progress)
    return Descent(target, moving, fixed, rate, maximize is not None, tuple(path), *stop)


def _choose_params(graph: Graph, target: Graph, params: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the inputs that move, in the order asked for; raise UsageError for what cannot move."""
    names = [name.strip() for name in params.split(",")] if isinstance(params, str) else list(params or ())
    names = [*match_twins(dict.fromkeys(filter(None, names)), graph.input_names)]
    if params is not None and not names:
        raise UsageError("no parameters are named", hint="name some, as in params=w1,w2, or leave it out for all")
    inputs = target.input_names
    if not inputs:
        raise UsageError(f"{target.output_name} has no inputs, so nothing can move")
    for name in names:
        if name not in graph.input_names:
            raise UsageError(f"no input is called {name}", hint=list_inputs(graph))
        if name not in inputs:
            hint = f"choose among {', '.join(inputs)}"
            raise UsageError(f"{target.output_name} does not depend on {name}", hint=hint)
    return tuple(dict.fromkeys(names or inputs))


def _walk(
    target: Graph,
    moving: Sequence[str],
    start: Mapping[str, float],
    factor: float,
    steps: int,
    tolerance: float,
    on_progress: Callable[[int, int], None] | None,
) -> tuple[list[DescentStep], Stop]:
    """Take the steps, each `factor` times the gradient long; return them, and why there are no more."""
    sample = make_sampler(target, moving, {name: value for name, value in start.items() if name not in moving})
    first = tuple(start[name] for name in moving)
    path, seen = [DescentStep(first, *sample(*first))], {first: 0}
    farthest = FARTHEST * max(1.0, *map(abs, first))
    worse = 0  # steps in a row that each led to a worse value
    while True:
        here = path[-1]
        least = tolerance * max(abs(here.value), 1.0)
        if all(abs(g) * max(abs(x), 1.0) <= least for x, g in zip(here.point, here.gradients, strict=True)):
            return path, Stop(CONVERGED)
        if worse >= WORSE_IN_A_ROW:
            return path, Stop(DIVERGED, f"{worse} steps in a row each made it worse")
        if max(map(abs, here.point)) > farthest:
            return path, Stop(DIVERGED, "the path runs away without end")
        if len(path) > steps:
            return path, Stop(STEPS)
        point = tuple(x + factor * g for x, g in zip(here.point, here.gradients, strict=True))
        if point == here.point:
            return path, Stop(STALLED)
        if point in seen:
            return path, Stop(CYCLES, period=len(path) - seen[point])
        if not all(map(isfinite, point)):
            return path, Stop(DIVERGED, "the gradient is infinite there")
        step = DescentStep(point, *sample(*point))
        if any(map(isnan, (step.value, *step.gradients))):
            return path, _find_why_it_left(target, {**start, **dict(zip(moving, point, strict=True))})
        is_worse = step.value < here.value if factor > 0 else step.value > here.value
        worse = worse + 1 if is_worse else 0
        seen[point] = len(path)
        path.append(step)
        if on_progress:
            on_progress(len(path), steps)


def _find_why_it_left(target: Graph, point: Mapping[str, float]) -> Stop:
    """Run the program at the point that the path could not reach: it is outside the domain, or too large."""
    try:
        run(target, point)
    except TooLargeError as error:
        return Stop(DIVERGED, error.what)
    except EvaluationError as error:
        return Stop(LEFT, error.what)
    return Stop(LEFT)
