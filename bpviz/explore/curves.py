"""Turn a function of one variable into lines to draw: fine where it bends, and broken where it breaks.

Between two samples the function is computed again until straight lines are close enough. Where it has no value, tends
to infinity or jumps, halving finds the place, and the line ends there instead of running across. The window says
which values a picture shows: all of them, unless there is a pole and nothing else could be seen beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, inf, isfinite, isnan, nan
from typing import NamedTuple

Function = Callable[[float], float]  # NaN where it has no value

# Lines. Heights are shares of the window's.
FLAT = 1 / 800  # so far a straight line may be off
LEAST_JUMP = 1 / 100  # less is no jump that anybody sees
LEAST_DEPTH, MOST_DEPTH = 2, 12  # how often the interval between two samples is halved
MOST_VALUES = 120  # computed between two samples
HALVINGS = 60  # find a place to a float64's precision
CONTINUOUS = 1 / 4  # halving the way across makes a change so much smaller, unless it is a jump
STRETCHES = 250  # into which very many samples are divided
MOST_OF_STRETCH = 5  # samples of a stretch that are all kept

# Windows. Heights are multiples of the middle half of the samples.
CLIMBS = 40  # halvings towards a pole; 1/x grows by a factor of 2^40
AT_REST = 0.01  # of the height: climbing that gains no more from halfway on has come to a top
TAIL = 0.25  # of the samples, at either end, that do not count where there is a pole
BEYOND = 3.0  # is seen above the middle half and below it
DWARFED = 1e4  # is so high that it is cut at an end of the range, such as exp(x²)
NEEDLE = 1e9  # is so high that it is cut anywhere: a sample beside a pole that has no room to climb
MARGIN = 0.07  # of the window's height, above and below
EQUAL = 1e-12  # relatively: values that differ by less are one
LARGEST = 1e300  # what a drawing's arithmetic bears


class CurvePoint(NamedTuple):
    """A point of a line; y is NaN where the function has no value."""

    x: float
    y: float


class Break(NamedTuple):
    """The two points between which there is no line; y is NaN where all that is known is that there is no value."""

    before: CurvePoint
    behind: CurvePoint


class Curve(NamedTuple):
    """Lines, each without a break, and the breaks between them."""

    pieces: tuple[tuple[CurvePoint, ...], ...]
    breaks: tuple[Break, ...]


class Window(NamedTuple):
    """The values that are to be seen, from low to high."""

    low: float
    high: float

    @property
    def height(self) -> float:
        """The distance from low to high."""
        return self.high - self.low

    def clip(self, y: float) -> float:
        """Return a value, or what is drawn for one that is far outside the window."""
        return min(max(y, self.low - self.height), self.high + self.height)


def follow(function: Function, xs: Sequence[float], window: Window) -> Curve:
    """Follow a function from sample to sample, as closely as its window shows; `xs` rise."""
    points = _refine(function, xs, window)
    pieces = [points[:1]]
    breaks: list[Break] = []
    for a, b in pairwise(points):
        found = _find_break(function, a, b, window)
        if found:
            pieces[-1].append(found.before)
            pieces.append([found.behind])
            if breaks and breaks[-1].behind == found.before:  # no value between the two: one gap
                found = Break(breaks.pop().before, found.behind)
            breaks.append(found)
        pieces[-1].append(b)
    lines = ([CurvePoint(x, window.clip(y)) for x, y in piece if not isnan(y)] for piece in pieces)
    return Curve(tuple(tuple(dict.fromkeys(line)) for line in lines if line), tuple(breaks))


def thin(samples: Sequence[CurvePoint]) -> list[CurvePoint]:
    """Return as many samples as a picture has room for: of each stretch the ends, the extremes, and a gap."""
    length = ceil(len(samples) / STRETCHES)
    if length <= MOST_OF_STRETCH:
        return list(samples)
    kept: list[CurvePoint] = []
    for start in range(0, len(samples), length):
        stretch = samples[start : start + length]
        known = [point for point in stretch if not isnan(point.y)]
        extremes = [min(known, key=lambda point: point.y), max(known, key=lambda point: point.y)] if known else []
        gap = [next(point for point in stretch if isnan(point.y))] if len(known) < len(stretch) else []
        kept += sorted({point.x: point for point in (stretch[0], *extremes, *gap, stretch[-1])}.values())
    return kept


def _refine(function: Function, xs: Sequence[float], window: Window) -> list[CurvePoint]:
    """Return the samples with as many points between them as the curve needs, those without a value too."""
    first, *others = (CurvePoint(x, function(x)) for x in xs)
    points = [first]
    for second in others:
        values_left = MOST_VALUES
        queue = [(points[-1], second, 0)]
        while queue:
            a, b, depth = queue.pop()
            if isnan(a.y) and isnan(b.y):
                points.append(b)
                continue
            middle = _find_middle(function, a, b)
            values_left -= 1
            bend = abs(window.clip(middle.y) - (window.clip(a.y) + window.clip(b.y)) / 2)
            is_straight = bend <= FLAT * window.height  # false where one of the three has no value
            if depth >= LEAST_DEPTH and (is_straight or depth >= MOST_DEPTH or values_left < 0):
                points.append(b)
            else:
                queue += [(middle, b, depth + 1), (a, middle, depth + 1)]
    return points


def _find_break(function: Function, a: CurvePoint, b: CurvePoint, window: Window) -> Break | None:
    """Return where the line ends and goes on between two neighbours; None where it need not be broken."""
    if isnan(a.y) and isnan(b.y):
        return Break(a, b)
    if isnan(a.y):
        return Break(a, _find_edge(function, b, a))
    if isnan(b.y):
        return Break(_find_edge(function, a, b), b)
    if abs(window.clip(a.y) - window.clip(b.y)) <= LEAST_JUMP * window.height:
        return None
    return _find_jump(function, a, b)


def _find_edge(function: Function, inside: CurvePoint, outside: CurvePoint) -> CurvePoint:
    """Return the last point with a value between one that has it and one that has none."""
    for _ in range(HALVINGS):
        middle = _find_middle(function, inside, outside)
        inside, outside = (inside, middle) if isnan(middle.y) else (middle, outside)
    return inside


def _find_jump(function: Function, a: CurvePoint, b: CurvePoint) -> Break | None:
    """Return the last point before a jump and the first behind it; None where the function is continuous."""
    least = CONTINUOUS * abs(a.y - b.y)
    for _ in range(HALVINGS):
        middle = _find_middle(function, a, b)
        if isnan(middle.y) or not a.x < middle.x < b.x:
            break
        a, b = max((a, middle), (middle, b), key=lambda pair: abs(pair[0].y - pair[1].y))
        if abs(a.y - b.y) < least:
            return None
    return Break(a, b)


def _find_middle(function: Function, a: CurvePoint, b: CurvePoint) -> CurvePoint:
    x = a.x / 2 + b.x / 2
    return CurvePoint(x, function(x))


def choose_window(function: Function, points: Sequence[CurvePoint], seen: Sequence[float] = ()) -> Window:
    """Return which values to show of a function with these samples, in rising order; `seen` is always among them.

    A pole is found by climbing from the largest sample, and from the smallest: at tan's there is always a larger
    value, at exp's end there is none. Where there is one, the window is cut somewhat beyond the middle half.
    """
    known = [y for _, y in points if isfinite(y)]
    if not known:
        return Window(-1.0, 1.0)
    values = sorted(known)
    last = len(values) - 1
    lower, upper = values[round(TAIL * last)], values[round((1 - TAIL) * last)]
    low, high = max(values[0], lower - BEYOND * (upper - lower)), min(values[-1], upper + BEYOND * (upper - lower))
    bottom, top = (_find_extreme(function, points, sign) for sign in (-1.0, 1.0))
    is_extreme_at_end = any(value in (known[0], known[-1]) for value in (values[0], values[-1]))
    tallest = (DWARFED if is_extreme_at_end else NEEDLE) * (high - low)  # anything higher would dwarf the rest
    if not (isnan(bottom) or isnan(top) or values[-1] - values[0] > tallest > 0):
        low, high = min(values[0], bottom), max(values[-1], top)
    low, high = max(min(low, *seen, high), -LARGEST), min(max(high, *seen, low), LARGEST)
    is_one_value = high - low <= EQUAL * max(abs(low), abs(high))
    room = (abs(high) / 2 or 1.0) if is_one_value else MARGIN * (high - low)
    return Window(low - room, high + room)


def _find_extreme(function: Function, points: Sequence[CurvePoint], sign: float) -> float:
    """Return the largest value around the largest sample, for sign −1 the smallest; NaN if there is no end to it."""
    known = [i for i, point in enumerate(points) if isfinite(point.y)]
    top = max(known, key=lambda i: sign * points[i].y)
    left, best, right = points[max(top - 1, 0)], points[top], points[min(top + 1, len(points) - 1)]
    reached = []
    for _ in range(CLIMBS):  # to the higher of the two middles, or with both of them closer to the best
        before, behind = _find_middle(function, best, left), _find_middle(function, best, right)
        higher = max((best, before, behind), key=lambda point: -inf if isnan(point.y) else sign * point.y)
        if higher is best:
            left, right = before, behind
        elif higher is before:
            right = best
        else:
            left = best
        best = higher
        reached.append(best.y)
    heights = [points[i].y for i in known]
    height, gain = max(heights) - min(heights), abs(best.y - points[top].y)
    is_at_edge = isnan(left.y) or isnan(right.y)  # as ln at 0: it rests where floating point has no room to climb
    is_at_rest = not is_at_edge and abs(best.y - reached[CLIMBS // 2]) <= AT_REST * max(height, gain)
    return best.y if is_at_rest or gain <= height else nan
