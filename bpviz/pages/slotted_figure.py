"""The figure of a page: an SVG for inside HTML whose numbers stand in slots of fixed width, each under its key.

Graphviz lays it out with the longest text of every number, and only then the numbers of the trace are put in. A value
ends where its wire begins and a gradient begins where its wire ends; both stand in the middle of a wire that runs
across. What the page's style says once (colours, sizes, line widths) is taken out, so that a large figure stays small:

    <g data-node=3>         a circle or a box, of node 3
    <g data-wire=5.0>       the first wire into node 5, with its two numbers; of a trunk or the stub "3"
    <path data-wire=5.0>    a line of it
    <text data-n=v3 data-room=342>    the number with this key, in a slot of 3.42 times the size of its letters

A wire that carries a vector has its entries in brackets, each in a slot of its own, which ends where its column does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bpviz.figure.diagram import ABSENT, BRANCH, SHOWN, Diagram, Edge, Entry, Label
from bpviz.figure.dot import write_dot
from bpviz.figure.drawing import Figure
from bpviz.figure.html_labels import GAP
from bpviz.figure.lettering import width
from bpviz.figure.rendering import render
from bpviz.figure.svg_parts import read_content, rewrite_groups
from bpviz.figure.theme import DOWN, UP
from bpviz.fonts import MAGNIFICATION
from bpviz.formula.mathml import escape
from bpviz.grouping import group
from bpviz.pages.page_grids import PageGrid
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


def write_figure(
    blank: Figure,
    longest: Mapping[str, str],
    texts: Mapping[str, str],
    grids: Mapping[str, PageGrid] | None = None,
) -> tuple[str, Size]:
    """Write a figure that was drawn blank with the numbers of `texts`, each in a slot that its longest text fits.

    grids are those of a program with vectors. Returns the SVG and its size in points.
    """
    picture, output = blank.picture, group(blank.graph).output
    edges = {edge.id: edge for edge in picture.diagram.edges if edge.before.state != ABSENT}
    keys = {edge.id: name_edge_numbers(edge, output) for edge in edges.values()}
    shapes = {shape.id: shape for shape in picture.diagram.shapes}
    slots = {key: each for names in keys.values() for name in names for key, each in _size(name, longest, grids)}
    diagram = _fill_slots(picture.diagram, keys, slots, grids)
    picture = picture._replace(diagram=diagram, dot=write_dot(diagram, picture.appearance))
    svg = render(picture, "svg", engine=blank.engine).decode()
    theme, is_upright = picture.appearance.theme, picture.appearance.direction in (UP, DOWN)

    def finish_group(id_: str, whole: str) -> str:
        if id_ in edges:
            line = LINE.search(whole)
            assert line, "the middle cell of an edge's label is its line"
            points = [[float(each) for each in point.split(",")] for point in line[1].split()]
            across, heights = zip(*points, strict=True)
            left, right = min(across), max(across)
            if grids and (grid := grids[keys[id_][0]]).shape:
                entries = iter(_list_texts(edges[id_], (grid, grids[keys[id_][1]])))
                whole = TEXT.sub(lambda text: finish_entry(text, next(entries)), whole)
            else:
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
        if id_ not in shapes:  # the wire of a vector that was typed, which has no numbers
            return HEAD.sub("<g>", TITLE.sub("", whole), count=1)
        kind = " data-kind=branch" if shapes[id_].kind == BRANCH else ""
        return _open_group(whole, f"data-node={shapes[id_].node}{kind}")

    def finish_number(text: re.Match[str], edge: str, left: float, right: float) -> str:
        is_gradient = ITALIC in text[1]
        key, y = keys[edge][is_gradient] + (".0" if grids else ""), dict(PLACE.findall(f" {text[1]}"))["y"]
        x = (left + right) / 2
        if is_upright:
            x = right + GAP * MAGNIFICATION if is_gradient else left - GAP * MAGNIFICATION
        return (
            f'<text data-n={key} data-room={100 * width(longest[key], 1.0):.0f} x="{x:g}" y="{y}">{texts[key]}</text>'
        )

    def finish_entry(text: re.Match[str], key: str) -> str:
        if not key:
            return text[0]
        place = dict(PLACE.findall(f" {text[1]}"))
        x = float(place["x"]) + width(slots[key], theme.number_size * MAGNIFICATION)
        slot = f'data-room={100 * width(slots[key], 1.0):.0f} x="{x:.0f}" y="{place["y"]}"'
        return f"<text class=entry data-n={key} {slot}>{texts[key]}</text>"

    content = read_content(svg)
    body = rewrite_groups(content.body, finish_group)
    body = PLAIN_LINE.sub(lambda line: "" if line[1] == theme.ink else line[0], body)
    body = body.replace(f' fill="{theme.ink}" stroke="none"', " class=ink").replace(f' fill="{theme.ink}"', "")
    body = TITLE_OF_ITSELF.sub("", body.replace(' text-anchor="start"', "").replace('.00"', '"'))
    body = DRAWN.sub(lambda drawn: NUMERAL.sub(lambda each: f"{float(each[0]):.0f}", drawn[0]), body)
    body = CURVE.sub(_shorten_curve, CLOSED.sub(r"\1", body))
    sizes = Counter(SIZE.findall(body))
    size = max(sizes, key=sizes.__getitem__, default="")  # of most letters: it is said once
    body = body.replace(size, "").replace("<g ", f"<g{size} ", 1)
    _, _, wide, high = map(float, content.view_box.split())
    head = f'<svg viewBox="{content.view_box}" width="{wide:g}pt" height="{high:g}pt" role="group"'
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


def _fill_slots(
    diagram: Diagram,
    keys: Mapping[str, tuple[str, str]],
    slots: Mapping[str, str],
    grids: Mapping[str, PageGrid] | None,
) -> Diagram:
    """Write texts on all edges. A legend, which may have numbers of its own, is left out."""

    def fill_label(label: Label, key: str) -> Label:
        if grids and label.grid:
            rows = tuple(tuple(Entry(slots.get(each, each)) for each in row) for row in grids[key].rows)
            return Label("", label.role, SHOWN, label.grid._replace(rows=rows))
        return Label(slots[f"{key}.0" if grids else key], label.role, SHOWN)

    def fill(edge: Edge) -> Edge:
        if edge.id not in keys:
            return edge
        value, gradient = keys[edge.id]
        return edge._replace(before=fill_label(edge.before, value), after=fill_label(edge.after, gradient))

    return diagram._replace(edges=tuple(map(fill, diagram.edges)), legend=None)


def _size(key: str, longest: Mapping[str, str], grids: Mapping[str, PageGrid] | None) -> Iterator[tuple[str, str]]:
    """Yield the slots of a number, or of a grid's entries, with what fits each; those of a column are one width."""
    if not grids:
        yield key, longest[key]
        return
    for column in zip(*grids[key].rows, strict=True):
        entries = [each for each in column if each in longest]
        for each in entries:
            yield each, max((longest[entry] for entry in entries), key=lambda text: width(text, 1.0))


def _list_texts(edge: Edge, grids: tuple[PageGrid, PageGrid]) -> list[str]:
    """List the keys of the texts at an edge as they stand in its SVG, with "" for a caption and for dots."""
    found = []
    for label, grid in zip((edge.before, edge.after), grids, strict=True):
        found += [""] if label.grid and label.grid.caption else []
        found += [each if each.startswith(grid.key) else "" for row in grid.rows for each in row]
    return found
