"""The figure as a tikzpicture: its styles and colours, its wires, and its circles, boxes and dots.

Names and numbers are LaTeX's, in the fonts of the document around them. A wire is one path: the two curves that
Graphviz gives, and the line beside the numbers between them. Only TikZ itself is needed, none of its libraries, and
all that is defined is the picture's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bpviz.figure.cells import ON_OFF
from bpviz.figure.dot import BOX_HEIGHT, DOT, GAP, PEN, Page, box_lines, lines
from bpviz.figure.geometry import Geometry, Place, Point
from bpviz.figure.lettering import ASCENT, HANG, LINE, Line, fit, rooms, width
from bpviz.figure.sketch import AGAIN, BRANCH, CONSTANT, FOLD, GATE, INK, PLAIN, STACK, Course, Sketch, Spot, Strand
from bpviz.figure.theme import Theme
from bpviz.figure.tikz.beside import numbers
from bpviz.figure.tikz.canvas import NONE, Canvas, Overlays, decimal, lit, node_name, place
from bpviz.figure.tikz.legend import legend
from bpviz.formula import latex

COLOURS = ("background", "ink", "faint", "value", "gradient", "lit")
FLOWING = ("positive", "negative", "dry")
SIZES = {"name": "name_size", "operation": "operation_size", "symbol": "symbol_size", "title": "title_size"}
ROLES = {"value": "value", "gradient": "gradient", "local": "faint"}  # what stands beside a wire, and its colour
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
# A text is set in a box first, and that made as wide as its room if it is wider. No # may stand here: a picture may be
# pasted into a frame of beamer.
FIT = (
    r"execute at begin node={\setbox0=\hbox\bgroup}, "
    r"execute at end node={\egroup\ifdim\wd0>\bpvizroom\resizebox{\bpvizroom}{!}{\copy0}\else\copy0\fi}"
)
ON = r"\tikzset{bpviz on/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}}} % an option for some slides only"


def picture(said: Sketch, geometry: Geometry, page: Page, overlays: Overlays = NONE) -> str:
    """Return a figure as a tikzpicture; with overlays, for a frame of beamer, its numbers come one after another."""
    canvas = Canvas(geometry, page, overlays)
    kinds = {spot.id: spot.kind for spot in said.spots}
    pieces = [
        *colours(page.theme, is_flowing=any(strand.course != PLAIN for strand in said.strands)),
        *_ground(said, canvas),
        *(_wire(strand, canvas, kinds) for strand in said.strands),
        *(line for spot in said.spots for line in _spot(spot, canvas)),
        *(line for strand in said.strands for line in numbers(strand, canvas)),
    ]
    options = ",\n".join(f"  {option}" for option in _styles(said, canvas))
    body = "\n".join(f"  {piece}" for piece in pieces)
    return f"\\begin{{tikzpicture}}[\n{options}]\n{body}\n\\end{{tikzpicture}}%\n"


def colours(theme: Theme, *, is_flowing: bool = False) -> Iterator[str]:
    """Yield the definitions of a theme's colours, with those of a river if it is one."""
    for colour in (*COLOURS, *(FLOWING if is_flowing else ())):
        yield rf"\definecolor{{bpviz{colour}}}{{HTML}}{{{getattr(theme, colour).removeprefix('#').upper()}}}"


def _styles(said: Sketch, canvas: Canvas) -> Iterator[str]:
    """Yield the options of the picture: all styles in one place, to be changed there, under names of their own."""
    theme, pen = canvas.page.theme, f"draw=bpvizink, line width={canvas.length(PEN)}"
    across = [canvas.geometry.places[spot.id].width for spot in said.spots if spot.kind == GATE]
    yield "x=1bp, y=1bp, inner sep=0bp"
    yield rf"bpviz room/.store in=\bpvizroom, bpviz fit/.style={{{FIT}}}"
    yield f"bpviz wire/.style={{{pen}, line join=round}}"
    yield f"bpviz gate/.style={{circle, {pen}, minimum size={decimal(across[0]) if across else 0}bp}}"
    yield f"bpviz box/.style={{minimum height={canvas.length(BOX_HEIGHT)}{f', {pen}' if theme.boxes else ''}}}"
    yield f"bpviz dot/.style={{circle, fill=bpvizink, minimum size={canvas.length(DOT)}}}"
    high = f"text height={canvas.length(ASCENT * theme.number_size)}, text depth=0bp"
    room = f"inner xsep={canvas.length(GAP)}, inner ysep={canvas.length(GAP / 2)}"
    yield f"bpviz number/.style={{bpviz fit, {high}, {room}, {canvas.font(theme.number_size)}}}"
    for role, colour in ROLES.items():
        yield f"bpviz {role}/.style={{bpviz number, text=bpviz{colour}}}"
    for role, size in SIZES.items():
        colour = "faint" if role == "operation" else "ink"
        fit_ = "bpviz fit, " * (role != "title")  # which may be several lines
        yield f"bpviz {role}/.style={{{fit_}anchor=base, text=bpviz{colour}, {canvas.font(getattr(theme, size))}}}"
    yield "bpviz lit/.style={fill=bpvizlit}"


def _ground(said: Sketch, canvas: Canvas) -> Iterator[str]:
    """Yield the page: its size, which nothing in it changes, its colour, and its title and legend."""
    size, title = canvas.geometry.size, canvas.geometry.title
    yield rf"\useasboundingbox (0,0) rectangle {place(size)};"
    if not canvas.page.transparent:
        yield rf"\fill[bpvizbackground] (0,0) rectangle {place(size)};"
    if title:
        words = [latex.text(CONTROL.sub(" ", line)) for line in canvas.page.title.splitlines()]
        words += legend(said.legend, canvas) if said.legend else []
        yield rf"\node[bpviz title, anchor=center, align=center] at {place(title)} {{{LINE_END.join(words)}}};"


NO_BOX = "bpviz box, draw=none"
SHAPES = {GATE: "bpviz gate", BRANCH: "bpviz dot", CONSTANT: NO_BOX, AGAIN: NO_BOX, STACK: NO_BOX}
LINE_END = r" \\ "


def _wire(strand: Strand, canvas: Canvas, kinds: Mapping[str, str]) -> str:
    """Return a wire as one path: curves with lines between, and at a dot on into its middle, however wide it is."""
    route, course = canvas.geometry.routes[strand.id], strand.course
    ends = [place(canvas.geometry.places[id_].middle) for id_ in (strand.source, strand.target)]
    before, after = f"{ends[0]} -- ", f" -- {ends[1]}"
    path = f"{before * (kinds[strand.source] == BRANCH)}{' -- '.join(map(_curve, route.curves))}"
    path += after * (kinds[strand.target] == BRANCH)
    has_head = canvas.page.theme.arrows and kinds[strand.target] == GATE and course.tone == INK
    options = _course(course, canvas) + ", -latex" * has_head
    return rf"\draw[bpviz wire{options}] {path}; % {_remark(strand.title)}"


def _course(course: Course, canvas: Canvas) -> str:
    """Return the options of a wire that is not drawn as all others are."""
    if course == PLAIN:
        return ""
    on, off = ON_OFF.get(course.pattern, (0, 0))
    dashes = f", dash pattern=on {canvas.length(on)} off {canvas.length(off)}" if on else ""
    return f", draw=bpviz{course.tone}, line width={canvas.length(course.width)}{dashes}"


def _curve(points: tuple[Point, ...]) -> str:
    first, *rest = map(place, points)
    pieces = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return "".join([first, *(f" .. controls {a} and {b} .. {c}" for a, b, c in pieces)])


def _spot(spot: Spot, canvas: Canvas) -> Iterator[str]:
    """Yield a circle, a box or a dot, and each line of what stands in it."""
    at, theme = canvas.geometry.places[spot.id], canvas.page.theme
    shape = SHAPES.get(spot.kind, "bpviz box")
    wide = f", minimum width={decimal(at.width)}bp" if shape.startswith("bpviz box") else ""
    wide += f", minimum height={decimal(at.height)}bp, rounded corners=2bp" if spot.kind == FOLD else ""
    # a dot is ink through and through
    shown = lit(spot.lit, canvas.overlays.lit.get(spot.id, "")) if spot.kind != BRANCH else ""
    yield rf"\node[{shape}{wide}{shown}] ({node_name(spot.id)}) at {place(at.middle)} {{}}; % {_remark(spot.title)}"
    if spot.kind == GATE:
        planned = lines(spot, theme)
        across = at.width / canvas.geometry.scale
        yield from _text(spot, planned, fit(planned, across), rooms(planned, across), at, canvas)
    elif spot.kind != BRANCH:
        planned = box_lines(spot, theme)
        yield from _text(spot, planned, planned, (at.width / canvas.geometry.scale - GAP,) * len(planned), at, canvas)


def _text(
    spot: Spot,
    planned: tuple[Line, ...],
    fitted: tuple[Line, ...],
    wide: tuple[float, ...],
    at: Place,
    canvas: Canvas,
) -> Iterator[str]:
    """Yield the lines that stand in a spot, each on its baseline, whatever its letters reach."""
    roles = ["bpviz operation, text=bpvizink"] if spot.step else []
    roles += ["bpviz name", "bpviz operation"] if spot.name else ["bpviz symbol"]
    top = sum(line.size for line in fitted) * LINE / 2
    for role, plan, line, room in zip(roles, planned, fitted, wide, strict=False):
        is_name = role == "bpviz name" and spot.kind != CONSTANT
        words = latex.shown_name(line.text) if is_name else latex.symbols(line.text)
        size = "" if line.size == plan.size else f", {canvas.font(line.size)}"
        size += canvas.room(max(room, width(line.text, line.size)))
        middle = at.middle.moved(0, (top - HANG * line.size) * canvas.geometry.scale)
        yield rf"\node[{role}{size}] at {place(middle)} {{${words}$}};"
        top -= LINE * line.size


def _remark(title: str) -> str:
    """Return a title as it may stand behind a percent sign."""
    return CONTROL.sub(" ", title)
