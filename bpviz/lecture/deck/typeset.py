"""A deck as Typst: its frames in the notation and the layout of a page each, or four to a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bpviz.figure.theme import Theme
from bpviz.fonts import FAMILY
from bpviz.formula.printing import show
from bpviz.formula.tree import Formula, Term
from bpviz.formula.typst import WORD, string
from bpviz.lecture.deck.places import HEAD, MARGIN, Box, Places
from bpviz.lecture.deck.records import BACKWARD, FORWARD, TITLE, Frame, Line, Remark, Table, Words
from bpviz.lecture.deck.statements import Statement
from bpviz.lecture.deck.tables import NOTE as TABLE_NOTE
from bpviz.lecture.deck.tables import parts
from bpviz.lecture.deck.template import TEMPLATE
from bpviz.lecture.deck.wording import plain
from bpviz.text.derivation.typeset import TYPST, links

NOTE = 90.0  # points of height for a note under its slide
SHEET = (842.0, 595.0)  # a page of the handout, A4 lying: four slides
SHEET_MARGIN = 28.0
SHEET_NOTE = 52.0
ROLES = {FORWARD: "value", BACKWARD: "gradient"}


class Look(NamedTuple):
    """How a deck is set: its places, its theme, its title, and which of the notes and the handout are wanted."""

    places: Places
    theme: Theme
    title: str
    notes: bool = False
    handout: bool = False


def typeset(frames: Sequence[Frame], pictures: Sequence[str], look: Look) -> str:
    """Return a deck as Typst; pictures names the file of each frame's figure, "" where it has none."""
    slides = [_slide(frame, picture, look) for frame, picture in zip(frames, pictures, strict=True)]
    numbered = [f"slide({k}, {len(slides)}, {each})" for k, each in enumerate(slides, start=1)]
    notes = [_words(frame.note) for frame in frames]
    pages = _sheets(numbered, notes, look) if look.handout else _pages(numbered, notes, look)
    return "\n".join([_settings(look), WORD, TEMPLATE, *pages]) + "\n"


def page_count(frames: Sequence[Frame], *, handout: bool) -> int:
    """Return how many pages a deck has."""
    return -(-len(frames) // 4) if handout else len(frames)


def _settings(look: Look) -> str:
    theme, places = look.theme, look.places
    box = places.figure
    beside = "true" if places.is_beside else "false"
    return "\n".join(
        [
            f"#set document(title: {string(look.title)}, date: none)",
            f'#let families = ("{FAMILY}", "New Computer Modern Math")',
            f"#let width = {places.width:g}pt",
            f"#let height = {places.height:g}pt",
            f"#let figure-box = ({_box(box)}, beside: {beside})",
            *(
                f'#let {name} = rgb("{colour}")'
                for name, colour in {
                    "paper": theme.background,
                    "ink": theme.ink,
                    "faint": theme.faint,
                    "value": theme.value,
                    "gradient": theme.gradient,
                }.items()
            ),
            f'#let colour = ("{FORWARD}": value, "{BACKWARD}": gradient)',
        ]
    )


def _box(box: Box) -> str:
    return f"x: {box.x:.3f}pt, y: {box.y:.3f}pt, width: {box.width:.3f}pt, height: {box.height:.3f}pt"


def _pages(slides: Sequence[str], notes: Sequence[str], look: Look) -> list[str]:
    tall = look.places.height + (NOTE if look.notes else 0)
    setting = f"#set page(width: {look.places.width:g}pt, height: {tall:g}pt, fill: paper)"
    rule = "line(length: width, stroke: 0.5pt + faint)"
    pages = []
    for slide, note in zip(slides, notes, strict=True):
        below = f", {rule}, noted(width, {NOTE:g}pt - 1pt, [{note}])" if look.notes else ""
        pages.append(f"stack({slide}{below})")
    return [setting, "#" + "\n#pagebreak()\n#".join(pages)]


def _sheets(slides: Sequence[str], notes: Sequence[str], look: Look) -> list[str]:
    places, room = look.places, SHEET_NOTE if look.notes else 0.0
    wide = (SHEET[0] - 3 * SHEET_MARGIN) / 2
    tall = (SHEET[1] - 3 * SHEET_MARGIN) / 2
    scale = min(wide / places.width, (tall - room) / places.height)
    setting = f"#set page(width: {SHEET[0]:g}pt, height: {SHEET[1]:g}pt, margin: {SHEET_MARGIN:g}pt, fill: paper)"
    cells = []
    for slide, note in zip(slides, notes, strict=True):
        reduced = f"scale({scale * 100:.4f}%, origin: top + left, reflow: true, {slide})"
        small = f"block(stroke: 0.5pt + faint, inset: 0.5pt, {reduced})"
        below = f", noted({places.width * scale:.3f}pt, {SHEET_NOTE:g}pt, [{note}])" if look.notes else ""
        cells.append(f"stack({small}{below})")
    pages = []
    for start in range(0, len(cells), 4):
        four = ",\n".join(cells[start : start + 4])
        pages.append(
            f"grid(columns: ({wide:.3f}pt, {wide:.3f}pt), rows: {tall:.3f}pt, gutter: {SHEET_MARGIN:g}pt, "
            f"align: center,\n{four})"
        )
    return [setting, "#" + "\n#pagebreak()\n#".join(pages)]


def _slide(frame: Frame, picture: str, look: Look) -> str:
    heading, lines = _heading(frame), _tuple([_line(line, frame.part) for line in frame.lines])
    if frame.part == TITLE:
        return f"title-slide([{heading}], {lines})"
    places = look.places
    text = places.text
    if not picture:
        text = Box(MARGIN, HEAD, places.width - 2 * MARGIN, places.height - HEAD - 34.0)
    name = string(picture) if picture else "none"
    description = string(plain(frame.note))
    above = (
        Box(text.x, text.y, text.width, min(TABLE_NOTE * len(frame.lines), text.height / 2)) if frame.table else text
    )
    slide = f'text-slide("{frame.part}", [{heading}], {name}, {description}, ({_box(above)}), {lines}'
    if not frame.table:
        return f"{slide})"
    under = Box(text.x, text.y + above.height, text.width, text.height - above.height)
    return f"{slide}, table-box: ({_box(under)}), tables: {_tables(frame.table, under)})"


def _heading(frame: Frame) -> str:
    """Return the heading: of a backward step with the gate's formula behind its name."""
    return _words(frame.heading) + (f"$thin =  {show(frame.defined.formula, TYPST.symbols)}$" if frame.defined else "")


def _line(line: Line, part: str) -> str:
    if isinstance(line, Remark):
        return f"say([{_words(line.words)}])"
    if isinstance(line, Statement):
        return _equation(_sides(line), [False, _breaks(line.formula)], "")
    breaks = [each is not None and _breaks(each) for each in (line.symbols, line.numbers) if each]
    return _equation(links(line, TYPST), [False, *breaks, False], ROLES.get(part, ""))


def _equation(sides: Sequence[str], breaks: Sequence[bool], role: str) -> str:
    """Return an equation by its sides; with a role, its result stands in the colour of that."""
    *others, last = sides
    if role:
        sign, _, result = last.partition(" ")
        last = f"{sign} #text(fill: {role})[$display({result})$]"
    bodies = [f"$display({each})$" for each in (*others, last)]
    parts = [f"(body: [{body}], breaks: {str(can).lower()})" for body, can in zip(bodies, breaks, strict=True)]
    return f"equation({', '.join(parts)})"


def _breaks(formula: Formula) -> bool:
    """Say whether a formula can go over several lines: it is a sum or a product, its parts small."""
    return isinstance(formula, Term) and formula.head in ("+", "terms", "*") and len(formula.parts) > 2


def _tables(table: Table, box: Box) -> str:
    """Return a table as its parts, which stand side by side."""
    return _tuple([_table(part) for part in parts(table, (box.width, box.height))])


def _table(table: Table) -> str:
    rows = [_tuple([_cell(cell) for cell in row]) for row in table.rows]
    heads = _tuple([string(column.head) for column in table.columns])
    numbers = _tuple([str(k) for k, column in enumerate(table.columns) if column.is_number])
    colours = _tuple([column.role or "ink" for column in table.columns])
    return f"cells({heads}, {numbers}, {colours}, {', '.join(rows)})"


def _cell(words: Words) -> str:
    wraps = len(words) > 1 or any(isinstance(word, Term) and _breaks(word) for word in words)
    return f"(body: [{_words(words)}], wraps: {str(wraps).lower()})"


def _words(words: Words) -> str:
    """Return words and formulas as Typst markup."""
    parts = []
    for word in words:
        if isinstance(word, str):
            parts.append(f"#{string(word)};")
        elif isinstance(word, Statement):
            parts.append(f"#box[${' '.join(_sides(word))}$];")
        else:
            parts.append(f"${show(word, TYPST.symbols)}$")
    return "".join(parts)


def _sides(statement: Statement) -> list[str]:
    arguments = ", ".join(show(each, TYPST.symbols) for each in statement.arguments)
    left = show(statement.name, TYPST.symbols) + (f"({arguments})" if arguments else "")
    return [left, f"= {show(statement.formula, TYPST.symbols)}"]


def _tuple(items: Sequence[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
