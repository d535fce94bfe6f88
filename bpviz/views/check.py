"""The verdicts of a gradient check as text: one row a name, and a sentence wherever a row needs explaining."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from bpviz.checking.verdicts import AGREES, DIFFERS, KINK, OPEN, POLE, Report, Row, relative
from bpviz.errors import UsageError
from bpviz.symbolic import DIGITS
from bpviz.views import latex
from bpviz.views.numerals import Rounding, number
from bpviz.views.table import Block, aligned, markdown_cell, markdown_table, tabular

HEADS = ("name", "gradient", "difference", "off by", "exact", "off by", "verdict")
NUMBERS = (1, 2, 3, 4, 5)
SIX_DIGITS = Rounding(6)
TWO_DIGITS = Rounding(2)
NONE = "–"
FIELDS = ("name", "gradient", "difference", "step", "error", "difference_off_by", "exact", "exact_off_by", "verdict")


def check(report: Report, format: str = "plain", rounding: Rounding = SIX_DIGITS) -> str:  # noqa: A002  CLI's word
    """Return a report as plain, markdown, latex, csv or json text; UsageError for any other format."""
    try:
        write = WRITERS[format]
    except KeyError:
        raise UsageError(f"no check is written as {format}", hint=f"choose one of {', '.join(WRITERS)}") from None
    return write(report, rounding)


def block(report: Report, rounding: Rounding = SIX_DIGITS) -> Block:
    """Return the rows as a table."""
    return Block(HEADS, tuple(_cells(report, row, rounding) for row in report.rows), NUMBERS)


def notes(report: Report) -> list[str]:
    """Return a sentence for each row that needs one, what "exact" is, and the count."""
    told = [sentence for row in report.rows if (sentence := _explained(report, row))]
    return [*told, _summary(report)]


def _cells(report: Report, row: Row, rounding: Rounding) -> tuple[str, ...]:
    name = report.trace.graph.nodes[row.node].name
    slope = row.difference.slope if row.difference and row.is_useful else None
    exact = None if row.verdict == KINK else row.exact
    others = [cell for other in (slope, exact) for cell in _compared(row.gradient, other, rounding)]
    return name, number(row.gradient, rounding), *others, row.verdict


def _compared(gradient: float, other: float | None, rounding: Rounding) -> tuple[str, str]:
    """Return another derivative and how far it is off, relatively."""
    if other is None:
        return NONE, NONE
    return number(other, rounding), number(relative(gradient, other), TWO_DIGITS) if isfinite(gradient) else NONE


def _summary(report: Report) -> str:
    counts = {verdict: sum(row.verdict == verdict for row in report.rows) for verdict in (AGREES, DIFFERS)}
    exact = f"exact: {report.method}, {DIGITS} digits" if report.method else "exact: a gate is too wide for sympy"
    return f"{exact}. {counts[AGREES]} of {len(report.rows)} agree within {report.tolerance:g}" + (
        f", {counts[DIFFERS]} differ{'' if counts[DIFFERS] > 1 else 's'}." if counts[DIFFERS] else "."
    )


def _explained(report: Report, row: Row) -> str:
    """Return the sentence that a row needs, or nothing."""
    name = report.trace.graph.nodes[row.node].name
    if row.verdict == AGREES:
        doubt = _doubt(report, row)
        return f"{name}: {doubt}; the exact derivative decides." if doubt else ""
    if row.verdict == KINK:
        return f"{name}: {_on_a_kink(report, row)}"
    if row.verdict == POLE:
        return f"{name}: the derivative is infinite here, so there is nothing to compare."
    if row.verdict == OPEN:
        return (
            f"{name}: {_doubt(report, row) or 'nothing is known of it'}, and there is no exact derivative: undecided."
        )
    return f"{name}: backpropagation gives {number(row.gradient, SIX_DIGITS)}, but {_what_others_say(row)}."


def _doubt(report: Report, row: Row) -> str:
    """Return why the difference says nothing, or nothing if it does."""
    found = row.difference
    if found is None:
        return "no step stays inside the domain on both sides, so there is no central difference"
    if found.kinks:
        gates = ", ".join(_equation(report, i) for i in found.kinks[:2])
        return f"every step of the difference crosses the kink of {gates}, which is that near"
    if row.is_useful:
        return ""
    return "float64 rounds too coarsely for a difference here"


def _on_a_kink(report: Report, row: Row) -> str:
    graph = report.trace.graph
    rules = [
        f"{_equation(report, i)} is at a kink ({gate.rule})" for i in row.kinks[:2] if (gate := graph.nodes[i].gate)
    ]
    told, found = ", and ".join(rules), row.difference
    if found is None:
        return f"{told}."
    left, right, taken = (number(float(f"{x:.3g}")) for x in (found.left, found.right, row.gradient))
    if left == right:
        return f"{told}. The slope is {left} on both sides all the same, and that rule does not find it."
    return f"{told}. Just below, the slope is {left}, just above, {right}: no derivative, and {taken} is a choice."


def _what_others_say(row: Row) -> str:
    said = [f"the exact derivative is {number(row.exact, SIX_DIGITS)}"] if row.exact is not None else []
    if row.difference and row.is_useful and not row.difference.kinks:
        said.append(f"the difference is {number(row.difference.slope, SIX_DIGITS)}")
    return " and ".join(said)


def _equation(report: Report, node: int) -> str:
    return f"{report.trace.graph.nodes[node].name} = {report.trace.graph.expression(node)}"


def _plain(report: Report, rounding: Rounding) -> str:
    table = block(report, rounding)
    return (
        "\n\n".join(["\n".join(lines) for lines in (aligned(table) if table.rows else [], notes(report)) if lines])
        + "\n"
    )


def _markdown(report: Report, rounding: Rounding) -> str:
    table = block(report, rounding)
    told = [f"*{markdown_cell(note)}*\n" for note in notes(report)]
    return "\n".join([*([markdown_table(table)] if table.rows else []), *told])


def _latex(report: Report, rounding: Rounding) -> str:
    table = block(report, rounding)
    rows = tuple(
        (
            f"${latex.name(name)}$",
            *(f"${latex.mathematics(cell)}$" if cell != NONE else "--" for cell in cells),
            verdict,
        )
        for name, *cells, verdict in table.rows
    )
    return (
        "\n".join([tabular(table._replace(rows=rows)), *(f"% {' '.join(note.split())}" for note in notes(report))])
        + "\n"
    )


def _csv(report: Report, rounding: Rounding) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(list(_record(report, row).values()) for row in report.rows)
    return out.getvalue()


def _json(report: Report, rounding: Rounding) -> str:
    import json

    trace = report.trace
    record = {
        "program": trace.graph.source,
        "output": trace.graph.output_name,
        "value": trace.values[trace.graph.output],
        "tolerance": report.tolerance,
        "exact": report.method,
        "rows": [_record(report, row) for row in report.rows],
        "notes": notes(report),
        "warnings": list(trace.warnings),
    }
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _record(report: Report, row: Row) -> dict[str, Any]:
    """Return a row in full precision; what does not exist is None."""
    found, exact = row.difference, row.exact
    return {
        "name": report.trace.graph.nodes[row.node].name,
        "gradient": row.gradient if isfinite(row.gradient) else None,
        "difference": found.slope if found else None,
        "step": found.step if found else None,
        "error": found.error if found else None,
        "difference_off_by": relative(row.gradient, found.slope) if found and isfinite(row.gradient) else None,
        "exact": exact,
        "exact_off_by": relative(row.gradient, exact) if exact is not None and isfinite(row.gradient) else None,
        "verdict": row.verdict,
    }


WRITERS: dict[str, Callable[[Report, Rounding], str]] = {
    "plain": _plain,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
    "json": _json,
}
