"""A sweep over two ranges as a page: the value as bands of colour, its gradient as arrows, the marked point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite, nan

from bpviz.explore.curves import Point
from bpviz.explore.plot.heading import heading
from bpviz.explore.plot.page import HEIGHT, WIDTH, Arrows, Box, Dot, Page, Panel, Words
from bpviz.explore.plot.placing import beside
from bpviz.explore.plot.plane import arrows, box_of, clear_of, plane
from bpviz.explore.plot.wording import point_line, program_line
from bpviz.explore.ranges import Range
from bpviz.explore.samples import Sampler, sampler
from bpviz.explore.sweep_text import gap_lines
from bpviz.explore.sweeps import Sweep
from bpviz.figure.lettering import subscript
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding, number

ABOVE = 0.3  # inches over the plane, for the names of the axis, the arrows and the bar


def contours(sweep: Sweep, theme: Theme, rounding: Rounding, title: str = "") -> Page:
    """Return the page of a sweep over two ranges."""
    x, y = map(ends, sweep.ranges)
    names = [each.name for each in sweep.ranges]
    sample = cache(sampler(sweep.graph, names, sweep.fixed))
    program, output = program_line(sweep.graph), subscript(sweep.graph.output_name)
    details = [each for each in (point_line(sweep.fixed, rounding), *gap_lines(sweep)) if each]
    head = heading(title, program, details, theme, stacked=True)
    box = box_of(x, y, HEIGHT - head.depth - ABOVE, theme)
    drawn = plane(sample, x, y, box, output, theme)
    size = (max(drawn.page_width, min(WIDTH, head.width)), box.top + ABOVE + head.depth)
    panel, bar = drawn.panels
    marked, label = _marked(sweep, sample, panel, theme, rounding)
    words = [
        *heading(title, program, details, theme, size, stacked=True).words,
        *drawn.words,
        *axis_names(panel.box, names, theme),
        Words(panel.box.left, panel.box.top + 0.1, f"→ ∇{output}", theme.gradient, theme.name_size, italic=True),
        *label,
    ]
    field = clear_of(arrows(sample, panel), label, [panel.place(Point(dot.x, dot.y)) for dot in marked.dots])
    return Page(
        *size,
        theme.background,
        theme.ink,
        (marked, bar),
        tuple(words),
        (Arrows(field, theme.gradient),),
        title=title or program,
        description=description(sweep),
        number_size=theme.number_size,
    )


def description(sweep: Sweep) -> str:
    """Return what a picture of a sweep over two ranges shows, in a sentence."""
    over = " and ".join(f"{each.name} from {each.start:g} to {each.stop:g}" for each in sweep.ranges)
    what = f"contours of {sweep.graph.output_name} and the field of its gradient over {over}"
    return "; ".join([what, *gap_lines(sweep)])


def ends(over: Range) -> tuple[float, float]:
    """Return the lower and the upper end of a range."""
    return min(over.start, over.stop), max(over.start, over.stop)


def axis_names(box: Box, names: Sequence[str], theme: Theme) -> list[Words]:
    """Return the names of the axes: below the one, and left of the other, on its upper end."""
    across = Words(
        box.left + box.width / 2, box.bottom - 0.5, subscript(names[0]), theme.ink, theme.name_size, align="center"
    )
    up = Words(box.left - 0.12, box.top + 0.1, subscript(names[1]), theme.ink, theme.name_size, align="right")
    return [across, up]


def _marked(sweep: Sweep, sample: Sampler, panel: Panel, theme: Theme, rounding: Rounding) -> tuple[Panel, list[Words]]:
    """Return the plane with the marked point, and its value beside it; as it is where there is none."""
    value = sample(*sweep.at).value if sweep.at else nan
    if not isfinite(value):
        return panel, []
    text = f"{subscript(sweep.graph.output_name)} = {number(value, rounding)}"
    place = Point(*sweep.at)
    label = beside(panel.place(place), text, theme.number_size, theme.ink, panel.box, ())
    return panel._replace(dots=(Dot(place.x, place.y, theme.ink, 8.5),)), [label]
