"""A deck in the language of Typst, which makes the PDF of it: a page for each slide, or four slides to a page.

deck.typ and deck_lines.typ beside this module lay out what is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bpviz.figure.diagram import GRADIENT, HIDDEN, NEW, SHOWN
from bpviz.figure.geometry import Point
from bpviz.formula.printing import equate, show
from bpviz.formula.tree import Formula, Term
from bpviz.formula.typst import string
from bpviz.lecture.figure_parts import FigureParts, Patch, PlacedBracket, PlacedText
from bpviz.lecture.slide_layout import (
    FOOTER_HEIGHT,
    HEADING_HEIGHT,
    MARGIN,
    TABLE_NOTE,
    Area,
    DeckOptions,
    SlideLayout,
    split_side_by_side,
)
from bpviz.lecture.slides import (
    ROLES,
    TITLE,
    Equality,
    Line,
    NumberTable,
    Remark,
    Slide,
    Words,
    count_grid_rows,
    format_words,
    write_equality,
    write_left_side,
)
from bpviz.lecture.typesetting import write_array, write_document
from bpviz.text.derivation import Equation
from bpviz.text.derivation_formats import TYPST, write_chain

TEMPLATE, LINES = (Path(__file__).with_name(name) for name in ("deck.typ", "deck_lines.typ"))
FIGURE = "figure.pdf"  # the file of the figure without numbers
NOTE_HEIGHT = 90.0  # points, under its slide
HANDOUT = (842.0, 595.0)  # A4 lying
HANDOUT_MARGIN = 28.0
HANDOUT_NOTE_HEIGHT = 52.0
ON_A_HANDOUT = 4  # slides to a page


def write_typst(slides: Sequence[Slide], figure: FigureParts, layout: SlideLayout, options: DeckOptions) -> str:
    """Write a deck; figure has the parts of its figure that come and go. What stays is read from the file FIGURE."""
    of = len(slides)
    bodies = [f"slide({k}, {of}, {_write_slide(slide, figure, layout)})" for k, slide in enumerate(slides, start=1)]
    notes = [write_words(slide.note) if options.notes else "" for slide in slides]
    pages = _write_handout_pages(bodies, notes, layout) if options.handout else _write_pages(bodies, notes, layout)
    settings = [*_write_settings(layout, options), *_write_parts(figure, layout.scale)]
    settings.append(LINES.read_text(encoding="utf-8"))
    return write_document(format_words(slides[0].heading), settings, TEMPLATE, pages)


def write_line_pages(placed: Sequence[tuple[Slide, Area, str]], layout: SlideLayout, options: DeckOptions) -> str:
    """Write the lines of slides alone, each on a page without a ground.

    A slide comes with the area of its lines, which is the size of its page, and their place in it: "horizon + left".
    """
    pages = []
    for slide, area, side in placed:
        lines = write_array(_write_line(line, slide.part) for line in slide.lines)
        body = f"fitted({area.width:.3f}pt, {area.height:.3f}pt, {lines}, align-to: {side})"
        pages.append(f"#page(width: {area.width:.3f}pt, height: {area.height:.3f}pt, margin: 0pt, fill: none, {body})")
    return write_document("", _write_settings(layout, options), LINES, pages)


def count_pages(slides: Sequence[Slide], *, handout: bool) -> int:
    """Count the pages that slides take."""
    return -(-len(slides) // ON_A_HANDOUT) if handout else len(slides)


def _write_settings(layout: SlideLayout, options: DeckOptions) -> list[str]:
    theme = options.theme
    colours = {"paper": theme.background, "ink": theme.ink, "faint": theme.faint}
    colours |= {"value": theme.value, "gradient": theme.gradient, "highlight": theme.highlight}
    of_parts = ", ".join(f'"{part}": {role}' for part, role in ROLES.items())
    return [
        f"#let width = {layout.width:g}pt",
        f"#let height = {layout.height:g}pt",
        f"#let figure-box = ({_write_area(layout.figure)}, beside: {str(layout.is_beside).lower()})",
        *(f'#let {name} = rgb("{colour}")' for name, colour in colours.items()),
        f"#let colour = ({of_parts})",
    ]


def _write_parts(figure: FigureParts, scale: float) -> Iterator[str]:
    """Write what comes and goes on the figure: its numbers, and the highlights by the ids of their shapes."""

    def write_place(at: Point) -> str:
        return f"x: {at.x * scale:.3f}pt, y: {(figure.size.y - at.y) * scale:.3f}pt"

    def write_patch(patch: Patch) -> str:
        width, height = f"{patch.width * scale:.3f}pt", f"{patch.height * scale:.3f}pt"
        corner = write_place(patch.corner.shift(0, patch.height))
        return f"({corner}, width: {width}, height: {height}, round: {str(patch.is_ellipse).lower()})"

    def write_text(text: PlacedText) -> str:
        start, colour = write_place(text.start), f'rgb("{text.colour}")'
        return f"({start}, size: {text.size * scale:.3f}pt, fill: {colour}, text: {string(text.text)})"

    def write_bracket(bracket: PlacedBracket) -> str:
        points = (f"({at.x * scale:.3f}pt, {(figure.size.y - at.y) * scale:.3f}pt)" for at in bracket.points)
        return f"(width: {bracket.width * scale:.3f}pt, points: {write_array(points)})"

    numbers = (
        f'(fill: {role}, style: "{"italic" if role == GRADIENT else "normal"}", '
        f"texts: {write_array(map(write_text, number.texts))}, "
        f"brackets: {write_array(map(write_bracket, number.brackets))}, "
        f"patch: {write_patch(number.patch) if number.patch else 'none'})"
        for (_, role), number in figure.numbers.items()
    )
    yield f"#let figure-numbers = {write_array(numbers)}"
    yield f"#let highlights = {write_array(map(write_patch, figure.highlights.values()))}"


def _write_area(area: Area) -> str:
    return f"x: {area.x:.3f}pt, y: {area.y:.3f}pt, width: {area.width:.3f}pt, height: {area.height:.3f}pt"


def _write_pages(slides: Sequence[str], notes: Sequence[str], layout: SlideLayout) -> list[str]:
    """Write a page for each slide, its note below if it has one."""
    high = layout.height + (NOTE_HEIGHT if any(notes) else 0)
    setting = f"#set page(width: {layout.width:g}pt, height: {high:g}pt, fill: paper)"
    rule = "line(length: width, stroke: 0.5pt + faint)"
    pages = []
    for slide, note in zip(slides, notes, strict=True):
        below = f", {rule}, noted(width, {NOTE_HEIGHT:g}pt - 1pt, [{note}])" if note else ""
        pages.append(f"stack({slide}{below})")
    return [setting, "#" + "\n#pagebreak()\n#".join(pages)]


def _write_handout_pages(slides: Sequence[str], notes: Sequence[str], layout: SlideLayout) -> list[str]:
    """Write a page for every four slides, each made smaller, with a frame round it and its note below."""
    room = HANDOUT_NOTE_HEIGHT if any(notes) else 0.0
    wide = (HANDOUT[0] - 3 * HANDOUT_MARGIN) / 2
    tall = (HANDOUT[1] - 3 * HANDOUT_MARGIN) / 2
    scale = min(wide / layout.width, (tall - room) / layout.height)
    setting = f"#set page(width: {HANDOUT[0]:g}pt, height: {HANDOUT[1]:g}pt, margin: {HANDOUT_MARGIN:g}pt, fill: paper)"
    cells = []
    for slide, note in zip(slides, notes, strict=True):
        reduced = f"scale({scale * 100:.4f}%, origin: top + left, reflow: true, {slide})"
        framed = f"block(stroke: 0.5pt + faint, inset: 0.5pt, {reduced})"
        below = f", noted({layout.width * scale:.3f}pt, {HANDOUT_NOTE_HEIGHT:g}pt, [{note}])" if note else ""
        cells.append(f"stack({framed}{below})")
    pages = []
    for start in range(0, len(cells), ON_A_HANDOUT):
        four = ",\n".join(cells[start : start + ON_A_HANDOUT])
        pages.append(
            f"grid(columns: ({wide:.3f}pt, {wide:.3f}pt), rows: {tall:.3f}pt, gutter: {HANDOUT_MARGIN:g}pt, "
            f"align: center,\n{four})"
        )
    return [setting, "#" + "\n#pagebreak()\n#".join(pages)]


def _write_slide(slide: Slide, figure: FigureParts, layout: SlideLayout) -> str:
    heading = write_words(slide.heading)
    if slide.gate_formula:
        heading += f"${equate('thin', slide.gate_formula, TYPST.symbols, about=TYPST.about)}$"
    lines = write_array(_write_line(line, slide.part) for line in slide.lines)
    if slide.part == TITLE:
        return f"title-slide([{heading}], {lines})"
    room = layout.text
    if not slide.stage:
        high = layout.height - HEADING_HEIGHT - FOOTER_HEIGHT - 6.0
        room = Area(MARGIN, HEADING_HEIGHT, layout.width - 2 * MARGIN, high)
    text, tables = room, []
    if slide.table:
        text = room._replace(height=min(TABLE_NOTE * len(slide.lines), room.height / 2))
        under = Area(room.x, room.y + text.height, room.width, room.height - text.height)
        parts = [_write_table(part) for part in split_side_by_side(slide.table, (under.width, under.height))]
        tables = [f"table-box: ({_write_area(under)})", f"tables: {write_array(parts)}"]
    drawing = _write_figure(slide, figure) if slide.stage else "none"
    arguments = [f'"{slide.part}"', f"[{heading}]", drawing, f"({_write_area(text)})", lines, *tables]
    return f"text-slide({', '.join(arguments)})"


def _write_figure(slide: Slide, figure: FigureParts) -> str:
    """Write which numbers a slide shows, which of them are new, and which shapes are highlighted."""
    assert slide.stage
    states = [slide.stage.states.get(key, SHOWN) for key in figure.numbers]
    parts = {
        "seen": [k for k, state in enumerate(states) if state != HIDDEN],
        "fresh": [k for k, state in enumerate(states) if state == NEW],
        "lit": [k for k, shape in enumerate(figure.highlights) if shape in slide.stage.highlighted],
    }
    lists = (f"{name}: {write_array(map(str, found))}" for name, found in parts.items())
    return f"figure-with({string(format_words(slide.note))}, {', '.join(lists)})"


def _write_line(line: Line, part: str) -> str:
    if isinstance(line, Remark):
        return f"say([{write_words(line.words)}])"
    if isinstance(line, Equality):
        right = equate("", line.formula, TYPST.symbols, about=TYPST.about).lstrip()
        sides = [write_left_side(line, TYPST.symbols), right]
        return _write_equation(sides, [False, can_break(line.formula)])
    return write_derived_equation(line, ROLES.get(part, ""))


def write_derived_equation(line: Equation, role: str) -> str:
    """Write an equation of a derivation, its result in the colour of a role."""
    breaks = [can_break(side) for side in (line.symbols, line.numbers, line.result) if side]
    return _write_equation(write_chain(line, TYPST), [False, *breaks], role if line.result else "")


def _write_equation(sides: Sequence[str], breaks: Sequence[bool], role: str = "") -> str:
    """Write an equation by its sides; with a role, its result has the colour of that."""
    *others, last = sides
    if role:
        sign, _, result = last.partition(" ")
        last = f"{sign} #text(fill: {role})[$display({result})$]"
    bodies = [f"$display({each})$" for each in (*others, last)]
    parts = [f"(body: [{body}], breaks: {str(can).lower()})" for body, can in zip(bodies, breaks, strict=True)]
    return f"equation({', '.join(parts)})"


def can_break(formula: Formula) -> bool:
    """Say whether a formula can go over several lines, as a sum or a product of several parts can."""
    return isinstance(formula, Term) and formula.head in ("+", "terms", "*") and len(formula.parts) > 2


def _write_table(table: NumberTable) -> str:
    """Write a table; a cell of several words, or of a formula that can break, may wrap."""
    rows = []
    for row in table.rows:
        cells = []
        for words in row:
            wraps = len(words) > 1 or any(isinstance(word, Term) and can_break(word) for word in words)
            cells.append(f"(body: [{write_words(words)}], wraps: {str(wraps).lower()})")
        rows.append(write_array(cells))
    heads = write_array(string(column.head) for column in table.columns)
    numbers = write_array(str(k) for k, column in enumerate(table.columns) if column.is_number)
    colours = write_array(column.role or "ink" for column in table.columns)
    return f"cells({heads}, {numbers}, {colours}, {', '.join(rows)})"


def write_words(words: Words) -> str:
    """Write a sentence, its words as strings, in which nothing has a meaning to Typst, and its formulas."""
    text = ""
    for word in words:
        if isinstance(word, str):
            text += f"#{string(word)};"
        elif isinstance(word, Equality):
            equality = write_equality(word, TYPST.symbols)
            grid = count_grid_rows(word.formula)
            text += f"#box(inset: (y: 0.2em))[$display({equality})$];" if grid else f"#box[${equality}$];"
        else:
            text += f"${show(word, TYPST.symbols)}$"
    return text
