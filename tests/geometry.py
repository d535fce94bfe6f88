"""Reads the geometry of a figure's SVG and finds what overlaps, without asking Graphviz or bpviz.

Text is measured with the font's own outlines: the box around the ink of its letters. A wire is its sampled Bézier
curves and the line inside its label. Lengths are points after all transforms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise
from math import ceil, dist, floor, hypot
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import font_roboto
from fontTools.ttLib import TTFont

SVG = "{http://www.w3.org/2000/svg}"
TOLERANCE = 0.3  # points that things may share: rounding in the SVG is 0.01, half a line's width 0.5
STRAIGHT = 0.12  # the sine of seven degrees: what a wire may turn where its curve meets the line
GRID = 24.0  # points: how things are hashed by place
CURVE_STEP = 1.5  # points between samples of a curve
NEXT = 0.001  # of a Bézier curve: a sample so near its end shows the direction in which it ends

Point = tuple[float, float]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class Text(NamedTuple):
    owner: str
    words: str
    box: Box


class Shape(NamedTuple):
    """A circle (radius > 0) or a box: what a spot of the figure looks like."""

    owner: str
    box: Box
    radius: float

    @property
    def centre(self) -> Point:
        return (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2


class Wire(NamedTuple):
    """One edge's curve (its samples), or the line inside a label: part is "in", "out" or "line"."""

    owner: str
    part: str
    points: tuple[Point, ...]
    ends: tuple[str, str]


class Drawing(NamedTuple):
    texts: tuple[Text, ...]
    shapes: tuple[Shape, ...]
    wires: tuple[Wire, ...]
    size: Box


class Fault(NamedTuple):
    what: str
    first: str
    second: str
    points: float


def read(svg: str | bytes) -> Drawing:
    """Read an SVG as Graphviz writes it."""
    root = ElementTree.fromstring(svg)
    texts: list[Text] = []
    shapes: list[Shape] = []
    wires: list[Wire] = []
    size = Box(0, 0, 0, 0)
    for element, owner, kinds, title, place in walk(root):
        tag = element.tag.removeprefix(SVG)
        if tag == "text" and (element.text or "").strip():
            texts.append(text_of(element, owner, place))
        elif tag == "polygon" and "graph" in kinds:
            size = around(points_of(element, place))
        elif tag == "ellipse" or (tag == "polygon" and "node" in kinds and "wire" not in kinds):
            shapes.append(shape_of(element, owner, place))
        elif tag == "polygon" and "node" in kinds:
            box = around(points_of(element, place))
            wires.append(Wire(owner, "line", axis(box), ("", "")))
        elif tag == "path" and "edge" in kinds:
            strand, _, part = owner.rpartition("-")
            wires.append(Wire(strand, part, curve(element.get("d", ""), place), ends_of(title)))
        elif tag == "polygon" and "edge" in kinds:
            strand, _, part = owner.rpartition("-")
            wires.append(Wire(strand, "arrow", tuple(points_of(element, place)), ends_of(title)))
    return Drawing(tuple(texts), tuple(shapes), tuple(wires), size)


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
        for a, b in pairwise(wire.points):
            for thing in buckets_at(buckets, around([a, b])):
                shared = segment_in(a, b, thing)
                if shared > TOLERANCE + (0.7 if isinstance(thing, Shape) and thing.owner in wire.ends else 0):
                    what = "wire on text" if isinstance(thing, Text) else "wire on shape"
                    second = f"{thing.owner} {thing.words}" if isinstance(thing, Text) else thing.owner
                    key = (what, f"{wire.owner} {wire.part}", second)
                    found[key] = max(shared, found.get(key, 0.0))
    for (what, first, second), shared in found.items():
        yield Fault(what, first, second, shared)


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
    lines = {wire.owner: wire.points for wire in drawing.wires if wire.part == "line"}
    for wire in drawing.wires:
        if wire.part in ("in", "out") and wire.owner in lines:
            end, before = wire.points[:-3:-1] if wire.part == "in" else wire.points[:2]
            yield wire, end, before, lines[wire.owner]


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
        if wire.part in ("in", "out"):
            parts[wire.owner].append(wire)
    return [
        (a, b)
        for a, b in combinations(parts, 2)
        if any(crosses(first, second) for first in parts[a] for second in parts[b])
    ]


# -- reading -----------------------------------------------------------------------------------------------------------


def walk(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, str, tuple[str, ...], str, Place]]:
    """Yield every element with the id, classes and title of the group it stands in, and its transform."""
    stack: list[tuple[ElementTree.Element, str, tuple[str, ...], str, Place]] = [(root, "", (), "", Place(1, 0, 0))]
    while stack:
        element, owner, kinds, title, place = stack.pop()
        if element.tag == f"{SVG}g":
            owner, kinds = element.get("id", owner), tuple(element.get("class", "").split()) or kinds
            title = element.findtext(f"{SVG}title") or ""
            place = place.then(element.get("transform", ""))
        yield element, owner, kinds, title, place
        stack.extend((child, owner, kinds, title, place) for child in reversed(element))


class Place(NamedTuple):
    """A scale and a shift, which is all that Graphviz uses."""

    scale: float
    x: float
    y: float

    def then(self, transform: str) -> Place:
        place = self
        for name, numbers in re.findall(r"(\w+)\(([^)]*)\)", transform):
            first, *rest = map(float, re.split(r"[ ,]+", numbers.strip()))
            if name == "scale":
                place = Place(place.scale * first, place.x, place.y)
            elif name == "translate":
                place = Place(place.scale, place.x + place.scale * first, place.y + place.scale * (rest or [0.0])[0])
            elif first:
                raise ValueError(f"a transform that is not understood: {transform}")
        return place

    def of(self, x: float, y: float) -> Point:
        return self.x + self.scale * x, self.y + self.scale * y


def text_of(element: ElementTree.Element, owner: str, place: Place) -> Text:
    words = "".join(element.itertext()).strip()
    size = float(element.get("font-size", "14")) * place.scale
    italic = element.get("font-style") == "italic"
    wide, top, bottom = ink(words, italic)
    x, y = place.of(float(element.get("x", "0")), float(element.get("y", "0")))
    x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[element.get("text-anchor", "start")] * wide * size
    return Text(owner, words, Box(x, y - top * size, x + wide * size, y - bottom * size))


@cache
def ink(words: str, italic: bool) -> tuple[float, float, float]:
    """Return the width of a text, and how far its ink reaches above and below the baseline, in em."""
    widths, bounds, em = font(italic)
    wide = sum(widths.get(ord(c), em * 0.6) for c in words)
    reaches = [bounds.get(ord(c), (0, em * 0.7)) for c in words if not c.isspace()]
    return wide / em, max(high for _, high in reaches) / em, min(low for low, _ in reaches) / em


@cache
def font(italic: bool) -> tuple[dict[int, int], dict[int, tuple[int, int]], int]:
    path = Path(font_roboto.__file__).parent / "files" / f"Roboto-{'Italic' if italic else 'Regular'}.ttf"
    with TTFont(path) as opened:
        glyphs, outlines = opened.getBestCmap(), opened["glyf"]
        widths = {code: opened["hmtx"][glyph][0] for code, glyph in glyphs.items()}
        bounds = {code: reach(outlines[glyph]) for code, glyph in glyphs.items()}
        return widths, bounds, opened["head"].unitsPerEm


def reach(glyph: Any) -> tuple[int, int]:
    return (glyph.yMin, glyph.yMax) if glyph.numberOfContours else (0, 0)


def points_of(element: ElementTree.Element, place: Place) -> list[Point]:
    pairs = (pair.split(",") for pair in element.get("points", "").split())
    return [place.of(float(x), float(y)) for x, y in pairs]


def shape_of(element: ElementTree.Element, owner: str, place: Place) -> Shape:
    if element.tag == f"{SVG}polygon":
        return Shape(owner, around(points_of(element, place)), 0.0)
    x, y = place.of(float(element.get("cx", "0")), float(element.get("cy", "0")))
    radius = float(element.get("rx", "0")) * place.scale
    return Shape(owner, Box(x - radius, y - radius, x + radius, y + radius), radius)


def ends_of(title: str) -> tuple[str, str]:
    """Return the two nodes of an edge, from the title that Graphviz gives it."""
    tail, _, head = title.partition("->")
    return tail.partition(":")[0], head.partition(":")[0]


def curve(path: str, place: Place) -> tuple[Point, ...]:
    """Return samples along a path of M and C, which is all that Graphviz writes."""
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
    corners = [place.of(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    points = [corners[0]]
    for i in range(0, len(corners) - 3, 3):
        a, b, c, d = corners[i : i + 4]
        steps = max(2, ceil((dist(a, b) + dist(b, c) + dist(c, d)) / CURVE_STEP))
        shares = [k / steps for k in range(1, steps)]
        points += [bezier(a, b, c, d, share) for share in (NEXT, *shares, 1 - NEXT, 1.0)]
    return tuple(points)


def bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    s = 1 - t
    u, v, w, z = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return u * a[0] + v * b[0] + w * c[0] + z * d[0], u * a[1] + v * b[1] + w * c[1] + z * d[1]


def axis(box: Box) -> tuple[Point, Point]:
    """Return the middle of a thin rectangle, as the line that it looks like."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    if box.right - box.left < box.bottom - box.top:
        return (x, box.top), (x, box.bottom)
    return (box.left, y), (box.right, y)


# -- measuring ---------------------------------------------------------------------------------------------------------


def around(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def overlap(a: Box, b: Box) -> float:
    """Return how deep two boxes are in each other, negative when they are apart."""
    return min(min(a.right, b.right) - max(a.left, b.left), min(a.bottom, b.bottom) - max(a.top, b.top))


def intrusion(box: Box, shape: Shape) -> float:
    if not shape.radius:
        return overlap(box, shape.box)
    x, y = shape.centre
    nearest = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
    return shape.radius - dist(nearest, (x, y))


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
    same = first is second
    for i, thing in enumerate(first):
        met: dict[int, Any] = {}
        for other in buckets_at(buckets, thing.box):
            met.setdefault(id(other), other)
        for other in met.values():
            if not same or second.index(other) > i:
                yield thing, other
