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
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import render
from bpviz.figure.svg_parts import read_content, rewrite_groups
from bpviz.figure.theme import DOWN, UP, Theme
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
    slotted = SlottedFigure(blank.picture, group(blank.graph).output, longest, texts, grids)
    diagram = slotted.fill_slots()
    picture = blank.picture._replace(diagram=diagram, dot=write_dot(diagram, blank.picture.appearance))
    content = read_content(render(picture, "svg", engine=blank.engine).decode())
    body = _shorten(rewrite_groups(content.body, slotted.finish_group), picture.appearance.theme)
    _, _, wide, high = map(float, content.view_box.split())
    head = f'<svg viewBox="{content.view_box}" width="{wide:g}pt" height="{high:g}pt" role="group"'
    classes = "upright" if slotted.is_upright else "across"
    return f'{head} class="{classes}" aria-label="{escape(picture.title)}">\n{body}</svg>', Size(wide, high)


class SlottedFigure:
    """A figure whose numbers stand in slots, as wide as the longest text of each.

    edges and shapes are by their ids; keys are those of the two numbers of each edge, slots what fits each number.
    """

    def __init__(
        self,
        picture: Picture,
        output: int,
        longest: Mapping[str, str],
        texts: Mapping[str, str],
        grids: Mapping[str, PageGrid] | None,
    ) -> None:
        """Find the slots of a picture that was drawn blank; output is the node that is the program's output."""
        self.diagram = picture.diagram
        self.longest, self.texts, self.grids = longest, texts, grids
        self.number_size = picture.appearance.theme.number_size * MAGNIFICATION
        self.is_upright = picture.appearance.direction in (UP, DOWN)
        self.edges = {edge.id: edge for edge in self.diagram.edges if edge.before.state != ABSENT}
        self.shapes = {shape.id: shape for shape in self.diagram.shapes}
        self.keys = {edge.id: name_edge_numbers(edge, output) for edge in self.edges.values()}
        self.slots = {
            key: each for names in self.keys.values() for name in names for key, each in _size(name, longest, grids)
        }

    def fill_slots(self) -> Diagram:
        """Write the longest texts on all edges. A legend, which may have numbers of its own, is left out."""
        return self.diagram._replace(edges=tuple(map(self._fill_edge, self.diagram.edges)), legend=None)

    def _fill_edge(self, edge: Edge) -> Edge:
        if edge.id not in self.keys:
            return edge
        value, gradient = self.keys[edge.id]
        return edge._replace(before=self._fill_label(edge.before, value), after=self._fill_label(edge.after, gradient))

    def _fill_label(self, label: Label, key: str) -> Label:
        if self.grids and label.grid:
            rows = tuple(tuple(Entry(self.slots.get(each, each)) for each in row) for row in self.grids[key].rows)
            return Label("", label.role, SHOWN, label.grid._replace(rows=rows))
        return Label(self.slots[self._name_slot(key)], label.role, SHOWN)

    def _name_slot(self, key: str) -> str:
        """Return the key of a number that has no grid: where there are grids it is the first entry of its own."""
        return f"{key}.0" if self.grids else key

    def finish_group(self, id_: str, group: str) -> str:
        """Write the group of a shape, an edge or a line of an edge as a page has it."""
        if id_ in self.edges:
            return self._finish_edge(id_, group)
        for half in HALVES:
            if id_.endswith(half) and id_.removesuffix(half) in self.edges:
                wire = _name_wire(self.edges[id_.removesuffix(half)])
                inner = TITLE.sub("", group.partition("\n")[2]).removesuffix("</g>\n")
                return inner.replace("<path", f"<path data-wire={wire}")
        if id_ not in self.shapes:  # the wire of a vector that was typed, which has no numbers
            return HEAD.sub("<g>", TITLE.sub("", group), count=1)
        kind = " data-kind=branch" if self.shapes[id_].kind == BRANCH else ""
        return _open_group(group, f"data-node={self.shapes[id_].node}{kind}")

    def _finish_edge(self, id_: str, group: str) -> str:
        """Put the numbers of the trace into the slots of an edge, and write the line between them as a path."""
        line = LINE.search(group)
        assert line, "the middle cell of an edge's label is its line"
        across, heights = zip(*([float(each) for each in point.split(",")] for point in line[1].split()), strict=True)
        left, right, low, high = min(across), max(across), min(heights), max(heights)
        bar = f"M{(left + right) / 2:.0f},{low:.0f}V{high:.0f}"
        if right - left > high - low:
            bar = f"M{left:.0f},{(low + high) / 2:.0f}H{right:.0f}"
        entries = self._list_entries(id_)
        if entries:
            keys = iter(entries)
            group = TEXT.sub(lambda text: self._finish_entry(text, next(keys)), group)
        else:
            group = TEXT.sub(lambda text: self._finish_number(text, id_, left, right), group)
        group = group.replace(line[0], f'<path d="{bar}"/>')
        return _open_group(TITLE.sub("", group), f"data-wire={_name_wire(self.edges[id_])}")

    def _finish_number(self, text: re.Match[str], edge: str, left: float, right: float) -> str:
        """Write a number beside a line that reaches so far."""
        is_gradient = ITALIC in text[1]
        key, y = self._name_slot(self.keys[edge][is_gradient]), dict(PLACE.findall(f" {text[1]}"))["y"]
        x = (left + right) / 2
        if self.is_upright:
            x = right + GAP * MAGNIFICATION if is_gradient else left - GAP * MAGNIFICATION
        slot = f'data-room={100 * width(self.longest[key], 1.0):.0f} x="{x:g}" y="{y}"'
        return f"<text data-n={key} {slot}>{self.texts[key]}</text>"

    def _finish_entry(self, text: re.Match[str], key: str) -> str:
        """Write an entry of a grid; what has no key stays as it is."""
        if not key:
            return text[0]
        place, longest = dict(PLACE.findall(f" {text[1]}")), self.slots[key]
        x = float(place["x"]) + width(longest, self.number_size)
        slot = f'data-room={100 * width(longest, 1.0):.0f} x="{x:.0f}" y="{place["y"]}"'
        return f"<text class=entry data-n={key} {slot}>{self.texts[key]}</text>"

    def _list_entries(self, id_: str) -> list[str]:
        """List the keys of the texts at an edge with grids as they stand in its SVG, with "" for a caption and dots."""
        if not self.grids or not self.grids[self.keys[id_][0]].shape:
            return []
        found = []
        edge = self.edges[id_]
        for label, key in zip((edge.before, edge.after), self.keys[id_], strict=True):
            grid = self.grids[key]
            found += [""] if label.grid and label.grid.caption else []
            found += [each if each.startswith(grid.key) else "" for row in grid.rows for each in row]
        return found


def _shorten(body: str, theme: Theme) -> str:
    """Take out of a figure what the page's style says, and digits that nobody sees."""
    body = PLAIN_LINE.sub(lambda line: "" if line[1] == theme.ink else line[0], body)
    body = body.replace(f' fill="{theme.ink}" stroke="none"', " class=ink").replace(f' fill="{theme.ink}"', "")
    body = TITLE_OF_ITSELF.sub("", body.replace(' text-anchor="start"', "").replace('.00"', '"'))
    body = DRAWN.sub(lambda drawn: NUMERAL.sub(lambda each: f"{float(each[0]):.0f}", drawn[0]), body)
    body = CURVE.sub(_shorten_curve, CLOSED.sub(r"\1", body))
    sizes = Counter(SIZE.findall(body))
    size = max(sizes, key=sizes.__getitem__, default="")  # of most letters: it is said once
    return body.replace(size, "").replace("<g ", f"<g{size} ", 1)


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


def _size(key: str, longest: Mapping[str, str], grids: Mapping[str, PageGrid] | None) -> Iterator[tuple[str, str]]:
    """Yield the slots of a number, or of a grid's entries, with what fits each; those of a column are one width."""
    if not grids:
        yield key, longest[key]
        return
    for column in zip(*grids[key].rows, strict=True):
        entries = [each for each in column if each in longest]
        for each in entries:
            yield each, max((longest[entry] for entry in entries), key=lambda text: width(text, 1.0))
