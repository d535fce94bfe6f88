"""A deck as a LaTeX beamer file: the figure in TikZ, whose numbers are uncovered slide by slide, with the equations.

The slides with the figure are overlays of one beamer frame, so that nothing in it can move. What is said about it has a
room of its own, and is made smaller where it would not fit. Fonts, colours and theme can be changed as in any beamer
file. deck.tex beside this module is that file with places for what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from bpviz.figure import tikz
from bpviz.figure.diagram import GRADIENT, HIDDEN, NEW, VALUE, Diagram
from bpviz.figure.geometry import Geometry
from bpviz.figure.picture import Picture
from bpviz.figure.tikz_canvas import Overlays
from bpviz.formula import latex
from bpviz.formula.printing import equate
from bpviz.lecture.slide_layout import TABLE_SLIDE, DeckOptions, SlideLayout, split_side_by_side
from bpviz.lecture.slides import (
    ROLES,
    Equality,
    NumberTable,
    Remark,
    Slide,
    Words,
    format_words,
    write_equality,
    write_formula,
)
from bpviz.text.derivation import Equation
from bpviz.text.derivation_formats import LATEX, write_chain

TEMPLATE = Path(__file__).with_name("deck.tex")
PLACE = re.compile("<(title|ratio|settings|slides)>")  # in the template
MILLIMETRE = 72 / 25.4  # points
# What beamer calls the shape of a slide, and how wide its slides are: smaller than the deck's own, letters too.
RATIOS = {"16:9": ("169", 160 * MILLIMETRE), "4:3": ("43", 128 * MILLIMETRE), "a4": ("141", 148.5 * MILLIMETRE)}
HIGHER_HEADING = 20.0  # points of the deck's own slides that beamer's headings take more
TO_THE_SIGN = r"\,"  # between a name in a heading and the sign behind it
NEXT_ROW = " \\\\[2pt] "
TYPED = {"−": "-", "×": "*", "·": "*", "÷": "/", "…": "...", "²": "^2", "³": "^3", "√": "sqrt", "∞": "infinity"}
TYPED |= dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
NOTES = r"\setbeameroption{show notes}"
HANDOUT = r"\usepackage{pgfpages}\pgfpagesuselayout{4 on 1}[a4paper, landscape, border shrink=5mm]"


def write_beamer(
    slides: Sequence[Slide], figure: Picture, geometry: Geometry, layout: SlideLayout, options: DeckOptions
) -> str:
    """Write a deck as a beamer file of as many slides; figure and geometry are of the figure with all its numbers."""
    ratio, width = RATIOS[options.paper.lower()]
    unit = width / layout.width  # points of beamer's slides in a point of the deck's own
    geometry = geometry.scale_by(layout.scale * unit)
    frames: list[str] = []
    for has_figure, group in groupby(slides, lambda slide: slide.stage is not None):
        run = tuple(group)
        if has_figure:
            page = figure.appearance._replace(transparent=True, title="")
            drawing = tikz.write_tikz(figure.diagram, geometry, page, _list_overlays(run, figure.diagram)).rstrip()
            frames.append(_write_figure_frame(run, drawing, layout, unit))
            continue
        for slide in run:
            content = rf"  \bpvizhigh{{0.78\textheight}}{{{_write_content(slide, TABLE_SLIDE)}}}"
            frames.append(_write_frame("", [_write_heading(slide), content, _write_note(slide)]))
    body = "\n".join(frames)
    title = tikz.CONTROL.sub(" ", format_words(slides[0].heading))
    # The file's title has no mathematics: its characters are written as one types them.
    typed = (latex.GREEK.get(each) or (each if each.isascii() else TYPED.get(each, "?")) for each in title)
    settings = [
        *tikz.declare_letters(body),
        rf"\title{{{latex.text(''.join(typed))}}}",
        *tikz.define_colours(options.theme),
        tikz.ON_SOME_SLIDES,
        *([NOTES] if options.notes else []),
        *([HANDOUT] if options.handout else []),
    ]
    parts = {"title": title, "ratio": ratio, "settings": "\n".join(settings), "slides": body}
    return PLACE.sub(lambda place: parts[place[1]], TEMPLATE.read_text(encoding="utf-8"))


def _write_figure_frame(slides: Sequence[Slide], drawing: str, layout: SlideLayout, unit: float) -> str:
    """Write one frame for slides on which the numbers of the figure appear: what is said stands beside it or below."""

    def write_length(points: float) -> str:
        return f"{points * unit:.1f}bp"

    numbered = [(f"<{k}>", slide) for k, slide in enumerate(slides, start=1)]
    text, figure, is_beside = layout.text, layout.figure, layout.is_beside
    high = write_length(text.height if is_beside else text.height - HIGHER_HEADING)
    align = r"\raggedright" if is_beside else ""
    lines = []
    for k, slide in numbered:
        content = align + _write_content(slide, (text.width, text.height))
        lines.append(rf"    \only{k}{{\bpvizhigh{{{high}}}{{{content}}}}}%")
    if is_beside:
        gap = write_length(text.x - figure.x - figure.width)
        before = rf"  \makebox[\textwidth]{{\begin{{minipage}}[c][{high}][c]{{{write_length(figure.width)}}}%"
        between = rf"  \end{{minipage}}\hskip{gap}\begin{{minipage}}[c][{high}][c]{{{write_length(text.width)}}}%"
        after = r"  \end{minipage}}"
    else:
        gap = write_length(text.y - figure.y - figure.height)
        before = r"  \makebox[\textwidth]{%"
        between = rf"  }}\par\vskip{gap}\begin{{minipage}}[t][{high}][t]{{\textwidth}}%"
        after = r"  \end{minipage}"
    headings = [_write_heading(slide, k) for k, slide in numbered]
    notes = [_write_note(slide, k) for k, slide in numbered]
    return _write_frame("[t]", [*headings, before, drawing, between, *lines, after, *notes])


def _write_frame(options: str, lines: Iterable[str]) -> str:
    return "\n".join([rf"\begin{{frame}}{options}", *lines, r"\end{frame}", ""])


def _write_heading(slide: Slide, overlay: str = "") -> str:
    formula = (
        f"${equate(TO_THE_SIGN, slide.gate_formula, LATEX.symbols, about=LATEX.about)}$" if slide.gate_formula else ""
    )
    colour = rf"\color{{bpviz{ROLES[slide.part]}}}" if slide.part in ROLES else ""
    return rf"  \frametitle{overlay}{{{colour}\bpvizheading{{{_write_words(slide.heading)}{formula}}}}}"


def _write_note(slide: Slide, overlay: str = "") -> str:
    return rf"  \note{overlay}{{{_write_words(slide.note)}}}"


def _list_overlays(slides: Sequence[Slide], diagram: Diagram) -> Overlays:
    """List on which slides each number is to be seen and is new, and each shape is highlighted."""
    stages = [slide.stage for slide in slides if slide.stage]
    seen, new = {}, {}
    for number in [(edge.id, role) for edge in diagram.edges for role in (VALUE, GRADIENT)]:
        states = [stage.states.get(number, "") for stage in stages]
        seen[number] = _write_ranges([state != HIDDEN for state in states])
        new[number] = _write_ranges([state == NEW for state in states])
    highlighted = {
        shape.id: _write_ranges([shape.id in stage.highlighted for stage in stages]) for shape in diagram.shapes
    }
    return Overlays(seen, new, highlighted)


def _write_ranges(is_on: Sequence[bool]) -> str:
    """Write the slides on which a thing is to be seen as beamer does.

    >>> _write_ranges([False, True, True, False, True]), _write_ranges([True, False])
    ('2-3,5-', '1')
    """
    ranges = []
    for is_seen, group in groupby(range(len(is_on)), lambda k: is_on[k]):
        slides = [k + 1 for k in group]
        last = "" if slides[-1] == len(is_on) else f"{slides[-1]}"
        if is_seen:
            ranges.append(f"{slides[0]}" if len(slides) == 1 and last else f"{slides[0]}-{last}")
    return ",".join(ranges)


def _write_content(slide: Slide, room: tuple[float, float]) -> str:
    """Write what is said on a slide, and its table in parts side by side in a room of this width and height.

    Equations that follow one another are one display.
    """
    blocks = [""]
    for is_remark, group in groupby(slide.lines, lambda line: isinstance(line, Remark)):
        if is_remark:
            blocks += [rf"\bpvizremark{{{_write_words(line.words)}}}" for line in group if isinstance(line, Remark)]
        else:
            rows = NEXT_ROW.join(_write_row(line, slide.part) for line in group if not isinstance(line, Remark))
            blocks.append(rf"\bpvizequations{{{rows}}}")
    if slide.table:
        tables = r"\hskip2em ".join(map(_write_table, split_side_by_side(slide.table, room)))
        blocks.append(rf"\bpvizwide{{{tables}}}")
    return "%\n      ".join(blocks)


def _write_row(line: Equation | Equality, part: str) -> str:
    """Write a row of a display; an equation's result has the colour of its pass."""
    if isinstance(line, Equality):
        return write_equality(line, LATEX.symbols, "&=", r"&\approx")
    left, *others, last = write_chain(line, LATEX)
    sign, _, result = last.partition(" ")
    if part in ROLES:
        result = rf"{{\color{{bpviz{ROLES[part]}}}{result}}}"
    return f"{left} &{' '.join([*others, sign])} {result}"


def _write_words(words: Words) -> str:
    formulas = (
        latex.text(each) if isinstance(each, str) else f"${write_formula(each, LATEX.symbols)}$" for each in words
    )
    return "".join(formulas)


def _write_table(table: NumberTable) -> str:
    columns, heads = "", []
    for column in table.columns:
        side = "r" if column.is_number else "l"
        columns += (rf">{{\color{{bpviz{column.role}}}}}" if column.role else "") + side
        heads.append(rf"\multicolumn{{1}}{{{side}}}{{{latex.text(column.head)}}}")
    rows = [" & ".join(heads) + r" \\ \hline\noalign{\vskip3pt}"]
    rows += [" & ".join(map(_write_words, row)) + r" \\" for row in table.rows]
    return rf"\begin{{tabular}}[t]{{{columns}}}{' '.join(rows)}\end{{tabular}}"
