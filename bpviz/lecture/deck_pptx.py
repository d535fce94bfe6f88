"""A deck as a PowerPoint file: figure and equations as sharp pictures, all else as text that can be edited.

Each slide has its heading as its title, the figure where every other slide has it, what is said beside it or below,
and the sentence for the speaker as its notes. Equations are set by Typst as on a slide of the PDF, and their plain text
describes the picture: PowerPoint's own mathematics loses its colours in LibreOffice, which stretches it over its whole
box as well. Only this module uses python-pptx.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from math import ceil
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bpviz.errors import OutputError
from bpviz.figure.lettering import width
from bpviz.figure.rendering import remove_forbidden
from bpviz.figure.theme import Theme
from bpviz.formula.printing import TEXT, equate
from bpviz.lecture.deck_typst import write_line_pages
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
from bpviz.lecture.slides import ROLES, TITLE, NumberTable, Remark, Slide, count_line_rows, format_line, format_words
from bpviz.lecture.typesetting import compile_png

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
    equations = _set_equations(slides, layout, options)
    page = partial(_write_slide, layout=layout, theme=options.theme)
    for slide, figure, picture in zip(slides, figures, equations, strict=True):
        page(presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY]), slide, figure, picture)
    written = io.BytesIO()
    presentation.save(written)
    return _forget_time(written)


def _set_equations(slides: Sequence[Slide], layout: SlideLayout, options: DeckOptions) -> list[bytes | None]:
    """Set the lines of each slide that has an equation as a PNG of the place that they have; None for other slides."""
    placed = [
        (slide, _place_lines(slide, layout), "horizon + left" if _is_beside(slide, layout) else "top + center")
        for slide in slides
        if _has_equations(slide)
    ]
    pages = iter(compile_png(write_line_pages(placed, layout, options), {}, SHARP) if placed else ())
    return [next(pages) if _has_equations(slide) else None for slide in slides]


def _has_equations(slide: Slide) -> bool:
    return any(not isinstance(line, Remark) or count_line_rows(line) > 1 for line in slide.lines)


def _is_beside(slide: Slide, layout: SlideLayout) -> bool:
    return bool(slide.stage) and layout.is_beside and not slide.table


def _place_lines(slide: Slide, layout: SlideLayout) -> Area:
    """Find the area of the lines of a slide; those of a slide with a table stand above it."""
    room = _find_room(slide, layout)
    if slide.part == TITLE:
        top = layout.height * TITLE_ENDS + TITLE_GAP
        return room._replace(y=top, height=layout.height - top - FOOTER_HEIGHT)
    return room._replace(height=min(TABLE_NOTE * len(slide.lines), room.height / 2)) if slide.table else room


def _find_room(slide: Slide, layout: SlideLayout) -> Area:
    """Find the area beside or below the figure; without a figure it is all of the slide."""
    high = layout.height - HEADING_HEIGHT - FOOTER_HEIGHT
    return layout.text if slide.stage else Area(MARGIN, HEADING_HEIGHT, layout.width - 2 * MARGIN, high)


def _write_slide(
    page: Any, slide: Slide, figure: bytes | None, equations: bytes | None, layout: SlideLayout, theme: Theme
) -> None:
    """Write a slide on an empty page of the presentation."""
    page.background.fill.solid()
    page.background.fill.fore_color.rgb = _read_colour(theme.background)
    heading = format_words(slide.heading)
    if slide.gate_formula:
        heading += equate("", slide.gate_formula, TEXT)
    colour = getattr(theme, ROLES[slide.part]) if slide.part in ROLES else theme.ink
    wide, area = layout.width - 2 * MARGIN, _place_lines(slide, layout)
    title, letters, place = Area(MARGIN, 0, wide, HEADING_HEIGHT), HEADING_LETTERS, {}
    if slide.part == TITLE:
        title = Area(MARGIN, HEADING_HEIGHT, wide, layout.height * TITLE_ENDS - HEADING_HEIGHT)
        letters, place = TITLE_LETTERS, {"anchor": "bottom", "align": "center"}
    _write_text(page.shapes.title, [[Run(heading, colour)]], title, letters, **place)
    if figure:
        _add_picture(page, figure, layout.figure, "Figure", format_words(slide.note))
    if slide.table:
        room, top = _find_room(slide, layout), area.y + area.height
        _write_tables(page, slide.table, Area(room.x, top, room.width, room.y + room.height - top), theme)
    if equations:
        said = "; ".join(format_line(line, slide.part) for line in slide.lines)
        _add_picture(page, equations, area, "Equations", said)
    elif slide.lines:
        lines = [[Run(format_line(line, slide.part), theme.ink)] for line in slide.lines]
        beside = _is_beside(slide, layout)
        side = {"anchor": "middle" if beside else "top", "align": "left" if beside else "center"}
        _write_text(_add_text(page), lines, area, TEXT_LETTERS, **side)
    page.notes_slide.notes_text_frame.text = remove_forbidden(format_words(slide.note))


def _add_text(page: Any) -> Any:
    return page.shapes.add_textbox(0, 0, 0, 0)


def _add_picture(page: Any, png: bytes, area: Area, name: str, description: str) -> None:
    from pptx.util import Pt

    left, top, wide, high = map(Pt, area)
    picture = page.shapes.add_picture(io.BytesIO(png), left, top, wide, high)
    picture.name = name
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
            # a picture is compressed as it is
            new.writestr(
                ZipInfo(name, FIRST_DATE), old.read(name), ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            )
    return out.getvalue()
