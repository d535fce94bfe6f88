"""Cover the plane of two inputs with triangles for contours, but none across a break of the function.

A break is suspected where a value changes otherwise than the gradients at both ends of an edge say, and confirmed by
halving the edge: a jump stays as large as it was, however short the way across it. A cell of the grid that breaks, or
that reaches out of the domain, is divided into smaller ones, and only those of them that do so too are left out.
Everything is computed for many points at a time, by the listing of the program in NumPy (bpviz.compile).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from bpviz.graph import Graph
from bpviz.text.compiling import compile  # noqa: A004  the public name, as in re.compile

DISAGREE = 0.45  # of its size: so far the change of the value may be off the change that the gradients predict
HALVINGS = 45  # of an edge that may break
CONTINUOUS = 1 / 4  # halving the way across makes a change so much smaller, unless it is a jump
PARTS = 6  # into which a cell is divided, each way, where the function breaks
NOTICED = 1e-3  # of all heights: a smaller change needs no look

Array: TypeAlias = Any  # NumPy's own types differ from release to release
Field = Callable[[Array, Array], tuple[Array, Array, Array]]  # x, y -> the value and both gradients; NaN without one


class Mesh(NamedTuple):
    """The corners of triangles and the value at each, which is NaN at corners of no triangle.

    The first corners are those of the grid, row by row. `triangles` has a row for each, the indices of its corners.
    `left_out` says of each cell of the grid, by row and column, whether it was divided.
    """

    xs: Array
    ys: Array
    values: Array
    triangles: Array
    left_out: Array


def make_field(graph: Graph, names: Sequence[str], fixed: Mapping[str, float]) -> Field:
    """Make a function of two inputs that takes arrays; the other inputs are fixed."""
    compiled = compile(graph)

    def field(x: Array, y: Array) -> tuple[Array, Array, Array]:
        value, gradients = compiled(**{names[0]: x, names[1]: y}, **fixed)
        return value, gradients[names[0]], gradients[names[1]]

    return field


def make_mesh(field: Field, xs: Sequence[float], ys: Sequence[float]) -> Mesh:
    """Compute a function on a grid and make the mesh of it; `xs` and `ys` rise."""
    with np.errstate(all="ignore"):  # of infinite gradients
        x, y = np.meshgrid(xs, ys)
        values, *slopes = field(x, y)
        known = values[np.isfinite(values)]
        least = NOTICED * (np.quantile(known, 0.9) - np.quantile(known, 0.1)) if len(known) else 0.0
        broken = _find_broken_cells(field, x, y, values, slopes, least)
        parts = [(x[None], y[None], values[None], broken[None])]
        rows, columns = np.nonzero(broken & np.isfinite(_take_corners(values)).any(axis=0))
        if len(rows):  # of each of these cells a grid of its own
            shares = np.linspace(0, 1, PARTS + 1)
            left, right, bottom, top = (np.array(ends) for ends in (xs[:-1], xs[1:], ys[:-1], ys[1:]))
            across = left[columns, None] * (1 - shares) + right[columns, None] * shares
            up = bottom[rows, None] * (1 - shares) + top[rows, None] * shares
            x, y = np.broadcast_arrays(across[:, None, :], up[:, :, None])
            values, *slopes = field(x, y)
            parts.append((x, y, values, _find_broken_cells(field, x, y, values, slopes, least)))
    triangles, count = [], 0
    for *_, values, is_broken in parts:
        corners = _take_corners(np.arange(count, count + values.size).reshape(values.shape))
        a, b, c, d = (corner[~is_broken] for corner in corners)
        triangles += [np.column_stack([a, b, d]), np.column_stack([a, d, c])]
        count += values.size
    x, y, values = (np.concatenate([part[k].ravel() for part in parts]) for k in range(3))
    return Mesh(x, y, values, np.concatenate(triangles), broken)


def _take_corners(grid: Array) -> Array:
    """Return the entries at the lower left, lower right, upper left and upper right corner of each cell of grids."""
    return np.stack([grid[..., :-1, :-1], grid[..., :-1, 1:], grid[..., 1:, :-1], grid[..., 1:, 1:]])


def _find_broken_cells(field: Field, x: Array, y: Array, values: Array, slopes: Sequence[Array], least: float) -> Array:
    """Say of each cell of grids whether the function breaks across one of its edges, or has no value at a corner."""
    rightward = _find_broken_edges(field, np.stack([x, y, values, slopes[0]]), x, -1, least)
    upward = _find_broken_edges(field, np.stack([x, y, values, slopes[1]]), y, -2, least)
    has_broken_edge = rightward[..., :-1, :] | rightward[..., 1:, :] | upward[..., :, :-1] | upward[..., :, 1:]
    broken: Array = has_broken_edge | ~np.isfinite(_take_corners(values)).all(axis=0)
    return broken


def _find_broken_edges(field: Field, points: Array, place: Array, axis: int, least: float) -> Array:
    """Say of each edge between neighbours along an axis whether the function breaks across it."""
    count = points.shape[axis] - 1
    start, end = np.take(points, range(count), axis), np.take(points, range(1, count + 1), axis)
    length = np.diff(place, axis=axis)
    expected, change = length * (start[3] + end[3]) / 2, end[2] - start[2]
    broken: Array = np.abs(change - expected) > np.maximum(DISAGREE * (np.abs(change) + np.abs(expected)), least)
    broken[broken] = _find_jumps(field, start[:3, broken], end[:3, broken])
    return broken


def _find_jumps(field: Field, start: Array, end: Array) -> Array:
    """Say of each edge between two points (x, y, value) whether the value jumps: halving leaves its change as large."""
    least = CONTINUOUS * np.abs(end[2] - start[2])
    has_gap, is_continuous = np.zeros((2, len(least)), bool)
    for _ in range(HALVINGS if len(least) else 0):
        x, y = (start[:2] + end[:2]) / 2
        middle = np.stack([x, y, field(x, y)[0]])
        has_gap |= ~np.isfinite(middle[2])
        is_first_half = np.abs(middle[2] - start[2]) >= np.abs(end[2] - middle[2])
        start, end = np.where(is_first_half, start, middle), np.where(is_first_half, middle, end)
        is_continuous |= ~has_gap & (np.abs(end[2] - start[2]) <= least)
    return ~is_continuous
