"""Take a figure apart that stands on many slides: what changes on it, and where that is drawn.

A deck draws its figure once, without numbers, and puts the numbers of each slide on it. So Graphviz draws the figure
with everything that any slide shows, and says in JSON where each letter stands and what each highlight fills.
Lengths are points, from the page's lower left corner upward.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.figure.geometry import LaidOutPage, Point, read_page
from bpviz.figure.html_text import INCH
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import lay_out

LINE_WIDTH = re.compile(r"setlinewidth\((.*)\)")


class Patch(NamedTuple):
    """What is filled with colour: an ellipse, or a rectangle, by its lower left corner and its size."""

    corner: Point
    width: float
    height: float
    is_ellipse: bool = False


class PlacedText(NamedTuple):
    """A text as it is drawn: where its baseline begins, how large its letters are, and their colour."""

    text: str
    start: Point
    size: float
    colour: str


class PlacedBracket(NamedTuple):
    """A bracket of a grid: a line through a few points, and how wide it is."""

    points: tuple[Point, ...]
    width: float


class PlacedNumber(NamedTuple):
    """A number, or the entries of a grid and its brackets, and the highlight under them, if they ever are new."""

    texts: tuple[PlacedText, ...]
    brackets: tuple[PlacedBracket, ...] = ()
    patch: Patch | None = None


class FigureParts(NamedTuple):
    """What changes in a figure from slide to slide, and the size of its page.

    numbers are by the id of their edge and their role, and highlights, which lie under shapes, by the id of the shape.
    """

    size: Point
    numbers: Mapping[tuple[str, str], PlacedNumber]
    highlights: Mapping[str, Patch]


def take_apart(picture: Picture, *, engine: str = "bundled") -> FigureParts:
    """Let Graphviz draw a picture, and return where its numbers stand, and what its highlighted shapes fill.

    Raises UsageError for an unknown engine, OutputError if Graphviz fails.
    """
    drawn = json.loads(lay_out(picture, "json", engine, INCH))
    page, theme = read_page(drawn), picture.appearance.theme
    edges = {edge.id for edge in picture.diagram.edges}
    numbers: dict[tuple[str, str], PlacedNumber] = {}
    highlights: dict[str, Patch] = {}
    for node in drawn["objects"]:
        if node["name"] in edges:
            before, after = _split_at_line(node.get("_ldraw_", ()), theme.ink)
            for role, operations in ((VALUE, before), (GRADIENT, after)):
                if (number := _read_number(operations, page, theme.highlight)).texts:
                    numbers[node["name"], role] = number
        else:
            for patch in _read_patches(node.get("_draw_", ()), page, theme.highlight):
                highlights[node["name"]] = patch
    return FigureParts(page.size, numbers, highlights)


def _split_at_line(
    operations: Sequence[dict[str, Any]], ink: str
) -> tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]]:
    """Split what is drawn of an edge at the line between its value and its gradient: the first that is full of ink."""
    colour = ""
    for k, each in enumerate(operations):
        if each["op"] == "C":
            colour = each["color"]
        elif each["op"] == "P" and colour == ink:
            return operations[:k], operations[k + 1 :]
    return operations, ()


def _read_number(operations: Sequence[dict[str, Any]], page: LaidOutPage, highlight: str) -> PlacedNumber:
    """Read the texts and the brackets that Graphviz's pen draws, and the highlight under them."""
    size, colour, pen = 0.0, "", 1.0
    texts: list[PlacedText] = []
    brackets: list[PlacedBracket] = []
    for each in operations:
        match each["op"]:
            case "F":
                size = each["size"] * page.unit
            case "c":
                colour = each["color"]
            case "S" if found := LINE_WIDTH.fullmatch(each["style"]):
                pen = float(found[1]) * page.unit
            case "T":
                texts.append(PlacedText(each["text"], page.place(*each["pt"]), size, colour))
            case "L":
                brackets.append(PlacedBracket(tuple(page.place(*point) for point in each["points"]), pen))
    return PlacedNumber(tuple(texts), tuple(brackets), next(_read_patches(operations, page, highlight), None))


def _read_patches(operations: Sequence[dict[str, Any]], page: LaidOutPage, highlight: str) -> Iterator[Patch]:
    """Yield the rectangles and ellipses that are filled with the highlighter's colour."""
    colour = ""
    for each in operations:
        if each["op"] == "C":
            colour = each["color"]
        elif colour == highlight and each["op"] == "P":
            across, up = zip(*each["points"], strict=True)
            low, high = page.place(min(across), min(up)), page.place(max(across), max(up))
            yield Patch(low, high.x - low.x, high.y - low.y)
        elif colour == highlight and each["op"] == "E":
            x, y, wide, tall = each["rect"]
            low, high = page.place(x - wide, y - tall), page.place(x + wide, y + tall)
            yield Patch(low, high.x - low.x, high.y - low.y, is_ellipse=True)
