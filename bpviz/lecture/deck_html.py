"""A deck as one HTML file, which fetches nothing: equations are MathML, and the figure's letters are embedded.

With JavaScript there is one slide on the screen, without it they stand one under the other, and in print each has a
page. deck.css and deck.js beside this module go into the file as they are; no word of a user's is in them.

The figure is in the file once, with every number that any slide shows. A slide includes it by <use>, which passes on
no styles but inherited ones. So each slide says in the property --slide which one it is, and in --lit0, --lit1, … what
is highlighted, and each number and circle of the figure works out from these whether it is to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from pathlib import Path
from typing import NamedTuple

from bpviz import fonts
from bpviz.figure.diagram import DOTS, HIDDEN, NEW, VALUE, Stage
from bpviz.figure.svg import write_dark_colours
from bpviz.figure.svg_parts import SvgContent, SvgElement, read_content, rewrite_groups, rewrite_numbers
from bpviz.figure.theme import THEMES, Theme
from bpviz.formula.mathml import CLOSE, MATHML, OPEN, escape, math
from bpviz.formula.printing import choose_sign, drop_marks, show
from bpviz.lecture.slide_layout import (
    HEADING_HEIGHT,
    TABLE_SLIDE,
    DeckOptions,
    SlideLayout,
    measure_letters,
    split_side_by_side,
)
from bpviz.lecture.slides import (
    BACKWARD,
    ROLES,
    TITLE,
    Column,
    Equality,
    Line,
    Remark,
    Slide,
    Words,
    collect_stages,
    count_line_rows,
    format_words,
)
from bpviz.text.equations_html import write_side, write_sides, write_sign

STYLE = Path(__file__).with_name("deck.css")
SCRIPT = Path(__file__).with_name("deck.js")
NUMERALS = "0123456789.−∞×⁻⁰¹²³⁴⁵⁶⁷⁸⁹"  # gradients are set in italics, and of these characters
TABLE_SHARE = 0.95  # of the room that a table may take: how wide letters are differs from browser to browser
LETTERS, LETTERS_WITHOUT_FIGURE = 17.0, 22.0  # points, on a slide of the layout's size
EQUATION, TALL_EQUATION, REMARK = 2.1, 2.9, 1.8  # em: how high a line is
GRID_ROW, AROUND_GRID = 1.35, 0.7  # em: a row of a matrix, and above and below it
REMARK_LENGTH = 80  # characters on a line
KEYS = (
    ("→ ↓ space, click, swipe left", "next slide"),
    ("← ↑, swipe right", "previous slide"),
    ("Home, End", "first, last slide"),
    ("n", "what to say"),
    ("f", "full screen"),
    ("?", "this list"),
)

Stages = Mapping[int, Stage]  # of the slides that have the figure, by their numbers


class Span(NamedTuple):
    """The first slide on which a number is to be seen, and the last on which it is new, or 0 if it never is."""

    first: int
    last_new: int


def write_html(slides: Sequence[Slide], figure: str, layout: SlideLayout, options: DeckOptions) -> str:
    """Write a deck; figure is the SVG of the figure with everything that any slide shows."""
    stages = collect_stages(slides)
    content = read_content(figure)
    drawings = {k: _use_figure(content.view_box, k, stages, format_words(slides[k - 1].note)) for k in stages}
    sections = [_write_section(k, slide, drawings.get(k, ""), layout) for k, slide in enumerate(slides, start=1)]
    body = "\n".join([_define_figure(content, stages, options.theme.highlight), "<main>", *sections, "</main>"])
    classes = " ".join(["beside"] * layout.is_beside + ["noted"] * options.notes)
    # the figure's shares of the screen: of its height, and of its width where the text stands beside it
    tall = layout.figure.height if layout.is_beside else layout.text.y - HEADING_HEIGHT
    across = layout.figure.width / (layout.figure.width + layout.text.width)
    share = f"--figure:{tall / layout.height:.3f};--across:{across:.3f}"
    keys = "".join(f"<dt>{escape(key)}</dt><dd>{what}</dd>" for key, what in KEYS)
    italics = NUMERALS + "".join(each for each in DOTS if each in body)  # of large grids
    style = (
        f"{fonts.font_faces(set(body), italics)}{fonts.math_faces(set(body))}"
        f":root{{--family:{fonts.FALLBACKS}}}\n"
        f"{_write_colours(options.theme)}{STYLE.read_text(encoding='utf-8')}"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(format_words(slides[0].heading))}</title>\n<style>\n{style}</style>\n</head>\n"
        f'<body class="{classes}" style="{share}">\n{body}\n'
        f'<div id="progress"><div></div></div>\n<p id="said" role="status" aria-live="polite"></p>\n'
        f'<nav aria-label="slides"><button id="back" aria-label="previous slide">‹</button>'
        f'<span id="count" aria-hidden="true"></span><button id="on" aria-label="next slide">›</button>'
        f'<button id="ask" aria-label="keys">?</button></nav>\n'
        f'<dialog id="help" aria-label="keys"><dl>{keys}</dl></dialog>\n'
        f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>\n</body>\n</html>\n"
    )


def _write_colours(theme: Theme) -> str:
    """Write the style rules that give the page a theme's colours, and those of its dark one on a dark screen."""
    colours = {"paper": theme.background, "ink": theme.ink, "faint": theme.faint}
    colours |= {"value": theme.value, "gradient": theme.gradient, "lit": theme.highlight}
    settings = "".join(f"--{name}:{colour};" for name, colour in colours.items())
    scheme = "dark" if int(theme.background[1:3], 16) < 0x80 else "light"
    rules = f":root{{color-scheme:{scheme};{settings}}}\n"
    if not theme.dark:
        return rules
    dark = _write_colours(THEMES[theme.dark])
    return f"{rules}@media (prefers-color-scheme:dark){{\n{dark}}}\n{write_dark_colours(theme, '#figure')}"


def _write_section(number: int, slide: Slide, drawing: str, layout: SlideLayout) -> str:
    """Write a slide; drawing is its figure, "" if it has none."""
    heading = write_words(slide.heading)
    if slide.gate_formula:
        heading += "".join(write_side(slide.gate_formula))
    figure = f"<figure>{drawing}</figure>\n" if drawing else ""
    lines = "\n".join([*(_write_line(line, slide.part) for line in slide.lines), *_write_tables(slide, layout)])
    kind = f"slide {slide.part}" + ("" if drawing or slide.part == TITLE else " words")
    level = "h1" if number == 1 else "h2"
    size = _choose_letters(slide, layout) / layout.height * 100
    return (
        f'<section class="{kind}" id="slide-{number}" style="--words:{size:.2f}"'
        f' data-said="{escape(format_words(slide.heading))}">\n'
        f'<{level}>{heading}</{level}>\n{figure}<div class="lines">\n{lines}\n</div>\n'
        f'<p class="note">{write_words(slide.note)}</p>\n</section>'
    )


def _choose_letters(slide: Slide, layout: SlideLayout) -> float:
    """Choose letters in which the lines of a slide fit under its figure, in points."""
    if not slide.stage:
        return LETTERS_WITHOUT_FIGURE
    heights = []  # of the lines, estimated in em
    for line in slide.lines:
        if isinstance(line, Remark):
            lines = -(-len(format_words(line.words)) // REMARK_LENGTH)
            heights.append(max(REMARK * lines, _measure_grid(line)))
        else:
            is_tall = slide.part == BACKWARD or "<mfrac>" in _write_line(line, slide.part)
            usual = TALL_EQUATION if is_tall else EQUATION
            heights.append(max(usual, _measure_grid(line)))
    return min(LETTERS, layout.text.height / fsum(heights)) if heights else LETTERS


def _measure_grid(line: Line) -> float:
    """Work out the height of the highest matrix of a line, in em; 0 if it has none."""
    rows = count_line_rows(line)
    return GRID_ROW * rows + AROUND_GRID if rows > 1 else 0.0


def _write_line(line: Line, part: str) -> str:
    if isinstance(line, Remark):
        return f"<p>{write_words(line.words)}</p>"
    sides = [_write_equality(line)] if isinstance(line, Equality) else write_sides(line, ROLES.get(part, "ink"))
    return f'<p class="equation">{" ".join(sides)}</p>'


def _write_equality(equality: Equality) -> str:
    arguments = write_sign(",").join(show(each, MATHML) for each in equality.arguments)
    left = show(equality.name, MATHML) + (f"{OPEN}{arguments}{CLOSE}" if arguments else "")
    sign, formula = write_sign(choose_sign(equality.formula)), drop_marks(equality.formula)
    return f"{math(left)}{math(sign, show(formula, MATHML))}"  # around a sign there is room enough


def write_words(words: Words) -> str:
    """Write a sentence and its formulas."""
    text = ""
    for word in words:
        if isinstance(word, str):
            text += escape(word)
        elif isinstance(word, Equality):
            text += f"<span>{_write_equality(word)}</span>"
        else:
            text += math(show(word, MATHML))
    return text


def _write_tables(slide: Slide, layout: SlideLayout) -> Iterator[str]:
    """Write a slide's table, if it has one: its parts side by side, and how large its letters are."""
    if slide.table:
        wide, high = (layout.text.width, layout.text.height) if slide.stage else TABLE_SLIDE
        room = (wide * TABLE_SHARE, high * TABLE_SHARE)
        size = measure_letters(slide.table, room) / layout.height * 100
        heads = "".join(f"<th{_write_class(each)}>{escape(each.head)}</th>" for each in slide.table.columns)
        starts = [f"<td{_write_class(each, each.role)}>" for each in slide.table.columns]
        tables = []
        for part in split_side_by_side(slide.table, room):
            rows = (
                [f"{start}{write_words(cell)}</td>" for start, cell in zip(starts, row, strict=True)]
                for row in part.rows
            )
            body = "".join(f"<tr>{''.join(cells)}</tr>\n" for cells in rows)
            tables.append(f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table>\n")
        yield f'<div class="tables" style="--letters:{size:.3f}">\n{"".join(tables)}</div>'


def _write_class(column: Column, role: str = "") -> str:
    kinds = " ".join(["number"] * column.is_number + [role] * bool(role))
    return f' class="{kinds}"' if kinds else ""


def _define_figure(content: SvgContent, stages: Stages, highlight: str) -> str:
    """Write the figure that all slides use; each number in it has the slides on which it is to be seen.

    highlight is the colour under what is new, and of a shape that is highlighted, which a branch dot never has.
    """
    spans, shapes = _find_spans(stages), _number_shapes(stages)

    def rewrite(id_: str, group: str) -> str:
        if id_ in shapes:
            return group.replace(f' fill="{highlight}"', f' style="fill:var(--lit{shapes[id_]},none)"', 1)
        if (id_, VALUE) not in spans:
            return group
        return rewrite_numbers(group, highlight, lambda element: _reveal(element, spans[id_, element.role], highlight))

    return (
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">\n'
        f'<g id="figure" font-family="{content.family}">\n{rewrite_groups(content.body, rewrite)}</g>\n</svg>'
    )


def _use_figure(view_box: str, slide: int, stages: Stages, description: str) -> str:
    """Write the figure as a slide shows it."""
    shapes = _number_shapes(stages)
    settings = [f"--slide:{slide}", *(f"--lit{shapes[shape]}:var(--lit)" for shape in stages[slide].highlighted)]
    return (
        f'<svg viewBox="{view_box}" style="{";".join(settings)}" role="img" aria-label="{escape(description)}">'
        f'<use href="#figure"/></svg>'
    )


def _find_spans(stages: Stages) -> dict[tuple[str, str], Span]:
    """Find the slides of each number, which is known by its edge's id and its role."""
    spans: dict[tuple[str, str], Span] = {}
    for slide, stage in stages.items():
        for number, state in stage.states.items():
            if state != HIDDEN:
                known = spans.get(number, Span(slide, 0))
                spans[number] = known._replace(last_new=slide) if state == NEW else known
    return spans


def _number_shapes(stages: Stages) -> dict[str, int]:
    """Number the shapes that any slide highlights."""
    shapes = dict.fromkeys(shape for stage in stages.values() for shape in stage.highlighted)
    return {shape: k for k, shape in enumerate(shapes)}


def _reveal(element: SvgElement, span: Span, highlight: str) -> str:
    """Write what is drawn of a number, which is seen from its first slide on, and the highlighter behind it."""
    if element.is_highlight:
        style = f'class="fresh" style="--from:{span.first};--till:{span.last_new}"'
        return element.markup.replace(f'fill="{highlight}" stroke="none"', style, 1)
    return element.markup.replace(f"<{element.tag} ", f'<{element.tag} class="due" style="--from:{span.first}" ', 1)
