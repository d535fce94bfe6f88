"""Which values a picture shows: all of them, unless there is a pole and nothing else could be seen.

A pole is found by climbing from the largest sample, and from the smallest: at tan's there is always a larger value, at
exp's end there is none. Where there is one, the picture is cut somewhat beyond the middle half of the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, isnan, nan

from bpviz.explore.curves import Function, Point, Window

CLIMBS = 40  # halvings towards a pole; 1/x grows by a factor of 2^40
AT_REST = 0.01  # of the height: climbing that gains no more from halfway on has come to a top
TAIL = 0.25  # of the samples, at either end, that do not count where there is a pole
BEYOND = 3.0  # times the height of the rest, above it and below, that is seen too
DWARFED = 1e4  # times that height: what is so high at an end of the range, such as exp(x²), is cut as well
NEEDLE = 1e9  # times that height: what is so high anywhere is a sample beside a pole that has no room to climb
MARGIN = 0.07  # of the height, above and below
SAME = 1e-12  # relatively: values that differ by less are one
LARGEST = 1e300  # what a drawing's arithmetic bears


def window(function: Function, points: Sequence[Point], seen: Sequence[float] = ()) -> Window:
    """Return the window for a function's samples in rising order; values in seen are in it, whatever they are."""
    values = sorted(y for _, y in points if isfinite(y))
    if not values:
        return Window(-1.0, 1.0)
    tops = [_top(function, points, sign) for sign in (-1.0, 1.0)]
    low, high = fence(values)
    if not any(map(isnan, tops)) and not _dwarfs(points, high - low):
        low, high = min(values[0], tops[0]), max(values[-1], tops[1])
    low, high = min(low, *seen, high), max(high, *seen, low)
    return _with_margin(max(low, -LARGEST), min(high, LARGEST))


def fence(values: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and highest of sorted values that are not far outside the rest."""
    last = len(values) - 1
    low, high = values[round(TAIL * last)], values[round((1 - TAIL) * last)]
    reach = BEYOND * (high - low)
    return max(values[0], low - reach), min(values[-1], high + reach)


def _with_margin(low: float, high: float) -> Window:
    is_one = high - low <= SAME * max(abs(low), abs(high))
    room = (abs(high) / 2 or 1.0) if is_one else MARGIN * (high - low)
    return Window(low - room, high + room)


def _dwarfs(points: Sequence[Point], height: float) -> bool:
    """Say whether the function leaves the rest of itself far behind, at an end of the range or between two samples."""
    known = [point.y for point in points if isfinite(point.y)]
    low, high = min(known), max(known)
    is_at_end = bool({low, high} & {known[0], known[-1]})
    return high - low > (DWARFED if is_at_end else NEEDLE) * height > 0


def _top(function: Function, points: Sequence[Point], sign: float) -> float:
    """Return the largest value (the smallest, for sign −1) around the largest sample; NaN if there is no end to it."""
    known = [i for i, point in enumerate(points) if isfinite(point.y)]
    top = max(known, key=lambda i: sign * points[i].y)
    heights = [points[i].y for i in known]
    height = max(heights) - min(heights)
    first, last = _climbed(function, points, top, sign)
    is_at_rest = abs(last - first) <= AT_REST * max(height, abs(last - points[top].y))
    return last if is_at_rest or abs(last - points[top].y) <= height else nan


def _climbed(function: Function, points: Sequence[Point], top: int, sign: float) -> tuple[float, float]:
    """Return the values that are found by climbing from a sample between its neighbours: halfway, and at the end."""
    left, best, right = points[max(top - 1, 0)], points[top], points[min(top + 1, len(points) - 1)]
    reached = []
    for _ in range(CLIMBS):
        before, behind = (_middle(function, best.x, side.x) for side in (left, right))
        higher = max((best, before, behind), key=lambda point: -inf if isnan(point.y) else sign * point.y)
        if higher is best:
            left, right = before, behind
        elif higher is before:
            right = best
        else:
            left = best
        best = higher
        reached.append(best.y)
    return reached[CLIMBS // 2], reached[-1]


def _middle(function: Function, a: float, b: float) -> Point:
    x = a / 2 + b / 2
    return Point(x, function(x))
