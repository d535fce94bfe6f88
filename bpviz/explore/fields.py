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
FINER = 6  # parts of a cell, each way, where the function breaks
NOTICED = 1e-3  # of all heights: a smaller change needs no look

Place = tuple[float, float]


class Field(NamedTuple):
    """The values, a row for each y; cells are (row, column) of the lower left corner.

    A cell is left out where the function breaks in it, and where it has no value at a corner; what there is of it is
    among the finer fields.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    left_out: tuple[tuple[int, int], ...]
    finer: tuple[Field, ...] = ()


def field(sample: Sampler, xs: Sequence[float], ys: Sequence[float], finer: int = FINER) -> Field:
    """Return a function on a grid; xs and ys rise, sample gives both gradients.

    Where it breaks, or its domain ends, a cell is divided by finer each way; 1 leaves it out.
    """
    rows = [[sample(x, y) for x in xs] for y in ys]
    values = tuple(tuple(each.value for each in row) for row in rows)
    out = dict.fromkeys([*_broken(sample, xs, ys, rows), *_beside_gaps(values)])
    left_out = tuple(sorted(out))
    if finer == 1:
        return Field(tuple(xs), tuple(ys), values, left_out)
    parts = (
        field(sample, _parts(xs[j], xs[j + 1], finer), _parts(ys[i], ys[i + 1], finer), 1)
        for i, j in left_out
        if any(isfinite(values[i + p // 2][j + p % 2]) for p in range(4))
    )
    return Field(tuple(xs), tuple(ys), values, left_out, tuple(parts))


def _parts(low: float, high: float, parts: int) -> list[float]:
    return [(low * (parts - k) + high * k) / parts for k in range(parts + 1)]


def _beside_gaps(values: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the cells with a corner that has no value."""
    return [
        (i, j)
        for i in range(len(values) - 1)
        for j in range(len(values[i]) - 1)
        if not all(isfinite(values[i + p // 2][j + p % 2]) for p in range(4))
    ]


def _broken(
    sample: Sampler, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[Sample]]
) -> list[tuple[int, int]]:
    """Return the cells with an edge across which the function breaks."""
    known = sorted(each.value for row in rows for each in row if isfinite(each.value))
    least = NOTICED * (known[len(known) * 9 // 10] - known[len(known) // 10]) if known else 0.0
    found = []
    for i, y in enumerate(ys):
        for j, x in enumerate(xs):
            here = rows[i][j]
            if j + 1 < len(xs) and _is_broken(sample, ((x, y), here), ((xs[j + 1], y), rows[i][j + 1]), 0, least):
                found += [(i, j), (i - 1, j)]
            if i + 1 < len(ys) and _is_broken(sample, ((x, y), here), ((x, ys[i + 1]), rows[i + 1][j]), 1, least):
                found += [(i, j), (i, j - 1)]
    return [(i, j) for i, j in found if 0 <= i < len(ys) - 1 and 0 <= j < len(xs) - 1]


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
