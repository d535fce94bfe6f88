"""Where Graphviz puts everything, as a record: the layout without the drawing.

A figure that is laid out larger than it is drawn says so by its dpi, and how wide it is to be by its size: both are
taken into account here, and the margin around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bpviz.figure.geometry import Geometry, Place, Point, Route
from bpviz.figure.layout import INCH
from bpviz.figure.rendering import lay_out

if TYPE_CHECKING:
    from bpviz.figure.rendering import Drawable

ENDS = "es"  # what marks the tip of an arrow among the points of an edge, at its end or its start


def geometry(picture: Drawable, *, engine: str = "bundled") -> Geometry:
    """Return where the spots and the strands of a picture stand when Graphviz has laid it out.

    Raises UsageError for an engine that is none, OutputError if Graphviz fails.
    """
    import json

    return _read(json.loads(lay_out(picture, "json0", engine, INCH)))


class Page(NamedTuple):
    """Graphviz's page: its lower left corner, and how long one of its points is in the figure."""

    corner: Point
    unit: float

    def point(self, text: str) -> Point:
        """Return a place that Graphviz wrote as "12,34.5"."""
        x, y = map(float, text.split(","))
        return Point((x - self.corner.x) * self.unit, (y - self.corner.y) * self.unit)


def _read(laid_out: Mapping[str, Any]) -> Geometry:
    margin = float(laid_out["pad"]) * INCH
    left, bottom, right, top = map(float, laid_out["bb"].split(","))
    page = Page(Point(left - margin, bottom - margin), float(laid_out["dpi"]) / INCH)
    size = page.point(f"{right + margin},{top + margin}")
    nodes = (each for each in laid_out["objects"] if "pos" in each)  # a rank is an object, too
    figure = Geometry(
        size,
        1.0,
        {node["name"]: _place(node, page) for node in nodes},
        _routes(laid_out.get("edges", ()), page),
        page.point(laid_out["lp"]) if "lp" in laid_out else None,
    )
    wide, comma, _ = laid_out.get("size", "").partition(",")
    return figure.scaled(float(wide) * INCH * page.unit / size.x) if comma else figure


def _place(node: Mapping[str, str], page: Page) -> Place:
    wide, high = (float(node[side]) * INCH * page.unit for side in ("width", "height"))
    return Place(page.point(node["pos"]), wide, high)


def _routes(edges: Iterable[Mapping[str, str]], page: Page) -> dict[str, Route]:
    """Return each wire's two edges, or three, found by their ids; edges that only keep an order have none."""
    curves = {edge["id"]: _curve(edge["pos"].split(), page) for edge in edges if "id" in edge}
    wires = [id_.removesuffix("-in") for id_ in curves if id_.endswith("-in")]
    return {wire: Route(curves[f"{wire}-in"], curves[f"{wire}-out"], curves.get(f"{wire}-on", ())) for wire in wires}


def _curve(words: list[str], page: Page) -> tuple[Point, ...]:
    """Return an edge's curve; one with an arrowhead is led on to its tip."""
    points = [page.point(word) for word in words if word[0] not in ENDS]
    tips = [page.point(word[2:]) for word in words if word[0] == "e"]
    return (*points[:-1], *tips) if tips else tuple(points)
