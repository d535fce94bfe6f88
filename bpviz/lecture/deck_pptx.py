"""A deck as a PowerPoint file: the figure as a sharp picture, and all words as text that can be edited.

Each slide has its heading as its title, the figure where every other slide has it, what is said beside it or below,
and the sentence for the speaker as its notes. Only this module uses python-pptx.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import partial
from math import ceil
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bpviz.errors import OutputError
from bpviz.figure.lettering import width
from bpviz.figure.rendering import remove_forbidden
from bpviz.figure.theme import Theme
from bpviz.formula.printing import TEXT, equate, show
from bpviz.lecture.slide_layout import (
    COLUMN_GAP,
    FOOTER_HEIGHT,
    HEADING_HEIGHT,
    MARGIN,
    PART_GAP,
    ROW_HEIGHT,
    TABLE_NOTE,
    Area,
    DeckOptions,
    SlideLayout,
    measure_letters,
    split_side_by_side,
)
from bpviz.lecture.slides import ROLES, TITLE, Line, NumberTable, Remark, Slide, format_line, format_words
from bpviz.text.derivation import Equation

HINT = "install it with: pip install python-pptx; -o deck.pdf and -o deck.html need no python-pptx"
SHARP = 216.0  # dots per inch of a figure on its slide, which is 2,880 dots wide
FONT = "Arial"  # of all words: every machine has it or one that is as wide, and it has the letters of mathematics
TITLE_ONLY = 5  # the layout of python-pptx's own template that has a title and nothing else
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's name of tables without lines and colours
TITLE_ENDS = 0.5  # of the height of the first slide: there its formula begins
TITLE_LETTERS, HEADING_LETTERS, TEXT_LETTERS, LEAST_LETTERS = 40.0, 28.0, 24.0, 9.0  # points
LINE_HEIGHT = 1.25  # of a text, times its letters
LINE_GAP, TITLE_GAP = 6.0, 16.0  # points between lines, and under a title
OTHER_FONT = 1.08  # times as wide as the figure's font, at the most
CELL_MARGIN = 0.04  # em above and below the words of a cell
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # of every file in the file: equal decks have equal bytes


NO_BREAK = "\N{NO-BREAK SPACE}"  # in an empty cell, too, whose row would otherwise be as high as usual letters
SIGN = re.compile("([−+×·=≈]) ")


class Run(NamedTuple):
    """A stretch of text in one colour."""

    text: str
    colour: str


def write_pptx(
    slides: Sequence[Slide], figures: Sequence[bytes | None], layout: SlideLayout, options: DeckOptions
) -> bytes:
    """Write a deck as a PowerPoint file; figures has the PNG of each slide's figure, None where it has none.

    Raises OutputError where there is no python-pptx.
    """
    try:
        from pptx import Presentation
        from pptx.util import Pt
    except ImportError as exc:
        raise OutputError("python-pptx, which makes PowerPoint files, is not installed", hint=HINT) from exc
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(layout.width), Pt(layout.height)
    properties = presentation.core_properties
    properties.title, properties.author = remove_forbidden(format_words(slides[0].heading)), "bpviz"
    page = partial(_write_slide, layout=layout, theme=options.theme)
    for slide, figure in zip(slides, figures, strict=True):
        page(presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY]), slide, figure)
    written = io.BytesIO()
    presentation.save(written)
    return _forget_time(written)


def _write_slide(page: Any, slide: Slide, figure: bytes | None, layout: SlideLayout, theme: Theme) -> None:
    """Write a slide on an empty page of the presentation."""
    page.background.fill.solid()
    page.background.fill.fore_color.rgb = _read_colour(theme.background)
    heading = format_words(slide.heading)
    if slide.gate_formula:
        heading += equate("", slide.gate_formula, TEXT)
    colour = getattr(theme, ROLES[slide.part]) if slide.part in ROLES else theme.ink
    lines = [[*_colour_line(line, slide.part, theme)] for line in slide.lines]
    wide = layout.width - 2 * MARGIN
    if slide.part == TITLE:
        middle = layout.height * TITLE_ENDS
        above = Area(MARGIN, HEADING_HEIGHT, wide, middle - HEADING_HEIGHT)
        _write_text(page.shapes.title, [[Run(heading, colour)]], above, TITLE_LETTERS, anchor="bottom", align="center")
        below = Area(MARGIN, middle + TITLE_GAP, wide, layout.height - middle - TITLE_GAP - FOOTER_HEIGHT)
        _write_text(_add_text(page), lines, below, HEADING_LETTERS, anchor="top", align="center")
    else:
        _write_text(page.shapes.title, [[Run(heading, colour)]], Area(MARGIN, 0, wide, HEADING_HEIGHT), HEADING_LETTERS)
        room = layout.text
        if figure:
            _add_figure(page, figure, layout.figure, format_words(slide.note))
        else:
            room = Area(MARGIN, HEADING_HEIGHT, wide, layout.height - HEADING_HEIGHT - FOOTER_HEIGHT)
        if slide.table:
            above = room._replace(height=min(TABLE_NOTE * len(lines), room.height / 2))
            top = room.y + above.height
            _write_tables(page, slide.table, Area(room.x, top, room.width, room.y + room.height - top), theme)
            room = above
        if lines:
            beside = bool(figure) and layout.is_beside and not slide.table
            place = {"anchor": "middle" if beside else "top", "align": "left" if beside else "center"}
            _write_text(_add_text(page), lines, room, TEXT_LETTERS, **place)
    page.notes_slide.notes_text_frame.text = remove_forbidden(format_words(slide.note))


def _colour_line(line: Line, part: str, theme: Theme) -> Iterator[Run]:
    """Write a line as runs; the result of an equation has the colour of its pass."""
    text = format_line(line, part)
    if not isinstance(line, Remark):
        text = SIGN.sub(rf"\1{NO_BREAK}", text)  # a long equation is broken before a sign
    result = show(line.result, TEXT) if isinstance(line, Equation) and line.result else ""
    if part in ROLES and result and text.endswith(result):
        yield Run(text.removesuffix(result), theme.ink)
        yield Run(result, getattr(theme, ROLES[part]))
    else:
        yield Run(text, theme.ink)


def _add_text(page: Any) -> Any:
    return page.shapes.add_textbox(0, 0, 0, 0)


def _add_figure(page: Any, png: bytes, area: Area, description: str) -> None:
    from pptx.util import Pt

    left, top, wide, high = map(Pt, area)
    picture = page.shapes.add_picture(io.BytesIO(png), left, top, wide, high)
    picture._element.nvPicPr.cNvPr.set("descr", remove_forbidden(description))


def _write_text(
    shape: Any,
    lines: Sequence[Sequence[Run]],
    area: Area,
    letters: float,
    *,
    anchor: str = "middle",
    align: str = "left",
) -> None:
    """Write lines into a shape that takes up an area, in letters of this size or as much smaller as they need to be."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = map(Pt, area)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR[anchor.upper()]
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    size = _fit_letters(["".join(run.text for run in line) for line in lines], area, letters)
    for k, line in enumerate(lines):
        paragraph = frame.add_paragraph() if k else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN[align.upper()]
        paragraph.space_before = Pt(LINE_GAP if k else 0)
        _write_runs(paragraph, line, size)


def _write_runs(paragraph: Any, runs: Sequence[Run], size: float, *, bold: bool = False) -> None:
    from pptx.util import Pt

    for each in runs:
        run = paragraph.add_run()
        run.text = remove_forbidden(each.text)
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = _read_colour(each.colour)


def _fit_letters(lines: Sequence[str], area: Area, largest: float) -> float:
    """Find the largest letters in which lines, which may wrap, have room in an area."""
    size = largest
    while size > LEAST_LETTERS:
        rows = [ceil(width(line, size * OTHER_FONT) / area.width) for line in lines]
        if sum(rows) * size * LINE_HEIGHT + (len(rows) - 1) * LINE_GAP <= area.height:
            break
        size -= 1
    return size


def _write_tables(page: Any, table: NumberTable, area: Area, theme: Theme) -> None:
    """Write a table in parts side by side, which fill an area as well as they can."""
    room = (area.width, area.height)
    size = measure_letters(table, room) / OTHER_FONT
    parts = split_side_by_side(table, room)
    widths = [_measure_columns(part, size) for part in parts]
    gap = PART_GAP * size
    left = area.x + (area.width - sum(map(sum, widths)) - gap * (len(parts) - 1)) / 2
    for part, columns in zip(parts, widths, strict=True):
        _write_table(page, part, columns, (left, area.y), size, theme)
        left += sum(columns) + gap


def _measure_columns(table: NumberTable, size: float) -> list[float]:
    cells = zip(*(map(format_words, row) for row in table.rows), strict=True)
    texts = [(column.head, *column_cells) for column, column_cells in zip(table.columns, cells, strict=True)]
    return [max(width(each, size * OTHER_FONT) for each in column) + COLUMN_GAP * size for column in texts]


def _write_table(
    page: Any, table: NumberTable, widths: Sequence[float], corner: tuple[float, float], size: float, theme: Theme
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    high = ROW_HEIGHT * size
    left, top, wide, tall = map(Pt, (*corner, sum(widths), high * (1 + len(table.rows))))
    frame = page.shapes.add_table(1 + len(table.rows), len(table.columns), left, top, wide, tall)
    frame._element.graphic.graphicData.tbl.tblPr.find(_qualify("a:tableStyleId")).text = NO_STYLE
    made = frame.table
    made.horz_banding = False
    for column, across in zip(made.columns, widths, strict=True):
        column.width = Pt(across)
    rows = [[column.head for column in table.columns], *([*map(format_words, row)] for row in table.rows)]
    for k, row in enumerate(rows):
        made.rows[k].height = Pt(high)
        for cell, text, column in zip(made.rows[k].cells, row, table.columns, strict=True):
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left = cell.margin_right = Pt(COLUMN_GAP * size / 2)
            cell.margin_top = cell.margin_bottom = Pt(CELL_MARGIN * size)
            cell.text_frame.word_wrap = False
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
            colour = getattr(theme, column.role) if column.role and k else theme.ink
            _write_runs(paragraph, [Run(text or NO_BREAK, colour)], size, bold=not k)


def _qualify(name: str) -> str:
    from pptx.oxml.ns import qn

    return str(qn(name))


def _read_colour(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#"))


def _forget_time(written: io.BytesIO) -> bytes:
    """Return a zip file whose files have no time of their own."""
    out = io.BytesIO()
    with ZipFile(written) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, FIRST_DATE), old.read(name), ZIP_DEFLATED)
    return out.getvalue()
