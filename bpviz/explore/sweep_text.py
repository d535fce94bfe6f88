"""A sweep as text: all of its points, or on a terminal as many as can be read, with what the rest comes to.

CSV and JSON carry the full double precision; a point outside the domain has empty fields there, and null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from bpviz.explore.sweeps import Sweep
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.text.report import MISSING, Report, ReportColumn, ReportTable, Text, finite, name_head, present, slope_head
from bpviz.text.writers import write

MOST_ROWS = 25  # that a terminal shows of one range
MOST_EACH = 5  # values of each range that a terminal shows of a grid
MOST_GRADIENTS = 4  # columns of gradients on a terminal


def sweep_text(
    sweep: Sweep,
    format: str = "plain",  # noqa: A002  the command line's word
    rounding: Rounding = THREE_DIGITS,
    *,
    whole: bool = True,
) -> Text:
    """Return a sweep as plain, markdown, latex, csv or json text; UsageError for any other format.

    whole=False leaves out rows and columns that a terminal has no room for.
    """
    return write(SweepReport(sweep, rounding, whole), format)


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
            *(ReportColumn(name_head(name), "number") for name in (*moving, output)),
            *(ReportColumn(slope_head(output, name), "gradient") for name in names),
        )
        points = list(sweep.points())
        rows = [
            (
                *(number(x, self.rounding) for x in points[i]),
                self._cell(sweep.values[i]),
                *(self._cell(sweep.gradients[name][i]) for name in names),
            )
            for i in (range(len(points)) if self.whole else _chosen(sweep))
        ]
        return [ReportTable(columns, rows)]

    def notes(self) -> list[str]:
        """Return which points are shown, the least and the greatest value, and the gaps."""
        left_out = [] if self.whole else _left_out(self.sweep)
        return [*left_out, *_extremes(self.sweep, self.rounding), *gap_lines(self.sweep)]

    def record(self) -> dict[str, Any]:
        """Return the sweep as a dictionary; where a number does not exist, or is infinite, None."""
        sweep = self.sweep
        return {
            "program": sweep.graph.source,
            "output": sweep.graph.output_name,
            "fixed": dict(sweep.fixed),
            "ranges": {each.name: list(each.values) for each in sweep.ranges},
            "shape": list(sweep.shape),
            "value": [finite(value) for value in sweep.values],
            "gradients": {name: [finite(x) for x in column] for name, column in sweep.gradients.items()},
            "outside": sweep.gaps,
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each point; a number that does not exist is an empty field."""
        heads, numbers = zip(*columns(self.sweep), strict=True)
        yield heads
        for row in zip(*numbers, strict=True):
            yield [present(x) for x in row]

    def _cell(self, value: float) -> str:
        return MISSING if isnan(value) else number(value, self.rounding)


def summary(sweep: Sweep, rounding: Rounding = THREE_DIGITS) -> str:
    """Return in one line what was swept."""
    over = " and ".join(
        f"{each.name} from {number(each.start, rounding)} to {number(each.stop, rounding)}" for each in sweep.ranges
    )
    return f"{sweep.graph.output_name} over {over}: {len(sweep.values):,} points"


def gap_lines(sweep: Sweep) -> list[str]:
    """Return what there is to say of points without a value, and of those without a gradient."""
    total, lines = len(sweep.values), []
    if sweep.gaps:
        lines.append(f"{sweep.gaps:,} of {total:,} points {'is' if sweep.gaps == 1 else 'are'} outside the domain")
    if sweep.undefined:
        has = "has" if sweep.undefined == 1 else "have"
        lines.append(f"{sweep.undefined:,} of {total:,} points {has} no gradient")
    return lines


def columns(sweep: Sweep) -> Iterator[tuple[str, Sequence[float]]]:
    """Yield the columns of a sweep: the ranges' inputs, the value, and every gradient."""
    points = list(sweep.points())
    for i, each in enumerate(sweep.ranges):
        yield each.name, [point[i] for point in points]
    yield sweep.graph.output_name, sweep.values
    for name, column in sweep.gradients.items():
        yield f"d{sweep.graph.output_name}/d{name}", column


def _chosen(sweep: Sweep) -> list[int]:
    """Return the rows that a terminal shows: the first, the last, and evenly chosen ones between them."""
    if len(sweep.ranges) == 1:
        return _even(sweep.ranges[0].points, MOST_ROWS)
    across, up = sweep.ranges
    columns = _even(across.points, MOST_EACH)
    return [i * across.points + j for i in _even(up.points, MOST_EACH) for j in columns]


def _even(count: int, most: int) -> list[int]:
    """Return places from 0 to count - 1, at most so many, in steps as even as whole numbers allow.

    >>> _even(101, 5), _even(3, 5)
    ([0, 25, 50, 75, 100], [0, 1, 2])
    """
    if count <= most:
        return list(range(count))
    parts = next((parts for parts in range(most - 1, most // 2, -1) if (count - 1) % parts == 0), most - 1)
    return [round(i * (count - 1) / parts) for i in range(parts + 1)]


def _left_out(sweep: Sweep) -> list[str]:
    rows, every = len(_chosen(sweep)), len(sweep.values)
    names = len(sweep.gradients) - MOST_GRADIENTS
    parts = [f"{rows} of {every:,} points are shown"] if rows < every else []
    parts += [f"{names} more gradient{'s' if names > 1 else ''} left out"] if names > 0 else []
    return [f"{', '.join(parts)}; --all shows all"] if parts else []


def _extremes(sweep: Sweep, rounding: Rounding) -> list[str]:
    """Return where the value is least and where it is greatest."""
    known = [i for i, value in enumerate(sweep.values) if not isnan(value)]
    if not known:
        return []
    places = list(sweep.points())
    lines = []
    for word, choose in (("least", min), ("greatest", max)):
        i = choose(known, key=lambda i: sweep.values[i])
        named = zip((each.name for each in sweep.ranges), places[i], strict=True)
        where = ", ".join(f"{name} = {number(x, rounding)}" for name, x in named)
        lines.append(f"{word} {sweep.graph.output_name} = {number(sweep.values[i], rounding)} at {where}")
    return [", ".join(lines)]
