"""A descent as text: a row a step, or on a terminal as many as can be read, and the sentence that says why it ended."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from bpviz.explore.descents import CONVERGED, CYCLES, DIVERGED, LEFT, STALLED, STEPS, Descent, Step
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.text.tables import Block, aligned, markdown_cell, markdown_table, tabular
from bpviz.text.writers import writer_of

FIRST_ROWS, LAST_ROWS = 15, 8  # that a terminal shows of a long path
MOST_PARAMS = 3  # with a column each on a terminal, and one for the gradient


def descent_text(descent: Descent, format: str = "plain", rounding: Rounding = THREE_DIGITS) -> str:  # noqa: A002
    """Return a descent as plain, markdown, latex, csv or json text; UsageError for any other format."""
    return writer_of(WRITERS, format, "no descent is written as")(descent, rounding)


def block(descent: Descent, rounding: Rounding = THREE_DIGITS, *, whole: bool = True) -> Block:
    """Return the steps as rows; if not the whole, the first and the last of them, and the first parameters."""
    params = descent.params if whole else descent.params[:MOST_PARAMS]
    heads = ("step", *params, descent.name, *(f"∂{descent.name}/∂{name}" for name in params))
    count = len(descent.path)
    is_cut = not whole and count > FIRST_ROWS + LAST_ROWS + 1
    shown = [*range(FIRST_ROWS), *range(count - LAST_ROWS, count)] if is_cut else range(count)
    rows = [_row(i, descent.path[i], len(params), rounding) for i in shown]
    if is_cut:
        rows.insert(FIRST_ROWS, ("…",) * len(heads))
    return Block(heads, tuple(rows), tuple(range(len(heads))))


def notes(descent: Descent, rounding: Rounding = THREE_DIGITS, *, whole: bool = True) -> list[str]:
    """Return what is to be said under the rows: why there are no more, and what is not shown."""
    hidden = 0 if whole else len(descent.params) - MOST_PARAMS
    more = [f"{hidden} more parameter{'s' if hidden > 1 else ''} left out; --all shows all"] if hidden > 0 else []
    return [outcome(descent, rounding), *more]


def outcome(descent: Descent, rounding: Rounding = THREE_DIGITS) -> str:
    """Return the sentence that says how the path ended, after how many steps, and what to do about it."""
    steps = f"{descent.steps} step{'' if descent.steps == 1 else 's'}"
    end = descent.path[-1]
    value = f"{descent.name} = {number(end.value, rounding)}"
    detail = f": {descent.detail}" if descent.detail else ""
    steepest = number(max(map(abs, end.gradients)), rounding)
    smaller = "; a smaller --rate may help" if all(map(isfinite, end.gradients)) else ""
    best = "largest" if descent.maximizes else "smallest"
    sentences = {
        CONVERGED: f"converged after {steps}: the gradient is as good as 0, {value}",
        DIVERGED: f"diverged after {steps}{detail}{smaller}",
        LEFT: f"left the domain after {steps}{detail}{smaller}",
        CYCLES: f"goes in circles after {steps}, back where it was every {descent.period} steps, {value}{smaller}",
        STALLED: f"stands still after {steps}: at this --rate the steps are too small to change anything",
        STEPS: f"not at the {best} value after {steps}: {value}, and the gradient is still {steepest}; "
        "more --steps may help",
    }
    return sentences[descent.reason]


def record(descent: Descent) -> dict[str, Any]:
    """Return a descent as the dictionary that JSON writes; an infinite number as None."""
    return {
        "program": descent.graph.source,
        "maximized" if descent.maximizes else "minimized": descent.name,
        "params": list(descent.params),
        "fixed": dict(descent.fixed),
        "rate": descent.rate,
        "outcome": descent.reason,
        "detail": descent.detail,
        "steps": descent.steps,
        "path": [
            {
                **dict(zip(descent.params, step.point, strict=True)),
                "value": step.value,
                "gradients": {
                    name: x if isfinite(x) else None for name, x in zip(descent.params, step.gradients, strict=True)
                },
            }
            for step in descent.path
        ],
    }


def _row(i: int, step: Step, params: int, rounding: Rounding) -> tuple[str, ...]:
    numbers = (*step.point[:params], step.value, *step.gradients[:params])
    return (str(i), *(number(x, rounding) for x in numbers))


def _plain(descent: Descent, rounding: Rounding) -> str:
    told = [f"note: {note}" for note in notes(descent, rounding)]
    return "\n".join([*aligned(block(descent, rounding)), "", *told]) + "\n"


def _markdown(descent: Descent, rounding: Rounding) -> str:
    told = "".join(f"\n*{markdown_cell(note)}*\n" for note in notes(descent, rounding))
    return markdown_table(block(descent, rounding)) + told


def _latex(descent: Descent, rounding: Rounding) -> str:
    from bpviz.formula import latex  # late: no other format needs mathematics

    plain, output = block(descent, rounding), latex.name(descent.name)
    names = [latex.name(name) for name in descent.params]
    heads = (*names, output, *(rf"\partial {output}/\partial {name}" for name in names))
    rows = tuple((row[0], *(f"${latex.mathematics(cell)}$" for cell in row[1:])) for row in plain.rows)
    told = "".join(f"% {note}\n" for note in notes(descent, rounding))
    return tabular(Block(("step", *(f"${head}$" for head in heads)), rows, plain.numbers)) + told


def _csv(descent: Descent, rounding: Rounding) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    slopes = [f"d{descent.name}/d{name}" for name in descent.params]
    writer.writerow(["step", *descent.params, descent.name, *slopes])
    for i, step in enumerate(descent.path):
        writer.writerow([i, *step.point, step.value, *step.gradients])
    return out.getvalue()


def _json(descent: Descent, rounding: Rounding) -> str:
    import json

    return json.dumps(record(descent), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


WRITERS: dict[str, Callable[[Descent, Rounding], str]] = {
    "plain": _plain,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
    "json": _json,
}
