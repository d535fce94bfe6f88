"""Reads the geometry of a figure's SVG: texts, shapes and wires, without asking Graphviz or bpviz for any measure.

Text is measured with the font's own outlines: the box around the ink of its letters. A wire is its sampled Bézier
curves and the line inside its label. Lengths are points after all transforms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from math import ceil, dist
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import font_roboto
from fontTools.ttLib import TTFont

from bpviz import fonts
from bpviz.figure.theme import THEMES

MARK = re.compile(r"^fig-[0-9a-f]{8}-")  # before an id, so that no other figure on a page has it
SVG = "{http://www.w3.org/2000/svg}"
CURVE_STEP = 1.5  # points between samples of a curve
NEXT = 0.001  # of a Bézier curve: a sample so near its end shows the direction in which it ends

Point = tuple[float, float]


DRAWN_THEMES = [name for name, theme in THEMES.items() if not theme.dark]  # auto has the looks of two of them
BRACKET, CORNERS = "[", 4  # of a grid: a bracket has three sides, its words here are this
CAPTION = 10.0  # points: the middle of a shape over a grid is no higher


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
    """A circle (radius > 0) or a box: what a shape of the figure looks like."""

    owner: str
    box: Box
    radius: float

    @property
    def centre(self) -> Point:
        return (self.box.left + self.box.right) / 2, (self.box.top + self.box.bottom) / 2


class Wire(NamedTuple):
    """One edge's curve (its samples), or the line inside a label.

    part is "in", "out" or "line", and where something stands at its port also "on", between "line" and "port".
    """

    owner: str
    part: str
    points: tuple[Point, ...]
    ends: tuple[str, str]
    width: float = 1.0


class Drawing(NamedTuple):
    texts: tuple[Text, ...]
    shapes: tuple[Shape, ...]
    wires: tuple[Wire, ...]
    size: Box


def read(svg: str | bytes) -> Drawing:
    """Read an SVG as Graphviz writes it."""
    root = ElementTree.fromstring(svg)
    texts: list[Text] = []
    shapes: list[Shape] = []
    wires: list[Wire] = []
    lines: dict[str, list[Point]] = {}
    size = Box(0, 0, 0, 0)
    for element, owner, kinds, title, place in walk(root):
        tag = element.tag.removeprefix(SVG)
        if tag == "text" and (element.text or "").strip():
            texts.append(text_of(element, owner, place))
        elif tag == "polygon" and "graph" in kinds:  # the page is the first; a legend has samples of wires
            size = size if size.right else around(points_of(element, place))
        elif tag == "ellipse" or (tag == "polygon" and "node" in kinds and "wire" not in kinds):
            shapes.append(shape_of(element, owner, place))
        elif tag == "path" and "fold" in kinds:  # a box with round corners
            shapes.append(Shape(owner, around(curve(element.get("d", ""), place)), 0.0))
        elif tag == "polygon" and "node" in kinds:
            lines.setdefault(owner, []).extend(points_of(element, place))  # a broken line is one of several
        elif tag == "polyline" and len(corners := points_of(element, place)) == CORNERS:
            texts.append(Text(owner, BRACKET, around(corners)))
        elif tag == "path" and "edge" in kinds:
            edge, _, part = owner.rpartition("-")
            thick = float(element.get("stroke-width", "1")) * place.scale
            wires.append(Wire(edge, part, curve(element.get("d", ""), place), ends_of(title), thick))
        elif tag == "polygon" and "edge" in kinds:
            edge, _, part = owner.rpartition("-")
            wires.append(Wire(edge, "arrow", tuple(points_of(element, place)), ends_of(title)))
    wires += [line(owner, around(corners)) for owner, corners in lines.items()]
    return Drawing(tuple(texts), tuple(shapes), tuple(whole(wires)), size)


def join_grids(texts: Iterable[Text]) -> list[Text]:
    """Join what stands between the two brackets of a grid to one text: brackets hold their entries together."""
    found = list(texts)
    brackets = [text for text in found if text.words == BRACKET]
    for left, right in zip(brackets[::2], brackets[1::2], strict=True):
        assert left.owner == right.owner
        box = Box(left.box.left, left.box.top, right.box.right, right.box.bottom)
        with_caption = box._replace(top=box.top - CAPTION)
        inside = [text for text in found if text.owner == left.owner and is_inside(text.box, with_caption)]
        words = " ".join(text.words for text in inside if text.words != BRACKET)
        found = [text for text in found if text not in inside] + [Text(left.owner, f"[{words}]", box)]
    return found


def is_inside(small: Box, large: Box) -> bool:
    """Say whether the middle of a box is inside another one."""
    x, y = (small.left + small.right) / 2, (small.top + small.bottom) / 2
    return large.left <= x <= large.right and large.top <= y <= large.bottom


def line(owner: str, box: Box) -> Wire:
    """Return the line inside a label."""
    part = "port" if owner.endswith("-port") else "line"
    return Wire(owner.removesuffix("-port"), part, axis(box), ("", ""), min(box.right - box.left, box.bottom - box.top))


def whole(wires: list[Wire]) -> Iterator[Wire]:
    """Yield each wire in one piece: a broken one is drawn dash by dash, and gap by gap, in order."""
    pieces: dict[tuple[str, str], list[Wire]] = {}
    for wire in wires:
        if wire.part == "arrow":
            yield wire
        else:
            pieces.setdefault((wire.owner, wire.part), []).append(wire)
    for parts in pieces.values():
        yield parts[0]._replace(points=tuple(p for piece in parts for p in piece.points))


def walk(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, str, tuple[str, ...], str, Place]]:
    """Yield every element with the id, classes and title of the group it stands in, and its transform."""
    stack: list[tuple[ElementTree.Element, str, tuple[str, ...], str, Place]] = [(root, "", (), "", Place(1, 0, 0))]
    while stack:
        element, owner, kinds, title, place = stack.pop()
        if element.tag == f"{SVG}g":
            owner, kinds = MARK.sub("", element.get("id", owner)), tuple(element.get("class", "").split()) or kinds
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
    italic = element.get("font-style") == "italic" or element.get("font-family") == fonts.ITALIC  # as Graphviz has it
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
        points += [
            (u * a[0] + v * b[0] + w * c[0] + z * d[0], u * a[1] + v * b[1] + w * c[1] + z * d[1])
            for u, v, w, z in weights(steps)
        ]
    return tuple(points)


@cache
def weights(steps: int) -> list[tuple[float, float, float, float]]:
    """Return how much each of a Bézier curve's four corners counts at its samples."""
    shares = (NEXT, *(k / steps for k in range(1, steps)), 1 - NEXT, 1.0)
    return [((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t * t * t) for t in shares]


def axis(box: Box) -> tuple[Point, Point]:
    """Return the middle of a thin rectangle, as the line that it looks like."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    if box.right - box.left < box.bottom - box.top:
        return (x, box.top), (x, box.bottom)
    return (box.left, y), (box.right, y)


def around(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))
