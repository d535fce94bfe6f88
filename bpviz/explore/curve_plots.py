"""Plots with curves: a sweep over one range, and the steps of a descent that is not a path in a plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import hypot, isfinite, isnan
from typing import Any, NamedTuple

from matplotlib.ticker import MaxNLocator

from bpviz.explore.curves import Break, Curve, CurvePoint, Function, Window, choose_window, follow, thin
from bpviz.explore.descents import Descent
from bpviz.explore.objective import make_sampler
from bpviz.explore.plot_style import (
    HELPING,
    Axes,
    PlotFigure,
    label_point,
    mix,
    set_log_ticks,
    set_ticks,
    start_figure,
    write_heading,
)
from bpviz.explore.plot_words import describe_end, write_derivative, write_point, write_program
from bpviz.explore.sweeps import Sweep
from bpviz.figure.lettering import subscript
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding, number

FAINT = 0.30  # of the ink in lines that only help
OUTSIDE = 0.10  # of the ink in the colour of what is outside the domain
NARROW = 0.004  # of the range: a gap so small is a pole and no region
MOST_DOTS = 33  # samples that are shown as dots
TANGENT = 1.1  # inches from the point to either end of its tangent
CURVE = 2.25  # points: the width of a curve
DASHED, DOTTED = (0, (4, 2.5)), (0, (1.2, 2.8))
STEP_DOTS: Mapping[str, Any] = {"marker": "o", "markersize": 4, "markeredgewidth": 0}
MOST_STEPS_WITH_DOTS = 120
MOST_POINTS_OF_PATH = 2_000
AROUND, AROUND_CURVE = 0.2, 0.45  # of a path's extent, on each side of it; more where it is to be seen in its valley
FLATTEST = 1 / 4  # of the longer side: a narrower path gets as much room
LOG_FROM = 1e3  # times the least value is the greatest: then its axis is logarithmic
SAMPLES = 121  # of the curve under a path


class GraphedFunction(NamedTuple):
    """The value or the derivative over a range: its name, its colour, its samples, its window and its curve."""

    name: str
    colour: str
    function: Function
    samples: tuple[CurvePoint, ...]
    window: Window
    curve: Curve


def draw_curves(sweep: Sweep, theme: Theme, rounding: Rounding, title: str) -> PlotFigure:
    """Draw a sweep over one range: the value above, its derivative below, the marked point with its tangent."""
    details = [write_point(sweep.fixed, rounding), *sweep.warnings]
    figure = start_figure()
    write_heading(figure, theme, title, write_program(sweep.graph), details)
    value, slope = _graph_functions(sweep, theme)
    panels: Sequence[Axes] = figure.subplots(2, 1, sharex=True)
    low, high = sorted((sweep.ranges[0].start, sweep.ranges[0].stop))
    poles = _find_poles((value, slope), (high - low) * NARROW)
    for each, axes in zip((value, slope), panels, strict=True):
        _draw_curve(axes, each, theme)
        _shade_gaps(axes, value.curve.breaks, (high - low) * NARROW, theme)
        for pole in poles:
            axes.axvline(
                pole, color=mix(theme.background, theme.ink, FAINT), linewidth=1, linestyle=DASHED, zorder=HELPING
            )
    panels[1].set_xlim(low, high)
    panels[1].set_xlabel(subscript(sweep.ranges[0].name))
    panels[1].set_title(slope.name, color=slope.colour, style="italic")
    set_ticks(panels[1].xaxis, low, high)
    if sweep.at and isfinite(value.function(sweep.at[0])):
        _mark_point(sweep, (value, slope), panels, theme, rounding)
    return figure


def _graph_functions(sweep: Sweep, theme: Theme) -> tuple[GraphedFunction, GraphedFunction]:
    """Return the value and its derivative as functions of the range's input."""
    over, output = sweep.ranges[0], sweep.graph.output_name
    sample = cache(make_sampler(sweep.graph, [over.name], sweep.fixed))

    def graph_function(name: str, colour: str, function: Function, column: Sequence[float]) -> GraphedFunction:
        samples = tuple(thin([CurvePoint(*row) for row in sorted(zip(over.values, column, strict=True))]))
        window = choose_window(function, samples, [y for y in map(function, sweep.at) if isfinite(y)])
        curve = follow(function, [x for x, _ in samples], window)
        return GraphedFunction(name, colour, function, samples, window, curve)

    return (
        graph_function(subscript(output), theme.value, lambda x: sample(x).value, sweep.values),
        graph_function(
            write_derivative(output, over.name),
            theme.gradient,
            lambda x: sample(x).gradients[0],
            sweep.gradients[over.name],
        ),
    )


def _draw_curve(axes: Axes, graphed: GraphedFunction, theme: Theme) -> None:
    """Draw the pieces of a curve, a dot for a piece of one point, and the samples if they are few."""
    low, high = graphed.window
    axes.set_ylim(low, high)
    set_ticks(axes.yaxis, low, high)
    if low < 0 < high:
        axes.axhline(0, color=mix(theme.background, theme.ink, FAINT), linewidth=0.8, zorder=HELPING)
    for piece in graphed.curve.pieces:
        axes.plot(*zip(*piece, strict=True), color=graphed.colour, linewidth=CURVE)
    alone = [piece[0] for piece in graphed.curve.pieces if len(piece) == 1]
    known = [point for point in graphed.samples if isfinite(point.y)] if len(graphed.samples) <= MOST_DOTS else []
    dots = [point for point in (*alone, *known) if low <= point.y <= high]
    if dots:
        axes.plot(*zip(*dots, strict=True), "o", color=graphed.colour, markersize=4.5, markeredgewidth=0)


def _shade_gaps(axes: Axes, gaps: Sequence[Break], narrow: float, theme: Theme) -> None:
    """Shade what is outside the domain."""
    for before, behind in gaps:
        if behind.x - before.x > narrow:
            axes.axvspan(before.x, behind.x, color=mix(theme.background, theme.ink, OUTSIDE), linewidth=0, zorder=0)


def _find_poles(graphed: Sequence[GraphedFunction], narrow: float) -> list[float]:
    """Return where one of the functions leaves its window for ever, from left to right, each place once."""
    places = sorted(
        end.x
        for each in graphed
        for gap in each.curve.breaks
        for end in gap
        if not isnan(end.y) and not each.window.low <= end.y <= each.window.high
    )
    return [x for i, x in enumerate(places) if not i or x - places[i - 1] > narrow]


def _mark_point(
    sweep: Sweep, graphed: Sequence[GraphedFunction], panels: Sequence[Axes], theme: Theme, rounding: Rounding
) -> None:
    """Mark the point in both panels, with its numbers, and draw the tangent whose slope is the number below."""
    x = sweep.at[0]
    heights = [each.function(x) for each in graphed]
    marked = [entry for entry in zip(graphed, heights, panels, strict=True) if isfinite(entry[1])]
    for each, y, axes in marked:
        axes.axvline(x, color=theme.faint, linewidth=0.9, linestyle=DOTTED, zorder=HELPING)
        _draw_dot(axes, x, y, each.colour, theme)
    panels[0].figure.draw_without_rendering()  # from here on it is known where on the page a point is
    if isfinite(heights[1]):  # the tangent, as long on paper whatever its slope is
        y, slope = heights
        (left, bottom), (right, top) = panels[0].transData.transform([(x, y), (x + 1, y + slope)])
        reach = TANGENT * panels[0].figure.dpi / hypot(right - left, top - bottom)
        xs, ys = (x - reach, x + reach), (y - slope * reach, y + slope * reach)
        panels[0].plot(xs, ys, color=theme.gradient, linewidth=1.6, linestyle=DASHED)
    for each, y, axes in marked:
        text = f"{each.name} = {number(y, rounding)}"
        if axes is panels[0]:
            text = f"{subscript(sweep.ranges[0].name)} = {number(x, rounding)},  {text}"
        label_point(axes, x, y, text, color=each.colour, style="italic" if axes is panels[1] else "normal")


def _draw_dot(axes: Axes, x: float, y: float, colour: str, theme: Theme) -> None:
    axes.plot(
        [x], [y], "o", color=colour, markersize=8.5, markeredgecolor=theme.background, markeredgewidth=1.2, zorder=5
    )


def draw_steps(descent: Descent, theme: Theme, rounding: Rounding, title: str) -> PlotFigure:
    """Draw the value after each step of a descent and, of one parameter, left of it the path on the curve."""
    figure = start_figure()
    write_heading(figure, theme, title, write_program(descent.graph), describe_end(descent, rounding))
    is_on_curve = len(descent.params) == 1
    panels: Sequence[Axes] = figure.subplots(1, 2 if is_on_curve else 1, squeeze=False)[0]
    for axes in panels:
        axes.set_title(subscript(descent.name), color=theme.value)
    _draw_values(panels[-1], descent, theme)
    if is_on_curve:
        path = [CurvePoint(step.point[0], step.value) for step in descent.path]
        _draw_path_on_curve(panels[0], path, descent, theme)
        figure.draw_without_rendering()
        label_ends(panels[0], path, descent, theme, rounding)
    return figure


def _draw_values(axes: Axes, descent: Descent, theme: Theme) -> None:
    """Draw the value after each step, on a logarithmic axis where it shrinks or grows a thousandfold."""
    values = [step.value for step in descent.path]
    path = thin([CurvePoint(float(i), value) for i, value in enumerate(values)])
    marker = STEP_DOTS if len(path) <= MOST_STEPS_WITH_DOTS else {}
    axes.plot(*zip(*path, strict=True), color=theme.value, linewidth=2, **marker)
    axes.set_xlabel("step")
    axes.set_xlim(0, max(1, len(values) - 1))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if min(values) > 0 and max(values) >= LOG_FROM * min(values):
        axes.set_yscale("log")
        set_log_ticks(axes.yaxis)
    else:
        window = choose_window(lambda _: values[0], [CurvePoint(0.0, min(values)), CurvePoint(1.0, max(values))])
        axes.set_ylim(*window)
        set_ticks(axes.yaxis, *window)


def _draw_path_on_curve(axes: Axes, path: Sequence[CurvePoint], descent: Descent, theme: Theme) -> None:
    """Draw the path of one parameter on the curve of the objective."""
    (low, high), _ = find_extent([CurvePoint(x, 0.0) for x, _ in path], AROUND_CURVE)
    sample = cache(make_sampler(descent.graph, descent.params, descent.fixed))

    def value(x: float) -> float:
        return sample(x).value

    xs = [(low * (SAMPLES - 1 - i) + high * i) / (SAMPLES - 1) for i in range(SAMPLES)]
    window = choose_window(value, [CurvePoint(x, value(x)) for x in xs], [y for _, y in path])
    name = subscript(descent.name)
    curve = follow(value, xs, window)
    _draw_curve(axes, GraphedFunction(name, theme.value, value, (), window, curve), theme)
    _shade_gaps(axes, curve.breaks, (high - low) * NARROW, theme)
    draw_trail(axes, path, theme)
    axes.set_xlim(low, high)
    axes.set_xlabel(subscript(descent.params[0]))
    set_ticks(axes.xaxis, low, high)


def draw_trail(axes: Axes, path: Sequence[CurvePoint], theme: Theme) -> None:
    """Draw a path as a line with its steps on it: a ring where it starts, a dot where it ends."""
    every = -(-len(path) // MOST_POINTS_OF_PATH)
    trail = [*path[:-1:every], path[-1]]
    marker = STEP_DOTS if len(trail) <= MOST_STEPS_WITH_DOTS else {}
    axes.plot(*zip(*trail, strict=True), color=theme.gradient, linewidth=1.7, zorder=4, **marker)
    if len(path) > 1:
        ring: Any = {"markerfacecolor": theme.background, "markeredgecolor": theme.ink, "markeredgewidth": 1.4}
        axes.plot(*zip(path[0], strict=True), "o", markersize=7.5, zorder=5, **ring)
    _draw_dot(axes, *path[-1], theme.ink, theme)


def label_ends(axes: Axes, path: Sequence[CurvePoint], descent: Descent, theme: Theme, rounding: Rounding) -> None:
    """Write the value beside the end of a path, and "start" beside its beginning."""
    value = f"{subscript(descent.name)} = {number(descent.path[-1].value, rounding)}"
    label_point(axes, *path[-1], value, color=theme.ink)
    if len(path) > 1:
        label_point(axes, *path[0], "start", color=theme.ink)


def find_extent(path: Sequence[CurvePoint], around: float = AROUND) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of x and of y between which a path lies, with room around it."""
    spans = [(min(column), max(column)) for column in zip(*path, strict=True)]
    longest = max(high - low for low, high in spans)
    sizes = [max(high - low, longest * FLATTEST) or max(1.0, abs(low)) for low, high in spans]
    (x, across), (y, up) = (
        ((low + high) / 2, (0.5 + around) * size) for (low, high), size in zip(spans, sizes, strict=True)
    )
    return (x - across, x + across), (y - up, y + up)
