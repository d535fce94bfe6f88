"""Finds what overlaps in a figure, from the geometry of its SVG (tests/support/drawing.py); lengths are points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from math import dist, floor, hypot
from typing import Any, NamedTuple

from tests.support.drawing import Box, Drawing, Point, Shape, Text, Wire, around, join_grids
from tests.support.drawing import read as read  # for the tests that read a figure to find its faults

TOLERANCE = 0.3  # points that things may share: rounding in the SVG is 0.01, half a line's width 0.5
STRAIGHT = 0.12  # the sine of seven degrees: what a wire may turn where its curve meets the line
CLOSE, LONG = 2.0, 12.0  # points: wires nearer than this, for longer than this, are read as one
JOINT = 4.0  # points between a wire and the dot of another value
PASSING = 4.0  # points, of a line's width of 1, between a wire and a circle or box of another value: half a number
GRID = 24.0  # points: how things are hashed by place
STRETCH = 12  # samples of a wire that are looked at together


class Piece(NamedTuple):
    owner: str
    ends: tuple[Point, Point]
    box: Box


class Fault(NamedTuple):
    what: str
    first: str
    second: str
    points: float


def faults(drawing: Drawing) -> list[Fault]:
    """Return everything that overlaps what it should not, and every seam."""
    return [*text_faults(drawing), *shape_faults(drawing), *wire_faults(drawing), *seams(drawing), *outside(drawing)]


def text_faults(drawing: Drawing) -> Iterator[Fault]:
    for a, b in near(drawing.texts, drawing.texts):
        if a is not b and (shared := overlap(a.box, b.box)) > TOLERANCE:
            yield Fault("text on text", f"{a.owner} {a.words}", f"{b.owner} {b.words}", shared)


def shape_faults(drawing: Drawing) -> Iterator[Fault]:
    for text, shape in near(drawing.texts, drawing.shapes):
        if text.owner == shape.owner:
            if (out := sticks_out(text.box, shape)) > TOLERANCE:
                yield Fault("name wider than its circle", text.owner, text.words, out)
        elif (shared := intrusion(text.box, shape)) > TOLERANCE:
            yield Fault("text on shape", f"{text.owner} {text.words}", shape.owner, shared)
    for a, b in near(drawing.shapes, drawing.shapes):
        if a is not b and (shared := shapes_shared(a, b)) > TOLERANCE:
            yield Fault("shape on shape", a.owner, b.owner, shared)


def wire_faults(drawing: Drawing) -> Iterator[Fault]:
    """A wire over letters, its own number's too, over a shape that it does not end at, or inside one that it does."""
    found: dict[tuple[str, str, str], float] = {}
    things: list[Text | Shape] = [*drawing.texts, *drawing.shapes]
    buckets = hashed(things)
    for wire in drawing.wires:
        for stretch, place in stretches(wire.points):
            for thing in {id(each): each for each in buckets_at(buckets, place)}.values():
                reach = extra(wire, thing)
                if apart(place, thing.box) > reach - TOLERANCE:
                    continue
                shared = max(segment_in(a, b, thing) for a, b in pairwise(stretch)) + reach
                if shared > TOLERANCE + (0.7 if isinstance(thing, Shape) and thing.owner in wire.ends else 0):
                    what = "wire on text" if isinstance(thing, Text) else "wire on shape"
                    second = f"{thing.owner} {thing.words}" if isinstance(thing, Text) else thing.owner
                    key = (what, f"{wire.owner} {wire.part}", second)
                    found[key] = max(shared, found.get(key, 0.0))
    for (what, first, second), shared in found.items():
        yield Fault(what, first, second, shared)


def stretches(points: tuple[Point, ...]) -> Iterator[tuple[tuple[Point, ...], Box]]:
    """Yield a wire in stretches of a few points, each with the box around it, which tells what is far away."""
    for start in range(0, len(points) - 1, STRETCH):
        stretch = points[start : start + STRETCH + 1]
        yield stretch, around(stretch)


def extra(wire: Wire, thing: Text | Shape) -> float:
    """Return how much farther than a thin wire a wide one reaches; where it ends it may, being cut off square."""
    return 0.0 if isinstance(thing, Shape) and thing.owner in wire.ends else (wire.width - 1) / 2


def seams(drawing: Drawing) -> Iterator[Fault]:
    """A wire whose curve does not end on the line in its label."""
    for wire, end, _, line in joints(drawing):
        gap = distance_to_segment(end, *line)
        if gap > 0.05:
            yield Fault("seam", wire.owner, wire.part, gap)


def kinks(drawing: Drawing) -> list[Fault]:
    """Return the wires whose curve meets the line in its label at an angle: no overlap, but not beautiful."""
    bends = [(wire, abs(turn(line, (end, before)))) for wire, end, before, line in joints(drawing)]
    return [Fault("kink", wire.owner, wire.part, bend) for wire, bend in bends if bend > STRAIGHT]


def joints(drawing: Drawing) -> Iterator[tuple[Wire, Point, Point, tuple[Point, ...]]]:
    """Yield, for each curve, where it joins the line in its label, the point before that, and the line."""
    lines = {(wire.owner, wire.part): wire.points for wire in drawing.wires if wire.part in ("line", "port")}
    for wire in drawing.wires:
        last = "port" if (wire.owner, "port") in lines else "line"
        ends = {"in": [("line", -1)], "on": [("line", 0), ("port", -1)], "out": [(last, 0)]}.get(wire.part, [])
        for part, at in ends:
            if (wire.owner, part) in lines:
                end, before = wire.points[:-3:-1] if at else wire.points[:2]
                yield wire, end, before, lines[wire.owner, part]


def outside(drawing: Drawing) -> Iterator[Fault]:
    """Whatever sticks out of the page."""
    for owner, box in ((thing.owner, thing.box) for thing in (*drawing.texts, *drawing.shapes)):
        page = drawing.size
        out = max(page.left - box.left, page.top - box.top, box.right - page.right, box.bottom - page.bottom)
        if out > 0:
            yield Fault("outside the page", owner, "", out)


def crossings(drawing: Drawing) -> list[tuple[str, str]]:
    """Return the pairs of wires that cross; wires that share an end do not count there."""
    parts: dict[str, list[Wire]] = defaultdict(list)
    for wire in drawing.wires:
        if wire.part in ("in", "on", "out"):
            parts[wire.owner].append(wire)
    return [
        (a, b)
        for a, b in combinations(parts, 2)
        if any(crosses(first, second) for first in parts[a] for second in parts[b])
    ]


def together(drawing: Drawing) -> list[Fault]:
    """Return the wires without a common end that run close by each other for long: no overlap, but read as one."""
    ends = ends_by_wire(drawing)
    pieces = [Piece(w.owner, (a, b), around([a, b])) for w in drawing.wires for a, b in pairwise(w.points) if a != b]
    buckets = hashed(pieces)
    shared: dict[tuple[str, str], float] = defaultdict(float)
    strangers = {owner: {other for other in ends if owner < other and not ends[owner] & ends[other]} for owner in ends}
    for piece in pieces:
        (a, b), length = piece.ends, dist(*piece.ends)
        x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        place = Box(x - CLOSE, y - CLOSE, x + CLOSE, y + CLOSE)
        beside = [
            p for p in buckets_at(buckets, place) if p.owner in strangers[piece.owner] and apart(place, p.box) < 0
        ]
        for other in dict.fromkeys(p.owner for p in beside if distance_to_segment((x, y), *p.ends) < CLOSE):
            shared[piece.owner, other] += length
    return [Fault("wires together", *pair, length) for pair, length in shared.items() if length > LONG]


def false_joints(drawing: Drawing) -> list[Fault]:
    """Return the wires that pass so close by the dot of another value that they seem to be joined there."""
    ends, found = ends_by_wire(drawing), {}
    dots = [shape for shape in drawing.shapes if shape.owner.startswith("branch-")]
    for wire in drawing.wires:
        place = around(wire.points)
        for dot in dots:
            if dot.owner not in ends[wire.owner] and apart(place, dot.box) < JOINT:
                steps = (distance_to_segment(dot.centre, a, b) for a, b in pairwise(wire.points) if a != b)
                gap = min(steps, default=JOINT + dot.radius) - dot.radius
                if gap < JOINT:
                    found[wire.owner, dot.owner] = min(gap, found.get((wire.owner, dot.owner), gap))
    return [Fault("false joint", *pair, gap) for pair, gap in found.items()]


def tight_passes(drawing: Drawing) -> list[Fault]:
    """Return the wires that pass so close by a circle or a box that they seem to lead to it, or to run along it.

    What is close grows with the figure: it is measured in widths of its thinnest wire.
    """
    ends, found = ends_by_wire(drawing), {}
    scale = min((wire.width for wire in drawing.wires), default=1.0)
    shapes = [shape for shape in drawing.shapes if not shape.owner.startswith("branch-")]
    for wire in drawing.wires:
        place = around(wire.points)
        for shape in shapes:
            if shape.owner not in ends[wire.owner] and apart(place, shape.box) < PASSING * scale:
                gap = min(gap_to_shape(point, shape) for point in wire.points) / scale
                if gap < PASSING:
                    found[wire.owner, shape.owner] = min(gap, found.get((wire.owner, shape.owner), gap))
    return [Fault("tight pass", *pair, gap) for pair, gap in found.items()]


def mistakable(drawing: Drawing) -> list[Fault]:
    """Return the numbers that a reader could take for another wire's, and wires that part what belongs together.

    For every number of an edge, and every grid as a whole, the nearest wire is to be its own, and no other wire may
    pass between it and that wire, nor between it and the box of the input whose number it is.
    """
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for wire in drawing.wires:
        for a, b in pairwise(wire.points):
            if a != b:
                pieces[wire.owner].append(Piece(wire.owner, (a, b), around([a, b])))
    buckets = hashed([piece for each in pieces.values() for piece in each])
    boxes = {shape.owner: shape for shape in drawing.shapes}
    ends = ends_by_wire(drawing)
    found = []
    for text in join_grids(drawing.texts):
        owner = text.owner.removesuffix("-port")
        if owner not in pieces:
            continue  # a name, or the legend
        own, foot, edge = nearest_on(pieces[owner], text.box)
        centre = ((text.box.left + text.box.right) / 2, (text.box.top + text.box.bottom) / 2)
        near_by = Box(text.box.left - own, text.box.top - own, text.box.right + own, text.box.bottom + own)
        others = dict.fromkeys(piece for piece in buckets_at(buckets, near_by) if piece.owner != owner)
        nearer = next((each for each in others if gap_to_segment(text.box, *each.ends)[0] < own - TOLERANCE), None)
        if nearer:
            found.append(Fault("nearer to another wire", f"{owner} {text.words}", nearer.owner, own))
        sources = [boxes[end] for end in ends[owner] if end.startswith("input-") and end in boxes]
        gaps = [("before its wire", edge, foot), *(("before its box", centre, box.centre) for box in sources)]
        for what, start, target in gaps:
            between = dict.fromkeys(
                each for each in buckets_at(buckets, around([start, target])) if each.owner != owner
            )
            if crossing := next((each for each in between if cuts(start, target, *each.ends)), None):
                found.append(Fault(f"a wire {what}", f"{owner} {text.words}", crossing.owner, own))
    return found


def nearest_on(pieces: list[Piece], box: Box) -> tuple[float, Point, Point]:
    """Return how far a wire is from a box, and the points of the two between which that is measured."""
    best = gap_to_segment(box, *pieces[0].ends)
    for piece in pieces[1:]:
        if apart(piece.box, box) <= best[0]:
            best = min(best, gap_to_segment(box, *piece.ends))
    return best


def gap_to_segment(box: Box, a: Point, b: Point) -> tuple[float, Point, Point]:
    """Return what nearest_on does for one piece: at its ends and three points between them."""
    gaps = []
    for k in range(5):
        x, y = a[0] + (b[0] - a[0]) * k / 4, a[1] + (b[1] - a[1]) * k / 4
        edge = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
        gaps.append((hypot(edge[0] - x, edge[1] - y), (x, y), edge))
    return min(gaps)


def ends_by_wire(drawing: Drawing) -> dict[str, set[str]]:
    """Return the shapes between which each wire runs; a figure of bpviz's own tells them in Graphviz's SVG only."""
    ends: dict[str, set[str]] = defaultdict(set)
    for wire in drawing.wires:
        ends[wire.owner].update(end for end in wire.ends if end and end != wire.owner)
    return ends


# -- measuring ---------------------------------------------------------------------------------------------------------


def overlap(a: Box, b: Box) -> float:
    """Return how deep two boxes are in each other, negative when they are apart."""
    return min(min(a.right, b.right) - max(a.left, b.left), min(a.bottom, b.bottom) - max(a.top, b.top))


def apart(a: Box, b: Box) -> float:
    """Return a distance that no two points of two boxes fall short of; negative where the boxes share a point."""
    return max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom)


def intrusion(box: Box, shape: Shape) -> float:
    if not shape.radius:
        return overlap(box, shape.box)
    x, y = shape.centre
    nearest = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
    return shape.radius - dist(nearest, (x, y))


def gap_to_shape(point: Point, shape: Shape) -> float:
    """Return how far a point is outside a circle or a box."""
    if shape.radius:
        return dist(point, shape.centre) - shape.radius
    (x, y), box = point, shape.box
    return dist(point, (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)))


def sticks_out(box: Box, shape: Shape) -> float:
    if not shape.radius:
        return max(shape.box.left - box.left, box.right - shape.box.right)
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    return max(dist(corner, shape.centre) for corner in corners) - shape.radius


def shapes_shared(a: Shape, b: Shape) -> float:
    if a.radius and b.radius:
        return a.radius + b.radius - dist(a.centre, b.centre)
    return intrusion(a.box, b) if not a.radius else intrusion(b.box, a)


def segment_in(a: Point, b: Point, thing: Text | Shape) -> float:
    """Return how deep the two ends and the middle of a short segment lie in a thing."""
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return max(depth(point, thing) for point in (a, middle, b))


def depth(point: Point, thing: Text | Shape) -> float:
    if isinstance(thing, Shape) and thing.radius:
        return thing.radius - dist(point, thing.centre)
    box = thing.box
    return min(point[0] - box.left, box.right - point[0], point[1] - box.top, box.bottom - point[1])


def distance_to_segment(point: Point, a: Point, b: Point) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    share = ((point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]) / (along[0] ** 2 + along[1] ** 2)
    share = min(1.0, max(0.0, share))
    return dist(point, (a[0] + share * along[0], a[1] + share * along[1]))


def turn(first: tuple[Point, ...], second: tuple[Point, ...]) -> float:
    """Return the sine of the angle between two lines."""
    (a, b), (c, d) = first, second
    u, v = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    length = hypot(*u) * hypot(*v)
    return (u[0] * v[1] - u[1] * v[0]) / length if length else 0.0


def crosses(first: Wire, second: Wire) -> bool:
    if overlap(around(first.points), around(second.points)) < 0 or set(first.ends) & set(second.ends):
        return False
    return any(cuts(a, b, c, d) for a, b in pairwise(first.points) for c, d in pairwise(second.points))


def cuts(a: Point, b: Point, c: Point, d: Point) -> bool:
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# -- finding what is near ----------------------------------------------------------------------------------------------


def cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(floor(box.left / GRID), floor(box.right / GRID) + 1):
        for row in range(floor(box.top / GRID), floor(box.bottom / GRID) + 1):
            yield column, row


def hashed(things: Iterable[Any]) -> dict[tuple[int, int], list[Any]]:
    buckets: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for thing in things:
        for cell in cells(thing.box):
            buckets[cell].append(thing)
    return buckets


def buckets_at(buckets: dict[tuple[int, int], list[Any]], box: Box) -> Iterator[Any]:
    for cell in cells(box):
        yield from buckets.get(cell, ())


def near(first: tuple[Any, ...], second: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Yield each pair of things that share a cell of the grid, once."""
    buckets = hashed(second)
    places = {id(thing): k for k, thing in enumerate(second)}  # two that are equal may lie on each other
    same = first is second
    for i, thing in enumerate(first):
        met: dict[int, Any] = {}
        for other in buckets_at(buckets, thing.box):
            met.setdefault(id(other), other)
        for other in met.values():
            if not same or places[id(other)] > i:
                yield thing, other
