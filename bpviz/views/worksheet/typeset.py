"""Worksheets and their keys as Typst: each sheet one page, or the figure's pages and one for the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bpviz.fonts import FAMILY
from bpviz.views.deck.statements import Statement
from bpviz.views.formula import Atom, Term
from bpviz.views.printing import show
from bpviz.views.theme import RIGHT
from bpviz.views.typst import TYPST, WORD, mathematics, string, text
from bpviz.views.worksheet import places as at
from bpviz.views.worksheet.places import Plan, Size
from bpviz.views.worksheet.records import Local, Number, Row, Rule, Sheet
from bpviz.views.worksheet.template import TEMPLATE

SLOT = 40.0  # points: the line for a local gradient
SHARES = (4, 22, 10, 34, 10)  # the widths of the table's columns


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
    """Yield the pages of one sheet."""
    plan = printed.plan
    upright = printed._replace(plan=plan.upright)
    if plan.is_tiled:
        yield _page(plan.upright, [*_head(upright), *_foot(upright)])
        yield from _tiles(printed)
        return
    figure = [*_head(printed), _figure(printed)]
    if plan.one_page:
        yield _page(plan, [*figure, "v(1fr)", *_foot(printed)])
        return
    yield _page(plan, figure)
    yield _page(plan.upright, [_title(upright), *_foot(upright)])


def _tiles(printed: Printed) -> Iterator[str]:
    """Yield the pages of a figure that takes several."""
    across, down = printed.plan.tiles
    body = printed.plan.body
    room = Size(body.width, body.height - at.HEAD)
    for row in range(down):
        for column in range(across):
            title = _title(printed, f" (graph, part {row * across + column + 1} of {across * down})")
            yield _page(printed.plan, [title, _tile(printed, room, column, row)])


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


def _statement(statement: Statement) -> str:
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


def _figure(printed: Printed) -> str:
    """Return the figure, whole and in the middle of the page, with the rules beside it, or in strips."""
    plan, size = printed.plan, printed.size
    whole = Size(size.width * plan.scale, size.height * plan.scale)
    if plan.strips > 1:
        room = Size(plan.body.width, whole.height)
        strips = ", ".join(_tile(printed, room, strip, 0) for strip in range(plan.strips))
        return f"stack(dir: ttb, spacing: {at.GAP:g}pt, {strips})"
    figure = f"align(center, {_tile(printed, whole, 0, 0)})"
    if not plan.beside:
        return figure
    columns = f"{plan.body.width - at.SIDE - at.GAP:.2f}pt, {at.SIDE:g}pt"
    return f"grid(columns: ({columns}), column-gutter: {at.GAP:g}pt, {figure}, {_rules(printed, at.SIDE, 1)})"


def _tile(printed: Printed, room: Size, column: int, row: int) -> str:
    """Return as much of the figure as there is room for, from a place on that overlaps with what came before."""
    plan, size = printed.plan, printed.size
    whole = Size(size.width * plan.scale, size.height * plan.scale)
    x, y = column * (room.width - at.OVERLAP), row * (room.height - at.OVERLAP)
    shown = Size(min(room.width, whole.width - x), min(room.height, whole.height - y))
    lengths = (*shown, *whole, x, y)
    return f"tile({string(printed.picture)}, {', '.join(f'{length:.3f}pt' for length in lengths)})"


def _rules(printed: Printed, wide: float, columns: int) -> str:
    sheet = printed.sheet
    parts = [f"[{_rule(rule)}]" for rule in sheet.rules]
    if sheet.branches:
        parts.append("[branch: what comes back along its wires is added]")
    return f"rules({wide:.2f}pt, {at.RULE:g}pt, {columns}, {_tuple(parts)})"


def _foot(printed: Printed) -> list[str]:
    sheet, plan = printed.sheet, printed.plan
    wide = f"{plan.body.width:.2f}pt"
    output = show(sheet.output, TYPST)
    heads = ["[step]", "[name]", "[value]", "[local gradients]", f"[gradient of ${output}$]"]
    rows = ",\n".join(_row(row, printed.is_key) for row in sheet.rows)
    table = (
        f"filled({wide}, {at.row_height(sheet, plan):.2f}pt, {_tuple(map(str, SHARES))}, {_tuple(heads)}, ({rows},))"
    )
    below = [] if plan.beside else [f"v({at.GAP:g}pt)", _rules(printed, plan.body.width, at.COLUMNS[plan.lies])]
    notes = [f"fitted({wide}, {at.LINE:g}pt, text(size: 8.5pt)[{text(note)}])" for note in sheet.notes]
    return [table, *below, *notes]


def _row(row: Row, is_key: bool) -> str:
    name = show(row.name, TYPST)
    formula = f" = {show(row.formula, TYPST)}" if row.formula else ""
    step = f"({row.step})" if row.step else ""
    locals_ = "#h(1em)".join(_local(each, is_key) for each in row.locals)
    value, gradient = (_number(each, is_key) for each in (row.value, row.gradient))
    return f"([{text(step)}], [${name}{formula}$], [{value}], [{locals_}], [{gradient}])"


def _number(number: Number, is_key: bool) -> str:
    """Return a number, or the room for it."""
    return f"${mathematics(number.text)}$" if is_key or not number.asked else ""


def _local(local: Local, is_key: bool) -> str:
    left = f"partial {show(local.of, TYPST)} slash partial {show(local.by, TYPST)}"
    shown = _number(local.number, is_key)
    return f"${left} =$ #slot({SLOT:g}pt)[{shown}]"


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
