"""Plots over the plane of two inputs: a sweep as contours with the gradient's arrows, a descent as a path on them.

One unit is as long across as up wherever that leaves room, so that gradients stand at right angles to the contours.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox
from matplotlib.tri import Triangulation

from bpviz.explore.curve_plots import draw_trail, find_extent, label_ends
from bpviz.explore.curves import CurvePoint
from bpviz.explore.descents import Descent
from bpviz.explore.meshes import Array, Field, make_field, make_mesh
from bpviz.explore.objective import make_sampler
from bpviz.explore.plot_style import (
    EDGE,
    POINTS_PER_INCH,
    WIDTH,
    Axes,
    PlotFigure,
    RoundFormatter,
    label_point,
    mix,
    set_ticks,
    start_figure,
    write_heading,
)
from bpviz.explore.plot_words import describe_end, write_point, write_program
from bpviz.explore.sweeps import Sweep
from bpviz.figure.lettering import subscript, width
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding, number

NARROWEST, WIDEST, UNSCALED = 1.4, 5.6, 4.5  # inches of a plane to scale, and of one that would be out of these
FLATTEST = 4.0  # times as wide as high: a plane that is drawn to scale
CELLS = 100  # of the grid that the contours are made from, along the longer side
BANDS = 10
CROWDED = 0.45  # of the plane in one band: too much
LIGHTEST, STRONGEST = 0.04, 0.45  # of the value's colour in the lowest and the highest band; arrows are seen on both
CONTOUR = 0.35  # of the ink in the lines between bands
OUTSIDE = 0.16  # of the ink where there is no value
ARROW_ROOM = 0.36  # inches from one arrow to the next
ARROW = 0.92  # of that room: the arrow where it is steepest
MOST_TICKS_ACROSS = 5
AIR = 0.12  # inches from words to the middle of an arrow
COMPRESSED = 0.4  # an arrow's length grows as this power of the steepness, or most would be dots


def draw_contours(sweep: Sweep, theme: Theme, rounding: Rounding, title: str) -> PlotFigure:
    """Draw a sweep over two ranges: the value as bands of colour, its gradient as arrows, the marked point."""
    names = [each.name for each in sweep.ranges]
    details = [write_point(sweep.fixed, rounding), *sweep.warnings]
    field = make_field(sweep.graph, names, sweep.fixed)
    output = subscript(sweep.graph.output_name)
    x, y = (sorted((each.start, each.stop)) for each in sweep.ranges)
    axes = _start_plane(names, x, y, theme)
    _draw_bands(axes, field, output, theme)
    axes.set_title(f"→ ∇{output}", color=theme.gradient, style="italic")
    _fit_figure(axes, theme, title, write_program(sweep.graph), details)
    value = make_sampler(sweep.graph, names, sweep.fixed)(*sweep.at).value if sweep.at else nan
    kept_free = []
    if isfinite(value):
        look: Any = {"markersize": 8.5, "markeredgecolor": theme.background, "clip_on": False, "zorder": 5}
        (dot,) = axes.plot(*zip(sweep.at, strict=True), "o", color=theme.ink, **look)
        label = label_point(axes, sweep.at[0], sweep.at[1], f"{output} = {number(value, rounding)}", color=theme.ink)
        kept_free = [each.get_window_extent() for each in (dot, label)]
    _draw_arrows(axes, field, kept_free, theme)
    return axes.figure


def draw_path(descent: Descent, theme: Theme, rounding: Rounding, title: str) -> PlotFigure:
    """Draw the path of two parameters over the contours of the objective."""
    path = [CurvePoint(*step.point) for step in descent.path]
    field = make_field(descent.graph, descent.params, descent.fixed)
    x, y = find_extent(path)
    axes = _start_plane(descent.params, x, y, theme)
    _draw_bands(axes, field, subscript(descent.name), theme)
    draw_trail(axes, path, theme)
    _fit_figure(axes, theme, title, write_program(descent.graph), describe_end(descent, rounding))
    label_ends(axes, path, descent, theme, rounding)
    return axes.figure


def _start_plane(names: Sequence[str], x: Sequence[float], y: Sequence[float], theme: Theme) -> Axes:
    """Make the axes of a plane between the ends of x and y, in a figure of its own."""
    axes: Axes = start_figure().subplots()
    axes.set(xlim=x, ylim=y, xlabel=subscript(names[0]), facecolor=mix(theme.background, theme.ink, OUTSIDE))
    axes.set_ylabel(subscript(names[1]), rotation=0, ha="right", va="center", labelpad=6)
    axes.spines[:].set_visible(True)
    set_ticks(axes.xaxis, x[0], x[1], MOST_TICKS_ACROSS)
    set_ticks(axes.yaxis, y[0], y[1])
    return axes


def _fit_figure(axes: Axes, theme: Theme, title: str, program: str, details: Sequence[str]) -> None:
    """Give the figure the size that its plane, drawn to scale, and its heading need; write the heading."""
    figure = axes.figure
    write_heading(figure, theme, title, program, details, stacked=True)
    figure.draw_without_rendering()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    ratio = (right - left) / (top - bottom)
    wide, high = axes.get_window_extent().size / figure.dpi
    around_wide, around_high = figure.get_size_inches() - (wide, high)
    if ratio <= FLATTEST and high * ratio >= NARROWEST:
        axes.set_aspect("equal")
        wide = min(high * ratio, WIDEST)
        high = wide / ratio
    else:
        wide = UNSCALED
    heading = max(width(program, theme.name_size), width(title, theme.title_size)) / POINTS_PER_INCH + 2 * EDGE
    figure.set_size_inches(max(wide + around_wide, min(WIDTH, heading)), high + around_high)
    write_heading(figure, theme, title, program, details, stacked=True)
    figure.draw_without_rendering()


def _draw_bands(axes: Axes, field: Field, name: str, theme: Theme) -> None:
    """Draw the value as bands of colour with lines between them, and a bar that says which colour is which value."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    ratio = (right - left) / (top - bottom)
    across, up = (CELLS, round(CELLS / ratio)) if 1 <= ratio <= FLATTEST else (CELLS, CELLS)
    xs, ys = _spread(left, right, across), _spread(bottom, top, up)
    mesh = make_mesh(field, xs, ys)
    if not len(mesh.triangles):
        return
    values = mesh.values
    levels, labels = choose_levels(values[: len(xs) * len(ys)], BANDS if across < 2 * up else BANDS // 2)
    ends = [mix(theme.background, theme.value, share) for share in (LIGHTEST, STRONGEST)]
    colours = LinearSegmentedColormap.from_list("bands", ends)(np.linspace(0, 1, len(levels) + 1))
    triangles = Triangulation(mesh.xs, mesh.ys, mesh.triangles)
    room = (levels[-1] - levels[0]) or max(1.0, abs(levels[0]))
    low, high = levels[0] - room, levels[-1] + room  # beside a pole the values would leave these without end
    heights = np.clip(np.nan_to_num(values), low, high)
    bands = axes.tricontourf(triangles, heights, [low - room, *levels, high + room], colors=colours)
    line = mix(theme.background, theme.ink, CONTOUR)
    axes.tricontour(triangles, heights, levels, colors=line, linewidths=0.7, linestyles="solid")
    bar = axes.figure.colorbar(bands, ax=axes, spacing="uniform")
    bar.set_ticks(levels, labels=labels)
    bar.ax.set_title(name, color=theme.value)


def _spread(low: float, high: float, parts: int) -> Array:
    i = np.arange(parts + 1)
    return (low * (parts - i) + high * i) / parts  # with 0 where it is due


def choose_levels(values: Array, bands: int = BANDS) -> tuple[Array, list[str]]:
    """Return the values at which a contour plot changes its colour, and how they are written.

    They are round and evenly spaced if that shows something. Beside a pole or in a narrow valley most of the plane
    would be in one band: then each band covers as much of it.
    """
    values = values[np.isfinite(values)]
    low, high = values.min(), values.max()
    if low == high:
        return np.array([low]), [number(low)]
    even = MaxNLocator(bands).tick_values(low, high)
    even = even[(even > low) & (even < high)]
    shares = np.quantile(values, np.linspace(0, 1, bands + 1)[1:-1])
    counts, _ = np.histogram(values, [-np.inf, *even, np.inf])
    is_crowded = max(counts) > CROWDED * len(values)
    for digits in (2, 3, 4) if is_crowded else ():  # the fewest that keep the levels apart
        levels = np.unique([float(f"{share:.{digits - 1}e}") for share in shares])
        levels = levels[(levels > low) & (levels < high)]
        if len(levels) and len(levels) >= len(np.unique(shares)) - 2:
            return levels, [number(level, Rounding(digits)) for level in levels]
    return even, RoundFormatter().format_ticks(even)


def _draw_arrows(axes: Axes, field: Field, kept_free: Sequence[Bbox], theme: Theme) -> None:
    """Draw the field of the gradient: each arrow points as on the axes, its middle is in place."""
    size = axes.get_window_extent().size / axes.figure.dpi
    counts = [max(2, round(length / ARROW_ROOM)) for length in size]
    x, y = np.meshgrid(
        *(
            low + (np.arange(count) + 0.5) / count * (high - low)
            for (low, high), count in zip((axes.get_xlim(), axes.get_ylim()), counts, strict=True)
        )
    )
    arrows = np.stack([x, y, *field(x, y)[1:]]).reshape(4, -1)
    arrows = arrows[:, np.isfinite(arrows).all(axis=0) & arrows[2:].any(axis=0)]
    if not arrows.size:
        return
    steep = np.hypot(*arrows[2:])
    arrows[2:] *= ARROW_ROOM * ARROW * np.minimum(1, (steep / np.quantile(steep, 0.9)) ** COMPRESSED) / steep
    pixels, air = axes.transData.transform(arrows[:2].T), AIR * axes.figure.dpi
    is_free = [not any(box.padded(air).contains(*place) for box in kept_free) for place in pixels]
    look: Any = {"headwidth": 5, "headlength": 5.5, "headaxislength": 4.8, "minshaft": 1.2, "minlength": 0}
    unit: Any = {"angles": "xy", "pivot": "mid", "units": "inches", "scale_units": "inches", "scale": 1}
    axes.quiver(*arrows[:, is_free], color=theme.gradient, width=1.1 / POINTS_PER_INCH, zorder=3, **unit, **look)
