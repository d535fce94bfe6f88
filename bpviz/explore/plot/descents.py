"""A descent as a page: of two parameters a path over contours, of one a path on its curve, of more the loss curve."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import ceil, floor, log10

from bpviz.explore.curves import Point, curve
from bpviz.explore.descent_text import outcome
from bpviz.explore.descents import Descent
from bpviz.explore.plot.colours import mixed
from bpviz.explore.plot.contours import ABOVE, axis_names
from bpviz.explore.plot.heading import heading
from bpviz.explore.plot.page import HEIGHT, POINTS_PER_INCH, WIDTH, Axis, Box, Dot, Line, Page, Panel, Words
from bpviz.explore.plot.placing import beside
from bpviz.explore.plot.plane import box_of, plane
from bpviz.explore.plot.ticks import axis
from bpviz.explore.plot.wording import point_line, program_line
from bpviz.explore.samples import sampler
from bpviz.explore.windows import window
from bpviz.figure.lettering import subscript, width
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import Rounding, number

EDGE, FOOT, APART = 0.3, 0.66, 0.55  # inches: right of all, under the panels, between two of them
BESIDE_AXIS = 0.28  # inches that ticks and air take beside their numbers
AROUND = 0.2  # of a path's extent, on each side of it
FLATTEST = 1 / 4  # of the longer side: a narrower path gets as much room
FEW = 120  # steps that are shown as dots
HALF = 200.0  # points: how long an axis is at least, where there are two panels
CLOSE = 12  # parts of a step, when words look for room beside it
MOST_DRAWN = 2_000  # points of a path
LOG_FROM = 1e3  # how many times the least value is the greatest, for a logarithmic axis
SAMPLES = 121
NOWHERE = Box(0.0, 0.0, 1.0, 1.0)  # until it is known how many panels there are
HELPING = 0.30  # of the ink in lines that only help


def descents(descent: Descent, theme: Theme, rounding: Rounding, title: str = "") -> Page:
    """Return the page of a descent."""
    if len(descent.params) == 2:
        return _over_plane(descent, theme, rounding, title)
    return _beside_each_other(descent, theme, rounding, title)


def _over_plane(descent: Descent, theme: Theme, rounding: Rounding, title: str) -> Page:
    """Return the path of two parameters over the contours of the objective."""
    path = _thinned([Point(*step.point) for step in descent.path])
    sample = cache(sampler(descent.graph, descent.params, descent.fixed))
    x, y = _extent(path)
    program, details = _told(descent, rounding)
    head = heading(title, program, details, theme, stacked=True)
    box = box_of(x, y, HEIGHT - head.depth - ABOVE, theme)
    drawn = plane(sample, x, y, box, subscript(descent.name), theme)
    panel, bar = drawn.panels
    lines, dots = _trail(path, theme)
    panel = panel._replace(lines=lines, dots=dots)
    size = (max(drawn.page_width, min(WIDTH, head.width)), box.top + ABOVE + head.depth)
    words = [
        *heading(title, program, details, theme, size, stacked=True).words,
        *drawn.words,
        *axis_names(box, descent.params, theme),
        *_ends_named(panel, path, descent, theme, rounding),
    ]
    return _page(descent, size, (panel, bar), words, theme, title)


def _beside_each_other(descent: Descent, theme: Theme, rounding: Rounding, title: str) -> Page:
    """Return the loss curve and, of one parameter, the path on the objective's curve left of it."""
    program, details = _told(descent, rounding)
    head = heading(title, program, details, theme)
    top = HEIGHT - head.depth - ABOVE
    parts = [_loss(descent, theme)]
    if len(descent.params) == 1:
        parts.insert(0, _on_curve(descent, theme))
    panels = _placed(parts, top, theme)
    words = list(head.words)
    for panel, name in zip(panels, (*descent.params[: len(panels) - 1], "step"), strict=True):
        words += _panel_names(panel, name, descent, theme)
    path = [Point(step.point[0], step.value) for step in descent.path]
    if len(panels) == 2:
        words += _ends_named(panels[0], _thinned(path), descent, theme, rounding)
    return _page(descent, (WIDTH, HEIGHT), panels, words, theme, title)


def _told(descent: Descent, rounding: Rounding) -> tuple[str, list[str]]:
    """Return the program as a line, and what stands beside it: how it ended, and what stood still."""
    ended = outcome(descent, rounding).partition(":")[0].partition(";")[0].partition(",")[0]
    rate = f"rate {number(descent.rate, rounding)}"
    return program_line(descent.graph), [each for each in (ended, rate, point_line(descent.fixed, rounding)) if each]


def _page(
    descent: Descent,
    size: tuple[float, float],
    panels: Sequence[Panel],
    words: Sequence[Words],
    theme: Theme,
    title: str,
) -> Page:
    what = f"{'maximizing' if descent.maximizes else 'minimizing'} {descent.name} over {', '.join(descent.params)}"
    return Page(
        *size,
        theme.background,
        theme.ink,
        tuple(panels),
        tuple(words),
        title=title or program_line(descent.graph),
        description=f"{what}: {outcome(descent)}",
        number_size=theme.number_size,
    )


def _thinned(path: Sequence[Point]) -> list[Point]:
    """Return a path with as many of its points as can be seen, the first and the last among them."""
    every = ceil(len(path) / MOST_DRAWN)
    return [*path[:-1:every], path[-1]]


def _extent(path: Sequence[Point]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of x and of y between which a path lies, with room around it."""
    spans = [(min(column), max(column)) for column in zip(*path, strict=True)]
    longest = max(high - low for low, high in spans)
    sizes = [max(high - low, longest * FLATTEST) or max(1.0, abs(low)) for low, high in spans]
    (x, across), (y, up) = (
        ((low + high) / 2, (0.5 + AROUND) * size) for (low, high), size in zip(spans, sizes, strict=True)
    )
    return (x - across, x + across), (y - up, y + up)


def _trail(path: Sequence[Point], theme: Theme) -> tuple[tuple[Line, ...], tuple[Dot, ...]]:
    """Return a path as a line with its steps on it: a ring where it starts, a dot where it ends."""
    steps = [Dot(*point, theme.gradient, 4.0) for point in path[1:-1]] if len(path) <= FEW else []
    ends = (Dot(*path[0], theme.ink, 7.5, hollow=True), Dot(*path[-1], theme.ink, 8.0))
    return (Line(tuple(path), theme.gradient, 1.7),), (*steps, *(ends if path[1:] else ends[1:]))


def _ends_named(panel: Panel, path: Sequence[Point], descent: Descent, theme: Theme, rounding: Rounding) -> list[Words]:
    """Return the words at both ends of a path."""
    drawn = [point for line in panel.lines for point in _close([panel.place(point) for point in line.points])]
    value = f"{subscript(descent.name)} = {number(descent.path[-1].value, rounding)}"
    end = beside(panel.place(path[-1]), value, theme.number_size, theme.ink, panel.box, drawn)
    if not path[1:]:
        return [end]
    taken = [Point(end.x + width(value, end.size) / POINTS_PER_INCH * i / 8, end.y) for i in range(9)]
    start = beside(panel.place(path[0]), "start", theme.number_size, theme.ink, panel.box, [*drawn, *taken])
    return [start, end]


def _close(path: Sequence[Point]) -> list[Point]:
    """Return the points of a line on the page, those of a short one so close that no words fit between them."""
    parts = CLOSE if len(path) <= FEW else 1
    return [
        Point(a.x + (b.x - a.x) * i / parts, a.y + (b.y - a.y) * i / parts)
        for a, b in pairwise(path)
        for i in range(parts + 1)
    ]


def _loss(descent: Descent, theme: Theme) -> Panel:
    """Return the value after each step, on a logarithmic axis where it shrinks or grows a thousandfold."""
    values = [step.value for step in descent.path]
    is_log = min(values) > 0 and max(values) >= LOG_FROM * min(values)
    heights = [log10(value) if is_log else value for value in values]
    path = _thinned([Point(float(i), height) for i, height in enumerate(heights)])
    frame = window(lambda _: heights[0], [Point(0.0, min(heights)), Point(1.0, max(heights))])
    up = _decades(*frame) if is_log else axis(*frame, 6)
    last = max(1, len(values) - 1)
    dots = [Dot(*point, theme.value, 4.0) for point in path] if len(path) <= FEW else []
    zero = _zero(up, 0.0, float(last), theme) if not is_log else []
    return Panel(
        NOWHERE,
        _whole(axis(0.0, float(last), 8, HALF)),
        up,
        lines=(*zero, Line(tuple(path), theme.value, 2.0)),
        dots=tuple(dots),
    )


def _whole(steps: Axis) -> Axis:
    """Return an axis of steps with its ticks at whole ones only."""
    return steps._replace(ticks=tuple((place, text) for place, text in steps.ticks if place == round(place)))


def _decades(low: float, high: float) -> Axis:
    """Return a logarithmic axis between two powers of ten, told by their exponents."""
    inside = range(ceil(low), floor(high) + 1)
    every = max(1, ceil(len(inside) / 6))
    return Axis(low, high, tuple((float(i), number(10.0**i, Rounding(1)).replace("1×", "")) for i in inside[::every]))


def _on_curve(descent: Descent, theme: Theme) -> Panel:
    """Return the path of one parameter on the curve of the objective."""
    path = _thinned([Point(step.point[0], step.value) for step in descent.path])
    low, high = _extent([Point(x, 0.0) for x, _ in path])[0]
    sample = cache(sampler(descent.graph, descent.params, descent.fixed))

    def value(x: float) -> float:
        return sample(x).value

    xs = [(low * (SAMPLES - 1 - i) + high * i) / (SAMPLES - 1) for i in range(SAMPLES)]
    frame = window(value, [Point(x, value(x)) for x in xs], [y for _, y in path])
    up = axis(*frame, 6)
    drawn = [Line(piece, theme.value) for piece in curve(value, xs, frame).pieces if piece[1:]]
    lines, dots = _trail(path, theme)
    return Panel(NOWHERE, axis(low, high, 6, HALF), up, lines=(*_zero(up, low, high, theme), *drawn, *lines), dots=dots)


def _zero(up: Axis, low: float, high: float, theme: Theme) -> list[Line]:
    """Return the line at zero, if it is to be seen."""
    colour = mixed(theme.background, theme.ink, HELPING)
    return [Line((Point(low, 0.0), Point(high, 0.0)), colour, 0.8)] if up.low < 0 < up.high else []


def _placed(panels: Sequence[Panel], top: float, theme: Theme) -> list[Panel]:
    """Return panels beside each other, as wide as each other, each with room for its numbers."""
    margins = [
        max((width(text, theme.number_size) for _, text in panel.y.ticks), default=0.0) / POINTS_PER_INCH + BESIDE_AXIS
        for panel in panels
    ]
    wide = (WIDTH - 1.5 * EDGE - sum(margins) - APART * (len(panels) - 1)) / len(panels)
    placed, left = [], EDGE / 2
    for panel, margin in zip(panels, margins, strict=True):
        left += margin
        placed.append(panel._replace(box=Box(left, FOOT, wide, top - FOOT)))
        left += wide + APART
    return placed


def _panel_names(panel: Panel, below: str, descent: Descent, theme: Theme) -> list[Words]:
    """Return the names of a panel's axes."""
    box = panel.box
    middle = Words(box.left + box.width / 2, box.bottom - 0.5, subscript(below), theme.ink, theme.name_size)
    side = Words(box.left - 0.1, box.top + 0.1, subscript(descent.name), theme.value, theme.name_size)
    return [middle._replace(align="center"), side]
