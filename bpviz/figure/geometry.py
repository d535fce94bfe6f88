"""Where things stand in a figure that has been laid out, for the writers that draw it themselves (TikZ, worksheets).

Lengths are points, 72 to the inch, from the page's lower left corner upward.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import dist, fsum
from typing import NamedTuple

from bpviz.figure.diagram import BRANCH
from bpviz.figure.dot import DOT
from bpviz.figure.html_text import INCH
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import lay_out


class Point(NamedTuple):
    """A place on the page, or a distance along both axes."""

    x: float
    y: float

    def shift(self, right: float, up: float) -> Point:
        """Move the point by lengths to the right and up."""
        return Point(self.x + right, self.y + up)


class Outline(NamedTuple):
    """The middle and the size of a circle, a box or a dot."""

    middle: Point
    width: float
    height: float


class Route(NamedTuple):
    """The route of an edge: a curve from its source to the line in its label, and one from there to its target.

    A curve is a point and then three for each piece of a Bézier curve; the line runs from the end of the first curve
    to the beginning of the second. An edge with a label at its port has two lines, and one more curve between them: on.
    """

    arriving: tuple[Point, ...]
    leaving: tuple[Point, ...]
    on: tuple[Point, ...] = ()

    @property
    def middle(self) -> Point:
        """The middle of the line in its label."""
        return _find_middle(self.arriving[-1], (self.on or self.leaving)[0])

    @property
    def port(self) -> Point:
        """The middle of the line in the label at its port."""
        return _find_middle(self.on[-1], self.leaving[0])

    @property
    def curves(self) -> tuple[tuple[Point, ...], ...]:
        """Its curves in their order."""
        return tuple(curve for curve in (self.arriving, self.on, self.leaving) if curve)


class Geometry(NamedTuple):
    """A figure that has been laid out: its page's size, its shapes and edges by their ids, the middle of its title.

    scale is how much larger all of it is than the theme says, letters too.
    """

    size: Point
    scale: float
    outlines: Mapping[str, Outline]
    routes: Mapping[str, Route]
    title: Point | None

    def measure_segments(self) -> dict[str, float]:
        """Return the length of each segment of an edge as it is in the theme's points, by its id in the DOT."""
        parts = ("in", "out", "on")
        return {
            f"{id_}-{part}": _measure_curve(curve) / self.scale
            for id_, route in self.routes.items()
            for part, curve in zip(parts, route, strict=True)
            if curve
        }

    def scale_by(self, factor: float) -> Geometry:
        """Make the figure larger by a factor, or smaller by one below 1."""

        def move(old: Point) -> Point:
            return Point(old.x * factor, old.y * factor)

        return Geometry(
            move(self.size),
            self.scale * factor,
            {id_: Outline(move(at), wide * factor, high * factor) for id_, (at, wide, high) in self.outlines.items()},
            {id_: Route(*(tuple(map(move, curve)) for curve in route)) for id_, route in self.routes.items()},
            self.title and move(self.title),
        )


class LaidOutPage(NamedTuple):
    """A page as Graphviz has laid it out: its bounding box and its margin, and its unit in points of the figure."""

    left: float
    bottom: float
    right: float
    top: float
    margin: float
    unit: float

    @property
    def size(self) -> Point:
        """The page's width and height, in points."""
        return self.place(self.right + self.margin, self.top + self.margin)

    def place(self, x: float, y: float) -> Point:
        """Return where a place of Graphviz's is, in points from the page's lower left corner."""
        return Point((x - self.left + self.margin) * self.unit, (y - self.bottom + self.margin) * self.unit)


def read_page(laid_out: Mapping[str, str]) -> LaidOutPage:
    """Read the page from the JSON of a figure that has been laid out."""
    left, bottom, right, top = map(float, laid_out["bb"].split(","))
    margin, unit = float(laid_out["pad"]) * INCH, float(laid_out["dpi"]) / INCH
    return LaidOutPage(left, bottom, right, top, margin, unit)


def measure(picture: Picture, *, engine: str = "bundled") -> Geometry:
    """Let Graphviz lay a picture out, and return where its shapes and edges stand.

    Raises UsageError for an unknown engine, OutputError if Graphviz fails.
    """
    laid_out = json.loads(lay_out(picture, "json0", engine, INCH))
    page = read_page(laid_out)

    def place(text: str) -> Point:
        x, y = map(float, text.split(","))
        return page.place(x, y)

    outlines = {}
    for node in laid_out["objects"]:
        if "pos" in node:  # a rank is an object, too
            extent = [float(node[side]) * INCH * page.unit for side in ("width", "height")]
            width, height = extent
            if node.get("fixedsize") == "shape":  # its size there is that of the room around it
                width = height = DOT if node["class"] == BRANCH else min(extent)
            outlines[node["name"]] = Outline(place(node["pos"]), width, height)
    curves: dict[str, tuple[Point, ...]] = {}
    for edge in laid_out.get("edges", ()):
        if "id" in edge:  # one that only keeps an order has none
            words = edge["pos"].split()
            points = [place(word) for word in words if word[0] not in "es"]  # e, s: the tip of an arrowhead
            tips = [place(word[2:]) for word in words if word[0] == "e"]
            curves[edge["id"]] = (*points[:-1], *tips) if tips else tuple(points)
    ids = [id_.removesuffix("-in") for id_ in curves if id_.endswith("-in")]
    routes = {id_: Route(curves[f"{id_}-in"], curves[f"{id_}-out"], curves.get(f"{id_}-on", ())) for id_ in ids}

    figure = Geometry(page.size, 1.0, outlines, routes, place(laid_out["lp"]) if "lp" in laid_out else None)
    width, comma, _ = laid_out.get("size", "").partition(",")
    return figure.scale_by(float(width) * INCH * page.unit / page.size.x) if comma else figure


def _measure_curve(curve: Sequence[Point]) -> float:
    """Estimate the length of a curve: each Bézier piece is between its chord and the way along its control points."""
    pieces = [curve[i : i + 4] for i in range(0, len(curve) - 1, 3)]
    return fsum((fsum(dist(a, b) for a, b in pairwise(piece)) + dist(piece[0], piece[-1])) / 2 for piece in pieces)


def _find_middle(a: Point, b: Point) -> Point:
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)
