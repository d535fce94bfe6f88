"""Cut a figure that runs to the right into strips, between its ranks; each strip is as high as what is in it.

A cut passes through wires and nothing else. Each wire that it cuts has the name of its value on both sides, so that a
student who follows it finds the other end. Lengths are points of the figure, from its upper left corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from math import ceil
from typing import NamedTuple

from bpviz.figure.diagram import BRANCH, OUTPUT, Diagram
from bpviz.figure.geometry import Geometry, Point

CURVE_SAMPLES = 6  # points on each piece of a curve
CLEARANCE = 2.0  # between a cut and what it leaves whole
PADDING = 13.0  # above and below what is in a strip: the name over a wire that is cut stands in it
NARROWEST_GAP = 5.0  # between two ranks where a cut may pass
NAME_GAP = 12.0  # between two wires at a cut, so that their names are legible
MOST_NEAR_CUTS = 3  # that are tried about each place of an even division


class CutWire(NamedTuple):
    """A wire that is cut: the name of its value, and how far down it is."""

    name: str
    y: float


class UncutBox(NamedTuple):
    """The bounds of something that is never cut."""

    left: float
    top: float
    right: float
    bottom: float
    is_label: bool


class WirePath(NamedTuple):
    """A wire as a line of short pieces, with the name of its value."""

    name: str
    points: tuple[Point, ...]


class Strip(NamedTuple):
    """A part of a figure, with the wires that enter at its left side and leave at its right side.

    hidden is what is not shown in it, because it is whole in another strip.
    """

    x: float
    y: float
    width: float
    height: float
    entering: tuple[CutWire, ...] = ()
    leaving: tuple[CutWire, ...] = ()
    hidden: tuple[UncutBox, ...] = ()

    @property
    def cut_sides(self) -> int:
        """How many of its sides have names of cut wires."""
        return bool(self.entering) + bool(self.leaving)


@dataclass(frozen=True, eq=False)
class StripFigure:
    """What the cuts depend on: a figure's size, what is never cut, and its wires."""

    width: float
    height: float
    boxes: tuple[UncutBox, ...]
    wires: tuple[WirePath, ...]
    known_strips: dict[tuple[float, float], Strip] = field(default_factory=dict)

    @property
    def whole(self) -> Strip:
        """The whole figure."""
        return Strip(0.0, 0.0, self.width, self.height)

    @cached_property
    def cuts(self) -> tuple[float, ...]:
        """Where it may be cut: behind the numbers of a rank, where the wires are still far apart."""
        found: list[float] = []
        right, labelled = 0.0, False
        for box in sorted(self.boxes):
            if box.left - right >= NARROWEST_GAP and labelled:
                found.append(right + CLEARANCE)
            labelled = box.is_label and (labelled or box.left >= right)
            right = max(right, box.right)
        return tuple(found)

    def find_boxes(self, left: float, right: float) -> list[UncutBox]:
        """List what stands between two cuts."""
        return [box for box in self.boxes if left <= (box.left + box.right) / 2 < right]

    def cut(self, cuts: Sequence[float]) -> tuple[Strip, ...]:
        """Cut the figure at these places."""
        return tuple(self._cut_strip(left, right) for left, right in pairwise((0.0, *cuts, self.width)))

    def _cut_strip(self, left: float, right: float) -> Strip:
        if (left, right) not in self.known_strips:
            heights = [y for box in self.find_boxes(left, right) for y in (box.top, box.bottom)]
            heights += [y for wire in self.wires for x, y in wire.points if left <= x <= right]
            entering, leaving = self._find_wires(left), self._find_wires(right)
            heights += [wire.y for wire in (*entering, *leaving)]
            top, bottom = max(0.0, min(heights) - PADDING), min(self.height, max(heights) + PADDING)
            self.known_strips[left, right] = Strip(left, top, right - left, bottom - top, entering, leaving)
        return self.known_strips[left, right]

    def _find_wires(self, x: float) -> tuple[CutWire, ...]:
        """Find the wires that a cut passes through, from the top down."""
        found = []
        for wire in self.wires:
            for a, b in pairwise(wire.points):
                if min(a.x, b.x) <= x < max(a.x, b.x):
                    found.append(CutWire(wire.name, a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)))
                    break
        return tuple(sorted(found, key=lambda wire: wire.y))


def read_figure(diagram: Diagram, geometry: Geometry) -> StripFigure:
    """Read boxes and wires from a figure that was laid out."""
    width, height = geometry.size
    edges = {edge.id: edge for edge in diagram.edges}
    names = {shape.node: shape.name for shape in diagram.shapes if shape.kind not in (BRANCH, OUTPUT)}
    boxes = tuple(
        UncutBox(x - w / 2, height - y - h / 2, x + w / 2, height - y + h / 2, id_ in edges)
        for id_, ((x, y), w, h) in geometry.outlines.items()
    )
    wires = []
    for id_, route in geometry.routes.items():
        if id_ in edges:
            beside_numbers = (route.arriving[-1], route.leaving[0], route.leaving[0])  # a straight line, as a curve
            points = _sample_curve((*route.arriving, *beside_numbers, *route.leaving[1:]))
            upside_down = tuple(Point(x, height - y) for x, y in points)
            wires.append(WirePath(names.get(edges[id_].node, ""), upside_down))
    return StripFigure(width, height, boxes, tuple(wires))


def _sample_curve(curve: Sequence[Point]) -> list[Point]:
    """Compute points on a curve, which is a point and three more for each cubic Bézier piece."""
    found = [curve[0]]
    for start in range(0, len(curve) - 3, 3):
        a, b, c, d = curve[start : start + 4]
        for k in range(1, CURVE_SAMPLES + 1):
            t = k / CURVE_SAMPLES
            p, q, r, s = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            found.append(Point(p * a.x + q * b.x + r * c.x + s * d.x, p * a.y + q * b.y + r * c.y + s * d.y))
    return found


def cut_evenly(figure: StripFigure, count: int) -> Iterator[tuple[Strip, ...]]:
    """Yield ways to cut a figure into `count` strips of about the same width."""
    near: dict[float, None] = {}
    for k in range(1, count):
        wanted = figure.width * k / count
        near |= dict.fromkeys(sorted(figure.cuts, key=lambda x: (abs(x - wanted), x))[:MOST_NEAR_CUTS])
    for cuts in combinations(sorted(near), count - 1):
        yield figure.cut(cuts)


def cut_to_size(figure: StripFigure, widest: float, highest: float) -> tuple[Strip, ...]:
    """Cut a figure into few strips that are no wider than this, and each of them into parts no higher than that."""
    cuts = [0.0]
    for before, after in pairwise((0.0, *figure.cuts, figure.width)):
        if after - cuts[-1] > widest and before > cuts[-1]:
            cuts.append(before)
    return tuple(part for strip in figure.cut(cuts[1:]) for part in _cut_lower(figure, strip, highest))


def has_legible_names(strips: Sequence[Strip]) -> bool:
    """Check that the names at every cut stand apart."""
    sides = [sorted(wire.y for wire in side) for strip in strips for side in (strip.entering, strip.leaving)]
    return all(after - before >= NAME_GAP for side in sides for before, after in pairwise(side))


def _cut_lower(figure: StripFigure, strip: Strip, highest: float) -> Iterator[Strip]:
    """Yield a strip in parts; what is whole in one part is hidden in the others.

    Where much of it has wires alone, above or below all boxes, these have parts of their own.
    """
    if strip.height <= highest:
        yield strip
        return

    def divide(start: float, end: float) -> list[float]:
        """List the tops of the parts with wires alone; there are none in a room that is not high."""
        count = ceil((end - start) / highest) if end - start > highest / 2 else 0
        return [start + (end - start) * k / count for k in range(count)]

    boxes = figure.find_boxes(strip.x, strip.x + strip.width)
    boxes.sort(key=lambda box: box.top + box.bottom)
    bottom = strip.y + strip.height
    first_top, last_bottom = min(box.top for box in boxes) - CLEARANCE, max(box.bottom for box in boxes) + CLEARANCE
    above, below = divide(strip.y, first_top), divide(last_bottom, bottom)
    margins = [0.0 if above else first_top - strip.y, 0.0 if below else bottom - last_bottom]
    rows = _group_rows(boxes, highest - max(2 * CLEARANCE, max(margins) + 3 * CLEARANCE))
    tops = [*above, first_top if above else strip.y]
    tops += [*(min(box.top for box in row) - CLEARANCE for row in rows[1:]), *below, bottom]
    rows = [*([] for _ in above), *rows, *([] for _ in below)]
    for row, (top, next_top) in zip(rows, pairwise(tops), strict=True):
        row_bottom = max((box.bottom + CLEARANCE for box in row), default=next_top)
        hidden = tuple(box for box in boxes if box not in row and box.bottom > top and box.top < row_bottom)
        entering, leaving = (
            tuple(wire for wire in side if top <= wire.y < next_top) for side in (strip.entering, strip.leaving)
        )
        height = max(row_bottom, min(next_top, top + highest)) - top
        yield Strip(strip.x, top, strip.width, height, entering, leaving, hidden)


def _group_rows(boxes: Sequence[UncutBox], highest: float) -> list[list[UncutBox]]:
    """Group boxes, sorted from the top down, into few rows that are no higher than this."""
    rows: list[list[UncutBox]] = []
    for box in boxes:
        row = [*rows[-1], box] if rows else []
        if row and max(each.bottom for each in row) - min(each.top for each in row) <= highest:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows
