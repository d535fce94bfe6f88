"""The figure of a page: an SVG for inside HTML whose numbers stand in slots of fixed width, each under its key.

Graphviz lays it out with the longest text of every number, and only then the numbers of the trace are put in. A value
ends where its wire begins and a gradient begins where its wire ends; both stand in the middle of a wire that runs
across. The attribute data-n has a number's key and data-room how many characters its slot has; the colours are those
of the page, so that they change with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bpviz.figure.diagram import GRADIENT, SHOWN, VALUE, Diagram, Edge, Label
from bpviz.figure.dot import write_dot
from bpviz.figure.drawing import Figure
from bpviz.figure.html_labels import GAP
from bpviz.figure.rendering import render
from bpviz.figure.theme import DOWN, UP
from bpviz.fonts import MAGNIFICATION
from bpviz.formula.mathml import escape
from bpviz.lecture.deck_html import GROUP, ITALIC, PREAMBLE, ROOT
from bpviz.pages.number_slots import name_edge_numbers

TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")
START = re.compile(r'text-anchor="start" x="[^"]*"')
LINE = re.compile(r'<polygon fill="[^"]*" stroke="none" points="([^"]*)"')


class SlottedFigure(NamedTuple):
    """The figure as SVG, and how wide and high it is in points."""

    svg: str
    width: float
    height: float


def write_figure(blank: Figure, longest: Mapping[str, str], texts: Mapping[str, str]) -> SlottedFigure:
    """Write a figure that was drawn blank with the numbers of `texts`, each in a slot that its longest text fits."""
    picture, output = blank.picture, blank.graph.output
    keys = {edge.id: name_edge_numbers(edge, output) for edge in picture.diagram.edges}
    diagram = _fill_slots(picture.diagram, keys, longest)
    picture = picture._replace(diagram=diagram, dot=write_dot(diagram, picture.appearance))
    svg = render(picture, "svg", engine=blank.engine).decode()
    is_upright = picture.appearance.direction in (UP, DOWN)

    def finish_group(group: re.Match[str]) -> str:
        if group[1] not in keys:
            return group[0]
        line = LINE.search(group[0])
        assert line, "the middle cell of an edge's label is its line"
        ends = [float(point.partition(",")[0]) for point in line[1].split()]
        return TEXT.sub(lambda text: finish_number(text, group[1], min(ends), max(ends)), group[0])

    def finish_number(text: re.Match[str], edge: str, left: float, right: float) -> str:
        is_gradient = ITALIC in text[1]
        key = keys[edge][is_gradient]
        anchor, x = "middle", (left + right) / 2
        if is_upright:
            anchor, x = ("start", right + GAP * MAGNIFICATION) if is_gradient else ("end", left - GAP * MAGNIFICATION)
        place = START.sub(f'text-anchor="{anchor}" x="{x:g}"', text[1])
        return f'<text data-n="{key}" data-room="{len(longest[key])}" {place}>{texts[key]}</text>'

    root = ROOT.search(svg)
    assert root, "a figure's SVG names its size and its typeface"
    body = GROUP.sub(finish_group, PREAMBLE.sub("", svg[root.end() :])).removesuffix("</svg>\n")
    _, _, width, height = map(float, root[1].split())
    head = f'<svg viewBox="{root[1]}" width="{width:g}pt" height="{height:g}pt" role="img"'
    label = f'aria-label="{escape(picture.title)}" aria-describedby="table"'
    return SlottedFigure(f"{head} {label}>\n{body}</svg>", width, height)


def _fill_slots(diagram: Diagram, keys: Mapping[str, tuple[str, str]], texts: Mapping[str, str]) -> Diagram:
    """Write texts on all edges. A legend, which may have numbers of its own, is left out."""

    def fill(edge: Edge) -> Edge:
        value, gradient = keys[edge.id]
        before, after = Label(texts[value], VALUE, SHOWN), Label(texts[gradient], GRADIENT, SHOWN)
        return edge._replace(before=before, after=after)

    return diagram._replace(edges=tuple(map(fill, diagram.edges)), legend=None)
