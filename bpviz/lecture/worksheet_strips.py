"""Where a figure that runs across may be cut: between ranks only, and what is left is as high as what is in it.

A cut passes through wires and nothing else. Each wire that it cuts is named on both sides, by the value that it
carries, so that a student who follows it finds the other end. Lengths are points of the figure, from its upper left
corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from typing import NamedTuple

from bpviz.figure.geometry import Geometry, Point
from bpviz.figure.sketch import BRANCH, OUTPUT, Sketch

SAMPLES = 6  # points on each piece of a curve
CLEAR = 2.0  # points between what a cut leaves whole and the cut
PAD = 13.0  # points above and below what is in a strip: a name over a wire that is cut stands in it
NARROWEST = 5.0  # points between two ranks where a cut may pass
APART = 12.0  # points between two wires at a cut, whose names are to be told apart
NEAREST = 3  # cuts that are tried about each place of an even division


class End(NamedTuple):
    """A wire that is cut: the name of its value, and how far down it is."""

    name: str
    y: float


class Box(NamedTuple):
    """What stands somewhere and is not cut."""

    left: float
    top: float
    right: float
    bottom: float
    is_label: bool


class Strip(NamedTuple):
    """A part of a figure, with the wires that come in at its left side, and those that go out at its right.

    hidden is what is not shown in it, being whole in another.
    """

    x: float
    y: float
    width: float
    height: float
    entering: tuple[End, ...] = ()
    leaving: tuple[End, ...] = ()
    hidden: tuple[Box, ...] = ()


class Way(NamedTuple):
    """A wire as a line of short pieces, with the name of its value."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, eq=False)
class Figure:
    """What is known of a figure that has been laid out: its size, what is not to be cut, and its wires."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]
    known: dict[tuple[float, float], Strip] = field(default_factory=dict)

    @property
    def whole(self) -> Strip:
        """Return all of it."""
        return Strip(0.0, 0.0, self.width, self.height)

    @cached_property
    def cuts(self) -> tuple[float, ...]:
        """Return where it may be cut: behind the numbers of a rank, where the wires are still far apart."""
        found: list[float] = []
        right, labelled = 0.0, False
        for box in sorted(self.boxes):
            if box.left - right >= NARROWEST and labelled:
                found.append(right + CLEAR)
            labelled = box.is_label and (labelled or box.left >= right)
            right = max(right, box.right)
        return tuple(found)

    def strip(self, left: float, right: float) -> Strip:
        """Return what is between two cuts, as high as what is in it."""
        if (left, right) not in self.known:
            self.known[left, right] = _strip(self, left, right)
        return self.known[left, right]


def figure(said: Sketch, geometry: Geometry) -> Figure:
    """Return a figure as it was laid out."""
    wide, high = geometry.size
    labels = {strand.id: strand for strand in said.strands}
    names = {spot.node: spot.name for spot in said.spots if spot.kind not in (BRANCH, OUTPUT)}
    boxes = tuple(
        Box(x - w / 2, high - y - h / 2, x + w / 2, high - y + h / 2, id_ in labels)
        for id_, ((x, y), w, h) in geometry.places.items()
    )
    ways = tuple(
        Way(names.get(labels[id_].node, ""), _points((*route.arriving, *_line(route.arriving, route.leaving)), high))
        for id_, route in geometry.routes.items()
        if id_ in labels
    )
    return Figure(wide, high, boxes, ways)


def _line(arriving: Sequence[Point], leaving: Sequence[Point]) -> Iterator[Point]:
    """Yield the rest of a wire as curves: the straight line beside its numbers, and the curve behind it."""
    yield from (arriving[-1], leaving[0], leaving[0])
    yield from leaving[1:]


def _points(curve: Sequence[Point], high: float) -> tuple[Point, ...]:
    """Return points on a curve, from the top down."""
    found = [curve[0]]
    for start in range(0, len(curve) - 3, 3):
        a, b, c, d = curve[start : start + 4]
        for k in range(1, SAMPLES + 1):
            t = k / SAMPLES
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x, y = (sum(w * each[axis] for w, each in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
            found.append(Point(x, y))
    return tuple(Point(x, high - y) for x, y in found)


def divisions(drawn: Figure, count: int) -> Iterator[tuple[Strip, ...]]:
    """Yield ways to cut a figure into so many strips of about the same width."""
    near: dict[float, None] = {}
    for k in range(1, count):
        wanted = drawn.width * k / count
        by_distance = sorted((abs(x - wanted), x) for x in drawn.cuts)
        near |= dict.fromkeys(x for _, x in by_distance[:NEAREST])
    for chosen in combinations(sorted(near), count - 1):
        yield strips(drawn, chosen)


def strips(drawn: Figure, cuts: Sequence[float]) -> tuple[Strip, ...]:
    """Return a figure cut at these places, each strip as high as what is in it."""
    return tuple(drawn.strip(left, right) for left, right in pairwise((0.0, *cuts, drawn.width)))


def filled(drawn: Figure, widest: float, highest: float) -> tuple[Strip, ...]:
    """Return a figure cut into as few strips as are no wider than this, each into parts no higher than that."""
    cuts: list[float] = []
    places = [*drawn.cuts, drawn.width]
    for before, after in pairwise((0.0, *places)):
        if after - (cuts[-1] if cuts else 0.0) > widest and before > (cuts[-1] if cuts else 0.0):
            cuts.append(before)
    return tuple(part for strip in strips(drawn, cuts) for part in _lowered(drawn, strip, highest))


def legible(parts: Sequence[Strip]) -> bool:
    """Return whether the names at every cut stand apart."""
    ends = [sorted(end.y for end in side) for part in parts for side in (part.entering, part.leaving)]
    return all(after - before >= APART for side in ends for before, after in pairwise(side))


def _strip(drawn: Figure, left: float, right: float) -> Strip:
    inside = [box for box in drawn.boxes if left <= (box.left + box.right) / 2 < right]
    heights = [y for box in inside for y in (box.top, box.bottom)]
    heights += [y for way in drawn.ways for x, y in way.points if left <= x <= right]
    entering, leaving = _ends(drawn, left), _ends(drawn, right)
    heights += [end.y for end in (*entering, *leaving)]
    top, bottom = max(0.0, min(heights) - PAD), min(drawn.height, max(heights) + PAD)
    return Strip(left, top, right - left, bottom - top, entering, leaving)


def _ends(drawn: Figure, x: float) -> tuple[End, ...]:
    """Return the wires at a place, from the top down."""
    found = []
    for way in drawn.ways:
        for a, b in pairwise(way.points):
            if min(a.x, b.x) <= x < max(a.x, b.x):
                found.append(End(way.name, a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)))
                break
    return tuple(sorted(found, key=lambda end: end.y))


def _lowered(drawn: Figure, strip: Strip, highest: float) -> Iterator[Strip]:
    """Yield a strip in parts, each as high as what is whole in it: what is whole in another is not shown in it."""
    if strip.height <= highest:
        yield strip
        return
    right = strip.x + strip.width
    inside = [box for box in drawn.boxes if strip.x <= (box.left + box.right) / 2 < right]
    inside.sort(key=lambda box: box.top + box.bottom)
    above, below = min(box.top for box in inside) - strip.y, strip.y + strip.height - max(box.bottom for box in inside)
    rows = _rows(inside, highest - 2 * CLEAR - max(above, below, 0.0))
    tops = [strip.y, *(min(box.top for box in row) - CLEAR for row in rows[1:])]
    for row, top, next_top in zip(rows, tops, [*tops[1:], strip.y + strip.height], strict=True):
        bottom = max(box.bottom for box in row) + CLEAR
        others = tuple(box for box in inside if box not in row and box.bottom > top and box.top < bottom)
        entering, leaving = (
            tuple(end for end in side if top <= end.y < next_top) for side in (strip.entering, strip.leaving)
        )
        high = max(bottom, min(next_top, top + highest)) - top
        yield Strip(strip.x, top, strip.width, high, entering, leaving, others)


def _rows(boxes: Sequence[Box], highest: float) -> list[list[Box]]:
    """Return boxes, sorted from the top down, in as few groups as are no higher than this."""
    rows: list[list[Box]] = []
    for box in boxes:
        whole = [*rows[-1], box] if rows else []
        if whole and max(each.bottom for each in whole) - min(each.top for each in whole) <= highest:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows
