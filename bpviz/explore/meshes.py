"""Cover the plane of two inputs with triangles for contours, but none across a break of the function.

A break is suspected where a value changes otherwise than the gradients at both ends of an edge say, and confirmed by
halving the edge: a jump stays as large as it was, however short the way across it. A cell of the grid that breaks, or
that reaches out of the domain, is divided into smaller ones, and only those of them that do so too are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from bpviz.explore.functions import Sample, Sampler

DISAGREE = 0.5  # of what the value and the gradients say it changes by: as much they may differ
HALVINGS = 45
CONTINUOUS = 1 / 4  # halving the way across makes a change so much smaller, unless it is a jump
PARTS = 6  # into which a cell is divided, each way, where the function breaks
NOTICED = 1e-3  # of all heights: a smaller change needs no look

Cell = tuple[int, int]  # row and column of its lower left corner
Place = tuple[float, float]


class Mesh(NamedTuple):
    """The corners of the triangles, the value at each (NaN at corners of no triangle), and the triangles.

    A triangle is the indices of its three corners. `left_out` are the cells of the grid that were divided.
    """

    xs: list[float]
    ys: list[float]
    values: list[float]
    triangles: list[tuple[int, int, int]]
    left_out: tuple[Cell, ...]


def make_mesh(sample: Sampler, xs: Sequence[float], ys: Sequence[float], parts: int = PARTS) -> Mesh:
    """Compute a function on a grid and make the mesh of it; `xs` and `ys` rise, `sample` returns both gradients.

    Cells that break are divided into `parts` each way; with 1 they are only left out.
    """
    rows = [[sample(x, y) for x in xs] for y in ys]
    broken = {*_broken_cells(sample, xs, ys, rows), *_cells_with_gaps(rows)}
    corners = [(x, y, rows[i][j].value) for i, y in enumerate(ys) for j, x in enumerate(xs)]
    triangles = []
    for i in range(len(ys) - 1):
        for j in range(len(xs) - 1):
            if (i, j) not in broken:
                a, b = i * len(xs) + j, (i + 1) * len(xs) + j
                triangles += [(a, a + 1, b + 1), (a, b + 1, b)]
    for i, j in sorted(broken) if parts > 1 else ():
        if any(isfinite(each.value) for each in _corners(rows, i, j)):
            part = make_mesh(sample, _divide(xs[j], xs[j + 1], parts), _divide(ys[i], ys[i + 1], parts), 1)
            first = len(corners)
            corners += zip(part.xs, part.ys, part.values, strict=True)
            triangles += [(first + a, first + b, first + c) for a, b, c in part.triangles]
    across, up, values = (list(column) for column in zip(*corners, strict=True))
    return Mesh(across, up, values, triangles, tuple(sorted(broken)))


def _divide(low: float, high: float, parts: int) -> list[float]:
    return [(low * (parts - k) + high * k) / parts for k in range(parts + 1)]


def _corners(rows: Sequence[Sequence[Sample]], i: int, j: int) -> list[Sample]:
    return [rows[i][j], rows[i][j + 1], rows[i + 1][j], rows[i + 1][j + 1]]


def _cells_with_gaps(rows: Sequence[Sequence[Sample]]) -> list[Cell]:
    """Return the cells with a corner that has no value."""
    cells = [(i, j) for i in range(len(rows) - 1) for j in range(len(rows[i]) - 1)]
    return [(i, j) for i, j in cells if not all(isfinite(each.value) for each in _corners(rows, i, j))]


def _broken_cells(
    sample: Sampler, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[Sample]]
) -> list[Cell]:
    """Return the cells with an edge across which the function breaks."""
    known = sorted(each.value for row in rows for each in row if isfinite(each.value))
    least = NOTICED * (known[len(known) * 9 // 10] - known[len(known) // 10]) if known else 0.0
    found = []
    for i, y in enumerate(ys):
        for j, x in enumerate(xs):
            here = ((x, y), rows[i][j])
            if j + 1 < len(xs) and _is_broken(sample, here, ((xs[j + 1], y), rows[i][j + 1]), 0, least):
                found += [(i, j), (i - 1, j)]
            if i + 1 < len(ys) and _is_broken(sample, here, ((x, ys[i + 1]), rows[i + 1][j]), 1, least):
                found += [(i, j), (i, j - 1)]
    return [(i, j) for i, j in found if 0 <= i < len(ys) - 1 and 0 <= j < len(xs) - 1]


def _is_broken(sample: Sampler, a: tuple[Place, Sample], b: tuple[Place, Sample], axis: int, least: float) -> bool:
    """Say whether the function breaks between two neighbours along an axis."""
    (start, first), (end, last) = a, b
    expected = (end[axis] - start[axis]) * (first.gradients[axis] + last.gradients[axis]) / 2
    change = last.value - first.value
    if not abs(change - expected) > max(DISAGREE * (abs(change) + abs(expected)), least):  # nor where there is a NaN
        return False
    least_jump = CONTINUOUS * abs(change)
    low, high = first.value, last.value
    for _ in range(HALVINGS):  # towards the half that changes more
        middle = (start[0] / 2 + end[0] / 2, start[1] / 2 + end[1] / 2)
        value = sample(*middle).value
        if not isfinite(value) or middle in (start, end):
            return True
        if abs(value - low) >= abs(high - value):
            end, high = middle, value
        else:
            start, low = middle, value
        if abs(high - low) <= least_jump:
            return False
    return True
