"""A sketch that has been laid out as TikZ: a picture to be put into a paper, or a document of its own.

Numbers and names are LaTeX's, in the fonts of the document around them, each hung on its place by the side that faces
the wire, so that another font's widths move nothing onto anything. A wire is one path: the two curves that Graphviz
gives, and the line beside the numbers between them. Only TikZ itself is needed, none of its libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bpviz.views import latex
from bpviz.views.dot import BLANK, BOX_HEIGHT, DOT, GAP, PEN, RULE, Page, lines
from bpviz.views.geometry import Geometry, Place, Point, Route
from bpviz.views.lettering import ASCENT, HANG, LINE, Line, fit, width
from bpviz.views.sketch import (
    BRANCH,
    CONSTANT,
    FILLED,
    GATE,
    GRADIENT,
    HIDDEN,
    NEW,
    RULED,
    Mark,
    Sketch,
    Spot,
    Strand,
)
from bpviz.views.theme import DOWN, UP, Theme

COLOURS = ("background", "ink", "faint", "value", "gradient", "lit")
SIZES = {"name": "name_size", "operation": "operation_size", "symbol": "symbol_size", "title": "title_size"}
FALL = HANG - LINE / 2  # em: from the middle of a line of text down to its baseline
SUBSCRIPT = re.compile("[₀-₉]+")
ORDINARY = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
DIGITS = re.compile(r"[\d.]+")
REMARK = re.compile(r"(?<!\\)%.*")
ON = r"\tikzset{bpviz on/.code args={<#1>#2}{\only<#1>{\pgfkeysalso{#2}}}} % an option for some slides only"
UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
# What pdfLaTeX's T1 fonts have beyond ASCII: all of Latin-1 and Latin Extended-A, and some punctuation.
T1_LAST = "\u017f"
T1_MORE = frozenset("–—‘’“”‚„†‡•…‰‹›€™")


class Overlays(NamedTuple):
    """On which slides of a beamer frame a thing is to be seen, as overlay specifications say it: "3-5,7-".

    numbers and fresh (new ones, highlighted) are by strand and role, lit by spot; what is not named in numbers is
    always there. The document must have the key ON.
    """

    numbers: Mapping[tuple[str, str], str]
    fresh: Mapping[tuple[str, str], str]
    lit: Mapping[str, str]


class Canvas(NamedTuple):
    """What is needed to write any piece of a picture."""

    geometry: Geometry
    page: Page
    overlays: Overlays | None

    def length(self, points: float) -> str:
        """Return a length of the theme as it is in this figure."""
        return f"{_decimal(points * self.geometry.scale)}bp"

    def font(self, size: float) -> str:
        """Return the font of a size of the theme."""
        return rf"font=\fontsize{{{self.length(size)}}}{{{self.length(size * LINE)}}}\selectfont"

    @property
    def is_upright(self) -> bool:
        """Say whether wires run up or down, their numbers beside them."""
        return self.page.direction in (UP, DOWN)


def picture(said: Sketch, geometry: Geometry, page: Page, overlays: Overlays | None = None) -> str:
    """Return a figure as a tikzpicture; with overlays, for a frame of beamer, its numbers come one after another."""
    canvas = Canvas(geometry, page, overlays)
    pieces = [
        *colours(page.theme),
        *_ground(canvas),
        *(_wire(strand, canvas, {spot.id for spot in said.spots if spot.kind == GATE}) for strand in said.strands),
        *(line for spot in said.spots for line in _spot(spot, canvas)),
        *(line for strand in said.strands for line in _numbers(strand, canvas)),
    ]
    options = ",\n".join(f"  {option}" for option in _styles(said, canvas))
    return f"\\begin{{tikzpicture}}[\n{options}]\n{_indented(pieces)}\n\\end{{tikzpicture}}%\n"


def document(said: Sketch, geometry: Geometry, page: Page, title: str) -> str:
    """Return a figure as a file that is a document by itself, and the picture alone where a paper inputs it."""
    drawn = picture(said, geometry, page)
    size = f"paperwidth={_decimal(geometry.size.x)}bp, paperheight={_decimal(geometry.size.y)}bp"
    return DOCUMENT.format(
        title=CONTROL.sub(" ", title), size=size, letters=_indented(fallbacks(drawn)), picture=drawn
    ).replace("\n\n", "\n")


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
  \usepackage{{tikz}}
{letters}
  \pagestyle{{empty}}
  \topskip=0bp \parindent=0bp
  \def\bpvizend{{\end{{document}}}}
  \begin{{document}}
\fi
{picture}\bpvizend
"""


def fallbacks(text: str) -> list[str]:
    """Return what tells pdfLaTeX how to write the letters that its fonts have not: by their code points, small."""
    rare = sorted(c for c in set(REMARK.sub("", text)) if c > T1_LAST and c not in T1_MORE)
    if not rare:
        return []
    declared = (rf"  \DeclareUnicodeCharacter{{{ord(c):04X}}}{{{{\tiny U+{ord(c):04X}}}}}" for c in rare)
    return [r"\ifdefined\DeclareUnicodeCharacter % letters of no LaTeX font; lualatex asks its own", *declared, r"\fi"]


def _indented(pieces: list[str]) -> str:
    return "\n".join(f"  {piece}" for piece in pieces)


def colours(theme: Theme) -> Iterator[str]:
    """Yield the definitions of a theme's colours."""
    for colour in COLOURS:
        yield rf"\definecolor{{bpviz{colour}}}{{HTML}}{{{getattr(theme, colour).removeprefix('#').upper()}}}"


def _styles(said: Sketch, canvas: Canvas) -> Iterator[str]:
    """Yield the options of the picture: all styles in one place, to be changed there, under names of their own."""
    theme, pen = canvas.page.theme, f"draw=bpvizink, line width={canvas.length(PEN)}"
    across = [canvas.geometry.places[spot.id].width for spot in said.spots if spot.kind == GATE]
    yield "x=1bp, y=1bp, inner sep=0bp"
    yield f"bpviz wire/.style={{{pen}, line join=round}}"
    yield f"bpviz gate/.style={{circle, {pen}, minimum size={_decimal(across[0]) if across else 0}bp}}"
    yield f"bpviz box/.style={{minimum height={canvas.length(BOX_HEIGHT)}{f', {pen}' if theme.boxes else ''}}}"
    yield f"bpviz dot/.style={{circle, fill=bpvizink, minimum size={canvas.length(DOT)}}}"
    number = f"text height={canvas.length(ASCENT * theme.number_size)}, text depth=0bp, inner xsep={canvas.length(GAP)}"
    yield f"bpviz number/.style={{{number}, inner ysep={canvas.length(GAP / 2)}, {canvas.font(theme.number_size)}}}"
    yield "bpviz value/.style={bpviz number, text=bpvizvalue}"
    yield "bpviz gradient/.style={bpviz number, text=bpvizgradient}"
    for role, size in SIZES.items():
        colour = "faint" if role == "operation" else "ink"
        yield f"bpviz {role}/.style={{anchor=base, text=bpviz{colour}, {canvas.font(getattr(theme, size))}}}"
    yield "bpviz lit/.style={fill=bpvizlit}"


def _ground(canvas: Canvas) -> Iterator[str]:
    """Yield the page: its size, which nothing in it changes, its colour and its title."""
    size, title = canvas.geometry.size, canvas.geometry.title
    yield rf"\useasboundingbox (0,0) rectangle {_at(size)};"
    if not canvas.page.transparent:
        yield rf"\fill[bpvizbackground] (0,0) rectangle {_at(size)};"
    if title:
        words = r" \\ ".join(latex.text(CONTROL.sub(" ", line)) for line in canvas.page.title.splitlines())
        yield rf"\node[bpviz title, anchor=center, align=center] at {_at(title)} {{{words}}};"


def _wire(strand: Strand, canvas: Canvas, gates: set[str]) -> str:
    route = canvas.geometry.routes[strand.id]
    head = ", -latex" if canvas.page.theme.arrows and strand.target in gates else ""
    return rf"\draw[bpviz wire{head}] {_path(route)}; % {_remark(strand.title)}"


def _path(route: Route) -> str:
    """Return a wire's way as one path: curve, line, curve."""
    return f"{_curve(route.arriving)} -- {_curve(route.leaving)}"


def _curve(points: tuple[Point, ...]) -> str:
    first, *rest = map(_at, points)
    pieces = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return "".join([first, *(f" .. controls {a} and {b} .. {c}" for a, b, c in pieces)])


def _spot(spot: Spot, canvas: Canvas) -> Iterator[str]:
    """Yield a circle, a box or a dot, and each line of what stands in it."""
    place, theme = canvas.geometry.places[spot.id], canvas.page.theme
    shape = {GATE: "bpviz gate", BRANCH: "bpviz dot", CONSTANT: "bpviz box, draw=none"}.get(spot.kind, "bpviz box")
    wide = f", minimum width={_decimal(place.width)}bp" if shape.startswith("bpviz box") else ""
    slides = canvas.overlays.lit.get(spot.id, "") if canvas.overlays else ""
    lit = _lit(spot.lit, slides) if spot.kind != BRANCH else ""  # a dot is ink through and through
    yield rf"\node[{shape}{wide}{lit}] ({node_name(spot.id)}) at {_at(place.middle)} {{}}; % {_remark(spot.title)}"
    if spot.kind == GATE:
        yield from _text(spot, fit(lines(spot, theme), place.width / canvas.geometry.scale), place, canvas)
    elif spot.kind != BRANCH:
        yield from _text(spot, (Line(spot.name, theme.name_size),), place, canvas)


def _text(spot: Spot, text: tuple[Line, ...], place: Place, canvas: Canvas) -> Iterator[str]:
    """Yield the lines that stand in a spot, each on its baseline, whatever its letters reach."""
    planned = lines(spot, canvas.page.theme) if spot.kind == GATE else text
    top = sum(line.size for line in text) * LINE / 2
    for k, line in enumerate(text):
        is_name = bool(spot.name) and k == 0
        role = "name" if is_name else "operation" if spot.name else "symbol"
        words = _name(line.text) if is_name and spot.kind != CONSTANT else latex.symbols(line.text)
        size = "" if line.size == planned[k].size else f", {canvas.font(line.size)}"
        at = place.middle.moved(0, (top - HANG * line.size) * canvas.geometry.scale)
        yield rf"\node[bpviz {role}{size}] at {_at(at)} {{${words}$}};"
        top -= LINE * line.size


def _name(shown: str) -> str:
    """Return a name as mathematics, from what stands for it in the figure: real subscripts are an index again."""
    return latex.name(SUBSCRIPT.sub(lambda found: "_" + found[0].translate(ORDINARY), shown))


def _numbers(strand: Strand, canvas: Canvas) -> Iterator[str]:
    """Yield the two numbers of a wire, and the lines to write them on."""
    middle, scale = canvas.geometry.routes[strand.id].middle, canvas.geometry.scale
    size, room = canvas.page.theme.number_size, width(BLANK, canvas.page.theme.number_size) / 2 + GAP
    half = PEN / 2
    if canvas.is_upright:
        sides = (-half, -FALL * size, "base east"), (half, -FALL * size, "base west")
        centres = (-half - room, half + room)
    else:
        sides = (0.0, half + GAP + (LINE - HANG) * size, "base"), (0.0, -half - GAP - HANG * size, "base")
        centres = (0.0, 0.0)
    for mark, (right, up, anchor), centre in zip((strand.before, strand.after), sides, centres, strict=True):
        if mark.state in (RULED, FILLED):
            anchor, right = "base", centre
            start = middle.moved((centre - room + GAP) * scale, (up - (LINE - HANG) * size) * scale)
            yield (
                rf"\draw[bpvizink, line width={canvas.length(RULE)}] {_at(start)} -- "
                rf"+({_decimal(2 * (room - GAP) * scale)},0);"
            )
        if mark.text and mark.state not in (HIDDEN, RULED):
            yield _number(strand, mark, anchor, middle.moved(right * scale, up * scale), canvas)


def _number(strand: Strand, mark: Mark, anchor: str, at: Point, canvas: Canvas) -> str:
    """Return a number, from the slide on where it appears."""
    words = _numeral(mark.text, is_italic=mark.role == GRADIENT)
    seen, fresh = "", ""
    if canvas.overlays:
        seen, fresh = (each.get((strand.id, mark.role), "") for each in canvas.overlays[:2])
    node = rf"\node[bpviz {mark.role}, anchor={anchor}{_lit(mark.state == NEW, fresh)}] at {_at(at)} {{${words}$}};"
    return rf"\uncover<{seen}>{{{node}}}" if seen else node


def _numeral(text: str, *, is_italic: bool) -> str:
    """Return a number as mathematics, its times sign as close as the room was planned for.

    Italic digits are those of the text: in mathematics the decimal point would be of another font, and apart.
    """
    mantissa, caret, exponent = latex.mathematics(text).replace(r" \times ", r"{\times}").partition("^")
    return (DIGITS.sub(r"\\textit{\g<0>}", mantissa) if is_italic else mantissa) + caret + exponent


def _lit(is_lit: bool, slides: str) -> str:
    """Return the option that highlights a node, on all slides or on some."""
    return f", bpviz on={{<{slides}>{{bpviz lit}}}}" if slides else ", bpviz lit" if is_lit else ""


def node_name(id_: str) -> str:
    """Return what a spot is called in TikZ, for arrows of the paper's own: its id, in letters that TikZ allows.

    >>> node_name("gate-num"), node_name("input-θ")
    ('gate-num', 'input-u3b8-')
    """
    return UNSAFE.sub(lambda found: f"u{ord(found[0]):x}-", id_)


def _remark(title: str) -> str:
    """Return a title as it may stand behind a percent sign."""
    return CONTROL.sub(" ", title)


def _at(point: Point) -> str:
    return f"({_decimal(point.x)},{_decimal(point.y)})"


def _decimal(length: float) -> str:
    """Return a length to a hundredth of a point, no digit more than it needs.

    >>> _decimal(58.0), _decimal(-0.001)
    ('58', '0')
    """
    text = f"{length:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
