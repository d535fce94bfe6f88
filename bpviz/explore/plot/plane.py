"""The plane of two inputs: bands of colour for the value, and what they mean in a bar beside it.

One unit is as long across as up wherever that leaves room, so that gradients stand at right angles to the contours.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, isfinite
from typing import NamedTuple

from bpviz.explore.curves import Point
from bpviz.explore.fields import field
from bpviz.explore.plot.colours import mixed, ramp, strongest
from bpviz.explore.plot.levels import levels
from bpviz.explore.plot.page import POINTS_PER_INCH, Arrow, Axis, Box, Contours, Panel, Patch, Words
from bpviz.explore.plot.ticks import axis
from bpviz.explore.samples import Sampler
from bpviz.figure.lettering import width
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import number

LEFT, FOOT, EDGE = 0.3, 0.66, 0.3  # inches beside and under the numbers, and right of all
BAR, BESIDE = 0.17, 0.28  # inches: the bar's width, and from the plane to it
NARROWEST, WIDEST = 1.4, 5.6  # inches of the plane; beyond, a unit is not as long across as up
TICK_ROOM = 0.62  # inches that a number takes along an axis
CELL = 0.045  # inches between the points of the grid that the contours are made from
LIGHTEST, STRONGEST = 0.04, 0.62  # of the value's colour in the lowest and the highest band
SEEN = 2.2  # contrast of arrows and paths with the strongest band at least
CONTOUR = 0.35  # of the ink in the lines between bands
OUTSIDE = 0.16  # of the ink where there is no value
ARROW_ROOM = 0.36  # inches from one arrow to the next
LONGEST = 0.92  # of that room: the arrow where it is steepest
AIR = 0.07  # inches between arrows and what they keep clear of
COMPRESSED = 0.4  # an arrow's length grows as this power of the steepness, or most would be dots


class Plane(NamedTuple):
    """The panels of a plane, the words of its bar, and how wide a page they take."""

    panels: tuple[Panel, Panel]
    words: tuple[Words, ...]
    page_width: float


def box_of(x: tuple[float, float], y: tuple[float, float], top: float, theme: Theme) -> Box:
    """Return where a plane stands that may reach up to top, but need not."""
    high = top - FOOT
    wide = high * (x[1] - x[0]) / (y[1] - y[0])
    if wide > WIDEST and wide < 1.6 * WIDEST:
        wide, high = WIDEST, high * WIDEST / wide
    wide = wide if NARROWEST <= wide <= WIDEST else WIDEST * 0.8
    numbers = [text for _, text in axis(*y, max(2, int(high / TICK_ROOM))).ticks]
    left = LEFT + max((width(text, theme.number_size) for text in numbers), default=0.0) / POINTS_PER_INCH
    return Box(left, FOOT, wide, high)


def plane(sample: Sampler, x: tuple[float, float], y: tuple[float, float], box: Box, name: str, theme: Theme) -> Plane:
    """Return the plane of a function between the ends of x and y, and its bar with the function's name."""
    across, up = _axes(x, y, box)
    found = field(sample, _spread(x, box.width), _spread(y, box.height))
    marks = levels([value for row in found.values for value in row])
    ground = mixed(theme.background, theme.value, LIGHTEST)
    strong = strongest(theme.background, theme.value, theme.gradient, STRONGEST, SEEN)
    colours = ramp(ground, strong, len(marks) + 1)
    line = mixed(theme.background, theme.ink, CONTOUR)
    contours = Contours(found, tuple(place for place, _ in marks), colours, line)
    shade = Patch(across.low, up.low, across.high, up.high, mixed(theme.background, theme.ink, OUTSIDE))
    whole = Panel(box, across, up, (shade,), contours, frame=("left", "bottom", "right", "top"))
    values = [value for row in found.values for value in row if isfinite(value)]
    bar = _bar(box, [text for _, text in marks], colours, number(values[0]) if values else "")
    title = Words(bar.box.left, box.top + 0.1, name, theme.value, theme.name_size)
    widest = max((width(text, theme.number_size) for _, text in marks), default=0.0) / POINTS_PER_INCH
    return Plane((whole, bar), (title,), bar.box.right + 0.12 + widest + EDGE)


def arrows(sample: Sampler, panel: Panel) -> tuple[Arrow, ...]:
    """Return the gradient field over a plane: each arrow points as on the plane's own axes, its middle in place."""
    box, x, y = panel.box, panel.x, panel.y
    columns, rows = (max(2, round(length / ARROW_ROOM)) for length in (box.width, box.height))
    right, up = box.width / (x.high - x.low), box.height / (y.high - y.low)
    found = []
    for i in range(rows):
        for j in range(columns):
            shares = ((j + 0.5) / columns, (i + 0.5) / rows)
            slopes = sample(x.low + shares[0] * (x.high - x.low), y.low + shares[1] * (y.high - y.low)).gradients
            dx, dy = slopes[0] * right, slopes[1] * up
            if isfinite(dx) and isfinite(dy) and (dx or dy):
                found.append((box.left + shares[0] * box.width, box.bottom + shares[1] * box.height, dx, dy))
    steep = sorted(hypot(dx, dy) for *_, dx, dy in found)
    most = steep[len(steep) * 9 // 10] if steep else 1.0
    return tuple(_arrow(*each, most) for each in found)


def _arrow(x: float, y: float, dx: float, dy: float, most: float) -> Arrow:
    size = hypot(dx, dy)
    length = ARROW_ROOM * LONGEST * min(1.0, (size / most) ** COMPRESSED)
    dx, dy = dx / size * length, dy / size * length
    return Arrow(x - dx / 2, y - dy / 2, dx, dy)


def clear_of(arrows: Sequence[Arrow], words: Sequence[Words], dots: Sequence[Point]) -> tuple[Arrow, ...]:
    """Return the arrows that neither run under words nor begin or end beside a dot."""
    boxes = [
        (each.x - AIR, each.y - AIR, each.x + width(each.text, each.size) / POINTS_PER_INCH + AIR, each.y + 3 * AIR)
        for each in words
    ]
    boxes += [(x - AIR, y - AIR, x + AIR, y + AIR) for x, y in dots]
    return tuple(each for each in arrows if not any(_touches(each, box) for box in boxes))


def _touches(arrow: Arrow, box: tuple[float, float, float, float]) -> bool:
    """Say whether a point of an arrow is in a rectangle."""
    left, bottom, right, top = box
    points = ((arrow.x + arrow.dx * i / 8, arrow.y + arrow.dy * i / 8) for i in range(9))
    return any(left <= x <= right and bottom <= y <= top for x, y in points)


def _axes(x: tuple[float, float], y: tuple[float, float], box: Box) -> tuple[Axis, Axis]:
    across, up = (max(2, int(length / TICK_ROOM)) for length in (box.width, box.height))
    return axis(*x, across, box.width * POINTS_PER_INCH), axis(*y, up)


def _spread(ends: tuple[float, float], length: float) -> list[float]:
    """Return values from end to end, as close on paper as contours need them."""
    last = round(length / CELL)
    return [(ends[0] * (last - i) + ends[1] * i) / last for i in range(last + 1)]


def _bar(box: Box, numbers: Sequence[str], colours: Sequence[str], only: str) -> Panel:
    """Return the bar that tells which colour is which value, every band as high as the others; or the only value."""
    place = Box(box.right + BESIDE, box.bottom, BAR, box.height)
    bands = tuple(Patch(0.0, float(i), 1.0, i + 1.0, colour) for i, colour in enumerate(colours))
    ticks = tuple((float(i), text) for i, text in enumerate(numbers, start=1)) or ((0.5, only),)
    return Panel(place, Axis(0.0, 1.0), Axis(0.0, float(len(colours)), ticks), bands, frame=("right",))
