"""Write a figure that has been laid out as TikZ: a tikzpicture, or a document that is one where a paper inputs it.

Names and numbers are LaTeX's, in the fonts of the document around them. An edge is one path: the curves that Graphviz
gives, and the line beside the numbers between them. Only TikZ itself is needed, and geometry for the document, which
every LaTeX has; all that is defined is the picture's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import fsum

from bpviz.figure.diagram import (
    AGAIN,
    BRANCH,
    CONSTANT,
    FOLD,
    GATE,
    INK,
    PLAIN,
    SHOWN,
    STACK,
    Diagram,
    Edge,
    Shape,
)
from bpviz.figure.dot import BOX_HEIGHT, DOT, PEN, plan_lines
from bpviz.figure.geometry import Geometry, Outline, Point
from bpviz.figure.html_labels import GAP, GRID_GAP, ON_OFF
from bpviz.figure.lettering import ASCENT, HANG, LINE, Line, fit, measure_rooms, width
from bpviz.figure.theme import Appearance, Theme
from bpviz.figure.tikz_canvas import (
    NO_OVERLAYS,
    Canvas,
    Overlays,
    draw_labels,
    highlight,
    name_node,
    place,
    write_decimal,
    write_legend,
)
from bpviz.figure.tikz_grids import write_matrix
from bpviz.formula import latex

SIZES = {"name": "name_size", "operation": "operation_size", "symbol": "symbol_size", "title": "title_size"}
LABEL_COLOURS = {"value": "value", "gradient": "gradient", "local": "faint"}  # of a label, by its role
NO_BOX = "bpviz box, draw=none"
STYLES = {GATE: "bpviz gate", BRANCH: "bpviz dot", CONSTANT: NO_BOX, AGAIN: NO_BOX, STACK: NO_BOX}
LINE_END = r" \\ "
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
REMARK = re.compile(r"(?<!\\)%.*")
# A text is set in a box first, and that made as wide as its room if it is wider. No # may stand here: a picture may be
# pasted into a frame of beamer.
FIT = (
    r"execute at begin node={\setbox0=\hbox\bgroup}, "
    r"execute at end node={\egroup\ifdim\wd0>\bpvizroom\resizebox{\bpvizroom}{!}{\copy0}\else\copy0\fi}"
)
# The key of options for some slides only, which a document of beamer's defines.
ON_SOME_SLIDES = r"\tikzset{bpviz on/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}}} % an option for some slides only"
# What pdfLaTeX's T1 fonts have beyond ASCII: all of Latin-1 and Latin Extended-A, and some punctuation.
T1_LAST = "\u017f"
T1_MORE = frozenset("–—‘’“”‚„†‡•…‰‹›€™")
DOCUMENT = r"""% {title}
% By itself this is a document: pdflatex, lualatex or xelatex makes the figure of it. In a paper that says
% \usepackage{{tikz}} in its preamble, \input it where the figure is to stand: then it is the picture alone.
\expandafter\ifx\csname @twoclasseserror\endcsname\documentclass % a class has been chosen: this is in a paper
  \let\bpvizend\relax
\else
  \documentclass{{article}}
  \usepackage[{size}, margin=0bp, noheadfoot]{{geometry}}
  \ifdefined\DeclareUnicodeCharacter\usepackage[T1]{{fontenc}}\fi
  \usepackage{{lmodern}}
  \usepackage{{tikz}}{letters}
  \pagestyle{{empty}}
  \topskip=0bp \parindent=0bp
  \def\bpvizend{{\end{{document}}}}
  \begin{{document}}
\fi
{picture}\bpvizend
"""


def write_document(diagram: Diagram, geometry: Geometry, appearance: Appearance, title: str) -> str:
    """Write a figure as a file of its own, whose first line is a remark with the title."""
    picture = write_tikz(diagram, geometry, appearance)
    size = f"paperwidth={write_decimal(geometry.size.x)}bp, paperheight={write_decimal(geometry.size.y)}bp"
    letters = "".join(f"\n  {line}" for line in declare_letters(picture))
    return DOCUMENT.format(title=CONTROL.sub(" ", title), size=size, letters=letters, picture=picture)


def declare_letters(text: str) -> list[str]:
    """Tell pdfLaTeX how to write the letters that its fonts do not have: by their code points, small."""
    rare = sorted(c for c in set(REMARK.sub("", text)) if c > T1_LAST and c not in T1_MORE)
    if not rare:
        return []
    declared = (rf"  \DeclareUnicodeCharacter{{{ord(c):04X}}}{{{{\tiny U+{ord(c):04X}}}}}" for c in rare)
    return [r"\ifdefined\DeclareUnicodeCharacter % letters of no LaTeX font; lualatex asks its own", *declared, r"\fi"]


def write_tikz(diagram: Diagram, geometry: Geometry, appearance: Appearance, overlays: Overlays = NO_OVERLAYS) -> str:
    """Write a figure as a tikzpicture; with overlays, for a frame of beamer, its numbers come one after another."""
    canvas = Canvas(geometry, appearance, overlays)
    kinds = {shape.id: shape.kind for shape in diagram.shapes}
    has_flow = any(edge.line_style != PLAIN for edge in diagram.edges)
    pieces = [
        *define_colours(appearance.theme, has_flow=has_flow),
        *_draw_page(diagram, canvas),
        *(_draw_edge(edge, canvas, kinds) for edge in diagram.edges),
        *(line for shape in diagram.shapes for line in _draw_shape(shape, canvas)),
        *(line for edge in diagram.edges for line in draw_labels(edge, canvas)),
    ]
    options = ",\n".join(f"  {option}" for option in _define_styles(diagram, canvas))
    body = "\n".join(f"  {piece}" for piece in pieces)
    return f"\\begin{{tikzpicture}}[\n{options}]\n{body}\n\\end{{tikzpicture}}%\n"


def define_colours(theme: Theme, *, has_flow: bool = False) -> Iterator[str]:
    """Yield the definitions of a theme's colours, with those of a river if the figure is one."""
    colours = {
        "background": theme.background,
        "ink": theme.ink,
        "faint": theme.faint,
        "value": theme.value,
        "gradient": theme.gradient,
        "lit": theme.highlight,
    }
    if has_flow:
        colours |= {"positive": theme.positive, "negative": theme.negative, "dry": theme.dry}
    for name, colour in colours.items():
        yield rf"\definecolor{{bpviz{name}}}{{HTML}}{{{colour.removeprefix('#').upper()}}}"


def _define_styles(diagram: Diagram, canvas: Canvas) -> Iterator[str]:
    """Yield the options of the picture: all styles in one place, to be changed there, under names of their own."""
    theme, pen = canvas.appearance.theme, f"draw=bpvizink, line width={canvas.length(PEN)}"
    across = [canvas.geometry.outlines[shape.id].width for shape in diagram.shapes if shape.kind == GATE]
    yield "x=1bp, y=1bp, inner sep=0bp"
    yield rf"bpviz room/.store in=\bpvizroom, bpviz fit/.style={{{FIT}}}"
    yield f"bpviz wire/.style={{{pen}, line join=round}}"
    yield f"bpviz gate/.style={{circle, {pen}, minimum size={write_decimal(across[0]) if across else 0}bp}}"
    yield f"bpviz box/.style={{minimum height={canvas.length(BOX_HEIGHT)}{f', {pen}' if theme.boxes else ''}}}"
    yield f"bpviz dot/.style={{circle, fill=bpvizink, minimum size={canvas.length(DOT)}}}"
    high = f"text height={canvas.length(ASCENT * theme.number_size)}, text depth=0bp"
    room = f"inner xsep={canvas.length(GAP)}, inner ysep={canvas.length(GAP / 2)}"
    yield f"bpviz number/.style={{bpviz fit, {high}, {room}, {canvas.font(theme.number_size)}}}"
    for role, colour in LABEL_COLOURS.items():
        yield f"bpviz {role}/.style={{bpviz number, text=bpviz{colour}}}"
    for role, size in SIZES.items():
        colour = "faint" if role == "operation" else "ink"
        fitted = "bpviz fit, " * (role != "title")  # which may be several lines
        yield f"bpviz {role}/.style={{{fitted}anchor=base, text=bpviz{colour}, {canvas.font(getattr(theme, size))}}}"
    if any(label.grid for edge in diagram.edges for label in (edge.before, edge.after)):
        room = f"inner sep={canvas.length(GRID_GAP)}"
        yield f"bpviz grid/.style={{bpviz fit, {room}, {canvas.font(theme.number_size)}}}"
    yield "bpviz lit/.style={fill=bpvizlit}"


def _draw_page(diagram: Diagram, canvas: Canvas) -> Iterator[str]:
    """Yield the page: its size, which nothing in it changes, its colour, and its title and legend."""
    size, title = canvas.geometry.size, canvas.geometry.title
    yield rf"\useasboundingbox (0,0) rectangle {place(size)};"
    if not canvas.appearance.transparent:
        yield rf"\fill[bpvizbackground] (0,0) rectangle {place(size)};"
    if title:
        words = [latex.text(CONTROL.sub(" ", line)) for line in canvas.appearance.title.splitlines()]
        words += write_legend(diagram.legend, canvas) if diagram.legend else []
        yield rf"\node[bpviz title, anchor=center, align=center] at {place(title)} {{{LINE_END.join(words)}}};"


def _draw_edge(edge: Edge, canvas: Canvas, kinds: Mapping[str, str]) -> str:
    """Draw an edge as one path: curves with lines between, and at a dot on into its middle, however wide it is."""
    curves = " -- ".join(map(_write_curve, canvas.geometry.routes[edge.id].curves))
    start, end = (place(canvas.geometry.outlines[id_].middle) for id_ in (edge.source, edge.target))
    before = f"{start} -- " if kinds[edge.source] == BRANCH else ""
    after = f" -- {end}" if kinds[edge.target] == BRANCH else ""
    has_arrow = canvas.appearance.theme.arrows and kinds[edge.target] == GATE and edge.line_style.colour == INK
    style, options = edge.line_style, ""
    if style != PLAIN:
        options = f", draw=bpviz{style.colour}, line width={canvas.length(style.width)}"
    if style.pattern in ON_OFF:
        on, off = map(canvas.length, ON_OFF[style.pattern])
        options += f", dash pattern=on {on} off {off}"
    options += ", -latex" * has_arrow
    return rf"\draw[bpviz wire{options}] {before}{curves}{after}; % {CONTROL.sub(' ', edge.title)}"


def _write_curve(points: tuple[Point, ...]) -> str:
    first, *rest = map(place, points)
    pieces = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return "".join([first, *(f" .. controls {a} and {b} .. {c}" for a, b, c in pieces)])


def _draw_shape(shape: Shape, canvas: Canvas) -> Iterator[str]:
    """Yield a circle, a box or a dot, and each line of what stands in it."""
    outline, theme = canvas.geometry.outlines[shape.id], canvas.appearance.theme
    style = STYLES.get(shape.kind, "bpviz box")
    options = f", minimum width={write_decimal(outline.width)}bp" if style.startswith("bpviz box") else ""
    if shape.kind == FOLD:
        options += f", minimum height={write_decimal(outline.height)}bp, rounded corners=2bp"
    if shape.kind != BRANCH:  # a dot is ink through and through
        options += highlight(shape.highlighted, canvas.overlays.highlighted.get(shape.id, ""))
    at, remark = place(outline.middle), CONTROL.sub(" ", shape.title)
    yield rf"\node[{style}{options}] ({name_node(shape.id)}) at {at} {{}}; % {remark}"
    across = outline.width / canvas.geometry.scale
    if shape.grid:
        options = f"bpviz grid, text=bpvizvalue, anchor=center{canvas.room(across)}"
        matrix = write_matrix(shape.grid, SHOWN, canvas.geometry.scale)
        yield rf"\node[{options}] at {at} {{${matrix}$}};"
        return
    planned = plan_lines(shape, theme)
    if shape.kind == GATE:
        yield from _draw_text(shape, planned, fit(planned, across), measure_rooms(planned, across), outline, canvas)
    elif shape.kind != BRANCH:
        yield from _draw_text(shape, planned, planned, (across - GAP,) * len(planned), outline, canvas)


def _draw_text(
    shape: Shape,
    planned: tuple[Line, ...],
    fitted: tuple[Line, ...],
    room: tuple[float, ...],
    outline: Outline,
    canvas: Canvas,
) -> Iterator[str]:
    """Yield the lines that stand in a shape, each on its baseline, whatever its letters reach."""
    small = "bpviz operation, text=bpvizink"
    roles = [(small, False)] if shape.step else []  # of each line its style, and whether it is a name
    if shape.kind == GATE and shape.name and shape.operation:
        roles += [("bpviz name", False), (small, True)]
    else:
        is_name = shape.kind != CONSTANT
        roles += [("bpviz name", is_name), ("bpviz operation", False)] if shape.name else [("bpviz symbol", False)]
    top = fsum(line.size for line in fitted) * LINE / 2
    for (role, is_name), plan, line, wide in zip(roles, planned, fitted, room, strict=False):
        words = latex.write_shown_name(line.text) if is_name else latex.symbols(line.text)
        size = "" if line.size == plan.size else f", {canvas.font(line.size)}"
        size += canvas.room(max(wide, width(line.text, line.size)))
        middle = outline.middle.shift(0, (top - HANG * line.size) * canvas.geometry.scale)
        yield rf"\node[{role}{size}] at {place(middle)} {{${words}$}};"
        top -= LINE * line.size
