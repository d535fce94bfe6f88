"""A sweep over one range as a page: the value above, its derivative below, the marked point in both.

The value's panel has the tangent at the marked point, whose slope is the number below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from math import ceil, hypot, isfinite, isnan
from typing import NamedTuple

from bpviz.explore.curves import Break, Curve, Function, Point, Window, curve
from bpviz.explore.plot.colours import mixed
from bpviz.explore.plot.heading import heading
from bpviz.explore.plot.page import HEIGHT, POINTS_PER_INCH, WIDTH, Axis, Box, Dot, Line, Page, Panel, Patch, Words
from bpviz.explore.plot.placing import beside
from bpviz.explore.plot.ticks import axis
from bpviz.explore.plot.wording import derivative, point_line, program_line
from bpviz.explore.samples import sampler
from bpviz.explore.sweep_text import gap_lines
from bpviz.explore.sweeps import Sweep
from bpviz.explore.windows import window
from bpviz.figure.lettering import subscript, width
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding, number

RIGHT, FOOT, GAP = 0.3, 0.66, 0.4  # inches: right of the panels, under and between them
TICKS_X, TICKS_Y = 10, 5
STRETCHES = 250  # of a range with very many samples
LEAST_THINNED = 5  # samples of a stretch that are all kept
FEW = 33  # samples that are shown as dots
TANGENT = 1.1  # inches from the point to either end of its tangent
BESIDE_AXIS = 0.28  # inches that ticks and air take beside their numbers
DOTTED, DASHED = (1.0, 2.5), (5.0, 3.0)
NARROW = 0.004  # of the range: a gap so small is a pole and no region
OUTSIDE = 0.10  # of the ink in the colour of what is outside the domain
FAINT = 0.30  # of the ink in lines that only help


class Graphed(NamedTuple):
    """One of the two functions: its name, its colour, where it is asked for, its samples, its window and curve."""

    name: str
    colour: str
    function: Function
    samples: tuple[Point, ...]
    window: Window
    curve: Curve


def curves(sweep: Sweep, theme: Theme, rounding: Rounding, title: str = "") -> Page:
    """Return the page of a sweep over one range."""
    value, slope = _graphed(sweep, theme)
    details = [point_line(sweep.fixed, rounding), *gap_lines(sweep)]
    head = heading(title, program_line(sweep.graph), [each for each in details if each], theme)
    boxes = _boxes(value, slope, theme, HEIGHT - head.depth)
    across = axis(*_ends(sweep), TICKS_X, boxes[1].width * POINTS_PER_INCH)
    panels = [_panel(each, box, across, theme) for each, box in zip((value, slope), boxes, strict=True)]
    poles = _poles(value, slope, across)
    panels = [_with_gaps(panel, value.curve.breaks, poles, across, theme) for panel in panels]
    panels[0] = panels[0]._replace(x=across._replace(ticks=tuple((place, "") for place, _ in across.ticks)))
    words = [*head.words, *_names(sweep, slope, boxes, theme)]
    if sweep.at and isfinite(value.function(sweep.at[0])):
        panels, labels = _marked(sweep, (value, slope), panels, theme, rounding)
        words += labels
    return Page(
        WIDTH,
        HEIGHT,
        theme.background,
        theme.ink,
        tuple(panels),
        tuple(words),
        title=title or program_line(sweep.graph),
        description=description(sweep),
        number_size=theme.number_size,
    )


def description(sweep: Sweep) -> str:
    """Return what a picture of a sweep over one range shows, in a sentence."""
    over = sweep.ranges[0]
    output = sweep.graph.output_name
    what = f"{output} and {derivative(output, over.name)} over {over.name} from {over.start:g} to {over.stop:g}"
    return "; ".join([what, *gap_lines(sweep)])


def _ends(sweep: Sweep) -> tuple[float, float]:
    over = sweep.ranges[0]
    return min(over.start, over.stop), max(over.start, over.stop)


def _graphed(sweep: Sweep, theme: Theme) -> tuple[Graphed, Graphed]:
    """Return the value and its derivative as functions of the range's input."""
    name, output = sweep.ranges[0].name, sweep.graph.output_name
    sample = cache(sampler(sweep.graph, [name], sweep.fixed))
    functions: tuple[Function, Function] = (lambda x: sample(x).value, lambda x: sample(x).gradients[0])
    names = (subscript(output), derivative(output, name))
    colours = (theme.value, theme.gradient)
    columns = (sweep.values, sweep.gradients[name])
    value, slope = (
        _drawn(label, colour, function, sorted(zip(sweep.ranges[0].values, column, strict=True)), sweep.at)
        for label, colour, function, column in zip(names, colours, functions, columns, strict=True)
    )
    return value, slope


def _drawn(
    name: str, colour: str, function: Function, rows: Sequence[tuple[float, float]], at: Sequence[float]
) -> Graphed:
    samples = tuple(_thinned([Point(*row) for row in rows]))
    seen = [y for y in map(function, at) if isfinite(y)]
    frame = window(function, samples, seen)
    return Graphed(name, colour, function, samples, frame, curve(function, [x for x, _ in samples], frame))


def _thinned(samples: Sequence[Point]) -> list[Point]:
    """Return as many samples as a page has room for: of each stretch the ends, the extremes, and a gap."""
    long = ceil(len(samples) / STRETCHES)
    if long <= LEAST_THINNED:
        return list(samples)
    kept: list[Point] = []
    for start in range(0, len(samples), long):
        stretch = samples[start : start + long]
        known = [point for point in stretch if not isnan(point.y)]
        tops = [min(known, key=lambda point: point.y), max(known, key=lambda point: point.y)] if known else []
        gap = [next(point for point in stretch if isnan(point.y))] if len(known) < len(stretch) else []
        kept += sorted({point.x: point for point in (stretch[0], *tops, *gap, stretch[-1])}.values())
    return kept


def _boxes(value: Graphed, slope: Graphed, theme: Theme, top: float) -> tuple[Box, Box]:
    """Return where the panels stand: as high as each other, their left edges where the widest number ends."""
    numbers = [text for each in (value, slope) for _, text in axis(*each.window, TICKS_Y).ticks]
    left = max(width(text, theme.number_size) for text in numbers) / POINTS_PER_INCH + BESIDE_AXIS + RIGHT / 2
    high = (top - FOOT - GAP) / 2
    wide = WIDTH - left - RIGHT
    return Box(left, FOOT + high + GAP, wide, high), Box(left, FOOT, wide, high)


def _panel(graphed: Graphed, box: Box, across: Axis, theme: Theme) -> Panel:
    """Return a curve in its panel, with its samples where they are few."""
    up = axis(*graphed.window, TICKS_Y)
    help_line = mixed(theme.background, theme.ink, FAINT)
    zero = [Line((Point(across.low, 0.0), Point(across.high, 0.0)), help_line, 0.8)] if up.low < 0 < up.high else []
    lines = [Line(piece, graphed.colour) for piece in graphed.curve.pieces if len(piece) > 1]
    alone = [piece[0] for piece in graphed.curve.pieces if len(piece) == 1]
    known = [point for point in graphed.samples if isfinite(point.y)] if len(graphed.samples) <= FEW else []
    dots = [Dot(*point, graphed.colour, 4.5) for point in (*alone, *known) if up.low <= point.y <= up.high]
    return Panel(box, across, up, lines=(*zero, *lines), dots=tuple(dots))


def _poles(value: Graphed, slope: Graphed, across: Axis) -> list[float]:
    """Return where either function leaves its window for ever, from left to right, each place once."""
    found = sorted(
        end.x
        for graphed in (value, slope)
        for each in graphed.curve.breaks
        for end in each
        if not isnan(end.y) and not graphed.window.low <= end.y <= graphed.window.high
    )
    return [x for i, x in enumerate(found) if not i or across.share(x) - across.share(found[i - 1]) > NARROW]


def _with_gaps(panel: Panel, gaps: Sequence[Break], poles: Sequence[float], across: Axis, theme: Theme) -> Panel:
    """Return a panel with what is outside the domain shaded, and a line at each pole."""
    shade = mixed(theme.background, theme.ink, OUTSIDE)
    help_line = mixed(theme.background, theme.ink, FAINT)
    up = panel.y
    wide = [each for each in gaps if across.share(each.behind.x) - across.share(each.before.x) > NARROW]
    patches = tuple(Patch(each.before.x, up.low, each.behind.x, up.high, shade) for each in wide)
    lines = tuple(Line((Point(x, up.low), Point(x, up.high)), help_line, 1.0, DASHED) for x in poles)
    return panel._replace(patches=patches, lines=(*lines, *panel.lines))


def _names(sweep: Sweep, slope: Graphed, boxes: Sequence[Box], theme: Theme) -> list[Words]:
    """Return the derivative's name above its axis, and the input's under it; the value's stands in the heading."""
    box = boxes[-1]
    name = Words(box.left - 0.1, box.top + 0.12, slope.name, slope.colour, theme.name_size, italic=True)
    foot = Words(box.left + box.width / 2, 0.16, subscript(sweep.ranges[0].name), theme.ink, theme.name_size)
    return [name, foot._replace(align="center")]


def _marked(
    sweep: Sweep, graphed: Sequence[Graphed], panels: Sequence[Panel], theme: Theme, rounding: Rounding
) -> tuple[list[Panel], list[Words]]:
    """Return the panels with the point on their curves, and its numbers beside it."""
    x = sweep.at[0]
    name = subscript(sweep.ranges[0].name)
    done, words = [], []
    tangent = _tangent(graphed, panels[0], x, theme)
    for each, panel in zip(graphed, panels, strict=True):
        y = each.function(x)
        down = Line((Point(x, panel.y.low), Point(x, panel.y.high)), theme.faint, 0.9, DOTTED)
        extra = tangent if each is graphed[0] else []
        lines = (down, *extra, *panel.lines)
        dots = (*panel.dots, Dot(x, y, each.colour, 8.5)) if isfinite(y) else panel.dots
        panel = panel._replace(lines=lines, dots=dots)
        done.append(panel)
        if isfinite(y):
            text = f"{each.name} = {number(y, rounding)}"
            text = f"{name} = {number(x, rounding)},  {text}" if each is graphed[0] else text
            obstacles = _on_page(panel, extra)
            at = panel.place(Point(x, y))
            words.append(
                beside(at, text, theme.number_size, each.colour, panel.box, obstacles, italic=each is graphed[1])
            )
    return done, words


def _tangent(graphed: Sequence[Graphed], panel: Panel, x: float, theme: Theme) -> list[Line]:
    """Return the tangent at a point, as long on paper whatever its slope; none where there is no slope."""
    y, slope = (each.function(x) for each in graphed)
    if not isfinite(slope):
        return []
    right = panel.box.width / (panel.x.high - panel.x.low)
    up = slope * panel.box.height / (panel.y.high - panel.y.low)
    reach = TANGENT / hypot(right, up)
    ends = (Point(x - reach, y - slope * reach), Point(x + reach, y + slope * reach))
    return [Line(ends, theme.gradient, 1.6, DASHED)]


def _on_page(panel: Panel, extra: Sequence[Line]) -> list[Point]:
    """Return the points of a panel's lines on the page, those of its tangent close enough to be in the way."""
    dense = [
        Point(a.x + (b.x - a.x) * i / 40, a.y + (b.y - a.y) * i / 40)
        for line in (*panel.lines, *extra)
        if len(line.points) == 2
        for a, b in [line.points]
        for i in range(41)
    ]
    edges = (
        Point(x, patch.bottom + (patch.top - patch.bottom) * i / 20)
        for patch in panel.patches
        for x in (patch.left, patch.right)
        for i in range(21)
    )
    return [panel.place(point) for point in chain(dense, edges, *(line.points for line in panel.lines))]
