"""What a page holds: panels, each with its axes and what is drawn in it, and words anywhere. Lengths are inches.

Line widths, dots and letters are measured in points, as everywhere in print.
"""

from __future__ import annotations

from typing import NamedTuple

from bpviz.explore.curves import Point
from bpviz.explore.fields import Field

POINTS_PER_INCH = 72.0
HEIGHT, WIDTH = 4.5, 8.0  # of a slide, 16 to 9


class Axis(NamedTuple):
    """From low to high, with a number at each tick; its name stands elsewhere, as words on the page."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()

    def share(self, value: float) -> float:
        """Return how far along a value is: 0 at low, 1 at high."""
        return (value - self.low) / (self.high - self.low)


class Box(NamedTuple):
    """A rectangle on the page; bottom is measured from the page's lower edge."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return where it ends."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Return where it ends above."""
        return self.bottom + self.height


class Line(NamedTuple):
    """Points joined by straight lines; dashes are points of ink and of gap, in turn."""

    points: tuple[Point, ...]
    colour: str
    width: float = 2.25
    dashes: tuple[float, ...] = ()


class Dot(NamedTuple):
    """A filled circle around a point, its edge in the page's colour or, if it is hollow, filled with that.

    A small one has no edge.
    """

    x: float
    y: float
    colour: str
    size: float = 7.0
    hollow: bool = False


class Patch(NamedTuple):
    """A filled rectangle of a panel."""

    left: float
    bottom: float
    right: float
    top: float
    colour: str


class Contours(NamedTuple):
    """A field in bands of colour: as many levels as separate them, one colour more than that."""

    field: Field
    levels: tuple[float, ...]
    colours: tuple[str, ...]
    line: str


class Panel(NamedTuple):
    """A pair of axes and what is drawn between them, which nothing reaches out of; frames say on which sides."""

    box: Box
    x: Axis
    y: Axis
    patches: tuple[Patch, ...] = ()
    contours: Contours | None = None
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    frame: tuple[str, ...] = ("left", "bottom")

    def place(self, point: Point) -> Point:
        """Return where on the page a point of the panel is."""
        box = self.box
        return Point(box.left + box.width * self.x.share(point.x), box.bottom + box.height * self.y.share(point.y))


class Words(NamedTuple):
    """A line of text; x is its left end, its middle or its right end, as align says, y its baseline."""

    x: float
    y: float
    text: str
    colour: str
    size: float
    italic: bool = False
    align: str = "left"
    halo: bool = False


class Arrow(NamedTuple):
    """An arrow on the page, from its tail."""

    x: float
    y: float
    dx: float
    dy: float


class Arrows(NamedTuple):
    """Arrows of one colour and width of shaft."""

    arrows: tuple[Arrow, ...]
    colour: str
    width: float = 1.1


class Page(NamedTuple):
    """A whole picture, with a title and a description for those who cannot see it."""

    width: float
    height: float
    background: str
    ink: str
    panels: tuple[Panel, ...]
    words: tuple[Words, ...]
    arrows: tuple[Arrows, ...] = ()
    title: str = ""
    description: str = ""
    number_size: float = 12.0
