"""Fit a figure into a room: choose how it is arranged, so that its numbers are as large there as they can be.

The figure is laid out in every direction and arrangement that is allowed, and that with the largest numbers is taken;
one that comes earlier is kept unless a later one is clearly better. A figure that is not fitted has only this choice:
whether a large one has its shared inputs beside their gates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from math import fsum
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.figure.arrangement import BESIDE, ONCE, RowsError, has_shared_inputs
from bpviz.figure.diagram import BRANCH, GATE
from bpviz.figure.dot import PASSING_ROOM
from bpviz.figure.geometry import Geometry, Outline, Point, measure
from bpviz.figure.picture import Picture
from bpviz.figure.theme import DOWN, UP

INCHES = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / 72.0, "px": 1 / 96.0}
Room = tuple[float, float]  # width and height in points
SLIDE: Room = (960.0, 430.0)  # points: what a heading leaves of a 16:9 slide
ROOMS = {
    "16:9": SLIDE,
    "4:3": (720.0, 430.0),
    "a4": (482.0, 728.0),  # with margins of 2 cm
    "a4-landscape": (728.0, 482.0),
    "column": (252.0, 336.0),  # of a paper with two
}
SMALLEST_ON_SLIDE = 7.0  # points: smaller numbers are told
NUMBERS_FITTED = 1.25  # times as large as else, beside circles and names: they are what the last row must read
LARGEST_NUMBER = 24.0  # points: a small program is not blown up further
LEGIBLE = 12.0  # points: numbers so large are not made larger by breaking the figure into rows
CLEARLY = 1.04  # times as large is clearly larger
MORE_CROSSINGS = 1.15  # times as large must numbers be for more wires to cross
WORTH_CROSSINGS = 1.25  # times as small may numbers be where fewer wires cross, in a figure that has no room given
PASSING = 4.0  # points, half a number's height: a wire that passes nearer by a circle or a box gets room there
SAMPLES = 8  # places on a segment at which its distance from a shape is measured
MOST_ROWS = 3
MANY_GATES = 12  # more have their shared inputs beside the gates where that is better
MOST_GATES_ARRANGED = 60  # of more the usual arrangement is kept where no room is given: each trial is one more layout
MOST_GATES_FITTED = 150  # of more only the direction is chosen
WIDEST_FIGURE = 200.0  # inches


class Arrangement(NamedTuple):
    """How a figure is arranged: its direction, what stands in its circles, where its inputs stand, in how many rows.

    grouped says whether inputs beside their gates are kept close to their numbers, which costs the order of gates, and
    clearances are those of a Diagram.
    """

    direction: str
    labels: str
    inputs: str = ONCE
    rows: int = 1
    grouped: bool = False
    clearances: tuple[tuple[str, float], ...] | None = ()


class Fitted(NamedTuple):
    """A picture, its arrangement, how large its numbers are in its room, and its own size, all in points."""

    picture: Picture
    arrangement: Arrangement
    number_size: float
    crossings: int
    size: Point

    @property
    def width(self) -> float:
        """How wide the figure is in its room, in inches."""
        return self.size.x / 72 * self.number_size / self.picture.appearance.theme.number_size


def read_room(room: str) -> Room:
    """Read a room, such as "16:9" or "25cmx11cm", as its width and height in points; UsageError if it is none.

    >>> read_room("a4-landscape"), read_room("10inx5in")
    ((728.0, 482.0), (720.0, 360.0))
    """
    name = str(room).strip().lower().replace("×", "x").replace(" ", "")
    if name in ROOMS:
        return ROOMS[name]
    for cut in (k for k, letter in enumerate(name) if letter == "x"):  # 400pxx200px has three
        try:
            return read_length(name[:cut]) * 72, read_length(name[cut + 1 :]) * 72
        except UsageError:
            continue
    hint = f"choose one of {', '.join(ROOMS)}, or write its width and height with their units: 25cmx11cm"
    raise UsageError(f"{room} is no room for a figure", hint=hint)


def read_length(length: str) -> float:
    """Read a width such as "12cm" in inches; raise UsageError when it is none.

    >>> read_length("36pt")
    0.5
    """
    text = str(length).strip()
    try:
        result = float(text[:-2]) * INCHES[text[-2:]]
    except (ValueError, KeyError):
        result = 0.0
    if not 0 < result <= WIDEST_FIGURE:
        raise UsageError(f"{length} is no width", hint=f"write a length with its unit, {', '.join(INCHES)}: 12cm")
    return result


def fit_picture(
    draw: Callable[[Arrangement], Picture],
    rooms: Sequence[Room],
    directions: Iterable[str],
    labels: Iterable[str],
    inputs: str | None,
    *,
    gates: int,
    engine: str,
    enough: float = math.inf,
) -> Fitted:
    """Choose the arrangement in which the numbers of a figure are largest in one of some rooms, which are in points.

    draw makes the picture of an arrangement. directions and labels are those that are allowed, the preferred first;
    inputs is where inputs stand, or None if both are allowed. Where numbers are as large as `enough` with the preferred
    labels, these are kept, and so are inputs that stand once in a figure of few gates.
    """
    directions, labels = [*directions], [*labels]
    best: Fitted | None = None
    tried: set[Arrangement] = set()

    def consider(arrangement: Arrangement) -> None:
        nonlocal best
        if arrangement in tried:
            return
        tried.add(arrangement)
        found = _try(draw, arrangement, rooms, engine)
        if found and (best is None or _is_better(found, best)):
            best = found

    def consider_directions(in_circles: str, *, is_free: bool) -> Fitted:
        for direction in directions:
            consider(Arrangement(direction, in_circles, inputs or ONCE))
            assert best
            if is_free and (best.arrangement.inputs == BESIDE or has_shared_inputs(best.picture.diagram)):
                consider(Arrangement(direction, in_circles, BESIDE))
        assert best
        return best

    is_free = inputs is None and gates <= MOST_GATES_FITTED
    if enough < math.inf and gates <= MOST_GATES_FITTED:
        best = consider_directions(labels[0], is_free=is_free and gates > MANY_GATES)
        if best.number_size >= enough:
            return best
    smallest = labels[-1]  # operations alone make the smallest circles
    best = consider_directions(smallest, is_free=is_free)
    if gates <= MOST_GATES_FITTED and best.number_size < LEGIBLE:
        for direction in directions:
            for rows in range(2, MOST_ROWS + 1):
                consider(Arrangement(direction, smallest, inputs or BESIDE, rows))
    for each in labels[:-1]:  # a name in each circle costs room, and is worth a little of it
        named = _try(draw, best.arrangement._replace(labels=each, clearances=()), rooms, engine)
        if named and named.number_size * CLEARLY >= best.number_size:
            best = named
    return best


def choose_inputs(draw: Callable[[Arrangement], Picture], usual: Arrangement, engine: str) -> Fitted:
    """Choose where the shared inputs of a figure that is not fitted stand: beside their gates where that is better.

    It is where the numbers on a slide are clearly larger by it, or fewer wires cross and the numbers not much smaller.
    """
    once = _try(draw, usual, [SLIDE], engine)
    beside = _try(draw, usual._replace(inputs=BESIDE), [SLIDE], engine)
    assert once
    return beside if beside and _is_better(beside, once, WORTH_CROSSINGS) else once


def _is_better(new: Fitted, old: Fitted, worth: float = CLEARLY) -> bool:
    """Say whether numbers are clearly larger, or fewer wires cross and numbers are not `worth` times as small."""
    if new.number_size > (MORE_CROSSINGS if new.crossings > old.crossings else CLEARLY) * old.number_size:
        return True
    return new.crossings < old.crossings and new.number_size * worth >= old.number_size


def _try(
    draw: Callable[[Arrangement], Picture], arrangement: Arrangement, rooms: Sequence[Room], engine: str
) -> Fitted | None:
    try:
        picture = draw(arrangement)
    except RowsError:
        return None
    geometry = measure(picture, engine=engine)
    if not _has_rows_in_order(picture, geometry):
        return None
    crossings = count_crossings(geometry)
    if crossings and not arrangement.grouped and _parts_numbers(picture, geometry):
        return _try(draw, arrangement._replace(grouped=True), rooms, engine)
    clearances = () if arrangement.clearances else find_clearances(picture, geometry)
    if clearances:
        return _try(draw, arrangement._replace(clearances=clearances), rooms, engine)
    number_size = picture.appearance.theme.number_size
    size = max(measure_number(geometry, number_size, room) for room in rooms)
    return Fitted(picture, arrangement, size, crossings, geometry.size)


def measure_number(geometry: Geometry, number_size: float, room: Room) -> float:
    """Measure how large numbers of this size are when the figure fills a room, in points."""
    natural = number_size * geometry.scale
    return min(room[0] / geometry.size.x * natural, room[1] / geometry.size.y * natural, LARGEST_NUMBER)


def _has_rows_in_order(picture: Picture, geometry: Geometry) -> bool:
    """Say whether the rows stand one under another, or the columns side by side, as a reader expects them."""
    middles = []
    for row in picture.diagram.rows:
        points = [geometry.outlines[id_].middle for id_ in row]
        is_upright = picture.appearance.direction in (UP, DOWN)
        middles.append(fsum(point.x if is_upright else -point.y for point in points) / len(points))
    return all(before < after for before, after in pairwise(middles))


def _parts_numbers(picture: Picture, geometry: Geometry) -> bool:
    """Say whether an edge passes between an input that stands beside its gate and the numbers of the input."""
    diagram = picture.diagram
    pieces = [(id_, piece) for id_, route in geometry.routes.items() for piece in _split(route.curves)]
    return any(
        id_ != edge.id and _cross(*first, *second)
        for edge in diagram.edges
        if edge.source in diagram.floating
        for first in _split([geometry.routes[edge.id].arriving])
        for id_, second in pieces
    )


def find_clearances(picture: Picture, geometry: Geometry) -> tuple[tuple[str, float], ...]:
    """Find the ranks on which a wire passes tight by a circle or a box, and how deep the room of their circles must be.

    A rank is as thick as what is deepest on it, and wires turn right before it: a circle with room around it keeps them
    off everything that stands on its rank.
    """
    is_upright = picture.appearance.direction in (UP, DOWN)
    outlines = {shape.id: geometry.outlines[shape.id] for shape in picture.diagram.shapes if shape.kind != BRANCH}
    gates = [shape.id for shape in picture.diagram.shapes if shape.kind == GATE]

    def place(id_: str) -> int:
        """Return where a shape's rank is, in whole points."""
        middle = outlines[id_].middle
        return round(middle.y if is_upright else middle.x)

    depths: dict[int, float] = {}
    for id_, outline in outlines.items():
        depth = (outline.height if is_upright else outline.width) / geometry.scale
        depths[place(id_)] = max(depth, depths.get(place(id_), 0.0))
    ends = {edge.id: (edge.source, edge.target) for edge in picture.diagram.edges}
    passed = set()
    for edge, route in geometry.routes.items():
        for curve in route.curves:
            reach = _surround(curve, PASSING * geometry.scale)
            for id_, outline in outlines.items():
                if id_ in ends[edge] or not _meet(reach, _surround_outline(outline)):
                    continue
                if any(_is_tight(piece, outline, id_ in gates, geometry.scale) for piece in _split([curve])):
                    passed.add(place(id_))
    return tuple((id_, depths[place(id_)] + 2 * PASSING_ROOM) for id_ in gates if place(id_) in passed)


def _surround(points: Sequence[Point], margin: float) -> tuple[float, float, float, float]:
    """Return the box around points, with a margin: its left, right, lower and upper ends."""
    across, up = zip(*points, strict=True)
    return min(across) - margin, max(across) + margin, min(up) - margin, max(up) + margin


def _surround_outline(outline: Outline) -> tuple[float, float, float, float]:
    (x, y), half, tall = outline.middle, outline.width / 2, outline.height / 2
    return x - half, x + half, y - tall, y + tall


def _meet(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    return one[0] <= two[1] and two[0] <= one[1] and one[2] <= two[3] and two[2] <= one[3]


def _is_tight(piece: tuple[Point, Point], outline: Outline, is_circle: bool, scale: float) -> bool:
    """Say whether a short segment comes nearer to a shape than wires may pass by it."""
    (a, b), (x, y) = piece, outline.middle
    for k in range(SAMPLES + 1):
        right = abs(a.x + (b.x - a.x) * k / SAMPLES - x)
        up = abs(a.y + (b.y - a.y) * k / SAMPLES - y)
        if is_circle:
            gap = math.hypot(right, up) - outline.width / 2
        else:
            gap = math.hypot(max(0.0, right - outline.width / 2), max(0.0, up - outline.height / 2))
        if gap < PASSING * scale:
            return True
    return False


def count_crossings(geometry: Geometry) -> int:
    """Count the pairs of edges whose curves cross."""
    lines = {id_: _split(route.curves) for id_, route in geometry.routes.items()}
    boxes = {id_: _surround([p for piece in pieces for p in piece], 0.0) for id_, pieces in lines.items() if pieces}
    found = 0
    for a, b in combinations(boxes, 2):
        if _meet(boxes[a], boxes[b]):
            found += any(_cross(*first, *second) for first in lines[a] for second in lines[b])
    return found


def _split(curves: Iterable[tuple[Point, ...]]) -> list[tuple[Point, Point]]:
    """Split curves into short segments."""
    return [piece for curve in curves for piece in pairwise(_flatten(curve))]


def _flatten(curve: tuple[Point, ...]) -> list[Point]:
    """Return points on a Bézier curve, four for each of its pieces."""
    points = [curve[0]]
    for k in range(0, len(curve) - 3, 3):
        a, b, c, d = curve[k : k + 4]
        for t in (0.25, 0.5, 0.75, 1.0):
            s = 1 - t
            weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
            points.append(
                Point(
                    weights[0] * a.x + weights[1] * b.x + weights[2] * c.x + weights[3] * d.x,
                    weights[0] * a.y + weights[1] * b.y + weights[2] * c.y + weights[3] * d.y,
                )
            )
    return points


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Say whether two segments cross inside both."""

    def turn(p: Point, q: Point, r: Point) -> float:
        return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
