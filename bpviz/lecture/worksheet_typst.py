"""Write worksheets and their keys as Typst: the pages of each sheet's figure, with the table below it or apart.

worksheet.typ beside this module lays out what is written here. Every part has a fixed height, and what does not fit is
made smaller, so a key lies exactly over its sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bpviz.figure.arrangement import BESIDE
from bpviz.figure.lettering import cut
from bpviz.figure.theme import RIGHT
from bpviz.formula.printing import equate, show
from bpviz.formula.typst import TYPST, mathematics, string, text
from bpviz.lecture import worksheet_layout as layout
from bpviz.lecture.slides import Equality, Words, count_grid_rows, write_equality, write_formula
from bpviz.lecture.typesetting import write_array, write_document
from bpviz.lecture.worksheet_content import KeyAnswer, SheetContent, TableForm, TableRow
from bpviz.lecture.worksheet_layout import PageSize, SheetPlan
from bpviz.lecture.worksheet_strips import Strip

SMALLEST_NAME = 5.5  # points: the name of a cut wire that would be smaller is cut too
TEMPLATE = Path(__file__).with_name("worksheet.typ")


class SheetPrint(NamedTuple):
    """A sheet or a key to be printed: its content and plan, the file of its figure, and the size of that figure."""

    content: SheetContent
    plan: SheetPlan
    picture: str
    picture_size: PageSize
    is_key: bool


def write_sheets(prints: Sequence[SheetPrint], title: str) -> str:
    """Write sheets and keys as one Typst document."""
    return write_document(title, [], TEMPLATE, (page for each in prints for page in _write_pages(each)))


def _write_pages(sheet: SheetPrint) -> Iterator[str]:
    """Write the pages of one sheet: those of its figure, and those that the table has to itself."""
    content, plan = sheet.content, sheet.plan
    row_counts = layout.share_out_rows(content, plan) if plan.table_apart else []
    page_count = len(plan.strips) + len(row_counts)
    for number, strips in enumerate(plan.strips, start=1):
        head = _write_head(sheet) if number == 1 else [_write_title(sheet, plan.page, number, page_count)]
        has_table = number == len(plan.strips) and not plan.table_apart
        foot = ["v(1fr)", *_write_foot(sheet, plan.page, content.rows, is_last=True)] if has_table else []
        yield _write_page(plan.page, [*head, _write_figure(sheet, strips), *foot])
    start = 0
    for number, count in enumerate(row_counts, start=len(plan.strips) + 1):
        rows = content.rows[start : start + count]
        start += count
        foot = _write_foot(sheet, plan.table_page, rows, is_last=number == page_count)
        yield _write_page(plan.table_page, [_write_title(sheet, plan.table_page, number, page_count), *foot])


def _write_page(page: PageSize, parts: Sequence[str]) -> str:
    setting = f"#page(width: {page.width:g}pt, height: {page.height:g}pt, margin: {layout.MARGIN:g}pt, {{"
    return "\n".join([setting, *(f"  {part}" for part in parts), "})"])


def _write_head(sheet: SheetPrint) -> list[str]:
    """Write the title, the equalities with the point beside the last of them, and the task."""
    content, plan = sheet.content, sheet.plan
    body = plan.page.body
    parts = [_write_title(sheet, plan.page)]
    half = body.width / 2
    *pairs, (output,) = layout.pair_equalities(content)
    for pair in pairs:
        height = layout.measure_equalities(pair)
        cells = ", ".join(f"fitted({half - 8:.2f}pt, {height:g}pt, {_write_equality(each)})" for each in pair)
        parts.append(f"grid(columns: ({half:.2f}pt, {half:.2f}pt), {cells})")
    point = ", #h(0.4em) ".join(map(_write_value, content.point))
    point = f"at #h(0.3em) {point}" if point else ""
    height = layout.measure_point(content)
    last = f"{_write_equality(output)} #h(2.5em) {'' if height else point}"
    parts.append(f"fitted({body.width:.2f}pt, {layout.measure_equalities([output]):g}pt, [{last}])")
    if height:
        parts.append(f"fitted({body.width:.2f}pt, {height:g}pt, [{point}])")
    value_side, gradient_side = ("above", "below") if plan.arrangement.direction == RIGHT else ("left of", "right of")
    shared = (
        " An input of several gates stands beside each: add up its gradients."
        if plan.arrangement.inputs == BESIDE
        else ""
    )
    task = (
        f"On every wire: its value {value_side} it, its gradient (the derivative of ${show(content.output, TYPST)}$) "
        f"{gradient_side} it. Forward in the order of the steps, backward in reverse.{shared}"
    )
    parts.append(f"fitted({body.width:.2f}pt, {layout.LINE_HEIGHT:g}pt, text(size: 9pt, fill: grey)[{task}])")
    parts.append(f"v({layout.GAP:g}pt)")
    return parts


def _write_title(sheet: SheetPrint, page: PageSize, number: int = 1, page_count: int = 1) -> str:
    title = sheet.content.title + (f" (page {number} of {page_count})" if number > 1 else "")
    label = text(sheet.content.label) + "#h(1.2em)" if sheet.content.label else ""
    student = text(sheet.content.student)
    if sheet.is_key:
        right = f"[{label}{f'{student} #h(1.2em) ' if student else ''}Key]"
    else:
        right = f"[{label}{student or '#named'}]"
    return f"head({page.body.width:.2f}pt, {layout.TITLE_HEIGHT:g}pt, [{text(title)}], {right})"


def _write_equality(equality: Equality) -> str:
    return f"$display({write_equality(equality, TYPST)})$"


def _write_value(equality: Equality) -> str:
    """Write the value of an input; a matrix has letters as large as those beside it."""
    written = write_equality(equality, TYPST)
    return f"$display({written})$" if count_grid_rows(equality.formula) else f"${written}$"


def _write_figure(sheet: SheetPrint, strips: Sequence[Strip]) -> str:
    """Write the part of the figure that is on a page: all of it, perhaps with the rules beside it, or strips."""
    plan = sheet.plan
    parts = [_write_strip(sheet, strip) for strip in strips]
    if len(parts) > 1 or any(strip.cut_sides for strip in strips):
        return f"stack(dir: ttb, spacing: {layout.STRIP_GAP:g}pt, {', '.join(parts)})"
    figure = f"align(center, {parts[0]})"
    if not plan.rules_beside:
        return figure
    columns = f"{plan.page.body.width - layout.RULES_WIDTH - layout.GAP:.2f}pt, {layout.RULES_WIDTH:g}pt"
    rules = _write_rules(sheet.content, layout.RULES_WIDTH, 1)
    return f"grid(columns: ({columns}), column-gutter: {layout.GAP:g}pt, {figure}, {rules})"


def _write_strip(sheet: SheetPrint, strip: Strip) -> str:
    """Write a part of the figure, with the names of the wires that are cut beside it."""
    scale = sheet.plan.scale
    lengths = [scale * each for each in (strip.width, strip.height, *sheet.picture_size, strip.x, strip.y)]
    entering, leaving = (
        write_array(
            f"([{text(cut(wire.name, layout.NAME_WIDTH, SMALLEST_NAME))}], {(wire.y - strip.y) * scale:.3f}pt)"
            for wire in side
        )
        for side in (strip.entering, strip.leaving)
    )
    hidden = write_array(
        _write_lengths(
            scale * each for each in (box.left - strip.x, box.top - strip.y, box.right - box.left, box.bottom - box.top)
        )
        for box in strip.hidden
    )
    return (
        f"strip({string(sheet.picture)}, ..{_write_lengths(lengths)}, {layout.NAME_WIDTH:g}pt, "
        f"{entering}, {leaving}, {hidden})"
    )


def _write_rules(content: SheetContent, width: float, columns: int) -> str:
    """Write what each kind of gate computes and its local gradients, in columns."""
    parts = []
    for rule in content.rules:
        pieces = [f"$z = {show(rule.formula, TYPST)}$"]
        for derivative, slope in rule.slopes:
            right = f"$: {text(slope)}" if isinstance(slope, str) else f"= {show(slope, TYPST)}$"
            pieces.append(f"${show(derivative, TYPST)} {right}")
        parts.append(f"[{'#h(0.9em)'.join(pieces)}]")
    parts += [f"[{text(each)}]" for each in content.general_rules]
    return f"rules({width:.2f}pt, {layout.RULE_HEIGHT:g}pt, {columns}, {write_array(parts)})"


def _write_foot(sheet: SheetPrint, page: PageSize, rows: Sequence[TableRow], *, is_last: bool) -> list[str]:
    """Write rows of the table and, below the last of them, the rules and the notes."""
    content, plan = sheet.content, sheet.plan
    width = f"{page.body.width:.2f}pt"
    table = []
    if rows:
        shares = write_array(map(str, content.form.shares))
        heads = write_array(f"[{_write_words(head)}]" for head in content.form.heads)
        cells = ",\n".join(_write_row(row, content.form, sheet.is_key) for row in rows)
        table = [f"filled({width}, {layout.choose_row_height(content, plan):.2f}pt, {shares}, {heads}, ({cells},))"]
    if not is_last:
        return table
    rules = _write_rules(content, page.body.width, layout.RULE_COLUMNS[page.is_landscape])
    below = [] if plan.rules_beside else [f"v({layout.GAP:g}pt)", rules]
    notes = [f"fitted({width}, {layout.LINE_HEIGHT:g}pt, text(size: 8.5pt)[{text(note)}])" for note in content.notes]
    return [*table, *below, *notes]


def _write_words(words: Words) -> str:
    return "".join(text(each) if isinstance(each, str) else f"${write_formula(each, TYPST)}$" for each in words)


def _write_row(row: TableRow, form: TableForm, is_key: bool) -> str:
    step = text(f"({row.step})") if row.step else ""
    formula = equate("", row.formula, TYPST) if row.formula else ""
    slots = []
    for asked in row.derivatives:
        left = f"partial {show(asked.of, TYPST)} slash partial {show(asked.by, TYPST)}"
        slots.append(f"${left} =$ #slot({form.answer_width:g}pt)[{_write_answer(asked.answer, is_key)}]")
    lines = layout.count_row_lines(row, form)
    bounds = [len(slots) * k // lines for k in range(lines + 1)]
    lines_ = write_array(f"[{'#h(1em)'.join(slots[start:end])}]" for start, end in pairwise(bounds))
    gradient = f"[{_write_answer(row.gradient, is_key)}]" if row.gradient else ""
    answer = _write_answer(row.answer, is_key)
    return f"([{step}], [${show(row.name, TYPST)}{formula}$], [{answer}], {lines_}, {gradient})"


def _write_answer(answer: KeyAnswer, is_key: bool) -> str:
    if answer.is_blank and not is_key:
        return ""
    shown = mathematics(answer.answer) if isinstance(answer.answer, str) else show(answer.answer, TYPST)
    return f"${shown}$"


def _write_lengths(lengths: Iterable[float]) -> str:
    return write_array(f"{length:.3f}pt" for length in lengths)
