"""Where a broken wire is to be broken so that all of its dashes are as long.

Graphviz breaks an edge by the shares of its list of colours, but a share is no length to it: it takes a Bézier
curve's parameter, which runs fast where the curve's points are far apart. So its way of cutting (splitBSpline in
emit.c: a piece off the front, what is left measured anew) is gone through here beforehand, and the shares are those
by which it comes out at the right places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import dist
from typing import NamedTuple

from bpviz.figure.geometry import Point

SAMPLES = 64  # of a Bézier curve, to measure it
MOST = 150  # dashes of one edge

Bezier = tuple[Point, Point, Point, Point]


class Piece(NamedTuple):
    """A Bézier curve from a parameter on, and how long it is up to each of its samples."""

    bezier: Bezier
    start: float
    lengths: Sequence[float]

    @property
    def rest(self) -> Bezier:
        """Return what is left of the curve, as a curve of its own."""
        return _behind(self.bezier, self.start)

    @property
    def length(self) -> float:
        """Return how long that is."""
        return self.lengths[-1] - self.passed(self.start)

    @property
    def size(self) -> float:
        """Return what Graphviz takes for its length."""
        bezier = self.rest
        return (sum(dist(a, b) for a, b in pairwise(bezier)) + dist(bezier[0], bezier[3])) / 2

    def passed(self, t: float) -> float:
        """Return how long the curve is up to a parameter."""
        k = min(int(t * SAMPLES), SAMPLES - 1)
        return self.lengths[k] + (self.lengths[k + 1] - self.lengths[k]) * (t * SAMPLES - k)

    def after(self, length: float) -> float:
        """Return the parameter that is so much farther along."""
        goal = self.passed(self.start) + length
        k = min(max(1, bisect_left(self.lengths, goal)), SAMPLES)
        step = self.lengths[k] - self.lengths[k - 1]
        return min(1.0, (k - 1 + ((goal - self.lengths[k - 1]) / step if step else 0.0)) / SAMPLES)


def stripes(length: float, on: float, off: float) -> list[float]:
    """Return the lengths of ink, gap, ink, ... ink that come nearest to a pattern and add up to a length.

    >>> stripes(24.0, 6.0, 3.0)
    [6.0, 3.0, 6.0, 3.0, 6.0]
    """
    count = min(MOST, max(2, round((length + off) / (on + off))))
    scale = length / (count * on + (count - 1) * off)
    return [(off if k % 2 else on) * scale for k in range(2 * count - 1)]


def shares(curve: Sequence[Point], on: float, off: float) -> list[float]:
    """Return the shares of ink, gap, ink, ... on a curve, the last left out: it is what remains."""
    rest = [_piece((curve[i], curve[i + 1], curve[i + 2], curve[i + 3])) for i in range(0, len(curve) - 1, 3)]
    found, left = [], 1.0
    for stripe in stripes(sum(piece.length for piece in rest), on, off)[:-1]:
        share, rest = _cut(rest, stripe)
        found.append(share * left)
        left -= found[-1]
    return found


def _piece(bezier: Bezier) -> Piece:
    samples = [_point(bezier, k / SAMPLES) for k in range(SAMPLES + 1)]
    return Piece(bezier, 0.0, [0.0, *accumulate(dist(a, b) for a, b in pairwise(samples))])


def _cut(rest: list[Piece], length: float) -> tuple[float, list[Piece]]:
    """Return what Graphviz must be told to cut so much off the front, and what is left then."""
    i = 0
    while i < len(rest) - 1 and rest[i].length <= length:
        length -= rest[i].length
        i += 1
    piece = rest[i]
    end = piece.after(length)
    at = (end - piece.start) / (1 - piece.start) if piece.start < 1 else 1.0
    sizes = [each.size for each in rest]
    share = (sum(sizes[:i]) + at * sizes[i]) / (sum(sizes) or 1.0)
    return share, [piece._replace(start=end), *rest[i + 1 :]]


def _point(bezier: Bezier, t: float) -> tuple[float, float]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = bezier
    s = 1 - t
    u, v, w, z = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return u * ax + v * bx + w * cx + z * dx, u * ay + v * by + w * cy + z * dy


def _behind(bezier: Bezier, t: float) -> Bezier:
    """Return the part of a curve behind a parameter, by de Casteljau's construction."""
    a, b, c, d = bezier
    ab, bc, cd = _between(a, b, t), _between(b, c, t), _between(c, d, t)
    abc, bcd = _between(ab, bc, t), _between(bc, cd, t)
    return _between(abc, bcd, t), bcd, cd, d


def _between(a: Point, b: Point, t: float) -> Point:
    return Point(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
