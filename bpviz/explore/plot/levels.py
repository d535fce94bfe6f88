"""At which values a contour plot changes its colour: round ones, evenly spaced unless most of the plane is in one band.

Beside a pole, or in a narrow valley, even levels would show nothing: then each band covers as much of the plane.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, isfinite

from bpviz.explore.plot.ticks import numeral, round_step
from bpviz.formula.numerals import Rounding, number

BANDS = 10
CROWDED = 0.45  # of the plane in one band: too much
NOTHING = 0.05  # of the next level's size: a level so near zero is zero
DIGITS = (2, 3, 4)  # of a level that is a share of the plane; the fewest that keep them apart


def levels(values: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """Return the levels between the values, each with its number as it is written; none where all are the same.

    >>> [text for _, text in levels([i / 10 for i in range(11)])]
    ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9']
    """
    known = sorted(value for value in values if isfinite(value))
    if not known or known[0] == known[-1]:
        return ()
    even = _even(known[0], known[-1])
    places = [level for level, _ in even]
    if even and _fullest_band(known, places) <= CROWDED * len(known):
        return even
    return _shared(known) or even


def _even(low: float, high: float) -> tuple[tuple[float, str], ...]:
    if not isfinite(high - low):
        return ()
    step = round_step(high - low, BANDS)
    inside = range(floor(low / step) + 1, ceil(high / step))
    return tuple((i * step, numeral(i * step, step)) for i in inside)


def _shared(known: Sequence[float]) -> tuple[tuple[float, str], ...]:
    """Return levels that share the plane out, rounded; values that fill many bands alone make fewer of them."""
    shares = [known[i * (len(known) - 1) // BANDS] for i in range(1, BANDS)]
    for digits in DIGITS:
        rounded = [float(f"{share:.{digits - 1}e}") for share in shares]
        least = NOTHING * min(sorted(map(abs, rounded))[1:], default=0.0)
        rounded = [level if abs(level) > least else 0.0 for level in rounded]
        inside = [level for level in dict.fromkeys(rounded) if known[0] < level < known[-1]]
        if len(inside) >= len(dict.fromkeys(shares)) - 2:
            break
    return tuple((level, number(level, Rounding(digits))) for level in inside)


def _fullest_band(known: Sequence[float], places: Sequence[float]) -> int:
    """Return how many sorted values lie between two neighbouring levels at the most."""
    ends = [0, *(bisect_left(known, place) for place in places), len(known)]
    return max(second - first for first, second in pairwise(ends))
