"""Where things stand in a figure that has been laid out, for the writers that draw it themselves.

Lengths are points, 72 to the inch, from the page's lower left corner upward.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpviz.records import NamedTuple


class Point(NamedTuple):
    """A place on the page, or a distance along both axes."""

    x: float
    y: float

    def moved(self, right: float, up: float) -> Point:
        """Return the point so far from this one."""
        return Point(self.x + right, self.y + up)


class Place(NamedTuple):
    """A circle, a box or a dot, by its middle."""

    middle: Point
    width: float
    height: float


class Route(NamedTuple):
    """A wire's way: a curve from its source to the line beside its numbers, and one from there to its target.

    A curve is a point and then three for each piece of a Bézier curve; the line runs from the end of the first to the
    beginning of the second.
    """

    arriving: tuple[Point, ...]
    leaving: tuple[Point, ...]

    @property
    def middle(self) -> Point:
        """Return the middle of the line."""
        (x, y), (to_x, to_y) = self.arriving[-1], self.leaving[0]
        return Point((x + to_x) / 2, (y + to_y) / 2)


class Geometry(NamedTuple):
    """A whole figure: its page, its spots and its strands by their ids, and the middle of its title.

    scale is how much larger all of it is than the theme says, letters too.
    """

    size: Point
    scale: float
    places: Mapping[str, Place]
    routes: Mapping[str, Route]
    title: Point | None

    def scaled(self, factor: float) -> Geometry:
        """Return the figure so many times as large."""

        def point(old: Point) -> Point:
            return Point(old.x * factor, old.y * factor)

        return Geometry(
            point(self.size),
            self.scale * factor,
            {key: Place(point(at), wide * factor, high * factor) for key, (at, wide, high) in self.places.items()},
            {key: Route(tuple(map(point, way)), tuple(map(point, rest))) for key, (way, rest) in self.routes.items()},
            self.title and point(self.title),
        )
