"""Write a report in a format: rich for a terminal, plain, markdown, latex, csv or json.

Every text of bpviz that is made of tables comes through here. Plain text, Markdown and LaTeX round their numbers as
the report does; CSV and JSON carry every digit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, TypeVar

from bpviz.errors import UsageError, count_columns
from bpviz.formula.mathml import escape
from bpviz.text.notebook_html import wrap_html, write_lines_html
from bpviz.text.report import MISSING, Cell, Markdown, Math, PieceLine, Report, ReportTable, Role, Text

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text as RichText

Writer = TypeVar("Writer")

STYLES: Mapping[str, str] = {  # of the terminal: of columns by their role, and of the pieces of a derivation
    "step": "dim",
    "value": "green",
    "values": "green",
    "gradient": "italic red",
    "gradients": "italic red",
    "terms": "italic red",
    "local": "dim",
    "heading": "bold",
    "remark": "dim",
}
MOST_RICH_ROWS = 2_000  # rich takes two milliseconds for each row; longer tables are plain text, in a notebook too
FIGURE_SPACE, PUNCTUATION_SPACE = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"  # as wide as a digit, and as a point
CSV_QUOTED = re.compile('[",\r\n]')
NUMERAL = re.compile(r"[−+]?[0-9.]+(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|[−+]?∞")  # somebody's answer may be 1/3, which is text
MARKDOWN_SPECIAL = "\\|*_`<>[]#"


def write(report: Report, format: str) -> Text:  # noqa: A002  the command line's word
    """Write a report as plain, markdown, latex, csv or json text; UsageError for any other format.

    The plain text is one that rich prints as a table with colours, and that a notebook sets.
    """
    writer = find_writer(WRITERS, format, f"no {report.noun} written as")
    if format == "markdown":
        return Markdown(writer(report))
    if format != "plain":
        return Text(writer(report))
    return Text(
        writer(report), partial(render, report), html=partial(write_html, report), latex=partial(write_latex, report)
    )


def find_writer(writers: Mapping[str, Writer], format: str, missing: str) -> Writer:  # noqa: A002  the command line's word
    """Find the writer of a format; raise UsageError, with a message that begins with `missing`, if there is none.

    >>> find_writer({"csv": str}, "csv", "no table is written as")
    <class 'str'>
    """
    try:
        return writers[format]
    except (KeyError, TypeError):  # a list has no hash
        raise UsageError(f"{missing} {format!s:.60}", hint=f"choose one of {', '.join(writers)}") from None


# a terminal


def render(report: Report) -> Group:
    """Write a report for rich's console: tables with colours, then the notes, an empty line between them."""
    from rich.console import Group
    from rich.text import Text as RichText

    parts: list[Any] = []
    for table in _drop_empty_tables(report):
        parts += ["", render_table(table)]
    for note in report.notes():
        parts += ["", RichText(f"note: {note}")]
    return Group(*parts[1:])


def render_table(table: ReportTable) -> Table | str:
    """Write a table for rich's console. Its cells are plain text, whatever markup they seem to hold."""
    from rich.table import Table
    from rich.text import Text as RichText

    if len(table.rows) > MOST_RICH_ROWS:
        return "\n".join(align(table))
    made = Table(box=None, pad_edge=False, header_style="bold")
    heads, *rows = _align_columns(table)
    for head, column in zip(heads, table.columns, strict=True):
        made.add_column(
            RichText(head),
            style=STYLES.get(column.role, ""),
            no_wrap=column.is_number or column.role == "name",
            overflow="fold",
        )
    for row in rows:
        made.add_row(*map(RichText, row))
    return made


def write_lines(
    lines: Sequence[PieceLine], *, html: Callable[[str], str] | None = None, latex: Callable[[], str] | None = None
) -> Text:
    """Write lines of pieces, such as a derivation's, as a text that rich prints with the colours of their roles.

    html, which is called with the plain text, and latex make what a notebook sets; without html that are the lines.
    """
    text = "\n".join("".join(piece.text for piece in line).rstrip() for line in lines) + "\n"
    set_html = partial(html, text) if html else partial(write_lines_html, lines)
    return Text(text, partial(_render_lines, lines), html=set_html, latex=latex)


def _render_lines(lines: Sequence[PieceLine]) -> RichText:
    from rich.text import Text as RichText

    pieces = (((piece.text, STYLES.get(piece.role, "")) for piece in line) for line in lines)
    joined = RichText("\n").join(RichText.assemble(*line) for line in pieces)
    joined.no_wrap, joined.overflow = True, "ignore"
    return joined


# plain text


def write_plain(report: Report) -> str:
    """Write a report as plain text, its columns aligned with spaces."""
    notes = [f"{report.prefix}{note}" for note in report.notes()]
    parts = [*map(align, _drop_empty_tables(report)), notes]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def align(table: ReportTable) -> list[str]:
    """Return the lines of a table, heads first, its columns aligned with spaces."""
    rows = [line for row in _align_columns(table) for line in _split_lines(row)]
    widths = [max(map(count_columns, column)) for column in zip(*rows, strict=True)]
    padded = [
        [cell + " " * (width - count_columns(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows
    ]
    return ["  ".join(row).rstrip() for row in padded]


def _align_columns(table: ReportTable) -> list[list[str]]:
    """Return the rows of a table, heads first, spaces in its numbers so that their decimal points stand in line."""
    columns = []
    for k, column in enumerate(table.columns):
        cells = [_show_block(row[k]) for row in table.rows]
        head = _show_cell(column.head)
        if column.is_number:
            cells = _align_points(cells)
            width = max(map(count_columns, [head, *cells]))
            head, *cells = (" " * (width - count_columns(cell)) + cell for cell in [head, *cells])
        columns.append([head, *cells])
    return [list(row) for row in zip(*columns, strict=True)]


def _align_points(cells: Sequence[str]) -> list[str]:
    """Put spaces behind numbers so that, aligned on the right, they have their decimal points in line.

    >>> _align_points(["−88", "0.5", "–", "3×10⁻⁶"])
    ['−88     ', '0.5   ', '–', '3×10⁻⁶']
    """
    behind = [
        count_columns(cell) - count_columns(re.split("[.×]", cell, maxsplit=1)[0]) if NUMERAL.fullmatch(cell) else None
        for cell in cells
    ]
    longest = max((columns for columns in behind if columns is not None), default=0)
    return [
        cell if columns is None else cell + " " * (longest - columns)
        for cell, columns in zip(cells, behind, strict=True)
    ]


def _split_lines(row: Sequence[str]) -> list[list[str]]:
    """Return the lines of a row of a table, whose cells may have several."""
    cells = [cell.split("\n") for cell in row]
    return [[lines[k] if k < len(lines) else "" for lines in cells] for k in range(max(map(len, cells)))]


def _show_block(cell: Cell) -> str:
    return (cell.block or cell.text) if isinstance(cell, Math) else cell


def _show_cell(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


def _drop_empty_tables(report: Report) -> list[ReportTable]:
    return [table for table in report.tables() if table.rows]


# Markdown


def write_markdown(report: Report) -> str:
    """Write a report as Markdown tables, and its notes in italics."""
    parts = []
    for table in _drop_empty_tables(report):
        heads = [_show_cell(column.head) for column in table.columns]
        rule = ["---:" if column.is_number else ":---" for column in table.columns]
        rows = ([escape_markdown(_show_cell(cell)) for cell in row] for row in table.rows)
        parts.append("".join(f"| {' | '.join(row)} |\n" for row in (heads, rule, *rows)))
    return "\n".join([*parts, *(f"*{escape_markdown(note)}*\n" for note in report.notes())])


def escape_markdown(text: str) -> str:
    """Write a text as Markdown that shows it as it is, on one line."""
    return "".join(f"\\{c}" if c in MARKDOWN_SPECIAL else " " if c.isspace() else c for c in text)


# LaTeX


def write_latex(report: Report) -> str:
    """Write a report as LaTeX tabulars, their cells mathematics; the notes are comments."""
    notes = "".join(f"% {' '.join(note.split())}\n" for note in report.notes())
    return "\n".join(filter(None, [*map(_write_tabular, _drop_empty_tables(report)), notes]))


def _write_tabular(table: ReportTable) -> str:
    shape = "".join("r" if column.is_number else "l" for column in table.columns)
    heads = [_write_latex_cell(column.head, "text") for column in table.columns]
    roles = [column.role for column in table.columns]
    rows = [[*map(_write_latex_cell, row, roles)] for row in table.rows]
    has_grids = any(isinstance(cell, Math) and cell.block for row in table.rows for cell in row)
    end = r"\\[1ex]" if has_grids else r"\\"
    lines = [f"  {' & '.join(row)} {end}\n" for row in (heads, *rows)]
    return "".join([f"\\begin{{tabular}}{{{shape}}}\n", lines[0], "  \\hline\n", *lines[1:], "\\end{tabular}\n"])


def _write_latex_cell(cell: Cell, role: Role) -> str:
    from bpviz.formula import latex as tex  # late: no other format needs it

    if not isinstance(cell, str):
        return f"${cell.latex()}$"
    if cell == MISSING:
        return "--"
    if role == "name":
        return f"${tex.name(cell)}$"
    is_mathematics = role in ("value", "gradient", "terms") or (role == "number" and NUMERAL.fullmatch(cell))
    return f"${tex.mathematics(cell)}$" if cell and is_mathematics else tex.text(cell)


# a notebook


def write_html(report: Report) -> str | None:
    """Write a report as tables of HTML for a notebook, its notes below; None if it has more rows than a page is for."""
    tables = _drop_empty_tables(report)
    if any(len(table.rows) > MOST_RICH_ROWS for table in tables):
        return None
    return wrap_html([*map(_write_html_table, tables), *(f"<p>{escape(note)}</p>" for note in report.notes())])


def _write_html_table(table: ReportTable) -> str:
    columns = []
    for k, column in enumerate(table.columns):
        cells = [_show_block(row[k]) for row in table.rows]
        columns.append([_pad_point(cell) for cell in _align_points(cells)] if column.is_number else cells)
    kinds = [f"{column.role}{' number' * column.is_number}" for column in table.columns]
    heads = "".join(
        f'<th class="{"number" * column.is_number}">{escape(_show_cell(column.head))}</th>' for column in table.columns
    )
    rows = (
        "".join(f'<td class="{kind}">{_escape_block(cell)}</td>' for kind, cell in zip(kinds, row, strict=True))
        for row in zip(*columns, strict=True)
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _escape_block(cell: str) -> str:
    """Write a cell, the rows of a matrix as lines in a typeface whose characters are of one width."""
    lines = [*map(escape, cell.split("\n"))]
    return f'<span class="block">{chr(10).join(lines)}</span>' if lines[1:] else lines[0]


def _pad_point(cell: str) -> str:
    """Replace the spaces behind a number by ones that are as wide as what stands there in other numbers."""
    number = cell.rstrip(" ")
    missing = len(cell) - len(number)
    if not missing:
        return number
    first = FIGURE_SPACE if "." in number else PUNCTUATION_SPACE
    return number + first + FIGURE_SPACE * (missing - 1)


# data


def write_csv(report: Report) -> str:
    """Write a report's rows as CSV.

    Not by the module csv, whose output depends on the release of Python: 3.10 cannot write a NUL, and before 3.13
    carriage returns are not quoted.
    """
    lines = []
    for row in report.csv_rows():
        texts = ("" if value is None else str(value) for value in row)
        fields = ('"{}"'.format(text.replace('"', '""')) if CSV_QUOTED.search(text) else text for text in texts)
        lines.append(f"{','.join(fields)}\n")
    return "".join(lines)


def write_json(report: Report) -> str:
    """Write a report's record as JSON. What the record iterates over, as the gates of a trace, is one item a line."""
    record = report.record()
    if not any(isinstance(value, Iterator) for value in record.values()):
        return encode(record, report.indent) + "\n"
    fields = []
    for name, value in record.items():
        text = "[]"
        if not isinstance(value, Iterator):
            text = encode(value)
        elif lines := ",\n".join(f"    {encode(item)}" for item in value):
            text = f"[\n{lines}\n  ]"
        fields.append(f"  {encode(name)}: {text}")
    return "{\n" + ",\n".join(fields) + "\n}\n"


def encode(value: object, indent: int | None = None) -> str:
    """Write a value as JSON, which has no infinities: "Infinity" and "-Infinity", and null for what is no number.

    >>> encode({"x": [0.5, float("inf"), -float("inf"), float("nan")]})
    '{"x": [0.5, "Infinity", "-Infinity", null]}'
    """
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:  # few have one, and a long list is not copied for nothing
        return json.dumps(_replace_infinities(value), ensure_ascii=False, indent=indent, allow_nan=False)


def _replace_infinities(value: object) -> object:
    """Replace the floats that JSON has not, in a record as deep as reports are."""
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _replace_infinities(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replace_infinities(each) for each in value]
    return value


WRITERS: Mapping[str, Callable[[Report], str]] = {
    "plain": write_plain,
    "markdown": write_markdown,
    "latex": write_latex,
    "csv": write_csv,
    "json": write_json,
}
