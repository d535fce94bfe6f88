"""Worksheets and their keys as Typst: each sheet one page, or the figure's pages and one for the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bpviz.figure.lettering import cut
from bpviz.figure.theme import RIGHT
from bpviz.fonts import FAMILY
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom, Term
from bpviz.formula.typst import TYPST, WORD, mathematics, string, text
from bpviz.lecture import worksheet_layout as at
from bpviz.lecture.slides import Equality
from bpviz.lecture.worksheet_content import Local, Number, Row, Rule, Sheet
from bpviz.lecture.worksheet_layout import Plan, Size
from bpviz.lecture.worksheet_strips import Strip
from bpviz.lecture.worksheet_template import TEMPLATE

NAME_SIZE = 5.5  # points: a wire's name that would be smaller is cut


class Printed(NamedTuple):
    """A sheet or a key about to be set: its plan, the file of its figure and that figure's own size."""

    sheet: Sheet
    plan: Plan
    picture: str
    size: Size
    is_key: bool


def typeset(pages: Sequence[Printed], title: str) -> str:
    """Return sheets and keys as one Typst document."""
    settings = [
        f"#set document(title: {string(title)}, date: none)",
        f'#let families = ("{FAMILY}", "New Computer Modern Math")',
        "#set text(font: families)",
        WORD,
        TEMPLATE,
    ]
    return "\n".join([*settings, *(page for each in pages for page in _pages(each))]) + "\n"


def _pages(printed: Printed) -> Iterator[str]:
    """Yield the pages of one sheet: those of its figure, the table below it or on pages of its own."""
    plan, sheet = printed.plan, printed.sheet
    rows = at.table_rows(sheet, plan)
    total = len(plan.pages) + len(rows) * plan.table_apart
    titles = [f" (page {k} of {total})" if k > 1 else "" for k in range(1, total + 1)]
    for strips, title in zip(plan.pages, titles, strict=False):
        head = [_title(printed, title)] if title else _head(printed)
        is_last = strips is plan.pages[-1]
        foot = ["v(1fr)", *_foot(printed, sheet.rows, is_last=True)] if is_last and not plan.table_apart else []
        yield _page(plan, [*head, _figure(printed, strips), *foot])
    upright, start = printed._replace(plan=plan.upright), 0
    for count, title in zip(rows, titles[len(plan.pages) :], strict=False):
        shown = sheet.rows[start : start + count]
        start += count
        foot = _foot(upright, shown, is_last=start == len(sheet.rows))
        yield _page(plan.upright, [_title(upright, title), *foot])


def _page(plan: Plan, parts: Sequence[str]) -> str:
    wide, high = plan.page
    setting = f"#page(width: {wide:g}pt, height: {high:g}pt, margin: {at.MARGIN:g}pt, {{"
    return "\n".join([setting, *(f"  {part}" for part in parts), "})"])


def _head(printed: Printed) -> list[str]:
    sheet, plan = printed.sheet, printed.plan
    wide = f"{plan.body.width:.2f}pt"
    lines = [_title(printed)]
    half = plan.body.width / 2
    *pairs, (output,) = at.statement_lines(sheet)
    for pair in pairs:
        cells = ", ".join(f"fitted({half - 8:.2f}pt, {at.line_height(pair):g}pt, {_statement(each)})" for each in pair)
        lines.append(f"grid(columns: ({half:.2f}pt, {half:.2f}pt), {cells})")
    last = f"{_statement(output)} #h(2.5em) {_point(sheet)}"
    lines.append(f"fitted({wide}, {at.line_height([output]):g}pt, [{last}])")
    lines.append(f"fitted({wide}, {at.LINE:g}pt, text(size: 9pt, fill: grey)[{_task(printed)}])")
    lines.append(f"v({at.GAP:g}pt)")
    return lines


def _title(printed: Printed, more: str = "") -> str:
    sheet, plan = printed.sheet, printed.plan
    label = text(sheet.label) + "#h(1.2em)" if sheet.label else ""
    right = f"[{label}Key]" if printed.is_key else f"[{label}#named]"
    return f"head({plan.body.width:.2f}pt, {at.HEAD:g}pt, [{text(sheet.title)}{text(more)}], {right})"


def _statement(statement: Equality) -> str:
    arguments = ", ".join(show(each, TYPST) for each in statement.arguments)
    left = show(statement.name, TYPST) + (f"({arguments})" if arguments else "")
    return f"$display({left} = {show(statement.formula, TYPST)})$"


def _point(sheet: Sheet) -> str:
    values = [f"${show(name, TYPST)} = {mathematics(value)}$" for name, value in sheet.point]
    return f"at #h(0.3em) {', #h(0.4em) '.join(values)}" if values else ""


def _task(printed: Printed) -> str:
    """Return what to do, in one line."""
    across = printed.plan.direction == RIGHT
    where = ("above", "below") if across else ("left of", "right of")
    output = show(printed.sheet.output, TYPST)
    return (
        f"On every wire: its value {where[0]} it, its gradient (the derivative of ${output}$) {where[1]} it. "
        "Forward in the order of the steps, backward in reverse."
    )


def _figure(printed: Printed, strips: Sequence[Strip]) -> str:
    """Return the figure, or what of it is on a page: whole, with the rules beside it, or in strips."""
    plan = printed.plan
    parts = [_strip(printed, strip) for strip in strips]
    if len(parts) > 1 or any((*strip.entering, *strip.leaving) for strip in strips):
        return f"stack(dir: ttb, spacing: {at.BETWEEN:g}pt, {', '.join(parts)})"
    figure = f"align(center, {parts[0]})"
    if not plan.beside:
        return figure
    columns = f"{plan.body.width - at.SIDE - at.GAP:.2f}pt, {at.SIDE:g}pt"
    return f"grid(columns: ({columns}), column-gutter: {at.GAP:g}pt, {figure}, {_rules(printed, at.SIDE, 1)})"


def _strip(printed: Printed, strip: Strip) -> str:
    """Return a part of the figure, with the names of the wires that are cut beside it."""
    scale, size = printed.plan.scale, printed.size
    lengths = [each * scale for each in (strip.width, strip.height, *size, strip.x, strip.y)]
    entering, leaving = (
        _tuple(f"([{text(cut(end.name, at.NAME, NAME_SIZE))}], {(end.y - strip.y) * scale:.3f}pt)" for end in ends)
        for ends in (strip.entering, strip.leaving)
    )
    hidden = _tuple(
        _lengths([(x - strip.x) * scale, (y - strip.y) * scale, (to_x - x) * scale, (to_y - y) * scale])
        for x, y, to_x, to_y, _ in strip.hidden
    )
    return f"strip({string(printed.picture)}, ..{_lengths(lengths)}, {at.NAME:g}pt, {entering}, {leaving}, {hidden})"


def _lengths(lengths: Sequence[float]) -> str:
    return _tuple(f"{length:.3f}pt" for length in lengths)


def _rules(printed: Printed, wide: float, columns: int) -> str:
    sheet = printed.sheet
    parts = [f"[{_rule(rule)}]" for rule in sheet.rules]
    if sheet.branches:
        parts.append("[branch: what comes back along its wires is added]")
    return f"rules({wide:.2f}pt, {at.RULE:g}pt, {columns}, {_tuple(parts)})"


def _foot(printed: Printed, shown: Sequence[Row], *, is_last: bool) -> list[str]:
    """Return rows of the table, and behind the last the rules and the notes."""
    sheet, plan = printed.sheet, printed.plan
    wide = f"{plan.body.width:.2f}pt"
    output = show(sheet.output, TYPST)
    heads = ["[step]", "[name]", "[value]", "[local gradients]", f"[gradient of ${output}$]"]
    rows = ",\n".join(_row(row, printed.is_key) for row in shown)
    table = (
        f"filled({wide}, {at.row_height(sheet, plan):.2f}pt, {_tuple(map(str, at.SHARES))}, {_tuple(heads)}, ({rows},))"
    )
    if not is_last:
        return [table]
    below = [] if plan.beside else [f"v({at.GAP:g}pt)", _rules(printed, plan.body.width, at.COLUMNS[plan.lies])]
    notes = [f"fitted({wide}, {at.LINE:g}pt, text(size: 8.5pt)[{text(note)}])" for note in sheet.notes]
    return [table, *below, *notes]


def _row(row: Row, is_key: bool) -> str:
    name = show(row.name, TYPST)
    formula = f" = {show(row.formula, TYPST)}" if row.formula else ""
    step = f"({row.step})" if row.step else ""
    lines = at.row_lines(row)
    bounds = [len(row.locals) * k // lines for k in range(lines + 1)]
    groups = (row.locals[start:end] for start, end in pairwise(bounds))
    locals_ = [f"[{'#h(1em)'.join(_local(each, is_key) for each in group)}]" for group in groups]
    value, gradient = (_number(each, is_key) for each in (row.value, row.gradient))
    return f"([{text(step)}], [${name}{formula}$], [{value}], {_tuple(locals_)}, [{gradient}])"


def _number(number: Number, is_key: bool) -> str:
    """Return a number, or the room for it."""
    return f"${mathematics(number.text)}$" if is_key or not number.asked else ""


def _local(local: Local, is_key: bool) -> str:
    left = f"partial {show(local.of, TYPST)} slash partial {show(local.by, TYPST)}"
    shown = _number(local.number, is_key)
    return f"${left} =$ #slot({at.LOCAL:g}pt)[{shown}]"


def _rule(rule: Rule) -> str:
    pieces = [f"$z = {show(rule.formula, TYPST)}$"]
    for slope in rule.slopes:
        told = f"= {show(slope.formula, TYPST)}$" if slope.formula else f"$: {text(slope.words)}"
        pieces.append(f"${_partial(slope.by)} {told}")
    return "#h(0.9em)".join(pieces)


def _partial(by: Atom) -> str:
    return show(Term("partial", (Atom("z"), by)), TYPST)


def _tuple(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"
