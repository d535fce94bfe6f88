"""A function of two variables on a grid, and the cells across which it breaks: nothing is to be drawn in those.

A break is suspected where a value changes otherwise than the gradients at both ends of an edge say, and confirmed by
halving the edge: a jump stays as large as it was, however short the way across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from bpviz.explore.samples import Sample, Sampler

DISAGREE = 0.5  # of what the value and the gradients say it changes by: as much they may differ
HALVINGS = 45
SHARPER = 1 / 4  # a change that halving makes so much smaller is none of a jump
NOTICED = 1e-3  # of all heights: a smaller change needs no look

Place = tuple[float, float]


class Field(NamedTuple):
    """The values, a row for each y; a broken cell is (row, column) of its lower left corner."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    broken: tuple[tuple[int, int], ...]


def field(sample: Sampler, xs: Sequence[float], ys: Sequence[float]) -> Field:
    """Return a function on a grid; xs and ys rise, sample gives both gradients."""
    rows = [[sample(x, y) for x in xs] for y in ys]
    values = tuple(tuple(each.value for each in row) for row in rows)
    known = sorted(value for row in values for value in row if isfinite(value))
    least = NOTICED * (known[len(known) * 9 // 10] - known[len(known) // 10]) if known else 0.0
    broken: dict[tuple[int, int], None] = {}
    for i, y in enumerate(ys):
        for j, x in enumerate(xs):
            here = rows[i][j]
            if j + 1 < len(xs) and _is_broken(sample, ((x, y), here), ((xs[j + 1], y), rows[i][j + 1]), 0, least):
                broken |= dict.fromkeys([(i, j), (i - 1, j)])
            if i + 1 < len(ys) and _is_broken(sample, ((x, y), here), ((x, ys[i + 1]), rows[i + 1][j]), 1, least):
                broken |= dict.fromkeys([(i, j), (i, j - 1)])
    return Field(tuple(xs), tuple(ys), values, tuple(sorted(cell for cell in broken if min(cell) >= 0)))


def _is_broken(sample: Sampler, a: tuple[Place, Sample], b: tuple[Place, Sample], axis: int, least: float) -> bool:
    """Say whether the function breaks between two neighbours along an axis."""
    (start, first), (end, last) = a, b
    step = end[axis] - start[axis]
    told = step * (first.gradients[axis] + last.gradients[axis]) / 2
    change = last.value - first.value
    if not abs(change - told) > max(DISAGREE * (abs(change) + abs(told)), least):  # nor where there is a NaN
        return False
    return _jumps(sample, start, first.value, end, last.value)


def _jumps(sample: Sampler, a: Place, low: float, b: Place, high: float) -> bool:
    """Say whether a change stays where the way across is halved again and again."""
    least = SHARPER * abs(high - low)
    for _ in range(HALVINGS):
        middle = (a[0] / 2 + b[0] / 2, a[1] / 2 + b[1] / 2)
        value = sample(*middle).value
        if not isfinite(value) or middle in (a, b):
            return True
        if abs(value - low) >= abs(high - value):
            b, high = middle, value
        else:
            a, low = middle, value
        if abs(high - low) <= least:
            return False
    return True
