"""Take a figure apart that stands on many slides: what changes on it, and where that is drawn.

A deck draws its figure once, without numbers, and puts the numbers of each slide on it. So Graphviz draws the figure
with everything that any slide shows, and says in JSON where each letter stands and what each highlight fills.
Lengths are points, from the page's lower left corner upward.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.figure.geometry import LaidOutPage, Point, read_page
from bpviz.figure.html_text import INCH
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import lay_out
from bpviz.fonts import ITALIC


class Patch(NamedTuple):
    """What is filled with colour: an ellipse, or a rectangle, by its lower left corner and its size."""

    corner: Point
    width: float
    height: float
    is_ellipse: bool = False


class PlacedNumber(NamedTuple):
    """A number as it is drawn: its text, where its baseline begins, and how large its letters are."""

    text: str
    start: Point
    size: float
    patch: Patch | None  # the highlight under it, if it ever is new


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
    page, highlight = read_page(drawn), picture.appearance.theme.highlight
    edges = {edge.id for edge in picture.diagram.edges}
    numbers: dict[tuple[str, str], PlacedNumber] = {}
    highlights: dict[str, Patch] = {}
    for node in drawn["objects"]:
        if node["name"] in edges:
            for role, number in _read_numbers(node.get("_ldraw_", ()), page, highlight):
                numbers[node["name"], role] = number
        else:
            for patch in _read_patches(node.get("_draw_", ()), page, highlight):
                highlights[node["name"]] = patch
    return FigureParts(page.size, numbers, highlights)


def _read_numbers(
    operations: Sequence[dict[str, Any]], page: LaidOutPage, highlight: str
) -> Iterator[tuple[str, PlacedNumber]]:
    """Yield the texts that Graphviz's pen writes, each with its role and with the highlight drawn before it."""
    size, face = 0.0, ""
    before: list[dict[str, Any]] = []  # what was drawn since the last text
    for each in operations:
        before.append(each)
        if each["op"] == "F":
            size, face = each["size"] * page.unit, each["face"]
        elif each["op"] == "T":
            patch = next(_read_patches(before, page, highlight), None)
            role = GRADIENT if face == ITALIC else VALUE
            yield role, PlacedNumber(each["text"], page.place(*each["pt"]), size, patch)
            before = []


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
