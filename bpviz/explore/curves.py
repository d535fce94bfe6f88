"""A function of one variable as lines to draw: fine where it bends, and broken where it is.

Between two samples the function is asked again until straight lines are close enough. Where it has no value, tends to
infinity or jumps, halving finds the place, and the line ends there instead of running across.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import isnan
from typing import NamedTuple

Function = Callable[[float], float]  # NaN where it has no value

FLAT = 1 / 800  # of the view's height: as far as a straight line may be off
JUMP = 1 / 100  # of the view's height: less is no jump that anybody sees
LEAST_DEPTH, DEEPEST = 2, 12  # how often the interval between two samples is halved
BUDGET = 120  # values asked for between two samples
HALVINGS = 60  # that find a place to a float64's precision
SHARPER = 1 / 4  # a change that halving makes so much smaller is none of a jump


class Point(NamedTuple):
    """A point of a line."""

    x: float
    y: float


class Break(NamedTuple):
    """Between which points there is no line; those of them that have no value are where nothing is known but that."""

    before: Point
    behind: Point


class Window(NamedTuple):
    """The values from low to high that are to be seen."""

    low: float
    high: float

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.high - self.low

    def kept(self, y: float) -> float:
        """Return a value, or what is drawn for one that is far outside the window."""
        return min(max(y, self.low - self.height), self.high + self.height)


class Curve(NamedTuple):
    """Lines, each without a break, and the breaks between them."""

    pieces: tuple[tuple[Point, ...], ...]
    breaks: tuple[Break, ...]


def curve(function: Function, xs: Sequence[float], window: Window) -> Curve:
    """Return the curve of a function over samples in rising order, as fine as its window shows."""
    points = _refined(function, xs, window)
    pieces = [points[:1]]
    breaks: list[Break] = []
    for a, b in pairwise(points):
        ends = _ends(function, a, b, window)
        if ends:
            pieces[-1].append(ends[0])
            pieces.append([ends[1]])
            breaks.append(Break(*ends))
        pieces[-1].append(b)
    drawn = ([Point(x, window.kept(y)) for x, y in piece if not isnan(y)] for piece in pieces)
    return Curve(tuple(tuple(dict.fromkeys(piece)) for piece in drawn if piece), _merged(breaks))


def _merged(breaks: Sequence[Break]) -> tuple[Break, ...]:
    """Return breaks with those as one that follow each other without a value between them."""
    merged: list[Break] = []
    for each in breaks:
        if merged and merged[-1].behind == each.before:
            merged[-1] = Break(merged[-1].before, each.behind)
        else:
            merged.append(each)
    return tuple(merged)


def _refined(function: Function, xs: Sequence[float], window: Window) -> list[Point]:
    """Return the samples with as many points between them as the curve needs, those without a value too."""
    first, *others = (Point(x, function(x)) for x in xs)
    points = [first]
    for second in others:
        points += _between(function, points[-1], second, window)
    return points


def _between(function: Function, first: Point, second: Point, window: Window) -> list[Point]:
    """Return the points behind the first sample up to the second, which is the last of them."""
    points: list[Point] = []
    left = BUDGET
    queue = [(first, second, 0)]
    while queue:
        a, b, depth = queue.pop()
        if isnan(a.y) and isnan(b.y):
            points.append(b)
            continue
        middle = _at(function, a, b)
        left -= 1
        if depth >= LEAST_DEPTH and (depth >= DEEPEST or left < 0 or _is_straight(a, middle, b, window)):
            points.append(b)
        else:
            queue += [(middle, b, depth + 1), (a, middle, depth + 1)]
    return points


def _is_straight(a: Point, middle: Point, b: Point, window: Window) -> bool:
    """Say whether a straight line will do; comparisons with NaN are false."""
    chord = (window.kept(a.y) + window.kept(b.y)) / 2
    return abs(window.kept(middle.y) - chord) <= FLAT * window.height


def _ends(function: Function, a: Point, b: Point, window: Window) -> tuple[Point, Point] | None:
    """Return where the line ends and goes on between two neighbours; None where it need not be broken."""
    if isnan(a.y) and isnan(b.y):
        return a, b
    if isnan(a.y):
        return a, _edge(function, b, a)
    if isnan(b.y):
        return _edge(function, a, b), b
    if abs(window.kept(a.y) - window.kept(b.y)) <= JUMP * window.height:
        return None
    return _jump(function, a, b)


def _edge(function: Function, inside: Point, outside: Point) -> Point:
    """Return the last point with a value between one that has it and one that has none."""
    for _ in range(HALVINGS):
        middle = _at(function, inside, outside)
        inside, outside = (inside, middle) if isnan(middle.y) else (middle, outside)
    return inside


def _jump(function: Function, a: Point, b: Point) -> tuple[Point, Point] | None:
    """Return the last point before a jump and the first behind it; None where the function is continuous."""
    least = SHARPER * abs(a.y - b.y)
    for _ in range(HALVINGS):
        middle = _at(function, a, b)
        if isnan(middle.y) or not a.x < middle.x < b.x:
            break
        a, b = max((a, middle), (middle, b), key=lambda pair: abs(pair[0].y - pair[1].y))
        if abs(a.y - b.y) < least:
            return None
    return a, b


def _at(function: Function, a: Point, b: Point) -> Point:
    """Return the point in the middle between two."""
    x = a.x / 2 + b.x / 2
    return Point(x, function(x))
