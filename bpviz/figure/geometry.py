"""Where things stand in a figure that has been laid out, for the writers that draw it themselves.

Lengths are points, 72 to the inch, from the page's lower left corner upward.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


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
    beginning of the second. A wire with something at its port has two lines, and a curve more between them: on.
    """

    arriving: tuple[Point, ...]
    leaving: tuple[Point, ...]
    on: tuple[Point, ...] = ()

    @property
    def middle(self) -> Point:
        """Return the middle of the line beside its numbers."""
        return _between(self.arriving[-1], (self.on or self.leaving)[0])

    @property
    def port(self) -> Point:
        """Return the middle of the line at its port."""
        return _between(self.on[-1], self.leaving[0])

    @property
    def curves(self) -> tuple[tuple[Point, ...], ...]:
        """Return its curves in their order."""
        return tuple(curve for curve in (self.arriving, self.on, self.leaving) if curve)


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
            {key: Route(*(tuple(map(point, curve)) for curve in route)) for key, route in self.routes.items()},
            self.title and point(self.title),
        )


def _between(a: Point, b: Point) -> Point:
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)
