"""The figure of a page: an SVG for inside HTML whose numbers stand in slots of fixed width, each under its key.

Graphviz lays it out with the longest text of every number, and only then the numbers of the trace are put in. A value
ends where its wire begins and a gradient begins where its wire ends; both stand in the middle of a wire that runs
across. What the page's style says once (colours, sizes, line widths) is taken out, so that a large figure stays small:

    <g data-node=3>         a circle or a box, of node 3
    <g data-wire=5.0>       the first wire into node 5, with its two numbers; of a trunk or the stub "3"
    <path data-wire=5.0>    a line of it
    <text data-n=v3 data-room=342>    the number with this key, in a slot of 3.42 times the size of its letters
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from bpviz.figure.diagram import BRANCH, SHOWN, Diagram, Edge, Label
from bpviz.figure.dot import write_dot
from bpviz.figure.drawing import Figure
from bpviz.figure.html_labels import GAP
from bpviz.figure.lettering import width
from bpviz.figure.rendering import render
from bpviz.figure.theme import DOWN, UP
from bpviz.fonts import MAGNIFICATION
from bpviz.formula.mathml import escape
from bpviz.lecture.deck_html import GROUP, PREAMBLE, ROOT
from bpviz.pages.page_numbers import name_edge_numbers

TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")
ITALIC = 'font-style="italic"'  # as gradients are
PLACE = re.compile(r' (x|y)="([^"]*)"')
LINE = re.compile(r'<polygon fill="[^"]*" stroke="none" points="([^"]*)"/>')
TITLE = re.compile(r"<title>[^<]*</title>\n")
TITLE_OF_ITSELF = re.compile(r"<title>([^<]*)</title>\n(?=<polygon[^>]*>\n<text[^>]*>\1</text>)")  # an input's name
CLOSED = re.compile(r'(<polygon[^>]*points="(\S+) [^"]*) \2(?=")')  # a polygon whose last point is its first
HEAD = re.compile(r"<g [^>]*>")
HALVES = ("-in", "-out", "-on")  # what an edge's id is followed by in those of its lines
NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")
CURVE = re.compile(r'd="M-?\d+,-?\d+C[-\d, ]+"')  # in whole numbers
SIZE = re.compile(r' font-size="[^"]*"')
DRAWN = re.compile(r' (?:d|points|cx|cy|rx|ry|x|y)="[^"]*"')
PLAIN_LINE = re.compile(r' fill="none" stroke="(#[0-9a-f]{6})" stroke-width="8"')


class Size(NamedTuple):
    """The width and the height of a figure, in points."""

    width: float
    height: float


def write_figure(blank: Figure, longest: Mapping[str, str], texts: Mapping[str, str]) -> tuple[str, Size]:
    """Write a figure that was drawn blank with the numbers of `texts`, each in a slot that its longest text fits.

    Returns the SVG and its size in points.
    """
    picture, output = blank.picture, blank.graph.output
    edges = {edge.id: edge for edge in picture.diagram.edges}
    keys = {edge.id: name_edge_numbers(edge, output) for edge in edges.values()}
    shapes = {shape.id: shape for shape in picture.diagram.shapes}
    diagram = _fill_slots(picture.diagram, keys, longest)
    picture = picture._replace(diagram=diagram, dot=write_dot(diagram, picture.appearance))
    svg = render(picture, "svg", engine=blank.engine).decode()
    theme, is_upright = picture.appearance.theme, picture.appearance.direction in (UP, DOWN)

    def finish_group(group: re.Match[str]) -> str:
        whole, id_ = group[0], group[1]
        if id_ in edges:
            line = LINE.search(whole)
            assert line, "the middle cell of an edge's label is its line"
            points = [[float(each) for each in point.split(",")] for point in line[1].split()]
            across, heights = zip(*points, strict=True)
            left, right = min(across), max(across)
            whole = TEXT.sub(lambda text: finish_number(text, id_, left, right), whole)
            low, high = min(heights), max(heights)
            bar = f"M{(left + right) / 2:.0f},{low:.0f}V{high:.0f}"
            if right - left > high - low:
                bar = f"M{left:.0f},{(low + high) / 2:.0f}H{right:.0f}"
            whole = whole.replace(line[0], f'<path d="{bar}"/>')
            return _open_group(TITLE.sub("", whole), f"data-wire={_name_wire(edges[id_])}")
        for half in HALVES:
            if id_.endswith(half) and id_.removesuffix(half) in edges:
                wire = _name_wire(edges[id_.removesuffix(half)])
                inner = TITLE.sub("", whole.partition("\n")[2]).removesuffix("</g>\n")
                return inner.replace("<path", f"<path data-wire={wire}")
        if id_ not in shapes:
            return whole
        kind = " data-kind=branch" if shapes[id_].kind == BRANCH else ""
        return _open_group(whole, f"data-node={shapes[id_].node}{kind}")

    def finish_number(text: re.Match[str], edge: str, left: float, right: float) -> str:
        is_gradient = ITALIC in text[1]
        key, y = keys[edge][is_gradient], dict(PLACE.findall(f" {text[1]}"))["y"]
        x = (left + right) / 2
        if is_upright:
            x = right + GAP * MAGNIFICATION if is_gradient else left - GAP * MAGNIFICATION
        return (
            f'<text data-n={key} data-room={100 * width(longest[key], 1.0):.0f} x="{x:g}" y="{y}">{texts[key]}</text>'
        )

    root = ROOT.search(svg)
    assert root, "a figure's SVG names its size and its typeface"
    body = GROUP.sub(finish_group, PREAMBLE.sub("", svg[root.end() :])).removesuffix("</svg>\n")
    body = PLAIN_LINE.sub(lambda line: "" if line[1] == theme.ink else line[0], body)
    body = body.replace(f' fill="{theme.ink}" stroke="none"', " class=ink").replace(f' fill="{theme.ink}"', "")
    body = TITLE_OF_ITSELF.sub("", body.replace(' text-anchor="start"', "").replace('.00"', '"'))
    body = DRAWN.sub(lambda drawn: NUMERAL.sub(lambda each: f"{float(each[0]):.0f}", drawn[0]), body)
    body = CURVE.sub(_shorten_curve, CLOSED.sub(r"\1", body))
    sizes = Counter(SIZE.findall(body))
    size = max(sizes, key=sizes.__getitem__, default="")  # of most letters: it is said once
    body = body.replace(size, "").replace("<g ", f"<g{size} ", 1)
    _, _, wide, high = map(float, root[1].split())
    head = f'<svg viewBox="{root[1]}" width="{wide:g}pt" height="{high:g}pt" role="group"'
    classes = "upright" if is_upright else "across"
    return f'{head} class="{classes}" aria-label="{escape(picture.title)}">\n{body}</svg>', Size(wide, high)


def _shorten_curve(curve: re.Match[str]) -> str:
    """Write a curve by the steps from its pieces' beginnings, which have fewer digits than its points."""
    x, y, *rest = map(int, NUMERAL.findall(curve[0]))
    pieces = []
    for k in range(0, len(rest), 6):
        steps = [each - (y if slot % 2 else x) for slot, each in enumerate(rest[k : k + 6])]
        pieces.append(" ".join(map(str, steps)).replace(" -", "-"))
        x, y = rest[k + 4 : k + 6]
    start = f"M{','.join(NUMERAL.findall(curve[0])[:2])}"
    return f'd="{start}c{" ".join(pieces)}"'


def _open_group(group: str, attributes: str) -> str:
    """Write a group with these attributes in place of its id and its class."""
    return HEAD.sub(f"<g {attributes}>", group, count=1)


def _name_wire(edge: Edge) -> str:
    return f"{edge.wire.target}.{edge.wire.slot}" if edge.wire else str(edge.node)


def _fill_slots(diagram: Diagram, keys: Mapping[str, tuple[str, str]], texts: Mapping[str, str]) -> Diagram:
    """Write texts on all edges. A legend, which may have numbers of its own, is left out."""

    def fill(edge: Edge) -> Edge:
        value, gradient = keys[edge.id]
        before = Label(texts[value], edge.before.role, SHOWN)
        return edge._replace(before=before, after=Label(texts[gradient], edge.after.role, SHOWN))

    return diagram._replace(edges=tuple(map(fill, diagram.edges)), legend=None)
