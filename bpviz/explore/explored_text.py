"""Sweeps and descents as text: all of their points, or on a terminal as many as a person reads.

CSV and JSON carry the full double precision. A point of a sweep outside the domain has empty fields in CSV, and null
in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from bpviz.autodiff import Trace, run
from bpviz.explore.descents import Descent
from bpviz.explore.sweeps import Sweep
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number, rounding_to
from bpviz.noise import clear_noise, is_known
from bpviz.text.report import MISSING, Report, ReportColumn, ReportTable, Text, head_with_name, head_with_slope
from bpviz.text.writers import write

# What a terminal shows of a sweep: rows of one range, values of each range of a grid, and columns of gradients.
MOST_ROWS, MOST_VALUES_EACH, MOST_GRADIENTS = 25, 5, 4
# And of a descent: its first rows and its last ones, and parameters, each with a column for its gradient.
FIRST_ROWS, LAST_ROWS, MOST_PARAMS = 15, 8, 3


def write_text(
    what: Sweep | Descent,
    format: str = "plain",  # noqa: A002  the command line's word
    *,
    digits: int = 3,
    decimals: int | None = None,
    whole: bool = True,
) -> Text:
    """Write a sweep or a descent as plain, markdown, latex, csv or json text; UsageError for any other format.

    whole=False leaves out rows and columns that a terminal has no room for.

    >>> from bpviz.explore import sweep
    >>> from bpviz.lang import parse
    >>> print(write_text(sweep(parse("x^2"), x="0:1:2"), "csv"), end="")
    x,f,df/dx
    0.0,0.0,0.0
    1.0,1.0,2.0
    """
    rounding = rounding_to(digits, decimals)
    report = SweepReport(what, rounding, whole) if isinstance(what, Sweep) else DescentReport(what, rounding, whole)
    return write(report, format)


@dataclass(frozen=True)
class SweepReport(Report):
    """The points of a sweep; if it is not whole, evenly chosen ones, and the gradients of what moves first."""

    noun = "sweep is"

    sweep: Sweep
    rounding: Rounding = THREE_DIGITS
    whole: bool = True

    def tables(self) -> list[ReportTable]:
        """Return a row for each point."""
        sweep, output = self.sweep, self.sweep.graph.output_name
        moving = [each.name for each in sweep.ranges]
        names = [*moving, *(name for name in sweep.gradients if name not in moving)]
        names = names if self.whole else names[:MOST_GRADIENTS]
        columns = (
            *(ReportColumn(head_with_name(name), "number") for name in (*moving, output)),
            *(ReportColumn(head_with_slope(output, name), "gradient") for name in names),
        )
        points, rows = list(sweep.points()), []
        for i in self._choose_points():
            numbers = [sweep.values[i], *(sweep.gradients[name][i] for name in names)]
            if not any(map(isnan, numbers)):
                trace = clear_noise(self._run_at(points[i]))
                numbers = [trace.values[sweep.graph.output], *(trace.gradients[name] for name in names)]
            rows.append((*(number(x, self.rounding) for x in points[i]), *map(self._write_cell, numbers)))
        return [ReportTable(columns, rows)]

    def _run_at(self, point: Sequence[float]) -> Trace:
        moving = {each.name: x for each, x in zip(self.sweep.ranges, point, strict=True)}
        return run(self.sweep.graph, {**self.sweep.fixed, **moving})

    def notes(self) -> list[str]:
        """Return which points are shown, the least and the greatest value, and the gaps."""
        sweep, lines = self.sweep, []
        rows, points = len(self._choose_points()), len(sweep.values)
        hidden = 0 if self.whole else len(sweep.gradients) - MOST_GRADIENTS
        left_out = [f"{rows} of {points:,} points are shown"] if rows < points else []
        left_out += [f"{hidden} more gradient{'s' if hidden > 1 else ''} left out"] if hidden > 0 else []
        if left_out:
            lines.append(f"{', '.join(left_out)}; --all shows all")
        known = [i for i, value in enumerate(sweep.values) if not isnan(value)]
        if known:
            extremes, inputs = [], list(sweep.points())
            for word, choose in (("least", min), ("greatest", max)):
                i = choose(known, key=sweep.values.__getitem__)
                while len(known) > 1 and not is_known(self._run_at(inputs[i]), sweep.graph.output):  # beside a pole
                    known.remove(i)
                    i = choose(known, key=sweep.values.__getitem__)
                value = clear_noise(self._run_at(inputs[i])).values[sweep.graph.output]
                numbers = zip(sweep.ranges, inputs[i], strict=True)
                where = ", ".join(f"{each.name} = {number(x, self.rounding)}" for each, x in numbers)
                extremes.append(f"{word} {sweep.graph.output_name} = {self._write_cell(value)} at {where}")
            lines.append(", ".join(extremes))
        return [*lines, *sweep.warnings]

    def record(self) -> dict[str, Any]:
        """Return the sweep as a dictionary; where a number does not exist, None."""
        sweep = self.sweep
        return {
            "program": sweep.graph.source,
            "output": sweep.graph.output_name,
            "fixed": dict(sweep.fixed),
            "ranges": {each.name: list(each.values) for each in sweep.ranges},
            "shape": list(sweep.shape),
            "value": list(sweep.values),
            "gradients": {name: list(column) for name, column in sweep.gradients.items()},
            "outside": sweep.gaps,
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each point; a number that does not exist is an empty field."""
        sweep, output = self.sweep, self.sweep.graph.output_name
        yield [*(each.name for each in sweep.ranges), output, *(f"d{output}/d{name}" for name in sweep.gradients)]
        for point, *numbers in zip(sweep.points(), sweep.values, *sweep.gradients.values(), strict=True):
            yield [*point, *("" if isnan(x) else x for x in numbers)]

    def _choose_points(self) -> Sequence[int]:
        """Return all points, or those that a terminal shows: the corners, and evenly chosen ones between them."""
        if self.whole:
            return range(len(self.sweep.values))
        if len(self.sweep.ranges) == 1:
            return _choose_evenly(self.sweep.ranges[0].points, MOST_ROWS)
        across, up = (_choose_evenly(each.points, MOST_VALUES_EACH) for each in self.sweep.ranges)
        return [i * self.sweep.ranges[0].points + j for i in up for j in across]

    def _write_cell(self, value: float) -> str:
        return MISSING if isnan(value) else number(value, self.rounding)


def _choose_evenly(count: int, limit: int) -> list[int]:
    """Return at most `limit` indices from 0 to count - 1, in steps as even as whole numbers allow.

    >>> _choose_evenly(101, 5), _choose_evenly(3, 5)
    ([0, 25, 50, 75, 100], [0, 1, 2])
    """
    if count <= limit:
        return list(range(count))
    parts = next((parts for parts in range(limit - 1, limit // 2, -1) if (count - 1) % parts == 0), limit - 1)
    return [round(i * (count - 1) / parts) for i in range(parts + 1)]


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
            *(ReportColumn(head_with_name(name), "number") for name in (*params, descent.name)),
            *(ReportColumn(head_with_slope(descent.name, name), "gradient") for name in params),
        )
        is_cut = not self.whole and count > FIRST_ROWS + LAST_ROWS + 1
        rows = []
        for i in [*range(FIRST_ROWS), *range(count - LAST_ROWS, count)] if is_cut else range(count):
            point, value, gradients = descent.path[i]
            numbers = (*point[: len(params)], value, *gradients[: len(params)])
            rows.append((str(i), *(number(x, self.rounding) for x in numbers)))
        if is_cut:
            rows.insert(FIRST_ROWS, ("…",) * len(columns))
        return [ReportTable(columns, rows)]

    def notes(self) -> list[str]:
        """Return why there are no more steps, and what is not shown."""
        hidden = 0 if self.whole else len(self.descent.params) - MOST_PARAMS
        more = [f"{hidden} more parameter{'s' if hidden > 1 else ''} left out; --all shows all"] if hidden > 0 else []
        return [self.descent.summarize(self.rounding), *more]

    def record(self) -> dict[str, Any]:
        """Return the descent as a dictionary."""
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
                    "gradients": dict(zip(descent.params, step.gradients, strict=True)),
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
