"""Sweeps and descents of a program, and what they look like: a picture of curves, contours or a path.

Every keyword has the name of the command line's option.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bpviz.autodiff import Trace
from bpviz.errors import EvaluationError, UsageError
from bpviz.explore.descents import MOST_STEPS, RATE, TOLERANCE, Asked, Descent
from bpviz.explore.descents import descend as descended
from bpviz.explore.plot.drawing import FORMATS, plotted
from bpviz.explore.plot.page import Page
from bpviz.explore.ranges import range_of
from bpviz.explore.sweeps import Sweep
from bpviz.explore.sweeps import sweep as swept
from bpviz.figure.rendering import DPI
from bpviz.figure.theme import find_theme
from bpviz.files import write
from bpviz.formula.numerals import rounding_to
from bpviz.graph import Graph
from bpviz.limits import limits

Values = float | str | Sequence[float]  # one value; a range as text, "-5:5:200"; or as numbers, (-5, 5, 200)


def sweep(
    what: Graph | Trace,
    *,
    set: Mapping[str, Values] | None = None,  # noqa: A002  the command line's --set
    at: Mapping[str, float] | None = None,
    limit: Mapping[str, int] | None = None,
    **inputs: Values,
) -> Sweep:
    """Return the value and every gradient of a program over a range of one input, or a grid of two.

    A range is "-5:5:200" or (-5, 5, 200): from, to, and how many points. at is the point that a picture marks. Where
    the program has no value, there is NaN. Raises a BpvizError when the program, a range or an option is wrong.
    """
    graph, point = (what, {}) if isinstance(what, Graph) else (what.graph, what.point)
    given = {**point, **(set or {}), **inputs}
    ranges = [range_of(name, value) for name, value in given.items() if isinstance(value, str | Sequence)]
    fixed = {name: value for name, value in given.items() if not isinstance(value, str | Sequence)}
    return swept(graph, ranges, fixed, at, most=limits(limit).points)


def descend(
    trace: Trace,
    *,
    rate: float = RATE,
    steps: int = MOST_STEPS,
    minimize: str | None = None,
    maximize: str | None = None,
    params: str | Sequence[str] | None = None,
    tolerance: float = TOLERANCE,
    limit: Mapping[str, int] | None = None,
) -> Descent:
    """Return gradient steps from a point, and why they end.

    minimize or maximize names the gate that is to become small or large, the output if neither does; params are the
    inputs that move, all if none are named. Raises a BpvizError when the program, the point or an option is wrong.
    """
    return descended(
        trace.graph,
        trace.point,
        goal=goal(minimize, maximize),
        params=names(params),
        asked=Asked(rate, steps, tolerance, maximize is not None),
        most=limits(limit).points,
    )


@dataclass(frozen=True, repr=False)
class Plot:
    """A picture of a sweep or a descent. A notebook shows it as it is."""

    page: Page
    dpi: float = DPI
    transparent: bool = False

    def data(self, format: str) -> bytes:  # noqa: A002  the command line's word
        """Return the picture as the bytes of an svg, pdf or png file; OutputError where there is no matplotlib."""
        return plotted(self.page, format, dpi=self.dpi, transparent=self.transparent)

    @cached_property
    def svg(self) -> str:
        """Return the picture as SVG text."""
        return self.data("svg").decode()

    def save(self, target: str | os.PathLike[str], format: str | None = None) -> None:  # noqa: A002  the command line's word
        """Write the picture to a file whose ending says how; raise UsageError for an ending nobody knows."""
        write(target, self.data(format or format_of(target)))

    def __repr__(self) -> str:
        """Return a line that tells what it shows."""
        return f"<{type(self).__name__} of {self.page.description}>"

    def _repr_svg_(self) -> str:
        return self.svg


def plot(
    what: Sweep | Descent,
    *,
    theme: str = "drawio",
    title: str = "",
    digits: int = 3,
    decimals: int | None = None,
    dpi: float = DPI,
    transparent: bool = False,
) -> Plot:
    """Return the picture of a sweep or a descent; it needs matplotlib only when it is drawn.

    >>> plot(sweep("x^2", x="-1:1:3"))
    <Plot of f and ∂f/∂x over x from -1 to 1>
    """
    look, rounding = find_theme(theme), rounding_to(digits, decimals)
    if isinstance(what, Descent):
        from bpviz.explore.plot.descents import descents

        return Plot(descents(what, look, rounding, title), dpi, transparent)
    if not isinstance(what, Sweep):  # from untyped code
        raise UsageError(f"{what!r:.60} is no sweep and no descent", hint='write plot(sweep("x^2", x="-5:5"))')
    if what.gaps == len(what.values):
        where = f"none of the {what.gaps:,} points is in the domain of {what.graph.output_name}"
        raise EvaluationError(f"there is nothing to draw: {where}", hint="move the range")
    if len(what.ranges) == 1:
        from bpviz.explore.plot.curves import curves

        return Plot(curves(what, look, rounding, title), dpi, transparent)
    from bpviz.explore.plot.contours import contours

    return Plot(contours(what, look, rounding, title), dpi, transparent)


def goal(minimize: str | None, maximize: str | None) -> str | None:
    """Return the name of what is to become small or large; raise UsageError if both are named."""
    if minimize is not None and maximize is not None:
        raise UsageError("minimize and maximize exclude each other", hint="keep one of them")
    return minimize if maximize is None else maximize


def names(params: str | Sequence[str] | None) -> list[str] | None:
    """Return the names of a list such as "w1,w2", or of one that is a list already; None for none.

    >>> names("w1, w2")
    ['w1', 'w2']
    """
    if params is None:
        return None
    found = [name.strip() for name in params.split(",")] if isinstance(params, str) else list(params)
    if not any(found):
        raise UsageError("no parameters are named", hint="name some, as in params=w1,w2, or leave it out for all")
    return [name for name in found if name]


def format_of(target: str | os.PathLike[str]) -> str:
    """Return the format that a picture's ending chooses; raise UsageError when it chooses none."""
    ending = os.path.splitext(target)[1].lower().removeprefix(".")
    if ending not in FORMATS:
        what = f"no plot is written as .{ending}" if ending else f"{target} has no ending that says what to write"
        raise UsageError(what, hint=f"end it in {', '.join('.' + each for each in FORMATS)}")
    return ending
