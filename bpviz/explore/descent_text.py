"""A descent as text: a row a step, or on a terminal as many as can be read, and the sentence that says why it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from bpviz.explore.descents import CONVERGED, CYCLES, DIVERGED, LEFT, STALLED, STEPS, Descent
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.text.report import Report, ReportColumn, ReportTable, Text, finite, name_head, slope_head
from bpviz.text.writers import write

FIRST_ROWS, LAST_ROWS = 15, 8  # that a terminal shows of a long path
MOST_PARAMS = 3  # with a column each on a terminal, and one for the gradient


def descent_text(
    descent: Descent,
    format: str = "plain",  # noqa: A002  the command line's word
    rounding: Rounding = THREE_DIGITS,
    *,
    whole: bool = True,
) -> Text:
    """Return a descent as plain, markdown, latex, csv or json text; UsageError for any other format.

    whole=False leaves out rows and columns that a terminal has no room for.
    """
    return write(DescentReport(descent, rounding, whole), format)


@dataclass(frozen=True)
class DescentReport(Report):
    """The steps of a descent; if it is not whole, the first and the last of them, and the first parameters."""

    noun = "descent is"
    indent = 2

    descent: Descent
    rounding: Rounding = THREE_DIGITS
    whole: bool = True

    def tables(self) -> list[ReportTable]:
        """Return a row for each step."""
        descent, count = self.descent, len(self.descent.path)
        params = descent.params if self.whole else descent.params[:MOST_PARAMS]
        columns = (
            ReportColumn("step", "step"),
            *(ReportColumn(name_head(name), "number") for name in (*params, descent.name)),
            *(ReportColumn(slope_head(descent.name, name), "gradient") for name in params),
        )
        is_cut = not self.whole and count > FIRST_ROWS + LAST_ROWS + 1
        steps = [*range(FIRST_ROWS), *range(count - LAST_ROWS, count)] if is_cut else range(count)
        rows = [self._row(i, len(params)) for i in steps]
        if is_cut:
            rows.insert(FIRST_ROWS, ("…",) * len(columns))
        return [ReportTable(columns, rows)]

    def notes(self) -> list[str]:
        """Return why there are no more steps, and what is not shown."""
        hidden = 0 if self.whole else len(self.descent.params) - MOST_PARAMS
        more = [f"{hidden} more parameter{'s' if hidden > 1 else ''} left out; --all shows all"] if hidden > 0 else []
        return [outcome(self.descent, self.rounding), *more]

    def record(self) -> dict[str, Any]:
        """Return the descent as a dictionary; an infinite number is None."""
        descent = self.descent
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
                    "gradients": dict(zip(descent.params, map(finite, step.gradients), strict=True)),
                }
                for step in descent.path
            ],
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each step."""
        name, params = self.descent.name, self.descent.params
        yield "step", *params, name, *(f"d{name}/d{param}" for param in params)
        for i, step in enumerate(self.descent.path):
            yield i, *step.point, step.value, *step.gradients

    def _row(self, i: int, params: int) -> tuple[str, ...]:
        step = self.descent.path[i]
        numbers = (*step.point[:params], step.value, *step.gradients[:params])
        return str(i), *(number(x, self.rounding) for x in numbers)


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
